package guard_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/gen"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// User is the principal of an application.
type User struct {
	Name  string
	Roles map[guard.Role]bool
}

// HasRole is the method that generated code needs of a principal when roles are used.
func (u *User) HasRole(r guard.Role) bool { return u.Roles[r] }

// Tokens is an authenticator that keeps its tokens in memory.
type Tokens map[string]*User

var errUnknown = guard.Invalid(errors.New("unknown token"))

// BearerAuth says whose token it is. Every error is classified: here the token is wrong.
func (t Tokens) BearerAuth(_ context.Context, token guard.BearerToken) (*User, error) {
	if user, ok := t[token.Secret()]; ok {
		return user, nil
	}
	return nil, errUnknown
}

func deleteOrder(w http.ResponseWriter, _ *http.Request, caller guard.Optional[*User]) {
	fmt.Fprintf(w, "deleted by %s", caller.Must().Name)
}

// A guard for one operation, as generated code makes it.
func Example() {
	auth := Tokens{
		"t-ann": {"Ann", map[guard.Role]bool{"admin": true}},
		"t-bob": {"Bob", map[guard.Role]bool{"support": true}},
	}
	linker := gen.NewLinker(guard.Options{Realm: "orders"},
		gen.Entitlements[*User]{HasRole: (*User).HasRole},
		[]gen.Scheme[*User]{gen.Bearer("bearerAuth", auth.BearerAuth)}, nil)
	handler := linker.Guard(guard.Operation{
		ID: "deleteOrder", Method: http.MethodDelete, Path: "/orders/{orderId}",
		Security: []guard.Alternative{{{Scheme: "bearerAuth"}}},
		Roles:    []guard.AnyRole{{"admin"}},
	}).Wrap(deleteOrder)
	if err := linker.Err(); err != nil {
		panic(err)
	}

	for _, authorization := range []string{"", "Bearer wrong", "Bearer t-bob", "Bearer t-ann"} {
		r := httptest.NewRequest(http.MethodDelete, "/orders/7", nil)
		if authorization != "" {
			r.Header.Set("Authorization", authorization)
		}
		w := httptest.NewRecorder()
		handler(w, r)
		fmt.Println(w.Code, w.Header().Values("WWW-Authenticate"))
	}
	// Output:
	// 401 [Bearer realm="orders"]
	// 401 [Bearer realm="orders", error="invalid_token"]
	// 403 []
	// 200 []
}

// Every decision as a line of the log.
func ExampleOptions_onDecision() {
	log := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{} // so that the output is always the same
			}
			return a
		},
	}))
	options := guard.Options{OnDecision: func(ctx context.Context, e guard.Event) {
		level := slog.LevelInfo
		if e.Verdict == verdict.Fault {
			level = slog.LevelError
		}
		log.Log(ctx, level, "access", "operation", e.Operation, "verdict", e.Verdict, "scheme", e.Scheme, "reason", e.Reason)
	}}
	linker := gen.NewLinker(options, gen.Entitlements[*User]{},
		[]gen.Scheme[*User]{gen.Bearer("bearerAuth", Tokens{"t-ann": {Name: "Ann"}}.BearerAuth)}, nil)
	handler := linker.Guard(guard.Operation{ID: "getOrder", Security: []guard.Alternative{{{Scheme: "bearerAuth"}}}}).
		Wrap(func(http.ResponseWriter, *http.Request, guard.Optional[*User]) {})

	for _, authorization := range []string{"Bearer t-ann", "Bearer wrong"} {
		r := httptest.NewRequest(http.MethodGet, "/orders/7", nil)
		r.Header.Set("Authorization", authorization)
		handler(httptest.NewRecorder(), r)
	}
	// Output:
	// level=INFO msg=access operation=getOrder verdict=allow scheme=bearerAuth reason=<nil>
	// level=INFO msg=access operation=getOrder verdict=invalid scheme=bearerAuth reason="unknown token"
}

