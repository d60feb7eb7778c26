package explain

import (
	"fmt"
	"net/http"

	"github.com/oapi-guard/oapi-guard/generator/internal/generated"
)

// statuses are the status codes of denials (RFC 9110 section 15.5).
var statuses = map[string]int{
	"missing-scope": http.StatusForbidden, "missing-role": http.StatusForbidden, "forbidden": http.StatusForbidden, "not-found": http.StatusNotFound,
	"ambiguous": http.StatusBadRequest, "invalid": http.StatusUnauthorized, "expired": http.StatusUnauthorized,
	"malformed": http.StatusUnauthorized, "absent": http.StatusUnauthorized,
}

// body is the problem document of a denial (RFC 9457).
func body(verdict string) string {
	status := statuses[verdict]
	return fmt.Sprintf(`{"type":"about:blank","title":%q,"status":%d,"detail":%q}`+"\n", http.StatusText(status), status, generated.DenialDetail(status))
}
