package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/adaptor"
	fiber3 "github.com/gofiber/fiber/v3"
	adaptor3 "github.com/gofiber/fiber/v3/middleware/adaptor"
	"github.com/gorilla/mux"
	"github.com/kataras/iris/v12"
	"github.com/labstack/echo/v4"
	echo5 "github.com/labstack/echo/v5"

	"github.com/oapi-guard/oapi-guard/examples/discovery/apiguard"
	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/metadata"
)

// mounts are the lines of docs/METADATA.md, one for each framework.
var mounts = map[string]func(wellKnown *metadata.Handler) http.Handler{
	"std-http": func(wellKnown *metadata.Handler) http.Handler {
		mux := http.NewServeMux()
		mux.Handle(wellKnown.Path(), wellKnown)
		return mux
	},
	"chi": func(wellKnown *metadata.Handler) http.Handler {
		router := chi.NewRouter()
		router.Handle(wellKnown.Path(), wellKnown)
		return router
	},
	"gorilla": func(wellKnown *metadata.Handler) http.Handler {
		router := mux.NewRouter()
		router.Handle(wellKnown.Path(), wellKnown)
		return router
	},
	"echo": func(wellKnown *metadata.Handler) http.Handler {
		router := echo.New()
		router.Any(wellKnown.Path(), echo.WrapHandler(wellKnown))
		return router
	},
	"echo5": func(wellKnown *metadata.Handler) http.Handler {
		router := echo5.New()
		router.Any(wellKnown.Path(), echo5.WrapHandler(wellKnown))
		return router
	},
	"gin": func(wellKnown *metadata.Handler) http.Handler {
		gin.SetMode(gin.ReleaseMode)
		router := gin.New()
		router.Any(wellKnown.Path(), gin.WrapH(wellKnown))
		return router
	},
	"fiber": func(wellKnown *metadata.Handler) http.Handler {
		app := fiber.New()
		app.All(wellKnown.Path(), adaptor.HTTPHandler(wellKnown))
		return tested(func(r *http.Request) (*http.Response, error) { return app.Test(r) })
	},
	"fiber3": func(wellKnown *metadata.Handler) http.Handler {
		app := fiber3.New()
		app.All(wellKnown.Path(), adaptor3.HTTPHandler(wellKnown))
		return tested(func(r *http.Request) (*http.Response, error) { return app.Test(r) })
	},
	"iris": func(wellKnown *metadata.Handler) http.Handler {
		app := iris.New()
		app.Any(wellKnown.Path(), iris.FromStd(wellKnown))
		if err := app.Build(); err != nil {
			panic(err)
		}
		return app
	},
}

// tested is a framework that answers requests without a socket.
type tested func(*http.Request) (*http.Response, error)

func (f tested) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	response, err := f(r)
	if err != nil {
		panic(err)
	}
	defer response.Body.Close()
	for name, values := range response.Header {
		w.Header()[name] = values
	}
	w.WriteHeader(response.StatusCode)
	io.Copy(w, response.Body)
}

func TestMounts(t *testing.T) {
	if len(mounts) != 9 {
		t.Fatalf("%d frameworks", len(mounts))
	}
	for _, identifier := range []string{"https://api.example.com", "https://api.example.com/v1/notes"} {
		wellKnown, err := apiguard.ProtectedResource(guard.Options{Resource: identifier}).Handler()
		if err != nil {
			t.Fatal(err)
		}
		for name, mount := range mounts {
			t.Run(name+strings.TrimPrefix(identifier, "https://api.example.com"), func(t *testing.T) {
				testMount(t, mount(wellKnown), wellKnown, identifier)
			})
		}
	}
}

func testMount(t *testing.T, h http.Handler, wellKnown *metadata.Handler, identifier string) {
	ask := func(method string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequestWithContext(context.Background(), method, wellKnown.Path(), nil))
		return w
	}
	got := ask(http.MethodGet)
	var d document
	if err := json.Unmarshal(got.Body.Bytes(), &d); got.Code != http.StatusOK || err != nil || d.Resource != identifier {
		t.Errorf("GET: %d %s %v", got.Code, got.Body, err)
	}
	for name, want := range map[string]string{
		"Content-Type": "application/json", "Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=3600",
	} {
		if got.Header().Get(name) != want {
			t.Errorf("GET: %s: %q", name, got.Header().Get(name))
		}
	}
	for method, status := range map[string]int{
		http.MethodHead: http.StatusOK, http.MethodOptions: http.StatusNoContent, http.MethodPost: http.StatusMethodNotAllowed, http.MethodDelete: http.StatusMethodNotAllowed,
	} {
		if got := ask(method); got.Code != status || status == http.StatusMethodNotAllowed && got.Header().Get("Allow") != "GET, HEAD, OPTIONS" {
			t.Errorf("%s: %d %s", method, got.Code, got.Header())
		}
	}
}
