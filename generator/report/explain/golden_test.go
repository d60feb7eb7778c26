package explain_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator"
	"github.com/oapi-guard/oapi-guard/generator/internal/generated"
	"github.com/oapi-guard/oapi-guard/generator/policy"
	"github.com/oapi-guard/oapi-guard/generator/report/explain"
)

var update = flag.Bool("update", false, "rewrite the answers that the golden servers must give: read the diff")

// The golden servers are another module. What they must answer travels in a file: this test writes it, and theirs asks
// every question of it on every server.
const (
	goldenDocument = "../../../testdata/golden/orders.yaml"
	goldenAnswers  = "../../../testdata/golden/explained.json"
)

type (
	explained struct {
		// Details are the texts in the bodies of denials, by status, those included that no question leads to.
		Details   map[int]string   `json:"details"`
		Answers   []explain.Answer `json:"answers"`
		Questions []question       `json:"questions"`
	}
	question struct {
		Operation   string                   `json:"operation"`
		Credentials map[string]explain.State `json:"credentials,omitempty"`
		Roles       []string                 `json:"roles,omitempty"`
		Scopes      []string                 `json:"scopes,omitempty"`
		Answer      int                      `json:"answer"`
	}
)

func TestGoldenAnswers(t *testing.T) {
	p, diags := generator.LoadPolicy(generator.PolicyOptions{Spec: goldenDocument})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	all := explained{Details: map[int]string{}}
	for status := 400; status < 600; status++ {
		if detail := generated.DenialDetail(status); detail != "" {
			all.Details[status] = detail
		}
	}
	index := map[string]int{}
	for _, o := range p.Operations {
		for _, c := range callers(o) {
			a := explain.Ask(p, o, c, explain.Options{Realm: "golden"})
			a.Because, a.Scheme = nil, ""
			key := fmt.Sprintf("%+v", a)
			if _, known := index[key]; !known {
				index[key] = len(all.Answers)
				all.Answers = append(all.Answers, a)
			}
			all.Questions = append(all.Questions, question{o.Method + " " + o.Path, c.Credentials, c.Roles, c.Scopes, index[key]})
		}
	}
	got := all.lines(t)
	if *update {
		if err := os.WriteFile(goldenAnswers, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(goldenAnswers)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is not what the package says: run with -update, read the diff, and run the golden servers", goldenAnswers)
	}
}

// lines is the file, with a line for every answer and question.
func (e explained) lines(t *testing.T) []byte {
	var b bytes.Buffer
	write := func(before string, v any) {
		b.WriteString(before)
		encoder := json.NewEncoder(&b)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(v); err != nil {
			t.Fatal(err)
		}
		b.Truncate(b.Len() - 1)
	}
	write("{\"details\":", e.Details)
	before := ",\n\"answers\":[\n"
	for _, a := range e.Answers {
		write(before, a)
		before = ",\n"
	}
	before = "\n],\"questions\":[\n"
	for _, q := range e.Questions {
		write(before, q)
		before = ",\n"
	}
	b.WriteString("\n]}\n")
	return b.Bytes()
}

// callers are all that the operation can tell apart: every alternative with every holding that counts, and every state
// of every scheme and of every two.
func callers(o *policy.Operation) []explain.Caller {
	seen := map[string]bool{}
	var all []explain.Caller
	add := func(c explain.Caller) {
		_, certificate := c.Credentials["mtls"] // the golden servers have no TLS
		key := fmt.Sprint(slices.Sorted(maps.Keys(c.Credentials)), c)
		if !certificate && !seen[key] && c.Check(o) == nil {
			seen[key] = true
			all = append(all, c)
		}
	}
	add(explain.Caller{})
	scopes := scopesOf(o)
	for _, a := range o.Alternatives {
		var schemes []*policy.Scheme
		for _, r := range a.Requirements {
			schemes = append(schemes, r.Scheme)
		}
		for _, state := range explain.States()[1:] {
			add(explain.With(state, schemes, nil, nil))
		}
		for _, roles := range [][]string{nil, {"support"}, {"auditor"}, {"admin"}, {"auditor", "support"}} {
			for n := range len(scopes) + 1 {
				add(explain.With(explain.Valid, schemes, roles, scopes[:n]))
				add(explain.With(explain.Valid, schemes, roles, scopes[n:]))
			}
		}
	}
	for i, s := range o.Schemes() {
		for _, state := range explain.States()[1:] {
			add(explain.Caller{Credentials: map[string]explain.State{s.Name: state}, Roles: []string{"admin"}, Scopes: scopes})
			for _, other := range o.Schemes()[:i] {
				for _, otherState := range explain.States()[1:] {
					add(explain.Caller{Credentials: map[string]explain.State{s.Name: state, other.Name: otherState}, Roles: []string{"admin"}, Scopes: scopes})
				}
			}
		}
	}
	return all
}

func scopesOf(o *policy.Operation) []string {
	var all []string
	for _, a := range o.Alternatives {
		for _, r := range a.Requirements {
			all = append(all, r.Scopes...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// TestEveryVerdictIsAsked keeps the file from losing what it is for.
func TestEveryVerdictIsAsked(t *testing.T) {
	content, err := os.ReadFile(goldenAnswers)
	if err != nil {
		t.Fatal(err)
	}
	for _, verdict := range []string{"missing-scope", "missing-role", "ambiguous", "invalid", "expired", "malformed", "absent", "allow"} {
		if !strings.Contains(string(content), `{"verdict":"`+verdict+`"`) {
			t.Errorf("no question is answered with %s", verdict)
		}
	}
}
