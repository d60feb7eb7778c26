package framework

import (
	"github.com/oapi-codegen/oapi-codegen/v2/pkg/codegen"

	"github.com/oapi-guard/oapi-guard/generator/internal/routers"
)

// The frameworks of oapi-codegen v2.8.
const (
	StdHTTP Framework = "std-http"
	Chi     Framework = "chi"
	Gorilla Framework = "gorilla"
	Echo    Framework = "echo"
	Echo5   Framework = "echo5"
	Gin     Framework = "gin"
	Fiber   Framework = "fiber"
	Fiber3  Framework = "fiber3"
	Iris    Framework = "iris"
)

// Plain is net/http without a generated server: handlers of the program's own, each behind its guard. It is not a
// framework of oapi-codegen, and not in the table.
const Plain Framework = "plain"

// plain is the row of [Plain].
func plain() row {
	return row{
		key: Plain, family: "nethttp", pattern: codegen.SwaggerUriToStdHttpUri, router: routers.ServeMux(), handler: netHTTP,
	}
}

// row is everything that distinguishes a framework.
type row struct {
	key Framework
	// generateKey, selected and words are about oapi-codegen's configuration.
	generateKey string
	selected    func(codegen.GenerateOptions) bool
	words       []string
	// family is the folder of the shared templates.
	family string
	// pattern, router and routerImport are about the router.
	pattern      func(path string) string
	router       routers.Router
	routerImport string
	// optionsType, middlewareFunc, receiverParams and handler are about the code that oapi-codegen writes.
	optionsType    string
	middlewareFunc bool // it declares the type MiddlewareFunc
	receiverParams int
	handler        Handler
}

// table has a row for each framework. Nothing changes it.
var table = [...]row{
	{
		key: StdHTTP, generateKey: "std-http-server",
		selected: func(o codegen.GenerateOptions) bool { return o.StdHTTPServer },
		words:    []string{"stdhttp", "std", "stdlib", "nethttp", "net/http", "http", "servemux"},
		family:   "nethttp", pattern: codegen.SwaggerUriToStdHttpUri, router: routers.StdHTTP(),
		optionsType: "StdHTTPServerOptions", middlewareFunc: true, receiverParams: 3, handler: netHTTP,
	},
	{
		key: Chi, generateKey: "chi-server",
		selected: func(o codegen.GenerateOptions) bool { return o.ChiServer },
		words:    []string{"chi", "chiv5", "chi5", "gochi"},
		family:   "nethttp", pattern: codegen.SwaggerUriToChiUri, router: routers.Chi(), routerImport: "github.com/go-chi/chi/v5",
		optionsType: "ChiServerOptions", middlewareFunc: true, receiverParams: 3, handler: netHTTP,
	},
	{
		key: Gorilla, generateKey: "gorilla-server",
		selected: func(o codegen.GenerateOptions) bool { return o.GorillaServer },
		words:    []string{"gorilla", "mux", "gorillamux"},
		family:   "nethttp", pattern: codegen.SwaggerUriToGorillaUri, router: routers.Gorilla(), routerImport: "github.com/gorilla/mux",
		optionsType: "GorillaServerOptions", middlewareFunc: true, receiverParams: 3, handler: netHTTP,
	},
	{
		key: Echo, generateKey: "echo-server",
		selected: func(o codegen.GenerateOptions) bool { return o.EchoServer },
		words:    []string{"echo", "echov4", "echo4"},
		family:   "echo", pattern: codegen.SwaggerUriToEchoUri, router: routers.Echo(), routerImport: "github.com/labstack/echo/v4",
		optionsType: "RegisterHandlersOptions", receiverParams: 2,
		handler: Handler{Type: "echo.HandlerFunc", Params: []Param{{"ctx", "echo.Context"}}, Results: " error", Router: "EchoRouter"},
	},
	{
		key: Echo5, generateKey: "echo5-server",
		selected: func(o codegen.GenerateOptions) bool { return o.Echo5Server },
		words:    []string{"echo5", "echov5"},
		family:   "echo", pattern: codegen.SwaggerUriToEchoUri, router: routers.Echo5(), routerImport: "github.com/labstack/echo/v5",
		optionsType: "RegisterHandlersOptions", receiverParams: 2,
		handler: Handler{Type: "echo.HandlerFunc", Params: []Param{{"ctx", "*echo.Context"}}, Results: " error", Router: "EchoRouter"},
	},
	{
		key: Gin, generateKey: "gin-server",
		selected: func(o codegen.GenerateOptions) bool { return o.GinServer },
		words:    []string{"gin", "gingonic"},
		family:   "gin", pattern: codegen.SwaggerUriToGinUri, router: routers.Gin(), routerImport: "github.com/gin-gonic/gin",
		optionsType: "GinServerOptions", middlewareFunc: true, receiverParams: 1,
		handler: Handler{
			Type: "gin.HandlerFunc", Params: []Param{{"c", "*gin.Context"}}, Router: "gin.IRouter",
			StrictOptions: "StrictGinServerOptions",
		},
	},
	{
		key: Fiber, generateKey: "fiber-server",
		selected: func(o codegen.GenerateOptions) bool { return o.FiberServer },
		words:    []string{"fiber", "fiberv2", "fiber2"},
		family:   "fiber", pattern: codegen.SwaggerUriToFiberUri, router: routers.Fiber(), routerImport: "github.com/gofiber/fiber/v2",
		optionsType: "FiberServerOptions", receiverParams: 1,
		handler: Handler{Type: "fiber.Handler", Params: []Param{{"c", "*fiber.Ctx"}}, Results: " error", Router: "fiber.Router"},
	},
	{
		key: Fiber3, generateKey: "fiber-v3-server",
		selected: func(o codegen.GenerateOptions) bool { return o.FiberV3Server },
		words:    []string{"fiberv3", "fiber3"},
		family:   "fiber", pattern: codegen.SwaggerUriToFiberUri, router: routers.Fiber3(), routerImport: "github.com/gofiber/fiber/v3",
		optionsType: "FiberServerOptions", receiverParams: 1,
		handler: Handler{Type: "fiber.Handler", Params: []Param{{"c", "fiber.Ctx"}}, Results: " error", Router: "fiber.Router"},
	},
	{
		key: Iris, generateKey: "iris-server",
		selected: func(o codegen.GenerateOptions) bool { return o.IrisServer },
		words:    []string{"iris", "irisv12", "iris12"},
		family:   "iris", pattern: codegen.SwaggerUriToIrisUri, router: routers.Iris(), routerImport: "github.com/kataras/iris/v12",
		optionsType: "IrisServerOptions", receiverParams: 1,
		handler: Handler{Type: "iris.Handler", Params: []Param{{"ctx", "iris.Context"}}, Router: "*iris.Application"},
	},
}

// netHTTP is the form of handlers that std-http, chi and gorilla share.
var netHTTP = Handler{
	Type:          "http.HandlerFunc",
	Params:        []Param{{"w", "http.ResponseWriter"}, {"r", "*http.Request"}},
	StrictOptions: "StrictHTTPServerOptions",
}
