// Package world is the application behind the servers of the proof: who is known by which credential, and what goes wrong.
// Every credential holds a word, and the word says what becomes of it. Authenticators tell the guards, and [Application]
// tells the oracle.
package world

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"example.com/golden/internal/oracle"
	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// Caller is who calls.
type Caller struct {
	Name          string
	Roles, Scopes []string
}

// HasRole reports whether the caller was given exactly this role.
func (c *Caller) HasRole(role guard.Role) bool { return slices.Contains(c.Roles, string(role)) }

// HasScope reports whether the caller's credential was granted the scope.
func (c *Caller) HasScope(scope string) bool { return slices.Contains(c.Scopes, scope) }

// Fates are the words of credentials that nobody is known by.
var Fates = []string{
	"invalid", "expired", "stepup", "fresh", "scoped", "refused", "throttled", "unavailable", "timeout", "fault", "panic", "nobody", "nonce",
}

// stepUps are the words that ask for more.
var stepUps = map[string]guard.StepUp{
	"stepup": {ACRValues: []string{"mfa", "phr"}, MaxAge: 90 * time.Second},
	"fresh":  {MaxAge: -1},
	"scoped": {Scope: []string{"read", "write"}, MaxAge: 1500 * time.Millisecond},
}

// fate is what an authenticator does with such a word, and what that means.
func fate(word string) (oracle.Outcome, func() (*Caller, error)) {
	fails := func(f oracle.Finding, err error) (oracle.Outcome, func() (*Caller, error)) {
		return oracle.Outcome{Finding: f}, func() (*Caller, error) { return nil, err }
	}
	switch word {
	case "expired":
		return fails(oracle.Expired, fmt.Errorf("wrapped: %w", guard.Expired(nil)))
	case "stepup", "fresh", "scoped":
		o, act := fails(oracle.StepUp, stepUps[word])
		o.ACRValues = map[string]string{"stepup": "mfa phr"}[word]
		o.MaxAge = map[string]string{"stepup": "90", "fresh": "0", "scoped": "2"}[word]
		o.Scope = map[string]string{"scoped": "read write"}[word]
		return o, act
	case "refused":
		return fails(oracle.Refused, errors.Join(errors.New("suspended"), guard.Forbidden(nil), guard.Invalid(nil)))
	case "throttled":
		return fails(oracle.Throttled, guard.TooManyRequests(1500*time.Millisecond, nil))
	case "unavailable":
		return fails(oracle.Unavailable, guard.Unavailable(errors.New("down")))
	case "timeout":
		return fails(oracle.Unavailable, fmt.Errorf("wrapped: %w", context.DeadlineExceeded))
	case "fault":
		return fails(oracle.Fault, errors.New("unclassified"))
	case "panic":
		return oracle.Outcome{Finding: oracle.Fault}, func() (*Caller, error) { panic("the authenticator panics") }
	case "nobody":
		return fails(oracle.Fault, nil)
	case "nonce":
		o, act := fails(oracle.Invalid, guard.UseDPoPNonce("n1"))
		o.Nonce = true
		return o, act
	}
	return fails(oracle.Invalid, guard.Invalid(nil))
}

// Person is the word of a caller with roles and scopes, which are named by single letters.
func Person(name, roles, scopes string) string { return "u." + name + "." + roles + "." + scopes }

// scopes are those that the letters of a word stand for.
var scopes = map[rune]string{'r': "read", 'w': "write", 'x': "admin:all"}

// person is who is known by a word.
func person(scheme, word string) (c oracle.Caller, ok bool) {
	parts := strings.Split(word, ".")
	if len(parts) != 4 || parts[0] != "u" {
		return c, false
	}
	c.Name = parts[1] + "@" + scheme
	for _, letter := range parts[2] {
		c.Roles = append(c.Roles, string(letter))
	}
	for _, letter := range parts[3] {
		c.Scopes = append(c.Scopes, scopes[letter])
	}
	return c, true
}

// hashed is another word for each scheme, for a word that begins with h.
func hashed(scheme, word string) string {
	if !strings.HasPrefix(word, "h.") {
		return word
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(scheme + word))
	choices := append([]string{Person("odd", "a", "r"), Person("odd", "abc", "rwx"), Person("odd", "", "")}, Fates...)
	return choices[int(h.Sum32()>>4)%len(choices)]
}

// World remembers what it has said, as long as that is not too much. It is safe for concurrent use.
type World struct {
	known sync.Map
	count atomic.Int64
}

const enough = 20_000

type question struct{ scheme, word string }

type reply struct {
	oracle.Outcome
	act func() (*Caller, error)
}

