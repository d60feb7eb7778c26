// Package generated holds everything that the generator's Go code knows of the code it generates and of the runtime
// that this code calls. The templates are the other place.
package generated

const (
	// Runtime is the import path of the runtime, and RuntimeName the name of its package.
	Runtime     = "github.com/oapi-guard/oapi-guard/runtime"
	RuntimeName = "guard"
	// Gen is the import path of what only generated code calls, and GenName the name of that package.
	Gen     = Runtime + "/gen"
	GenName = "gen"
	// Handshake is the constant of the runtime that generated code needs to compile. It changes when a runtime can
	// no longer serve older guards.
	Handshake = "Generation2"
)

// Reserved are the identifiers that the templates use where they would shadow the name of a package.
func Reserved() []string {
	return []string{
		"add", "admitted", "answered", "auth", "baseURL", "bind", "binding", "body", "c", "caller", "callers", "check",
		"checked", "checkedRequest", "checks", "ctx", "e", "err", "errHandler", "exchange", "field", "fields", "g", "guarded",
		"guardedRequest", "guards", "h", "init", "known", "line", "lines", "linker", "list", "m", "method", "methods",
		"middlewares", "mount", "name", "newGuards", "newWrapper", "next", "notFound", "o", "ok", "options", "pattern",
		"public", "q", "query", "r", "received", "receiver", "request", "response", "router", "routes", "server",
		"serverOptions", "status", "strictOptions", "taken", "unserved", "value", "w", "webhookRequest", "callbackRequest",
		"wrapper", "wrapping", "x", "P",
		"Authenticator", "CallbackReceiver", "Handler", "HandlerFromServerInterface", "HandlerWithOptions", "NotFound",
		"Policy", "Principal", "RegisterHandlers", "RegisterHandlersFromServerInterface", "RegisterHandlersWithOptions",
		"ResourceChecker", "Server", "StrictOptions", "StrictServer", "WebhookReceiver",
	}
}
