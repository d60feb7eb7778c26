package guardtest

import (
	"slices"
	"strings"

	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// near are names that are almost the given one: in the other case, with one character more, and with one less.
func near(name string) []string {
	list := []string{name + "s"}
	if folded := otherCase(name); folded != name {
		list = append(list, folded)
	}
	if len(name) > 1 {
		list = append(list, name[:len(name)-1])
	}
	return list
}

// otherCase is the text in capital or small letters. Hexadecimal digits and UUIDs mean the same in both.
func otherCase(text string) string {
	if strings.Trim(text, "0123456789abcdefABCDEF-:") == "" {
		return text
	}
	if upper := strings.ToUpper(text); upper != text {
		return upper
	}
	return strings.ToLower(text)
}

// almost are callers whose roles or scopes look like those that suffice.
func (n needs) almost() []*Caller {
	var all []*Caller
	least := n.sufficient()
	if len(least) == 0 {
		return nil
	}
	try := func(roles []guard.Role, scopes []string) {
		if c := (&Caller{Roles: roles, Scopes: scopes}); !n.metBy(c) {
			all = append(all, c)
		}
	}
	for _, scope := range n.scopes {
		for _, name := range near(scope) {
			try(least[0].Roles, append(without(n.scopes, scope), name))
		}
	}
	for _, role := range least[0].Roles {
		for _, name := range near(string(role)) {
			try(append(without(least[0].Roles, role), guard.Role(name)), slices.Clone(n.scopes))
		}
	}
	return all
}