func (w *World) ask(scheme, word string) *reply {
	if known, ok := w.known.Load(question{scheme, word}); ok {
		return known.(*reply)
	}
	r := &reply{}
	meant := hashed(scheme, word)
	if c, ok := person(scheme, meant); ok {
		r.Outcome = oracle.Outcome{Finding: oracle.Allow, Caller: c}
		r.act = func() (*Caller, error) { return &Caller{c.Name, c.Roles, c.Scopes}, nil }
	} else {
		r.Outcome, r.act = fate(meant)
	}
	if w.count.Add(1)%enough == 0 {
		w.known.Clear()
	}
	w.known.Store(question{strings.Clone(scheme), strings.Clone(word)}, r)
	return r
}

// Authenticate is every authenticator.
func (w *World) Authenticate(scheme, word string) (*Caller, error) { return w.ask(scheme, word).act() }

// AuthenticateUser is that of schemes with a user: the word is the password, and the user has to have a clean name.
func (w *World) AuthenticateUser(scheme, user, password string) (*Caller, error) {
	if user == "wrong" {
		return nil, guard.Invalid(nil)
	}
	return w.Authenticate(scheme, password)
}

// Word is the word in the credentials of Digest, or of a scheme that nobody knows.
func Word(c guard.HTTPCredentials) string {
	if strings.EqualFold(c.Scheme(), "Digest") {
		word, _ := c.Param("response")
		return word
	}
	return response(c.Secret())
}

// response is what stands in the quotes of response, or all of the text.
func response(text string) string {
	_, rest, found := strings.Cut(text, `response="`)
	if !found {
		return text
	}
	word, _, _ := strings.Cut(rest, `"`)
	return word
}

// Combine makes one caller of several: with everything that they have, but for those who never come in company.
func Combine(callers ...*Caller) (*Caller, error) {
	var all []oracle.Caller
	for _, c := range callers {
		all = append(all, oracle.Caller{Name: c.Name, Roles: c.Roles, Scopes: c.Scopes})
	}
	c, word := together(all)
	if word != "" {
		_, act := fate(word)
		return act()
	}
	return &Caller{c.Name, c.Roles, c.Scopes}, nil
}

func together(callers []oracle.Caller) (c oracle.Caller, word string) {
	var names []string
	for _, one := range callers {
		names = append(names, one.Name)
		c.Roles, c.Scopes = append(c.Roles, one.Roles...), append(c.Scopes, one.Scopes...)
		switch name, _, _ := strings.Cut(one.Name, "@"); {
		case name == "loner":
			word = "refused"
		case name == "careful" && word == "":
			word = "stepup"
		}
	}
	slices.Sort(names)
	c.Name = strings.Join(names, "+")
	return c, word
}

// Challenge is what the application supplies for DPoP, for Digest and for other schemes.
func Challenge(scheme string) guard.Challenge {
	switch len(scheme) % 3 {
	case 0:
		return guard.Challenge{Params: []guard.Param{{Name: "realm", Value: "world"}, {Name: "nonce", Value: `n"1\`}, {Name: "algorithm", Value: "SHA-256"}}}
	case 1:
		return guard.Challenge{Params: []guard.Param{{Name: "algs", Value: "ES256"}}}
	}
	return guard.Challenge{}
}

// Application is the same for the oracle.
type Application struct{ *World }

// Identify is an authenticator's answer.
func (a Application) Identify(s *oracle.Scheme, c *oracle.Credential) *oracle.Outcome {
	if s.Kind == oracle.Basic && c.User == "wrong" {
		return &oracle.Outcome{Finding: oracle.Invalid}
	}
	word := c.Secret
	switch s.Kind {
	case oracle.Digest:
		word = c.Params["response"]
	case oracle.Other:
		word = response(word)
	}
	return &a.ask(s.Name, word).Outcome
}

// Combine makes one caller of several.
func (Application) Combine(callers []oracle.Caller) oracle.Outcome {
	c, word := together(callers)
	if word != "" {
		o, _ := fate(word)
		return o
	}
	return oracle.Outcome{Finding: oracle.Allow, Caller: c}
}

// Challenge is the text of the parameters that the application supplies.
func (Application) Challenge(s *oracle.Scheme) string {
	switch len(s.Name) % 3 {
	case 0:
		if s.Kind == oracle.Digest {
			return `realm="world", nonce="n\"1\\", algorithm=SHA-256`
		}
		return `realm="world", nonce="n\"1\\", algorithm="SHA-256"`
	case 1:
		return `algs="ES256"`
	}
	return ""
}

// NameOf is the name of a caller who may be anonymous.
func NameOf(c guard.Optional[*Caller]) string {
	if known, ok := c.Get(); ok {
		return known.Name
	}
	return ""
}
