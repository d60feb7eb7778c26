package golden

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"example.com/golden/std-http/apiguard"
	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/guardtest"
)

// minting accepts the credentials that package guardtest makes.
type minting struct{ auth }

func minted(credential any) (*caller, error) {
	c, err := guardtest.Authenticate(credential)
	if err != nil {
		return nil, err
	}
	return &caller{name: "guardtest", roles: c.Roles, scopes: c.Scopes}, nil
}

func (*minting) BearerAuth(_ context.Context, c guard.BearerToken) (*caller, error) { return minted(c) }
func (*minting) PetOauth(_ context.Context, c guard.BearerToken) (*caller, error)   { return minted(c) }
func (*minting) Oidc(_ context.Context, c guard.BearerToken) (*caller, error)       { return minted(c) }
func (*minting) Permanent(_ context.Context, c guard.BearerToken) (*caller, error)  { return minted(c) }
func (*minting) BasicAuth(_ context.Context, c guard.BasicCredentials) (*caller, error) {
	return minted(c)
}
func (*minting) Digest(_ context.Context, c guard.HTTPCredentials) (*caller, error) { return minted(c) }
func (*minting) Aws(_ context.Context, c guard.HTTPCredentials) (*caller, error)    { return minted(c) }
func (*minting) Dpop(_ context.Context, c dpopToken) (*caller, error)               { return minted(c) }
func (*minting) WarehouseKey(_ context.Context, c guard.APIKey) (*caller, error)    { return minted(c) }
func (*minting) ApiKey(_ context.Context, c guard.APIKey) (*caller, error)          { return minted(c) }
func (*minting) Session(_ context.Context, c guard.APIKey) (*caller, error)         { return minted(c) }
func (*minting) Hook(_ context.Context, c guard.APIKey) (*caller, error)            { return minted(c) }
func (*minting) Visit(_ context.Context, c guard.APIKey) (*caller, error)           { return minted(c) }
func (*minting) Tabs(_ context.Context, c guard.APIKey) (*caller, error)            { return minted(c) }
func (*minting) Mtls(_ context.Context, c guard.ClientCertificate) (*caller, error) { return minted(c) }

// runs judges a server by what a run of guardtest reports.
type runs struct{ failures []string }

func (*runs) Helper()             {}
func (*runs) Logf(string, ...any) {}
func (r *runs) Errorf(format string, args ...any) {
	r.failures = append(r.failures, format)
}

// guardtest.Run passes all servers, typed and plain, over a socket; and fails each when one operation is not guarded.
func TestGuardtestOnAllServers(t *testing.T) {
	for _, s := range servers {
		for kind, construct := range map[string]constructor{"typed": s.typed, "untyped": s.untyped} {
			t.Run(s.name+"/"+kind, func(t *testing.T) {
				m, err := construct(&probe{}, &minting{}, options{})
				if err != nil {
					t.Fatal(err)
				}
				o := guardtest.Options{
					Schemes: apiguard.Schemes(), Query: []string{"page", "version"}, Unsafe: true,
					Parameters: map[string]string{"id": "one", "documentId": "one"},
				}
				o.BaseURL = "http://" + serve(t, m)
				guardtest.Run(t, nil, s.policy(), o)
			})
		}
	}
}

// One operation that is served without its guard is a failure on a server of any make.
func TestGuardtestMissesNoGuard(t *testing.T) {
	m, err := servers[0].typed(&probe{}, &minting{}, options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, open := range []string{"/schemes/basic", "/schemes/dpop", "/orders/"} {
		holey := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !strings.HasPrefix(r.URL.Path, open) {
				m.ServeHTTP(w, r)
			}
		})
		f := &runs{}
		guardtest.Run(f, holey, apiguard.Policy(), guardtest.Options{Schemes: apiguard.Schemes(), Unsafe: true})
		if len(f.failures) == 0 {
			t.Errorf("%s is open, and nothing was reported", open)
		}
	}
}
