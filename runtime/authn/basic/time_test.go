//go:build unix

package basic_test

import (
	"context"
	"syscall"
	"testing"
	"time"

	"github.com/oapi-guard/oapi-guard/runtime/authn/basic"
)

// TestEqualTime compares what a known and an unknown user cost in the processor's time, which other programs do not change.
func TestEqualTime(t *testing.T) {
	w := newWorld(t, basic.Config{New: basic.Params{Memory: 1 << 10, Time: 2, Parallelism: 1}})
	cost := func(name string) time.Duration {
		before := used(t)
		for range 4 {
			w.try(context.Background(), name, "wrong")
		}
		return used(t) - before
	}
	cost("ada") // the first one also pays for memory
	best := map[string]time.Duration{"ada": time.Hour, "nobody": time.Hour}
	for range 5 {
		for name := range best {
			best[name] = min(best[name], cost(name))
		}
	}
	if ratio := float64(best["ada"]) / float64(best["nobody"]); ratio < 0.6 || ratio > 1.7 {
		t.Errorf("%v", best)
	}
}

// used is the processor's time of this process.
func used(t *testing.T) time.Duration {
	t.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		t.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
