// Documents is a service for sharing documents: whose is it, who may know that it exists, and what does everybody
// else get to see? Its README tells 401, 403 and 404 apart.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/oapi-guard/oapi-guard/examples/documents/api"
	"github.com/oapi-guard/oapi-guard/examples/documents/apiguard"
	"github.com/oapi-guard/oapi-guard/examples/documents/store"
	guard "github.com/oapi-guard/oapi-guard/runtime"
)

//go:generate go tool oapi-codegen -config oapi-codegen.yaml openapi.yaml
//go:generate go tool oapi-guard

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "`host:port` to listen on")
	data := flag.String("data", "", "`folder` of the database; without it, a temporary one that goes with the program")
	first := flag.Bool("seed", false, "fill the empty database with users and documents, and print their tokens")
	flag.Parse()
	if err := run(*addr, *data, *first, os.Stdout); err != nil {
		log.Fatal(err)
	}
}

func run(addr, folder string, first bool, out io.Writer) (err error) {
	if folder == "" {
		if folder, err = os.MkdirTemp("", "documents"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	}
	s, err := open(folder, first, out)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }() // after the last request has ended
	handler, err := newHandler(s)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "listening on http://%s\n", listener.Addr())
	return serve(&http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second}, listener)
}

// open opens the database in a folder, and fills it if that is the first thing to do.
func open(folder string, first bool, out io.Writer) (*store.Store, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	s, err := store.Open(filepath.Join(folder, "documents.db"))
	if err != nil {
		return nil, err
	}
	if first {
		if err := seed(s, out); err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	return s, nil
}

// options are those of all guards. A browser's cookie is no credential to a cache, hence PrivateResponses.
func options() guard.Options {
	return guard.Options{Realm: "documents", PrivateResponses: true, OnDecision: logDecision}
}

// newHandler is the guarded service. What the router does not know, a path or a method of one, is answered as what is
// concealed: its own 404 and 405 would tell whoever is denied /admin/users that there is such a thing.
func newHandler(s *store.Store) (http.Handler, error) {
	router := http.NewServeMux()
	router.HandleFunc("/", apiguard.NotFound)
	return apiguard.HandlerWithOptions(server{s}, auth{s}, checks{s}, options(), api.StdHTTPServerOptions{BaseRouter: router})
}

// logDecision tells the operator what was decided and why, concealed or not. The client never learns it.
func logDecision(ctx context.Context, e guard.Event) {
	slog.InfoContext(ctx, "guard", "operation", e.Operation, "verdict", e.Verdict, "status", e.Status, "reason", e.Reason)
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
