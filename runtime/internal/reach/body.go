package reach

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"

	"github.com/oapi-guard/oapi-guard/runtime/internal/credential"
)

// ErrTooLarge is the reason when a body is larger than its scheme allows.
var ErrTooLarge = errors.New("the body is larger than its signature's scheme allows")

// Carrier is a request of a framework that is not built on net/http, with a body that can be signed.
type Carrier interface {
	// LoadBody reads at most limit bytes of the body and one more, and lets it be read again.
	LoadBody(limit int64) error
	// LoadedBody is the body that was read.
	LoadedBody() []byte
	// LostBody reports whether a part of the body was read that nobody can read again.
	LostBody() bool
}

// LoadBody reads a body before the authenticator of a scheme is asked: at most limit bytes and one more, and no byte
// when the request says that there are more. Whatever was read is handed on. The body is read once, however many schemes
// ask for it. The error is [ErrTooLarge], or says why the body could not be read.
func (x *Call) LoadBody(limit int64) error {
	switch r := x.Source.(type) {
	case *credential.HTTP:
		return loadHTTP((*http.Request)(r), limit)
	case Carrier:
		return r.LoadBody(limit)
	}
	return errors.New("the request has no way to read its body")
}

// SignedBody is a copy of the body that the asker gets, nil when it gets none.
func SignedBody(o Origin) []byte {
	if o.asker == nil || o.asker.SignedBody == 0 {
		return nil
	}
	switch r := Source(o).(type) {
	case *credential.HTTP:
		if b, ok := r.Body.(*Body); ok {
			return append([]byte{}, b.loaded...)
		}
	case Carrier:
		return append([]byte{}, r.LoadedBody()...)
	}
	return []byte{}
}

// LostBody reports whether a part of the body was read and cannot be handed on, so that no handler may run.
func (x *Call) LostBody() bool {
	if _, plain := x.Source.(*credential.HTTP); plain {
		return false
	}
	c, ok := x.Source.(Carrier)
	return ok && c.LostBody()
}

func loadHTTP(r *http.Request, limit int64) error {
	if r.ContentLength > limit {
		return ErrTooLarge
	}
	b, again := r.Body.(*Body)
	if !again {
		if r.Body == nil || r.Body == http.NoBody {
			return nil
		}
		b = &Body{rest: r.Body}
		r.Body = b
	}
	return b.load(r.Context(), limit)
}

// Body is a body of net/http that was read in part or as a whole, and is handed on from its beginning.
type Body struct {
	loaded []byte
	read   int // how much of it was handed on
	rest   io.ReadCloser
	err    error // the end of rest
}

// NewBody is a body that was read as a whole.
func NewBody(loaded []byte) *Body {
	return &Body{loaded: bytes.Clone(loaded), rest: http.NoBody, err: io.EOF}
}

// Read implements [io.Reader].
func (b *Body) Read(p []byte) (int, error) {
	if b.read < len(b.loaded) {
		n := copy(p, b.loaded[b.read:])
		b.read += n
		return n, nil
	}
	if b.err != nil {
		return 0, b.err
	}
	return b.rest.Read(p)
}

// Close implements [io.Closer].
func (b *Body) Close() error { return b.rest.Close() }

// load reads until the end, until there is more than limit, or until the context of the request ends. The server bounds
// the time of each read.
func (b *Body) load(ctx context.Context, limit int64) error {
	for b.err == nil && int64(len(b.loaded)) <= limit {
		b.loaded, b.err = ReadSome(b.rest, b.loaded, limit)
		if b.err == nil {
			b.err = ctx.Err()
		}
	}
	tooLarge := (*http.MaxBytesError)(nil)
	switch {
	case int64(len(b.loaded)) > limit, errors.As(b.err, &tooLarge):
		return ErrTooLarge
	case b.err == io.EOF:
		return nil
	}
	return b.err
}

// ReadSome reads once and appends to read, which becomes no longer than limit and one byte more. It grows with what
// arrives and not with what was announced.
func ReadSome(from io.Reader, read []byte, limit int64) ([]byte, error) {
	const step = 4 << 10
	room := min(limit+1-int64(len(read)), step)
	if free := int64(cap(read) - len(read)); free < room {
		read = append(read, make([]byte, room)...)[:len(read)]
	}
	n, err := from.Read(read[len(read) : int64(len(read))+room])
	return read[:len(read)+n], err
}
