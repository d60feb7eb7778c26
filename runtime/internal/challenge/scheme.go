package challenge

import (
	"context"
	"slices"
	"strings"

	"github.com/oapi-guard/oapi-guard/runtime/internal/grammar"
)

// kind is how a scheme's challenge is written.
type kind uint8

const (
	bearer kind = iota
	basic
	apiKey
	certificate
	fixed
	supplied
)

// Supplier is the application's function that supplies the part of a challenge after its scheme: a token68 or
// parameters.
type Supplier func(context.Context) (token68 string, params []Param)

// Scheme writes the challenges of one security scheme.
type Scheme struct {
	kind      kind
	in        string
	parameter string
	name      string // the authentication scheme, empty where it has no further meaning
	supply    Supplier
	params    []Param // of a fixed challenge
}

// Bearer is for bearer tokens (RFC 6750 section 3).
func Bearer() Scheme { return Scheme{kind: bearer, name: "Bearer"} }

// Basic is for users and passwords (RFC 7617 section 2).
func Basic() Scheme { return Scheme{kind: basic} }

// APIKey is for API keys, which have no registered scheme.
func APIKey(in, parameter string) Scheme { return Scheme{kind: apiKey, in: in, parameter: parameter} }

// Certificate is for client certificates.
func Certificate() Scheme { return Scheme{kind: certificate} }

// Fixed is a challenge that the application fixed.
func Fixed(name string, params []Param) Scheme {
	return Scheme{kind: fixed, name: name, params: params}
}

// Supplied is a challenge that the application supplies for each response.
func Supplied(name string, supply Supplier) Scheme {
	return Scheme{kind: supplied, name: name, supply: supply}
}

// Name is the authentication scheme of a bearer, fixed or supplied challenge.
func (s *Scheme) Name() string { return s.name }

// Bearer reports whether the challenge has the parameters of RFC 6750.
func (s *Scheme) Bearer() bool { return grammar.EqualFold(s.name, "Bearer") }

// DPoP reports whether the challenge shares them (RFC 9449 section 7.1). Its own scheme decides which error it
// reports, where all Bearer challenges report the same.
func (s *Scheme) DPoP() bool { return grammar.EqualFold(s.name, "DPoP") }

// LacksSupplier reports whether the challenge is to be supplied by a nil function.
func (s *Scheme) LacksSupplier() bool { return s.kind == supplied && s.supply == nil }

// Check says what is wrong with a challenge that the application fixed.
func (s *Scheme) Check() error {
	if s.kind != fixed {
		return nil
	}
	if err := CheckToken("challenge's scheme", s.name); err != nil {
		return err
	}
	_, err := s.write("", s.params)
	return err
}

// With is the challenge for one request, with these parameters of RFC 6750.
func (s *Scheme) With(t Terms, p BearerParams) string {
	line, _ := s.write("", s.fixedParams(t, p)) // Check has found out what is wrong with it
	return line
}

// line writes the challenge for one error; a supplied one has to wait for the request.
func (s *Scheme) line(t Terms, scopes []string, e BearerError) string {
	switch s.kind {
	case bearer, fixed:
		p := errorParams[e]
		p.Scopes = scopes
		return s.With(t, p)
	case basic:
		return "Basic realm=" + grammar.Quote(t.Realm) + `, charset="UTF-8"` // RFC 7617 section 2.1
	case apiKey:
		return "ApiKey realm=" + grammar.Quote(t.Realm) + ", in=" + grammar.Quote(s.in) + ", name=" + grammar.Quote(s.parameter)
	case certificate:
		return "ClientCertificate realm=" + grammar.Quote(t.Realm) // "Mutual" is RFC 8120, which is something else
	}
	return ""
}

// fixedParams are the parameters of a bearer or a fixed challenge. The application's own win.
func (s *Scheme) fixedParams(t Terms, p BearerParams) []Param {
	var params []Param
	if !hasParam(s.params, "realm") {
		params = append(params, Param{"realm", t.Realm})
	}
	for _, own := range s.params {
		if own.Value != "" || !grammar.EqualFold(own.Name, "realm") {
			params = append(params, own)
		}
	}
	if s.Bearer() || s.DPoP() {
		params = p.appendTo(params, t)
	}
	return params
}

// BearerParams are the parameters of a bearer challenge that depend on the operation and on the error. An empty one
// is left out (RFC 6750 section 3, RFC 9470 section 3).
type BearerParams struct {
	Scopes                         []string
	Code, Description, ACR, MaxAge string
}

// appendTo appends the parameters to the application's own. Those win, and are never written into: an application
// that sets error itself also describes it.
func (p BearerParams) appendTo(own []Param, t Terms) []Param {
	if hasParam(own, "error") {
		p.Code, p.Description = "", ""
	}
	all := slices.Clip(own)
	for _, more := range []Param{
		{"scope", strings.Join(p.Scopes, " ")},
		{"error", p.Code},
		{"error_description", p.Description},
		{"acr_values", p.ACR},
		{"max_age", p.MaxAge},
		{"resource_metadata", t.Metadata},
	} {
		if more.Value != "" && !hasParam(own, more.Name) {
			all = append(all, more)
		}
	}
	return all
}
