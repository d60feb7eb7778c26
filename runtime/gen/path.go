package gen

import (
	"fmt"
	"net/http"
	"strconv"
)

// PathParameter is a type of path parameters that [PathValue] reads.
type PathParameter interface{ string | bool | int32 | int64 }

// PathValue is a path parameter of a request that a ServeMux has routed, percent-decoded as net/http does it. Numbers and
// booleans are read as oapi-codegen's servers read them: by [strconv.ParseInt] and [strconv.ParseBool]. Nothing of the
// request is in the error.
//
// A string is never empty. An empty one means that the route's pattern has no parameter of this name.
func PathValue[T PathParameter](r *http.Request, name string) (value T, err error) {
	text := r.PathValue(name)
	switch to := any(&value).(type) {
	case *string:
		*to = text
	case *bool:
		*to, err = strconv.ParseBool(text)
	case *int32:
		var n int64
		n, err = strconv.ParseInt(text, 10, 32)
		*to = int32(n)
	case *int64:
		*to, err = strconv.ParseInt(text, 10, 64)
	}
	if err != nil || text == "" {
		var none T
		return none, fmt.Errorf("the path parameter %s is missing or is not of type %T", name, none)
	}
	return value, nil
}
