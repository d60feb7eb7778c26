package golden

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	chi5 "github.com/go-chi/chi/v5"
	"github.com/gorilla/mux"
	guard "github.com/oapi-guard/oapi-guard/runtime"

	chistrictguard "example.com/golden/chi-strict/apiguard"
	chiguard "example.com/golden/chi/apiguard"
	echoguard "example.com/golden/echo/apiguard"
	echo5guard "example.com/golden/echo5/apiguard"
	fiberguard "example.com/golden/fiber/apiguard"
	fiber3strictguard "example.com/golden/fiber3-strict/apiguard"
	fiber3guard "example.com/golden/fiber3/apiguard"
	ginguard "example.com/golden/gin/apiguard"
	gorillaguard "example.com/golden/gorilla/apiguard"
	irisstrictguard "example.com/golden/iris-strict/apiguard"
	irisguard "example.com/golden/iris/apiguard"
	stdhttpguard "example.com/golden/std-http/apiguard"
)

// TestUnimplementedServer: behind the guards, and only there, every operation answers 501.
func TestUnimplementedServer(t *testing.T) {
	a, c, o := &auth{}, (*checks)(new(probe)), quiet()
	echo, gin, fiber, fiber3, iris, irisStrict := newEcho(), newGin(), newFiber(), newFiber3(), newIris(), newIris()
	servers := map[string]mounted{
		"chi":    must(t)(mountHTTP(chiguard.Handler(chiguard.UnimplementedServer[*caller]{}, a, c, o))),
		"echo":   must(t)(mountEcho(echo, echoguard.RegisterHandlers(echo, echoguard.UnimplementedServer[*caller]{}, a, c, o))),
		"gin":    must(t)(mountGin(gin, ginguard.RegisterHandlers(gin, ginguard.UnimplementedServer[*caller]{}, a, c, o))),
		"fiber":  must(t)(mountFiber(fiber, fiberguard.RegisterHandlers(fiber, fiberguard.UnimplementedServer[*caller]{}, a, c, o))),
		"iris":   must(t)(mountIris(iris, irisguard.RegisterHandlers(iris, irisguard.UnimplementedServer[*caller]{}, a, c, o))),
		"strict": must(t)(mountHTTP(chistrictguard.Handler(chistrictguard.UnimplementedStrictServer[*caller]{}, a, c, o))),
		"fiber3-strict": must(t)(mountFiber3(fiber3, fiber3strictguard.RegisterHandlers(
			fiber3, fiber3strictguard.UnimplementedStrictServer[*caller]{}, a, c, o))),
		"iris-strict": must(t)(mountIris(irisStrict, irisstrictguard.RegisterHandlers(
			irisStrict, irisstrictguard.UnimplementedStrictServer[*caller]{}, a, c, o))),
	}
	for name, server := range servers {
		for _, test := range []struct {
			target string
			header http.Header
			status int
		}{
			{"/health", nil, 501},
			{"/catalogue", nil, 501},
			{"/catalogue", bearer("customer"), 501},
			{"/catalogue", bearer("nobody"), 401},
			{"/admin/users/self", bearer("admin"), 501},
			{"/admin/users/self", nil, 401},
		} {
			r := httptest.NewRequest("GET", test.target, nil)
			r.Header = test.header
			w := httptest.NewRecorder()
			if server.ServeHTTP(w, r); w.Code != test.status {
				t.Errorf("%s: GET %s: %d %q, want %d", name, test.target, w.Code, w.Body, test.status)
			}
		}
	}
}

// knowsNobody is an authenticator that knows nobody.
type knowsNobody struct{ auth }

func (*knowsNobody) BearerAuth(context.Context, guard.BearerToken) (*caller, error) {
	return nil, guard.Invalid(nil)
}

