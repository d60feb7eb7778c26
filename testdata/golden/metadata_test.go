package golden

import (
	"context"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"testing"

	"example.com/golden/metadata/apiguard"
	guard "github.com/oapi-guard/oapi-guard/runtime"

	"github.com/oapi-guard/oapi-guard/runtime/metadata"
)

// grant is a caller without scopes.
type grant struct{}

func (*grant) HasScope(string) bool { return false }

type grantor struct{}

func (grantor) Bound(context.Context, guard.DPoPToken) (*grant, error)    { return &grant{}, nil }
func (grantor) Login(context.Context, guard.BearerToken) (*grant, error)  { return &grant{}, nil }
func (grantor) Tokens(context.Context, guard.BearerToken) (*grant, error) { return &grant{}, nil }

// TestProtectedResource: the identifier is said once, in oapi-guard.yaml or in the options, and metadata and challenges follow.
func TestProtectedResource(t *testing.T) {
	for _, test := range []struct {
		options   guard.Options
		url, path string
	}{
		{guard.Options{}, "https://api.example.com/.well-known/oauth-protected-resource/orders", "/.well-known/oauth-protected-resource/orders"},
		{guard.Options{Resource: "http://localhost:8080"}, "http://localhost:8080/.well-known/oauth-protected-resource", "/.well-known/oauth-protected-resource"},
	} {
		wellKnown, err := apiguard.ProtectedResource(test.options).Handler()
		if err != nil || wellKnown.URL() != test.url || wellKnown.Path() != test.path {
			t.Fatalf("%v %v", wellKnown, err)
		}
		guards, err := apiguard.NewGuards(grantor{}, test.options)
		if err != nil {
			t.Fatal(err)
		}
		named := `, resource_metadata="` + test.url + `"`
		h := guards.AddOrder.Wrap(func(http.ResponseWriter, *http.Request, *grant) { t.Error("the handler ran") })
		for token, want := range map[string][]string{
			"":         {`Bearer realm="orders", scope="orders:read orders:write"` + named, `Bearer realm="orders", scope="orders:sign"` + named},
			"Bearer t": {`Bearer realm="orders", scope="orders:read orders:write", error="insufficient_scope"` + named},
		} {
			r, w := httptest.NewRequest(http.MethodPost, "/orders", nil), httptest.NewRecorder()
			if token != "" {
				r.Header.Set("Authorization", token)
			}
			if h.ServeHTTP(w, r); !slices.Equal(w.Header().Values("WWW-Authenticate"), want) {
				t.Errorf("%q: %q; want %q", token, w.Header().Values("WWW-Authenticate"), want)
			}
		}
	}
}

// TestProtectedResourceOfTheDocument: what the document says about tokens, and nothing of schemes that no operation has.
func TestProtectedResourceOfTheDocument(t *testing.T) {
	d := apiguard.ProtectedResource(guard.Options{})
	want := metadata.Document{
		Resource:             "https://api.example.com/orders",
		AuthorizationServers: []string{"https://login.example.com/orders", "https://login.example.com/tenant"},
		ScopesSupported: []string{
			"orders:read", "orders:write", "orders:export:everything", "orders:import:everything", "orders:approve:everything", "orders:sign",
		},
		BearerMethodsSupported: []string{"header"}, ResourceName: `Orders "and" more`, DPoPSigningAlgValuesSupported: []string{"ES256", "EdDSA"},
	}
	if !reflect.DeepEqual(d, want) {
		t.Errorf("%+v\nwant %+v", d, want)
	}
}
