package credential

import (
	"errors"
	"net/url"
	"strings"

	"github.com/oapi-guard/oapi-guard/runtime/internal/grammar"
	"github.com/oapi-guard/oapi-guard/runtime/internal/secret"
)

var errQuery = errors.New("the query does not decode, or the target has a #")

// HeaderKey reads an API key from a header field, whose name is in canonical form. The field may be Authorization
// itself: then its whole value is the key.
type HeaderKey struct{ Name string }

// Read implements [Reader].
func (k *HeaderKey) Read(r Request, limit int) (Credential, Outcome, error) {
	value, outcome, reason := onlyLine(r.FieldLines(k.Name))
	if outcome != Presented {
		return Credential{}, outcome, reason
	}
	return opaque(value, limit)
}

// QueryKey reads an API key from the query. Frameworks disagree about pairs that do not decode; here one such
// pair, at any position, makes the key malformed. So does a # anywhere in the target: no client sends it, and servers
// disagree where the query then ends.
type QueryKey struct{ Name string }

// Read implements [Reader].
func (k *QueryKey) Read(r Request, limit int) (Credential, Outcome, error) {
	var value string
	count, broken := 0, strings.IndexByte(r.Target(), '#') >= 0
	for rest := r.RawQuery(); rest != ""; {
		var pair string
		pair, rest, _ = strings.Cut(rest, "&")
		name, text, ok := decodePair(pair)
		if broken = broken || !ok; name == k.Name {
			value = text
			count++
		}
	}
	switch {
	case count > 1:
		return Credential{}, Ambiguous, errTwice
	case broken:
		return malformed(errQuery)
	}
	return opaque(value, limit)
}

// decodePair decodes one pair of a query; it decodes the name even when the value does not decode. Semicolons have
// separated pairs in other places and times, so a pair with one does not decode, as in net/url.
func decodePair(pair string) (name, value string, ok bool) {
	name, value, _ = strings.Cut(pair, "=")
	name, nameErr := url.QueryUnescape(name)
	value, valueErr := url.QueryUnescape(value)
	return name, value, nameErr == nil && valueErr == nil && strings.IndexByte(pair, ';') < 0
}

// CookieKey reads an API key from the Cookie fields (RFC 6265 section 4.2). The value is taken as it stands:
// quotes are part of it.
type CookieKey struct {
	Name string
	// Several says that a request may hold several cookies of the name.
	Several bool
}

// Read implements [Reader].
func (k *CookieKey) Read(r Request, limit int) (Credential, Outcome, error) {
	var value string
	count := 0
	k.visit(r, func(text string) {
		value = text
		count++
	})
	switch {
	case count > 1 && k.Several:
		return k.several(r, limit)
	case count > 1:
		return Credential{}, Ambiguous, errTwice
	}
	return opaque(value, limit)
}

// visit calls found with the value of every cookie of the name.
func (k *CookieKey) visit(r Request, found func(text string)) {
	for _, line := range r.FieldLines("Cookie") {
		for line != "" {
			var pair string
			pair, line, _ = strings.Cut(line, ";")
			name, text, _ := strings.Cut(grammar.TrimSpace(pair), "=")
			if grammar.TrimSpace(name) == k.Name {
				found(text)
			}
		}
	}
}

// opaque is the outcome for a credential without a grammar.
func opaque(text string, limit int) (Credential, Outcome, error) {
	text, outcome, reason := bounded(text, limit)
	return Credential{Text: secret.Hide(text)}, outcome, reason
}

// Certificate reads the client certificate of the TLS connection. Only one that the handshake verified counts; a
// certificate in a forwarding header never does.
type Certificate struct{}

// Read implements [Reader].
func (*Certificate) Read(r Request, _ int) (Credential, Outcome, error) {
	state := r.ConnectionState()
	if state == nil || len(state.VerifiedChains) == 0 || len(state.VerifiedChains[0]) == 0 {
		return Credential{}, Absent, ErrAbsent
	}
	return Credential{connection: state}, Presented, nil
}

// OutsideAuthorization reports whether the credential travels elsewhere. Shared caches know Authorization, and
// store no response to a request that has it (RFC 9111 section 3.5). They do not recognise other credentials, so
// the response has to say that it is private (RFC 9110 section 16.4.2).
func OutsideAuthorization(r Reader) bool {
	switch r := r.(type) {
	case *HeaderKey:
		return r.Name != "Authorization"
	case *QueryKey, *CookieKey, *Certificate:
		return true
	}
	return false
}
