package conformance

import (
	"net/http"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/gorilla/mux"
	"github.com/oapi-codegen/runtime/types"

	chiapi "github.com/oapi-guard/oapi-guard/examples/chi/api"
	chiguard "github.com/oapi-guard/oapi-guard/examples/chi/apiguard"
	ginapi "github.com/oapi-guard/oapi-guard/examples/gin/api"
	ginguard "github.com/oapi-guard/oapi-guard/examples/gin/apiguard"
	gorillaapi "github.com/oapi-guard/oapi-guard/examples/gorilla/api"
	gorillaguard "github.com/oapi-guard/oapi-guard/examples/gorilla/apiguard"
	"github.com/oapi-guard/oapi-guard/examples/library"
	stdapi "github.com/oapi-guard/oapi-guard/examples/std-http/api"
	stdguard "github.com/oapi-guard/oapi-guard/examples/std-http/apiguard"
	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// Of each server only GetLoan is called: the other methods are those of a nil interface.

// around is a middleware of net/http.
func (tr *trace) around(place string) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			tr.mark(place)
			next.ServeHTTP(w, r)
		})
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

type stdServer struct {
	stdguard.Server[*library.Member]
	*trace
}

func (s stdServer) GetLoan(http.ResponseWriter, *http.Request, *library.Member, types.UUID) {
	s.mark("handler")
}

func mountStdHTTP(t *testing.T, tr *trace) http.Handler {
	h, err := stdguard.HandlerWithOptions(stdServer{nil, tr}, library.NewAuth(), guard.Options{}, stdapi.StdHTTPServerOptions{
		Middlewares: []stdapi.MiddlewareFunc{tr.around("Middlewares")},
	})
	must(t, err)
	return tr.around("around")(h)
}

type chiServer struct {
	chiguard.Server[*library.Member]
	*trace
}

func (s chiServer) GetLoan(http.ResponseWriter, *http.Request, *library.Member, types.UUID) {
	s.mark("handler")
}

func mountChi(t *testing.T, tr *trace) http.Handler {
	router := chi.NewRouter()
	router.Use(tr.around("Use"))
	h, err := chiguard.HandlerWithOptions(chiServer{nil, tr}, library.NewAuth(), guard.Options{}, chiapi.ChiServerOptions{
		BaseRouter:  router,
		Middlewares: []chiapi.MiddlewareFunc{tr.around("Middlewares")},
	})
	must(t, err)
	return h
}

type gorillaServer struct {
	gorillaguard.Server[*library.Member]
	*trace
}

func (s gorillaServer) GetLoan(http.ResponseWriter, *http.Request, *library.Member, types.UUID) {
	s.mark("handler")
}

func mountGorilla(t *testing.T, tr *trace) http.Handler {
	router := mux.NewRouter()
	router.Use(tr.around("Use"))
	h, err := gorillaguard.HandlerWithOptions(gorillaServer{nil, tr}, library.NewAuth(), guard.Options{}, gorillaapi.GorillaServerOptions{
		BaseRouter:  router,
		Middlewares: []gorillaapi.MiddlewareFunc{tr.around("Middlewares")},
	})
	must(t, err)
	return h
}

type ginServer struct {
	ginguard.Server[*library.Member]
	*trace
}

func (s ginServer) GetLoan(*gin.Context, *library.Member, types.UUID) { s.mark("handler") }

func mountGin(t *testing.T, tr *trace) http.Handler {
	gin.SetMode(gin.TestMode)
	router := gin.New()
	router.Use(func(*gin.Context) { tr.mark("Use") })
	must(t, ginguard.RegisterHandlersWithOptions(router, ginServer{nil, tr}, library.NewAuth(), guard.Options{}, ginapi.GinServerOptions{
		Middlewares: []ginapi.MiddlewareFunc{func(*gin.Context) { tr.mark("Middlewares") }},
	}))
	return router
}
