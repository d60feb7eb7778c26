package jwt_test

import (
	"context"
	"crypto"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/authn/jwt"
	"github.com/oapi-guard/oapi-guard/runtime/guardtest"
)

// auth is the Authenticator of the generated guards. Embed or list one line for each scheme.
type auth struct{ tokens *jwt.Verifier }

// BearerAuth authenticates for the security scheme bearerAuth.
func (a auth) BearerAuth(ctx context.Context, token guard.BearerToken) (*jwt.Caller, error) {
	return a.tokens.Authenticate(ctx, token)
}

// The verifier of a service whose provider has discovery: OpenID Connect, or RFC 8414. The provider may be down now.
func Example() {
	verifier, err := jwt.New(jwt.Config{
		Issuer:     "https://id.example.com/realms/shop",
		Audience:   []string{"orders"},
		Leeway:     30 * time.Second,
		RoleClaims: []string{"realm_access.roles"},
	})
	if err != nil {
		panic(err)
	}
	_ = auth{tokens: verifier} // apiguard.Handler(server, auth{tokens: verifier}, guard.Options{})

	_, err = jwt.New(jwt.Config{Issuer: "id.example.com", Algorithms: []string{"none"}})
	fmt.Println(err)
	// Output:
	// jwt: Audience is empty, or has an empty name
	// jwt: Algorithms has "none", which is not one of [RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519]
	// jwt: Issuer, for discovery: "id.example.com" is not an absolute URL without user and fragment
}

// user is the application's own caller.
type user struct {
	Name  string `json:"name"`
	Email string `json:"email"`
	*jwt.Caller
}

// Callers of the application's own type are made by a function, from the claims or with a database.
func ExampleMap() {
	private := ed25519.NewKeyFromSeed([]byte("the seed of an example, 32 bytes"))
	verifier, err := jwt.New(jwt.Config{
		Issuer: "https://id.example.com", Audience: []string{"orders"},
		PublicKeys: map[string]crypto.PublicKey{"": private.Public()},
	})
	if err != nil {
		panic(err)
	}
	users := jwt.Map(verifier, func(_ context.Context, caller *jwt.Caller) (*user, error) {
		u := &user{Caller: caller}
		if err := caller.Decode(u); err != nil {
			return nil, guard.Invalid(err)
		}
		if u.Email == "" {
			return nil, guard.Forbidden(errors.New("no address"))
		}
		return u, nil
	})

	token := sign(private, `{"alg":"EdDSA","typ":"at+jwt"}`, fmt.Sprintf(
		`{"iss":"https://id.example.com","aud":"orders","sub":"u-1","exp":%d,"name":"Ann","email":"ann@example.com","scope":"read"}`,
		time.Now().Add(time.Hour).Unix()))
	u, err := users.Authenticate(context.Background(), guardtest.BearerToken(token))
	fmt.Println(err, u.Name, u.Subject(), u.HasScope("read"), u.HasScope("write"))
	// Output: <nil> Ann u-1 true false
}

// sign stands for the provider.
func sign(private ed25519.PrivateKey, header, claims string) string {
	encode := base64.RawURLEncoding.EncodeToString
	text := strings.Join([]string{encode([]byte(header)), encode([]byte(claims))}, ".")
	return text + "." + encode(ed25519.Sign(private, []byte(text)))
}
