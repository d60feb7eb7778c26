package server

import (
	"strings"

	"github.com/oapi-codegen/oapi-codegen/v2/pkg/codegen"
)

// Framework is a server that oapi-codegen generates code for.
type Framework string

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

// Frameworks are all frameworks of oapi-codegen, in the order of their constants.
func Frameworks() []Framework {
	return []Framework{StdHTTP, Chi, Gorilla, Echo, Echo5, Gin, Fiber, Fiber3, Iris}
}

// GenerateKey is the key that selects the framework below "generate:" in oapi-codegen's configuration.
func (f Framework) GenerateKey() string {
	if f == Fiber3 {
		return "fiber-v3-server"
	}
	return string(f) + "-server"
}

// Pattern is the route pattern that oapi-codegen registers for a path of the OpenAPI document.
func (f Framework) Pattern(path string) string {
	switch f {
	case StdHTTP:
		return codegen.SwaggerUriToStdHttpUri(path)
	case Chi:
		return codegen.SwaggerUriToChiUri(path)
	case Gorilla:
		return codegen.SwaggerUriToGorillaUri(path)
	case Echo, Echo5:
		return codegen.SwaggerUriToEchoUri(path)
	case Gin:
		return codegen.SwaggerUriToGinUri(path)
	case Fiber, Fiber3:
		return codegen.SwaggerUriToFiberUri(path)
	}
	return codegen.SwaggerUriToIrisUri(path)
}

// registerFunc is the function in which oapi-codegen's output registers every operation.
func (f Framework) registerFunc() string {
	if f.usesNetHTTP() {
		return "HandlerWithOptions"
	}
	return "RegisterHandlersWithOptions"
}

func (f Framework) usesNetHTTP() bool { return f == StdHTTP || f == Chi || f == Gorilla }

// OptionsType is the type of the last parameter of registerFunc.
func (f Framework) OptionsType() string {
	switch f {
	case StdHTTP:
		return "StdHTTPServerOptions"
	case Chi:
		return "ChiServerOptions"
	case Gorilla:
		return "GorillaServerOptions"
	case Echo, Echo5:
		return "RegisterHandlersOptions"
	case Gin:
		return "GinServerOptions"
	case Fiber, Fiber3:
		return "FiberServerOptions"
	}
	return "IrisServerOptions"
}

// RouterImport is the package of the framework's router, empty for net/http.
func (f Framework) RouterImport() string {
	switch f {
	case Chi:
		return "github.com/go-chi/chi/v5"
	case Gorilla:
		return "github.com/gorilla/mux"
	case Echo:
		return "github.com/labstack/echo/v4"
	case Echo5:
		return "github.com/labstack/echo/v5"
	case Gin:
		return "github.com/gin-gonic/gin"
	case Fiber:
		return "github.com/gofiber/fiber/v2"
	case Fiber3:
		return "github.com/gofiber/fiber/v3"
	case Iris:
		return "github.com/kataras/iris/v12"
	}
	return ""
}

// handlerParams are the types of the parameters that a handler has of its own, by import path.
func (f Framework) handlerParams() []string {
	switch f {
	case Echo, Iris:
		return []string{f.RouterImport() + ".Context"}
	case Echo5, Gin:
		return []string{"*" + f.RouterImport() + ".Context"}
	case Fiber:
		return []string{"*" + f.RouterImport() + ".Ctx"}
	case Fiber3:
		return []string{f.RouterImport() + ".Ctx"}
	}
	return []string{"net/http.ResponseWriter", "*net/http.Request"}
}

// returnsError reports whether a handler returns an error.
func (f Framework) returnsError() bool { return f == Echo || f == Echo5 || f == Fiber || f == Fiber3 }

// needs are the package-level names, beside ServerInterface, that guards refer to.
func (f Framework) needs(strict bool) []string {
	names := []string{"ServerInterfaceWrapper", f.OptionsType(), f.registerFunc()}
	if f.usesNetHTTP() || f == Gin {
		names = append(names, "MiddlewareFunc")
	}
	if !strict {
		return names
	}
	names = append(names, "NewStrictHandler", "StrictMiddlewareFunc")
	if f.usesNetHTTP() {
		names = append(names, "NewStrictHandlerWithOptions", "StrictHTTPServerOptions")
	}
	return names
}

// shape is a path or pattern without its parameters' names, which routers may have renamed ({order-id} is
// {order_id} for net/http), and without the {$} by which net/http ends a pattern.
func shape(path string) string {
	var b strings.Builder
	path = strings.TrimSuffix(path, "{$}")
	for {
		before, rest, found := strings.Cut(path, "{")
		_, after, closed := strings.Cut(rest, "}")
		if !found || !closed {
			b.WriteString(path)
			return b.String()
		}
		b.WriteString(before + "{}")
		path = after
	}
}
