// Package reach is the way from a function of the application that decides about a request to the request, its response
// and its signed body. An [Origin] is passed by value inside each credential: whoever does not ask it for anything pays
// for a few words on the stack and for nothing else.
package reach

import (
	"context"
	"crypto/tls"
	"net/http"
	"slices"
	"sync/atomic"
	"unsafe"

	"github.com/oapi-guard/oapi-guard/runtime/internal/credential"
)

// Asker is one function of the application: the authenticator of a scheme, say. Guards make it once and not for each
// request.
type Asker struct {
	// Operation is a *guard.Operation.
	Operation any
	// SignedBody is the size of the largest body that the function gets. It is 0 when it gets none.
	SignedBody int64
	// Wrote says that the function has set, or tried to set, a field of some response. A guard looks for fields only
	// then.
	Wrote atomic.Bool
}

// Call is a request while a guard decides about it.
type Call struct {
	// Context is the one that came with the request.
	Context context.Context
	Source  credential.Request
	// Writer is nil without a response, and where the source is a [Response] itself.
	Writer http.ResponseWriter
	// Authorization are the lines of that field, where they were looked up already and stay as they are.
	Authorization []string
}

// Origin is the request that a credential came with, and the function of the application that is given the credential. It
// has neither methods nor exported fields, because the credentials that embed it would have them too.
type Origin struct {
	source hidden // a credential.Request
	writer hidden // an http.ResponseWriter
	asker  *Asker
}

// hidden is an interface value that fmt does not follow, as [secret.Text] is a string that it does not. With a verb that
// does not fit, fmt prints all that a pointer in an unexported field points to: the header of the request, here.
type hidden struct{ kind, value unsafe.Pointer }

// New makes the origin for an asker.
func New(source credential.Request, writer http.ResponseWriter, asker *Asker) Origin {
	return For[struct{}](&Call{Source: source, Writer: writer}, asker)
}

// For makes the origin for an asker. The type parameter is that of the guard: the compiler inlines a function of another
// package into a generic one only if it is generic itself.
func For[P any](x *Call, asker *Asker) Origin {
	return Origin{*(*hidden)(unsafe.Pointer(&x.Source)), *(*hidden)(unsafe.Pointer(&x.Writer)), asker}
}

// CallOf is the request of an origin. The zero origin has an empty one.
func CallOf(o Origin) *Call {
	source := Source(o)
	return &Call{Context: source.Context(), Source: source, Writer: *(*http.ResponseWriter)(unsafe.Pointer(&o.writer))}
}

// Source is the request, as guards read it.
func Source(o Origin) credential.Request {
	if source := *(*credential.Request)(unsafe.Pointer(&o.source)); source != nil {
		return source
	}
	return new(credential.HTTP)
}

// Operation is the *guard.Operation, or nil.
func Operation(o Origin) any {
	if o.asker == nil {
		return nil
	}
	return o.asker.Operation
}

// Header is the lines of a field. Servers take Host out of the fields, or leave it there, and treat the fields that
// frame the message differently: Host is read alike on all of them, and those of framing never.
func Header(o Origin, name string) []string {
	name = http.CanonicalHeaderKey(name)
	switch name {
	case "Transfer-Encoding", "Trailer":
		return nil
	case "Host":
		if r, ok := Source(o).(*credential.HTTP); ok {
			return line(r.Host)
		}
	case "Content-Length":
		if lines := Source(o).FieldLines(name); len(lines) > 0 {
			return line(lines[0]) // servers allow several when they are equal
		}
		return nil
	}
	return slices.Clone(Source(o).FieldLines(name))
}

// line is a field of one line, which is not there when it is empty.
func line(text string) []string {
	if text == "" {
		return nil
	}
	return []string{text}
}

// TLS is the state of the connection, nil without TLS.
func TLS(o Origin) *tls.ConnectionState { return Source(o).ConnectionState() }
