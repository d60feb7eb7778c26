package main

import (
	"net"
	"net/http"
	"net/http/httptest"

	"github.com/rogpeppe/go-internal/testscript"
)

// serve is the script command "serve HOW": right is a server as the project's document says, open one without guards, slow
// one that throttles everybody, and none is an address where nobody listens.
func serve(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: serve right | open | slow | none")
	}
	handlers := map[string]http.HandlerFunc{"right": guarded, "open": unguarded, "slow": throttled, "none": unguarded}
	server := httptest.NewUnstartedServer(handlers[args[0]])
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	server.Listener = listener
	server.Start()
	ts.Defer(server.Close)
	if args[0] == "none" {
		server.Close()
	}
	ts.Setenv("SERVER", server.URL)
}

func unguarded(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }

func throttled(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTooManyRequests) }

// guarded knows an administrator and a clerk.
func guarded(w http.ResponseWriter, r *http.Request) {
	lines := r.Header.Values("Authorization")
	status := http.StatusNoContent
	switch {
	case r.URL.Path == "/health":
	case len(lines) > 1:
		status = http.StatusBadRequest
	case len(lines) == 0, lines[0] != "Bearer root-token" && lines[0] != "Bearer clerk-token":
		w.Header().Set("WWW-Authenticate", `Bearer realm="orders"`)
		status = http.StatusUnauthorized
	case r.Method == http.MethodDelete && lines[0] != "Bearer root-token":
		status = http.StatusForbidden
	}
	w.WriteHeader(status)
}
