package spec

// Followed is a value in an operation. References are followed on the way down; one that leads nowhere is a value that is
// not there.
type Followed struct {
	*Node
	base  string
	files *files
}

// Get is the value of the first entry with that key.
func (f Followed) Get(key string) Followed { return f.follow(f.Node.Get(key)) }

// Items are a list's values.
func (f Followed) Items() []Followed {
	var all []Followed
	for _, n := range f.Node.Items() {
		all = append(all, f.follow(n))
	}
	return all
}

func (f Followed) follow(n *Node) Followed {
	target, _ := f.files.follow(located{n, f.base})
	return Followed{target.Node, target.base, f.files}
}

// Parameters are those of an operation, then those of its path item that it does not replace (OpenAPI 3.1.1 section
// 4.8.10).
func (d *Document) Parameters(o *Operation) []Followed {
	var all []Followed
	known := map[[2]string]bool{}
	for _, holder := range []*Node{o.Node, o.PathItem} {
		for _, p := range d.followed(o, holder).Get("parameters").Items() {
			key := [2]string{p.StringAt("in"), p.StringAt("name")}
			if p.Node != nil && !known[key] {
				known[key] = true
				all = append(all, p)
			}
		}
	}
	return all
}

// RequestBody is that of an operation.
func (d *Document) RequestBody(o *Operation) Followed {
	return d.followed(o, o.Node).Get("requestBody")
}

func (d *Document) followed(o *Operation, n *Node) Followed {
	return Followed{n, d.loader.bases[o.Node], d.loader.files}
}
