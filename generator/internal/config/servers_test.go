package config

import (
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator/internal/framework"
)

// TestServerKey has the names that people give to routers, and those that are no server's.
func TestServerKey(t *testing.T) {
	for name, want := range map[string]string{
		"std-http": "std-http-server", "stdlib": "std-http-server", "net/http": "std-http-server", "net-http-server": "std-http-server",
		"chi": "chi-server", "Chi-Server": "chi-server", "chi_server": "chi-server", "chi-servers": "chi-server",
		"mux": "gorilla-server", "gorilla-mux": "gorilla-server", "gorilla": "gorilla-server",
		"echo": "echo-server", "echo4-server": "echo-server", "echo-v4-server": "echo-server",
		"echo-v5-server": "echo5-server", "echov5": "echo5-server",
		"gin": "gin-server", "gin-gonic": "gin-server",
		"fiber": "fiber-server", "fiber-v2-server": "fiber-server", "fiber2-server": "fiber-server",
		"fiber3-server": "fiber-v3-server", "fiberv3": "fiber-v3-server",
		"iris": "iris-server", "iris-v12-server": "iris-server",
		"server": "", "strict": "", "client": "", "strict-serve": "", "": "",
	} {
		if got := serverKey(name); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}

// TestServerKeys reads every key as the framework whose key it is.
func TestServerKeys(t *testing.T) {
	for _, f := range framework.All() {
		if got := serverKey(f.GenerateKey()); got != f.GenerateKey() {
			t.Errorf("%s: got %q", f, got)
		}
	}
}

// TestNewStyle has the lists of oapi-codegen 1.
func TestNewStyle(t *testing.T) {
	for list, want := range map[string]string{
		"types,chi-server":                "generate: {chi-server: true, models: true}",
		"types, server, spec, skip-prune": "generate: {echo-server: true, models: true, embedded-spec: true}",
		"gin,types,strict-server,client":  "generate: {gin-server: true, models: true, strict-server: true, client: true}",
		"types,std-http":                  "generate: {std-http-server: true, models: true}",
		"fiber,types,types":               "generate: {fiber-server: true, models: true}",
		"Iris,gorilla":                    "generate: {iris-server: true, gorilla-server: true}",
		"types,client":                    "generate: {…-server: true, models: true, client: true}",
	} {
		if got := newStyle(strings.Split(list, ",")); got != want {
			t.Errorf("%s: got %s, want %s", list, got, want)
		}
	}
}
