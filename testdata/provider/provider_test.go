package provider

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/oapi-guard/oapi-guard/examples/full/api"
	"github.com/oapi-guard/oapi-guard/examples/full/apiguard"
	"github.com/oapi-guard/oapi-guard/examples/full/orderclient"
	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/authn/introspection"
	"github.com/oapi-guard/oapi-guard/runtime/authn/jwt"
	"github.com/oapi-guard/oapi-guard/runtime/client"
)

// caller is what both authenticators make of a token.
type caller interface {
	apiguard.Principal
	Subject() string
}

// server says who calls. Order 1 is alice's.
type server[P caller] struct{}

func (server[P]) GetHealth(w http.ResponseWriter, _ *http.Request)       { w.WriteHeader(204) }
func (server[P]) ListOrders(w http.ResponseWriter, _ *http.Request, p P) { fmt.Fprint(w, p.Subject()) }
func (server[P]) PlaceOrder(w http.ResponseWriter, _ *http.Request, p P) { fmt.Fprint(w, p.Subject()) }
func (server[P]) GetOrder(w http.ResponseWriter, _ *http.Request, p P, _ int64) {
	fmt.Fprint(w, p.Subject())
}
func (server[P]) GetRevenue(w http.ResponseWriter, _ *http.Request, p P) { fmt.Fprint(w, p.Subject()) }
func (server[P]) OwnsOrder(_ context.Context, p P, _ int64) error {
	if p.Subject() != "alice" {
		return guard.Forbidden(nil)
	}
	return nil
}

// auth is an authenticator of the only scheme.
type auth[P caller] func(context.Context, guard.BearerToken) (P, error)

func (a auth[P]) AccessToken(ctx context.Context, token guard.BearerToken) (P, error) {
	return a(ctx, token)
}

// world is a provider, and an API that trusts it.
type world struct {
	*identity
	api      string
	ahead    atomic.Int64 // the API's clock
	mutex    sync.Mutex
	verdicts []string
}

const coolDown = 50 * time.Millisecond

// serve serves the orders behind guards.
func serve[P caller](t *testing.T, w *world, authenticate auth[P]) {
	t.Helper()
	handler, err := apiguard.Handler(server[P]{}, authenticate, server[P]{}, guard.Options{
		Realm: "orders", Resource: resource, Logger: slog.New(slog.DiscardHandler), OnDecision: w.observe,
	})
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(handler)
	t.Cleanup(s.Close)
	w.api = s.URL
}

func (w *world) observe(_ context.Context, e guard.Event) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.verdicts = append(w.verdicts, e.Verdict.String())
}

// decided are the verdicts since the last question.
func (w *world) decided() string {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	text := strings.Join(w.verdicts, " ")
	w.verdicts = nil
	return text
}

func newWorld(t *testing.T, provider *identity) *world {
	w := &world{identity: provider}
	verifier, err := jwt.New(jwt.Config{
		Issuer: provider.issuer, Audience: []string{resource}, Leeway: time.Minute, CoolDown: coolDown,
		Clock: func() time.Time { return time.Now().Add(time.Duration(w.ahead.Load())) },
	})
	if err != nil {
		t.Fatal(err)
	}
	serve(t, w, auth[*jwt.Caller](verifier.Authenticate))
	return w
}

// tokens are the answer of a token endpoint.
type tokens struct {
	Access  string `json:"access_token"`
	Refresh string `json:"refresh_token"`
	Error   string `json:"error"`
}

