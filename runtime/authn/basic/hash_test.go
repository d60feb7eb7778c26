package basic_test

import (
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/runtime/authn/basic"
)

const (
	goodArgon  = "$argon2id$v=19$m=65536,t=4,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA"
	goodBcrypt = "$2b$10$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ01234"
)

// TestParse is all that a stored hash can have wrong.
func TestParse(t *testing.T) {
	for _, stored := range []string{goodArgon, goodBcrypt, strings.Replace(goodBcrypt, "2b", "2a", 1), strings.Replace(goodBcrypt, "2b", "2y", 1)} {
		if err := basic.Parse(stored); err != nil {
			t.Errorf("%s: %v", stored, err)
		}
	}
	for _, change := range [][2]string{
		{"argon2id", "argon2i"}, {"argon2id", "argon2d"}, {"argon2id", "Argon2id"}, {"v=19$", "v=16$"}, {"v=19$", ""},
		{"m=65536", "m=65537"}, {"m=65536", "m=065536"}, {"m=65536", "m=+65536"}, {"m=65536", "m=7"}, {"m=65536", "m=4294967296"},
		{"m=65536", "m="}, {"m=65536,t=4", "t=4,m=65536"}, {"m=65536", "m=-1"}, {"m=65536", " m=65536"},
		{"t=4", "t=5"}, {"t=4", "t=0"}, {"t=4,", ""}, {"p=1", "p=0"}, {"p=1", "p=256"}, {"p=1", "p=1,keyid=x"}, {"p=1", "p=01"},
		{"c2FsdHNhbHQ", "c2FsdHNhbHQ="}, {"c2FsdHNhbHQ", "c2FsdHNhbHR"}, {"c2FsdHNhbHQ", "c2Fs"}, {"c2FsdHNhbHQ", ""}, {"c2FsdHNhbHQ", "c2Fsd\nHNhbHQ"},
		{"aGFzaGhhc2hoYXNoaGFzaA", "aGFzaA"}, {"aGFzaGhhc2hoYXNoaGFzaA", ""}, {"aGFzaGhhc2hoYXNoaGFzaA", strings.Repeat("a", 88)},
		{"aGFzaGhhc2hoYXNoaGFzaA", "aGFzaGhhc2hoYXNoaGFzaA$"}, {"$aGFz", "aGFz"},
	} {
		refuse(t, goodArgon, change)
	}
	for _, change := range [][2]string{
		{"2b", "2x"}, {"2b", "2c"}, {"2b", "3b"}, {"$10$", "$11$"}, {"$10$", "$03$"}, {"$10$", "$+9$"}, {"$10$", "$ 9$"}, {"$10$", "$1$"}, {"$10$", "$99$"},
		{"01234", "0123"}, {"01234", "012345"}, {"01234", "0123="}, {"$10$", "$10-"}, {"01234", "0123é"[:5]},
	} {
		refuse(t, goodBcrypt, change)
	}
	for _, stored := range []string{"", "$", "x", strings.Repeat("$", 60), strings.Repeat("x", 1<<20)} {
		if basic.Parse(stored) == nil {
			t.Errorf("%.20q is a hash", stored)
		}
	}
}

func refuse(t *testing.T, good string, change [2]string) {
	t.Helper()
	bad := strings.Replace(good, change[0], change[1], 1)
	if bad == good {
		t.Fatalf("%q changes nothing", change)
	}
	if basic.Parse(bad) == nil {
		t.Errorf("%q is a hash", bad)
	}
}

// FuzzParse makes sure that no stored hash panics, and that none beyond the limits is read.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{goodArgon, goodBcrypt, "$argon2id$v=19$m=1,t=1,p=1$$", "$argon2id$v=19$$$", "$2b$31$", strings.Replace(goodArgon, "p=1", "p=255", 1)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, stored string) {
		if err := basic.Parse(stored); err != nil {
			return
		}
		if !strings.HasPrefix(stored, "$argon2id$v=19$m=") && (len(stored) != 60 || stored[4:6] > "10") {
			t.Errorf("%q", stored)
		}
	})
}
