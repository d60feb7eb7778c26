package main

import "strings"

// router is what the template has to know of a framework.
type router struct {
	// title ends the names of the helpers for the framework that are written by hand.
	title, name, path, options, newRouter string
	// context is the type of the framework's context, request the context.Context of a request.
	context, request string
	// nilRouters are the types of router of which a nil pointer is not a nil interface.
	nilRouters []string
}

// routers are the frameworks by the folder of their cases.
var routers = map[string]router{
	"std-http": {
		title: "HTTP", options: "StdHTTPServerOptions", newRouter: "http.NewServeMux()",
		request: "r.Context()", nilRouters: []string{"*http.ServeMux"},
	},
	"chi": {
		title: "HTTP", name: "chi", path: "github.com/go-chi/chi/v5", options: "ChiServerOptions", newRouter: "chi.NewRouter()",
		request: "r.Context()", nilRouters: []string{"*chi.Mux"},
	},
	"gorilla": { // its BaseRouter is a pointer: nil asks for a new router
		title: "HTTP", name: "mux", path: "github.com/gorilla/mux", options: "GorillaServerOptions", newRouter: "mux.NewRouter()",
		request: "r.Context()",
	},
	"echo": {
		title: "Echo", name: "echo", path: "github.com/labstack/echo/v4", options: "RegisterHandlersOptions",
		context: "echo.Context", request: "ctx.Request().Context()", nilRouters: []string{"*echo.Echo", "*echo.Group"},
	},
	"echo5": {
		title: "Echo5", name: "echo", path: "github.com/labstack/echo/v5", options: "RegisterHandlersOptions",
		context: "*echo.Context", request: "ctx.Request().Context()", nilRouters: []string{"*echo.Echo", "*echo.Group"},
	},
	"gin": {
		title: "Gin", name: "gin", path: "github.com/gin-gonic/gin", options: "GinServerOptions",
		context: "*gin.Context", request: "ctx.Request.Context()", nilRouters: []string{"*gin.Engine", "*gin.RouterGroup"},
	},
	"fiber": {
		title: "Fiber", name: "fiber", path: "github.com/gofiber/fiber/v2", options: "FiberServerOptions",
		context: "*fiber.Ctx", request: "ctx.UserContext()", nilRouters: []string{"*fiber.App", "*fiber.Group"},
	},
	"fiber3": {
		title: "Fiber3", name: "fiber", path: "github.com/gofiber/fiber/v3", options: "FiberServerOptions",
		context: "fiber.Ctx", request: "ctx.Context()", nilRouters: []string{"*fiber.App", "*fiber.Group"},
	},
	"iris": {
		title: "Iris", name: "iris", path: "github.com/kataras/iris/v12", options: "IrisServerOptions",
		context: "iris.Context", request: "ctx.Request().Context()",
	},
}

// Title ends the names of the helpers for the framework.
func (c Case) Title() string { return routers[c.Framework].title }

// OptionsType is the type of oapi-codegen's options.
func (c Case) OptionsType() string { return routers[c.Framework].options }

// NewRouter is a new router of a framework for which the guards make a handler.
func (c Case) NewRouter() string { return routers[c.Framework].newRouter }

// NilRouters are the types of router that can be nil inside of an interface.
func (c Case) NilRouters() []string { return routers[c.Framework].nilRouters }

// FrameworkContext is the type of the framework's context.
func (c Case) FrameworkContext() string { return routers[c.Framework].context }

// StrictContext is where a strict middleware finds the request's context.
func (c Case) StrictContext() string { return routers[c.Framework].request }

// Context is where a method of oapi-codegen's interface finds the request's context.
func (c Case) Context(m Method) string {
	if c.Strict {
		return m.Framework[0]
	}
	name := m.Framework[len(m.Framework)-1]
	return name + strings.TrimLeft(routers[c.Framework].request, "abcdefghijklmnopqrstuvwxyz")
}
