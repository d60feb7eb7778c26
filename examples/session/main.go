// Session is a guestbook with a cookie session: login, renewal, logout, protection against cross-site requests, and
// pages for members and for everybody. Its README explains the choices.
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

	"github.com/oapi-guard/oapi-guard/examples/session/apiguard"
	"github.com/oapi-guard/oapi-guard/examples/session/store"
	guard "github.com/oapi-guard/oapi-guard/runtime"
)

//go:generate go tool oapi-codegen -config oapi-codegen.yaml openapi.yaml
//go:generate go tool oapi-guard

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "`host:port` to listen on")
	data := flag.String("data", "", "`folder` of the database; without it, a temporary one that goes with the program")
	first := flag.Bool("seed", false, "fill the empty database with the members ada, bob and mod; a password is ada-password")
	flag.Parse()
	if err := run(*addr, *data, *first, os.Stdout); err != nil {
		log.Fatal(err)
	}
}

func run(addr, folder string, first bool, out io.Writer) (err error) {
	if folder == "" {
		if folder, err = os.MkdirTemp("", "session"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	}
	s, err := open(folder, first, time.Now)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }() // after the last request has ended
	handler, err := newHandler(s, time.Now)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "listening on http://%s\n", listener.Addr())
	return serve(&http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second}, listener, s)
}

// open opens the database in a folder, and fills it if that is the first thing to do.
func open(folder string, first bool, now func() time.Time) (*store.Store, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	s, err := store.Open(filepath.Join(folder, "session.db"), now)
	if err != nil {
		return nil, err
	}
	if first {
		if err := seed(s); err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	return s, nil
}

// options are those of all guards. A 401 clears the cookie that was not accepted. A cookie is not a credential to a
// cache, hence PrivateResponses.
func options() guard.Options {
	return guard.Options{
		Realm: "guestbook", PrivateResponses: true, DenialBody: denialBody,
		ClearCookies: []http.Cookie{{Name: cookieName, Path: "/", HttpOnly: true, Secure: true, SameSite: http.SameSiteLaxMode}},
	}
}

// newHandler is the guarded service. Before the guards stands what net/http has against cross-site requests: it asks
// the browser where the request comes from, and so covers the login, for which there is no token yet.
func newHandler(s *store.Store, now func() time.Time) (http.Handler, error) {
	guarded, err := apiguard.Handler(server{s}, auth{s, newPace(now)}, checks{s}, options())
	if err != nil {
		return nil, err
	}
	return http.NewCrossOriginProtection().Handler(guarded), nil
}

// serve serves until the process is told to stop, and lets requests that have begun end.
func serve(server *http.Server, listener net.Listener, s *store.Store) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	go sweep(ctx, s)
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		grace, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		stopped <- server.Shutdown(grace)
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-stopped
}

// sweep removes dead sessions once in a while: a browser that never comes back does not log out.
func sweep(ctx context.Context, s *store.Store) {
	ticker := time.NewTicker(store.Idle)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if err := s.Sweep(); err != nil {
				slog.ErrorContext(ctx, "sweep", "error", err)
			}
		}
	}
}
