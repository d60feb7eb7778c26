package guard_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/gen"
)

// costly makes a guard whose functions do not allocate.
func costly(t *testing.T, options guard.Options, policy string) *guard.Guard[*caller] {
	return costlyOperation(t, options, operation(policy))
}

func costlyOperation(t *testing.T, options guard.Options, op guard.Operation) *guard.Guard[*caller] {
	someone := &caller{"someone"}
	errs := map[string]error{"invalid": guard.Invalid(errPlain), "expired": guard.Expired(nil), "forbidden": guard.Forbidden(nil), "unavailable": guard.Unavailable(nil)}
	schemes := []gen.Scheme[*caller]{
		gen.Bearer("bearer", func(_ context.Context, c guard.BearerToken) (*caller, error) {
			if err := errs[c.Secret()]; err != nil {
				return nil, err
			}
			return someone, nil
		}),
		gen.APIKey("key", gen.InHeader, "X-API-Key", func(context.Context, guard.APIKey) (*caller, error) { return someone, nil }),
		gen.APIKey("cookie", gen.InCookie, "sid", func(context.Context, guard.APIKey) (*caller, error) { return someone, nil }),
		gen.APIKey("query", gen.InQuery, "api_key", func(context.Context, guard.APIKey) (*caller, error) { return someone, nil }),
		gen.MutualTLS("cert", func(context.Context, guard.ClientCertificate) (*caller, error) { return someone, nil }),
		gen.HTTP("digest", "Digest", func(context.Context, guard.HTTPCredentials) (*caller, error) { return someone, nil }, bare401),
		gen.DPoP("dpop", func(context.Context, guard.DPoPToken) (*caller, error) { return someone, nil }, bare401),
	}
	l := gen.NewLinker(options, gen.Entitlements[*caller]{
		HasRole:  func(_ *caller, r guard.Role) bool { return r == "held" },
		HasScope: func(_ *caller, s string) bool { return s == "held" },
	}, schemes, nil)
	g := l.Guard(op)
	if err := l.Err(); err != nil {
		t.Fatal(err)
	}
	return g
}

func TestAllocations(t *testing.T) {
	observer := guard.Options{OnDecision: func(context.Context, guard.Event) {}}
	for _, test := range []struct {
		has     []string
		policy  string
		options guard.Options
		want    float64
	}{
		{has("Authorization: Bearer token"), "bearer", guard.Options{}, 0},
		{has("Authorization: Bearer token"), "bearer(held)", guard.Options{}, 0},
		{has("Authorization: Bearer token"), "bearer(held);admin/held,held", guard.Options{}, 0},
		{has("Authorization: Bearer token"), "bearer;held", observer, 0},
		{has("X-API-Key: k"), "bearer | cookie | key[held]", guard.Options{}, 0},
		{has("Cookie: sid=k"), "bearer | cookie", guard.Options{}, 0},
		{has("?api_key=k"), "query", guard.Options{}, 0},
		{has("cert=c"), "cert", guard.Options{}, 0},
		{has(digest("ann", "qop=auth", "nc=00000001", `cnonce="c"`)), "digest", guard.Options{}, 0},
		{has("Authorization: DPoP token", proof), "dpop", guard.Options{}, 0},
		{has(), "{} | bearer", guard.Options{}, 0},
		{has("Authorization: Bearer token"), "bearer", guard.Options{CallerInContext: true}, 2},
		{has(), "bearer", guard.Options{}, 0},
		{has(), "bearer | key | cookie", observer, 0},
		{has("Authorization: Bearer ="), "bearer", guard.Options{}, 0},
		{has("Authorization: Bearer invalid"), "bearer", guard.Options{}, 0},
		{has("Authorization: Bearer expired"), "bearer", guard.Options{}, 0},
		{has("Authorization: Bearer a", "Authorization: Bearer b"), "bearer", guard.Options{}, 0},
		{has("Authorization: Bearer token"), "bearer(other)", guard.Options{}, 0},
		{has("Authorization: Bearer token"), "bearer;other", guard.Options{}, 0},
		{has("Authorization: Bearer forbidden"), "bearer", guard.Options{}, 0},
		{has("Authorization: Bearer unavailable"), "bearer", guard.Options{RetryAfter: 1, Logger: slog.New(slog.DiscardHandler)}, 0},
	} {
		h := costly(t, test.options, test.policy).Wrap(discardCaller)
		w, r := &discard{http.Header{}}, request(test.has...)
		if got := testing.AllocsPerRun(200, func() { h(w, r) }); got != test.want {
			t.Errorf("%s to %q: %v allocations; want %v", test.has, test.policy, got, test.want)
		}
	}
}