// The classes of an authenticator's errors, and their answers.
func ExampleUnavailable() {
	lookUp := func(token guard.BearerToken) error {
		switch token.Secret() {
		case "down":
			return guard.Unavailable(errors.New("the token store does not answer"))
		case "old":
			return guard.Expired(nil)
		case "suspended":
			return guard.Forbidden(errors.New("the account is suspended"))
		case "weak":
			return guard.StepUp{ACRValues: []string{"urn:example:mfa"}}
		}
		return guard.Invalid(nil)
	}
	linker := gen.NewLinker(guard.Options{}, gen.Entitlements[*User]{}, []gen.Scheme[*User]{
		gen.Bearer("bearerAuth", func(_ context.Context, token guard.BearerToken) (*User, error) {
			return nil, lookUp(token)
		}),
	}, nil)
	g := linker.Guard(guard.Operation{ID: "getOrder", Security: []guard.Alternative{{{Scheme: "bearerAuth"}}}})
	for _, token := range []string{"unknown", "old", "suspended", "down", "weak"} {
		r := httptest.NewRequest(http.MethodGet, "/orders/7", nil)
		r.Header.Set("Authorization", "Bearer "+token)
		d := g.Check(r)
		fmt.Println(d.Status(), d.Verdict(), d.Challenges())
	}
	// Output:
	// 401 invalid [Bearer realm="api", error="invalid_token"]
	// 401 expired [Bearer realm="api", error="invalid_token", error_description="The access token expired"]
	// 403 refused []
	// 503 unavailable []
	// 401 step-up-required [Bearer realm="api", error="insufficient_user_authentication", acr_values="urn:example:mfa"]
}

// Documents belong to somebody. To everybody else they look as if they were not there.
func ExampleGuard_AdmitResource() {
	owners := map[string]string{"/documents/1": "Ann", "/documents/2": "Bob"}
	auth := Tokens{"t-ann": {Name: "Ann"}}
	linker := gen.NewLinker(guard.Options{}, gen.Entitlements[*User]{},
		[]gen.Scheme[*User]{gen.Bearer("bearerAuth", auth.BearerAuth)}, nil)
	g := linker.Guard(guard.Operation{
		ID: "getDocument", Method: http.MethodGet, Path: "/documents/{id}",
		Security: []guard.Alternative{{{Scheme: "bearerAuth"}}},
		Resource: "ownsDocument", Conceal: guard.ConcealAsNotFound,
	})
	handler := g.Wrap(func(w http.ResponseWriter, r *http.Request, caller guard.Optional[*User]) {
		ownsDocument := func(context.Context) error {
			switch owner, ok := owners[r.URL.Path]; {
			case !ok:
				return guard.NotFound(nil)
			case owner != caller.Must().Name:
				return guard.Forbidden(nil)
			}
			return nil
		}
		if g.AdmitResource(w, r, ownsDocument) {
			fmt.Fprint(w, "served")
		}
	})
	if err := linker.Err(); err != nil {
		panic(err)
	}

	for _, path := range []string{"/documents/1", "/documents/2", "/documents/3"} {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("Authorization", "Bearer t-ann")
		w := httptest.NewRecorder()
		handler(w, r)
		fmt.Println(w.Code, strings.TrimSpace(w.Body.String()))
	}
	// Output:
	// 200 served
	// 404 {"type":"about:blank","title":"Not Found","status":404,"detail":"There is no such resource."}
	// 404 {"type":"about:blank","title":"Not Found","status":404,"detail":"There is no such resource."}
}

// Check decides and does nothing else: for tests of a policy, or for a framework with denials of its own.
func ExampleGuard_Check() {
	auth := Tokens{"t-bob": {"Bob", map[guard.Role]bool{"support": true}}}
	linker := gen.NewLinker(guard.Options{}, gen.Entitlements[*User]{HasRole: (*User).HasRole},
		[]gen.Scheme[*User]{gen.Bearer("bearerAuth", auth.BearerAuth)}, nil)
	g := linker.Guard(guard.Operation{
		ID:       "deleteOrder",
		Security: []guard.Alternative{{{Scheme: "bearerAuth"}}},
		Roles:    []guard.AnyRole{{"admin"}},
	})

	r := httptest.NewRequest(http.MethodDelete, "/orders/7", nil)
	r.Header.Set("Authorization", "Bearer t-bob")
	d := g.Check(r)
	fmt.Println(d.Allowed(), d.Status(), d.Verdict(), d.Err())
	// Output:
	// false 403 missing-role the caller lacks the role: admin
}

