// Package guard decides who may call an operation of an HTTP API, and answers those who may not. It is the runtime of
// the guards that oapi-guard generates from an OpenAPI document. It imports the standard library only.
//
// A guard asks who the caller is (401, with a challenge that the client can act on), and then whether the caller may
// (403). It asks both before parameters are bound and before a byte of the body is read, unless a signature of the body is
// the credential ([Request.SignedBody]).
//
// # What you write
//
// An authenticator has one method for each security scheme. It gets a typed credential, such as [BearerToken] or
// [APIKey], and returns your caller, of any type:
//
//	func (a auth) BearerAuth(ctx context.Context, token guard.BearerToken) (*User, error) {
//		user, err := a.store.UserByToken(ctx, token.Secret())
//		switch {
//		case errors.Is(err, store.ErrNoSuchToken):
//			return nil, guard.Invalid(err) // 401
//		case err != nil:
//			return nil, guard.Unavailable(err) // 503
//		case user.Suspended:
//			return nil, guard.Forbidden(guard.Detail("The account is suspended.")) // 403
//		}
//		return user, nil
//	}
//
// The class of the error chooses the answer: [Invalid], [Expired], [StepUp], [Forbidden] or [Unavailable]. An error
// without a class is a fault, 500: if an outage became a 401, every client would throw its token away.
//
// A resource check asks whether this caller may use this resource. It returns nil, [Forbidden], [NotFound] or
// [Unavailable]. Handlers that find nothing themselves call [WriteNotFound].
//
// [Options] set the realm, the body of denials, and the function that is told every decision. Tests make credentials
// with package guardtest. Package gen is for generated code.
//
// # What an authenticator can see and say
//
// Every credential knows its [Request]: method, target, header fields, query, cookies, the peer's address, the TLS state
// and the operation with all that it requires. Combinations and resource checks find it with [RequestFrom].
//
//	func (a auth) Session(ctx context.Context, key guard.APIKey) (*User, error) {
//		user, err := a.sessions.User(ctx, key.Secret())
//		if errors.Is(err, sessions.ErrEnded) {
//			key.Request().AddHeader("Set-Cookie", "session=; Path=/; Max-Age=0")
//			return nil, guard.Expired(err)
//		}
//		...
//
// Fields of the response that they set are sent whether the request is admitted or denied. A name or a value that no
// field can have, and a field that is the guard's or the handler's, make the decision a fault: see [Request.SetHeader].
//
// The request is a part of the credential because nobody who does not ask pays: about 50 instructions of 3,900 for an
// admitted request on net/http, and no allocation. A value in the context costs every request with a credential 280
// instructions and one allocation more (64 bytes). A third parameter would cost the same as the credential, but would
// lengthen every authenticator. Fields are written to the response at once, with a journal beside them that takes them back
// after a fault. The guard looks for that journal only when an authenticator has set a field before.
//
// # What is decided
//
// An [Operation] lists alternatives, any one of which suffices; each is a set of schemes, all of which are needed. The
// first alternative that is satisfied admits its caller: every credential authenticated, every scope and role held.
// When none is, the worst finding decides. Package verdict has the list: from a fault (500) over a missing role (403)
// to no credential (401).
//
// A credential that was presented and is bad is never taken for none. An operation with a concealment answers denials
// as if the resource did not exist, to the byte. The order is always the same: 401, 403 (scopes and roles), 400
// (parameters), 403 or 404 (the resource), the handler.
//
// # What never happens
//
// No guard reads a body (but for a scheme that signs it), the Host, or a forwarding header, or looks a policy up by path.
// A misconfiguration opens nothing: as long as there is one, all guards deny with 500. Credentials print as [redacted]
// under all verbs of fmt, in encoding/json and in log/slog. Panics in the application's functions never decide for a
// request.
//
// # The full rules
//
// How credentials are read, the precedence of findings, challenges, concealment, and the classification of errors are
// laid down in docs/RUNTIME.md of the repository, with the sections of the RFCs that they come from.
package guard
