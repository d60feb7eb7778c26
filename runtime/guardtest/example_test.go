package guardtest_test

import (
	"context"
	"errors"
	"fmt"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/guardtest"
)

// bearerAuth is an authenticator to be tested.
func bearerAuth(_ context.Context, token guard.BearerToken) (string, error) {
	if token.Secret() == "t-ann" {
		return "Ann", nil
	}
	return "", guard.Invalid(errors.New("no such token"))
}

// An authenticator is tested without a request.
func ExampleBearerToken() {
	caller, err := bearerAuth(context.Background(), guardtest.BearerToken("t-ann"))
	fmt.Println(caller, err)
	_, err = bearerAuth(context.Background(), guardtest.BearerToken("wrong"))
	fmt.Println(err)
	fmt.Println(guardtest.BearerToken("never printed"))
	// Output:
	// Ann <nil>
	// no such token
	// [redacted]
}

// The parameters of other schemes are parsed as a guard parses them.
func ExampleHTTPCredentials() {
	c, err := guardtest.HTTPCredentials("Signature", `keyId="k1", signature="c2ln"`, "GET", "/orders?page=2")
	if err != nil {
		panic(err)
	}
	key, _ := c.Param("keyid")
	fmt.Println(c.Scheme(), key, c.Method(), c.Target())
	// Output: Signature k1 GET /orders?page=2
}
