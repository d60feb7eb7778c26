// Plain is a shop on net/http alone: nothing generates its handlers, and all of them are behind guards.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/oapi-guard/oapi-guard/examples/plain/apiguard"
	guard "github.com/oapi-guard/oapi-guard/runtime"
)

//go:generate go tool oapi-guard

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "`host:port` to listen on")
	flag.Parse()
	if err := run(*addr); err != nil {
		log.Fatal(err)
	}
}

func run(addr string) error {
	handler, err := newHandler(newShop())
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	fmt.Printf("listening on http://%s\n", listener.Addr())
	return serve(&http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second}, listener)
}

// newHandler is the guarded API, and beside it the receiver of the webhook: a document has no path for that.
func newHandler(s *shop) (http.Handler, error) {
	auth, checks, options := newAuth(), checks{s}, guard.Options{Realm: "shop"}
	api, err := apiguard.Handler(s.handlers(), auth, checks, options)
	if err != nil {
		return nil, err
	}
	guards, err := apiguard.NewGuards(auth, checks, options)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/", api)
	mux.Handle("POST /hooks/payment", guards.OrderPaidWebhook.Wrap(s.orderPaid))
	return mux, nil
}

// serve serves until the process is told to stop, and lets requests that have begun end.
func serve(s *http.Server, listener net.Listener) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		grace, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		stopped <- s.Shutdown(grace)
	}()
	if err := s.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-stopped
}
