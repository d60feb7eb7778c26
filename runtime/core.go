package guard

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"mime"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/oapi-guard/oapi-guard/runtime/internal/answer"
	"github.com/oapi-guard/oapi-guard/runtime/internal/credential"
	"github.com/oapi-guard/oapi-guard/runtime/internal/grammar"
	"github.com/oapi-guard/oapi-guard/runtime/internal/plan"
	"github.com/oapi-guard/oapi-guard/runtime/internal/reach"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// core is the part of a guard that does not depend on the type of the caller: it answers and reports. The zero value
// is that of a guard without a policy.
type core struct {
	operation Operation
	options   Options
	source    string       // the resource check in reasons
	later     *answer.Rare // of 503
	broken    *atomic.Bool
	carries   bool         // something is put into the contexts of admitted requests
	signed    bool         // the body is a part of some scheme's credential
	asker     *reach.Asker // combinations and the resource check
	// ready are the answers to denials in which nothing depends on the request. Attackers choose what a guard refuses, and
	// so these cost next to nothing.
	ready [verdict.Allow]*answer.Answer
	// absent is the one to requests without an Authorization field, nil where other fields matter.
	absent *answer.Answer
}

func newCore(operation Operation, options Options, terms plan.Terms) core {
	c := core{operation: operation, options: options, broken: terms.Broken}
	if terms.RetryAfter != nil {
		c.later = &answer.Rare{RetryAfter: terms.RetryAfter}
	}
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
func (c *core) admits() bool { return c.checks() || c.operation.Conceal != concealNothing }

// answer makes the answer to a denial. The context and the request are for [Options].DenialBody.
func (c *core) answer(ctx context.Context, r credential.Request, f *finding, a *answer.Answer) {
	v := f.shown()
	a.Status, a.Challenges, a.Content, a.Rare = v.Status(), f.challenges, answer.Default(v), f.rare
	a.Exact = v == verdict.NotFound || c.operation.Conceal != concealNothing
	public := detail{}
	switch v {
	case verdict.Unavailable:
		a.Rare = c.later
	case verdict.TooLarge, verdict.BadBody:
		a.Rare = &tail
		if f.rare != nil {
			a.Rare = &answer.Rare{Nonce: f.rare.Nonce, Close: true}
		}
	case verdict.Throttled, verdict.Refused, verdict.Forbidden:
		switch reason := f.reason.(type) {
		case *throttledReason:
			a.Rare = &reason.later
		case *detailed:
			public = reason.detail
			a.Content = answer.Problem(a.Status, cmp.Or(public.text, answer.DefaultDetail(v)), public.code)
		}
	}
	if c.options.DenialBody != nil {
		a.Content = cmp.Or(c.custom(ctx, Denial{
			Operation: c.operation.ID, Status: a.Status, Verdict: v,
			Detail: public.text, Code: public.code, Accept: slices.Clone(r.FieldLines("Accept")),
		}), a.Content)
	}
}

// tail is of denials that leave a part of the body unread.
var tail = answer.Rare{Close: true}

// custom is the application's body, or nil when DenialBody leaves it to the default, panics or names no media type.
func (c *core) custom(ctx context.Context, d Denial) (content *answer.Content) {
	defer func() {
		if value := recover(); value != nil {
			c.logFault(ctx, newPanicked("DenialBody", value))
		}
	}()
	mediaType, body := c.options.DenialBody(ctx, d)
	if mediaType == "" && body == nil {
		return nil
	}
	if !isMediaType(mediaType) {
		c.logFault(ctx, errMediaType, slog.String("contentType", mediaType))
		return nil
	}
	return answer.NewContent(mediaType, body)
}

func isMediaType(s string) bool {
	mediaType, _, err := mime.ParseMediaType(s)
	return err == nil && strings.Contains(mediaType, "/") && grammar.IsPrintable(s)
}

// answerAbort answers a request that one of the application's functions aborted with [http.ErrAbortHandler], when it
// is deferred, and reports it unless the decision was reported. net/http's server recovers that panic; others end with
// it, and all their connections: so no function of the application is called here that could panic once more.
func (c *core) answerAbort(x answer.Exchange, f *finding, admitted *bool) {
	switch value := recover(); value {
	case nil:
	case http.ErrAbortHandler:
		*admitted = false
		(&reach.Call{Context: x.Context(), Source: x}).Undo()
		x.Deny(&answer.Answer{Status: http.StatusInternalServerError, Content: answer.Default(verdict.Fault)})
		c.reportAbort(x.Context(), f)
	default:
		panic(value)
	}
}

// reportAbort reports a request that was aborted before its decision was. An observer that aborts as well is ignored.
func (c *core) reportAbort(ctx context.Context, f *finding) {
	if f.reported {
		return
	}
	defer func() { _ = recover() }()
	c.report(ctx, &finding{verdict: verdict.Fault, reason: http.ErrAbortHandler, scheme: f.scheme})
}