// An operation that serves anonymous callers too: {} is an alternative.
func ExampleGuard_Wrap() {
	auth := Tokens{"t-ann": {Name: "Ann"}}
	linker := gen.NewLinker(guard.Options{}, gen.Entitlements[*User]{},
		[]gen.Scheme[*User]{gen.Bearer("bearerAuth", auth.BearerAuth)}, nil)
	handler := linker.Guard(guard.Operation{
		ID:       "listOrders",
		Security: []guard.Alternative{{}, {{Scheme: "bearerAuth"}}},
	}).Wrap(func(_ http.ResponseWriter, _ *http.Request, caller guard.Optional[*User]) {
		if user, ok := caller.Get(); ok {
			fmt.Println("served to", user.Name)
		} else {
			fmt.Println("served to somebody")
		}
	})

	for _, authorization := range []string{"", "Bearer t-ann", "Bearer wrong"} {
		r := httptest.NewRequest(http.MethodGet, "/orders", nil)
		if authorization != "" {
			r.Header.Set("Authorization", authorization)
		}
		w := httptest.NewRecorder()
		if handler(w, r); w.Code != http.StatusOK {
			fmt.Println(w.Code) // a bad credential is never taken for none
		}
	}
	// Output:
	// served to somebody
	// served to Ann
	// 401
}

// An error format of the application's own. Status and challenges stay the guard's.
func ExampleOptions_denialBody() {
	options := guard.Options{DenialBody: func(_ context.Context, d guard.Denial) (string, []byte) {
		return "application/json", fmt.Appendf(nil, `{"error":%d}`, d.Status)
	}}
	linker := gen.NewLinker(options, gen.Entitlements[*User]{},
		[]gen.Scheme[*User]{gen.Bearer("bearerAuth", Tokens{}.BearerAuth)}, nil)
	handler := linker.Guard(guard.Operation{ID: "getOrder", Security: []guard.Alternative{{{Scheme: "bearerAuth"}}}}).
		Wrap(func(http.ResponseWriter, *http.Request, guard.Optional[*User]) {})

	w := httptest.NewRecorder()
	handler(w, httptest.NewRequest(http.MethodGet, "/orders/7", nil))
	fmt.Println(w.Code, w.Header().Get("Content-Type"), w.Body)
	// Output:
	// 401 application/json {"error":401}
}

// A caller can travel in the context, for handlers that do not get it as an argument.
func ExampleCallerFrom() {
	ctx := guard.ContextWithCaller(context.Background(), &User{Name: "Ann"}) // as Options.CallerInContext does
	if user, ok := guard.CallerFrom[*User](ctx); ok {
		fmt.Println(user.Name)
	}
	// Output: Ann
}

// Every decision in the log, with the request's id of the application's own middleware.
func ExampleLogDecisions() {
	log := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{} // so that the output is always the same
			}
			return a
		},
	}))
	ofRequest := func(ctx context.Context, _ guard.Event) []slog.Attr {
		return []slog.Attr{slog.Any("request", ctx.Value(requestID{}))}
	}
	options := guard.Options{OnDecision: guard.LogDecisions(log, ofRequest)}
	linker := gen.NewLinker(options, gen.Entitlements[*User]{},
		[]gen.Scheme[*User]{gen.Bearer("bearerAuth", Tokens{}.BearerAuth)}, nil)
	handler := linker.Guard(guard.Operation{ID: "getOrder", Security: []guard.Alternative{{{Scheme: "bearerAuth"}}}}).
		Wrap(func(http.ResponseWriter, *http.Request, guard.Optional[*User]) {})

	r := httptest.NewRequest(http.MethodGet, "/orders/7", nil)
	handler(httptest.NewRecorder(), r.WithContext(context.WithValue(r.Context(), requestID{}, "r-7")))
	// Output:
	// level=INFO msg="guard: decision" operation=getOrder verdict=absent status=401 scheme=bearerAuth reason="no credential" request=r-7
}
