// Package receivers tests the guarded receivers of webhooks and callbacks, one server of each family.
package receivers

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// sender is who sends webhooks in these tests.
type sender struct{ name string }

func (s *sender) HasRole(role guard.Role) bool { return s.name == string(role) }
func (s *sender) HasScope(scope string) bool   { return s.name == scope }

// auth knows senders by the credential that is their name.
type auth struct{}

func (auth) BearerAuth(_ context.Context, token guard.BearerToken) (*sender, error) {
	return known(token.Secret())
}

func (auth) HookKey(_ context.Context, key guard.APIKey) (*sender, error) { return known(key.Secret()) }

func (auth) Oauth(_ context.Context, token guard.BearerToken) (*sender, error) {
	return known(token.Secret())
}

func (auth) CombineOauthAndHookKey(_ context.Context, oauth, key *sender) (*sender, error) {
	return oauth, nil
}

func known(name string) (*sender, error) {
	if name == "nobody" {
		return nil, guard.Invalid(nil)
	}
	return &sender{name}, nil
}

// log is what happened in one request, in order.
type log []string

func (l *log) add(words ...string) { *l = append(*l, strings.Join(words, " ")) }

func nameOf(s guard.Optional[*sender]) string {
	if known, ok := s.Get(); ok {
		return known.name
	}
	return "anonymous"
}

// server makes the handlers of one framework: those of order.paid, stock, ping and order shipped.
type server struct {
	name     string
	handlers func(l *log) (map[string]http.Handler, error)
	// middlewares says that oapi-codegen's functions for receivers take middlewares.
	middlewares bool
	// refused is what a constructor says to a receiver and to an authenticator that is nil.
	refused func() []error
}

var servers = []server{stdServer, echoServer, ginServer, fiberServer, irisServer}

func TestReceivers(t *testing.T) {
	const (
		ok      = "2026-01-02T15:04:05Z"
		key     = `ApiKey realm="hooks", in="header", name="X-Hook-Key"`
		scoped  = `Bearer realm="hooks", scope="hooks:send"`
		invalid = `Bearer realm="hooks", scope="hooks:send", error="invalid_token"`
	)
	for _, test := range []struct {
		receiver, query string
		header          http.Header
		status          int
		challenges      []string
		ran             string
	}{
		{"paid", "?at=" + ok, nil, 401, []string{scoped, key}, ""},
		{"paid", "?at=nonsense", nil, 401, []string{scoped, key}, ""},
		{"paid", "", http.Header{"X-Hook-Key": {"nobody"}}, 401, []string{scoped, key}, ""},
		{"paid", "", http.Header{"X-Hook-Key": {"shop"}}, 400, nil, ""},
		{"paid", "?at=nonsense", http.Header{"X-Hook-Key": {"shop"}}, 400, nil, ""},
		{"paid", "?at=" + ok, http.Header{"X-Hook-Key": {"shop"}}, 204, nil, "paid by shop"},
		{"paid", "?at=" + ok, http.Header{"X-Hook-Key": {"shop", "shop"}}, 400, []string{scoped, key}, ""},
		{"paid", "?at=" + ok, http.Header{"Authorization": {"Bearer shop", "Bearer shop"}}, 400, []string{strings.Replace(invalid, "token", "request", 1), key}, ""},
		{"paid", "?at=" + ok, http.Header{"X-Hook-Key": {"nobody"}, "Authorization": {"Bearer nobody"}}, 401, []string{invalid, key}, ""},
		{"stock", "", nil, 204, nil, "stock by anonymous"},
		{"stock", "", http.Header{"X-Hook-Key": {"shop"}}, 204, nil, "stock by shop"},
		{"stock", "", http.Header{"X-Hook-Key": {"nobody"}}, 401, []string{key}, ""},
		{"ping", "?echo=x", http.Header{"X-Hook-Key": {"nobody"}}, 204, nil, "ping"},
		{"shipped", "", nil, 401, []string{key}, ""},
		{"shipped", "", http.Header{"X-Hook-Key": {"shop"}}, 403, nil, ""},
		{"shipped", "", http.Header{"X-Hook-Key": {"carrier"}}, 400, nil, ""},
		{"shipped", "", http.Header{"X-Hook-Key": {"carrier"}, "X-Attempt": {"1"}}, 204, nil, "shipped by carrier"},
	} {
		for _, s := range servers {
			var l log
			handlers, err := s.handlers(&l)
			if err != nil {
				t.Fatal(s.name, err)
			}
			r := httptest.NewRequest(http.MethodPost, "/hook"+test.query, strings.NewReader("{}"))
			if test.header != nil {
				r.Header = test.header.Clone()
			}
			w := httptest.NewRecorder()
			handlers[test.receiver].ServeHTTP(w, r)
			if got := w.Header().Values("WWW-Authenticate"); w.Code != test.status || !slices.Equal(got, test.challenges) {
				t.Errorf("%s: %s%s %v: %d %q; want %d %q", s.name, test.receiver, test.query, test.header, w.Code, got, test.status, test.challenges)
			}
			var want log
			if s.middlewares {
				want.add("middleware") // where oapi-codegen has it: before the binding, and so before the guard
			}
			if test.ran != "" {
				want.add(test.ran)
			}
			if !slices.Equal(l, want) {
				t.Errorf("%s: %s%s %v: %q; want %q", s.name, test.receiver, test.query, test.header, l, want)
			}
		}
	}
}

func TestNil(t *testing.T) {
	for _, s := range servers {
		for i, want := range []string{"receiver is nil", "receiver is nil", "auth is nil"} {
			if err := s.refused()[i]; err == nil || err.Error() != want {
				t.Errorf("%s: %v, want %s", s.name, err, want)
			}
		}
	}
}
