package golden

import (
	"context"
	"net/http"

	chistrictapi "example.com/golden/chi-strict/api"
	chistrictguard "example.com/golden/chi-strict/apiguard"
	chiapi "example.com/golden/chi/api"
	chiguard "example.com/golden/chi/apiguard"
	gorillastrictapi "example.com/golden/gorilla-strict/api"
	gorillastrictguard "example.com/golden/gorilla-strict/apiguard"
	gorillaapi "example.com/golden/gorilla/api"
	gorillaguard "example.com/golden/gorilla/apiguard"
	stdstrictapi "example.com/golden/std-http-strict/api"
	stdstrictguard "example.com/golden/std-http-strict/apiguard"
	stdapi "example.com/golden/std-http/api"
	stdguard "example.com/golden/std-http/apiguard"
	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// options are those that the servers have in common.
type options struct {
	guard      guard.Options
	baseURL    string
	middleware func(http.Handler) http.Handler
	// strict is called by a middleware of the strict servers.
	strict func(ctx context.Context, operation string)
}

// constructor makes the guarded handler of one case.
type constructor func(*probe, authenticator, options) (http.Handler, error)

// server is one of the cases that share the document. typed makes its Handler for an implementation of
// Server or StrictServer, untyped for one of oapi-codegen's own interface.
type server struct {
	name           string
	typed, untyped constructor
}

var servers = []server{
	{"std-http", stdTyped, stdUntyped}, {"std-http-strict", stdStrictTyped, stdStrictUntyped},
	{"chi", chiTyped, chiUntyped}, {"chi-strict", chiStrictTyped, chiStrictUntyped},
	{"gorilla", gorillaTyped, gorillaUntyped}, {"gorilla-strict", gorillaStrictTyped, gorillaStrictUntyped},
}

// middlewares is the list of the options' middleware in the type of a case.
func middlewares[M ~func(http.Handler) http.Handler](o options) []M {
	if o.middleware == nil {
		return nil
	}
	return []M{o.middleware}
}

// optionalFrom is the caller in the context.
func optionalFrom(ctx context.Context) guard.Optional[*caller] {
	if c, ok := guard.CallerFrom[*caller](ctx); ok {
		return guard.OptionalOf(c)
	}
	return guard.Optional[*caller]{}
}

type (
	stdServer        = plainServer[stdapi.ListProductsParams, stdapi.PutOrderParams]
	stdUntypedServer = untypedServer[stdapi.ListProductsParams, stdapi.PutOrderParams]
)

func stdTyped(p *probe, a authenticator, o options) (http.Handler, error) {
	return stdguard.HandlerWithOptions[*caller]((*stdServer)(p), a, o.guard, stdOptions(o))
}

func stdUntyped(p *probe, a authenticator, o options) (http.Handler, error) {
	return stdguard.HandlerFromServerInterface[*caller]((*stdUntypedServer)(p), a, o.guard, stdOptions(o))
}

func stdOptions(o options) stdapi.StdHTTPServerOptions {
	return stdapi.StdHTTPServerOptions{BaseURL: o.baseURL, Middlewares: middlewares[stdapi.MiddlewareFunc](o)}
}

func stdStrictTyped(p *probe, a authenticator, o options) (http.Handler, error) {
	plain, strict := stdStrictOptions(o)
	return stdstrictguard.HandlerWithOptions[*caller](&stdStrict{probe: p}, a, o.guard, plain, strict)
}

func stdStrictUntyped(p *probe, a authenticator, o options) (http.Handler, error) {
	plain, strict := stdStrictOptions(o)
	return stdstrictguard.HandlerFromServerInterface[*caller](&stdStrictContext{typed: &stdStrict{probe: p}}, a, o.guard, plain, strict)
}

func stdStrictOptions(o options) (plain stdstrictapi.StdHTTPServerOptions, strict stdstrictguard.StrictOptions) {
	plain = stdstrictapi.StdHTTPServerOptions{BaseURL: o.baseURL, Middlewares: middlewares[stdstrictapi.MiddlewareFunc](o)}
	if o.strict != nil {
		strict.Middlewares = append(strict.Middlewares, func(next stdstrictapi.StrictHandlerFunc, operation string) stdstrictapi.StrictHandlerFunc {
			return func(ctx context.Context, w http.ResponseWriter, r *http.Request, request any) (any, error) {
				o.strict(ctx, operation)
				return next(ctx, w, r, request)
			}
		})
	}
	return plain, strict
}

type (
	chiServer        = plainServer[chiapi.ListProductsParams, chiapi.PutOrderParams]
	chiUntypedServer = untypedServer[chiapi.ListProductsParams, chiapi.PutOrderParams]
)

func chiTyped(p *probe, a authenticator, o options) (http.Handler, error) {
	return chiguard.HandlerWithOptions[*caller]((*chiServer)(p), a, o.guard, chiOptions(o))
}

func chiUntyped(p *probe, a authenticator, o options) (http.Handler, error) {
	return chiguard.HandlerFromServerInterface[*caller]((*chiUntypedServer)(p), a, o.guard, chiOptions(o))
}

func chiOptions(o options) chiapi.ChiServerOptions {
	return chiapi.ChiServerOptions{BaseURL: o.baseURL, Middlewares: middlewares[chiapi.MiddlewareFunc](o)}
}

func chiStrictTyped(p *probe, a authenticator, o options) (http.Handler, error) {
	plain, strict := chiStrictOptions(o)
	return chistrictguard.HandlerWithOptions[*caller](&chiStrict{probe: p}, a, o.guard, plain, strict)
}

func chiStrictUntyped(p *probe, a authenticator, o options) (http.Handler, error) {
	plain, strict := chiStrictOptions(o)
	return chistrictguard.HandlerFromServerInterface[*caller](&chiStrictContext{typed: &chiStrict{probe: p}}, a, o.guard, plain, strict)
}

func chiStrictOptions(o options) (plain chistrictapi.ChiServerOptions, strict chistrictguard.StrictOptions) {
	plain = chistrictapi.ChiServerOptions{BaseURL: o.baseURL, Middlewares: middlewares[chistrictapi.MiddlewareFunc](o)}
	if o.strict != nil {
		strict.Middlewares = append(strict.Middlewares, func(next chistrictapi.StrictHandlerFunc, operation string) chistrictapi.StrictHandlerFunc {
			return func(ctx context.Context, w http.ResponseWriter, r *http.Request, request any) (any, error) {
				o.strict(ctx, operation)
				return next(ctx, w, r, request)
			}
		})
	}
	return plain, strict
}

type (
	gorillaServer        = plainServer[gorillaapi.ListProductsParams, gorillaapi.PutOrderParams]
	gorillaUntypedServer = untypedServer[gorillaapi.ListProductsParams, gorillaapi.PutOrderParams]
)

func gorillaTyped(p *probe, a authenticator, o options) (http.Handler, error) {
	return gorillaguard.HandlerWithOptions[*caller]((*gorillaServer)(p), a, o.guard, gorillaOptions(o))
}

func gorillaUntyped(p *probe, a authenticator, o options) (http.Handler, error) {
	return gorillaguard.HandlerFromServerInterface[*caller]((*gorillaUntypedServer)(p), a, o.guard, gorillaOptions(o))
}

func gorillaOptions(o options) gorillaapi.GorillaServerOptions {
	return gorillaapi.GorillaServerOptions{BaseURL: o.baseURL, Middlewares: middlewares[gorillaapi.MiddlewareFunc](o)}
}

func gorillaStrictTyped(p *probe, a authenticator, o options) (http.Handler, error) {
	plain, strict := gorillaStrictOptions(o)
	return gorillastrictguard.HandlerWithOptions[*caller](&gorillaStrict{probe: p}, a, o.guard, plain, strict)
}

func gorillaStrictUntyped(p *probe, a authenticator, o options) (http.Handler, error) {
	plain, strict := gorillaStrictOptions(o)
	return gorillastrictguard.HandlerFromServerInterface[*caller](&gorillaStrictContext{typed: &gorillaStrict{probe: p}}, a, o.guard, plain, strict)
}

func gorillaStrictOptions(o options) (plain gorillastrictapi.GorillaServerOptions, strict gorillastrictguard.StrictOptions) {
	plain = gorillastrictapi.GorillaServerOptions{BaseURL: o.baseURL, Middlewares: middlewares[gorillastrictapi.MiddlewareFunc](o)}
	if o.strict != nil {
		strict.Middlewares = append(strict.Middlewares, func(next gorillastrictapi.StrictHandlerFunc, operation string) gorillastrictapi.StrictHandlerFunc {
			return func(ctx context.Context, w http.ResponseWriter, r *http.Request, request any) (any, error) {
				o.strict(ctx, operation)
				return next(ctx, w, r, request)
			}
		})
	}
	return plain, strict
}

// policies are the policies as data.
var policies = map[string]func() []guard.Operation{
	"std-http": stdguard.Policy, "std-http-strict": stdstrictguard.Policy,
	"chi": chiguard.Policy, "chi-strict": chistrictguard.Policy,
	"gorilla": gorillaguard.Policy, "gorilla-strict": gorillastrictguard.Policy,
}
