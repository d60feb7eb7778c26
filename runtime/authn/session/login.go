package session

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// most is the number of sessions that a login or a logout ends: a browser has one, or some of several paths.
const most = 4

// Login begins a session in a handler of net/http, ends those that the request has cookies of, and sets the cookie. fill puts
// what you want to know of the user into the session, with the manager's Put methods. On an error nothing is written; one of the
// store is guard.Unavailable, and those of fill are passed on as they are.
func (k *keeper) Login(w http.ResponseWriter, r *http.Request, fill func(ctx context.Context) error) error {
	cookie, err := k.Begin(r.Context(), fill, k.tokens(r)...)
	if err != nil {
		return err
	}
	set(w, cookie)
	return nil
}

// Logout ends the sessions that the request has cookies of, and clears the cookie. On an error nothing is written: it is one of
// the store, guard.Unavailable.
func (k *keeper) Logout(w http.ResponseWriter, r *http.Request) error {
	cookie, err := k.End(r.Context(), k.tokens(r)...)
	if err != nil {
		return err
	}
	set(w, cookie)
	return nil
}

func set(w http.ResponseWriter, cookie *http.Cookie) {
	http.SetCookie(w, cookie)
	w.Header().Set("Cache-Control", "no-store")
}

func (k *keeper) tokens(r *http.Request) (tokens []string) {
	for _, cookie := range r.CookiesNamed(k.manager.Cookie.Name) {
		tokens = append(tokens, cookie.Value)
	}
	return tokens
}

// Begin begins a session under a token that nobody has seen, after it has ended the previous ones, and returns its cookie.
func (k *keeper) Begin(ctx context.Context, fill func(ctx context.Context) error, previous ...string) (*http.Cookie, error) {
	loaded, err := k.manager.Load(fresh{ctx}, "")
	if err != nil {
		return nil, guard.Unavailable(fmt.Errorf("session: %w", err))
	}
	if err := fill(loaded); err != nil {
		return nil, err
	}
	if _, err := k.End(ctx, previous...); err != nil {
		return nil, err
	}
	k.stamp(loaded, rotatedAt)
	return k.commit(loaded)
}

// End ends the sessions of tokens, at most four of them, and returns the cookie that clears the browser's. A token without a
// session is none.
func (k *keeper) End(ctx context.Context, tokens ...string) (*http.Cookie, error) {
	for _, token := range tokens[:min(len(tokens), most)] {
		if err := k.end(ctx, token); err != nil {
			return nil, err
		}
	}
	gone := k.Cookie()
	gone.MaxAge, gone.Expires = -1, time.Unix(1, 0)
	return &gone, nil
}

// end ends a session, and the one that has taken its place.
func (k *keeper) end(ctx context.Context, token string) error {
	for token != "" {
		loaded, err := k.manager.Load(fresh{ctx}, token)
		if err != nil {
			return guard.Unavailable(fmt.Errorf("session: the store: %w", err))
		}
		if k.manager.Token(loaded) != token {
			return nil
		}
		next := open(token, k.manager.GetString(loaded, replaced))
		if err := k.manager.Destroy(loaded); err != nil {
			return guard.Unavailable(fmt.Errorf("session: the store: %w", err))
		}
		token = next
	}
	return nil
}

// Update changes the session of a token: change gets a context with it, for the manager's methods. When rights change, begin a
// new session instead. The errors are those of Authenticate.
func (k *keeper) Update(ctx context.Context, token string, change func(ctx context.Context) error) error {
	loaded, err := k.current(ctx, token)
	if err != nil {
		return err
	}
	token = k.manager.Token(loaded)
	if err := change(loaded); err != nil {
		return err
	}
	if k.manager.Token(loaded) != token {
		return errors.New("session: Update cannot end a session, or change its token: use End and Begin")
	}
	if _, _, err := k.manager.Commit(loaded); err != nil {
		return guard.Unavailable(fmt.Errorf("session: the store: %w", err))
	}
	return nil
}

// Cookie is the cookie without a value, for ClearCookies of the guards' options.
func (k *keeper) Cookie() http.Cookie {
	c := k.manager.Cookie
	return http.Cookie{
		Name: c.Name, Path: c.Path, Domain: c.Domain, HttpOnly: c.HttpOnly, Secure: c.Secure,
		SameSite: c.SameSite, Partitioned: c.Partitioned,
	}
}

// cookie is the one that the manager writes, with the times that Persist and RememberMe ask for.
func (k *keeper) cookie(loaded context.Context, token string, expiry time.Time) (*http.Cookie, error) {
	written := header{}
	k.manager.WriteSessionCookie(loaded, written, token, expiry)
	cookie, err := http.ParseSetCookie(http.Header(written).Get("Set-Cookie"))
	if err != nil {
		return nil, fmt.Errorf("session: the cookie cannot be written: %w", err)
	}
	return cookie, nil
}

// header is a response of which only the fields count.
type header http.Header

func (h header) Header() http.Header            { return http.Header(h) }
func (h header) Write(body []byte) (int, error) { return len(body), nil }
func (h header) WriteHeader(int)                {}
