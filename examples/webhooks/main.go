// Webhooks receives what two services send: their signatures are over the body, so the guards read it, up to a limit,
// before they decide. Its README explains signatures, replays and the rotation of secrets.
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

	"github.com/oapi-guard/oapi-guard/examples/webhooks/api"
	"github.com/oapi-guard/oapi-guard/examples/webhooks/apiguard"
	"github.com/oapi-guard/oapi-guard/examples/webhooks/store"
	guard "github.com/oapi-guard/oapi-guard/runtime"
)

//go:generate go tool oapi-codegen -config oapi-codegen.yaml openapi.yaml
//go:generate go tool oapi-guard

func main() {
	var c configuration
	flag.StringVar(&c.address, "addr", "127.0.0.1:8080", "`host:port` to listen on")
	flag.StringVar(&c.folder, "data", "", "`folder` of the database; without it, a temporary one that goes with the program")
	flag.StringVar(&c.secrets, "secrets", "", "JSON `file` of the senders' secrets; without it they are made up and printed")
	flag.StringVar(&c.payments, "payments", "/hooks/stripe", "`path` that the payment provider sends its events to")
	kind := flag.String("sign", "", "print the signature of a `sender`, github or stripe, for the file that is the argument")
	secret := flag.String("secret", "", "`secret` to sign with")
	flag.Parse()
	err := error(nil)
	if *kind != "" {
		err = sign(*kind, *secret, flag.Arg(0), time.Now(), os.Stdout)
	} else {
		err = run(c, os.Stdout)
	}
	if err != nil {
		log.Fatal(err)
	}
}

// sign prints what a sender would put into its field.
func sign(kind, secret, file string, now time.Time, out io.Writer) error {
	body, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	switch kind {
	case "github":
		fmt.Fprintln(out, signGitHub(secret, body))
	case "stripe":
		fmt.Fprintln(out, signStripe(secret, body, now))
	default:
		return fmt.Errorf("%q is neither github nor stripe", kind)
	}
	return nil
}

type configuration struct{ address, folder, secrets, payments string }

func run(c configuration, out io.Writer) (err error) {
	s, err := loadSecrets(c.secrets, out)
	if err != nil {
		return err
	}
	if c.folder == "" {
		if c.folder, err = os.MkdirTemp("", "webhooks"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(c.folder)) }()
	}
	database, err := store.Open(filepath.Join(c.folder, "webhooks.db"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, database.Close()) }() // after the last request has ended
	handler, err := newHandler(s, database, c.payments, time.Now)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", c.address)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "listening on http://%s\n", listener.Addr())
	return serve(newServer(handler), listener)
}

// newHandler is the guarded service: the paths of the document, and its webhook at the path for payments.
func newHandler(s secrets, database *store.Store, payments string, now func() time.Time) (http.Handler, error) {
	options := guard.Options{Realm: "webhooks", OnDecision: logDecision}
	handler, authenticator := server{database}, auth{s, database, now}
	webhook, err := apiguard.PaymentWebhookHandler(handler, authenticator, options, nil)
	if err != nil {
		return nil, err
	}
	router := http.NewServeMux()
	router.Handle("POST "+payments, webhook)
	return apiguard.HandlerWithOptions(handler, authenticator, options, api.StdHTTPServerOptions{BaseRouter: router})
}

// newServer has a limit for the time that a body may take: the guard waits for it before it knows who sends it.
func newServer(handler http.Handler) *http.Server {
	return &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second}
}

// logDecision tells the operator why a delivery was refused. The client never learns it.
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
