package gen

import (
	"fmt"
	"net/http"
	"time"

	"github.com/oapi-guard/oapi-guard/runtime/internal/credential"
)

// clearing are the Set-Cookie lines that clear the cookie from which a scheme reads its credential (RFC 6265 section
// 4.1.2).
func clearing(cookies []http.Cookie, reader credential.Reader) (lines []string) {
	key, ok := reader.(*credential.CookieKey)
	for i := range cookies {
		if ok && cookies[i].Name == key.Name {
			lines = append(lines, cleared(cookies[i]).String())
		}
	}
	return lines
}

// cleared is the cookie without its value, and expired.
func cleared(c http.Cookie) *http.Cookie {
	c.Value, c.Quoted, c.MaxAge, c.Expires = "", false, -1, time.Unix(1, 0)
	if c.Path == "" { // a browser would take the folder of the request's path
		c.Path = "/"
	}
	return &c
}

// checkCookies checks the cookies of the options against those that schemes read.
func (l *Linker[P]) checkCookies(cookies []http.Cookie) {
	for i := range cookies {
		c := cleared(cookies[i])
		if err := c.Valid(); err != nil {
			l.fail(fmt.Errorf("guard: Options.ClearCookies: %q: %w", c.Name, err))
		}
		if !l.readsCookie(c.Name) {
			l.fail(fmt.Errorf("guard: Options.ClearCookies: no scheme reads the cookie %q", c.Name))
		}
	}
}

func (l *Linker[P]) readsCookie(name string) bool {
	for _, s := range l.schemes {
		if key, ok := s.reader.(*credential.CookieKey); ok && key.Name == name {
			return true
		}
	}
	return false
}
