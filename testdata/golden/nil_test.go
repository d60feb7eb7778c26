package golden

import (
	"net/http"
	"strings"
	"testing"

	chistrictapi "example.com/golden/chi-strict/api"
	chistrictguard "example.com/golden/chi-strict/apiguard"
	chiapi "example.com/golden/chi/api"
	chiguard "example.com/golden/chi/apiguard"
	gorillastrictapi "example.com/golden/gorilla-strict/api"
	gorillastrictguard "example.com/golden/gorilla-strict/apiguard"
	gorillaapi "example.com/golden/gorilla/api"
	gorillaguard "example.com/golden/gorilla/apiguard"
	stdstrictapi "example.com/golden/std-http-strict/api"
	stdstrictguard "example.com/golden/std-http-strict/apiguard"
	stdapi "example.com/golden/std-http/api"
	stdguard "example.com/golden/std-http/apiguard"
	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// TestNil shows that whatever is nil is an error at start-up: no handler is there to be mounted.
func TestNil(t *testing.T) {
	var none guard.Options
	p := new(probe)
	constructors := map[string][4]func() (http.Handler, error){ // server nil, server a nil pointer, authenticator nil, oapi-codegen's server nil
		"std-http": {
			func() (http.Handler, error) { return stdguard.Handler[*caller](nil, &auth{}, none) },
			func() (http.Handler, error) { return stdguard.Handler[*caller]((*stdServer)(nil), &auth{}, none) },
			func() (http.Handler, error) { return stdguard.Handler[*caller]((*stdServer)(p), nil, none) },
			func() (http.Handler, error) {
				return stdguard.HandlerFromServerInterface[*caller](nil, &auth{}, none, stdapi.StdHTTPServerOptions{})
			},
		},
		"std-http-strict": {
			func() (http.Handler, error) { return stdstrictguard.Handler[*caller](nil, &auth{}, none) },
			func() (http.Handler, error) { return stdstrictguard.Handler[*caller]((*stdStrict)(nil), &auth{}, none) },
			func() (http.Handler, error) { return stdstrictguard.Handler[*caller](&stdStrict{}, nil, none) },
			func() (http.Handler, error) {
				return stdstrictguard.HandlerFromServerInterface[*caller](nil, &auth{}, none, stdstrictapi.StdHTTPServerOptions{}, stdstrictguard.StrictOptions{})
			},
		},
		"chi": {
			func() (http.Handler, error) { return chiguard.Handler[*caller](nil, &auth{}, none) },
			func() (http.Handler, error) { return chiguard.Handler[*caller]((*chiServer)(nil), &auth{}, none) },
			func() (http.Handler, error) { return chiguard.Handler[*caller]((*chiServer)(p), nil, none) },
			func() (http.Handler, error) {
				return chiguard.HandlerFromServerInterface[*caller](nil, &auth{}, none, chiapi.ChiServerOptions{})
			},
		},
		"chi-strict": {
			func() (http.Handler, error) { return chistrictguard.Handler[*caller](nil, &auth{}, none) },
			func() (http.Handler, error) { return chistrictguard.Handler[*caller]((*chiStrict)(nil), &auth{}, none) },
			func() (http.Handler, error) { return chistrictguard.Handler[*caller](&chiStrict{}, nil, none) },
			func() (http.Handler, error) {
				return chistrictguard.HandlerFromServerInterface[*caller](nil, &auth{}, none, chistrictapi.ChiServerOptions{}, chistrictguard.StrictOptions{})
			},
		},
		"gorilla": {
			func() (http.Handler, error) { return gorillaguard.Handler[*caller](nil, &auth{}, none) },
			func() (http.Handler, error) {
				return gorillaguard.Handler[*caller]((*gorillaServer)(nil), &auth{}, none)
			},
			func() (http.Handler, error) { return gorillaguard.Handler[*caller]((*gorillaServer)(p), nil, none) },
			func() (http.Handler, error) {
				return gorillaguard.HandlerFromServerInterface[*caller](nil, &auth{}, none, gorillaapi.GorillaServerOptions{})
			},
		},
		"gorilla-strict": {
			func() (http.Handler, error) { return gorillastrictguard.Handler[*caller](nil, &auth{}, none) },
			func() (http.Handler, error) {
				return gorillastrictguard.Handler[*caller]((*gorillaStrict)(nil), &auth{}, none)
			},
			func() (http.Handler, error) {
				return gorillastrictguard.Handler[*caller](&gorillaStrict{}, nil, none)
			},
			func() (http.Handler, error) {
				return gorillastrictguard.HandlerFromServerInterface[*caller](nil, &auth{}, none, gorillastrictapi.GorillaServerOptions{}, gorillastrictguard.StrictOptions{})
			},
		},
	}
	for name, construct := range constructors {
		for i, want := range []string{"server is nil", "server is nil", "auth is nil", "server is nil"} {
			h, err := construct[i]()
			checkRefused(t, name, h, err, want)
		}
	}
}

// TestRefusedAtStartUp is the same for HandlerFromServerInterface, and for what is wrong with options.
func TestRefusedAtStartUp(t *testing.T) {
	tests := []struct {
		name string
		p    *probe
		a    authenticator
		o    guard.Options
		want string
	}{
		{"authenticator nil", new(probe), nil, guard.Options{}, "auth is nil"},
		{"authenticator a nil pointer", new(probe), (*auth)(nil), guard.Options{}, "auth is nil"},
		{"a realm that no challenge can carry", new(probe), &auth{}, guard.Options{Realm: "a\nb"}, "Realm"},
		{"a negative limit", new(probe), &auth{}, guard.Options{MaxCredentialBytes: -1}, "MaxCredentialBytes"},
	}
	for _, s := range servers {
		for _, test := range tests {
			h, err := s.typed(test.p, test.a, options{guard: test.o})
			checkRefused(t, s.name+", typed, "+test.name, h, err, test.want)
			h, err = s.untyped(test.p, test.a, options{guard: test.o})
			checkRefused(t, s.name+", untyped, "+test.name, h, err, test.want)
		}
		if !strings.HasSuffix(s.name, "-strict") {
			h, err := s.untyped(nil, &auth{}, options{})
			checkRefused(t, s.name+", untyped, server a nil pointer", h, err, "server is nil")
		}
	}
}

func checkRefused(t *testing.T, name string, h http.Handler, err error, want string) {
	t.Helper()
	if h != nil || err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%s: handler %v, error %v; want no handler, and an error about %q", name, h, err, want)
	}
}
