package policy

import "strings"

// Definition is the meaning of the scheme for callers: its type, and where a credential of it stands. Schemes of one
// definition are one scheme, whatever their names. The names of http schemes and of header fields are compared without
// regard to case (RFC 9110 sections 11.1 and 5.1). Hints (bearerFormat), flows, URLs, descriptions and extensions do not
// count.
func (s *Scheme) Definition() string {
	switch {
	case s.Type == HTTP:
		return string(s.Type) + " " + strings.ToLower(s.HTTPScheme)
	case s.Type == APIKey && s.In == "header":
		return string(s.Type) + " header " + strings.ToLower(s.Parameter)
	case s.Type == APIKey:
		return string(s.Type) + " " + s.In + " " + s.Parameter
	}
	return string(s.Type)
}

// AdmitsAnonymous reports whether callers without any credential get in: the operation is public, or {} is one of its
// alternatives. A check, if there is one, decides about them too.
func (o *Operation) AdmitsAnonymous() bool { return o.Public() || o.Optional() }
