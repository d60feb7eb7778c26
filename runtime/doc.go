// Package guard decides who may call an operation of an HTTP API, and answers those who may not. It is the
// runtime of the guards that oapi-guard generates from an OpenAPI document; it imports nothing but the
// standard library, and it can be used without generated code.
//
// A guard asks who the caller is (401, with a challenge that a client can act on) before it asks whether the
// caller may (403), and both before the handler, the binding of parameters or the body come into play.
// [Guard.Check] decides; [Guard.Wrap] enforces.
//
// Where an operation has a resource check, [Guard.AdmitResource] asks last whether this caller may use this
// resource. With generated code the order is always the same: 401 (who), 403 (scopes, roles), 400 (parameters
// that do not bind), 403 or 404 (the resource), the handler.
//
// # What it decides
//
// An [Operation] lists alternatives, any one of which suffices; each is a set of schemes, all of which are
// needed. For each scheme a request holds exactly one of: no credential (absent), more than one (ambiguous),
// one that the scheme's grammar does not admit (malformed), or one to authenticate.
//
// An alternative one of whose schemes is absent is not tried: none of its authenticators is called for it.
// Otherwise the schemes' credentials are authenticated, each at most once per request whatever the number of
// alternatives that name it; a [Combination] makes one caller of several; the caller must hold the scopes of
// this alternative, its roles, and those of the operation. The first alternative in the order of the document
// that is satisfied gives the caller, and later ones are not looked at.
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
//	forbidden by the resource check          403     none
//	resource not found                       404     none
//	ambiguous                                400     all; Bearer with error="invalid_request"
//	invalid                                  401     all; error="invalid_token" where it applies
//	expired                                  401     the same; error_description="The access token expired"
//	malformed                                401     as for invalid
//	absent                                   401     all, without an error
//
// error="invalid_token" stands on the Bearer challenges when a bearer token was among what was bad, and on
// that of DPoP when its was; other schemes have no such parameter.
//
// # Resource checks
//
// A check is a function of the application that is called once, after the parameters are bound, with the context
// of the handler. It returns nil when the caller may, or [Forbidden], [NotFound] or [Unavailable];
// [context.DeadlineExceeded] is unavailable. Its errors are searched as an authenticator's are, so what is
// both forbidden and not found is forbidden; and everything else is a fault, [Invalid], [Expired] and [StepUp]
// included, for who the caller is has been settled. It cannot let anybody in whom the guard denied: those
// never come to it, so that what they are told does not depend on the resource.
//
// A handler that finds out itself that there is nothing calls [WriteNotFound] before it writes anything.
//
// # Concealment
//
// On an operation with [ConcealAsNotFound] (x-conceal: not-found) a missing scope, a missing role and a refusal by
// the check are answered as a resource that does not exist: 404 without a challenge. With [ConcealAsForbidden] a
// resource that does not exist is answered as one that is refused: 403. Responses that conceal and those that
// have nothing to conceal are one and the same, status, header and body, the handler's own by [WriteNotFound]
// included; [Options].DenialBody is told the same of all of them, in the same context. Fields of the header
// that others set are theirs, and so is the time that a check takes.
//
// Where a concealing operation has a body, or middlewares of strict handlers write fields, the check must find out
// itself that a resource is missing: what a check lets through has its body read, so that a malformed one is answered
// with 400, Expect with 100, and the connection stays open behind a long one, where a refusal by the check does none
// of this. And contexts that middlewares make must come from the request's: without it [WriteNotFound] knows neither
// the operation nor [Options].DenialBody.
//
// A refused account is 403 on every operation and step-up is 401, for neither says anything of the resource;
// so is a missing scope under [ConcealAsForbidden], with its challenge. Faults and outages stay 500 and 503.
// Callers without valid credentials get their 401 or 400, unless [Options].ConcealFromAnonymous gives them the
// 404 of [ConcealAsNotFound] too. Events and [Decision.Verdict] tell the truth, and the status on the wire.
//
// # Reading credentials
//
// Header fields are read as lists: two Authorization lines are ambiguous for every scheme that reads
// Authorization, and so is an API key, a query parameter or a cookie that is given twice. The scheme is
// compared without regard to the case of ASCII letters, and one or more spaces follow it. A bearer token is a
// token68; Basic credentials are canonical base64 of clean UTF-8 with a colon and a user; other schemes have
// a token68 or up to 32 distinct parameters. Another scheme's credential is none of this one's. API keys are
// opaque: white space around a header's value is not part of it, everything else is. A query with a pair that
// does not decode makes its key malformed, whichever pair it is. An empty value is no credential. A client
// certificate counts when the TLS handshake verified it.
//
// DPoP (RFC 9449) is a token68 and one DPoP field with a proof. No such field, an empty one, and a proof that
// is not three parts of base64url with points between them are malformed, and two fields are ambiguous;
// without the token in Authorization the field is nothing. The authenticator sees the method and the path
// that the proof has to name. A token that is bound to a key and comes as a bearer token is for the bearer
// authenticator to refuse.
//
// Digest (RFC 7616) has parameters and no token68: realm, nonce, uri and response, and either username or
// username*. username, realm, nonce, uri, response, cnonce and opaque are quoted-strings; algorithm, qop, nc and
// username* are tokens; userhash is true or false, and not true beside username*. qop, cnonce and nc come
// together or not at all, and nc is eight hexadecimal digits. What of this does not hold is malformed. What the
// parameters say is for the authenticator to verify, the request's method and target at hand.
//
// A credential longer than [Options].MaxCredentialBytes is malformed, before an authenticator sees it, and so is
// one whose proof is.
//
// # Classification
//
// An authenticator returns a caller, or an error that says what kind of failure it is: [Invalid], [Expired],
// [StepUp], [Forbidden], [Unavailable]; [context.DeadlineExceeded] is unavailable. Wrapped and joined errors
// are searched whole, and the worst class counts: canceled, unavailable, step-up, forbidden, invalid, expired.
// [context.Canceled] counts when the request's own context has ended. [UseDPoPNonce] is invalid too, and has
// a nonce for the client. [NotFound] is for resource checks, where the classes are others: from an
// authenticator it is a fault.
//
// Everything else is a fault, 500: an error without a class, a panic, a nil caller (a nil pointer in an
// interface included) without an error, a challenge, a [StepUp], a nonce or a [Detail] that the grammar
// cannot carry. An error that nobody classified is no 401, because then an outage would make every client
// throw its token away. [http.ErrAbortHandler] is panicked on, wherever it comes from.
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
// Those of an [HTTPScheme] or a [DPoPScheme] come from the application for each response, for a nonce may be in
// them. [Scheme.WithChallenge] fixes the challenge of any scheme (x-challenge). A step-up has one Bearer challenge
// only, with the parameters of [StepUp] (RFC 9470). Nothing of a request is ever in a challenge.
//
// The realm is [Options].Realm, or that of the scheme in [Options].Realms: of step-up the scheme that
// decided, of a missing scope the first that has scopes. A challenge that the application supplies has its
// own. [Options].ResourceMetadata stands on every Bearer and DPoP challenge (RFC 9728), on those of a missing
// scope and of step-up too. An authenticator's [UseDPoPNonce] puts error="use_dpop_nonce" on the DPoP
// challenge and the nonce into a DPoP-Nonce field (RFC 9449 section 9).
//
// # Denials
//
// The body is a problem+json document (RFC 9457), constant per status code, or the application's own
// ([Options].DenialBody). Unknown, wrong, malformed and missing credentials have the same one, and so have all
// reasons of a 403, but for the [Detail] that the application wants the client to read. Reasons go to
// [Options].OnDecision, one event for each request: on an operation with a resource check when that has been made.
// A request whose parameters do not bind never comes to the check, and is not reported.
//
// Denials carry Cache-Control: no-store, the 404 too, which caches would keep. Responses of the handler are
// private when [Options].PrivateResponses asks for it and the credential was outside Authorization: caches
// cannot know an API key or a certificate for what it is (RFC 9110 section 16.4.2).
//
// # Performance
//
// Admitting a request allocates nothing with up to eight schemes in an operation, and neither does denying
// it with the default body and fixed challenges; Basic credentials, which have to be decoded, and AND
// alternatives, whose callers are handed over in a slice, are the exceptions. On operations with a resource check
// or a concealment the request carries two allocations more to the handler, the caller in the context included;
// the check itself adds none. Challenges, bodies and header
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
