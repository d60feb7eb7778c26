package difference_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator/policy"
	"github.com/oapi-guard/oapi-guard/generator/report/difference"
)

// document has one operation, and every scheme that the tests need. Its lines are numbered from the operation's on: the
// method is line 10 and what a test writes into the operation begins in line 11.
func document(root, operation, schemes string) string {
	return strings.TrimPrefix(`
openapi: 3.1.0
info: {title: t, version: "1"}
x-unused: |
  so that
  the method
  is line 10
`+root+`
paths:
  /a/{id}:
    get:
`+operation+`
      operationId: a
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'204': {description: ok}}
components:
  securitySchemes:
`+schemes+`
    bearer: {type: http, scheme: bearer}
    basic: {type: http, scheme: basic}
    oauth: {type: oauth2, flows: {clientCredentials: {tokenUrl: /t, scopes: {r: r, w: w, x: x}}}}
`, "\n")
}

// form is one of the two documents of a case.
type form struct{ root, operation, schemes string }

func (f form) load(t *testing.T, name string) *policy.Policy {
	t.Helper()
	root, schemes := f.root, f.schemes
	if root == "" {
		root = "x-nothing: 1"
	}
	if schemes == "" {
		schemes = "    session: {type: apiKey, in: cookie, name: session}"
	}
	operation := "      " + strings.ReplaceAll(f.operation, "\n", "\n      ")
	return loadAs(t, name, document(root, operation, schemes))
}

func op(lines string) form { return form{operation: lines} }

