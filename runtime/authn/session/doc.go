// Package session authenticates browsers by the sessions of github.com/alexedwards/scs/v2.
//
//	manager := scs.New()
//	manager.Store = …                  // shared by the processes
//	manager.HashTokenInStore = true    // whoever reads the store cannot use what is there
//	manager.IdleTimeout = 30 * time.Minute
//	manager.Cookie.Name = "__Host-session" // the name in the document's security scheme
//	manager.Cookie.Secure = true
//
//	sessions, err := session.New(session.Config{Manager: manager}, func(ctx context.Context) (*User, error) {
//		name := manager.GetString(ctx, "user")
//		if name == "" {
//			return nil, guard.Invalid(nil) // a session, but nobody signed in
//		}
//		return users.ByName(ctx, name)
//	})
//
// One line mounts it in a generated Authenticator:
//
//	func (a auth) Session(ctx context.Context, key guard.APIKey) (*User, error) { return a.sessions.Authenticate(ctx, key) }
//
// This takes the place of the manager's LoadAndSave middleware: the guard finds the cookie (and refuses two of one name), and
// fields of the response go through the guard. Your function, and the functions that Begin and Update get, have a context with
// the session, for the manager's Get and Put methods. Handlers do not: they get your caller, and change the session with
// Update. Keep manager.Token(ctx) in your caller for it, and for End.
//
// # What becomes of a cookie
//
//   - Invalid (401): the store does not know the session. Most stores forget the ones that have expired, so these are unknown too.
//   - Expired (401): the store has it still, and its Lifetime is over.
//   - Unavailable (503): the store fails, when the session is read or when it is renewed, or what it has cannot be decoded. The
//     browser keeps its cookie.
//   - The errors of your own function are passed on as they are.
//
// A 401 clears the cookie when you say so in the guards' options: ClearCookies: []http.Cookie{sessions.Cookie()}. Set
// PrivateResponses as well: to a cache, a cookie is no credential.
//
// # Renewal
//
// With an IdleTimeout, a session is renewed when it was not for half of that time: not every request writes. So it ends after
// between half of IdleTimeout and all of it without a request, and after Lifetime at the latest. With Config.RotateEvery it gets
// another token as well from time to time, and the old one is good for Config.Grace more, for requests that are on their way, after a logout with the new one too.
// The new cookie is sent whether the request is admitted or denied afterwards.
//
// scs writes sessions whole, without comparing. A renewal and a logout in the same moment can leave the session in the store; the
// cookie is gone from the browser even so, and the idle timeout ends it.
//
// # Login and logout
//
// Login makes a session with a token that nobody has seen, and ends those that the browser had, so a token that was planted
// before the login is worth nothing (session fixation). Call it again when rights change. Logout ends the session in the store,
// which is what counts, and clears the cookie. Begin and End are the same for servers that are not net/http.
//
// # Other sites
//
// A browser sends the cookie with requests that other sites make. SameSite=Lax, the manager's default, holds back all but links.
// Put http.NewCrossOriginProtection().Handler around the guarded handler as well: it covers the login, older browsers, and
// sites under the same domain. Change nothing on GET.
package session
