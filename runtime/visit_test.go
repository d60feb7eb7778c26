package guard_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

const (
	forbidden = verdict.Forbidden
	notFound  = verdict.NotFound
	canceled  = verdict.Canceled

	body404     = `{"type":"about:blank","title":"Not Found","status":404,"detail":"There is no such resource."}` + "\n"
	bodySecrets = `{"type":"about:blank","title":"Forbidden","status":403,"detail":"It is \"Ann's\" \u003cb\u003e ü."}` + "\n"
)

// detail has all that JSON would stumble over.
const detail = guard.Detail(`It is "Ann's" <b> ü.`)

// visit is a request on its way through a guard, a resource check and a handler.
type visit struct {
	policy  string
	conceal guard.Concealment
	has     []string
	check   func(context.Context) error // nil: the operation has none
	missing bool                        // the handler finds nothing
	ctx     context.Context             // the request's; Background when nil
}

// answered is the client's and the operator's view of a visit.
type answered struct {
	status         int // 0: the handler served
	header         http.Header
	body           string
	checks, served int
	events         []guard.Event
}

func (v visit) operation() guard.Operation {
	op := operation(v.policy)
	op.Conceal = v.conceal
	if v.check != nil {
		op.Resource = "ownsIt"
	}
	return op
}

// guard makes the guard of the visit, and the check that counts its calls.
func (v visit) guard(t testing.TB, options guard.Options, a *answered) (*guard.Guard[*caller], func(context.Context) error) {
	report := options.OnDecision
	options.OnDecision = func(ctx context.Context, e guard.Event) {
		a.events = append(a.events, e)
		if report != nil {
			report(ctx, e)
		}
	}
	l := (&world{options: options}).linker()
	g := l.Guard(v.operation())
	if err := l.Err(); err != nil {
		t.Fatal(err)
	}
	return g, func(ctx context.Context) error {
		a.checks++
		return v.check(ctx)
	}
}

func (v visit) request() *http.Request {
	if v.ctx != nil {
		return request(v.has...).WithContext(v.ctx)
	}
	return request(v.has...)
}

// overHTTP makes the visit by the door of net/http.
func (v visit) overHTTP(t testing.TB, options guard.Options) (a answered) {
	g, check := v.guard(t, options, &a)
	rec := httptest.NewRecorder()
	defer func() { a.status, a.header, a.body = rec.Code, rec.Header(), rec.Body.String() }()
	g.Wrap(func(w http.ResponseWriter, r *http.Request, _ guard.Optional[*caller]) {
		if v.check != nil && !g.AdmitResource(w, r, check) {
			return
		}
		a.served++
		if v.missing {
			guard.WriteNotFound(w, r)
		}
	})(rec, v.request())
	return a
}

// carrying is an exchange whose context has been replaced, as a framework's is.
type carrying struct {
	*exchange
	ctx context.Context
}

func (c carrying) Context() context.Context { return c.ctx }

// overExchange makes the visit by the other door.
func (v visit) overExchange(t testing.TB, options guard.Options) (a answered) {
	g, check := v.guard(t, options, &a)
	x := newExchange(v.request())
	x.status = http.StatusOK
	defer func() { a.status, a.header, a.body = x.status, x.header, x.body }()
	ctx, _, admitted := g.AdmitExchange(x)
	defer g.Done(ctx)
	if !admitted || v.check != nil && !g.AdmitResourceExchange(carrying{x, ctx}, check) {
		return a
	}
	a.served++
	if v.missing {
		writeNotFound(carrying{x, ctx})
	}
	return a
}

var doors = map[string]func(visit, testing.TB, guard.Options) answered{"net/http": visit.overHTTP, "exchange": visit.overExchange}

func says(err error) func(context.Context) error { return func(context.Context) error { return err } }

func count(once bool) int {
	if once {
		return 1
	}
	return 0
}
