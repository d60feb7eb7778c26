package guard

import "net/http"

// HandlerFunc serves a request that a guard admitted, with its caller. [Guard.Wrap] takes one.
type HandlerFunc[P any] func(w http.ResponseWriter, r *http.Request, caller Optional[P])

// Must returns the caller and panics when there is none. Generated code calls it where the policy leaves
// no other way than an authenticated caller, so that a handler never runs with a caller that is missing.
func (o Optional[P]) Must() P {
	if !o.known {
		panic("guard: there is no caller")
	}
	return o.caller
}
