package guard

import (
	"net/url"
	"strings"
)

// Location is where an API key is sent.
type Location string

// The locations of API keys (OpenAPI 3.1.1 section 4.8.27).
const (
	InHeader Location = "header"
	InQuery  Location = "query"
	InCookie Location = "cookie"
)

// headerKey reads an API key from a header field, whose name is in canonical form. The field may be
// Authorization itself: then its whole value is the key.
type headerKey struct{ name string }

func (k headerKey) read(r Request, limit int) (credential, Verdict, error) {
	value, verdict, reason := single(r.FieldLines(k.name))
	if verdict != presented {
		return credential{}, verdict, reason
	}
	return opaque(value, limit)
}

// queryKey reads an API key from the query. Frameworks disagree about pairs that do not decode; here one
// such pair, wherever it stands, makes the key malformed.
type queryKey struct{ name string }

func (k queryKey) read(r Request, limit int) (credential, Verdict, error) {
	var value string
	count, broken := 0, false
	for rest := r.RawQuery(); rest != ""; {
		var pair string
		pair, rest, _ = strings.Cut(rest, "&")
		name, text, ok := decodePair(pair)
		if broken = broken || !ok; name == k.name {
			value = text
			count++
		}
	}
	switch {
	case count > 1:
		return credential{}, VerdictAmbiguous, errTwice
	case broken:
		return malformed(errQuery)
	}
	return opaque(value, limit)
}

// decodePair decodes one pair of a query, its name even when the value does not decode. A semicolon has
// separated pairs in other times and places, so it makes a pair one that does not decode (as in net/url).
func decodePair(pair string) (name, value string, ok bool) {
	name, value, _ = strings.Cut(pair, "=")
	name, nameErr := url.QueryUnescape(name)
	value, valueErr := url.QueryUnescape(value)
	return name, value, nameErr == nil && valueErr == nil && strings.IndexByte(pair, ';') < 0
}

// cookieKey reads an API key from the Cookie fields (RFC 6265 section 4.2). The value is taken as it is:
// quotes are part of it.
type cookieKey struct{ name string }

func (k cookieKey) read(r Request, limit int) (credential, Verdict, error) {
	var value string
	count := 0
	for _, line := range r.FieldLines("Cookie") {
		for line != "" {
			var pair string
			pair, line, _ = strings.Cut(line, ";")
			name, text, _ := strings.Cut(trimSpace(pair), "=")
			if trimSpace(name) == k.name {
				value = text
				count++
			}
		}
	}
	if count > 1 {
		return credential{}, VerdictAmbiguous, errTwice
	}
	return opaque(value, limit)
}
