package generator

import (
	"net/http"

	"github.com/oapi-guard/oapi-guard/generator/diag"
)

// refusePatternConflicts registers every route with a real ServeMux, which panics on patterns that it
// cannot tell apart or cannot read: here that is a diagnostic, at start-up it would be a crash.
func refusePatternConflicts(j *joined, diags *diag.List) {
	mux := http.NewServeMux()
	for i, r := range j.routes {
		if registers(mux, r) {
			continue
		}
		o := r.pair.operation
		if other := conflicting(j.routes[:i], r); other != nil {
			diags.Errorf(o.Position, ruleConflict,
				"net/http cannot tell %s %s from %s and panics at start-up: rename one of the paths, or generate another server (chi-server, gorilla-server)",
				o.Method, o.Path, where(other.pair.operation))
			continue
		}
		diags.Errorf(o.Position, ruleConflict,
			"net/http cannot route %s (pattern %q) and panics at start-up: rename the path, or generate another server (chi-server, gorilla-server)", o.Path, r.pattern)
	}
}

// conflicting finds the earlier route that cannot be registered together with r.
func conflicting(earlier []route, r route) *route {
	for i := range earlier {
		mux := http.NewServeMux()
		if registers(mux, earlier[i]) && !registers(mux, r) {
			if alone := http.NewServeMux(); registers(alone, r) {
				return &earlier[i]
			}
			return nil
		}
	}
	return nil
}

// registers reports whether the mux takes the route.
func registers(mux *http.ServeMux, r route) (ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	mux.Handle(r.pair.operation.Method+" "+r.pattern, http.NotFoundHandler())
	return true
}
