package guardtest_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/guardtest"
)

// Run passes servers that are right, in whichever way they differ where they may.
func TestRunPasses(t *testing.T) {
	var requests atomic.Int64
	for name, with := range map[string]func(*site, *guardtest.Options){
		"plain":         func(*site, *guardtest.Options) {},
		"without calls": func(s *site, _ *guardtest.Options) { s.calls = nil },
		"handlers run": func(s *site, o *guardtest.Options) {
			s.calls, o.Unsafe = nil, true
		},
		"fields that differ from request to request": func(s *site, _ *guardtest.Options) {
			s.outer = func(next http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					w.Header().Set("X-Request-Id", fmt.Sprint(requests.Add(1)))
					next.ServeHTTP(w, r)
				})
			}
		},
		"a body of its own": func(s *site, _ *guardtest.Options) {
			s.options.DenialBody = func(_ context.Context, d guard.Denial) (string, []byte) {
				return "text/plain", fmt.Append(nil, d.Operation, d.Status, d.Verdict)
			}
		},
		"concealed from anonymous callers": func(s *site, o *guardtest.Options) {
			s.options.ConcealFromAnonymous, o.ConcealFromAnonymous = true, true
		},
		"no challenge for scopes": func(s *site, _ *guardtest.Options) { s.options.OmitScopeChallenge = true },
		"all challenges in one line": func(s *site, _ *guardtest.Options) {
			s.outer = func(next http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					next.ServeHTTP(&rewriter{w, r, func(w http.ResponseWriter, _ *http.Request, status int) {
						if lines := w.Header()["Www-Authenticate"]; len(lines) > 1 {
							w.Header()["Www-Authenticate"] = []string{", " + strings.Join(lines, " ,, ")}
						}
						w.WriteHeader(status)
					}}, r)
				})
			}
		},
		"no HEAD": func(s *site, _ *guardtest.Options) {
			s.outer = func(next http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if r.Method == http.MethodHead {
						w.WriteHeader(http.StatusMethodNotAllowed)
						return
					}
					next.ServeHTTP(w, r)
				})
			}
		},
		"a slash at the end": func(s *site, _ *guardtest.Options) {
			s.outer = func(next http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					path, had := strings.CutSuffix(r.URL.Path, "/")
					if r.URL.Path = path; !had {
						http.Redirect(w, r, path+"/", http.StatusPermanentRedirect)
						return
					}
					next.ServeHTTP(w, r)
				})
			}
		},
		"below a path": func(s *site, o *guardtest.Options) {
			o.BaseURL = "/v1"
			s.outer = func(next http.Handler) http.Handler { return http.StripPrefix("/v1", next) }
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, options := newSite(new(guardtest.Calls)), guardtest.Options{}
			with(s, &options)
			pass(t, s.run(options))
		})
	}
}

// Over a socket the questions are the same, but for certificates.
func TestRunOverSocket(t *testing.T) {
	s := newSite(new(guardtest.Calls))
	server := httptest.NewServer(s.handler())
	defer server.Close()
	options := guardtest.Options{Schemes: schemes(), Calls: s.calls, BaseURL: server.URL}
	f := &failures{}
	guardtest.Run(f, nil, policy(), options)
	pass(t, f)
	s.mounts["getOrder"] = nil
	s.operation("getOrder").Roles = nil
	broken := httptest.NewServer(s.handler())
	defer broken.Close()
	f, options.BaseURL = &failures{}, broken.URL
	guardtest.Run(f, nil, policy(), options)
	if len(f.all) == 0 || !strings.HasPrefix(f.all[0], "getOrder (GET /orders/{id}): ") {
		t.Errorf("%q", f.all)
	}
}

// Middleware stands for handlers: they never see a request of Run, and see all others.
func TestMiddleware(t *testing.T) {
	calls, served := new(guardtest.Calls), 0
	s := newSite(nil)
	for _, op := range policy() {
		s.mounts[op.ID] = s.guarded(op.ID, bind(calls.Middleware(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { served++ }))))
	}
	s.calls = calls
	pass(t, s.run(guardtest.Options{}))
	if served != 0 {
		t.Errorf("%d requests of Run reached handlers", served)
	}
	s.handler().ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/health", nil))
	if served != 1 {
		t.Error("a request of another client was stopped")
	}
}

// Every request has the marker and the User-Agent, and no parameter but those that name nothing.
func TestRequestsAreMarked(t *testing.T) {
	s, seen := newSite(new(guardtest.Calls)), 0
	s.outer = func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if seen++; !guardtest.Marked(r.Context()) || r.UserAgent() != guardtest.UserAgent {
				t.Errorf("%s %s is not marked", r.Method, r.URL)
			}
			next.ServeHTTP(w, r)
		})
	}
	s.run(guardtest.Options{})
	if seen < 300 || guardtest.Marked(context.Background()) {
		t.Errorf("%d requests", seen)
	}
}

