package guard

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// Options are common to all guards of an API. The zero value is usable.
type Options struct {
	// Realm is the realm of challenges (RFC 9110 section 11.5), "api" when empty. It is printable ASCII.
	Realm string
	// Realms are the realms of single schemes where they differ from Realm, by the schemes' names.
	Realms map[string]string
	// Resource is the API's resource identifier (RFC 9728 section 1.2): the https URL, or http on a loopback host, by which
	// clients know it. Every Bearer and DPoP challenge then names the URL of its protected resource metadata, which
	// package metadata serves.
	Resource string
	// ResourceMetadata is that URL where it is another than the one that follows from Resource (RFC 9728 section 3.1).
	ResourceMetadata string
	// MaxCredentialBytes bounds the length of a credential, 16 KiB when 0. A longer one is malformed.
	MaxCredentialBytes int
	// RetryAfter is sent with 503 (RFC 9110 section 10.2.3), rounded up to seconds. 0 leaves it out.
	RetryAfter time.Duration
	// OmitScopeChallenge leaves the insufficient_scope challenge out of the 403 for a missing scope.
	OmitScopeChallenge bool
	// CallerInContext also puts the caller into the context of an admitted request, for OnDecision, the
	// application's middlewares and its handlers: see [CallerFrom]. It costs two allocations more. OnDecision also finds
	// a caller there who lacks a scope or a role: [Event].Verdict says who was admitted.
	CallerInContext bool
	// PrivateResponses sets "Cache-Control: private" on the response, before the handler runs and unless there is
	// a Cache-Control already, when the caller was admitted by a credential outside Authorization. Shared caches do
	// not recognise such credentials (RFC 9110 section 16.4.2). The handler can replace the field.
	PrivateResponses bool
	// ConcealFromAnonymous gives callers without a valid credential the 404 of [ConcealAsNotFound] too, in place of
	// 401 and 400 and without a challenge. Clients then cannot learn from the response how to authenticate.
	ConcealFromAnonymous bool
	// ClearCookies are cookies that a browser is told to forget with a 401 or 400 when a scheme read its credential from
	// a cookie of that name and it was invalid, expired, malformed or given twice: a Set-Cookie line for each of them,
	// with an empty value that has expired. Name, Path ("/" when it is empty), Domain and the other attributes must be
	// those that the cookie was set with; list a cookie once for every Path and Domain that it may have. Denials that
	// are concealed clear nothing.
	ClearCookies []http.Cookie
	// DenialBody makes the body of denials in place of problem+json. Status and challenges stay the guard's. When it
	// returns neither a contentType nor a body, the default is sent: that is for those who only have pages for browsers.
	// When it panics, or its contentType is not a media type, the default is sent too, and the fault is logged. It must be
	// constant for a status code unless clients may learn the difference between the verdicts; Denial.Accept says whether
	// a browser wants a page or a program a document. The context is the one that came with the request, before the guard,
	// at whatever stage the request is denied.
	DenialBody func(ctx context.Context, d Denial) (contentType string, body []byte)
	// OnDecision is told every decision, once per request, before the handler runs or the denial is written. On an
	// operation with a resource check the decision is reported when the check was made, or when the handler has
	// returned without it. The context is the request's, for every verdict: a logger or a tracer finds its values there.
	// Several observers are one function that calls them.
	OnDecision func(ctx context.Context, e Event)
	// Logger logs faults (500) at level Error and outages (503) at level Warn, whether or not there is an OnDecision.
	// When it is nil, slog.Default does. To switch this off use slog.New(slog.DiscardHandler).
	Logger *slog.Logger
}

// Denial is the part of a denial that [Options].DenialBody may show.
type Denial struct {
	// Operation is the operationId.
	Operation string
	Status    int
	// Verdict is verdict.NotFound or verdict.Forbidden for all denials that are concealed.
	Verdict verdict.Verdict
	// Detail is the public text of a 403: see [Detail].
	Detail string
	// Code is the public word that the application chose beside it, empty when it chose none: see [Detail.WithCode].
	Code string
	// Accept are the lines of the request's Accept field (RFC 9110 section 12.5.1).
	Accept []string
}