// ask asks the token endpoint, as a client with a secret or, without a name, as the public one.
func (w *world) ask(ctx context.Context, id string, form url.Values) (tokens, error) {
	r, err := http.NewRequestWithContext(ctx, "POST", w.issuer+"/token", strings.NewReader(form.Encode()))
	if err != nil {
		return tokens{}, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if id != "" {
		r.SetBasicAuth(id, id+secret)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return tokens{}, err
	}
	defer response.Body.Close()
	var answer tokens
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil || answer.Access == "" {
		return tokens{}, fmt.Errorf("%s, %s: %v", response.Status, answer.Error, err)
	}
	return answer, nil
}

// machine is a source of tokens for a client by its own name. It counts them.
func (w *world) machine(id, resource string, count *atomic.Int64) client.TokenSource {
	return client.TokenFunc(func(ctx context.Context) (client.Token, error) {
		count.Add(1)
		form := url.Values{"grant_type": {"client_credentials"}, "resource": {resource}, "scope": {"orders:read"}}
		answer, err := w.ask(ctx, id, form)
		return client.NewToken(answer.Access, time.Time{}), err
	})
}

// client is the generated client.
func (w *world) client(t *testing.T, source client.TokenSource) *api.ClientWithResponses {
	t.Helper()
	c, err := orderclient.NewClient(w.api, orderclient.Credentials{AccessToken: source})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// expect compares the status, and the verdicts of the guard.
func (w *world) expect(t *testing.T, status int, verdicts string) func(*http.Response, error) *http.Response {
	return func(r *http.Response, err error) *http.Response {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		if got := w.decided(); r.StatusCode != status || got != verdicts {
			t.Errorf("%d after %q, want %d after %q", r.StatusCode, got, status, verdicts)
		}
		return r
	}
}

func TestEndToEnd(t *testing.T) {
	for name, start := range map[string]func(*testing.T) *identity{"in process": inProcess, "oidc-provider": certified} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, start(t))
			t.Run("machine", w.testMachine)
			t.Run("login", w.testLogin)
			t.Run("expiry", w.testExpiry)
			t.Run("rotation", w.testRotation)
			t.Run("outage", w.testOutage)
		})
	}
}

// A machine has scopes, and roles where the provider says so.
func (w *world) testMachine(t *testing.T) {
	var count atomic.Int64
	till, office := w.client(t, w.machine("till", resource, &count)), w.client(t, w.machine("office", resource, &count))
	w.expect(t, 200, "allow")(till.ListOrders(t.Context()))
	denied := w.expect(t, 403, "missing-scope")(till.PlaceOrder(t.Context(), api.NewOrder{}))
	if denial := client.Denied(denied); fmt.Sprint(denial.Scopes) != "[orders:read orders:write]" {
		t.Errorf("%+v", denial)
	}
	w.expect(t, 404, "forbidden")(till.GetOrder(t.Context(), 1))
	w.expect(t, 403, "missing-role")(till.GetRevenue(t.Context()))
	w.expect(t, 200, "allow")(office.GetRevenue(t.Context()))
	if count.Load() != 2 {
		t.Errorf("%d tokens", count.Load())
	}
}

// People log in, by a code and PKCE.
func (w *world) testLogin(t *testing.T) {
	for user, status := range map[string]int{"alice": 403, "mia": 200} {
		answer, err := w.ask(t.Context(), "", login(t, w.authorize, user))
		if err != nil {
			t.Fatal(err)
		}
		c := w.client(t, client.StaticToken(answer.Access))
		r, err := c.ListOrdersWithResponse(t.Context())
		if err != nil || r.StatusCode() != 200 || string(r.Body) != user {
			t.Errorf("%v, %s", err, r.Body)
		}
		if r, err := c.GetRevenue(t.Context()); err != nil || r.StatusCode != status {
			t.Errorf("%s: %v, %v", user, err, r)
		}
		w.decided()
	}
}

// A user's token expires: the client gets another one by the refresh token, once, and without the user.
func (w *world) testExpiry(t *testing.T) {
	current, err := w.ask(t.Context(), "", login(t, w.authorize, "alice"))
	if err != nil {
		t.Fatal(err)
	}
	refreshed := 0
	c := w.client(t, client.TokenFunc(func(ctx context.Context) (client.Token, error) {
		if w.ahead.Swap(0) != 0 {
			refreshed++
			form := url.Values{"grant_type": {"refresh_token"}, "client_id": {"app"}, "refresh_token": {current.Refresh}, "resource": {resource}}
			if current, err = w.ask(ctx, "", form); err != nil {
				return client.Token{}, err
			}
		}
		return client.NewToken(current.Access, time.Time{}), nil
	}))
	w.expect(t, 200, "allow")(c.GetOrder(t.Context(), 1))
	for range 2 {
		w.ahead.Store(int64(2 * time.Hour)) // the API's clock, until the client asks for a token
		w.expect(t, 200, "expired allow")(c.GetOrder(t.Context(), 1))
	}
	if refreshed != 2 {
		t.Errorf("refreshed %d times", refreshed)
	}
}

