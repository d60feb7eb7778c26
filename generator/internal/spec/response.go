package spec

import "github.com/oapi-guard/oapi-guard/generator/diag"

// Response is an answer that an operation documents.
type Response struct {
	// Code is a status code, a range such as 4XX, or default.
	Code string
	// Position is that of the code.
	Position diag.Position
	// Node is the Response Object, nil where a reference leads nowhere.
	Node *Node
}

// Responses are the answers that an operation documents, in the document's order (OpenAPI 3.1.1 section 4.8.16).
func (d *Document) Responses(o *Operation) []Response {
	var all []Response
	base := d.loader.bases[o.Node]
	for _, m := range o.Node.Get("responses").Members() {
		if isExtension(m.Key) {
			continue
		}
		target, _ := d.loader.files.follow(located{m.Value, base})
		all = append(all, Response{m.Key, m.Position, target.Node})
	}
	return all
}
