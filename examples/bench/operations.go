package bench

import (
	"fmt"
	"net/http"

	guard "github.com/oapi-guard/oapi-guard/runtime"
)

func manyPath(i int) string { return fmt.Sprintf("/resource%d/{id}", i) }

// noContent is the handler of every one of many operations. They have no generated binding: that
// of 1,000 operations is too much to commit. The command in the folder many generates and measures it.
func noContent(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }

// manyBare serves n operations.
func manyBare(n int) http.Handler {
	mux := http.NewServeMux()
	for i := range n {
		mux.HandleFunc("GET "+manyPath(i), noContent)
	}
	return mux
}

// manyGuarded serves n operations, each behind a guard of its own.
func manyGuarded(n int) http.Handler {
	mux, l := http.NewServeMux(), linker()
	for i := range n {
		g := l.Guard(guard.Operation{
			ID: fmt.Sprint("getResource", i), Method: http.MethodGet, Path: manyPath(i),
			Security: []guard.Alternative{{{Scheme: "bearerAuth"}}},
			Roles:    []guard.AnyRole{{"support"}},
		})
		mux.HandleFunc("GET "+manyPath(i), g.Wrap(func(w http.ResponseWriter, r *http.Request, _ guard.Optional[*Caller]) {
			noContent(w, r)
		}))
	}
	if err := l.Err(); err != nil {
		panic(err)
	}
	return mux
}

// manyPeer serves n operations behind nethttp-middleware.
func manyPeer(n int) http.Handler { return Peer(ManyDocument(n), manyBare(n)) }

// ManyRequests asks for operations that are spread evenly over n.
func ManyRequests(n int, token string) []*http.Request {
	const spread = 16
	requests := make([]*http.Request, spread)
	for i := range requests {
		requests[i] = request(fmt.Sprintf("/resource%d/1", i*n/spread), token)
	}
	return requests
}
