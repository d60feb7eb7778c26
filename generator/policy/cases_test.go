package policy_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
	"github.com/oapi-guard/oapi-guard/generator/policy"
)

var update = flag.Bool("update", false, "rewrite what the cases want: read the diff")

// TestCases runs the archives of testdata/cases: the files of one document, with what is said about it
// ("want", with the lines and carets that a terminal shows) and what was understood ("policy"). Options
// stand above the files, one a line.
func TestCases(t *testing.T) {
	archives, err := filepath.Glob("testdata/cases/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, name := range archives {
		path, err := filepath.Abs(name)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) { runCase(t, path) })
	}
}

func runCase(t *testing.T, path string) {
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	wanted := map[string]string{}
	inputs := []txtar.File{}
	for _, f := range archive.Files {
		if f.Name == "want" || f.Name == "policy" {
			wanted[f.Name] = string(f.Data)
			continue
		}
		inputs = append(inputs, f)
		write(t, f)
	}
	got := outcome(t, loadOptions(inputs[0].Name, string(archive.Comment)), string(archive.Comment))
	if *update {
		archive.Files = inputs
		for _, name := range []string{"want", "policy"} {
			if got[name] != "" {
				archive.Files = append(archive.Files, txtar.File{Name: name, Data: []byte(got[name])})
			}
		}
		if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	for _, name := range []string{"want", "policy"} {
		if got[name] != wanted[name] {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got[name], wanted[name])
		}
	}
}

func write(t *testing.T, f txtar.File) {
	if err := os.MkdirAll(filepath.Dir(f.Name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(f.Name, f.Data, 0o644); err != nil {
		t.Fatal(err)
	}
}

func loadOptions(document, comment string) spec.Options {
	options := spec.Options{Path: document}
	for line := range strings.Lines(comment) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		values := strings.Split(value, ", ")
		switch key {
		case "overlay":
			options.Overlay = value
		case "overlay-strict":
			options.Overlay, options.OverlayStrict = value, true
		case "include-tags":
			options.IncludeTags = values
		case "exclude-tags":
			options.ExcludeTags = values
		case "include-operation-ids":
			options.IncludeOperationIDs = values
		case "exclude-operation-ids":
			options.ExcludeOperationIDs = values
		}
	}
	return options
}

// outcome is what is said, and what was understood when nothing was refused.
func outcome(t *testing.T, load spec.Options, comment string) map[string]string {
	document, found := spec.Load(load)
	p, more := policy.Build(document, policy.Options{ExplicitRoles: strings.Contains(comment, "explicit-roles")})
	sorted := slices.Clone(more)
	sorted.Sort()
	if !reflect.DeepEqual(sorted, more) {
		t.Error("the findings are not sorted")
	}
	list := slices.Concat(found, more)
	list.Sort()
	var out bytes.Buffer
	if err := diag.Text(&out, list, diag.TextOptions{Source: os.ReadFile}); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{"want": out.String()}
	if !list.HasErrors() && strings.Contains(comment, "policy") {
		got["policy"] = describe(p)
	}
	return got
}

// describe is the policy as text.
func describe(p *policy.Policy) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s\n", p.Title, p.Version)
	for _, r := range p.Roles {
		fmt.Fprintf(&b, "role %s %q includes %q implied by %q at %s\n", r.Name, r.Description, r.Includes, r.ImpliedBy, r.Position)
	}
	for _, s := range p.Schemes {
		fmt.Fprintf(&b, "scheme %s %s%s %s %s%s at %s\n", s.Name, s.Type, s.HTTPScheme, s.BearerFormat, s.In, s.Parameter, s.Position)
		if s.SignedBody > 0 || s.Opaque || s.TryDuplicates || s.InvalidIsAnonymous {
			fmt.Fprintf(&b, "\tbody %d opaque %t try %t invalid is anonymous %t\n", s.SignedBody, s.Opaque, s.TryDuplicates, s.InvalidIsAnonymous)
		}
		if c := s.Challenge; c != nil {
			fmt.Fprintf(&b, "\tchallenge %s %q at %s\n", c.Scheme, c.Params, c.Position)
		}
	}
	for _, c := range p.Checks {
		fmt.Fprintf(&b, "check %s %q\n", c.Name, c.Parameters)
		for _, o := range c.Operations {
			fmt.Fprintf(&b, "\t%s %s\n", o.Method, o.Path)
		}
	}
	describeOperations(&b, "", p.Operations)
	describeOperations(&b, "webhook ", p.Webhooks)
	describeOperations(&b, "callback ", p.Callbacks)
	return b.String()
}

