// Package apikey makes API keys, and authenticates callers by them. It needs the standard library only.
//
// A key has three parts and a checksum:
//
//	acme_live_4fQ7rT2mXc9b_0ZkJ…43 characters…d8Wq1T5nB
//	└ prefix  └ visible    └ 256 random bits      └ checksum, 6 characters
//
// The prefix is yours. Scanners for leaked secrets find keys by it: Format.Pattern is the regular expression to register. The
// visible part names the key to people and to the store. Prefix and visible part are its ID, which may be shown and logged.
//
//	keys, err := apikey.NewFormat("acme_live")
//	key, err := keys.Generate()
//	db.Insert(key.ID(), key.Digest(), owner)   // all that is stored
//	fmt.Fprintln(w, key.Reveal())              // shown once
//
// An authenticator finds the record of a key by its ID, and compares digests in constant time:
//
//	auth, err := apikey.New(keys, store, func(ctx context.Context, r apikey.Record[*User]) (*User, error) {
//		if r.Owner.Suspended {
//			return nil, guard.Forbidden(nil)
//		}
//		return r.Owner, nil
//	})
//
// One line mounts it in a generated Authenticator, whatever the place of the key: a header, a query, a cookie, a bearer token.
//
//	func (a auth) ApiKey(ctx context.Context, key guard.APIKey) (*User, error) { return a.keys.Authenticate(ctx, key) }
//
// # What becomes of a key
//
//   - Invalid (401): another form; a wrong checksum (a typo, which costs no look-up); unknown; another secret than that of the
//     ID; revoked.
//   - Expired (401): the digest is right, and Expires has passed.
//   - Unavailable (503): the store fails.
//   - The errors of your own function are passed on as they are. It is called for authentic keys only, so a suspended account
//     (guard.Forbidden) shows itself to nobody else.
//
// # Why SHA-256 is enough
//
// Nobody can try 2^256 keys, so a slow hash protects nothing here and makes every request expensive. The digest covers the whole
// key, prefix included.
//
// # Rotation
//
// An owner can have any number of keys, each with an ID of its own. To rotate, generate a second key, set Expires of the
// first to the end of the transition, and tell the owner the new one. To revoke, set Revoked; it holds from the next request on.
package apikey
