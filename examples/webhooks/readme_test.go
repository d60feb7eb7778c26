package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/oapi-guard/oapi-guard/examples/internal/transcript"
)

// TestReadme asks the program what README.md asks it, and compares the answers.
func TestReadme(t *testing.T) {
	w := newWorld(t)
	curl := transcript.Curl{Address: w.address, Variables: map[string]string{
		"GITHUB": testSecrets.GitHub[0], "STRIPE": testSecrets.Stripe[0], "OPERATOR": testSecrets.Operator[0],
	}}
	transcript.Check(t, func(t *testing.T, command string) string {
		if rest, found := strings.CutPrefix(command, "SIGNATURE=$(go run ./webhooks "); found {
			w.wait(time.Second) // nobody types that fast
			curl.Variables["SIGNATURE"] = signed(t, w, curl.Variables, strings.Fields(strings.TrimSuffix(rest, ")")))
			return ""
		}
		return curl.Run(t, command)
	})
}

// signed is what the program prints with -sign kind -secret $NAME file.
func signed(t *testing.T, w *world, variables map[string]string, arguments []string) string {
	t.Helper()
	if len(arguments) != 5 || arguments[0] != "-sign" || arguments[2] != "-secret" {
		t.Fatalf("what is %q?", arguments)
	}
	var out bytes.Buffer
	secret := variables[strings.TrimPrefix(arguments[3], "$")]
	if err := sign(arguments[1], secret, filepath.Base(arguments[4]), w.now(), &out); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(out.String())
}
