package join

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/policy"
	"github.com/oapi-guard/oapi-guard/generator/view"
)

// schemeView makes the view of a security scheme.
func (n *names) schemeView(s *policy.Scheme) view.Scheme {
	v := view.Scheme{
		Method: n.schemes[s.Name], Label: view.Comment(s.Name), SignedBody: s.SignedBody,
		Opaque: s.Opaque, TryDuplicates: s.TryDuplicates, InvalidIsAnonymous: s.InvalidIsAnonymous,
	}
	method := "auth." + v.Method
	name := view.Quote(s.Name)
	switch {
	case s.Bearer():
		v.CredentialName, v.CredentialType = "token", "BearerToken"
		v.Constructor = fmt.Sprintf("gen.Bearer(%s, %s)", name, method)
	case s.Basic():
		v.CredentialName, v.CredentialType = "credentials", "BasicCredentials"
		v.Constructor = fmt.Sprintf("gen.Basic(%s, %s)", name, method)
	case s.Type == policy.APIKey:
		v.CredentialName, v.CredentialType = "key", "APIKey"
		v.Constructor = fmt.Sprintf("gen.APIKey(%s, gen.In%s, %s, %s)", name, exported(s.In), view.Quote(s.Parameter), method)
	case s.Type == policy.MutualTLS:
		v.CredentialName, v.CredentialType = "certificate", "ClientCertificate"
		v.Constructor = fmt.Sprintf("gen.MutualTLS(%s, %s)", name, method)
	case s.DPoP():
		v.CredentialName, v.CredentialType = "token", "DPoPToken"
		v.Constructor = fmt.Sprintf("gen.DPoP(%s, %s, %s)", name, method, n.supplier(&v, s))
	default:
		v.CredentialName, v.CredentialType = "credentials", "HTTPCredentials"
		v.Constructor = fmt.Sprintf("gen.HTTP(%s, %s, %s, %s)", name, view.Quote(s.HTTPScheme), method, n.supplier(&v, s))
	}
	v.Constructor += challenge(s) + reading(s)
	v.Kind, v.DataLiteral = view.Comment(kind(s)), schemeLiteral(s)
	return v
}

// schemeLiteral is the scheme as a guard.Scheme.
func schemeLiteral(s *policy.Scheme) string {
	fields := []string{"Name: " + view.Quote(s.Name), "Type: " + view.Quote(string(s.Type))}
	text := func(field, value string) {
		if value != "" {
			fields = append(fields, field+": "+view.Quote(value))
		}
	}
	flag := func(field string, set bool) {
		if set {
			fields = append(fields, field+": true")
		}
	}
	text("HTTP", s.HTTPScheme)
	text("In", s.In)
	text("Parameter", s.Parameter)
	if s.Challenge != nil {
		text("Challenge", s.Challenge.Scheme)
	}
	flag("Opaque", s.Opaque)
	if s.SignedBody > 0 {
		fields = append(fields, fmt.Sprintf("SignedBody: %d", s.SignedBody))
	}
	flag("InvalidIsAnonymous", s.InvalidIsAnonymous)
	flag("TryDuplicates", s.TryDuplicates)
	return "{" + strings.Join(fields, ", ") + "}"
}

// supplier is the function that supplies the scheme's challenge, "nil" when the document has the challenge.
func (n *names) supplier(v *view.Scheme, s *policy.Scheme) string {
	if s.Challenge != nil {
		return "nil"
	}
	v.Supplier = n.take(v.Method, "Challenge", "security scheme", s.Name, s.Position)
	return "auth." + v.Supplier
}

// challenge is the call that replaces the scheme's challenge by the one of the document.
func challenge(s *policy.Scheme) string {
	if s.Challenge == nil {
		return ""
	}
	arguments := []string{view.Quote(s.Challenge.Scheme)}
	for _, p := range s.Challenge.Params {
		arguments = append(arguments, fmt.Sprintf("guard.Param{Name: %s, Value: %s}", view.Quote(p.Name), view.Quote(p.Value)))
	}
	return ".WithChallenge(" + strings.Join(arguments, ", ") + ")"
}

// reading are the calls that say how the scheme's credential is read where the document differs from the default.
func reading(s *policy.Scheme) string {
	calls := ""
	if s.SignedBody > 0 {
		calls += fmt.Sprintf(".WithSignedBody(%d)", s.SignedBody)
	}
	if s.Opaque {
		calls += ".Opaque()"
	}
	if s.TryDuplicates {
		calls += ".TryDuplicates()"
	}
	if s.InvalidIsAnonymous {
		calls += ".InvalidIsAnonymous()"
	}
	return calls
}

// kind is the kind of a scheme in words.
func kind(s *policy.Scheme) string {
	switch s.Type {
	case policy.APIKey:
		return "API key in " + s.In + " " + s.Parameter
	case policy.HTTP:
		if s.BearerFormat != "" {
			return "http " + s.HTTPScheme + " (" + s.BearerFormat + ")"
		}
		return "http " + s.HTTPScheme
	}
	return string(s.Type)
}

// combinations are the sets of schemes that alternatives demand together, each once, named in the order
// in which the document first has them.
func (n *names) combinations(p *policy.Policy) []view.Combination {
	var combinations []view.Combination
	seen := map[string]bool{}
	for _, o := range p.All() {
		for _, a := range o.Alternatives {
			if key := setKey(a); len(a.Requirements) > 1 && !seen[key] {
				seen[key] = true
				combinations = append(combinations, n.combination(a))
			}
		}
	}
	return combinations
}

func setKey(a policy.Alternative) string {
	schemes := make([]string, len(a.Requirements))
	for i, r := range a.Requirements {
		schemes[i] = strconv.Quote(r.Scheme.Name)
	}
	slices.Sort(schemes)
	return strings.Join(schemes, ",")
}

func (n *names) combination(a policy.Alternative) view.Combination {
	var c view.Combination
	var methods, words, literals []string
	for _, r := range a.Requirements {
		method := n.schemes[r.Scheme.Name]
		methods = append(methods, method)
		words = append(words, view.Comment(r.Scheme.Name))
		literals = append(literals, view.Quote(r.Scheme.Name))
		c.Names = append(c.Names, unique(c.Names, unexported(method)+"Caller"))
	}
	c.Method = n.take("Combine", strings.Join(methods, "And"), "security scheme", strings.Join(words, " and "), a.Position)
	c.Words, c.Literals = strings.Join(words, " and "), strings.Join(literals, ", ")
	return c
}
