package client

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/oapi-guard/oapi-guard/runtime/internal/secret"
)

// attach puts the key on an attempt. The caller's own wins.
func (k *apiKey) attach(out *http.Request) {
	if k.isOn(out) {
		return
	}
	key := secret.Reveal(k.Text)
	switch k.in {
	case inHeader:
		out.Header[k.name] = []string{key}
	case inQuery:
		out.URL = withPair(out.URL, k.pair())
	case inCookie:
		pair := k.name + "=" + key
		if own := out.Header.Get("Cookie"); own != "" {
			pair = own + "; " + pair
		}
		out.Header.Set("Cookie", pair)
	}
}

// pair is the key as a query has it.
func (k *apiKey) pair() string {
	return url.QueryEscape(k.name) + "=" + url.QueryEscape(secret.Reveal(k.Text))
}

func (k *apiKey) isOn(req *http.Request) bool {
	switch k.in {
	case inHeader:
		return len(req.Header[k.name]) > 0
	case inQuery:
		return hasName(req.URL.RawQuery, k.name)
	}
	return len(req.CookiesNamed(k.name)) > 0
}

// withPair is a copy of the URL with a further pair at the end of the query, which otherwise stays as it is.
func withPair(u *url.URL, pair string) *url.URL {
	out := *u
	if out.RawQuery != "" {
		pair = out.RawQuery + "&" + pair
	}
	out.RawQuery = pair
	return &out
}

func hasName(query, name string) bool {
	for pair := range strings.SplitSeq(query, "&") {
		if isNamed(pair, name) {
			return true
		}
	}
	return false
}

func isNamed(pair, name string) bool {
	written, _, _ := strings.Cut(pair, "=")
	decoded, err := url.QueryUnescape(written)
	return err == nil && decoded == name
}

// remove takes the caller's own key off a request that goes to another origin.
func (k *apiKey) remove(out *http.Request) {
	switch k.in {
	case inHeader:
		delete(out.Header, k.name)
	case inCookie:
		out.Header.Del("Cookie")
	}
}

// scrubLocation takes the key out of the Location of a redirect: many servers repeat the query there, and the client would
// carry the key wherever it points.
func (k *apiKey) scrubLocation(header http.Header) {
	location := header.Get("Location")
	if k.in != inQuery || location == "" {
		return
	}
	front, query, ok := strings.Cut(location, "?")
	if !ok {
		return
	}
	query, fragment, hasFragment := strings.Cut(query, "#")
	if query = k.without(query); query != "" {
		front += "?" + query
	}
	if hasFragment {
		front += "#" + fragment
	}
	header.Set("Location", front)
}

// without is the query without the pairs of the key.
func (k *apiKey) without(query string) string {
	var kept []string
	for pair := range strings.SplitSeq(query, "&") {
		_, value, _ := strings.Cut(pair, "=")
		decoded, err := url.QueryUnescape(value)
		if !isNamed(pair, k.name) || err != nil || decoded != secret.Reveal(k.Text) {
			kept = append(kept, pair)
		}
	}
	return strings.Join(kept, "&")
}
