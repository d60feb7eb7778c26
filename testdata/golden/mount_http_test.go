package golden

import (
	"io"
	"log"
	"net"
	"net/http"
	"time"
)

// mountedHTTP is a server on net/http. It speaks HTTP/1.1, and HTTP/2 to clients that know it does.
type mountedHTTP struct {
	http.Handler
	server *http.Server
}

func mountHTTP(h http.Handler, err error) (mounted, error) {
	if h == nil {
		return nil, err
	}
	s := &http.Server{
		Handler: h, ErrorLog: log.New(io.Discard, "", 0), Protocols: new(http.Protocols), ReadHeaderTimeout: time.Minute,
	}
	s.Protocols.SetHTTP1(true)
	s.Protocols.SetUnencryptedHTTP2(true)
	return &mountedHTTP{h, s}, err
}

func (m *mountedHTTP) listen(l net.Listener) error { return m.server.Serve(l) }
func (m *mountedHTTP) close() error                { return m.server.Close() }

// answerHTTP is the handler of every operation of the plain servers on net/http.
func answerHTTP(p *probe, c call, notFound func(http.ResponseWriter, *http.Request), w http.ResponseWriter, r *http.Request) {
	if err := p.decode(c.operation, r.Body); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "text/plain")
	answer, err := p.run(c)
	if err != nil {
		notFound(w, r)
		return
	}
	_, _ = io.WriteString(w, answer)
}

// middlewaresHTTP is the middleware that calls o.seen, in the type of a case.
func middlewaresHTTP[M ~func(http.Handler) http.Handler](o options) []M {
	if o.seen == nil {
		return nil
	}
	return []M{func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			o.seen(r.Context())
			next.ServeHTTP(w, r)
		})
	}}
}
