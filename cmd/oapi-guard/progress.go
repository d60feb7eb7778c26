package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/oapi-guard/oapi-guard/generator/diag"
)

// during shows a step on stderr while it takes longer than a second, if a person is there to see it. The function that it
// returns ends the step and leaves no trace of it.
func (a *app) during(step string) (done func()) {
	a.progress("%s", step)
	if a.verbose || !isTerminal(a.stderr) || os.Getenv("TERM") == "dumb" {
		return func() {}
	}
	return waiting(a.stderr, step)
}

// waiting writes the step with its seconds, over and over in one line, until done is called. Nothing is written in the
// first second, nor after done has returned.
func waiting(w io.Writer, step string) (done func()) {
	var (
		stop    = make(chan struct{})
		stopped sync.WaitGroup
		start   = time.Now()
	)
	stopped.Go(func() {
		second := time.NewTicker(time.Second)
		defer second.Stop()
		for shown := false; ; shown = true {
			select {
			case <-second.C:
				fmt.Fprintf(w, "\roapi-guard: %s, %.0f s", diag.Printable(step), time.Since(start).Seconds())
			case <-stop:
				if shown {
					fmt.Fprint(w, "\r\x1b[K")
				}
				return
			}
		}
	})
	return sync.OnceFunc(func() {
		close(stop)
		stopped.Wait()
	})
}
