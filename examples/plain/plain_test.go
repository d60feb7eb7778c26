package main

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	guard "github.com/oapi-guard/oapi-guard/runtime"

	"github.com/oapi-guard/oapi-guard/examples/internal/transcript"
	"github.com/oapi-guard/oapi-guard/examples/plain/apiguard"
)

// The challenges of the shop, to the byte.
const (
	challenge = `Bearer realm="shop"`
	invalid   = `Bearer realm="shop", error="invalid_token"`
	hook      = `ApiKey realm="shop", in="header", name="X-Payment-Key"`
)

// start is the program's handler behind a socket.
func start(t *testing.T, s *shop) *httptest.Server {
	t.Helper()
	handler, err := newHandler(s)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server
}

// answer is a response with its body read.
type answer struct {
	status int
	header http.Header
	body   string
}

// ask sends a request. The target is sent as it stands; fields are "Name: value".
func ask(t *testing.T, server *httptest.Server, method, target, body string, fields ...string) answer {
	t.Helper()
	r, err := http.NewRequest(method, server.URL, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.URL.Opaque = target
	for _, field := range fields {
		name, value, _ := strings.Cut(field, ": ")
		r.Header.Add(name, value)
	}
	response, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	response.Header.Del("Date")
	return answer{response.StatusCode, response.Header, string(content)}
}

func token(name string) string { return "Authorization: Bearer " + name + "-token" }

// TestDecisions goes through operations, callers and path parameters. Order 1 is alice's, and 9 is nobody's.
func TestDecisions(t *testing.T) {
	tests := []struct {
		name, method, target string
		fields               []string
		status               int
		challenge            string
	}{
		{"public", "GET", "/health", nil, 204, ""},
		{"public, credentials are not read", "GET", "/health", []string{"Authorization: rubbish"}, 204, ""},
		{"optional, anonymous", "GET", "/products", nil, 200, ""},
		{"optional, known", "GET", "/products", []string{token("bob")}, 200, ""},
		{"optional, a bad token is not anonymous", "GET", "/products", []string{token("x")}, 401, invalid},
		{"no token", "GET", "/orders", nil, 401, challenge},
		{"two tokens", "GET", "/orders", []string{token("bob"), token("bob")}, 400, `Bearer realm="shop", error="invalid_request"`},
		{"a customer", "GET", "/orders", []string{token("bob")}, 200, ""},
		{"HEAD is denied as GET is", "HEAD", "/orders", nil, 401, challenge},
		{"role missing", "GET", "/revenue", []string{token("sam")}, 403, ""},
		{"role", "GET", "/revenue", []string{token("mia")}, 200, ""},

		{"one's own order", "GET", "/orders/1", []string{token("alice")}, 200, ""},
		{"another's order", "GET", "/orders/1", []string{token("bob")}, 404, ""},
		{"support sees it", "GET", "/orders/1", []string{token("sam")}, 200, ""},
		{"and so does a manager", "GET", "/orders/1", []string{token("mia")}, 200, ""},
		{"no such order", "GET", "/orders/9", []string{token("alice")}, 404, ""},
		{"401 before the parameter", "GET", "/orders/x", nil, 401, challenge},
		{"400 before the check", "GET", "/orders/x", []string{token("bob")}, 400, ""},
		{"the same number in other words", "GET", "/orders/+01", []string{token("alice")}, 200, ""},
		{"beyond int64", "GET", "/orders/9223372036854775808", []string{token("alice")}, 400, ""},
		{"percent-encoded is the same number", "GET", "/orders/%31", []string{token("alice")}, 200, ""},
		{"percent-encoded slash", "GET", "/orders/1%2F2", []string{token("alice")}, 400, ""},
		{"another method", "PUT", "/orders/1", []string{token("alice")}, 405, ""},
		{"another path", "GET", "/orders/1/2", []string{token("alice")}, 404, ""},
		{"another's order is not cancelled", "DELETE", "/orders/1", []string{token("bob")}, 404, ""},

		{"the hook without its key", "POST", "/hooks/payment", []string{token("mia")}, 401, hook},
		{"the hook with another", "POST", "/hooks/payment", []string{"X-Payment-Key: x"}, 401, hook},
	}
	server := start(t, newShop())
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := ask(t, server, test.method, test.target, "", test.fields...)
			if got.status != test.status || strings.Join(got.header["Www-Authenticate"], "|") != test.challenge {
				t.Errorf("%d, %q; want %d, %q\n%s", got.status, got.header["Www-Authenticate"], test.status, test.challenge, got.body)
			}
		})
	}
}

// TestConcealed: another's order, a missing one, and one that vanishes between check and handler are one answer.
func TestConcealed(t *testing.T) {
	s := newShop()
	server := start(t, s)
	want := ask(t, server, "GET", "/orders/9", "", token("bob"))
	for _, got := range []answer{ask(t, server, "GET", "/orders/1", "", token("bob")), vanishing(t)} {
		if got.status != want.status || got.body != want.body || !sameFields(got.header, want.header) {
			t.Errorf("%v, want %v", got, want)
		}
	}
	if _, there := s.find(1); !there {
		t.Error("the order is gone")
	}
}

