package guard

import "net/http"

// HandlerFunc serves a request that a guard admitted, with its caller. [Guard.Wrap] takes one.
type HandlerFunc[P any] func(w http.ResponseWriter, r *http.Request, caller Optional[P])
