package session

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"
)

// Config says how sessions are kept.
type Config struct {
	// Manager has the store, the cookie and the time limits. Do not change it any more.
	Manager *scs.SessionManager
	// RotateEvery is how often a session gets another token: never by default.
	RotateEvery time.Duration
	// Grace is how long the old token is good then, ten seconds by default.
	Grace time.Duration
	// AllowPlainHTTP admits a cookie without Secure, which browsers send to everybody on the way.
	AllowPlainHTTP bool
}

func (c *Config) check() error {
	if c.Manager == nil {
		return errors.New("session: Manager is nil")
	}
	if c.Grace == 0 {
		c.Grace = 10 * time.Second
	}
	return errors.Join(c.checkManager(), c.checkCookie())
}

func (c *Config) checkManager() error {
	m := c.Manager
	switch {
	case m.Store == nil || m.Codec == nil:
		return errors.New("session: the manager has no Store or no Codec; make it with scs.New")
	case m.Lifetime <= 0 || m.IdleTimeout < 0:
		return errors.New("session: the manager's Lifetime has to be positive, its IdleTimeout not negative")
	case c.RotateEvery < 0 || c.Grace < 0:
		return errors.New("session: RotateEvery and Grace cannot be negative")
	case c.RotateEvery > 0 && c.RotateEvery <= c.Grace:
		return errors.New("session: RotateEvery has to be longer than Grace")
	}
	return nil
}

// checkCookie refuses a cookie that a script can read, that travels in the clear, or that browsers do not accept (RFC 6265bis
// sections 4.1.3 and 5.7).
func (c *Config) checkCookie() error {
	cookie := c.Manager.Cookie
	host := strings.HasPrefix(strings.ToLower(cookie.Name), "__host-")
	probe := http.Cookie{Name: cookie.Name, Value: "x", Path: cookie.Path, Domain: cookie.Domain}
	switch {
	case probe.Valid() != nil:
		return errors.New("session: the cookie's name, path or domain is not valid")
	case !cookie.HttpOnly:
		return errors.New("session: the cookie is not HttpOnly: every script of the page can read it")
	case !cookie.Secure && !c.AllowPlainHTTP:
		return errors.New("session: the cookie is not Secure: set manager.Cookie.Secure, which browsers accept from localhost too")
	case !cookie.Secure && (host || cookie.SameSite == http.SameSiteNoneMode):
		return errors.New("session: browsers refuse such a cookie without Secure")
	case host && (cookie.Path != "/" || cookie.Domain != ""):
		return errors.New(`session: a cookie named __Host- has the path "/" and no domain`)
	}
	return nil
}
