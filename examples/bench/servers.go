package bench

import (
	"context"
	"net/http"

	"github.com/oapi-guard/oapi-guard/examples/bench/plain/api"
	"github.com/oapi-guard/oapi-guard/examples/bench/plain/apiguard"
	strictapi "github.com/oapi-guard/oapi-guard/examples/bench/strict/api"
	strictguard "github.com/oapi-guard/oapi-guard/examples/bench/strict/apiguard"
	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/gen"
)

const pattern = "GET /orders/{orderId}"

// plainServer is oapi-codegen's ServerInterface. With byContext it asks the context for the caller.
type plainServer struct{ byContext bool }

func (s plainServer) GetOrder(w http.ResponseWriter, r *http.Request, _ int64) {
	if s.byContext {
		if caller, _ := r.Context().Value(callerKey{}).(*Caller); caller == nil {
			panic("no caller")
		}
	}
	w.WriteHeader(http.StatusNoContent)
}

// guardedServer is the generated Server: the caller is an argument.
type guardedServer struct{}

func (guardedServer) GetOrder(w http.ResponseWriter, _ *http.Request, caller *Caller, _ int64) {
	if caller == nil {
		panic("no caller")
	}
	w.WriteHeader(http.StatusNoContent)
}

type strictServer struct{}

func (strictServer) GetOrder(context.Context, strictapi.GetOrderRequestObject) (strictapi.GetOrderResponseObject, error) {
	return strictapi.GetOrder204Response{}, nil
}

type guardedStrictServer struct{}

func (guardedStrictServer) GetOrder(_ context.Context, caller *Caller, _ strictapi.GetOrderRequestObject) (strictapi.GetOrderResponseObject, error) {
	if caller == nil {
		panic("no caller")
	}
	return strictapi.GetOrder204Response{}, nil
}

// bare is oapi-codegen's server as it is.
func bare() http.Handler { return api.Handler(plainServer{}) }

func bareStrict() http.Handler {
	return strictapi.Handler(strictapi.NewStrictHandler(strictServer{}, nil))
}

// wrapper is oapi-codegen's binding in front of a server: what a guard admits requests to.
func wrapper(s api.ServerInterface) *api.ServerInterfaceWrapper {
	return &api.ServerInterfaceWrapper{Handler: s, ErrorHandlerFunc: func(w http.ResponseWriter, _ *http.Request, err error) {
		http.Error(w, err.Error(), http.StatusBadRequest)
	}}
}

// handOnly drops the caller once it is admitted, handContext hands it on.
func handOnly() http.Handler {
	next := wrapper(plainServer{})
	return serve(byHand(func(w http.ResponseWriter, r *http.Request, _ *Caller) { next.GetOrder(w, r) }))
}

func handContext() http.Handler {
	next := wrapper(plainServer{byContext: true})
	return serve(byHand(func(w http.ResponseWriter, r *http.Request, caller *Caller) { next.GetOrder(w, withCaller(r, caller)) }))
}

// guardOnly is the runtime's guard where handOnly is, guarded the generated package.
func guardOnly() http.Handler {
	next := wrapper(plainServer{})
	g := linker().Guard(apiguard.Policy()[0])
	return serve(g.Wrap(func(w http.ResponseWriter, r *http.Request, _ guard.Optional[*Caller]) { next.GetOrder(w, r) }))
}

func guarded() http.Handler {
	return must(apiguard.Handler[*Caller](guardedServer{}, Auth{}, Options()))
}

func guardedStrict() http.Handler {
	return must(strictguard.Handler[*Caller](guardedStrictServer{}, Auth{}, Options()))
}

// Options are those of every guard here.
func Options() guard.Options { return guard.Options{Realm: "bench"} }

func linker() *gen.Linker[*Caller] {
	return gen.NewLinker(Options(), gen.Entitlements[*Caller]{HasRole: (*Caller).HasRole},
		[]gen.Scheme[*Caller]{gen.Bearer("bearerAuth", Auth{}.BearerAuth)}, nil)
}

func serve(h http.HandlerFunc) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc(pattern, h)
	return mux
}

func must(h http.Handler, err error) http.Handler {
	if err != nil {
		panic(err)
	}
	return h
}
