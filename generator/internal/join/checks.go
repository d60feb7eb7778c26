package join

import (
	"regexp"
	"slices"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/policy"
	"github.com/oapi-guard/oapi-guard/generator/view"
)

// addChecks adds the resource checks, and the methods of oapi-codegen's interface in which they take place.
func addChecks(f *view.File, p *policy.Policy, j *Joined, served []servedMethod, types *typeWriter) diag.List {
	if len(p.Checks) == 0 {
		return nil
	}
	b := checkBuilder{file: f, joined: j, types: types, names: map[string]string{}}
	for _, c := range p.Checks {
		f.Checks = append(f.Checks, b.check(c))
	}
	for _, m := range served {
		b.checked(m)
	}
	return b.diags
}

// checkBuilder makes the views of checks.
type checkBuilder struct {
	file   *view.File
	joined *Joined
	types  *typeWriter
	names  map[string]string // the document's names of checks, by method
	diags  diag.List
}

// check makes the view of one check. All of its operations must hand it parameters of the same types.
func (b *checkBuilder) check(c *policy.Check) *view.Check {
	first := c.Operations[0]
	v := &view.Check{Method: exported(c.Name), Label: view.Comment(c.Name)}
	if v.Method == "" {
		b.diags.Report(first.CheckPosition, ruleCollision, "the resource check %q has no letter or digit for a Go name", c.Name)
	} else if other, taken := b.names[v.Method]; taken {
		b.diags.Report(first.CheckPosition, ruleCollision, "the resource checks %q and %q both become %s in Go: rename one of them", other, c.Name, v.Method)
	}
	b.names[v.Method] = c.Name
	for _, o := range c.Operations {
		pair := b.pair(o)
		params := b.pathParams(pair)
		if o == first {
			v.Params = params
		} else if !slices.EqualFunc(params, v.Params, func(a, b view.Param) bool { return a.Type == b.Type }) {
			b.diags.Report(o.CheckPosition, ruleCheckTypes, "%s would get (%s) for %s %s, but (%s) for %s %s (%s): give the path parameters the same schemas, or use another check",
				v.Method, typeList(params), o.Method, o.Path, typeList(v.Params), first.Method, first.Path, first.CheckPosition)
		}
		v.Optional = v.Optional || o.Optional()
		v.Operations = append(v.Operations, b.operation(pair.Name))
	}
	return v
}

func typeList(params []view.Param) string {
	words := make([]string, len(params))
	for i, p := range params {
		words[i] = p.Type
	}
	return strings.Join(words, ", ")
}

// pair is the operation with its method; join has made sure that there is one.
func (b *checkBuilder) pair(o *policy.Operation) *Pair {
	i := slices.IndexFunc(b.joined.Pairs, func(p *Pair) bool { return p.Operation == o })
	return b.joined.Pairs[i]
}

func (b *checkBuilder) operation(name string) *view.Operation {
	i := slices.IndexFunc(b.file.Operations, func(o *view.Operation) bool { return o.Name == name })
	return b.file.Operations[i]
}

// pathParams are the method's first parameters, one for each of the path's.
func (b *checkBuilder) pathParams(p *Pair) []view.Param {
	n := min(len(p.Operation.PathParameters), len(p.Method.Params))
	params := b.types.params(p.Method.Name, p.Method.Position, p.Method.Params[:n])
	for i := range params {
		for params[i].Name == "ctx" || params[i].Name == "caller" {
			params[i].Name += "Param"
		}
	}
	return params
}

// checked adds a method of the interface if its operation has a check.
func (b *checkBuilder) checked(m servedMethod) {
	o := b.operation(m.name)
	i := slices.IndexFunc(b.file.Checks, func(c *view.Check) bool { return slices.Contains(c.Operations, o) })
	if i < 0 {
		return
	}
	method := view.NewMethod(o, m.Name, b.file.HandlerParams(), b.types.params(m.Name, m.Position, m.Params), b.file.HandlerResults())
	b.file.CheckedMethods = append(b.file.CheckedMethods, view.NewCheckedMethod(method, b.file.Checks[i], wildcards(m.pattern)))
}

var wildcard = regexp.MustCompile(`\{([^{}$]+)\}`)

// wildcards are the names of a ServeMux pattern's wildcards, in order.
func wildcards(pattern string) []string {
	var names []string
	for _, match := range wildcard.FindAllStringSubmatch(pattern, -1) {
		names = append(names, match[1])
	}
	return names
}