// TestCompare has the classes, the smallest callers, and the lines that decide. "same" is no change.
func TestCompare(t *testing.T) {
	tests := []struct {
		name        string
		before, new form
		want        string
	}{
		{"a role more in any-of", op("security: [{bearer: []}]\nx-required-roles: [a]"), op("security: [{bearer: []}]\nx-required-roles: [b, a]"), "weakened in bearer role b 12>12"},
		{"any-of becomes all-of", op("security: [{bearer: []}]\nx-required-roles: [a, b]"), op("security: [{bearer: []}]\nx-required-roles: {allOf: [a, b]}"), "tightened out bearer role a 12>12"},
		{"a role for another", op("security: [{bearer: []}]\nx-required-roles: [a]"), op("security: [{bearer: []}]\nx-required-roles: [b]"), "changed in bearer role b out bearer role a 12>12"},
		{"roles removed", op("security: [{bearer: []}]\nx-required-roles: [a]"), op("security: [{bearer: []}]"), "weakened in bearer 12>10"},
		{"roles emptied", op("security: [{bearer: []}]\nx-required-roles: [a]"), op("security: [{bearer: []}]\n\nx-required-roles: []"), "weakened in bearer 12>13"},
		{"roles of the document replaced", form{"x-required-roles: [a]", "security: [{bearer: []}]", ""}, form{"x-required-roles: [a]", "security: [{bearer: []}]\nx-required-roles: []", ""}, "weakened in bearer 7>12"},
		{"the smallest is first in the alphabet", op("security: [{bearer: []}]\nx-required-roles: [z]"), op("security: [{bearer: []}]\nx-required-roles: [z, y, b, c]"), "weakened in bearer role b 12>12"},
		{"the smallest is the fewest", op("security: [{bearer: []}]\nx-required-roles: {allOf: [z]}"), op("security: [{oauth: [r, w]}, {basic: []}]"), "changed in basic out bearer role z 11>11"},
		{"now public", op("security: [{bearer: []}]"), op("security: []"), "weakened public in nobody 11>11"},
		{"now optional", op("security:\n- bearer: []"), op("security:\n- bearer: []\n- {}"), "weakened public in nobody 11>13"},
		{"no longer public", op("security: []"), op("security: [{bearer: []}]"), "tightened out nobody 11>11"},
		{"optional and public", op("security: [{}, {bearer: []}]"), op("security: []"), "same"},
		{"optional with another scheme", op("security: [{}, {bearer: []}]"), op("security: [{basic: []}, {}]"), "same"},
		{"an alternative more", op("security:\n- bearer: []"), op("security:\n- bearer: []\n- basic: []"), "weakened in basic 11>13"},
		{"and becomes or", op("security: [{bearer: [], basic: []}]"), op("security: [{bearer: []}, {basic: []}]"), "weakened in basic 11>11"},
		{"an alternative that another one implies", op("security: [{bearer: []}]"), op("security: [{bearer: []}, {bearer: [], basic: []}]"), "same"},
		{"alternatives reordered", op("security: [{bearer: []}, {basic: []}]"), op("security: [{basic: []}, {bearer: []}]"), "same"},
		{"bearer becomes oauth2", op("security: [{bearer: []}]"), op("security: [{oauth: []}]"), "changed in oauth out bearer 11>11"},
		{"a scheme renamed", op("security: [{session: []}]"), form{"", "security: [{login: []}]", "    login: {type: apiKey, in: cookie, name: session, description: new}"}, "same"},
		{"a scheme redefined", op("security: [{session: []}]"), form{"", "security: [{session: []}]", "    session: {type: apiKey, in: cookie, name: Session}"}, "changed in session out session 11>11"},
		{"a scope less", op("security: [{oauth: [r, w]}]"), op("security: [{oauth: [r]}]"), "weakened in oauth scope r 11>11"},
		{"scopes of several alternatives", op("security: [{oauth: [r]}, {oauth: [w]}]"), op("security: [{oauth: [w, r]}]"), "tightened out oauth scope r 11>11"},
		{"a scope of another scheme", op("security: [{oauth: [r]}]"), form{"", "security: [{second: [r]}]", "    second: {type: oauth2, flows: {implicit: {authorizationUrl: /a, scopes: {r: r}}}}"}, "same"},
		{"role names of an alternative", op("security: [{bearer: [a]}]"), op("security: [{bearer: []}]"), "weakened in bearer 11>11"},
		{"roles move into the alternative", op("security: [{bearer: [a]}]"), op("security: [{bearer: []}]\nx-required-roles: [a]"), "same"},
		{"a check less", op("security: [{bearer: []}]\nx-resource-check: owns"), op("security: [{bearer: []}]"), "weakened in bearer 12>10"},
		{"a check more", op("security: [{bearer: []}]"), op("security: [{bearer: []}]\nx-resource-check: owns"), "tightened out bearer 10>12"},
		{"another check", op("security: [{bearer: []}]\nx-resource-check: owns"), op("security: [{bearer: []}]\nx-resource-check: reads"), "changed in bearer check reads out bearer check owns 12>12"},
		{"a check for anonymous callers", op("security: [{}, {bearer: []}]"), op("security: [{}, {bearer: []}]\nx-resource-check: owns"), "tightened public out nobody 10>12"},
		{"hierarchy flattened", form{"x-roles: {b: {includes: [a]}, a: {}}", "security: [{bearer: []}]\nx-required-roles: [a]", ""}, op("security: [{bearer: []}]\nx-required-roles: [a, b]"), "same"},
		{"a role includes another", form{"x-roles: {b: {}, a: {}}", "security: [{bearer: [b]}, {bearer: []}]\nx-required-roles: [a]", ""}, form{"x-roles: {b: {includes: [a]}, a: {}}", "security: [{bearer: [b]}, {bearer: []}]\nx-required-roles: [a]", ""}, "weakened in bearer role b 7>7"},
		{"concealed", op("security: [{bearer: []}]"), op("security: [{bearer: []}]\nx-conceal: not-found"), "disclosure 10>12"},
		{"concealed otherwise by the document", form{"x-conceal: forbidden", "security: [{bearer: []}]", ""}, op("security: [{bearer: []}]\nx-conceal: not-found"), "disclosure 7>12"},
		{"concealed and weakened", op("security: [{bearer: []}]\nx-required-roles: [a]"), op("security: [{bearer: []}]\nx-conceal: not-found"), "weakened in bearer 12>10"},
		{"another challenge", op("security: [{session: []}]"), form{"", "security: [{session: []}]", "    session: {type: apiKey, in: cookie, name: session, x-challenge: Cookie}"}, "same"},
		{"invalid is anonymous", op("security: [{}, {session: []}]"), op("security: [{}, {session: []}]\nx-invalid-credentials: anonymous"), "weakened public in nobody invalid 17>12"},
		{"invalid is denied by the scheme", form{"", "security: [{}, {session: []}]", "    session: {type: apiKey, in: cookie, name: session, x-invalid-credentials: anonymous}"}, op("security: [{}, {session: []}]"), "tightened public out nobody invalid 17>17"},
		{"invalid without anonymous callers", form{"", "security: [{session: []}]", "    session: {type: apiKey, in: cookie, name: session, x-invalid-credentials: anonymous}"}, op("security: [{session: []}]"), "same"},
		{"twins are tried", op("security: [{session: []}]"), form{"", "security: [{session: []}]", "    session: {type: apiKey, in: cookie, name: session, x-duplicates: try}"}, "weakened in session twice 17>17"},
		{"twins are refused where anonymous callers get in", form{"", "security: [{session: []}, {}]", "    session: {type: apiKey, in: cookie, name: session, x-duplicates: try}"}, op("security: [{session: []}, {}]"), "tightened public out session twice 17>17"},
		{"twins of a scheme that is new", op("security: [{bearer: []}]"), form{"", "security: [{bearer: []}, {session: []}]", "    session: {type: apiKey, in: cookie, name: session, x-duplicates: try}"}, "weakened in session 11>11"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			changes := difference.Compare(test.before.load(t, "old.yaml"), test.new.load(t, "new.yaml"))
			if got := brief(changes); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// brief is the one change in a line.
func brief(changes []difference.Change) string {
	if len(changes) == 0 {
		return "same"
	}
	c := changes[0]
	text := string(c.Class)
	if c.Public {
		text += " public"
	}
	if c.Caller != nil {
		text += " in " + holds(c.Caller)
	}
	if c.Loses != nil {
		text += " out " + holds(c.Loses)
	}
	return fmt.Sprintf("%s %d>%d", text, c.Old.Line, c.New.Line)
}

func holds(c *difference.Caller) string {
	text := strings.Join(c.Schemes, "+")
	for i, names := range [][]string{c.Scopes, c.Roles, c.Checks} {
		for _, name := range names {
			text += []string{" scope ", " role ", " check "}[i] + name
		}
	}
	if text == "" {
		text = "nobody"
	}
	return strings.TrimSpace(text + " " + string(c.State))
}

const operations = `openapi: 3.1.0
info: {title: t, version: "1"}
security: [{a: []}]
paths:
  /b/{x}/c/{y}:
    parameters: [{name: x, in: path, required: true, schema: {type: string}}, {name: y, in: path, required: true, schema: {type: string}}]
    get: {responses: {'204': {description: ok}}}
  /a:
    put: {operationId: putA, responses: {'204': {description: ok}}}
    post:
      responses: {'204': {description: ok}}
      callbacks:
        paid: {'{$request.body#/url}': {post: {responses: {'204': {description: ok}}}}}
webhooks:
  shipped: {post: {operationId: shipped, responses: {'204': {description: ok}}}}
components: {securitySchemes: {a: {type: http, scheme: basic}}}
`

// TestMatching: by method and path, parameters by place; webhooks by name; callbacks by operation, name and expression.
func TestMatching(t *testing.T) {
	replace := func(pairs ...string) string { return strings.NewReplacer(pairs...).Replace(operations) }
	tests := []struct {
		name, after string
		want        []string
	}{
		{"the same", operations, nil},
		{"parameters renamed", replace("{x}", "{one}", "name: x", "name: one"), nil},
		{"parameters exchanged", replace("{x}", "{y}", "{y}", "{x}"), nil},
		{"another path", replace("/b/{x}/c", "/b/{x}/d"), []string{"removed operation GET /b/{x}/c/{y}", "added operation GET /b/{x}/d/{y}"}},
		{"another case", replace("/a:", "/A:"), []string{"added operation POST /A", "added callback POST {$request.body#/url}", "added operation PUT /A", "removed operation POST /a", "removed callback POST {$request.body#/url}", "removed operation PUT /a"}},
		{"another method", replace("put:", "patch:"), []string{"added operation PATCH /a", "removed operation PUT /a"}},
		{"another webhook", replace("shipped:", "returned:"), []string{"added webhook POST returned", "removed webhook POST shipped"}},
		{"another expression", replace("#/url", "#/uri"), []string{"added callback POST {$request.body#/uri}", "removed callback POST {$request.body#/url}"}},
		{"another callback", replace("paid:", "sold:"), []string{"added callback POST {$request.body#/url}", "removed callback POST {$request.body#/url}"}},
		{"all of them weakened", replace("security: [{a: []}]", "security: []"), []string{"weakened operation POST /a", "weakened operation PUT /a", "weakened operation GET /b/{x}/c/{y}", "weakened webhook POST shipped", "weakened callback POST {$request.body#/url}"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := map[string]int{}
			for _, c := range difference.Compare(loadText(t, operations), loadText(t, test.after)) {
				got[fmt.Sprintf("%s %s %s %s", c.Class, c.Kind, c.Method, c.Path)]++
			}
			want := map[string]int{}
			for _, line := range test.want {
				want[line]++
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

// TestExactPathsFirst: two paths that differ in the names of their parameters only are matched as written.
func TestExactPathsFirst(t *testing.T) {
	operation := func(path, role string) *policy.Operation {
		return &policy.Operation{Method: "GET", Path: path, Alternatives: []policy.Alternative{{Requirements: []policy.Requirement{{
			Scheme: &policy.Scheme{Type: policy.MutualTLS}, Roles: policy.Roles{Groups: []policy.RoleGroup{{Written: []string{role}, AnyOf: []string{role}}}},
		}}}}}
	}
	before := &policy.Policy{Operations: []*policy.Operation{operation("/{a}", "x"), operation("/{b}", "y")}}
	after := &policy.Policy{Operations: []*policy.Operation{operation("/{b}", "y"), operation("/{c}", "x")}}
	if changes := difference.Compare(before, after); len(changes) != 0 {
		t.Errorf("got %+v", changes)
	}
}

// TestPublic: an added operation is public where anonymous callers get in, and one that is gone is not.
func TestPublic(t *testing.T) {
	with, empty := loadText(t, strings.Replace(operations, "security: [{a: []}]", "security: [{}, {a: []}]", 1)), &policy.Policy{}
	for _, c := range difference.Compare(empty, with) {
		if !c.Public || !difference.FailOnWeakened.Includes(c) || difference.FailOnTightened.Includes(c) || c.Old != nil || c.Caller != nil {
			t.Errorf("added: %+v", c)
		}
	}
	for _, c := range difference.Compare(with, empty) {
		if c.Public || difference.FailOnWeakened.Includes(c) || !difference.FailOnTightened.Includes(c) || c.New != nil || c.Loses != nil {
			t.Errorf("removed: %+v", c)
		}
	}
}

// TestThresholds: weakened includes changed and what is new and public, tightened changed and what is gone, any all.
func TestThresholds(t *testing.T) {
	for class, want := range map[difference.Class]string{
		difference.Weakened: "WA", difference.Changed: "WTA", difference.Tightened: "TA", difference.Disclosure: "A", difference.Added: "A", difference.Removed: "TA",
	} {
		got := ""
		for i, threshold := range []difference.Threshold{difference.FailOnNothing, difference.FailOnWeakened, difference.FailOnTightened, difference.FailOnAny} {
			if threshold.Fails([]difference.Change{{Class: class}}) {
				got += string("NWTA"[i])
			}
		}
		if got != want {
			t.Errorf("%s: %q, want %q", class, got, want)
		}
	}
	if difference.FailOnAny.Fails(nil) {
		t.Error("no change fails")
	}
}
