package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"io"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/oapi-guard/oapi-guard/examples/full/api"
	"github.com/oapi-guard/oapi-guard/examples/full/orderclient"
	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/client"
)

var update = flag.Bool("update", false, "write the transcript of README.md again")

// free are addresses for tests.
var free = addresses{"127.0.0.1:0", "127.0.0.1:0", "127.0.0.1:0"}

// portless gives the three servers the ports that README.md has for them.
func portless(output string) string {
	for i, found := range regexp.MustCompile(`(?m)^(?:API|provider|dashboard) +http://(127\.0\.0\.1:\d+)`).FindAllStringSubmatch(output, -1) {
		output = strings.ReplaceAll(output, found[1], "127.0.0.1:"+[]string{"8080", "8081", "8082"}[i])
	}
	return output
}

// The program's output is the console block of README.md, to the byte.
func TestTranscript(t *testing.T) {
	var out bytes.Buffer
	if err := run(t.Context(), &out, free, true); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	content, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	before, rest, _ := strings.Cut(string(content), "$ make demo-full\n")
	_, after, found := strings.Cut(rest, "```\n")
	want := before + "$ make demo-full\n" + strings.TrimRight(portless(out.String()), "\n") + "\n```\n" + after
	switch {
	case !found:
		t.Fatal("README.md has no transcript")
	case want == string(content):
	case *update:
		if err := os.WriteFile("README.md", []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("README.md is not what the program prints (-update writes it):\n%s", out.String())
	}
}

// watched is a writer that tells when a text was written.
type watched struct {
	mutex sync.Mutex
	text  strings.Builder
	wait  string
	seen  chan struct{}
}

func (w *watched) Write(p []byte) (int, error) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	before := strings.Contains(w.text.String(), w.wait)
	w.text.Write(p)
	if !before && strings.Contains(w.text.String(), w.wait) {
		close(w.seen)
	}
	return len(p), nil
}

// On a terminal the program stays up: the commands that it prints work, and the dashboard has the whole transcript, without
// a token, a client or an address of the request in it.
func TestStaysUp(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	out := &watched{wait: "the-access_token", seen: make(chan struct{})}
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, out, free, false) }()
	select {
	case <-out.seen:
	case err := <-ended:
		t.Fatalf("it ended: %v", err)
	}
	found := regexp.MustCompile(`(?m)^dashboard +(\S+)$`).FindStringSubmatch(out.text.String())
	events := until(t, found[1]+"events", "id: 16\n")
	for _, secret := range []string{"till", "kiosk", "eyJ", "orders/1", "127.0.0.1", "reason"} {
		if strings.Contains(events, secret) {
			t.Errorf("the dashboard shows %q:\n%s", secret, events)
		}
	}
	for _, text := range []string{`"verdict":"forbidden","status":404,"concealed":true`, `"path":"/orders/{orderId}"`, `"verdict":"unavailable","status":503`} {
		if !strings.Contains(events, text) {
			t.Errorf("the dashboard does not show %q:\n%s", text, events)
		}
	}
	interrupt()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// until reads a stream until it has a text.
func until(t *testing.T, url, text string) string {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var got strings.Builder
	part := make([]byte, 4096)
	for !strings.Contains(got.String(), text) {
		n, err := response.Body.Read(part)
		got.Write(part[:n])
		if err != nil {
			t.Fatalf("%v after\n%s", err, got.String())
		}
	}
	return got.String()
}

// A port that is taken is an error, and nothing of the program stays behind.
func TestAddressTaken(t *testing.T) {
	p, err := start(free)
	if err != nil {
		t.Fatal(err)
	}
	defer p.stop()
	taken := free
	taken.provider = strings.TrimPrefix(p.api, "http://")
	if _, err := start(taken); err == nil {
		t.Error("no error")
	}
}

// Goroutines that hold an expired token get one new token together, while keys change.
func TestTogether(t *testing.T) {
	p, err := start(free)
	if err != nil {
		t.Fatal(err)
	}
	defer p.stop()
	c, err := orderclient.NewClient(p.api, orderclient.Credentials{AccessToken: p.firstExpired(p.source("till"))})
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	for i := range 50 {
		wait.Go(func() {
			if i == 25 {
				if err := p.provider.Rotate(); err != nil {
					t.Error(err)
				}
			}
			r, err := c.ListOrdersWithResponse(t.Context())
			if err != nil || r.JSON200 == nil || len(*r.JSON200) != 1 {
				t.Errorf("%v, %+v", err, r)
			}
		})
	}
	wait.Wait()
	if p.provider.Issued() != 2 {
		t.Errorf("%d tokens", p.provider.Issued())
	}
}

// A provider that is down when the client needs a token is an error of the client, with its cause. The guard is not asked.
func TestNoToken(t *testing.T) {
	decided := 0
	p, err := start(free, func(context.Context, guard.Event) { decided++ })
	if err != nil {
		t.Fatal(err)
	}
	defer p.stop()
	p.provider.SetDown(true)
	c, err := orderclient.NewClient(p.api, orderclient.Credentials{AccessToken: p.source("till")})
	if err != nil {
		t.Fatal(err)
	}
	var refresh *client.RefreshError
	if _, err := c.ListOrders(t.Context()); !errors.As(err, &refresh) || decided != 0 {
		t.Errorf("%v, %d decisions", err, decided)
	}
}

// What the shop itself refuses, behind the guards.
func TestShop(t *testing.T) {
	p, err := start(free)
	if err != nil {
		t.Fatal(err)
	}
	defer p.stop()
	c, err := orderclient.NewClient(p.api, orderclient.Credentials{AccessToken: p.source("till")})
	if err != nil {
		t.Fatal(err)
	}
	if r, err := c.GetHealth(t.Context()); err != nil || r.StatusCode != 204 {
		t.Error(r, err)
	}
	if r, err := c.PlaceOrder(t.Context(), api.NewOrder{Product: "yacht"}); err != nil || r.StatusCode != 422 {
		t.Error(r, err)
	}
	if r, err := c.PlaceOrderWithBody(t.Context(), "application/json", strings.NewReader("[")); err != nil || r.StatusCode != 400 {
		t.Error(r, err)
	}
}

// The provider refuses what is not registered, and its errors come out of the client.
func TestRefusedByTheProvider(t *testing.T) {
	p, err := start(free)
	if err != nil {
		t.Fatal(err)
	}
	defer p.stop()
	for _, test := range []struct {
		source clientCredentials
		want   string
	}{
		{clientCredentials{p.issuer, p.api, "till", "wrong"}, "invalid_client"},
		{clientCredentials{p.issuer, p.api, "nobody", ""}, "invalid_client"},
		{clientCredentials{p.issuer, "https://other.example", "till", "till-secret"}, "invalid_target"},
		{clientCredentials{p.api, p.api, "till", "till-secret"}, "404"},
	} {
		if _, err := test.source.Token(t.Context()); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v, want %s", err, test.want)
		}
	}
	for _, form := range []url.Values{{"grant_type": {"password"}}, {"grant_type": {"client_credentials"}, "scope": {"admin"}}} {
		r, _ := http.NewRequest("POST", p.issuer+"/token", strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.SetBasicAuth("till", "till-secret")
		response, err := (&http.Client{Timeout: time.Minute}).Do(r)
		if err != nil || response.StatusCode != 400 {
			t.Errorf("%v, %v", response, err)
			continue
		}
		_, _ = io.Copy(io.Discard, response.Body)
		response.Body.Close()
	}
}
