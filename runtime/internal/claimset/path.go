package claimset

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Path is the place of a claim: its name, or the members that lead to it.
type Path struct {
	name    string
	members []string
	pointer bool
	// list says that a string there gives no scopes.
	list bool
}

// ParsePath reads a claim name, a dotted path, or a JSON pointer (RFC 6901).
func ParsePath(text string) (Path, error) {
	switch {
	case text == "":
		return Path{}, errors.New("the name of a claim is empty")
	case text[0] != '/':
		return Path{name: text, members: strings.Split(text, ".")}, nil
	}
	p := Path{name: text, pointer: true}
	unescape := strings.NewReplacer("~1", "/", "~0", "~")
	for _, token := range strings.Split(text[1:], "/") {
		if strings.Count(token, "~") != strings.Count(token, "~0")+strings.Count(token, "~1") {
			return Path{}, fmt.Errorf("%q is not a JSON pointer: ~ stands before 0 or 1", text)
		}
		p.members = append(p.members, unescape.Replace(token))
	}
	return p, nil
}

// ParsePaths reads several.
func ParsePaths(names []string) ([]Path, error) {
	paths := make([]Path, len(names))
	for i, name := range names {
		var err error
		if paths[i], err = ParsePath(name); err != nil {
			return nil, err
		}
	}
	return paths, nil
}

// ParseScopePaths is ParsePaths with a default: scope, a string or a list, and scp, which is a list.
func ParseScopePaths(names []string) ([]Path, error) {
	if names != nil {
		return ParsePaths(names)
	}
	paths, err := ParsePaths([]string{"scope", "scp"})
	paths[1].list = true
	return paths, err
}

// Find returns the claim. One of that very name comes before a path: the name may be a URL.
func (p Path) Find(claims Object) any {
	if claim, found := claims[p.name]; found {
		return claim
	}
	var at any = claims
	for _, member := range p.members {
		at = p.step(at, member)
	}
	return at
}

// step goes down one level. Only a pointer goes into lists.
func (p Path) step(at any, member string) any {
	if list, isList := at.([]any); isList && p.pointer {
		i, err := strconv.Atoi(member)
		if err != nil || strconv.Itoa(i) != member || i < 0 || i >= len(list) {
			return nil
		}
		return list[i]
	}
	within, _ := at.(Object)
	return within[member]
}

// Roles are the roles in some claims. A string is one role, whatever it contains.
func Roles(claims Object, paths []Path) (roles []string) {
	for _, p := range paths {
		found, _ := Texts(p.Find(claims))
		roles = append(roles, found...)
	}
	return slices.DeleteFunc(roles, isEmpty)
}

// Scopes are the scopes in some claims. A string is a list with spaces between its members (RFC 8693 section 4.2), and
// each member of a list is one scope.
func Scopes(claims Object, paths []Path) (scopes []string) {
	for _, p := range paths {
		claim := p.Find(claims)
		if text, isText := claim.(string); isText {
			if !p.list {
				scopes = append(scopes, strings.Split(text, " ")...)
			}
			continue
		}
		found, _ := Texts(claim)
		scopes = append(scopes, found...)
	}
	return slices.DeleteFunc(scopes, isEmpty)
}

func isEmpty(s string) bool { return s == "" }

// Texts are the strings of a claim that is a string or a list of nothing else.
func Texts(claim any) ([]string, bool) {
	if text, isText := claim.(string); isText {
		return []string{text}, true
	}
	list, isList := claim.([]any)
	all := make([]string, 0, len(list))
	for _, element := range list {
		text, isText := element.(string)
		if !isText {
			return nil, false
		}
		all = append(all, text)
	}
	return all, isList
}
