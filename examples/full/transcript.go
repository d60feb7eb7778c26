package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/oapi-guard/oapi-guard/examples/full/api"
	"github.com/oapi-guard/oapi-guard/examples/full/orderclient"
	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/client"
	"github.com/oapi-guard/oapi-guard/runtime/metadata"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// recorder keeps the decisions of a step.
type recorder struct {
	mutex sync.Mutex
	texts []string
}

func (r *recorder) observe(_ context.Context, e guard.Event) {
	text := e.Operation + " " + e.Verdict.String()
	if e.Verdict != verdict.Allow && e.Status != e.Verdict.Status() {
		text += " (concealed)"
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.texts = append(r.texts, text)
}

func (r *recorder) take() string {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	text := strings.Join(r.texts, ", then ")
	r.texts = nil
	return text
}

// step is a call, and what comes of it.
type step struct {
	why    string
	before func() error
	call   func(context.Context) (*http.Response, error)
	status int
	tokens int // that the client got for it
}

// The calls of the generated client.
func list(c *api.ClientWithResponses) func(context.Context) (*http.Response, error) {
	return func(ctx context.Context) (*http.Response, error) { return c.ListOrders(ctx) }
}

func get(c *api.ClientWithResponses, id int64) func(context.Context) (*http.Response, error) {
	return func(ctx context.Context) (*http.Response, error) { return c.GetOrder(ctx, id) }
}

func place(c *api.ClientWithResponses) func(context.Context) (*http.Response, error) {
	return func(ctx context.Context) (*http.Response, error) {
		return c.PlaceOrder(ctx, api.NewOrder{Product: "string"})
	}
}

func revenue(c *api.ClientWithResponses) func(context.Context) (*http.Response, error) {
	return func(ctx context.Context) (*http.Response, error) { return c.GetRevenue(ctx) }
}

// callers are the programs that call the API, each with the generated client.
type callers struct {
	nobody, till, slowTill, kiosk, office, lateTill, secondTill *api.ClientWithResponses
	late                                                        client.Token
}

func (p *program) source(id string) client.TokenSource {
	return clientCredentials{issuer: p.issuer, resource: p.api, id: id, secret: clients[id].Secret}
}

// callers makes the clients. Nobody has asked the provider for a token yet.
func (p *program) callers() (*callers, error) {
	c := &callers{}
	var err error
	if c.nobody, err = api.NewClientWithResponses(p.api); err != nil {
		return nil, err
	}
	for _, caller := range []struct {
		is     **api.ClientWithResponses
		source client.TokenSource
	}{
		{&c.till, p.source("till")},
		{&c.slowTill, p.firstExpired(p.source("till"))},
		{&c.kiosk, p.source("kiosk")},
		{&c.office, p.source("office")},
		{&c.secondTill, p.source("till")},
		{&c.lateTill, client.TokenFunc(func(context.Context) (client.Token, error) { return c.late, nil })},
	} {
		if *caller.is, err = orderclient.NewClient(p.api, orderclient.Credentials{AccessToken: caller.source}); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// firstExpired gets its first token while the provider's clock is an hour behind.
func (p *program) firstExpired(source client.TokenSource) client.TokenSource {
	behind := time.Hour
	return client.TokenFunc(func(ctx context.Context) (client.Token, error) {
		p.provider.SetClockBehind(behind)
		defer p.provider.SetClockBehind(0)
		behind = 0
		return source.Token(ctx)
	})
}

func (p *program) steps(ctx context.Context) ([]step, error) {
	c, err := p.callers()
	if err != nil {
		return nil, err
	}
	return []step{
		{why: "Nobody: 401, and where to read how to get a token", call: list(c.nobody), status: 401},
		{why: "The metadata name the provider", call: p.metadata, status: 200},
		{why: "The till has no token yet: its client gets one", call: list(c.till), status: 200, tokens: 1},
		{why: "... and keeps it", call: get(c.till, 1), status: 200},
		{why: "A provider whose clock is behind gives a token that is expired: the client gets another one, once", call: list(c.slowTill), status: 200, tokens: 2},
		{why: "The kiosk is not a manager: 403, and no other token would help", call: revenue(c.kiosk), status: 403, tokens: 1},
		{why: "The office is one", call: revenue(c.office), status: 200, tokens: 1},
		{why: "The kiosk's token lacks a scope: 403, and the scopes that would do", call: place(c.kiosk), status: 403},
		{why: "The till has it", call: place(c.till), status: 201},
		{why: "Another customer's order: forbidden, but the kiosk cannot tell", call: get(c.kiosk, 1), status: 404},
		{why: "... as there is no such order", call: get(c.kiosk, 99), status: 404},
		{why: "The provider changes its keys: a token of the new key is good at once", before: p.provider.Rotate, call: list(c.secondTill), status: 200, tokens: 1},
		{why: "... and one of the old key still is", call: list(c.till), status: 200},
		{why: "The provider makes another key, signs a token, and goes down: known keys stay good", before: func() error { return p.goDown(ctx, c) }, call: list(c.till), status: 200},
		{why: "... and the unknown key is an outage, not a 401: the client keeps its token", call: list(c.lateTill), status: 503},
		{why: "The provider is back: the same token is good", before: p.comeBack, call: list(c.lateTill), status: 200},
	}, nil
}

// goDown makes a key that the guard has not seen, a token of it, and an outage.
func (p *program) goDown(ctx context.Context, c *callers) (err error) {
	if err = p.provider.Rotate(); err != nil {
		return err
	}
	c.late, err = p.source("till").Token(ctx)
	p.provider.SetDown(true)
	return err
}

// comeBack ends the outage, and waits until the guard may ask the provider again.
func (p *program) comeBack() error {
	p.provider.SetDown(false)
	time.Sleep(coolDown + coolDown/4)
	return nil
}

// metadata reads what the challenge of nobody leads to.
func (p *program) metadata(ctx context.Context) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.api+metadata.WellKnown, nil)
	if err != nil {
		return nil, err
	}
	return http.DefaultClient.Do(r)
}

// play plays the transcript. It fails when a step does not end as it is announced.
func (p *program) play(ctx context.Context, out io.Writer, decisions *recorder) error {
	steps, err := p.steps(ctx)
	if err != nil {
		return err
	}
	for i, s := range steps {
		if ctx.Err() != nil {
			return nil
		}
		if err := p.playStep(ctx, out, decisions, i+1, s); err != nil {
			return fmt.Errorf("step %d: %w", i+1, err)
		}
	}
	return nil
}

func (p *program) playStep(ctx context.Context, out io.Writer, decisions *recorder, number int, s step) error {
	if s.before != nil {
		if err := s.before(); err != nil {
			return err
		}
	}
	issued := p.provider.Issued()
	response, err := s.call(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	denial := client.Denied(response)
	body, err := io.ReadAll(io.LimitReader(response.Body, 1<<16))
	if err != nil {
		return err
	}
	tokens := p.provider.Issued() - issued
	fmt.Fprintf(out, "%2d. %s\n    %s %s\n    %s\n", number, s.why, response.Request.Method, response.Request.URL.Path, response.Status)
	for _, name := range []string{"WWW-Authenticate", "Retry-After"} {
		if value := response.Header.Get(name); value != "" {
			fmt.Fprintf(out, "    %s: %s\n", name, value)
		}
	}
	if text := strings.TrimSpace(string(body)); text != "" {
		fmt.Fprintf(out, "    %s\n", text)
	}
	writeLine(out, "guard:  ", decisions.take())
	writeLine(out, "client: ", clientSays(tokens, denial))
	fmt.Fprintln(out)
	if response.StatusCode != s.status || tokens != s.tokens {
		return fmt.Errorf("status %d and %d tokens, want %d and %d", response.StatusCode, tokens, s.status, s.tokens)
	}
	return nil
}

func writeLine(out io.Writer, label, text string) {
	if text != "" {
		fmt.Fprintf(out, "    %s%s\n", label, text)
	}
}

// clientSays is how many tokens the client got, and what it makes of a denial.
func clientSays(tokens int, denial *client.DenialError) string {
	var parts []string
	switch {
	case tokens == 1:
		parts = append(parts, "got a token")
	case tokens > 1:
		parts = append(parts, fmt.Sprintf("got %d tokens", tokens))
	}
	if denial != nil && denial.Scopes != nil {
		parts = append(parts, "needs the scopes "+strings.Join(denial.Scopes, " and "))
	}
	if denial != nil && denial.RetryAfter > 0 {
		parts = append(parts, fmt.Sprintf("may try again in %v", denial.RetryAfter))
	}
	return strings.Join(parts, ", ")
}
