package guardtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// patience is how long a server has for an answer.
const patience = 10 * time.Second

// exchanged is the answer to one request.
type exchanged struct {
	status   int
	header   http.Header
	body     []byte
	bodyRead bool // the request's body was read
}

// server answers requests: a handler, or a socket.
type server struct {
	handler http.Handler
	base    *url.URL
	client  *http.Client
	unnamed bool // User-Agent is a credential
}

var errBase = errors.New("Options.BaseURL has to be http or https with a loopback host, or only a path, and then there is a handler")

// newServer refuses hosts elsewhere: Run sends what no production traffic would be.
func newServer(handler http.Handler, options *Options) (*server, error) {
	base, err := url.Parse(options.BaseURL)
	if err != nil {
		return nil, fmt.Errorf("Options.BaseURL: %w", err)
	}
	switch {
	case handler == nil && !isLoopback(base), handler != nil && base.Host != "", base.RawQuery != "":
		return nil, errBase
	}
	s := &server{handler: handler, base: base, client: options.Client}
	s.unnamed = slices.ContainsFunc(options.Schemes, func(scheme guard.Scheme) bool { return slot(scheme) == "header User-Agent" })
	if s.client == nil && handler == nil {
		s.client = &http.Client{Timeout: patience, Transport: &http.Transport{DisableCompression: true}, CheckRedirect: noRedirect}
	}
	return s, nil
}

func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

func isLoopback(u *url.URL) bool {
	ip := net.ParseIP(u.Hostname())
	return (u.Scheme == "http" || u.Scheme == "https") && (u.Hostname() == "localhost" || ip != nil && ip.IsLoopback())
}

// request makes a request for a path of the API, with a body unless that is empty.
func (s *server) request(method, path, body string) (*http.Request, error) {
	base := *s.base
	if s.handler != nil {
		base.Scheme, base.Host = "http", "guardtest.invalid"
	}
	ctx := context.WithValue(context.Background(), markerKey{}, true)
	r, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(base.String(), "/")+path, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("User-Agent", "") // none, and not that of the client
	if !s.unnamed {
		r.Header.Set("User-Agent", UserAgent)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	return r, nil
}

func (s *server) send(r *http.Request) (*exchanged, error) {
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	if s.handler == nil {
		return s.ask(r.WithContext(ctx))
	}
	return s.serve(r.WithContext(ctx))
}

// ask sends a request over the socket.
func (s *server) ask(r *http.Request) (*exchanged, error) {
	answer, err := s.client.Do(r)
	if err != nil {
		return nil, err
	}
	defer func() { _ = answer.Body.Close() }() // it was read
	body, err := io.ReadAll(answer.Body)
	return &exchanged{status: answer.StatusCode, header: answer.Header, body: body}, err
}

// serve calls the handler as a server would.
func (s *server) serve(r *http.Request) (got *exchanged, err error) {
	body := &watchedBody{ReadCloser: r.Body}
	r.Body, r.RequestURI, r.RemoteAddr = body, r.URL.RequestURI(), "127.0.0.1:1"
	w := &recorder{header: http.Header{}}
	defer func() {
		if value := recover(); value != nil {
			got, err = nil, fmt.Errorf("the handler panicked: %v", value)
		}
	}()
	s.handler.ServeHTTP(w, r)
	w.WriteHeader(http.StatusOK)
	return &exchanged{w.status, w.sent, w.body.Bytes(), body.read}, nil
}

// watchedBody knows whether a byte of it was read.
type watchedBody struct {
	io.ReadCloser
	read bool
}

func (b *watchedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.read = b.read || n > 0
	return n, err
}

// recorder is a response writer as net/http's is: the fields count that are set when the status is written.
type recorder struct {
	header, sent http.Header
	status       int
	body         bytes.Buffer
}

func (w *recorder) Header() http.Header { return w.header }

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 && (status >= 200 || status == http.StatusSwitchingProtocols) {
		w.status, w.sent = status, w.header.Clone()
	}
}

func (w *recorder) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(b)
}

// Flush lets streaming handlers stream.
func (w *recorder) Flush() { w.WriteHeader(http.StatusOK) }