// Without Calls no handler of an unsafe method is run by a caller who gets in, and the log says so.
func TestUnsafeMethodsAreNotAsked(t *testing.T) {
	s := newSite(nil)
	s.mounts["putOrder"] = s.guarded("putOrder", bind(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("PUT was served") })))
	f := s.run(guardtest.Options{})
	pass(t, f)
	if !slices.ContainsFunc(f.log, func(line string) bool { return strings.HasPrefix(line, "putOrder: not asked: ") }) {
		t.Errorf("%q", f.log)
	}
}

// Options that cannot be meant are refused before anything is sent.
func TestOptionsAreRefused(t *testing.T) {
	sent := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") })
	for want, c := range map[string]struct {
		handler http.Handler
		policy  []guard.Operation
		options guardtest.Options
	}{
		`lacks the scheme "bearer"`:    {sent, policy(), guardtest.Options{}},
		"no operation was asked":       {sent, nil, guardtest.Options{}},
		"Options.BaseURL":              {nil, policy()[:1], guardtest.Options{}},
		"loopback host":                {nil, policy()[:1], guardtest.Options{BaseURL: "https://api.example.com"}},
		"only a path":                  {sent, policy()[:1], guardtest.Options{BaseURL: "http://127.0.0.1:1"}},
		"is of no type":                {sent, policy()[:1], guardtest.Options{Schemes: []guard.Scheme{{Name: "odd", Type: "apiKey", In: "body"}}}},
		"is given twice":               {sent, policy()[:1], guardtest.Options{Schemes: append(schemes(), schemes()...)}},
		"neither public nor guarded":   {sent, []guard.Operation{{ID: "odd", Method: "GET", Path: "/"}}, guardtest.Options{}},
		`Options.Skip: "getHealth"`:    {sent, policy()[:1], guardtest.Options{Skip: map[string]string{"getHealth": " "}}},
		`Options.Skip: "nothing"`:      {sent, policy()[:1], guardtest.Options{Skip: map[string]string{"nothing": "because"}}},
		`Options.Paths: "nothing"`:     {sent, policy()[:1], guardtest.Options{Paths: map[string]string{"nothing": "/x"}}},
		"begin with a slash":           {sent, policy()[:1], guardtest.Options{Paths: map[string]string{"getHealth": "x"}}},
		"getHealth (GET /health): no ": {nil, policy()[:1], guardtest.Options{BaseURL: "http://127.0.0.1:1"}}, // nobody listens
	} {
		f := &failures{}
		guardtest.Run(f, c.handler, c.policy, c.options)
		if len(f.all) == 0 || !strings.Contains(strings.Join(f.all, "\n"), want) {
			t.Errorf("%q: %q", want, f.all)
		}
	}
}

// Credentials that do not exist are not asked about; those that cannot be made are a failure.
func TestCredentials(t *testing.T) {
	s := newSite(new(guardtest.Calls))
	s.operation("getOrder").Roles = nil
	f := s.run(guardtest.Options{Credentials: func(w guardtest.Wanted, r *http.Request) (string, error) {
		if w.Operation.ID == "getOrder" {
			return "", fmt.Errorf("nobody is like this: %w", errors.ErrUnsupported)
		}
		return guardtest.Mint(w, r)
	}})
	pass(t, f)
	if len(f.log) == 0 || !strings.Contains(f.log[0], "nobody is like this") {
		t.Errorf("%q", f.log)
	}
	f = newSite(new(guardtest.Calls)).run(guardtest.Options{Credentials: func(guardtest.Wanted, *http.Request) (string, error) { return "", errors.New("no vault") }})
	if len(f.all) == 0 || !strings.Contains(f.all[0], "no vault") {
		t.Errorf("%q", f.all)
	}
	f = newSite(new(guardtest.Calls)).run(guardtest.Options{Credentials: func(guardtest.Wanted, *http.Request) (string, error) { return "wrong", nil }})
	if !strings.Contains(strings.Join(f.all, "\n"), "Options.Credentials has to make credentials that the server accepts") {
		t.Errorf("%q", f.all)
	}
}

// A receiver is asked where it is mounted, and a skipped operation is not asked.
func TestPathsAndSkip(t *testing.T) {
	receiver := guard.Operation{ID: "POST webhook paid", Method: "POST", Security: []guard.Alternative{one("key")}}
	asked := map[string]bool{}
	open := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { asked[r.URL.Path] = true })
	f := &failures{}
	options := guardtest.Options{
		Schemes: schemes(), Paths: map[string]string{receiver.ID: "/hooks/paid"}, Skip: map[string]string{"getHealth": "another server has it"},
	}
	guardtest.Run(f, open, []guard.Operation{receiver, policy()[0]}, options)
	if len(f.all) == 0 || !strings.HasPrefix(f.all[0], receiver.ID+" (POST /hooks/paid): no credential: 200") || asked["/health"] {
		t.Errorf("%q %v", f.all, asked)
	}
}
