package jwt

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/oapi-guard/oapi-guard/runtime/internal/claimset"
)

// lastYear is the last year that an exp may be in: later ones are milliseconds taken for seconds.
const lastYear = 5000

// maxShown is how much of a claim an error shows, in bytes.
const maxShown = 200

var (
	errType     = errors.New("jwt: typ is not among Config.Types, which is at+jwt unless it says otherwise")
	errIssuer   = errors.New("jwt: iss is not Config.Issuer")
	errAudience = errors.New("jwt: aud has none of Config.Audience")
	errSubject  = errors.New("jwt: sub is missing, empty, or not a string")
	errFuture   = errors.New("jwt: nbf or iat is in the future, by more than Config.Leeway")
	errExpired  = errors.New("jwt: the token has expired")
	errAge      = errors.New("jwt: exp is missing, or beyond the year 5000")
)

// checkClaims checks all that needs no key. An expired token is not an error here: expired says that all the rest is
// right too.
func (v *Verifier) checkClaims(c *compact) (expired bool, err error) {
	switch {
	case !slices.Contains(v.algorithms, c.algorithm):
		return false, errAlg
	case !c.hasType(v.types):
		return false, instead(errType, c.header["typ"])
	case c.claims["iss"] != v.issuer:
		return false, instead(errIssuer, c.claims["iss"])
	case !isFor(c.claims["aud"], v.audience):
		return false, instead(errAudience, c.claims["aud"])
	case !c.hasSubject():
		return false, errSubject
	}
	return v.checkTimes(c)
}

// checkTimes compares exp, nbf and iat with the clock (RFC 7519 section 4.1).
func (v *Verifier) checkTimes(c *compact) (expired bool, err error) {
	expires, hasExpiry, err1 := timeOf(c.claims, "exp")
	begins, _, err2 := timeOf(c.claims, "nbf")
	issued, hasIssued, err3 := timeOf(c.claims, "iat")
	if err := errors.Join(err1, err2, err3); err != nil {
		return false, err
	}
	if !hasExpiry || expires.UTC().Year() > lastYear {
		return false, errAge
	}
	now := v.now()
	if latest := now.Add(v.leeway); begins.After(latest) || issued.After(latest) {
		return false, errFuture
	}
	c.expires, c.issued, c.hasIssued = expires, issued, hasIssued
	return !now.Add(-v.leeway).Before(expires), nil
}

// instead adds to an error what a token has in place of the value that was configured, for the operator who sets a provider up.
func instead(err error, claim any) error {
	if claim == nil {
		return fmt.Errorf("%w: the token has none", err)
	}
	text := fmt.Sprintf("%q", claim)
	if len(text) > maxShown {
		text = strings.ToValidUTF8(text[:maxShown], "") + "…"
	}
	return fmt.Errorf("%w: the token has %s", err, text)
}

// hasSubject reports whether sub is good. A token of type at+jwt has one (RFC 9068 section 2.2).
func (c *compact) hasSubject() bool {
	sub, given := c.claims["sub"]
	if !given {
		return !c.hasType([]string{accessToken})
	}
	text, isText := sub.(string)
	return isText && text != ""
}

// mayFollow reports whether the token may have been made later than t, as it says. Most providers write whole seconds: one of
// the very second of t may be younger.
func (c *compact) mayFollow(t time.Time) bool { return c.hasIssued && c.issued.Unix() >= t.Unix() }

// isFor reports whether aud, a string or a list of strings, has one of the audiences (RFC 7519 section 4.1.3).
func isFor(aud any, audience []string) bool {
	names, ok := claimset.Texts(aud)
	return ok && slices.ContainsFunc(names, func(name string) bool { return slices.Contains(audience, name) })
}

// timeOf reads a NumericDate (RFC 7519 section 2): a number of seconds, with a fraction or an exponent if it likes. What no
// time.Time can hold becomes the first, or the last, that is certainly past or future.
func timeOf(claims claimset.Object, name string) (t time.Time, given bool, err error) {
	claim, given := claims[name]
	if !given {
		return time.Time{}, false, nil
	}
	number, isNumber := claim.(json.Number)
	if !isNumber {
		return time.Time{}, true, fmt.Errorf("jwt: %s is not a number", name)
	}
	seconds, _ := number.Float64() // out of range is infinite
	whole, fraction := math.Modf(min(max(seconds, 0), 1e12))
	return time.Unix(int64(whole), int64(fraction*1e9)), true, nil
}
