package main

import (
	"testing"

	"github.com/oapi-guard/oapi-guard/examples/internal/transcript"
)

// TestReadme asks the program what README.md asks it, and compares the answers.
func TestReadme(t *testing.T) {
	w := newWorld(t)
	curl := transcript.Curl{Address: w.address, Variables: w.names}
	transcript.Check(t, curl.Run)
}