// The provider changes its keys while clients call: nobody is denied in the end, and new tokens are good at once.
func (w *world) testRotation(t *testing.T) {
	var count atomic.Int64
	old := w.client(t, w.machine("till", resource, &count))
	w.expect(t, 200, "allow")(old.ListOrders(t.Context()))
	stop, calls := make(chan struct{}), sync.WaitGroup{}
	for range 4 {
		calls.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if r, err := old.ListOrdersWithResponse(t.Context()); err != nil || r.StatusCode() != 200 {
					t.Errorf("%v, %+v", err, r)
					return
				}
			}
		})
	}
	w.rotate()
	late := w.client(t, w.machine("till", resource, new(atomic.Int64)))
	if r, err := late.ListOrdersWithResponse(t.Context()); err != nil || r.StatusCode() != 200 {
		t.Errorf("a new token: %v, %+v", err, r)
	}
	close(stop)
	calls.Wait()
	if r, err := old.ListOrdersWithResponse(t.Context()); err != nil || r.StatusCode() != 200 || count.Load() > 2 {
		t.Errorf("an old token: %v, %+v, %d tokens", err, r, count.Load())
	}
	w.decided()
}

// While the provider is down, known keys are good and an unknown one is an outage. Nobody throws a token away.
func (w *world) testOutage(t *testing.T) {
	var known, late atomic.Int64
	c := w.client(t, w.machine("till", resource, &known))
	w.expect(t, 200, "allow")(c.ListOrders(t.Context()))
	w.rotate()
	source := w.machine("till", resource, &late)
	token, err := source.Token(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	unseen := w.client(t, client.TokenFunc(func(context.Context) (client.Token, error) { return token, nil }))
	w.down()
	w.expect(t, 200, "allow")(c.ListOrders(t.Context()))
	w.expect(t, 503, "unavailable")(unseen.ListOrders(t.Context()))
	w.expect(t, 200, "allow")(c.ListOrders(t.Context()))
	w.up()
	time.Sleep(2 * coolDown)
	fresh := w.client(t, w.machine("till", resource, &late))
	w.expect(t, 200, "allow")(fresh.ListOrders(t.Context()))
	if known.Load() != 1 || late.Load() != 2 {
		t.Errorf("%d and %d tokens", known.Load(), late.Load())
	}
}

// Opaque tokens are good as long as the provider says so. An outage is a 503 for those that it was not asked about.
func TestOpaqueTokens(t *testing.T) {
	t.Parallel()
	w := &world{identity: certified(t)}
	opaque := resource + "/opaque"
	asked, err := introspection.New(introspection.Config{
		Endpoint: w.issuer + "/token/introspection", ClientID: "api", ClientSecret: "api" + secret, Issuer: w.issuer,
		Audience: []string{opaque}, RoleClaims: []string{"roles"}, RefusalAge: -1,
	}, func(_ context.Context, c introspection.Claims) (introspection.Claims, error) { return c, nil })
	if err != nil {
		t.Fatal(err)
	}
	serve(t, w, auth[introspection.Claims](asked.Authenticate))
	var count atomic.Int64
	till, office := w.client(t, w.machine("till", opaque, &count)), w.client(t, w.machine("office", opaque, &count))
	other := w.client(t, w.machine("till", resource, &count))
	unseen, err := w.machine("till", opaque, &count).Token(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	w.expect(t, 200, "allow")(till.ListOrders(t.Context()))
	w.expect(t, 403, "missing-scope")(till.PlaceOrder(t.Context(), api.NewOrder{}))
	w.expect(t, 403, "missing-role")(till.GetRevenue(t.Context()))
	w.expect(t, 200, "allow")(office.GetRevenue(t.Context()))
	w.expect(t, 401, "invalid")(w.client(t, client.StaticToken("nobody-issued-it")).ListOrders(t.Context()))
	w.expect(t, 401, "invalid invalid")(other.ListOrders(t.Context())) // a JWT for another resource, and another one
	w.down()
	w.expect(t, 200, "allow")(till.ListOrders(t.Context())) // remembered
	late := w.client(t, client.TokenFunc(func(context.Context) (client.Token, error) { return unseen, nil }))
	w.expect(t, 503, "unavailable")(late.ListOrders(t.Context()))
	w.up() // without its memory
	fresh := w.client(t, w.machine("till", opaque, &count))
	w.expect(t, 200, "allow")(fresh.ListOrders(t.Context()))
}
