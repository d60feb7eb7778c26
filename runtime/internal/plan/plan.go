// Package plan is the policy of an operation in the form that a guard follows. Package gen compiles it from the
// operation and the application's schemes.
package plan

import (
	"context"
	"sync/atomic"

	"github.com/oapi-guard/oapi-guard/runtime/internal/challenge"
	"github.com/oapi-guard/oapi-guard/runtime/internal/credential"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// CallerKey is the key of the caller in contexts that know only strings as keys.
const CallerKey = "github.com/oapi-guard/oapi-guard/runtime.caller"

// Policy is the policy of one operation.
type Policy[P any] struct {
	// Schemes are the operation's, each once, in the order of the document.
	Schemes      []Scheme[P]
	Alternatives []Alternative[P]
	// Anonymous says that {} is an alternative.
	Anonymous  bool
	Challenges challenge.Set
	// IsNil reports whether a caller is nil. It is nil for types whose values never are.
	IsNil func(caller P) bool
	Terms
}

// Terms are the parts of the options that are checked and made ready once for all guards of a linker.
type Terms struct {
	// Challenge are the terms of a challenge that no single scheme sends.
	Challenge          challenge.Terms
	MaxCredentialBytes int
	RetryAfter         []string
	// Broken becomes true with the first construction error, of any guard of the linker.
	Broken *atomic.Bool
}

// Scheme is a security scheme with its authenticator.
type Scheme[P any] struct {
	Name         string
	Source       string // the authenticator in reasons
	Reader       credential.Reader
	Authenticate func(credential.Request, credential.Credential) (P, error)
	Terms        challenge.Terms
	Bearer       bool // its challenge has the errors of RFC 6750
	DPoP         bool // its challenge has those of RFC 9449
}

// Alternative is one security requirement of an operation.
type Alternative[P any] struct {
	Title   string // the schemes, for events
	Source  string // the functions that decide about the caller, in reasons
	Slots   []int  // the schemes, by their place in Policy.Schemes
	Combine func(ctx context.Context, callers []P) (P, error)
	Callers []int // the slots in the order in which Combine wants their callers
	// Entitled checks the scopes and the roles of the caller. It is nil where none is required.
	Entitled func(caller P) (verdict.Verdict, error)
	// Private says that the response to a caller who came this way is private.
	Private bool
	// ScopeChallenge is sent when a scope is missing.
	ScopeChallenge []string
}
