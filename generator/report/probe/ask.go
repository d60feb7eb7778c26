package probe

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// patience is the time that a server has for an answer, unless [Options.Timeout] is another.
const patience = 10 * time.Second

// concurrency bounds the requests that are under way.
const concurrency = 8

// Options say how a server is asked.
type Options struct {
	// Unsafe asks operations with other methods than GET, HEAD and OPTIONS too.
	Unsafe bool
	// Rate is the number of requests in a second, or 0 for as many as the server answers.
	Rate float64
	// AllowHost are machines other than this one that may be asked.
	AllowHost []string
	// RootCAs are trusted for https; nil: those of the system.
	RootCAs *x509.CertPool
	// Timeout is the time that the server has for an answer, ten seconds when it is 0.
	Timeout time.Duration
	// Progress is told how many requests of all are answered, after each, by several goroutines.
	Progress func(done, all int)
}

// Ask asks the server all questions about the subject. An error says that it could not be asked; it never holds a
// credential.
func Ask(ctx context.Context, server *url.URL, subject *Subject, credentials *Credentials, options Options) (*Result, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	options.Timeout = cmp.Or(options.Timeout, patience)
	a := &asker{
		server: server, options: options, cancel: cancel, pace: newPace(options.Rate), credentials: credentials,
		client: &http.Client{
			Transport: &http.Transport{
				DialContext: dialer(server, options.AllowHost).DialContext, MaxIdleConnsPerHost: concurrency, MaxConnsPerHost: concurrency,
				DisableCompression: true, TLSClientConfig: &tls.Config{RootCAs: options.RootCAs, MinVersion: tls.VersionTLS12},
				TLSNextProto: map[string]func(string, *tls.Conn) http.RoundTripper{},
			},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
	defer a.client.CloseIdleConnections()
	result, all := a.plan(subject)
	for _, late := range []bool{false, true} {
		if err := a.round(ctx, all, late); err != nil {
			return nil, err
		}
	}
	result.judge()
	return result, nil
}

// asker is the state of one [Ask].
type asker struct {
	server      *url.URL
	client      *http.Client
	options     Options
	credentials *Credentials
	cancel      context.CancelCauseFunc
	pace        *pace
	// done are the questions that were answered, of total.
	done  atomic.Int64
	total int
}

// plan makes all questions.
func (a *asker) plan(subject *Subject) (*Result, []*answer) {
	unknown := word + "-" + strings.ToLower(rand.Text())
	result := &Result{}
	var all []*answer
	for _, t := range subject.operations {
		o := &asked{target: t}
		result.operations = append(result.operations, o)
		switch {
		case t.gap != "":
			o.skipped = t.gap
			continue
		case !t.safe() && !a.options.Unsafe:
			o.skipped = t.Method + " is asked with --unsafe only"
			continue
		}
		for _, q := range t.questions(a.credentials, unknown) {
			o.answers = append(o.answers, &answer{question: q, of: t})
		}
		all = append(all, o.answers...)
	}
	a.total = len(all)
	return result, all
}

// round asks the questions of one kind, several at a time.
func (a *asker) round(ctx context.Context, all []*answer, late bool) error {
	queue := make(chan *answer)
	var workers sync.WaitGroup
	for range concurrency {
		workers.Go(func() {
			for q := range queue {
				if err := a.answer(ctx, q); err != nil {
					a.cancel(err)
				}
			}
		})
	}
	for _, q := range all {
		if q.late == late && ctx.Err() == nil {
			queue <- q
		}
	}
	close(queue)
	workers.Wait()
	return context.Cause(ctx)
}

// answer asks one question at its time.
func (a *asker) answer(ctx context.Context, q *answer) error {
	for range 3 {
		if err := a.pace.wait(ctx); err != nil {
			return err
		}
		again, err := a.try(ctx, q)
		switch {
		case err != nil && isDial(err):
			return fmt.Errorf("cannot reach the server: %w", err)
		case err != nil:
			return fmt.Errorf("cannot ask %s %s: %w", q.method, q.of.Path, err)
		}
		if again == 0 {
			if done := a.done.Add(1); a.options.Progress != nil {
				a.options.Progress(int(done), a.total)
			}
			return nil
		}
		a.pace.pause(again)
	}
	return fmt.Errorf("cannot ask %s %s: the server answers 429, too many requests; give it a lower --rate", q.method, q.of.Path)
}

// try sends the request. again is the time to wait when the server wants fewer of them.
func (a *asker) try(ctx context.Context, q *answer) (again time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, a.options.Timeout)
	defer cancel()
	response, err := a.send(ctx, q)
	if err != nil {
		return 0, q.silent(err)
	}
	defer func() { _ = response.Body.Close() }()
	content := time.AfterFunc(time.Second, cancel) // streams need not end
	defer content.Stop()
	var text strings.Builder
	if response.ContentLength < 1<<16 {
		_, _ = io.CopyN(&text, response.Body, 1<<16)
	}
	if response.StatusCode == http.StatusTooManyRequests {
		return retryAfter(response.Header), nil
	}
	q.seen = response.StatusCode
	if q.compared() {
		q.content = sha256.Sum256([]byte(q.neutral(response.Header.Get("Content-Type") + "\n" + text.String())))
	}
	if q.seen == http.StatusUnauthorized {
		q.challenge = q.of.checkChallenges(response.Header)
	}
	return 0, nil
}

// send sends the request, and once more where a connection ended: the server may have closed an idle one meanwhile.
func (a *asker) send(ctx context.Context, q *answer) (*http.Response, error) {
	request, err := a.request(ctx, q)
	if err != nil {
		return nil, err
	}
	response, err := a.client.Do(request)
	if err == nil || ctx.Err() != nil || isDial(err) {
		return response, err
	}
	a.client.CloseIdleConnections()
	if err := a.pace.wait(ctx); err != nil {
		return nil, err
	}
	if request, err = a.request(ctx, q); err != nil {
		return nil, err
	}
	return a.client.Do(request)
}

func isDial(err error) bool {
	var of *net.OpError
	return errors.As(err, &of) && of.Op == "dial"
}

// retryAfter is a second where the server says nothing, and at most a minute (RFC 9110 section 10.2.3).
func retryAfter(header http.Header) time.Duration {
	after := header.Get("Retry-After")
	seconds, err := strconv.Atoi(after)
	d := time.Duration(min(seconds, 60)) * time.Second
	if at, malformed := http.ParseTime(after); err != nil && malformed == nil {
		d = time.Until(at)
	}
	return min(max(d, time.Second), time.Minute)
}

func (a *asker) request(ctx context.Context, q *answer) (*http.Request, error) {
	target := *a.server
	target.RawPath = strings.TrimRight(target.EscapedPath(), "/") + q.request.path
	target.Path, _ = url.PathUnescape(target.RawPath)
	target.RawQuery = q.request.query
	var content io.Reader
	if len(q.request.body.content) > 0 && q.method != http.MethodHead {
		content = bytes.NewReader(q.request.body.content)
	}
	request, err := http.NewRequestWithContext(ctx, q.method, target.String(), content)
	if err != nil {
		return nil, noRequest{}
	}
	request.Header = q.request.header.Clone()
	request.Header.Set("User-Agent", word)
	request.Header.Set("Accept", "*/*")
	if content != nil {
		request.Header.Set("Content-Type", q.request.body.mediaType)
	}
	if len(q.request.cookies) > 0 {
		request.Header.Set("Cookie", strings.Join(q.request.cookies, "; "))
	}
	return request, nil
}

// noRequest is an address or method of which HTTP has no request.
type noRequest struct{}

// Error says so; the cause may hold a key.
func (noRequest) Error() string { return "no request can be made of its method and path" }

// silent is for requests without an answer. A server that ends the connection has answered in its way, and one that nobody
// can reach has not. The URL in the error of a client may hold a key.
func (q *answer) silent(err error) error {
	var outer *url.Error
	if errors.As(err, &outer) {
		err = outer.Err
	}
	var dial *net.OpError
	var unsent noRequest
	switch {
	case errors.As(err, &unsent):
		return unsent
	case errors.Is(err, context.DeadlineExceeded):
		return errors.New("the server does not answer in time")
	case errors.As(err, &dial) && dial.Op == "dial":
		return dial
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		q.seen = 0
		return nil
	case errors.Is(err, context.Canceled):
		return err
	}
	var certificate *tls.CertificateVerificationError
	if errors.As(err, &certificate) {
		return certificate
	}
	return errors.New("the server does not answer with HTTP")
}
