// Package provider tests guards end to end with identity providers: npm's oidc-provider, and the one of examples/full
// where Node.js is absent.
package provider

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/oapi-guard/oapi-guard/examples/full/idp"
)

const (
	resource = "https://orders.example.com"
	secret   = "-secret-of-some-length"
)

// identity is a provider that a test turns off and on.
type identity struct {
	issuer, authorize string
	// rotate makes a new key. down and up are an outage: a provider that comes back may have a new key as well.
	rotate, down, up func()
}

// inProcess is the provider of examples/full.
func inProcess(t *testing.T) *identity {
	var provider *idp.Provider
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { provider.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	scopes := []string{"orders:read", "orders:write"}
	var err error
	provider, err = idp.New(idp.Config{
		Issuer: server.URL, Audience: resource,
		Clients: map[string]idp.Client{
			"till":   {Secret: "till" + secret, Scopes: scopes},
			"office": {Secret: "office" + secret, Scopes: scopes, Roles: []string{"manager"}},
			"app":    {Redirect: callback, Scopes: scopes},
		},
		Users: map[string]idp.User{"alice": {Password: "alice-password"}, "mia": {Password: "mia-password", Roles: []string{"manager"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return &identity{
		issuer: server.URL, authorize: server.URL + "/authorize",
		rotate: func() {
			if err := provider.Rotate(); err != nil {
				t.Error(err)
			}
		},
		down: func() { provider.SetDown(true) },
		up:   func() { provider.SetDown(false) },
	}
}

// certified is npm's oidc-provider. It has a new key, and no memory, whenever it starts.
func certified(t *testing.T) *identity {
	missing := t.Skipf
	if os.Getenv("CI") != "" {
		missing = t.Fatalf
	}
	if _, err := exec.LookPath("node"); err != nil {
		missing("node is missing: install Node.js 20 or later")
	}
	if _, err := os.Stat("node_modules/oidc-provider"); err != nil {
		missing("oidc-provider is missing: npm ci --prefix testdata/provider --ignore-scripts")
	}
	port := freePort(t)
	issuer := "http://127.0.0.1:" + port
	var stop func()
	up := func() { stop = node(t, port) }
	up()
	t.Cleanup(func() { stop() })
	return &identity{
		issuer: issuer, authorize: issuer + "/auth", up: up,
		down:   func() { stop() },
		rotate: func() { stop(); up() },
	}
}

// freePort is one that nobody listens on. The issuer has it in its name, also after a restart.
func freePort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	return port
}

// node starts the provider, and returns when it listens.
func node(t *testing.T, port string) (stop func()) {
	t.Helper()
	command := exec.Command("node", "provider.mjs", port)
	command.Env = append(os.Environ(), "NODE_NO_WARNINGS=1")
	var errors strings.Builder
	command.Stderr = &errors
	out, err := command.StdoutPipe()
	if err == nil {
		err = command.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	late := time.AfterFunc(time.Minute, func() { _ = command.Process.Kill() })
	defer late.Stop()
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if lines.Text() == "ready" {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return func() {
				_ = command.Process.Kill()
				_ = command.Wait()
			}
		}
	}
	_ = command.Wait()
	t.Fatalf("the provider did not start:\n%s", errors.String())
	return nil
}
