package matrix

import (
	_ "embed"
	"encoding/json"
	"io"
	"path/filepath"

	"github.com/oapi-guard/oapi-guard/generator/policy"
)

//go:embed schema.json
var schema string

// Schema is the JSON Schema (draft 2020-12) of the output of [JSON].
func Schema() []byte { return []byte(schema) }

type (
	document struct {
		Version    int              `json:"version"`
		By         string           `json:"by"`
		Title      string           `json:"title"`
		APIVersion string           `json:"apiVersion"`
		Roles      []jsonRole       `json:"roles"`
		Operations *[]jsonOperation `json:"operations,omitempty"`
		Callers    *[]jsonCaller    `json:"callers,omitempty"`
	}
	jsonRole struct {
		Name        string   `json:"name"`
		Description string   `json:"description"`
		Includes    []string `json:"includes"`
	}
	jsonName struct {
		Kind      string `json:"kind"`
		Method    string `json:"method"`
		Path      string `json:"path"`
		Operation string `json:"operation"`
		Source    string `json:"source,omitempty"`
		Within    string `json:"within,omitempty"`
	}
	jsonOperation struct {
		jsonName
		Position      jsonPosition        `json:"position"`
		Tags          []string            `json:"tags"`
		Public        bool                `json:"public"`
		Alternatives  [][]jsonRequirement `json:"alternatives"`
		RequiredRoles [][]string          `json:"requiredRoles"`
		Check         string              `json:"check,omitempty"`
		Conceal       string              `json:"conceal,omitempty"`
		Anonymous     Verdict             `json:"anonymous"`
		Authenticated Verdict             `json:"authenticated"`
		Verdicts      map[string]Verdict  `json:"verdicts"`
	}
	jsonPosition struct {
		File   string `json:"file"`
		Line   int    `json:"line"`
		Column int    `json:"column"`
	}
	jsonRequirement struct {
		Scheme string     `json:"scheme"`
		Scopes []string   `json:"scopes"`
		Roles  [][]string `json:"roles"`
	}
	jsonCaller struct {
		Caller     CallerKind  `json:"caller"`
		Role       string      `json:"role,omitempty"`
		Operations []jsonGrant `json:"operations"`
	}
	jsonGrant struct {
		jsonName
		Verdict Verdict `json:"verdict"`
	}
)

// JSON writes one object, as [Schema] describes it. Lists are never null.
func JSON(w io.Writer, m *Matrix) error {
	d := document{Version: 1, By: "operation", Title: m.Title, APIVersion: m.Version, Roles: m.jsonRoles()}
	if m.byRole {
		callers := m.jsonCallers()
		d.By, d.Callers = "role", &callers
	} else {
		operations := m.jsonOperations()
		d.Operations = &operations
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(d)
}

func (m *Matrix) jsonRoles() []jsonRole {
	all := []jsonRole{}
	for _, c := range m.Callers {
		if c.Role != nil {
			all = append(all, jsonRole{c.Role.Name, c.Role.Description, list(c.Role.Includes)})
		}
	}
	return all
}

func (m *Matrix) jsonOperations() []jsonOperation {
	all := []jsonOperation{}
	for _, o := range m.Operations {
		all = append(all, jsonOperation{
			jsonName:     nameOf(o),
			Position:     jsonPosition{filepath.ToSlash(o.Position.File), o.Position.Line, o.Position.Column},
			Tags:         list(o.Tags),
			Public:       admitsEverybody(o.Operation),
			Alternatives: alternativesOf(o.Alternatives), RequiredRoles: groupsOf(o.Roles),
			Check: o.Check, Conceal: string(o.Conceal),
			Anonymous: decide(o.Operation, Caller{Kind: AnonymousCaller}), Authenticated: decide(o.Operation, Caller{Kind: AuthenticatedCaller}),
			Verdicts: m.verdictsOf(o),
		})
	}
	return all
}

func (m *Matrix) jsonCallers() []jsonCaller {
	all := []jsonCaller{}
	for i, c := range m.Callers {
		caller := jsonCaller{Caller: c.Kind, Operations: []jsonGrant{}}
		if c.Role != nil {
			caller.Role = c.Role.Name
		}
		for _, g := range m.grants(i) {
			caller.Operations = append(caller.Operations, jsonGrant{nameOf(g.Operation), g.Verdict})
		}
		all = append(all, caller)
	}
	return all
}

// verdictsOf are those about roles, by their names.
func (m *Matrix) verdictsOf(o Operation) map[string]Verdict {
	named := map[string]Verdict{}
	for i, c := range m.Callers {
		if c.Role != nil {
			named[c.Role.Name] = o.Verdicts[i]
		}
	}
	return named
}

func nameOf(o Operation) jsonName {
	return jsonName{o.Kind, o.Method, o.Path, o.ID, o.Source, o.Within}
}

// admitsEverybody reports whether anonymous callers get in.
func admitsEverybody(o *policy.Operation) bool {
	return o.Public() || admits(o, Caller{Kind: AnonymousCaller})
}

func alternativesOf(alternatives []policy.Alternative) [][]jsonRequirement {
	all := [][]jsonRequirement{}
	for _, a := range alternatives {
		requirements := []jsonRequirement{}
		for _, r := range a.Requirements {
			requirements = append(requirements, jsonRequirement{r.Scheme.Name, list(r.Scopes), groupsOf(r.Roles)})
		}
		all = append(all, requirements)
	}
	return all
}

func groupsOf(r policy.Roles) [][]string {
	all := [][]string{}
	for _, g := range r.Groups {
		all = append(all, list(g.AnyOf))
	}
	return all
}

// list is never nil.
func list(values []string) []string { return append([]string{}, values...) }
