package guard

import "net/http"

var private = []string{"private"}

// setPrivate keeps shared caches from the response unless the application has said something about caching.
func setPrivate(h http.Header) {
	if _, said := h["Cache-Control"]; !said {
		h["Cache-Control"] = private
	}
}

// outsideAuthorization reports whether credentials are read from elsewhere. Shared caches know Authorization, and
// keep no response to a request that has it (RFC 9111 section 3.5); of others they know nothing, so that the
// response has to say it (RFC 9110 section 16.4.2).
func outsideAuthorization(r reader) bool {
	switch r := r.(type) {
	case headerKey:
		return r.name != "Authorization"
	case queryKey, cookieKey, certificateReader:
		return true
	}
	return false
}
