// Package challenge writes and orders the challenges of an operation: the WWW-Authenticate fields of its denials.
// They are prepared when a guard is made; only those that the application supplies wait for the request.
package challenge

import (
	"context"
	"slices"

	"github.com/oapi-guard/oapi-guard/runtime/internal/grammar"
)

// BearerError selects among the challenges that an operation has ready, by the error that they report.
type BearerError uint8

// The errors of RFC 6750 section 3.1 and RFC 9449 sections 7.1 and 9.
const (
	NoError        BearerError = iota // nothing was presented, or nothing of this scheme
	InvalidToken                      // the token is at fault
	ExpiredToken                      // the token is at fault, and authentic
	InvalidRequest                    // more than one credential
	InvalidProof                      // the DPoP proof is at fault
	UseNonce                          // the DPoP proof lacks the server's nonce
	bearerErrors
)

// errorParams are the error parameters of each (RFC 6750 section 3.1, RFC 9449 sections 7.1 and 9).
var errorParams = [bearerErrors]BearerParams{
	InvalidToken:   {Code: "invalid_token"},
	ExpiredToken:   {Code: "invalid_token", Description: "The access token expired"},
	InvalidRequest: {Code: "invalid_request"},
	InvalidProof:   {Code: "invalid_dpop_proof"},
	UseNonce:       {Code: "use_dpop_nonce"},
}

// Terms are the parameters that the options give to the challenges of one scheme.
type Terms struct {
	Realm    string
	Metadata string // resource_metadata, RFC 9728 section 5.1
}

// Line is one WWW-Authenticate line of an operation.
type Line struct {
	*Scheme
	// Slot is the security scheme's place among the operation's.
	Slot  int
	terms Terms
	fixed [bearerErrors]string
}

// Supplied reports whether the application supplies the line for each response.
func (l *Line) Supplied() bool { return l.kind == supplied }

// Fixed is a line that was prepared.
func (l *Line) Fixed(e BearerError) string { return l.fixed[e] }

// Supply asks the application for the line. The error says that the grammar cannot carry the answer.
func (l *Line) Supply(ctx context.Context, p BearerParams) (string, error) {
	token68, params := l.supply(ctx)
	if l.DPoP() && token68 == "" {
		params = p.appendTo(params, l.terms)
	}
	return l.write(token68, params)
}

// Params are the parameters that report an error.
func (e BearerError) Params() BearerParams { return errorParams[e] }

// StepUp is the line that asks for a stronger authentication (RFC 9470 section 3), of a scheme that is not supplied.
func (l *Line) StepUp(p BearerParams) string { return l.With(l.terms, p) }

// Set are all challenges of an operation, each once, in the order in which they are sent.
type Set struct {
	Lines []Line
	// Fixed are the lines for each error when none waits for the request. Their length is their capacity: a header
	// field that is one of them and is added to is copied first.
	Fixed [bearerErrors][]string
	// Waits reports whether a line waits for the request.
	Waits bool
}

// Add appends the challenge of one requirement unless it is there already.
func (s *Set) Add(scheme *Scheme, t Terms, scopes []string, slot int) {
	line := Line{Scheme: scheme, terms: t, Slot: slot}
	for e := range bearerErrors {
		line.fixed[e] = scheme.line(t, scopes, e)
	}
	own := line.Supplied() || scheme.DPoP()
	known := slices.ContainsFunc(s.Lines, func(other Line) bool {
		return line.fixed == other.fixed && (!own || slot == other.Slot)
	})
	if !known {
		s.Lines = append(s.Lines, line)
		s.Waits = s.Waits || own
	}
}

// DPoP is the line of a scheme whose challenge is DPoP, nil when its challenge is another.
func (s *Set) DPoP(slot int) *Line {
	i := slices.IndexFunc(s.Lines, func(l Line) bool { return l.Slot == slot && l.DPoP() })
	if i < 0 {
		return nil
	}
	return &s.Lines[i]
}

// Finish orders the challenges, registered schemes first, and prepares the fixed ones.
func (s *Set) Finish() {
	slices.SortStableFunc(s.Lines, func(a, b Line) int { return a.rank() - b.rank() })
	for e := range bearerErrors {
		for i := range s.Lines {
			s.Fixed[e] = append(s.Fixed[e], s.Lines[i].fixed[e])
		}
		s.Fixed[e] = slices.Clip(s.Fixed[e])
	}
}

// registeredSchemes are IANA's HTTP Authentication Schemes. A client that stops at a scheme it does not know has
// then seen those that it may know.
var registeredSchemes = []string{
	"Basic", "Bearer", "Concealed", "Digest", "DPoP", "GNAP", "HOBA", "Mutual", "Negotiate", "OAuth",
	"PrivateToken", "SCRAM-SHA-1", "SCRAM-SHA-256", "vapid",
}

func (s *Scheme) rank() int {
	switch s.kind {
	case basic:
		return 0
	case bearer, fixed, supplied:
		if grammar.ContainsFold(registeredSchemes, s.name) {
			return 0
		}
	}
	return 1
}
