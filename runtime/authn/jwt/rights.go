package jwt

import (
	"fmt"
	"strconv"
	"strings"
)

// claimPath is the place of a claim: its name, or the members that lead to it.
type claimPath struct {
	name    string
	members []string
	pointer bool
	// list says that a string there gives no scopes.
	list bool
}

// parsePath reads a claim name, a dotted path, or a JSON pointer (RFC 6901).
func parsePath(text string) (claimPath, error) {
	switch {
	case text == "":
		return claimPath{}, fmt.Errorf("the name of a claim is empty")
	case text[0] != '/':
		return claimPath{name: text, members: strings.Split(text, ".")}, nil
	}
	p := claimPath{name: text, pointer: true}
	unescape := strings.NewReplacer("~1", "/", "~0", "~")
	for _, token := range strings.Split(text[1:], "/") {
		if strings.Count(token, "~") != strings.Count(token, "~0")+strings.Count(token, "~1") {
			return claimPath{}, fmt.Errorf("%q is not a JSON pointer: ~ stands before 0 or 1", text)
		}
		p.members = append(p.members, unescape.Replace(token))
	}
	return p, nil
}

func parsePaths(names []string) ([]claimPath, error) {
	paths := make([]claimPath, len(names))
	for i, name := range names {
		var err error
		if paths[i], err = parsePath(name); err != nil {
			return nil, err
		}
	}
	return paths, nil
}

// parseScopePaths is parsePaths with a default: scope, a string or a list, and scp, which is a list.
func parseScopePaths(names []string) ([]claimPath, error) {
	if names != nil {
		return parsePaths(names)
	}
	paths, err := parsePaths([]string{"scope", "scp"})
	paths[1].list = true
	return paths, err
}

// find returns the claim. One of that very name comes before a path: the name may be a URL.
func (p claimPath) find(claims object) any {
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
func (p claimPath) step(at any, member string) any {
	if list, isList := at.([]any); isList && p.pointer {
		i, err := strconv.Atoi(member)
		if err != nil || strconv.Itoa(i) != member || i < 0 || i >= len(list) {
			return nil
		}
		return list[i]
	}
	within, _ := at.(object)
	return within[member]
}

// rolesOf are the roles in some claims. A string is one role, whatever it contains.
func rolesOf(claims object, paths []claimPath) (roles []string) {
	for _, p := range paths {
		found, _ := texts(p.find(claims))
		roles = append(roles, found...)
	}
	return roles
}

// scopesOf are the scopes in some claims. A string is a list with spaces between its members (RFC 8693 section 4.2), and
// each member of a list is one scope.
func scopesOf(claims object, paths []claimPath) (scopes []string) {
	for _, p := range paths {
		claim := p.find(claims)
		if text, isText := claim.(string); isText {
			if p.list {
				continue
			}
			scopes = append(scopes, strings.FieldsFunc(text, func(r rune) bool { return r == ' ' })...)
			continue
		}
		found, _ := texts(claim)
		scopes = append(scopes, found...)
	}
	return scopes
}
