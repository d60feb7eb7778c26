package guard_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/gen"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// timeout is as the errors of net and net/http are: it Is context.DeadlineExceeded.
type timeout struct{}

func (timeout) Error() string        { return "timeout" }
func (timeout) Is(target error) bool { return target == context.DeadlineExceeded }

type asStepUp struct{ pointer bool }

func (asStepUp) Error() string { return "as" }
func (a asStepUp) As(target any) bool {
	switch s := target.(type) {
	case *guard.StepUp:
		*s = guard.StepUp{ACRValues: []string{"a"}}
		return !a.pointer
	case **guard.StepUp:
		*s = &guard.StepUp{ACRValues: []string{"a"}}
		return a.pointer
	}
	return false
}

type asDetail struct{ text string }

func (asDetail) Error() string { return "as detail" }
func (a asDetail) As(target any) bool {
	d, ok := target.(*guard.Detail)
	if ok {
		*d = guard.Detail(a.text)
	}
	return ok
}

type asNothing struct{}

func (asNothing) Error() string { return "as nothing" }
func (asNothing) As(any) bool   { return false }

// incomparable errors must not make == panic.
type incomparable struct{ list []int }

func (incomparable) Error() string { return "incomparable" }

type badUnwrap struct{}

func (badUnwrap) Error() string { return "bad" }
func (badUnwrap) Unwrap() error { panic("Unwrap") }

var stepUpValue = guard.StepUp{ACRValues: []string{"a"}}

func TestClassification(t *testing.T) {
	join := errors.Join
	for _, test := range []struct {
		err  error
		want verdict.Verdict
	}{
		{guard.Invalid(nil), invalid},
		{guard.Expired(nil), expired},
		{guard.Forbidden(nil), refused},
		{guard.Unavailable(nil), unavailable},
		{wrap(wrap(guard.Invalid(errPlain))), invalid},
		{guard.Invalid(wrap(guard.Unavailable(nil))), unavailable},
		{guard.Unavailable(guard.Invalid(nil)), unavailable},
		{join(errPlain, guard.Expired(nil)), expired},
		{join(guard.Expired(nil), guard.Invalid(nil)), invalid},
		{join(guard.Invalid(nil), guard.Expired(nil)), invalid},
		{join(guard.Invalid(nil), guard.Forbidden(nil)), refused},
		{join(guard.Forbidden(nil), stepUpValue), stepUp},
		{join(stepUpValue, guard.Unavailable(nil)), unavailable},
		{wrap(join(wrap(guard.Invalid(nil)), join(wrap(guard.Unavailable(nil))))), unavailable},
		{fmt.Errorf("%w and %w", guard.Invalid(nil), guard.Forbidden(nil)), refused},
		{stepUpValue, stepUp},
		{&stepUpValue, stepUp},
		{wrap(&stepUpValue), stepUp},
		{asStepUp{false}, stepUp},
		{wrap(asStepUp{true}), stepUp},
		{asNothing{}, fault},
		{(*guard.StepUp)(nil), fault},
		{context.DeadlineExceeded, unavailable},
		{wrap(context.DeadlineExceeded), unavailable},
		{timeout{}, unavailable},
		{join(guard.Invalid(nil), timeout{}), unavailable},
		{context.Canceled, fault},
		{join(guard.Invalid(nil), context.Canceled), invalid},
		{errPlain, fault},
		{join(errPlain, errPlain), fault},
		{http.ErrAbortHandler, fault},
		{incomparable{[]int{1}}, fault},
		{badUnwrap{}, fault},
		{guard.Invalid(badUnwrap{}), fault},
		{guard.StepUp{ACRValues: []string{""}}, fault},
		{guard.StepUp{ACRValues: []string{"a b"}}, fault},
		{guard.StepUp{ACRValues: []string{"a\r\nX: y"}}, fault},
		{guard.StepUp{ACRValues: []string{"a\u00e9"}}, fault},
		{guard.StepUp{Scope: []string{""}}, fault},
		{guard.StepUp{Scope: []string{"a\"b"}}, fault},
		{guard.StepUp{Scope: []string{"a b"}}, fault},
		{guard.StepUp{Scope: []string{`a\b`}}, fault},
		{guard.UseDPoPNonce("n"), invalid},
		{guard.UseDPoPNonce("n m"), fault},
		{join(guard.Expired(nil), guard.UseDPoPNonce("n")), invalid},
		{join(guard.Forbidden(nil), guard.UseDPoPNonce("n")), refused},
		{guard.Unavailable(guard.UseDPoPNonce("n m")), unavailable},
		{guard.NotFound(nil), fault},
		{join(guard.NotFound(nil), guard.Invalid(nil)), fault},
		{join(guard.NotFound(nil), guard.Forbidden(nil)), refused},
		{guard.Forbidden(guard.Detail("why")), refused},
		{guard.Forbidden(asDetail{"why"}), refused},
		{guard.Forbidden(guard.Detail("")), refused},
		{guard.Invalid(guard.Detail("why")), invalid},
		{guard.Invalid(guard.Detail("a\nb")), invalid},
		{guard.Detail("why"), fault},
		{guard.Forbidden(guard.Detail("a\nb")), fault},
		{guard.Forbidden(guard.Detail("a\u0085b")), fault},
		{guard.Forbidden(guard.Detail("a\x7fb")), fault},
		{guard.Forbidden(guard.Detail("\xff")), fault},
		{guard.Forbidden(asDetail{"\xff"}), fault},
	} {
		if got := checkError(context.Background(), test.err); got.Verdict() != test.want {
			t.Errorf("%v: %s; want %s (%v)", test.err, got.Verdict(), test.want, got.Err())
		}
	}
}

