package gen

import (
	"fmt"
	"net/http"
	"strconv"
)

// PathParameter is a type of path parameters that [PathValue] reads.
type PathParameter interface{ string | bool | int32 | int64 }

// PathValue is a path parameter of a request that a ServeMux has routed, decoded as net/http decodes it. Numbers are
// written as in JSON (RFC 8259 section 6): no plus sign and no leading zeros, so that one resource has one path.
// Booleans are true and false. Nothing of the request is in the error.
//
// A string is never empty. An empty one means that the route's pattern has no parameter of this name.
func PathValue[T PathParameter](r *http.Request, name string) (T, error) {
	var value T
	text := r.PathValue(name)
	var ok bool
	switch to := any(&value).(type) {
	case *string:
		*to, ok = text, text != ""
	case *bool:
		*to, ok = text == "true", text == "true" || text == "false"
	case *int32:
		n, err := strconv.ParseInt(text, 10, 32)
		*to, ok = int32(n), err == nil && strconv.FormatInt(n, 10) == text
	case *int64:
		n, err := strconv.ParseInt(text, 10, 64)
		*to, ok = n, err == nil && strconv.FormatInt(n, 10) == text
	}
	if !ok {
		var none T
		return none, fmt.Errorf("the path parameter %s is missing or is not of type %T", name, none)
	}
	return value, nil
}
