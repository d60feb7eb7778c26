package guard_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	guard "github.com/oapi-guard/oapi-guard/runtime"
)

func TestCallerInContext(t *testing.T) {
	for _, test := range []struct {
		has     string
		options guard.Options
		want    string
	}{
		{"Authorization: Bearer user", guard.Options{CallerInContext: true}, "user true"},
		{"Accept: */*", guard.Options{CallerInContext: true}, " false"},
		{"Authorization: Bearer user", guard.Options{}, "outer true"},
	} {
		w := &world{options: test.options}
		got := ""
		h := w.linker().Guard(operation("{} | bearer")).Wrap(func(_ http.ResponseWriter, r *http.Request, _ guard.Optional[*caller]) {
			c, ok := guard.CallerFrom[*caller](r.Context())
			if c == nil {
				c = &caller{}
			}
			got = fmt.Sprint(c.name, " ", ok)
			if r.Context().Value(key1{}) != "kept" {
				t.Error("the context lost a value")
			}
		})
		ctx := context.WithValue(context.Background(), key1{}, "kept")
		h(httptest.NewRecorder(), request(test.has).WithContext(guard.ContextWithCaller(ctx, &caller{"outer"})))
		if got != test.want {
			t.Errorf("%+v: %s; want %s", test, got, test.want)
		}
	}
}

type key1 struct{}

func TestCallerFrom(t *testing.T) {
	ctx := guard.ContextWithCaller(context.Background(), &caller{"ann"})
	if c, ok := guard.CallerFrom[*caller](ctx); !ok || c.name != "ann" {
		t.Error("the caller is lost")
	}
	if _, ok := guard.CallerFrom[caller](ctx); ok {
		t.Error("a caller of another type")
	}
	if c, ok := guard.CallerFrom[*caller](context.Background()); ok || c != nil {
		t.Error("a caller from nowhere")
	}
	both := guard.ContextWithCaller(ctx, "text")
	if c, ok := guard.CallerFrom[*caller](both); !ok || c.name != "ann" {
		t.Error("callers of two types get in each other's way")
	}
	printed := guard.ContextWithCaller(context.Background(), caller{"ann"})
	if strings.Contains(fmt.Sprintf("%v %v", printed, context.WithValue(printed, key1{}, 1)), "ann") {
		t.Error("a printed context shows the caller")
	}
}

func TestOptional(t *testing.T) {
	var none guard.Optional[*caller]
	if c, ok := none.Get(); ok || c != nil {
		t.Error("the zero value has a caller")
	}
	some := guard.OptionalOf(&caller{"ann"})
	if c, ok := some.Get(); !ok || c.name != "ann" || some.Must() != c {
		t.Error("the caller is lost")
	}
	defer func() {
		if recover() == nil {
			t.Error("Must makes a caller up")
		}
	}()
	none.Must()
}

// Requests that no server makes must not make a guard panic.
func TestUnusualRequests(t *testing.T) {
	r := request()
	r.TLS = &tls.ConnectionState{VerifiedChains: [][]*x509.Certificate{{}}}
	if d := (&world{}).linker().Guard(operation("cert")).Check(r); d.Verdict() != absent {
		t.Errorf("an empty chain: %s", d.Verdict())
	}
	if d := (&world{}).linker().Guard(operation("query | cookie | cert | bearer")).Check(&http.Request{}); d.Verdict() != absent {
		t.Errorf("an empty request: %s", d.Verdict())
	}
}

// Over a real connection: the denial comes before the body is asked for, and two challenges are two lines.
func TestOverTheWire(t *testing.T) {
	h := (&world{}).linker().Guard(operation("bearer | basic")).Wrap(func(w http.ResponseWriter, _ *http.Request, c guard.Optional[*caller]) {
		fmt.Fprint(w, c.Must().name)
	})
	server := httptest.NewServer(h)
	defer server.Close()
	server.Client().Transport.(*http.Transport).ExpectContinueTimeout = time.Minute
	for has, want := range map[string]string{"": "401 " + bearerPlain + "|" + basicLine, "Bearer user": "200 ", "bearer  user": "200 "} {
		r, _ := http.NewRequest("POST", server.URL, untouched{t})
		r.Header.Set("Expect", "100-continue")
		if has != "" {
			r.Header.Set("Authorization", has)
			r.Body, r.ContentLength = nil, 0
		}
		res, err := server.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(res.StatusCode, " ", strings.Join(res.Header["Www-Authenticate"], "|")); got != want {
			t.Errorf("%q: %s; want %s", has, got, want)
		}
		res.Body.Close()
	}
}

// untouched is a body that must not be sent.
type untouched struct{ t *testing.T }

func (u untouched) Read([]byte) (int, error) {
	u.t.Error("the body was asked for")
	return 0, errors.New("untouched")
}
