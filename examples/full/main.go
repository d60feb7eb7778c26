// Full is a whole service: an orders API from an OpenAPI document, access tokens as JWTs from an identity provider, a
// generated client that gets and renews them, the metadata that lead clients to the provider, and a dashboard that shows
// every decision as it happens.
//
// It plays a transcript of callers, and stays up on a terminal.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"syscall"
)

//go:generate go tool oapi-codegen -config oapi-codegen.yaml openapi.yaml
//go:generate go tool oapi-guard

// addresses are where the program listens.
type addresses struct{ api, dashboard, provider string }

func main() {
	log.SetFlags(0)
	var at addresses
	flag.StringVar(&at.api, "addr", "127.0.0.1:0", "`host:port` of the API")
	flag.StringVar(&at.dashboard, "dashboard", "127.0.0.1:0", "`host:port` of the dashboard, which answers to this machine only")
	flag.StringVar(&at.provider, "provider", "127.0.0.1:0", "`host:port` of the identity provider")
	once := flag.Bool("once", !isTerminal(os.Stdout), "end after the transcript (the default without a terminal)")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Stdout, at, *once)
	stop()
	if err != nil {
		log.Fatal("full: ", err)
	}
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// run plays the transcript, and stays up until it is interrupted or, with once, ends.
func run(ctx context.Context, out io.Writer, at addresses, once bool) (err error) {
	decisions := &recorder{}
	p, err := start(at, decisions.observe)
	if err != nil {
		return err
	}
	defer func() {
		if stopped := p.stop(); err == nil {
			err = stopped
		}
	}()
	fmt.Fprintf(out, "API        %s\nprovider   %s\ndashboard  %s/\n\n", p.api, p.issuer, p.dashboard)
	if err := p.play(ctx, out, decisions); err != nil || once {
		return err
	}
	fmt.Fprintf(out, "Look at %s/ and call the API yourself; Ctrl-C ends.\n\n%s", p.dashboard, p.invitation())
	select {
	case <-ctx.Done():
		return nil
	case err := <-p.failed:
		return err
	}
}

// invitation is how to call the API by hand.
func (p *program) invitation() string {
	return fmt.Sprintf(`    curl -s -u till:till-secret -d grant_type=client_credentials %s/token
    curl -i -H 'Authorization: Bearer the-access_token' %s/orders
`, p.issuer, p.api)
}
