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
	if d.responses == nil {
		return nil
	}
	return d.responses(o)
}

func (l *loader) responses(o *Operation) []Response {
	var all []Response
	base := l.bases[o.Node]
	for _, m := range o.Node.Get("responses").Members() {
		if isExtension(m.Key) {
			continue
		}
		r := Response{Code: m.Key, Position: m.Position}
		if target, ok := l.files.follow(located{m.Value, base}); ok {
			r.Node = target.Node
		}
		all = append(all, r)
	}
	return all
}
