// Package basic authenticates users by their passwords (RFC 7617), which are stored as hashes of argon2id or bcrypt.
//
//	passwords, err := basic.New(basic.Config{}, store, func(ctx context.Context, a basic.Account[*User]) (*User, error) {
//		if a.Owner.Suspended {
//			return nil, guard.Forbidden(nil)
//		}
//		return a.Owner, nil
//	})
//	…
//	hash, err := passwords.Hash(ctx, password) // for a new password
//
// One line mounts it in a generated Authenticator:
//
//	func (a auth) Basic(ctx context.Context, c guard.BasicCredentials) (*User, error) { return a.passwords.Authenticate(ctx, c) }
//
// # What becomes of credentials
//
//   - Invalid (401): an unknown user; an account without a hash; a wrong password; a password over the limits below.
//   - Unavailable (503): the store fails, or more requests wait for a hash than Config.Queue. That is our load, and nothing that
//     this client did, so the answer is not 429.
//   - A fault (500): a stored hash that is none, or that costs more than Config allows.
//   - The errors of your own function are passed on as they are. It is called after the password was found right.
//
// # Equal work
//
// An unknown user costs a hash too, with the parameters of new ones, so that the time says nothing about who exists. If the store
// has hashes with other parameters, list one of each kind in Config.Legacy: every unknown name then gets one of them, always
// the same. Otherwise names with old hashes can be told by their time.
//
// # Bounds
//
// One hash of argon2id takes 19 MiB and some 30 ms of a core, by default. So Config.Concurrent bounds the hashes at one time,
// and Config.Queue the requests that wait. A request whose client has gone leaves the queue; a hash that has begun is finished.
// Stored hashes are read strictly, and refused when they want more than Config.MaxMemory, MaxTime or MaxCost.
//
// # Passwords
//
// They are compared as they were sent: bytes of UTF-8. Some clients send a letter with an accent as one character, others as two;
// RFC 8265 has the rules, and Config.Normalize is the place for them (golang.org/x/text/secure/precis: OpaqueString).
// More than 1,024 bytes are refused. bcrypt looks at 72 bytes only, so a longer password never matches a hash of bcrypt; it is
// not cut. Hash makes argon2id, which has no such limit. A password with control characters cannot be sent, so Hash refuses it.
//
// # Hashes that are out of date
//
// After a login with a hash that is not as Config.New says, Config.Rehash gets a new one to store.
//
// # Remembering
//
// Clients send the password with every request. With Config.Remember, a password that was right is not hashed again for that
// time. The store is still asked, and the stored hash is a part of what is remembered: a new password, a locked account and your
// function count at once. Memory then holds a fast hash of passwords in use (an HMAC under a key of the process): leave it off if
// you fear for the memory of the process more than for its cores.
package basic
