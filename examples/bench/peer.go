package bench

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	nethttpmiddleware "github.com/oapi-codegen/nethttp-middleware"
)

// Peer puts nethttp-middleware in front of a server, with an authenticator that looks at the same map and
// the same bit. It cannot hand the caller on, and it sends no challenge.
func Peer(document []byte, next http.Handler) http.Handler {
	doc, err := openapi3.NewLoader().LoadFromData(document)
	if err != nil {
		panic(err)
	}
	return nethttpmiddleware.OapiRequestValidatorWithOptions(doc, &nethttpmiddleware.Options{
		Options:               openapi3filter.Options{AuthenticationFunc: authenticate},
		SilenceServersWarning: true,
	})(next)
}

var (
	errAbsent = errors.New("no credentials")
	errRole   = errors.New("role missing")
)

func authenticate(_ context.Context, input *openapi3filter.AuthenticationInput) error {
	lines := input.RequestValidationInput.Request.Header["Authorization"]
	if len(lines) != 1 {
		return errAbsent
	}
	token, state := bearerToken(lines[0])
	caller := tokens[token]
	switch {
	case state != wellFormed || caller == nil:
		return errUnknown
	case caller.roles&supportBit == 0:
		return errRole
	}
	return nil
}

// ManyDocument describes n operations of the form of the benchmark's one: /resource0/{id}, /resource1/{id} and so on.
func ManyDocument(n int) []byte {
	var b strings.Builder
	b.WriteString("openapi: 3.0.3\ninfo: {title: Many, version: 1.0.0}\nx-roles: {support: {}}\nsecurity: [{bearerAuth: []}]\npaths:\n")
	for i := range n {
		fmt.Fprintf(&b, "  /resource%d/{id}:\n    get:\n      operationId: getResource%d\n      x-required-roles: [support]\n", i, i)
		b.WriteString("      parameters:\n      - {name: id, in: path, required: true, schema: {type: integer, format: int64}}\n")
		b.WriteString("      responses: {'204': {description: ok}}\n")
	}
	b.WriteString("components:\n  securitySchemes:\n    bearerAuth: {type: http, scheme: bearer}\n")
	return []byte(b.String())
}
