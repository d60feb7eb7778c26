package session

import (
	"context"
	"fmt"
	"net/http"
	"time"

	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// The members that we keep in a session, as Unix times, which every codec can carry as strings.
const (
	renewedAt = "oapi-guard.renewed"
	rotatedAt = "oapi-guard.rotated"
	// replaced marks a session that has got another token.
	replaced = "oapi-guard.replaced"
)

// renew moves the end of a session, or gives it another token, when that is due. It returns the cookie to send, or nil.
func (k *keeper) renew(ctx, seen context.Context, token string) (*http.Cookie, error) {
	rotates := k.config.RotateEvery > 0 && k.isDue(seen, rotatedAt, k.config.RotateEvery)
	renews := k.manager.IdleTimeout > 0 && k.isDue(seen, renewedAt, k.manager.IdleTimeout/2)
	if !rotates && !renews || k.manager.GetString(seen, replaced) != "" {
		return nil, nil
	}
	// The session is read again: what your function put there is not meant to be kept, and a logout may have come in between.
	loaded, err := k.load(ctx, token)
	switch {
	case err != nil || k.manager.GetString(loaded, replaced) != "":
		return nil, err
	case rotates:
		return k.rotate(ctx, loaded)
	}
	return k.commit(loaded)
}

// isDue reports whether a time has passed since a member says so; a session without it is older than any.
func (k *keeper) isDue(loaded context.Context, since string, after time.Duration) bool {
	last, err := time.Parse(time.RFC3339, k.manager.GetString(loaded, since))
	return err != nil || k.now().Sub(last) >= after
}

func (k *keeper) stamp(loaded context.Context, members ...string) {
	for _, member := range members {
		k.manager.Put(loaded, member, k.now().UTC().Format(time.RFC3339))
	}
}

// commit writes a session that is used now, and returns its cookie.
func (k *keeper) commit(loaded context.Context) (*http.Cookie, error) {
	k.stamp(loaded, renewedAt)
	token, expiry, err := k.manager.Commit(loaded)
	if err != nil {
		return nil, guard.Unavailable(fmt.Errorf("session: the store: %w", err))
	}
	return k.cookie(loaded, token, expiry)
}

// rotate writes the session under another token, and lets the old one end. There is no moment without a good token.
func (k *keeper) rotate(ctx, old context.Context) (*http.Cookie, error) {
	next, err := k.manager.Load(fresh{ctx}, "")
	if err != nil {
		return nil, guard.Unavailable(fmt.Errorf("session: %w", err))
	}
	for _, member := range k.manager.Keys(old) {
		k.manager.Put(next, member, k.manager.Get(old, member))
	}
	k.manager.SetDeadline(next, k.manager.Deadline(old))
	k.stamp(next, rotatedAt)
	cookie, err := k.commit(next)
	if err != nil {
		return nil, err
	}
	if end := k.now().Add(k.config.Grace); end.Before(k.manager.Deadline(old)) {
		k.manager.SetDeadline(old, end)
	}
	successor, err := seal(k.manager.Token(old), k.manager.Token(next))
	if err != nil {
		return nil, fmt.Errorf("session: %w", err)
	}
	k.manager.Put(old, replaced, successor)
	if _, _, err := k.manager.Commit(old); err != nil {
		return nil, guard.Unavailable(fmt.Errorf("session: the store: %w", err))
	}
	return cookie, nil
}
