// Package generated holds everything that the generator's Go code knows of the code it generates and of the runtime
// that this code calls. The templates are the other place.
package generated

// The two packages that generated code imports.
const (
	// Runtime is the import path of the runtime.
	Runtime = "github.com/oapi-guard/oapi-guard/runtime"
	// RuntimeName is the name of its package.
	RuntimeName = "guard"
	// Gen is the import path of the package that only generated code calls.
	Gen = Runtime + "/gen"
	// GenName is the name of that package.
	GenName = "gen"
	// Metadata is the import path of the package of protected resource metadata.
	Metadata = Runtime + "/metadata"
	// MetadataName is the name of that package.
	MetadataName = "metadata"
	// Client is the import path of the clients' runtime.
	Client = Runtime + "/client"
	// Guardtest is the import path of the package of tests, and GuardtestName its name.
	Guardtest = Runtime + "/guardtest"
	// GuardtestName is described at Guardtest.
	GuardtestName = "guardtest"
	// Handshake is the constant of the runtime that generated code needs to compile. It changes when a runtime can
	// no longer serve older guards.
	Handshake = "Generation2"
)

// Reserved are the identifiers that the templates use where they would shadow the name of a package.
func Reserved() []string {
	return []string{
		"add", "admitted", "answered", "app", "auth", "base", "bindingError", "c", "caller", "callerInContext", "callers",
		"changeOptions", "check", "checked", "checkedRequest", "checks", "ctx", "denied", "e", "err", "errHandler",
		"exchange", "g", "guarded", "guardedCallback", "guardedRequest", "guardedWebhook", "guardReceiver", "guards",
		"h", "handler", "handlers", "i", "init", "known", "linker", "list", "m", "method", "methods", "middlewares",
		"mount", "mux", "newGuarded", "newLinker", "newWrapper", "next", "notFound", "notImplemented", "o", "ok", "operation",
		"operations", "options", "pattern", "policy", "public", "q", "r", "receiver", "receiverFor", "receivers",
		"request", "requestError", "response", "responseError", "router", "routes", "serve", "served", "serveKnown",
		"serveOptional", "server", "serverInterface", "serverOptions", "statusCode", "strictOptions", "table",
		"taken", "tls", "typedCallbackReceiver", "typedServer", "typedWebhookReceiver", "w", "wrapper", "wrapperFor",
		"Authenticator", "CallbackReceiver", "Guards", "H", "Handler", "HandlerFromServerInterface",
		"HandlerWithOptions", "Handlers", "NewGuards", "NotFound", "P", "Policy", "Principal", "ProtectedResource", "RegisterHandlers",
		"RegisterHandlersFromServerInterface", "RegisterHandlersWithOptions", "ResourceChecker", "Schemes", "Server",
		"StrictOptions", "StrictServer", "UnimplementedServer", "UnimplementedStrictServer", "WebhookReceiver",
	}
}