// What is carried to the check and the handler costs two allocations, the copy of the request one of them; the
// check and its answer cost none, and neither does concealing.
func TestAllocationsOfResources(t *testing.T) {
	user := has("Authorization: Bearer token")
	yes, no, gone := says(nil), says(guard.Forbidden(nil)), says(guard.NotFound(nil))
	inContext, private := guard.Options{CallerInContext: true}, guard.Options{PrivateResponses: true}
	observer := guard.Options{OnDecision: func(context.Context, guard.Event) {}}
	for _, test := range []struct {
		has     []string
		policy  string
		conceal guard.Concealment
		check   func(context.Context) error
		options guard.Options
		want    float64
	}{
		{user, "bearer", guard.Concealment(0), yes, guard.Options{}, 2},
		{user, "bearer", guard.ConcealAsNotFound, nil, guard.Options{}, 2},
		{user, "bearer", guard.ConcealAsNotFound, yes, inContext, 2},
		{user, "bearer(held);held", guard.ConcealAsNotFound, yes, observer, 2},
		{user, "bearer", guard.Concealment(0), no, guard.Options{}, 2},
		{user, "bearer", guard.Concealment(0), gone, guard.Options{}, 2},
		{user, "bearer", guard.ConcealAsNotFound, no, guard.Options{}, 2},
		{user, "bearer", guard.ConcealAsForbidden, gone, observer, 2},
		{user, "bearer;other", guard.ConcealAsNotFound, yes, guard.Options{}, 0},
		{user, "bearer(other)", guard.ConcealAsNotFound, yes, guard.Options{}, 0},
		{user, "bearer;other", guard.ConcealAsForbidden, yes, guard.Options{}, 0},
		{nil, "bearer", guard.ConcealAsNotFound, yes, guard.Options{}, 0},
		{nil, "bearer", guard.ConcealAsNotFound, yes, guard.Options{ConcealFromAnonymous: true}, 0},
		{has("X-API-Key: k"), "key", guard.Concealment(0), nil, private, 0},
		{user, "bearer", guard.Concealment(0), nil, private, 0},
	} {
		op := operation(test.policy)
		op.Conceal = test.conceal
		if test.check != nil {
			op.Resource = "ownsIt"
		}
		g := costlyOperation(t, test.options, op)
		h := g.Wrap(func(w http.ResponseWriter, r *http.Request, _ guard.Optional[*caller]) {
			if test.check == nil || g.AdmitResource(w, r, test.check) {
				guard.CallerFrom[*caller](r.Context())
			}
		})
		w, r := &discard{http.Header{}}, request(test.has...)
		if got := testing.AllocsPerRun(200, func() { h(w, r) }); got != test.want {
			t.Errorf("%s to %q, %s: %v allocations; want %v", test.has, test.policy, test.conceal, got, test.want)
		}
	}
}

// Many callers at once, each of whom must be served as itself.
func TestConcurrentCallers(t *testing.T) {
	l := gen.NewLinker(guard.Options{CallerInContext: true}, gen.Entitlements[*caller]{HasRole: hasRole}, []gen.Scheme[*caller]{
		gen.Bearer("bearer", func(_ context.Context, c guard.BearerToken) (*caller, error) {
			return authenticate(context.Background(), c.Secret())
		}),
		gen.HTTP("digest", "Digest", asHTTP, func(context.Context) guard.Challenge {
			return guard.Challenge{Params: []guard.Param{{Name: "nonce", Value: "n"}}}
		}),
	}, nil)
	plain, waiting := l.Guard(operation("bearer;admin/user")), l.Guard(operation("bearer | digest"))
	var group sync.WaitGroup
	for i := range 64 {
		group.Go(func() {
			for j := range 200 {
				g := []*guard.Guard[*caller]{plain, waiting}[j%2]
				serveAs(t, g, fmt.Sprintf("user-%d-%d", i, j), j%3 == 0)
			}
		})
	}
	group.Wait()
}

// serveAs sends one request of a caller, with the role that plain guards want or without.
func serveAs(t *testing.T, g *guard.Guard[*caller], name string, entitled bool) {
	if entitled {
		name += "+admin"
	}
	served := ""
	rec := httptest.NewRecorder()
	g.Wrap(func(_ http.ResponseWriter, r *http.Request, c guard.Optional[*caller]) {
		served = nameOf(c)
		if again, _ := guard.CallerFrom[*caller](r.Context()); again.name != served {
			t.Errorf("%s in the context of %s", again.name, served)
		}
	})(rec, request("Authorization: Bearer "+name))
	rec.Header().Add("WWW-Authenticate", name)
	if served != "" && served != name || served == "" && (rec.Code != 403 || entitled) {
		t.Errorf("%s: served as %q, status %d", name, served, rec.Code)
	}
	denied := httptest.NewRecorder()
	g.Wrap(discardCaller)(denied, request("Authorization: Bearer invalid"))
	if lines := denied.Header()["Www-Authenticate"]; denied.Code != 401 || lines[0] != bearerInvalid {
		t.Errorf("%d %q", denied.Code, lines)
	}
	denied.Header().Add("WWW-Authenticate", name)
}

// Everybody who uses guards imports the runtime. All of its packages import the standard library and each other, and
// nothing else.
func TestDependencies(t *testing.T) {
	const module = "github.com/oapi-guard/oapi-guard/runtime"
	out, err := exec.Command("go", "list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", "./...").CombinedOutput()
	if err != nil {
		t.Skipf("go list: %v\n%s", err, out)
	}
	got := strings.Fields(string(out))
	for _, path := range got {
		if path != module && !strings.HasPrefix(path, module+"/") {
			t.Errorf("the runtime imports %s", path)
		}
	}
	if !slices.Contains(got, module+"/gen") {
		t.Errorf("packages: %v", got)
	}
	mod, err := exec.Command("go", "list", "-m", "all").CombinedOutput()
	if got = strings.Fields(string(mod)); err != nil || len(got) != 1 {
		t.Errorf("modules: %v %v", got, err)
	}
}
