package main

import (
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/examples/internal/transcript"
)

var (
	random     = regexp.MustCompile(`\b[A-Z2-7]{26}\b`)
	tokenField = regexp.MustCompile(`"csrfToken":"(\w+)"`)
)

// TestReadme asks the program what README.md asks it, and compares the answers.
func TestReadme(t *testing.T) {
	w := newWorldOn(t, httptest.NewServer)
	curl := transcript.Curl{Address: w.server.Listener.Addr().String(), Variables: map[string]string{}}
	transcript.Check(t, func(t *testing.T, command string) string {
		if rest, found := strings.CutPrefix(command, "TOKEN=$("); found {
			inner, _, _ := strings.Cut(rest, " | jq")
			curl.Variables["TOKEN"] = tokenField.FindStringSubmatch(curl.Run(t, inner))[1]
			return ""
		}
		return random.ReplaceAllString(curl.Run(t, command), "RANDOMRANDOMRANDOMRANDOM26")
	})
}
