package gen

import (
	"errors"

	"github.com/oapi-guard/oapi-guard/runtime/internal/credential"
)

// Opaque returns the scheme, made by [HTTP] or [Bearer], with credentials that do not have the grammar of RFC 9110,
// x-credentials: opaque. The authenticator gets everything behind the scheme and its spaces, as long as it is printable
// ASCII and not empty: see guard.HTTPCredentials.Secret.
func (s Scheme[P]) Opaque() Scheme[P] {
	switch r := s.reader.(type) {
	case *credential.Bearer:
		s.reader = &credential.Opaque{Scheme: "Bearer"}
	case *credential.Other:
		s.reader = &credential.Opaque{Scheme: r.Scheme}
	case *credential.Digest:
		s.reader = &credential.Opaque{Scheme: r.Scheme}
	default:
		s.err = errors.Join(s.err, errors.New("only http schemes and bearer tokens can be Opaque"))
	}
	return s
}

// TryDuplicates returns the scheme, an API key in a cookie, with several cookies of its name allowed, x-duplicates: try.
// A browser sends several when they were set for different paths or domains. The authenticator is asked for each
// distinct value, at most four, in the order received. Exactly one that is accepted is the caller; of none the worst
// decides; several accepted ones, and more than four, are ambiguous.
func (s Scheme[P]) TryDuplicates() Scheme[P] {
	if r, ok := s.reader.(*credential.CookieKey); ok {
		s.reader, s.each = &credential.CookieKey{Name: r.Name, Several: true}, r.Each
		return s
	}
	s.err = errors.Join(s.err, errors.New("only API keys in cookies can TryDuplicates"))
	return s
}

// InvalidIsAnonymous returns the scheme with invalid and expired credentials that count as none, wherever an operation
// admits anonymous callers, x-invalid-credentials: anonymous. See guard.Operation.InvalidIsAnonymous.
func (s Scheme[P]) InvalidIsAnonymous() Scheme[P] {
	s.invalidIsAnonymous = true
	return s
}
