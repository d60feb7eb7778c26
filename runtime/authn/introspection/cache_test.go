package introspection_test

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/oapi-guard/oapi-guard/runtime/authn/introspection"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

func TestMaxAge(t *testing.T) {
	w := newWorld(t, introspection.Config{MaxAge: 30 * time.Second}, says(good))
	w.check(t, "t", verdict.Allow, 1)
	w.pass(29 * time.Second)
	w.check(t, "t", verdict.Allow, 1)
	w.reply(says(`{"active":false}`)) // revoked
	w.check(t, "t", verdict.Allow, 1)
	w.pass(time.Second)
	w.check(t, "t", verdict.Invalid, 2)
}

func TestNeverBeyondExp(t *testing.T) {
	w := newWorld(t, introspection.Config{MaxAge: 24 * time.Hour}, says(good))
	w.check(t, "t", verdict.Allow, 1)
	w.pass(time.Hour - time.Second)
	w.check(t, "t", verdict.Allow, 1)
	w.pass(time.Second)
	w.check(t, "t", verdict.Expired, 2)
}

func TestRefusalAge(t *testing.T) {
	w := newWorld(t, introspection.Config{RefusalAge: 5 * time.Second}, says(`{"active":false}`))
	w.check(t, "t", verdict.Invalid, 1)
	w.reply(says(good))
	w.pass(4 * time.Second)
	w.check(t, "t", verdict.Invalid, 1)
	w.pass(time.Second)
	w.check(t, "t", verdict.Allow, 2)
}

func TestNoCache(t *testing.T) {
	w := newWorld(t, introspection.Config{MaxAge: -1, RefusalAge: -1}, says(good))
	w.check(t, "t", verdict.Allow, 1)
	w.check(t, "t", verdict.Allow, 2)
	w.reply(says(`{"active":false}`))
	w.check(t, "t", verdict.Invalid, 3)
	w.check(t, "t", verdict.Invalid, 4)
	if accepted, refused := w.auth.Remembered(); accepted+refused != 0 {
		t.Error(accepted, refused)
	}
}

var tokens = flag.Int("tokens", 20_000, "number of unknown tokens in TestUnknownTokens")

// TestUnknownTokens makes sure that a million (-tokens 1000000) unknown tokens neither fill the memory nor push a good token out.
func TestUnknownTokens(t *testing.T) {
	answers := transport(func(r *http.Request) (*http.Response, error) {
		body := newAnswer(`{"active":false}`)
		if r.ContentLength < 60 { // "good" is the short one
			body = newAnswer(filled(good))
		}
		return body, nil
	})
	config := introspection.Config{ClientAuth: introspection.ByTransport, Transport: answers, MaxEntries: 1000}
	w := newWorld(t, config, says(good))
	ctx := context.Background()
	w.check(t, "good", verdict.Allow, 0)
	before := heap()
	for i := range *tokens {
		if d := w.guarded.Check(request(ctx, fmt.Sprintf("unknown-token-number-%032d", i), nil)); d.Verdict() != verdict.Invalid {
			t.Fatal(d.Verdict(), d.Err())
		}
	}
	if grown := int64(heap()) - int64(before); grown > 2<<20 {
		t.Errorf("the heap has grown by %d bytes", grown)
	}
	if accepted, refused := w.auth.Remembered(); accepted != 1 || refused != 1000 {
		t.Errorf("%d accepted, %d refused", accepted, refused)
	}
	w.check(t, "good", verdict.Allow, 0)
}

func heap() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

// TestLargeAnswers makes sure that bytes are bounded as well as numbers.
func TestLargeAnswers(t *testing.T) {
	answer := `{"active":true,"aud":"orders","x":"` + strings.Repeat("x", 200<<10) + `"}`
	w := newWorld(t, introspection.Config{}, says(answer))
	for i := range 200 { // 40 MB
		w.try(fmt.Sprint(i))
	}
	if accepted, _ := w.auth.Remembered(); accepted > 164 || accepted < 100 {
		t.Errorf("%d answers of 200 KiB in memory", accepted)
	}
}

// TestSingleFlight is one question for all who ask at the same time; one of them goes away.
func TestSingleFlight(t *testing.T) {
	open := make(chan struct{})
	w := newWorld(t, introspection.Config{}, func(rw http.ResponseWriter, r *http.Request) {
		<-open
		says(good)(rw, r)
	})
	gone, leave := context.WithCancel(context.Background())
	first := make(chan verdict.Verdict)
	go func() { first <- w.guarded.Check(request(gone, "t", nil)).Verdict() }()
	for w.asked.Load() == 0 {
		time.Sleep(time.Millisecond)
	}
	var group sync.WaitGroup
	var allowed atomic.Int32
	for range 1000 {
		group.Go(func() {
			if w.try("t").Verdict() == verdict.Allow {
				allowed.Add(1)
			}
		})
	}
	leave()
	if v := <-first; v != verdict.Canceled {
		t.Errorf("the one that went away: %v", v)
	}
	close(open)
	group.Wait()
	if allowed.Load() != 1000 || w.asked.Load() != 1 {
		t.Errorf("%d allowed, %d questions", allowed.Load(), w.asked.Load())
	}
}

// TestCrowd makes sure that questions are bounded in number, and that those who find no place are told at once.
func TestCrowd(t *testing.T) {
	var now, most atomic.Int32
	w := newWorld(t, introspection.Config{MaxConcurrent: 2, Timeout: 20 * time.Second}, func(rw http.ResponseWriter, r *http.Request) {
		for n := now.Add(1); ; {
			if old := most.Load(); n <= old || most.CompareAndSwap(old, n) {
				break
			}
		}
		time.Sleep(time.Millisecond)
		now.Add(-1)
		says(good)(rw, r)
	})
	var group sync.WaitGroup
	var verdicts [verdict.Allow + 1]atomic.Int32
	for i := range 500 {
		group.Go(func() { verdicts[w.try(fmt.Sprint(i)).Verdict()].Add(1) })
	}
	group.Wait()
	allowed, unavailable := verdicts[verdict.Allow].Load(), verdicts[verdict.Unavailable].Load()
	if most.Load() > 2 || allowed < 66 || allowed+unavailable != 500 {
		t.Errorf("%d at once, %d allowed, %d unavailable", most.Load(), allowed, unavailable)
	}
}

// TestOutage is 2,000 requests with known and unknown tokens while the provider fails every other time: no 401.
func TestOutage(t *testing.T) {
	var n atomic.Int32
	w := newWorld(t, introspection.Config{MaxAge: time.Nanosecond}, func(rw http.ResponseWriter, r *http.Request) {
		if n.Add(1)%2 == 0 {
			rw.WriteHeader(502)
			return
		}
		says(good)(rw, r)
	})
	var group sync.WaitGroup
	for g := range 20 {
		group.Go(func() {
			for i := range 100 {
				w.pass(time.Microsecond)
				if v := w.try(fmt.Sprint(g, "-", i%10)).Verdict(); v != verdict.Allow && v != verdict.Unavailable {
					t.Errorf("%v", v)
				}
			}
		})
	}
	group.Wait()
}
