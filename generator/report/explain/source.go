package explain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/policy"
)

// Source is a rule of an operation with the place where it stands.
type Source struct {
	// Rule is the rule's kind: security, scheme, roles, includes, check, conceal or invalid-credentials.
	Rule string `json:"rule"`
	// Text is the rule in words.
	Text   string `json:"text"`
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
	// From is the object that has the rule: operation, path item, document, scheme or catalogue.
	From string `json:"from"`
	// Overlay says that an OpenAPI Overlay wrote it.
	Overlay bool `json:"overlay,omitempty"`
}

// Position is the place.
func (s Source) Position() diag.Position {
	return diag.Position{File: s.File, Line: s.Line, Column: s.Column}
}

func source(p *policy.Policy, rule, text, from string, at diag.Position) Source {
	return Source{Rule: rule, Text: text, File: at.File, Line: at.Line, Column: at.Column, From: from, Overlay: p.Overlay != "" && at.File == p.Overlay}
}

// Sources are all rules of the operation, in the order in which they are applied.
func Sources(p *policy.Policy, o *policy.Operation) []Source {
	all := []Source{securitySource(p, o)}
	for _, s := range o.Schemes() {
		all = append(all, source(p, "scheme", s.Name+": "+describe(s), "scheme", s.Position))
	}
	for _, a := range o.Alternatives {
		for _, r := range a.Requirements {
			if !r.Roles.Empty() {
				all = append(all, source(p, "roles", inWords(r.Roles)+", by "+r.Scheme.Name, string(o.SecurityLevel), r.Roles.Position))
			}
		}
	}
	if o.Roles.Position.Line > 0 {
		all = append(all, source(p, "roles", inWords(o.Roles), string(o.RolesLevel), o.Roles.Position))
	}
	all = append(all, hierarchy(p, o)...)
	if o.Check != "" {
		all = append(all, source(p, "check", o.Check, string(o.CheckLevel), o.CheckPosition))
	}
	if o.Conceal != policy.ConcealNothing {
		all = append(all, source(p, "conceal", string(o.Conceal), string(o.ConcealLevel), o.ConcealPosition))
	}
	if o.InvalidIsAnonymous {
		all = append(all, source(p, "invalid-credentials", "anonymous", string(policy.InOperation), o.InvalidPosition))
	}
	return all
}

func securitySource(p *policy.Policy, o *policy.Operation) Source {
	if o.SecurityLevel == "" {
		return source(p, "security", "public, because neither the operation nor the document has security", string(policy.InDocument), o.Position)
	}
	if o.Public() {
		return source(p, "security", "public", string(o.SecurityLevel), o.SecurityPosition)
	}
	var words []string
	for _, a := range o.Alternatives {
		words = append(words, alternative(a))
	}
	return source(p, "security", strings.Join(words, ", or "), string(o.SecurityLevel), o.SecurityPosition)
}

// alternative is an alternative in words.
func alternative(a policy.Alternative) string {
	if a.Anonymous() {
		return "nothing"
	}
	var words []string
	for _, r := range a.Requirements {
		text := r.Scheme.Name
		if len(r.Scopes) > 0 {
			text += " with " + strings.Join(r.Scopes, " and ")
		}
		words = append(words, text)
	}
	return strings.Join(words, " and ")
}

// describe is a scheme in words.
func describe(s *policy.Scheme) string {
	text := string(s.Type)
	switch s.Type {
	case policy.HTTP:
		text += " " + s.HTTPScheme
	case policy.APIKey:
		text = fmt.Sprintf("API key in %s %s", s.In, s.Parameter)
	}
	if s.InvalidIsAnonymous {
		text += ", invalid credentials count as none"
	}
	if s.TryDuplicates {
		text += ", each of several cookies is tried"
	}
	return text
}

// inWords are the roles that a caller needs.
func inWords(roles policy.Roles) string {
	if roles.Empty() {
		return "any authenticated caller"
	}
	var groups []string
	for _, g := range roles.Groups {
		groups = append(groups, strings.Join(g.Written, " or "))
	}
	return strings.Join(groups, ", and ")
}

// hierarchy are the roles of the catalogue that have what the operation requires because they include it.
func hierarchy(p *policy.Policy, o *policy.Operation) []Source {
	var all []Source
	seen := map[string]bool{}
	required := []policy.Roles{o.Roles}
	for _, a := range o.Alternatives {
		for _, r := range a.Requirements {
			required = append(required, r.Roles)
		}
	}
	for _, roles := range required {
		for _, g := range roles.Groups {
			for _, name := range g.AnyOf[len(g.Written):] {
				i := slices.IndexFunc(p.Roles, func(r *policy.Role) bool { return r.Name == name })
				if i < 0 || seen[name] {
					continue
				}
				seen[name] = true
				all = append(all, source(p, "includes", name+" includes "+strings.Join(p.Roles[i].Includes, ", "), "catalogue", p.Roles[i].Position))
			}
		}
	}
	return all
}

func (d *decision) scopeSource(r policy.Requirement) *Source {
	s := source(d.policy, "security", r.Scheme.Name+" with "+strings.Join(r.Scopes, " and "), string(d.operation.SecurityLevel), r.Position)
	return &s
}

func (d *decision) roleSource(roles policy.Roles, level policy.Level) *Source {
	s := source(d.policy, "roles", inWords(roles), string(level), roles.Position)
	return &s
}

// because are the rules that decide: the one that the caller does not meet and the one that conceals it, the alternative
// that admits, or the security as a whole.
func (d *decision) because(shown string) []Source {
	var all []Source
	switch {
	case d.lacking != nil:
		all = append(all, *d.lacking)
	case d.verdict == "allow" && d.alternative != nil:
		all = append(all, source(d.policy, "security", alternative(*d.alternative), string(d.operation.SecurityLevel), d.alternative.Position))
	default:
		all = append(all, securitySource(d.policy, d.operation))
	}
	if shown != d.verdict {
		all = append(all, source(d.policy, "conceal", string(d.operation.Conceal), string(d.operation.ConcealLevel), d.operation.ConcealPosition))
	}
	return all
}
