package client

import (
	"net/http"
	"net/url"
	"strings"
)

// maxRedirects bounds the walk along a chain of redirects. http.Client follows ten.
const maxRedirects = 100

// origin is scheme, host and port of a URL (RFC 6454 section 4). "host." is another host than "host".
type origin struct{ scheme, host, port string }

func originOf(u *url.URL) origin {
	o := origin{strings.ToLower(u.Scheme), strings.ToLower(u.Hostname()), u.Port()}
	if o.port == "" {
		o.port = defaultPort(o.scheme)
	}
	return o
}

func defaultPort(scheme string) string {
	switch scheme {
	case "http":
		return "80"
	case "https":
		return "443"
	}
	return ""
}

// String is the origin as a URL has it.
func (o origin) String() string {
	host := o.host
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if o.port != defaultPort(o.scheme) {
		host += ":" + o.port
	}
	return o.scheme + "://" + host
}

// stayed reports whether the request, and all requests whose redirects led to it, have the same origin. http.Client makes
// a new request for each redirect, and links it to the response that redirected.
func stayed(req *http.Request) bool {
	home := originOf(req.URL)
	for range maxRedirects {
		if req.Response == nil {
			return true
		}
		req = req.Response.Request
		if req == nil || req.URL == nil || originOf(req.URL) != home {
			return false
		}
	}
	return false
}
