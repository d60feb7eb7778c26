package gen

import (
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"net"
	"strings"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/internal/answer"
)

// The parts of fasthttp's types that [Fasthttp] uses. The runtime imports the standard library only, so it sees them
// through interfaces.
type (
	// FasthttpRequest is a *fasthttp.Request.
	FasthttpRequest interface {
		IsBodyStream() bool
		Body() []byte
		BodyStream() io.Reader
		SetBodyStream(body io.Reader, size int)
	}
	// FasthttpRequestHeader is a *fasthttp.RequestHeader.
	FasthttpRequestHeader interface {
		Method() []byte
		RequestURI() []byte
		PeekAll(name string) [][]byte
		RawHeaders() []byte
		ContentLength() int
	}
	// FasthttpResponse is a *fasthttp.Response.
	FasthttpResponse interface {
		SetStatusCode(status int)
		SetBody(body []byte)
		SetConnectionClose()
	}
	// FasthttpResponseHeader is a *fasthttp.ResponseHeader.
	FasthttpResponseHeader interface {
		Peek(name string) []byte
		Set(name, value string)
		Add(name, value string)
		Del(name string)
	}
	// FasthttpConnection is a *fasthttp.RequestCtx.
	FasthttpConnection interface {
		TLSConnectionState() *tls.ConnectionState
		RemoteAddr() net.Addr
	}
)

// FasthttpExchange is a request of a framework that is built on fasthttp, and the way to answer it. It copies
// everything that it reads, for fasthttp writes the next request over it.
type FasthttpExchange struct{ exchange *exchange }

type exchange struct {
	ctx            context.Context
	request        FasthttpRequest
	requestHeader  FasthttpRequestHeader
	response       FasthttpResponse
	responseHeader FasthttpResponseHeader
	connection     FasthttpConnection
	written        *fasthttpFields
	body           *fasthttpBody
	line           [1]string // the result of FieldLines for a field of one line
}

// Fasthttp makes the exchange of one request. ctx is the context for authenticators; a resource check gets the one
// that [AdmitFasthttp] returned, or one derived from it.
func Fasthttp(ctx context.Context, request FasthttpRequest, requestHeader FasthttpRequestHeader, response FasthttpResponse,
	responseHeader FasthttpResponseHeader, connection FasthttpConnection) FasthttpExchange {
	return FasthttpExchange{&exchange{
		ctx: ctx, request: request, requestHeader: requestHeader,
		response: response, responseHeader: responseHeader, connection: connection,
	}}
}

// AdmitFasthttp is [guard.Guard.Admit] for an exchange. The handler gets the returned context. On an operation with a
// resource check [guard.Guard.Done] is called with it when the handler has returned.
func AdmitFasthttp[P any](g *guard.Guard[P], x FasthttpExchange) (ctx context.Context, caller guard.Optional[P], admitted bool) {
	return g.AdmitExchange(x.exchange)
}

// AdmitResourceFasthttp is [guard.Guard.AdmitResource] for an exchange.
func AdmitResourceFasthttp[P any](g *guard.Guard[P], x FasthttpExchange, check func(context.Context) error) bool {
	return g.AdmitResourceExchange(x.exchange, check)
}

// WriteNotFoundFasthttp is [guard.WriteNotFound] for an exchange.
func WriteNotFoundFasthttp(x FasthttpExchange) {
	a := answer.NotFound(x.exchange)
	x.exchange.Deny(&a)
}

// Context implements credential.Request.
func (x *exchange) Context() context.Context { return x.ctx }

// FieldLines implements credential.Request. fasthttp puts the trailer of a chunked body into the header: lines in
// excess of the header as it was received are left out. Of some fields, User-Agent for one, it keeps a single line.
// Its missing lines are empty here, so that two are never taken for one.
func (x *exchange) FieldLines(name string) []string {
	kept := x.requestHeader.PeekAll(name)
	if len(kept) == 0 {
		return nil
	}
	lines := x.line[:0]
	for _, line := range kept {
		lines = append(lines, string(line))
	}
	received := x.requestHeader.RawHeaders()
	count := countLines(received, name)
	for len(lines) < count {
		lines = append(lines, "")
	}
	if len(lines) > count && countLines(received, "Transfer-Encoding") > 0 {
		return lines[:count]
	}
	return lines
}

// countLines counts the lines of a field in a header as it was received.
func countLines(header []byte, name string) int {
	count, wanted := 0, []byte(name)
	for line := range bytes.Lines(header) {
		field, _, _ := bytes.Cut(line, []byte(":"))
		if len(field) == len(wanted) && bytes.EqualFold(field, wanted) {
			count++
		}
	}
	return count
}

// HTTPMethod implements credential.Request.
func (x *exchange) HTTPMethod() string { return string(x.requestHeader.Method()) }

// Target implements credential.Request.
func (x *exchange) Target() string { return string(x.requestHeader.RequestURI()) }

// RawQuery implements credential.Request. fasthttp would end the query at a #, and other servers do not.
func (x *exchange) RawQuery() string {
	_, query, _ := strings.Cut(x.Target(), "?")
	return query
}

// ConnectionState implements credential.Request.
func (x *exchange) ConnectionState() *tls.ConnectionState { return x.connection.TLSConnectionState() }

// Peer implements credential.Request.
func (x *exchange) Peer() string { return x.connection.RemoteAddr().String() }

// SetField implements answer.Exchange.
func (x *exchange) SetField(name, value string) {
	if len(x.responseHeader.Peek(name)) == 0 {
		x.responseHeader.Set(name, value)
	}
}

// Deny implements answer.Exchange.
func (x *exchange) Deny(a *answer.Answer) {
	x.response.SetStatusCode(a.Status)
	a.Fields(func(name string, values ...string) {
		x.responseHeader.Del(name)
		for _, value := range values {
			x.responseHeader.Add(name, value)
		}
	})
	for _, cookie := range a.Cookies() {
		x.responseHeader.Add("Set-Cookie", cookie)
	}
	x.response.SetBody(a.Content.Body)
	if a.Closes() || x.request.IsBodyStream() && (x.body == nil || x.LostBody()) { // the rest of the body would be read as the next request
		x.response.SetConnectionClose()
	}
}
