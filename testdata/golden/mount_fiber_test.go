package golden

import (
	"bytes"
	"io"
	"net"
	"net/http"

	"github.com/gofiber/fiber/v2"
	fiber3 "github.com/gofiber/fiber/v3"
)

// headerBytes is fiber's buffer for a request's header. Its default, 4096, is less than a long token takes.
const headerBytes = 64 << 10

type mountedFiber struct{ app *fiber.App }

func newFiber() *fiber.App {
	return fiber.New(fiber.Config{DisableStartupMessage: true, ReadBufferSize: headerBytes})
}

func mountFiber(app *fiber.App, err error) (mounted, error) {
	if err != nil {
		return nil, err
	}
	return mountedFiber{app}, nil
}

func (m mountedFiber) listen(l net.Listener) error { return m.app.Listener(l) }
func (m mountedFiber) close() error                { return m.app.Shutdown() }

func (m mountedFiber) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	response, err := m.app.Test(withLength(r), -1)
	copyResponse(w, response, err)
}

func answerFiber(p *probe, c call, notFound func(*fiber.Ctx) error, ctx *fiber.Ctx) error {
	if err := p.decode(c.operation, bytes.NewReader(ctx.Body())); err != nil {
		return fiber.NewError(http.StatusBadRequest, err.Error())
	}
	answer, err := p.run(c)
	if err != nil {
		return notFound(ctx)
	}
	return ctx.SendString(answer)
}

func middlewaresFiber[M ~func(*fiber.Ctx, fiber.Handler) error](o options) []M {
	if o.seen == nil {
		return nil
	}
	return []M{func(ctx *fiber.Ctx, next fiber.Handler) error {
		o.seen(ctx.UserContext())
		return next(ctx)
	}}
}

type mountedFiber3 struct{ app *fiber3.App }

func newFiber3() *fiber3.App { return fiber3.New(fiber3.Config{ReadBufferSize: headerBytes}) }

func mountFiber3(app *fiber3.App, err error) (mounted, error) {
	if err != nil {
		return nil, err
	}
	return mountedFiber3{app}, nil
}

func (m mountedFiber3) listen(l net.Listener) error {
	return m.app.Listener(l, fiber3.ListenConfig{DisableStartupMessage: true})
}
func (m mountedFiber3) close() error { return m.app.Shutdown() }

func (m mountedFiber3) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	response, err := m.app.Test(withLength(r), fiber3.TestConfig{})
	copyResponse(w, response, err)
}

func answerFiber3(p *probe, c call, notFound func(fiber3.Ctx) error, ctx fiber3.Ctx) error {
	if err := p.decode(c.operation, bytes.NewReader(ctx.Body())); err != nil {
		return fiber3.NewError(http.StatusBadRequest, err.Error())
	}
	answer, err := p.run(c)
	if err != nil {
		return notFound(ctx)
	}
	return ctx.SendString(answer)
}

func middlewaresFiber3[M ~func(fiber3.Ctx, fiber3.Handler) error](o options) []M {
	if o.seen == nil {
		return nil
	}
	return []M{func(ctx fiber3.Ctx, next fiber3.Handler) error {
		o.seen(ctx.Context())
		return next(ctx)
	}}
}

// withLength is the request with a body whose length is known: fiber's Test writes it to a connection.
func withLength(r *http.Request) *http.Request {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(err) // the bodies of these tests are strings
	}
	r = r.Clone(r.Context())
	if r.Header == nil {
		r.Header = http.Header{}
	}
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return r
}

// copyResponse copies what fiber answered. An error is one of the test's own making: 599.
func copyResponse(w http.ResponseWriter, response *http.Response, err error) {
	if err != nil {
		http.Error(w, err.Error(), 599)
		return
	}
	defer func() { _ = response.Body.Close() }()
	for name, lines := range response.Header {
		w.Header()[name] = lines
	}
	w.WriteHeader(response.StatusCode)
	_, _ = io.Copy(w, response.Body)
}
