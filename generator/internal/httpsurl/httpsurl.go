// Package httpsurl judges the URLs of protected resources and of authorization servers, as the runtime will (RFC 9728 section
// 1.2, RFC 8414 section 2).
package httpsurl

import (
	"net/netip"
	"net/url"
	"strings"
)

// Problem says what is wrong with the URL of a resource or an issuer, and is empty when nothing is.
func Problem(text string) string {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Hostname() == "" || strings.ContainsFunc(text, notInURI):
		return "it must be an absolute URL"
	case u.User != nil || strings.ContainsRune(text, '#'):
		return "it must have no user and no fragment"
	case u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())):
		return "it must be https, or http on a loopback host"
	}
	return ""
}

// notInURI reports whether a character has to be escaped in a URI (RFC 3986 section 2).
func notInURI(c rune) bool { return c <= ' ' || c > '~' || strings.ContainsRune("\"<>\\^`{|}", c) }

func isLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}
