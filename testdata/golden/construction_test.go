package golden

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// TestRefused shows that whatever is nil, or registered twice, is an error at start-up and no panic: no
// handler is there to be mounted.
func TestRefused(t *testing.T) {
	for _, s := range servers {
		for _, test := range s.refused() {
			t.Run(s.name+"/"+test.name, func(t *testing.T) {
				made, err := calm(test.call)
				switch {
				case test.name == "registered":
					if err != nil {
						t.Errorf("the first registration fails: %v", err)
					}
				case err == nil || strings.Contains(err.Error(), "panic: ") || !strings.Contains(err.Error(), test.want):
					t.Errorf("error %v; want one about %q", err, test.want)
				case made != nil && !reflect.ValueOf(made).IsNil():
					t.Errorf("with the error %v comes %v", err, made)
				}
			})
		}
	}
}

// calm turns a panic into an error that says so.
func calm(call func() (any, error)) (made any, err error) {
	defer func() {
		if value := recover(); value != nil {
			err = fmt.Errorf("panic: %v", value)
		}
	}()
	return call()
}

// TestBadOptions is the same for what is wrong with options, and for a server whose type is nil inside.
func TestBadOptions(t *testing.T) {
	tests := []struct {
		name string
		p    *probe
		a    authenticator
		o    guard.Options
		want string
	}{
		{"authenticator nil", new(probe), nil, guard.Options{}, "auth is nil"},
		{"authenticator a nil pointer", new(probe), (*auth)(nil), guard.Options{}, "auth is nil"},
		{"server a nil pointer", nil, &auth{}, guard.Options{}, "server is nil"},
		{"a realm that no challenge can carry", new(probe), &auth{}, guard.Options{Realm: "a\nb"}, "Realm"},
		{"a negative limit", new(probe), &auth{}, guard.Options{MaxCredentialBytes: -1}, "MaxCredentialBytes"},
	}
	for _, s := range servers {
		for _, test := range tests {
			for kind, construct := range map[string]constructor{"typed": s.typed, "untyped": s.untyped} {
				m, err := construct(test.p, test.a, options{guard: test.o})
				if m != nil || err == nil || !strings.Contains(err.Error(), test.want) {
					t.Errorf("%s, %s, %s: %v, error %v; want none, and an error about %q", s.name, kind, test.name, m, err, test.want)
				}
			}
		}
	}
}
