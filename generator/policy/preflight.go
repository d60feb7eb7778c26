package policy

import (
	"slices"
	"strings"
)

// deniedPreflights warns of OPTIONS operations that inherit security. A browser's preflight is such a request without
// credentials (Fetch, section 4.8), so it would get a 401. An operation with security of its own says what it means.
func (b *builder) deniedPreflights(operations []*Operation) {
	document, ok := b.document.Root.Member("security")
	if !ok {
		return
	}
	denied := slices.DeleteFunc(slices.Clone(operations), func(o *Operation) bool {
		return o.Method != "OPTIONS" || o.Public() || o.Optional() || o.SecurityPosition != document.Position
	})
	if len(denied) > 0 {
		b.diags.Warn(denied[0].Position, rulePreflightDenied, "the document's security also covers %s, so a browser's preflight, which has no credentials, gets a 401: write security: [] there, or security of its own where preflights are not meant",
			places(denied))
	}
}

// unreachablePaths warns of paths that hold what a request target cannot have in its path: there # and ? end it
// (RFC 3986 section 3.3). The request goes to the path before them, under the policy of that one.
func (b *builder) unreachablePaths(operations []*Operation) {
	for _, o := range operations {
		i := strings.IndexAny(o.Path, "#?")
		if i < 0 {
			continue
		}
		path, _ := b.document.Root.Get("paths").Member(o.Path)
		b.diags.Warn(path.Position, ruleUnreachablePath, "no request has the path %s, for %q ends the path of a target: a client that calls it reaches %s, and the policy of that one. Describe the rest as parameters",
			o.Path, o.Path[i:i+1], o.Path[:i])
	}
}

// places are the methods and paths of operations.
func places(operations []*Operation) string {
	var all []string
	for _, o := range operations {
		all = append(all, o.Method+" "+o.Path)
	}
	return strings.Join(all, ", ")
}
