package main

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
)

// secrets are those of each sender. During a rotation there are two, and both are valid: the new one first, then
// whatever the sender still uses.
type secrets struct {
	GitHub   keys `json:"github"`
	Stripe   keys `json:"stripe"`
	Operator keys `json:"operator"`
}

// loadSecrets reads a file, or makes secrets up and prints them, in lines that a shell understands.
func loadSecrets(file string, out io.Writer) (s secrets, err error) {
	if file == "" {
		s = secrets{keys{rand.Text()}, keys{rand.Text()}, keys{rand.Text()}}
		fmt.Fprintf(out, "GITHUB=%s\nSTRIPE=%s\nOPERATOR=%s\n", s.GitHub[0], s.Stripe[0], s.Operator[0])
		return s, nil
	}
	content, err := os.ReadFile(file)
	if err != nil {
		return secrets{}, err
	}
	if err := json.Unmarshal(content, &s); err != nil {
		return secrets{}, fmt.Errorf("%s: %w", file, err)
	}
	return s, s.check()
}

// check refuses a sender without a secret, and an empty secret: everybody can sign with that.
func (s secrets) check() error {
	for _, all := range []keys{s.GitHub, s.Stripe, s.Operator} {
		if len(all) == 0 || slices.Contains(all, "") {
			return errors.New("github, stripe and operator need a secret each, or several, and none that is empty")
		}
	}
	return nil
}
