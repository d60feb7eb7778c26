package credential

import (
	"errors"
	"slices"
)

// maxSeveral bounds the values of one cookie, so that no request makes an authenticator work without end.
const maxSeveral = 4

var errSeveral = errors.New("the cookie has more than four values")

// ErrAccepted is the reason of a request of whose credentials several are accepted.
var ErrAccepted = errors.New("several values of the cookie are accepted")

// several is the outcome for more than one cookie of the name.
func (k *CookieKey) several(r Request, limit int) (Credential, Outcome, error) {
	switch values := k.values(r); {
	case len(values) > maxSeveral:
		return Credential{}, Ambiguous, errSeveral
	case len(values) == 0:
		return Credential{}, Absent, ErrAbsent
	case len(values) == 1 || !slices.ContainsFunc(values, func(text string) bool { return len(text) <= limit }):
		return opaque(values[0], limit) // no authenticator needs to be asked
	}
	return Credential{}, Several, nil
}

// values are the distinct values in the order received, without the empty one, which is no credential.
func (k *CookieKey) values(r Request) (distinct []string) {
	k.visit(r, func(text string) {
		if text != "" && !slices.Contains(distinct, text) {
			distinct = append(distinct, text)
		}
	})
	return distinct
}

// Each are the outcomes of the single values, when [CookieKey.Read] found several.
func (k *CookieKey) Each(r Request, limit int) []Value {
	values := k.values(r)
	each := make([]Value, len(values))
	for i, text := range values {
		each[i].Credential, each[i].Outcome, each[i].Reason = opaque(text, limit)
	}
	return each
}

// Value is one of several credentials.
type Value struct {
	Credential Credential
	Outcome    Outcome
	Reason     error
}
