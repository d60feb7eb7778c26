// Package plan is the policy of an operation in the form that a guard follows. Package gen compiles it from the
// operation and the application's schemes.
package plan

import (
	"context"
	"reflect"
	"sync/atomic"
	"unsafe"

	"github.com/oapi-guard/oapi-guard/runtime/internal/challenge"
	"github.com/oapi-guard/oapi-guard/runtime/internal/credential"
	"github.com/oapi-guard/oapi-guard/runtime/internal/reach"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// CallerKey is the key of the caller in contexts that know only strings as keys.
const CallerKey = "github.com/oapi-guard/oapi-guard/runtime.caller"

// Policy is the policy of one operation.
type Policy[P any] struct {
	// Schemes are the operation's, each once, in the order of the document.
	Schemes      []*Scheme[P]
	Alternatives []Alternative[P]
	// Anonymous says that {} is an alternative.
	Anonymous bool
	// Clears says that a denial can clear the cookie of a scheme.
	Clears     bool
	Challenges challenge.Set
	Nil        Nil
	Terms
}

// Nil is how a nil caller is recognised.
type Nil uint8

const (
	// NeverNil is for types whose values are never nil.
	NeverNil Nil = iota
	// NilPointer is for types that are one pointer, which is nil when it is zero.
	NilPointer
	// NilInside is for types that take reflection: interfaces, which can hold a nil pointer, and slices.
	NilInside
)

// IsNil reports whether a caller is nil.
func (p *Policy[P]) IsNil(caller P) bool {
	switch p.Nil {
	case NeverNil:
		return false
	case NilPointer: // a conversion to any and a comparison would cost a tenth of an admission
		return *(*unsafe.Pointer)(unsafe.Pointer(&caller)) == nil
	}
	return IsNil(caller)
}

// NilOf is how a nil P is recognised.
func NilOf[P any]() Nil {
	switch reflect.TypeFor[P]().Kind() {
	case reflect.Pointer, reflect.Func, reflect.Map, reflect.Chan, reflect.UnsafePointer:
		return NilPointer
	case reflect.Interface, reflect.Slice:
		return NilInside
	}
	return NeverNil
}

// IsNil reports whether v is nil, or an interface that holds a nil pointer, function, map, slice or channel.
func IsNil(v any) bool {
	switch value := reflect.ValueOf(v); value.Kind() {
	case reflect.Invalid:
		return true
	case reflect.Pointer, reflect.Func, reflect.Map, reflect.Slice, reflect.Chan, reflect.UnsafePointer:
		return value.IsNil()
	}
	return false
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
	Slot         int    // its place in Policy.Schemes
	Source       string // the authenticator in reasons
	Reader       credential.Reader
	Authenticate func(context.Context, reach.Origin, credential.Credential) (P, error)
	Asker        reach.Asker // its authenticator
	Terms        challenge.Terms
	Bearer       bool // its challenge has the errors of RFC 6750
	DPoP         bool // its challenge has those of RFC 9449
	StepUp       bool // its challenge can ask for a step-up (RFC 9470)
	// Clears are the Set-Cookie lines that clear its cookie.
	Clears []string
	// InvalidIsAnonymous says that an invalid or expired credential counts as none where {} is an alternative.
	InvalidIsAnonymous bool
	// Each reads the credentials of a request that holds several. It is nil where several are ambiguous.
	Each func(credential.Request, int) []credential.Value
}

// Alternative is one security requirement of an operation.
type Alternative[P any] struct {
	Title   string // the schemes, for events
	Source  string // the functions that decide about the caller, in reasons
	Schemes []*Scheme[P]
	Combine func(ctx context.Context, callers []P) (P, error)
	Callers []int // the slots of the schemes in the order in which Combine wants their callers
	// StepUp is the first scheme that can ask for a step-up on behalf of Combine, nil when none can.
	StepUp *Scheme[P]
	// Entitled checks the scopes and the roles of the caller. It is nil where none is required.
	Entitled func(caller P) (verdict.Verdict, error)
	// Private says that the response to a caller who came this way is private.
	Private bool
	// ScopeChallenge is sent when a scope is missing.
	ScopeChallenge []string
}