func describeOperations(b *strings.Builder, kind string, operations []*policy.Operation) {
	for _, o := range operations {
		if kind != "" {
			fmt.Fprintf(b, "%s%s of %q, ", kind, o.Source, o.Within)
		}
		fmt.Fprintf(b, "%s %s %s %q %s at %s, security at %s\n", o.Method, o.Path, o.ID, o.PathParameters, o.AliasOf, o.Position, o.SecurityPosition)
		for _, a := range o.Alternatives {
			fmt.Fprintf(b, "\tor at %s\n", a.Position)
			for _, r := range a.Requirements {
				fmt.Fprintf(b, "\t\t%s scopes %q roles %s at %s\n", r.Scheme.Name, r.Scopes, roles(r.Roles), r.Position)
			}
		}
		if !o.Roles.Empty() {
			fmt.Fprintf(b, "\troles %s at %s\n", roles(o.Roles), o.Roles.Position)
		}
		if o.Check != "" || o.CheckPosition != (diag.Position{}) {
			fmt.Fprintf(b, "\tcheck %s at %s\n", o.Check, o.CheckPosition)
		}
		if o.InvalidIsAnonymous || o.InvalidPosition != (diag.Position{}) {
			fmt.Fprintf(b, "\tinvalid is anonymous %t at %s\n", o.InvalidIsAnonymous, o.InvalidPosition)
		}
		if o.Conceal != policy.ConcealNothing || o.ConcealPosition != (diag.Position{}) {
			fmt.Fprintf(b, "\tconceal %s at %s\n", o.Conceal, o.ConcealPosition)
		}
	}
}

func roles(r policy.Roles) string {
	var groups []string
	for _, g := range r.Groups {
		groups = append(groups, fmt.Sprintf("%q=%q", g.Written, g.AnyOf))
	}
	return strings.Join(groups, " and ")
}

// Every rule has a case of its own name.
func TestEveryRuleHasACase(t *testing.T) {
	for _, r := range documentRules() {
		rule := r.ID
		data, err := os.ReadFile(filepath.Join("testdata/cases", rule+".txtar"))
		if err != nil || !bytes.Contains(data, []byte("["+rule+"]")) {
			t.Errorf("no case shows the rule %s: %v", rule, err)
		}
	}
}

// Security that is refused never looks like an operation that anybody may call.
func TestRefusedSecurityIsNeverPublic(t *testing.T) {
	for _, security := range []string{"null", "{}", "{a: []}", "a", "7", "[null]", "[[]]", "[a]", "[7]", "[{ghost: []}]",
		"[{a: null}]", "[{a: x}]", "[{a: {}}]", "[{a: [7]}]", "[{ghost: []}, a]"} {
		t.Run(security, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "openapi.yaml")
			text := "openapi: 3.1.0\npaths: {/a: {get: {security: " + security + "}}}\ncomponents: {securitySchemes: {a: {type: http, scheme: basic}}}\n"
			if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
			document, _ := spec.Load(spec.Options{Path: path})
			p, diags := policy.Build(document, policy.Options{})
			if o := p.Operations[0]; o.Public() || o.Optional() || !diags.HasErrors() {
				t.Errorf("public %v, optional %v, said %v", o.Public(), o.Optional(), diags)
			}
			for _, a := range p.Operations[0].Alternatives {
				for _, r := range a.Requirements {
					if r.Scheme == nil {
						t.Error("a requirement without a scheme")
					}
				}
			}
		})
	}
}
