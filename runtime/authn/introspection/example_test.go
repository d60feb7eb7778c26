package introspection_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/authn/introspection"
	"github.com/oapi-guard/oapi-guard/runtime/guardtest"
)

type User struct {
	Name                 string
	introspection.Claims // HasScope and HasRole, which generated guards ask
}

// auth implements a generated Authenticator[*User].
type auth struct {
	tokens *introspection.Authenticator[*User]
}

func (a auth) Bearer(ctx context.Context, token guard.BearerToken) (*User, error) {
	return a.tokens.Authenticate(ctx, token)
}

func Example() {
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"active":true,"aud":"https://orders.example.com","username":"ada","scope":"orders:read","groups":["clerk"]}`)
	}))
	defer provider.Close()

	tokens, err := introspection.New(introspection.Config{
		Endpoint: provider.URL, ClientID: "orders", ClientSecret: "secret",
		Audience:   []string{"https://orders.example.com"},
		RoleClaims: []string{"groups"},
	}, func(_ context.Context, claims introspection.Claims) (*User, error) {
		return &User{claims.Username(), claims}, nil
	})
	if err != nil {
		panic(err)
	}
	user, err := auth{tokens}.Bearer(context.Background(), guardtest.BearerToken("2YotnFZFEjr1zCsicMWpAA"))
	fmt.Println(user.Name, user.HasScope("orders:read"), user.HasRole("clerk"), err)
	// Output: ada true true <nil>
}