// TestTwoAPIsOnOneRouter: the guards of each ask their own authenticator, and each base URL has its own.
func TestTwoAPIsOnOneRouter(t *testing.T) {
	ours, theirs := new(probe), new(probe)
	std, chi, gorilla := http.NewServeMux(), chi5.NewRouter(), mux.NewRouter()
	echo, echo5, gin, fiber, fiber3, iris := newEcho(), newEcho5(), newGin(), newFiber(), newFiber3(), newIris()
	register := map[string]func(string, *probe, authenticator) (mounted, error){
		"std-http": func(base string, p *probe, a authenticator) (mounted, error) {
			o := stdHttpOptions(options{baseURL: base})
			o.BaseRouter = std
			return mountHTTP(stdhttpguard.HandlerWithOptions[*caller]((*stdHttpServer)(p), a, (*checks)(p), quiet(), o))
		},
		"chi": func(base string, p *probe, a authenticator) (mounted, error) {
			o := chiOptions(options{baseURL: base})
			o.BaseRouter = chi
			return mountHTTP(chiguard.HandlerWithOptions[*caller]((*chiServer)(p), a, (*checks)(p), quiet(), o))
		},
		"gorilla": func(base string, p *probe, a authenticator) (mounted, error) {
			o := gorillaOptions(options{baseURL: base})
			o.BaseRouter = gorilla
			return mountHTTP(gorillaguard.HandlerWithOptions[*caller]((*gorillaServer)(p), a, (*checks)(p), quiet(), o))
		},
		"echo": func(base string, p *probe, a authenticator) (mounted, error) {
			return mountEcho(echo, echoguard.RegisterHandlersWithOptions[*caller](
				echo, (*echoServer)(p), a, (*checks)(p), quiet(), echoOptions(options{baseURL: base})))
		},
		"echo5": func(base string, p *probe, a authenticator) (mounted, error) {
			return mountEcho5(echo5, echo5guard.RegisterHandlersWithOptions[*caller](
				echo5, (*echo5Server)(p), a, (*checks)(p), quiet(), echo5Options(options{baseURL: base})))
		},
		"gin": func(base string, p *probe, a authenticator) (mounted, error) {
			return mountGin(gin, ginguard.RegisterHandlersWithOptions[*caller](
				gin, (*ginServer)(p), a, (*checks)(p), quiet(), ginOptions(options{baseURL: base})))
		},
		"fiber": func(base string, p *probe, a authenticator) (mounted, error) {
			return mountFiber(fiber, fiberguard.RegisterHandlersWithOptions[*caller](
				fiber, (*fiberServer)(p), a, (*checks)(p), quiet(), fiberOptions(options{baseURL: base})))
		},
		"fiber3": func(base string, p *probe, a authenticator) (mounted, error) {
			return mountFiber3(fiber3, fiber3guard.RegisterHandlersWithOptions[*caller](
				fiber3, (*fiber3Server)(p), a, (*checks)(p), quiet(), fiber3Options(options{baseURL: base})))
		},
		"iris": func(base string, p *probe, a authenticator) (mounted, error) {
			return mountIris(iris, irisguard.RegisterHandlersWithOptions[*caller](
				iris, (*irisServer)(p), a, (*checks)(p), quiet(), irisOptions(options{baseURL: base})))
		},
	}
	for name, add := range register {
		must(t)(add("/ours", ours, &auth{}))
		server := must(t)(add("/theirs", theirs, &knowsNobody{}))
		ours.runs.Store(0)
		for target, want := range map[string]int{"/ours/admin/users/self": 200, "/theirs/admin/users/self": 401, "/theirs/health": 200, "/admin/users/self": 404} {
			r := httptest.NewRequest("GET", target, nil)
			r.Header = bearer("admin")
			w := httptest.NewRecorder()
			if server.ServeHTTP(w, r); w.Code != want {
				t.Errorf("%s: GET %s: %d %s, want %d", name, target, w.Code, w.Body, want)
			}
		}
		if ours.runs.Load() != 1 {
			t.Errorf("%s: the handlers of the first API ran %d times", name, ours.runs.Load())
		}
	}
}
