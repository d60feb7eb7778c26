package guard

import (
	"context"
	"errors"
	"log/slog"
	"mime"
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/oapi-guard/oapi-guard/runtime/internal/answer"
	"github.com/oapi-guard/oapi-guard/runtime/internal/grammar"
	"github.com/oapi-guard/oapi-guard/runtime/internal/plan"
	"github.com/oapi-guard/oapi-guard/runtime/internal/reach"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// core is the part of a guard that does not depend on the type of the caller: it answers and reports. The zero value
// is that of a guard without a policy.
type core struct {
	operation  Operation
	options    Options
	source     string // the resource check in reasons
	retryAfter []string
	broken     *atomic.Bool
	carries    bool         // something is put into the contexts of admitted requests
	signed     bool         // the body is a part of some scheme's credential
	asker      *reach.Asker // combinations and the resource check
}

func newCore(operation Operation, options Options, terms plan.Terms) core {
	c := core{operation: operation, options: options, retryAfter: terms.RetryAfter, broken: terms.Broken}
	c.source = "the resource check " + operation.Resource
	c.carries = options.CallerInContext || c.admits()
	return c
}

var (
	errUnlinked  = errors.New("the guard was not made by a Linker")
	errBroken    = errors.New("the guards were made with an error: see the one that their constructor returned")
	errMediaType = errors.New("the content type of DenialBody is not a media type (RFC 9110 section 8.3.1)")
)

// unusable says why the guard has to deny everything.
func (c *core) unusable() error {
	switch {
	case c.broken == nil:
		return errUnlinked
	case c.broken.Load():
		return errBroken
	}
	return nil
}

// checks reports whether the operation has a resource check.
func (c *core) checks() bool { return c.operation.Resource != "" }

// admits reports whether admitted requests carry an admission.
func (c *core) admits() bool { return c.checks() || c.operation.Conceal != ConcealNothing }

// answer makes the answer to a denial. The context is for [Options].DenialBody.
func (c *core) answer(ctx context.Context, f *finding, a *answer.Answer) {
	v := f.shown()
	a.Status, a.Challenges, a.Nonce = v.Status(), f.challenges, f.nonce
	if v == verdict.Unavailable {
		a.RetryAfter = c.retryAfter
	}
	a.Close = v == verdict.TooLarge || v == verdict.BadBody
	detail := ""
	if d, ok := f.reason.(*detailed); ok {
		detail = string(d.detail)
	}
	if c.options.DenialBody != nil {
		a.Content = c.custom(ctx, Denial{c.operation.ID, a.Status, v, detail})
	}
	switch {
	case a.Content != nil:
	case detail != "":
		a.Content = answer.Problem(a.Status, detail)
	case v == verdict.BadBody:
		a.Content = answer.BadBody
	default:
		a.Content = answer.Default(a.Status)
	}
}

// custom is the application's body, or nil when DenialBody panics or names no media type.
func (c *core) custom(ctx context.Context, d Denial) (content *answer.Content) {
	defer func() {
		if value := recover(); value != nil {
			logFault(ctx, d.Operation, newPanicked("DenialBody", value))
		}
	}()
	mediaType, body := c.options.DenialBody(ctx, d)
	if !isMediaType(mediaType) {
		logFault(ctx, d.Operation, errMediaType, slog.String("contentType", mediaType))
		return nil
	}
	return answer.NewContent(mediaType, body)
}

func isMediaType(s string) bool {
	mediaType, _, err := mime.ParseMediaType(s)
	return err == nil && strings.Contains(mediaType, "/") && grammar.IsPrintable(s)
}

// answerAbort answers a request that one of the application's functions aborted with [http.ErrAbortHandler], when it
// is deferred. net/http's server recovers that panic; others end with it, and all their connections.
func (c *core) answerAbort(x answer.Exchange, admitted *bool) {
	switch value := recover(); value {
	case nil:
	case http.ErrAbortHandler:
		*admitted = false
		(&reach.Call{Context: x.Context(), Source: x}).Undo()
		var a answer.Answer
		c.answer(x.Context(), &finding{verdict: verdict.Fault}, &a)
		x.Deny(&a)
	default:
		panic(value)
	}
}
