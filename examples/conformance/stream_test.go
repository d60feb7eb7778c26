package conformance

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	fiber2 "github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v3"

	fiber2guard "github.com/oapi-guard/oapi-guard/examples/fiber/apiguard"
	fiberguard "github.com/oapi-guard/oapi-guard/examples/fiber3/apiguard"
	"github.com/oapi-guard/oapi-guard/examples/library"
	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// TestStreamedBodyIsNoRequest is about fiber's StreamRequestBody: fasthttp then takes for the next request on
// the connection what a handler leaves of a body. A denial leaves all of it, so it must end the connection.
func TestStreamedBodyIsNoRequest(t *testing.T) {
	const prefetched = 8 << 10 // what fasthttp has read of a body when the handler begins
	inner := "GET /feed HTTP/1.1\r\nHost: library.example\r\n\r\n"
	tests := map[string]func(*testing.T, net.Listener){"fiber": streamFiber, "fiber3": streamFiber3}
	for name, serve := range tests {
		t.Run(name, func(t *testing.T) {
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			must(t, err)
			serve(t, listener)
			conn := dial(t, listener.Addr().String())
			defer conn.Close()
			length := fmt.Sprintf("Content-Length: %d", prefetched+len(inner))
			send(t, conn, "POST /loans", []string{length}, strings.Repeat(" ", prefetched)+inner)
			reader := bufio.NewReader(conn)
			denied(401, bearer).check(t, http.MethodPost, receive(t, reader, http.MethodPost))
			if rest, _ := io.ReadAll(reader); len(rest) > 0 { // the connection may be reset
				t.Errorf("the body is answered as a request: %q", rest)
			}
		})
	}
}

func streamFiber(t *testing.T, listener net.Listener) {
	app := fiber2.New(fiber2.Config{StreamRequestBody: true, DisableStartupMessage: true})
	must(t, fiber2guard.RegisterHandlers(app, fiber2Server{nil, new(trace)}, library.NewAuth(), guard.Options{Realm: "library"}))
	go func() { _ = app.Listener(listener) }()
	t.Cleanup(func() { must(t, app.Shutdown()) })
}

func streamFiber3(t *testing.T, listener net.Listener) {
	app := fiber.New(fiber.Config{StreamRequestBody: true})
	must(t, fiberguard.RegisterHandlers(app, fiberServer{nil, new(trace)}, library.NewAuth(), guard.Options{Realm: "library"}))
	go func() { _ = app.Listener(listener, fiber.ListenConfig{DisableStartupMessage: true}) }()
	t.Cleanup(func() { must(t, app.Shutdown()) })
}
