package golden

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/gofiber/fiber/v2"
	fiber3 "github.com/gofiber/fiber/v3"
	"github.com/gorilla/mux"
	"github.com/kataras/iris/v12"
	"github.com/labstack/echo/v4"
	echo5 "github.com/labstack/echo/v5"

	"github.com/oapi-guard/oapi-guard/runtime/guardtest"
)

// forgotten is the path of a route that somebody added past the document.
const forgotten = "/debug/vars"

// guardtest.Routes finds the routes of every router that can list them covered, at the root and below a base path, and names
// one that no operation covers. std-http is left out, because http.ServeMux cannot list its routes.
func TestRoutesOfAllServers(t *testing.T) {
	for _, s := range servers {
		if s.framework == "std-http" {
			continue
		}
		for _, base := range []string{"", "/v1"} {
			t.Run(s.name+base, func(t *testing.T) {
				m, err := s.typed(&probe{}, &minting{}, options{baseURL: base})
				if err != nil {
					t.Fatal(err)
				}
				clean, dirty := &reports{}, &reports{}
				guardtest.Routes(clean, s.policy(), base, routesOf(t, m))
				if len(clean.failures) > 0 {
					t.Errorf("the document has them: %q", clean.failures)
				}
				forget(m)
				guardtest.Routes(dirty, s.policy(), base, routesOf(t, m))
				if len(dirty.failures) == 0 || slices.ContainsFunc(dirty.failures, func(f string) bool { return !strings.Contains(f, forgotten) }) {
					t.Errorf("want only %s to be named: %q", forgotten, dirty.failures)
				}
			})
		}
	}
}

// forget adds a route to the router.
func forget(m mounted) {
	nothing := func(http.ResponseWriter, *http.Request) {}
	switch router := routerOf(m).(type) {
	case chi.Router:
		router.Get(forgotten, nothing)
	case *mux.Router:
		router.HandleFunc(forgotten, nothing)
	case *echo.Echo:
		router.GET(forgotten, func(echo.Context) error { return nil })
	case *echo5.Echo:
		router.GET(forgotten, func(*echo5.Context) error { return nil })
	case *gin.Engine:
		router.GET(forgotten, func(*gin.Context) {})
	case *fiber.App:
		router.Get(forgotten, func(*fiber.Ctx) error { return nil })
	case *fiber3.App:
		router.Get(forgotten, func(fiber3.Ctx) error { return nil })
	case *iris.Application:
		router.Get(forgotten, func(iris.Context) {})
	}
}

// routerOf is the router that a mounted server has.
func routerOf(m mounted) any {
	switch m := m.(type) {
	case *mountedHTTP:
		return m.Handler
	case mountedFiber:
		return m.app
	case mountedFiber3:
		return m.app
	}
	return nil
}

// routesOf lists a router's routes as the documentation of guardtest.Routes does.
func routesOf(t *testing.T, m mounted) []guardtest.Route {
	t.Helper()
	var routes []guardtest.Route
	add := func(method, path string) { routes = append(routes, guardtest.Route{Method: method, Path: path}) }
	switch router := routerOf(m).(type) {
	case chi.Router:
		err := chi.Walk(router, func(method, path string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
			add(method, path)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	case *mux.Router:
		err := router.Walk(func(r *mux.Route, _ *mux.Router, _ []*mux.Route) error {
			path, _ := r.GetPathTemplate()
			methods, _ := r.GetMethods()
			for _, method := range append(methods, "")[:max(1, len(methods))] {
				add(method, path)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	case *echo.Echo:
		for _, r := range router.Routes() {
			add(r.Method, r.Path)
		}
	case *echo5.Echo:
		for _, r := range router.Router().Routes() {
			add(r.Method, r.Path)
		}
	case *gin.Engine:
		for _, r := range router.Routes() {
			add(r.Method, r.Path)
		}
	case *fiber.App:
		for _, r := range router.GetRoutes(true) {
			add(r.Method, r.Path)
		}
	case *fiber3.App:
		for _, r := range router.GetRoutes(true) {
			add(r.Method, r.Path)
		}
	case *iris.Application:
		for _, r := range router.GetRoutes() {
			add(r.Method, r.Path)
		}
	default:
		t.Fatalf("%T is no router of this test", router)
	}
	return routes
}

// reports are the failures of a check that may fail.
type reports struct{ failures []string }

func (*reports) Helper()             {}
func (*reports) Logf(string, ...any) {}
func (r *reports) Errorf(format string, args ...any) {
	r.failures = append(r.failures, fmt.Sprintf(format, args...))
}
