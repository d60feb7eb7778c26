package explain

import (
	"fmt"
	"net/http"
)

// statuses are the status codes of denials (RFC 9110 section 15.5).
var statuses = map[string]int{
	"missing-scope": http.StatusForbidden, "missing-role": http.StatusForbidden, "forbidden": http.StatusForbidden, "not-found": http.StatusNotFound,
	"ambiguous": http.StatusBadRequest, "invalid": http.StatusUnauthorized, "expired": http.StatusUnauthorized,
	"malformed": http.StatusUnauthorized, "absent": http.StatusUnauthorized,
}

// details are the texts of their bodies.
var details = map[int]string{
	http.StatusBadRequest: "The request must carry one credential where it carries several.", http.StatusUnauthorized: "The request needs valid credentials.",
	http.StatusForbidden: "The caller may not do this.", http.StatusNotFound: "There is no such resource.",
}

// body is the problem document of a denial (RFC 9457).
func body(verdict string) string {
	status := statuses[verdict]
	return fmt.Sprintf(`{"type":"about:blank","title":%q,"status":%d,"detail":%q}`+"\n", http.StatusText(status), status, details[status])
}
