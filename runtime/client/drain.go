package client

import (
	"io"
	"net/http"
	"sync"
	"time"
)

const (
	maxDrained = 64 << 10               // bytes of a denial's body that are read ahead
	drainTime  = 500 * time.Millisecond // and the time for it
)

// drained is a body of which the start has been read ahead. As the body of a response it reads the same as before.
type drained struct {
	body io.ReadCloser
	done chan struct{} // closed when nothing is read ahead any more
	head []byte
	err  error // nil: there may be more
}

// readAhead reads the start of a response's body, so that its connection is free when the body is short. It returns when
// the body has ended, at the limits, or when the request's context ends. Close ends the goroutine.
func readAhead(resp *http.Response, wait waiting) *drained {
	d := &drained{body: resp.Body, done: make(chan struct{})}
	resp.Body = d
	go d.fill()
	late := time.NewTimer(drainTime)
	defer late.Stop()
	select {
	case <-d.done:
	case <-late.C:
	case <-wait.ctx.Done():
	case <-wait.cancel:
	}
	return d
}

func (d *drained) fill() {
	defer close(d.done)
	d.head, d.err = io.ReadAll(io.LimitReader(d.body, maxDrained))
	if d.err == nil && len(d.head) < maxDrained {
		d.err = io.EOF
	}
}

// content is the part of the body that has been read, or nothing while it is still being read.
func (d *drained) content() []byte {
	select {
	case <-d.done:
		return d.head
	default:
		return nil
	}
}

// Read reads what was read ahead, and then the rest.
func (d *drained) Read(p []byte) (int, error) {
	<-d.done
	if len(d.head) > 0 {
		n := copy(p, d.head)
		d.head = d.head[n:]
		return n, nil
	}
	if d.err != nil {
		return 0, d.err
	}
	return d.body.Read(p)
}

// Close closes the body.
func (d *drained) Close() error { return d.body.Close() }

// recorded is a body of a problem document, of which the start is kept as it is read: generated clients have read and closed
// the body before anybody asks what it says.
type recorded struct {
	io.ReadCloser
	mu    sync.Mutex
	head  []byte
	ended bool
}

// record makes the body of a response one that is kept.
func record(resp *http.Response) *recorded {
	r := &recorded{ReadCloser: resp.Body}
	resp.Body = r
	return r
}

func (r *recorded) Read(p []byte) (int, error) {
	n, err := r.ReadCloser.Read(p)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.head = append(r.head, p[:min(n, maxDrained-len(r.head))]...)
	r.ended = r.ended || err != nil
	return n, err
}

// Close closes the body. Some decoders do not read to the end.
func (r *recorded) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ended = true
	return r.ReadCloser.Close()
}

// content is what has been read, when the body has ended or was closed.
func (r *recorded) content() []byte {
	if r == nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.ended {
		return nil
	}
	return r.head
}
