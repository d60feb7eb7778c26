package golden

import (
	"encoding/json"
	"slices"
	"testing"
)

// streams has fiber hand over bodies as streams. Other servers do so anyway.
func streams(m mounted) mounted {
	switch m := m.(type) {
	case mountedFiber:
		m.app.Server().StreamRequestBody = true
	case mountedFiber3:
		m.app.Server().StreamRequestBody = true
	}
	return m
}

// takes is the request as the server takes it. A stream of fasthttp's that has chunks cannot be read twice, and ends where
// the client does, as if that were all.
func (x *subject) takes(r *request) *request {
	if !x.streaming || !r.op.signed() || !r.chunked() {
		return r
	}
	taken := *r
	taken.fleeting = true
	if r.betweenChunks() {
		taken.body += lastChunk
		content, _, _ := taken.content()
		taken.decodes = json.Valid([]byte(content))
	}
	return &taken
}

// TestOneAnswerFromStreams sends the requests to fiber's servers when they hand over bodies as streams.
func TestOneAnswerFromStreams(t *testing.T) {
	n := *count / 2
	if testing.Short() {
		n /= 8
	}
	requests := newCorpus(*seed+2, n)
	for _, s := range slices.DeleteFunc(slices.Clone(servers), func(s server) bool { return !s.fasthttp() }) {
		for kind, construct := range map[string]constructor{"typed": s.typed, "untyped": s.untyped} {
			t.Run(s.name+"/"+kind, func(t *testing.T) {
				t.Parallel()
				x, m := newSubject(t, s, construct)
				x.address, x.streaming = serve(t, streams(m)), true
				x.run(t, requests)
			})
		}
	}
}
