package main

import (
	"testing"
	"time"
)

// TestVector is the example in GitHub's documentation.
func TestVector(t *testing.T) {
	const want = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
	if got := signGitHub("It's a Secret to Everybody", []byte("Hello, World!")); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// FuzzStripe makes sure that what is read is what was written, and that nothing else is signed.
func FuzzStripe(f *testing.F) {
	for _, field := range []string{"t=1,v1=00", "v1=00,t=1", "t=1,t=2,v1=00", "t=,v1=", "t=1,v1=0", ",,=", "t=99999999999999"} {
		f.Add(field)
	}
	f.Fuzz(func(t *testing.T, field string) {
		s, err := parseStripe(field)
		switch {
		case err != nil:
			return
		case len(s.macs) == 0 || len(s.macs) > maxMACs || s.stamp == "":
			t.Errorf("%q: %v", field, s)
		case keys{"secret"}.signed(s.macs, s.message([]byte("body"))...):
			t.Errorf("%q is a forgery", field)
		}
		again, err := parseStripe(signStripe("secret", []byte("body"), s.at))
		if err != nil || !again.at.Equal(s.at) || !(keys{"other", "secret"}).signed(again.macs, again.message([]byte("body"))...) {
			t.Errorf("%v, %v", again, err)
		}
	})
}

func TestSign(t *testing.T) {
	at := time.Unix(1735689600, 0)
	if got := signStripe("secret", []byte("{}"), at); got[:14] != "t=1735689600,v" || len(got) != len("t=1735689600,v1=")+64 {
		t.Error(got)
	}
}
