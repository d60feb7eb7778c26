package credential

import (
	"strings"

	"github.com/oapi-guard/oapi-guard/runtime/internal/grammar"
)

// Query is the values of a query parameter, decoded as [QueryKey] decodes it. A query with a pair that does not decode has
// no values, for servers disagree about it; neither has one with a # in the target, which no client sends.
func Query(r Request, name string) (values []string) {
	if strings.IndexByte(r.Target(), '#') >= 0 {
		return nil
	}
	for rest := r.RawQuery(); rest != ""; {
		var pair string
		pair, rest, _ = strings.Cut(rest, "&")
		key, value, ok := decodePair(pair)
		if !ok {
			return nil
		}
		if key == name {
			values = append(values, value)
		}
	}
	return values
}

// Cookies is the values of all cookies of a name, as [CookieKey] reads them.
func Cookies(r Request, name string) (values []string) {
	for _, line := range r.FieldLines("Cookie") {
		for pair := range strings.SplitSeq(line, ";") {
			key, value, _ := strings.Cut(grammar.TrimSpace(pair), "=")
			if grammar.TrimSpace(key) == name {
				values = append(values, value)
			}
		}
	}
	return values
}
