package generated

import "net/http"

// DenialDetail is the member "detail" of the problem document that a guard sends with a status (RFC 9457 section 3.1.4),
// in the runtime's words.
func DenialDetail(status int) string {
	switch status {
	case http.StatusBadRequest:
		return "The request must carry one credential where it carries several."
	case http.StatusUnauthorized:
		return "The request needs valid credentials."
	case http.StatusForbidden:
		return "The caller may not do this."
	case http.StatusNotFound:
		return "There is no such resource."
	case http.StatusRequestEntityTooLarge:
		return "The body is larger than one whose signature can be verified."
	case http.StatusTooManyRequests:
		return "There are too many requests."
	case http.StatusServiceUnavailable:
		return "The request cannot be authorized at the moment."
	}
	return ""
}
