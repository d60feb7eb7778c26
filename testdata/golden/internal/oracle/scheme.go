package oracle

import (
	"fmt"

	"go.yaml.in/yaml/v3"
)

// Kind is how a scheme's credential is found.
type Kind uint8

// The kinds of schemes.
const (
	Basic       Kind = iota // RFC 7617
	Bearer                  // RFC 6750: http bearer, oauth2 and openIdConnect
	DPoP                    // RFC 9449
	Digest                  // RFC 7616
	Other                   // any other http scheme, by RFC 9110 section 11.4
	Key                     // apiKey
	Certificate             // mutualTLS
)

// Scheme is a Security Scheme Object (OpenAPI 3.1.1 section 4.8.27).
type Scheme struct {
	Name  string
	Index int
	Kind  Kind
	// Token is the authentication scheme in Authorization, as the document writes it.
	Token string
	// In and Parameter are the place of an API key.
	In, Parameter string
	// Opaque, Stale and Twins are x-credentials: opaque, x-invalid-credentials: anonymous and x-duplicates: try.
	Opaque, Stale, Twins bool
	// scoped says that the words behind the scheme's name in security are scopes, and not roles.
	scoped bool
	fixed  *fixed
}

// fixed is x-challenge.
type fixed struct {
	scheme    string
	params    [][2]string
	realmless bool
}

func newScheme(name string, n *yaml.Node) (*Scheme, error) {
	s := &Scheme{
		Name: name, fixed: newFixed(get(n, "x-challenge")), Opaque: text(get(n, "x-credentials")) == "opaque",
		Stale: text(get(n, "x-invalid-credentials")) == "anonymous", Twins: text(get(n, "x-duplicates")) == "try",
	}
	switch kind := text(get(n, "type")); kind {
	case "http":
		s.Token = text(get(n, "scheme"))
		s.Kind = kindOf(s.Token)
	case "apiKey":
		s.Kind, s.In, s.Parameter = Key, text(get(n, "in")), text(get(n, "name"))
	case "oauth2", "openIdConnect":
		s.Kind, s.Token, s.scoped = Bearer, "Bearer", true
	case "mutualTLS":
		s.Kind = Certificate
	default:
		return nil, fmt.Errorf("scheme %s is of type %q", name, kind)
	}
	return s, nil
}

func kindOf(token string) Kind {
	switch lower(token) {
	case "basic":
		return Basic
	case "bearer":
		return Bearer
	case "dpop":
		return DPoP
	case "digest":
		return Digest
	}
	return Other
}

// newFixed reads an x-challenge: a scheme alone, or with parameters. A realm of false leaves the realm out.
func newFixed(n *yaml.Node) *fixed {
	switch {
	case n == nil:
		return nil
	case n.Kind == yaml.ScalarNode:
		return &fixed{scheme: n.Value}
	}
	f := &fixed{scheme: text(get(n, "scheme"))}
	for name, value := range entries(get(n, "params")) {
		if equalFold(name, "realm") { // it replaces the default, under its name
			name = "realm"
		}
		if name == "realm" && value.Tag == "!!bool" && value.Value == "false" {
			f.realmless = true
			continue
		}
		f.params = append(f.params, [2]string{name, value.Value})
	}
	return f
}
