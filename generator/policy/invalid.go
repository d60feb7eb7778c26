package policy

import (
	"slices"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
)

const invalidKey = "x-invalid-credentials"

// invalidCredentials reads whether the scheme's invalid credentials count as none where anonymous callers are served.
func (c *schemeCheck) invalidCredentials() {
	if m, ok := c.node.Member(invalidKey); ok {
		c.InvalidIsAnonymous = readInvalid(&c.diags, m) == "anonymous"
	}
}

// readInvalid is the value of x-invalid-credentials: "anonymous", "deny", or empty where it is neither.
func readInvalid(diags *diag.List, m spec.Member) string {
	n, values := m.Value, []string{"anonymous", "deny"}
	if n.Kind() == spec.String && slices.Contains(values, n.Text()) {
		return n.Text()
	}
	diags.Report(n.Position(), ruleInvalidCredentialsValue, "%s must be anonymous or deny, but it is %s%s", invalidKey, quotedString(n), diag.DidYouMean(n.Text(), values))
	return ""
}

// invalidOnOperations reads what operations say of invalid credentials, when their schemes are known. The two lists
// are of the same operations.
func (b *builder) invalidOnOperations(from []*spec.Operation, built []*Operation) {
	for i, o := range built {
		m, ok := from[i].Node.Member(invalidKey)
		if !ok {
			continue
		}
		switch readInvalid(&b.diags, m) {
		case "anonymous":
			b.invalidIsAnonymous(from[i], o, m)
		case "deny":
			b.invalidIsDenied(from[i], o, m)
		}
	}
}

func (b *builder) invalidIsAnonymous(from *spec.Operation, o *Operation, m spec.Member) {
	switch {
	case o.Public():
		b.diags.Report(m.Position, ruleInvalidCredentialsNotOptional, "%s is public, so it reads no credential: give it security with {} as an alternative, or remove %s", from, invalidKey)
	case !o.Optional():
		b.diags.Report(m.Position, ruleInvalidCredentialsNotOptional, "%s does not serve anonymous callers, so an invalid credential cannot count as none: add {} to its security, or remove %s", from, invalidKey)
	default:
		o.InvalidIsAnonymous, o.InvalidPosition = true, m.Position
	}
}

// invalidIsDenied refuses an operation that contradicts its scheme: neither is nearer, as they are about different
// things.
func (b *builder) invalidIsDenied(from *spec.Operation, o *Operation, m spec.Member) {
	if !o.Optional() {
		return
	}
	for _, s := range o.Schemes() {
		if s.InvalidIsAnonymous {
			at, _ := b.schemes[s.Name].node.Member(invalidKey)
			b.diags.Report(m.Position, ruleInvalidCredentialsConflict, "%s says deny, but its scheme %s says anonymous for all of its operations, at %s: say anonymous on operations only, or remove deny", from, s.Name, at.Position)
		}
	}
}

// unusedExtensions warns of extensions of schemes that change nothing for any operation.
func (b *builder) unusedExtensions(p *Policy) {
	for _, s := range p.Schemes {
		n := b.schemes[s.Name].node
		if s.InvalidIsAnonymous && !usedBy(p, s, (*Operation).Optional) {
			b.diags.Report(member(n, invalidKey).Position, ruleInvalidCredentialsUnused, "no operation with the scheme %s serves anonymous callers, so its invalid credentials are always denied: add {} to the security of one, or remove %s", s.Name, invalidKey)
		}
		if s.SignedBody > 0 && !usedBy(p, s, (*Operation).mayHaveBody) {
			b.diags.Report(member(n, signedBodyKey).Position, ruleSignedBodyUnused, "all operations with the scheme %s are GET or HEAD, whose requests have no body: remove %s if nothing is to be signed", s.Name, signedBodyKey)
		}
	}
}

func usedBy(p *Policy, s *Scheme, suits func(*Operation) bool) bool {
	return slices.ContainsFunc(p.All(), func(o *Operation) bool { return suits(o) && slices.Contains(o.Schemes(), s) })
}

// mayHaveBody reports whether the content of the operation's requests has a meaning (RFC 9110 section 9.3).
func (o *Operation) mayHaveBody() bool { return o.Method != "GET" && o.Method != "HEAD" }
