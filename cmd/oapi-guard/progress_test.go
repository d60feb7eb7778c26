package main

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestWaiting: nothing in the first second, the seconds after it, and no trace in the end.
func TestWaiting(t *testing.T) {
	for _, test := range []struct {
		name string
		work time.Duration
		want string
	}{
		{"a short step", 999 * time.Millisecond, ""},
		{"a longer one", 2500 * time.Millisecond, "\roapi-guard: reading \ufffd[31ma.yaml, 1 s\roapi-guard: reading \ufffd[31ma.yaml, 2 s\r\x1b[K"},
	} {
		synctest.Test(t, func(t *testing.T) {
			var out strings.Builder
			done := waiting(&out, "reading \x1b[31ma.yaml")
			time.Sleep(test.work)
			done()
			done()
			time.Sleep(time.Minute)
			if out.String() != test.want {
				t.Errorf("%s: %q, want %q", test.name, out.String(), test.want)
			}
		})
	}
}

// TestDuring: programs that read stderr see no progress.
func TestDuring(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out strings.Builder
		a := &app{stderr: &out}
		done := a.during("reading a.yaml")
		time.Sleep(3 * time.Second)
		done()
		if out.String() != "" {
			t.Errorf("%q", out.String())
		}
		a.verbose = true
		a.during("reading a.yaml")()
		if out.String() != "oapi-guard: reading a.yaml\n" {
			t.Errorf("%q", out.String())
		}
	})
}
