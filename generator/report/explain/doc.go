// Package explain says how a guard answers a caller, and why: which rule decides, and in which line of which file it stands.
//
// # Callers
//
// A [Caller] presents credentials, one state for each scheme, and holds roles and scopes whichever scheme made it known. A
// request has one Authorization line, so that one bearer token is read by every scheme that reads bearer tokens: those
// that the caller does not name do not accept it.
//
// # Answers
//
// [Ask] decides as the runtime does. It is a second implementation, as the generator does not know the runtime; the golden
// servers are asked the same questions (testdata/golden/explained.json). Two things only the program knows: the realm, which
// is an option here, and the parameters that an authenticator supplies to a challenge, in whose place there is "…".
//
// # Sources
//
// [Sources] are the rules of an operation, with their places: inherited ones where they stand, and those that an
// overlay wrote in the overlay.
package explain
