package explain

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/policy"
)

// State is what a request presents for a scheme.
type State string

// The states. Several credentials where one is due are ambiguous, and one that breaks its grammar or is too long is
// malformed.
const (
	Absent    State = "absent"
	Valid     State = "valid"
	Invalid   State = "invalid"
	Expired   State = "expired"
	Malformed State = "malformed"
	Ambiguous State = "ambiguous"
)

// States are all of them.
func States() []State { return []State{Absent, Valid, Invalid, Expired, Malformed, Ambiguous} }

// Caller is who sends a request, and with what.
type Caller struct {
	// Credentials are the states of schemes, by their names. A scheme that is missing is absent.
	Credentials map[string]State
	// Roles are those that the principal has itself. The hierarchy of the document adds those that they include.
	Roles []string
	// Scopes are those that the principal holds.
	Scopes []string
}

// With is a caller with credentials in a state for each of the schemes.
func With(state State, schemes []*policy.Scheme, roles, scopes []string) Caller {
	c := Caller{Credentials: map[string]State{}, Roles: roles, Scopes: scopes}
	for _, s := range schemes {
		c.Credentials[s.Name] = state
	}
	return c
}

// authorization is the place of all credentials of which a request has one.
const authorization = "Authorization"

// place is where a request carries the credential of a scheme; form tells apart what Authorization can carry.
func place(s *policy.Scheme) (where, form string) {
	switch {
	case s.Type == policy.MutualTLS:
		return "the TLS connection", ""
	case s.Type != policy.APIKey && s.Bearer():
		return authorization, "bearer"
	case s.Type != policy.APIKey:
		return authorization, strings.ToLower(s.HTTPScheme)
	case s.In == "header" && strings.EqualFold(s.Parameter, authorization):
		return authorization, "*"
	case s.In == "header":
		return "header " + strings.ToLower(s.Parameter), ""
	}
	return s.In + " " + s.Parameter, ""
}

// Check says why no request can be like the caller's, or why it says nothing about the operation.
func (c Caller) Check(o *policy.Operation) error {
	first := map[string]*policy.Scheme{}
	for _, name := range slices.Sorted(maps.Keys(c.Credentials)) {
		s := schemeOf(o, name)
		switch state := c.Credentials[name]; {
		case s == nil:
			return fmt.Errorf("the operation does not ask for %q%s", name, diag.DidYouMeanOneOf(name, names(o.Schemes())))
		case !slices.Contains(States(), state):
			return fmt.Errorf("the state %q of a credential is unknown", state)
		case s.Type == policy.MutualTLS && (state == Malformed || state == Ambiguous):
			return fmt.Errorf("a client certificate, which %s is, cannot be %s", name, state)
		}
		where, _ := place(s)
		if other, taken := first[where]; taken {
			if err := c.clash(other, s); err != nil {
				return err
			}
		}
		first[where] = s
	}
	return nil
}

// clash says why no request can carry the credentials of two schemes that read the same place.
func (c Caller) clash(a, b *policy.Scheme) error {
	_, form := place(a)
	_, other := place(b)
	x, y := c.Credentials[a.Name], c.Credentials[b.Name]
	both := x != Absent && y != Absent
	switch {
	case form != other && both && x != Ambiguous && y != Ambiguous:
		return fmt.Errorf("%s and %s both need Authorization, of which a request has one line: ask for one of them, or say ambiguous", a.Name, b.Name)
	case form == other && x != y && (syntactic(x) || syntactic(y)):
		return fmt.Errorf("%s and %s read the same credential, which cannot be both %s and %s", a.Name, b.Name, x, y)
	}
	return nil
}

// syntactic reports whether a state is about how the request is written, and so the same for all who read the place.
func syntactic(s State) bool { return s == Absent || s == Malformed || s == Ambiguous }

// read is the state of a scheme, named by the caller or not. Who reads a credential that was made for another scheme does
// not accept it, and two lines of Authorization are ambiguous for everybody who reads one.
func (c Caller) read(s *policy.Scheme, all []*policy.Scheme) State {
	state := Absent
	where, form := place(s)
	for _, other := range all {
		presented := c.Credentials[other.Name]
		otherWhere, otherForm := place(other)
		switch {
		case presented == "" || presented == Absent || otherWhere != where:
		case presented == Ambiguous:
			return Ambiguous
		case form != otherForm && form != "*":
		case presented == Malformed:
			state = Malformed
		case state == Absent:
			state = Invalid
		}
	}
	if own := c.Credentials[s.Name]; own != "" && own != Absent {
		return own
	}
	return state
}

func schemeOf(o *policy.Operation, name string) *policy.Scheme {
	for _, s := range o.Schemes() {
		if s.Name == name {
			return s
		}
	}
	return nil
}

func names(schemes []*policy.Scheme) []string {
	var all []string
	for _, s := range schemes {
		all = append(all, s.Name)
	}
	return all
}
