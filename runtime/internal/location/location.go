// Package location judges URLs that come from configuration: those of authorization servers and of protected resources.
package location

import (
	"errors"
	"net/netip"
	"net/url"
	"strings"
)

// WellKnown is the path of a protected resource's metadata (RFC 9728 section 3).
const WellKnown = "/.well-known/oauth-protected-resource"

// Check refuses what is not an absolute https URL without user and fragment; http is for loopback hosts. Other characters
// than printable ASCII are written with percent signs.
func Check(text string) error {
	u, err := url.Parse(text)
	switch {
	case err != nil || strings.ContainsFunc(text, notInURI) || u.Hostname() == "":
		return errors.New("it is not an absolute URL")
	case u.User != nil || strings.ContainsRune(text, '#'):
		return errors.New("it has a user or a fragment")
	case u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())):
		return errors.New("it is neither https nor on a loopback host")
	}
	return nil
}

// CheckIssuer is [Check] for the issuer identifier of an authorization server, which has no query (RFC 8414 section 2).
func CheckIssuer(text string) error {
	if err := Check(text); err != nil {
		return err
	}
	if strings.ContainsRune(text, '?') {
		return errors.New("it has a query, which no issuer has")
	}
	return nil
}

// Metadata is where the metadata of a resource is whose identifier [Check] accepts: [WellKnown] stands between the host and
// the path or query, and a slash that is the whole path is left out (RFC 9728 section 3.1). The place is a path, and a query
// where the identifier has one.
func Metadata(resource string) (origin, place string) {
	scheme := strings.Index(resource, "://") + len("://")
	end := strings.IndexAny(resource[scheme:], "/?")
	if end < 0 {
		return resource, WellKnown
	}
	origin, rest := resource[:scheme+end], resource[scheme+end:]
	if rest == "/" || strings.HasPrefix(rest, "/?") {
		rest = rest[1:]
	}
	return origin, WellKnown + rest
}

// notInURI reports whether a character has to be escaped in a URI (RFC 3986 section 2).
func notInURI(c rune) bool { return c <= ' ' || c > '~' || strings.ContainsRune("\"<>\\^`{|}", c) }

func isLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}