// vanishing is the answer about an order that is cancelled after its check.
func vanishing(t *testing.T) answer {
	t.Helper()
	s := newShop()
	handlers := s.handlers()
	handlers.GetOrder = func(w http.ResponseWriter, r *http.Request, caller *user, orderId int64) {
		s.cancel(orderId)
		s.getOrder(w, r, caller, orderId)
	}
	handler, err := apiguard.Handler(handlers, newAuth(), checks{s}, guard.Options{Realm: "shop"})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return ask(t, server, "GET", "/orders/1", "", token("alice"))
}

func sameFields(a, b http.Header) bool {
	x, errA := json.Marshal(a)
	y, errB := json.Marshal(b)
	return errA == nil && errB == nil && bytes.Equal(x, y)
}

// TestOrders lives the life of an order: its handlers get the caller and the number.
func TestOrders(t *testing.T) {
	server := start(t, newShop())
	steps := []struct {
		method, target, body string
		fields               []string
		status               int
		want                 string
	}{
		{"GET", "/products", "", nil, 200, `{"kite":1900,"string":250}`},
		{"GET", "/products", "", []string{token("bob")}, 200, `{"kite":1710,"string":225}`},
		{"POST", "/orders", `{"product":"string"}`, []string{token("bob")}, 201, `{"id":2,"customer":"bob","product":"string","cents":250,"paid":false}`},
		{"POST", "/hooks/payment", `{"order":2}`, []string{"X-Payment-Key: payment-key"}, 204, ""},
		{"GET", "/orders", "", []string{token("bob")}, 200, `[{"id":2,"customer":"bob","product":"string","cents":250,"paid":true}]`},
		{"GET", "/revenue", "", []string{token("mia")}, 200, `{"cents":2150}`},
		{"DELETE", "/orders/2", "", []string{token("bob")}, 204, ""},
		{"GET", "/orders/2", "", []string{token("bob")}, 404, ""},
	}
	for _, step := range steps {
		got := ask(t, server, step.method, step.target, step.body, step.fields...)
		if got.status != step.status || step.want != "" && strings.TrimSpace(got.body) != step.want {
			t.Errorf("%s %s: %d %s, want %d %s", step.method, step.target, got.status, got.body, step.status, step.want)
		}
	}
}

// TestNothingForgotten: whatever is missing is named at start-up.
func TestNothingForgotten(t *testing.T) {
	s := newShop()
	options := guard.Options{Realm: "shop"}
	handlers := s.handlers()
	handlers.CancelOrder, handlers.GetHealth = nil, nil
	_, err := apiguard.Handler(handlers, newAuth(), checks{s}, options)
	want := "handlers.GetHealth, the handler of GET /health, is nil\nhandlers.CancelOrder, the handler of DELETE /orders/{orderId}, is nil"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if _, err := apiguard.Handler[*user](s.handlers(), nil, checks{s}, options); err == nil || err.Error() != "auth is nil" {
		t.Errorf("without authenticator: %v", err)
	}
	if _, err := apiguard.NewGuards[*user](newAuth(), nil, options); err == nil || err.Error() != "checks is nil" {
		t.Errorf("without checks: %v", err)
	}
	if _, err := apiguard.NewGuards(newAuth(), checks{s}, guard.Options{Realm: "\x00"}); err == nil {
		t.Error("a realm that no challenge can carry is accepted")
	}
}

// TestZeroGuards: a guard that nobody made admits nobody, and one around nothing is not to be had.
func TestZeroGuards(t *testing.T) {
	logger := slog.Default()
	slog.SetDefault(slog.New(slog.DiscardHandler)) // the guard says that nobody made it
	defer slog.SetDefault(logger)
	var none apiguard.Guards[*user]
	w := httptest.NewRecorder()
	wrapped := none.ListOrders.Wrap(func(http.ResponseWriter, *http.Request, *user) { t.Error("the handler runs") })
	wrapped.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/orders", nil))
	if w.Code != http.StatusInternalServerError {
		t.Errorf("status %d", w.Code)
	}
	defer func() {
		if recover() == nil {
			t.Error("Wrap takes nil")
		}
	}()
	none.ListOrders.Wrap(nil)
}

// TestAnotherPattern: behind a pattern without the parameter nobody gets to the check or to the handler.
func TestAnotherPattern(t *testing.T) {
	s := newShop()
	guards, err := apiguard.NewGuards(newAuth(), checks{s}, guard.Options{Realm: "shop"})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /orders/{id}", guards.GetOrder.Wrap(s.getOrder))
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	if got := ask(t, server, "GET", "/orders/1", "", token("alice")); got.status != http.StatusBadRequest {
		t.Errorf("status %d", got.status)
	}
}

// TestPolicy has every operation, the webhook last.
func TestPolicy(t *testing.T) {
	var ids []string
	for _, o := range apiguard.Policy() {
		ids = append(ids, o.ID)
	}
	want := []string{"getHealth", "listProducts", "listOrders", "placeOrder", "cancelOrder", "getOrder", "getRevenue", "orderPaid"}
	if !slices.Equal(ids, want) {
		t.Errorf("%q, want %q", ids, want)
	}
}

// TestReadme asks the program what README.md asks it, and compares the answers.
func TestReadme(t *testing.T) {
	server := start(t, newShop())
	curl := transcript.Curl{Address: server.Listener.Addr().String()}
	transcript.Check(t, curl.Run)
}
