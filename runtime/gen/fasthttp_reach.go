package gen

import (
	"bytes"
	"io"
	"slices"

	"github.com/oapi-guard/oapi-guard/runtime/internal/reach"
)

// fasthttpFields are the fields that one function of the application wrote, until they are settled.
type fasthttpFields struct {
	fields  []fasthttpField
	refused error
}

type fasthttpField struct {
	add         bool
	name, value string
}

// WriteField implements reach.Response. fasthttp cannot be asked for the cookies of a response, so that nothing could be
// taken back: fields wait here.
func (x *exchange) WriteField(add bool, name, value string) {
	written := x.turn()
	written.fields = append(written.fields, fasthttpField{add, name, value})
}

// RefuseField implements reach.Response.
func (x *exchange) RefuseField(reason error) { x.turn().refused = reason }

func (x *exchange) turn() *fasthttpFields {
	if x.written == nil {
		x.written = new(fasthttpFields)
	}
	return x.written
}

// RefusedField implements reach.Response.
func (x *exchange) RefusedField() error {
	if x.written == nil {
		return nil
	}
	return x.written.refused
}

// Settle implements reach.Response.
func (x *exchange) Settle(keep bool) {
	written := x.written
	if x.written = nil; written == nil || !keep {
		return
	}
	for _, f := range written.fields {
		if !f.add {
			x.responseHeader.Del(f.name)
		}
		x.responseHeader.Add(f.name, f.value)
	}
}

// fasthttpBody is a body that was read from a stream.
type fasthttpBody struct {
	loaded []byte
	err    error // the end of the stream
}

// LoadBody implements reach.Carrier. Unless the application asked for streams, fasthttp has read the body already.
func (x *exchange) LoadBody(limit int64) error {
	switch announced := int64(x.requestHeader.ContentLength()); {
	case announced > limit:
		return reach.ErrTooLarge
	case x.body == nil && !x.request.IsBodyStream():
		x.body = &fasthttpBody{x.request.Body(), io.EOF}
	case x.body == nil:
		x.body = new(fasthttpBody)
		x.stream(limit, announced)
	}
	switch {
	case int64(len(x.body.loaded)) > limit, x.body.err == nil: // or for another scheme
		return reach.ErrTooLarge
	case x.body.err == io.EOF:
		return nil
	}
	return x.body.err
}

// stream reads the body from its stream, which fasthttp ends with EOF also when the client stopped halfway. A whole body
// becomes a stream again. One that is too large cannot.
func (x *exchange) stream(limit, announced int64) {
	b, from := x.body, x.request.BodyStream()
	for b.err == nil && int64(len(b.loaded)) <= limit {
		b.loaded, b.err = reach.ReadSome(from, b.loaded, limit)
		if b.err == nil {
			b.err = x.ctx.Err()
		}
	}
	if b.err == io.EOF && int64(len(b.loaded)) < announced {
		b.err = io.ErrUnexpectedEOF
	}
	if !x.LostBody() {
		x.request.SetBodyStream(bytes.NewReader(b.loaded), len(b.loaded))
	}
}

// LoadedBody implements reach.Carrier.
func (x *exchange) LoadedBody() []byte {
	if x.body == nil {
		return nil
	}
	return slices.Clip(x.body.loaded)
}

// LostBody implements reach.Carrier.
func (x *exchange) LostBody() bool { return x.body != nil && x.body.err != io.EOF }
