package main

import (
	"context"
	"crypto/x509"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/oapi-guard/oapi-guard/generator"
	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/report/probe"
)

// probeRun is one run of the verb probe.
type probeRun struct {
	*app
	format                choice
	spec, credentials, ca string
	options               probe.Options
}

func (a *app) probeCommand() *cobra.Command {
	p := &probeRun{app: a, format: choice{string(formatText), []string{"text", "json"}, "format"}}
	command := &cobra.Command{
		Use:   "probe URL --credentials FILE",
		Short: "Ask a running server whether it lets in whom the document lets in, and nobody else",
		Long: `Asks a running server, in any language, about every operation: without credentials, as every caller of the
credentials file by every alternative, and with broken credentials of each kind. A GET is asked with HEAD too.

The credentials file:

  callers:
    alice:
      roles: [admin]
      scopes: [orders:read]
      credentials: {bearerAuth: "${ALICE_TOKEN}", basicAuth: "alice:secret"}
  refused:
    bearerAuth: ["${EXPIRED_TOKEN}"]

The server must be on this machine, unless --allow-host names another. Without --unsafe only GET, HEAD and
OPTIONS are asked. Credentials are never printed.

The exit code is 1 when there is a hole, and 2 when the server could not be asked.`,
		Example: `  oapi-guard probe http://127.0.0.1:8080 --credentials callers.yaml
  oapi-guard probe http://127.0.0.1:8080/v1 --spec openapi.yaml --credentials callers.yaml --format json
  oapi-guard probe https://staging.example.com --credentials callers.yaml --allow-host staging.example.com --unsafe`,
		Args: p.arguments,
		RunE: func(c *cobra.Command, args []string) error { return p.run(c.Context(), args[0]) },
	}
	flags := command.Flags()
	flags.StringVar(&p.credentials, "credentials", "", "`file` with the callers and their credentials")
	flags.StringVar(&p.spec, "spec", "", "`document` in place of the configuration's")
	flags.BoolVar(&p.options.Unsafe, "unsafe", false, "ask operations with other methods than GET, HEAD and OPTIONS too: handlers run")
	flags.Float64Var(&p.options.Rate, "rate", 100, "requests in a second, 0 for no limit")
	flags.StringArrayVar(&p.options.AllowHost, "allow-host", nil, "`host` other than this machine that may be asked, may be repeated")
	flags.StringVar(&p.ca, "ca", "", "PEM `file` of certificates to trust for https in place of the system's")
	p.format.addTo(command, "format", "output format")
	mustSucceed(command.MarkFlagFilename("credentials", "yaml", "yml"))
	return command
}

func (p *probeRun) arguments(c *cobra.Command, args []string) error {
	switch {
	case len(args) != 1:
		return usageError{c.CommandPath(), fmt.Sprintf("probe takes the URL of a server, got %d words", len(args))}
	case p.credentials == "":
		return usageError{c.CommandPath(), "probe needs --credentials, the file with the callers"}
	case len(p.configs) > 1:
		return usageError{c.CommandPath(), "probe takes one configuration at most"}
	case p.options.Rate < 0 || p.options.Rate != p.options.Rate:
		return usageError{c.CommandPath(), "--rate must be a number of requests in a second, or 0"}
	}
	if _, err := probe.ParseURL(args[0], p.options.AllowHost); err != nil {
		return usageError{c.CommandPath(), err.Error()}
	}
	return nil
}

func (p *probeRun) run(ctx context.Context, address string) error {
	server, err := probe.ParseURL(address, p.options.AllowHost)
	if err != nil {
		return err
	}
	if p.options.RootCAs, err = p.trusted(); err != nil {
		return err
	}
	subject, credentials, err := p.read()
	if err != nil {
		return err
	}
	if ctx == nil {
		ctx = context.Background()
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	progress := newAsking(p.stderr)
	p.options.Progress = progress.tell
	result, err := probe.Ask(ctx, server, subject, credentials, p.options)
	progress.end()
	if err != nil {
		return err
	}
	if p.format.value == string(formatJSON) {
		err = probe.JSON(p.stdout, result)
	} else {
		err = probe.Text(p.stdout, result, p.colored())
	}
	if err == nil && result.Holes() > 0 {
		return exitFindings
	}
	return err
}

// read reads document and credentials. Their problems are printed: errors on stdout as with every verb, warnings about
// credentials on stderr, for the output is the result.
func (p *probeRun) read() (*probe.Subject, *probe.Credentials, error) {
	var documents []string
	if p.spec != "" {
		documents = []string{p.spec}
	}
	options := p.policyOptions(documents)[0]
	done := p.reading(options.Config + options.Spec)
	subject, list := generator.LoadProbe(options)
	done()
	if list.HasErrors() {
		return nil, nil, p.refuse(list)
	}
	credentials, list := probe.ReadCredentials(p.credentials, subject, os.LookupEnv)
	if list.HasErrors() {
		return nil, nil, p.refuse(list)
	}
	_ = diag.Text(p.stderr, list, diag.TextOptions{})
	return subject, credentials, nil
}

// refuse prints errors. Source lines are left out: they may hold credentials.
func (p *probeRun) refuse(list diag.List) error {
	list = slices.DeleteFunc(list, func(d diag.Diagnostic) bool { return d.Severity != diag.Error })
	_ = diag.Text(p.stdout, list, diag.TextOptions{Color: p.colored()})
	return exitFailure
}

// trusted are the certificates of --ca.
func (p *probeRun) trusted() (*x509.CertPool, error) {
	if p.ca == "" {
		return nil, nil
	}
	content, err := os.ReadFile(p.ca)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(content) {
		return nil, fmt.Errorf("%s holds no certificate in PEM", p.ca)
	}
	return pool, nil
}

// asking shows how many requests are answered: every second on a terminal, and in a line every ten seconds elsewhere.
type asking struct {
	w        io.Writer
	terminal bool
	mutex    sync.Mutex
	told     time.Time
	shown    bool
}

func newAsking(w io.Writer) *asking {
	return &asking{w: w, terminal: isTerminal(w) && os.Getenv("TERM") != "dumb", told: time.Now()}
}

func (a *asking) tell(done, all int) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	interval, form := 10*time.Second, "oapi-guard: asked %d of %d\n"
	if a.terminal {
		interval, form = time.Second, "\roapi-guard: asked %d of %d"
	}
	if time.Since(a.told) < interval {
		return
	}
	a.told, a.shown = time.Now(), true
	fmt.Fprintf(a.w, form, done, all)
}

// end leaves no trace on a terminal.
func (a *asking) end() {
	if a.shown && a.terminal {
		fmt.Fprint(a.w, "\r\x1b[K")
	}
}