// checkError is the decision about a request whose authenticator returns err.
func checkError(ctx context.Context, err error) guard.Decision[*caller] {
	l := gen.NewLinker(guard.Options{}, gen.Entitlements[*caller]{}, []gen.Scheme[*caller]{
		gen.Bearer("bearer", func(context.Context, guard.BearerToken) (*caller, error) { return nil, err }),
	}, nil)
	return l.Guard(operation("bearer")).Check(request("Authorization: Bearer b").WithContext(ctx))
}

func TestClassificationWhenTheClientIsGone(t *testing.T) {
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	for _, test := range []struct {
		err  error
		want verdict.Verdict
	}{
		{context.Canceled, verdict.Canceled},
		{fmt.Errorf("query: %w", context.Canceled), verdict.Canceled},
		{guard.Unavailable(context.Canceled), verdict.Canceled},
		{errors.Join(stepUpValue, context.Canceled), verdict.Canceled},
		{guard.Invalid(nil), invalid},
		{errPlain, fault},
	} {
		if got := checkError(gone, test.err); got.Verdict() != test.want || got.Challenges() != nil && got.Status() != 401 {
			t.Errorf("%v: %s; want %s", test.err, got.Verdict(), test.want)
		}
	}
}

func TestStepUpMaxAge(t *testing.T) {
	const line = `Bearer realm="api", error="insufficient_user_authentication"`
	for _, test := range []struct {
		age  time.Duration
		want string
	}{
		{0, line}, {-1, line + `, max_age="0"`}, {-time.Hour, line + `, max_age="0"`}, {1, line + `, max_age="1"`}, {time.Hour, line + `, max_age="3600"`}, {1100 * time.Millisecond, line + `, max_age="2"`},
	} {
		if got := checkError(context.Background(), guard.StepUp{MaxAge: test.age}).Challenges(); len(got) != 1 || got[0] != test.want {
			t.Errorf("%s: %q; want %q", test.age, got, test.want)
		}
	}
}

func TestErrorTexts(t *testing.T) {
	for err, want := range map[error]string{
		guard.Invalid(nil): "invalid", guard.Expired(nil): "expired", guard.Forbidden(nil): "refused",
		guard.Unavailable(nil): "unavailable", guard.NotFound(nil): "not-found", guard.Detail("text"): "text", guard.Invalid(errPlain): "some error",
	} {
		if err.Error() != want {
			t.Errorf("%q; want %q", err, want)
		}
	}
	if !errors.Is(guard.Unavailable(errPlain), errPlain) || errors.Unwrap(guard.Invalid(nil)) != nil {
		t.Error("Unwrap")
	}
}

// A nil principal is a fault, whatever the type that hides it.
func TestNilCallers(t *testing.T) {
	nilCaller[*caller](t, nil, false)
	nilCaller(t, &caller{}, true)
	nilCaller[any](t, nil, false)
	nilCaller[any](t, (*caller)(nil), false)
	nilCaller[any](t, caller{}, true)
	nilCaller[any](t, (chan int)(nil), false)
	nilCaller[any](t, make(chan int), true)
	nilCaller[fmt.Stringer](t, (*time.Time)(nil), false)
	nilCaller[map[string]bool](t, nil, false)
	nilCaller(t, map[string]bool{}, true)
	nilCaller[[]string](t, nil, false)
	nilCaller[func()](t, nil, false)
	nilCaller[chan int](t, nil, false)
	nilCaller(t, "", true)
	nilCaller(t, caller{}, true)
	nilCaller(t, 0, true)
}

func nilCaller[P any](t *testing.T, p P, want bool) {
	t.Helper()
	l := gen.NewLinker(guard.Options{}, gen.Entitlements[P]{}, []gen.Scheme[P]{
		gen.Bearer("bearer", func(context.Context, guard.BearerToken) (P, error) { return p, nil }),
	}, nil)
	d := l.Guard(operation("bearer")).Check(request("Authorization: Bearer b"))
	if d.Allowed() != want || !want && d.Verdict() != fault {
		t.Errorf("%T(%v): %s %v", p, p, d.Verdict(), d.Err())
	}
}

func TestIsNotFound(t *testing.T) {
	missing := errors.New("missing")
	for _, test := range []struct {
		err  error
		want bool
	}{
		{nil, false},
		{missing, false},
		{guard.NotFound(nil), true},
		{guard.NotFound(missing), true},
		{fmt.Errorf("order 7: %w", guard.NotFound(missing)), true},
		{errors.Join(missing, guard.NotFound(nil)), true},
		{guard.Forbidden(nil), false},
		{errors.Join(guard.NotFound(nil), guard.Forbidden(nil)), false},
		{errors.Join(guard.NotFound(nil), guard.Unavailable(nil)), false},
	} {
		if got := guard.IsNotFound(test.err); got != test.want {
			t.Errorf("%v: %t", test.err, got)
		}
	}
}
