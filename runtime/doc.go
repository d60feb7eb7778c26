// Package guard decides who may call an operation of an HTTP API, and answers those who may not. It is the
// runtime of the guards that oapi-guard generates from an OpenAPI document; it imports nothing but the
// standard library, and it can be used without generated code.
//
// A guard asks who the caller is (401, with a challenge that a client can act on) before it asks whether the
// caller may (403), and both before the handler, the binding of parameters or the body come into play.
// [Guard.Check] decides; [Guard.Wrap] enforces.
//
// # What it decides
//
// An [Operation] lists alternatives, any one of which suffices; each is a set of schemes, all of which are
// needed. For each scheme a request holds exactly one of: no credential (absent), more than one (ambiguous),
// one that the scheme's grammar does not admit (malformed), or one to authenticate.
//
// An alternative one of whose schemes is absent is not tried: none of its authenticators is called for it. Otherwise
// the schemes' credentials are authenticated, each at most once per request whatever the number of alternatives
// that name it; a [Combination] makes one caller of several; the caller must hold the scopes of this
// alternative, its roles, and those of the operation. The first alternative in the order of the document that
// is satisfied gives the caller, and later ones are not looked at.
//
// {} among the alternatives admits an anonymous caller when no scheme of the operation was presented at all,
// wherever in the list it stands. A credential that was presented and is bad is never taken for none.
//
// # Precedence
//
// When no alternative is satisfied, the worst that was found in any of them decides, as in this table from
// the top. The [Verdict] constants stand in the same order.
//
//	found                                    status  challenges
//	fault                                    500     none
//	canceled: the client is gone             503     none
//	unavailable                              503     none; Retry-After when configured
//	step-up required                         401     Bearer error="insufficient_user_authentication"
//	missing scope                            403     Bearer error="insufficient_scope" (can be left out)
//	refused account                          403     none
//	missing role                             403     none
//	ambiguous                                400     all; Bearer with error="invalid_request"
//	invalid                                  401     all; error="invalid_token" where it applies
//	expired                                  401     the same; error_description="The access token expired"
//	malformed                                401     as for invalid
//	absent                                   401     all, without an error
//
// error="invalid_token" stands on the Bearer challenges when a bearer token was among what was bad, and on
// that of DPoP when its was; other schemes have no such parameter.
//
// # Reading credentials
//
// Header fields are read as lists: two Authorization lines are ambiguous for every scheme that reads
// Authorization, and so is an API key, a query parameter or a cookie that is given twice. The scheme is
// compared without regard to the case of ASCII letters, and one or more spaces follow it. A bearer token is a
// token68; Basic credentials are canonical base64 of clean UTF-8 with a colon and a user; other schemes
// have a token68 or up to 32 distinct parameters, DPoP a token68. Another scheme's credential is none of this
// one's. API keys are opaque: white space around a header's value is not part of it, everything else is. A
// query with a pair that does not decode makes its key malformed, whichever pair it is. An empty value is
// no credential. A client certificate counts when the TLS handshake verified it.
//
// A credential longer than [Options].MaxCredentialBytes is malformed, before an authenticator sees it.
//
// # Classification
//
// An authenticator returns a caller, or an error that says what kind of failure it is: [Invalid], [Expired],
// [StepUp], [Forbidden], [Unavailable]; [context.DeadlineExceeded] is unavailable. Wrapped and joined errors
// are searched whole, and the worst class counts: canceled, unavailable, step-up, forbidden, invalid, expired.
// [context.Canceled] counts when the request's own context has ended.
//
// Everything else is a fault, 500: an error without a class, a panic, a nil caller (a nil pointer in an
// interface included) without an error, a challenge or a [StepUp] that the grammar cannot carry. An error
// that nobody classified is no 401, because then an outage would make every client throw its token away.
// [http.ErrAbortHandler] is panicked on, wherever it comes from.
//
// A caller that is returned next to an error is ignored.
//
// # Challenges
//
// A 400 or 401 carries the challenges of all alternatives, each once, in the order of the document, schemes
// in IANA's registry first, each in a WWW-Authenticate line of its own:
//
//	Basic realm="api", charset="UTF-8"
//	Bearer realm="api", scope="read write"
//	ApiKey realm="api", in="header", name="X-API-Key"
//	ClientCertificate realm="api"
//
// Those of an [HTTPScheme] come from the application for each response, for a nonce may be in them. A
// step-up has one Bearer challenge only, with the parameters of [StepUp] (RFC 9470). Nothing of a request is
// ever in a challenge.
//
// # Denials
//
// The body is a problem+json document (RFC 9457), constant per status code, or the application's own
// ([Options].DenialBody). Unknown, wrong, malformed and missing credentials have the same one, and so have all
// reasons of a 403. Reasons go to [Options].OnDecision.
//
// # Performance
//
// Admitting a request allocates nothing with up to eight schemes in an operation, and neither does denying
// it with the default body and fixed challenges; Basic credentials, which have to be decoded, and AND
// alternatives, whose callers are handed over in a slice, are the exceptions. Challenges, bodies and header
// values are prepared when a guard is made; the slices are shared between responses, so a middleware may add to
// them or replace them but must not write into them.
//
// # What it never does
//
// It never reads a body, the Host or a forwarding header; never looks a policy up by path; never lets a
// misconfiguration open anything: all mistakes are collected by [Linker.Err], and as long as there is one all
// guards of the linker deny, as a zero [Guard] does. Credentials never print: their types show as [redacted]
// under all verbs of fmt, in encoding/json and in log/slog. Panics in the application's functions never
// decide for a request, and a panic of OnDecision or DenialBody never changes what was decided. A
// [runtime.Goexit] in one of them ends the goroutine without a handler having run.
package guard
