package conformance

import (
	"io"
	"net/http"
	"testing"

	fiber2 "github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v3"
	"github.com/kataras/iris/v12"
	echo4 "github.com/labstack/echo/v4"
	"github.com/labstack/echo/v5"
	"github.com/oapi-codegen/runtime/types"

	echo4api "github.com/oapi-guard/oapi-guard/examples/echo/api"
	echo4guard "github.com/oapi-guard/oapi-guard/examples/echo/apiguard"
	echoapi "github.com/oapi-guard/oapi-guard/examples/echo5/api"
	echoguard "github.com/oapi-guard/oapi-guard/examples/echo5/apiguard"
	fiber2api "github.com/oapi-guard/oapi-guard/examples/fiber/api"
	fiber2guard "github.com/oapi-guard/oapi-guard/examples/fiber/apiguard"
	fiberapi "github.com/oapi-guard/oapi-guard/examples/fiber3/api"
	fiberguard "github.com/oapi-guard/oapi-guard/examples/fiber3/apiguard"
	irisapi "github.com/oapi-guard/oapi-guard/examples/iris/api"
	irisguard "github.com/oapi-guard/oapi-guard/examples/iris/apiguard"
	"github.com/oapi-guard/oapi-guard/examples/library"
	guard "github.com/oapi-guard/oapi-guard/runtime"
)

type echo4Server struct {
	echo4guard.Server[*library.Member]
	*trace
}

func (s echo4Server) GetLoan(echo4.Context, *library.Member, types.UUID) error {
	s.mark("handler")
	return nil
}

func mountEcho(t *testing.T, tr *trace) http.Handler {
	middleware := func(place string) echo4.MiddlewareFunc {
		return func(next echo4.HandlerFunc) echo4.HandlerFunc {
			return func(c echo4.Context) error {
				tr.mark(place)
				return next(c)
			}
		}
	}
	e := echo4.New()
	e.Pre(middleware("Pre"))
	e.Use(middleware("Use"))
	must(t, echo4guard.RegisterHandlersWithOptions(e, echo4Server{nil, tr}, library.NewAuth(), guard.Options{}, echo4api.RegisterHandlersOptions{
		OperationMiddlewares: map[string][]echo4.MiddlewareFunc{"getLoan": {middleware("OperationMiddlewares")}},
	}))
	return e
}

type echoServer struct {
	echoguard.Server[*library.Member]
	*trace
}

func (s echoServer) GetLoan(*echo.Context, *library.Member, types.UUID) error {
	s.mark("handler")
	return nil
}

func mountEcho5(t *testing.T, tr *trace) http.Handler {
	middleware := func(place string) echo.MiddlewareFunc {
		return func(next echo.HandlerFunc) echo.HandlerFunc {
			return func(c *echo.Context) error {
				tr.mark(place)
				return next(c)
			}
		}
	}
	e := echo.New()
	e.Pre(middleware("Pre"))
	e.Use(middleware("Use"))
	must(t, echoguard.RegisterHandlersWithOptions(e, echoServer{nil, tr}, library.NewAuth(), guard.Options{}, echoapi.RegisterHandlersOptions{
		OperationMiddlewares: map[string][]echo.MiddlewareFunc{"getLoan": {middleware("OperationMiddlewares")}},
	}))
	return e
}

type fiber2Server struct {
	fiber2guard.Server[*library.Member]
	*trace
}

func (s fiber2Server) GetLoan(*fiber2.Ctx, *library.Member, types.UUID) error {
	s.mark("handler")
	return nil
}

func mountFiber(t *testing.T, tr *trace) http.Handler {
	middleware := func(place string) fiber2.Handler {
		return func(c *fiber2.Ctx) error {
			tr.mark(place)
			return c.Next()
		}
	}
	app := fiber2.New()
	app.Use(middleware("Use"))
	must(t, fiber2guard.RegisterHandlersWithOptions(app, fiber2Server{nil, tr}, library.NewAuth(), guard.Options{}, fiber2api.FiberServerOptions{
		Middlewares: []fiber2api.MiddlewareFunc{fiber2api.MiddlewareFunc(middleware("Middlewares"))},
		HandlerMiddlewares: []fiber2api.HandlerMiddlewareFunc{func(c *fiber2.Ctx, next fiber2.Handler) error {
			tr.mark("HandlerMiddlewares")
			return next(c)
		}},
	}))
	return fromFiber(t, func(r *http.Request) (*http.Response, error) { return app.Test(r) })
}

type fiberServer struct {
	fiberguard.Server[*library.Member]
	*trace
}

func (s fiberServer) GetLoan(fiber.Ctx, *library.Member, types.UUID) error {
	s.mark("handler")
	return nil
}

func mountFiber3(t *testing.T, tr *trace) http.Handler {
	middleware := func(place string) fiber.Handler {
		return func(c fiber.Ctx) error {
			tr.mark(place)
			return c.Next()
		}
	}
	app := fiber.New()
	app.Use(middleware("Use"))
	must(t, fiberguard.RegisterHandlersWithOptions(app, fiberServer{nil, tr}, library.NewAuth(), guard.Options{}, fiberapi.FiberServerOptions{
		Middlewares: []fiberapi.MiddlewareFunc{fiberapi.MiddlewareFunc(middleware("Middlewares"))},
		HandlerMiddlewares: []fiberapi.HandlerMiddlewareFunc{func(c fiber.Ctx, next fiber.Handler) error {
			tr.mark("HandlerMiddlewares")
			return next(c)
		}},
	}))
	return fromFiber(t, func(r *http.Request) (*http.Response, error) { return app.Test(r) })
}

// fromFiber is an app of fiber's, which is no http.Handler.
func fromFiber(t *testing.T, test func(*http.Request) (*http.Response, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		response, err := test(r)
		must(t, err)
		defer response.Body.Close()
		w.WriteHeader(response.StatusCode)
		_, err = io.Copy(w, response.Body)
		must(t, err)
	})
}

type irisServer struct {
	irisguard.Server[*library.Member]
	*trace
}

func (s irisServer) GetLoan(iris.Context, *library.Member, types.UUID) { s.mark("handler") }

func mountIris(t *testing.T, tr *trace) http.Handler {
	middleware := func(place string) iris.Handler {
		return func(ctx iris.Context) {
			tr.mark(place)
			ctx.Next()
		}
	}
	app := iris.New()
	app.UseRouter(middleware("UseRouter"))
	app.UseGlobal(middleware("UseGlobal"))
	app.Use(middleware("Use"))
	must(t, irisguard.RegisterHandlersWithOptions(app, irisServer{nil, tr}, library.NewAuth(), guard.Options{}, irisapi.IrisServerOptions{
		Middlewares: []irisapi.MiddlewareFunc{irisapi.MiddlewareFunc(middleware("Middlewares"))},
	}))
	return app
}
