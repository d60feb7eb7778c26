package view

import (
	"slices"
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator/policy"
)

// TestSignature: one line when it fits, and otherwise as few as the parameters take, each no wider than it has to be.
func TestSignature(t *testing.T) {
	long := strings.Repeat("x", 50)
	tests := []struct {
		name   string
		indent int
		params []string
		want   string
	}{
		{"none", 0, nil, "f() error"},
		{"short", 1, []string{"a int", "b int"}, "f(a int, b int) error"},
		{"as wide as a line", 0, []string{"a " + strings.Repeat("x", 109)}, "f(a " + strings.Repeat("x", 109) + ") error"},
		{"one column more", 0, []string{"a " + strings.Repeat("x", 110)}, "f(\n\ta " + strings.Repeat("x", 110) + ",\n) error"},
		{"two lines", 1, []string{"a " + long, "b " + long, "c " + long}, "f(\n\t\ta " + long + ",\n\t\tb " + long + ",\n\t\tc " + long + ",\n\t) error"},
		{"a line for two", 0, []string{"a " + long, "b " + long, "c " + long}, "f(\n\ta " + long + ", b " + long + ",\n\tc " + long + ",\n) error"},
		{"wider than a line", 0, []string{"a " + long + long + long, "b int"}, "f(\n\ta " + long + long + long + ",\n\tb int,\n) error"},
	}
	for _, test := range tests {
		got := signature(test.indent, "f", test.params, " error")
		if got != test.want {
			t.Errorf("%s: got\n%s\nwant\n%s", test.name, got, test.want)
		}
	}
}

// TestDoc: no line is wider than it has to be, and none becomes a build constraint by where it begins.
func TestDoc(t *testing.T) {
	words := strings.Split(strings.Repeat("word ", 23)+"+build ignore", " ")
	got := doc(0, words)
	if want := []string{strings.TrimSpace(strings.Repeat("word ", 23)), `\+build ignore`}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	o := NewOperation(&policy.Operation{Method: "+build", Source: "x"}, "X", nil)
	if got := o.Heading(); got != `\+build webhook x` {
		t.Errorf("the heading is %q", got)
	}
}

// TestSecurityLiteral: one alternative stands on the line, several on lines of their own.
func TestSecurityLiteral(t *testing.T) {
	alternative := func(name string) policy.Alternative {
		return policy.Alternative{Requirements: []policy.Requirement{{Scheme: &policy.Scheme{Name: name}}}}
	}
	long := strings.Repeat("x", 80)
	for _, test := range []struct {
		alternatives []policy.Alternative
		want         string
	}{
		{[]policy.Alternative{alternative("a")}, `[]guard.Alternative{{{Scheme: "a"}}}`},
		{[]policy.Alternative{{}, alternative("a")}, "[]guard.Alternative{\n\t\t\t\t{},\n\t\t\t\t{{Scheme: \"a\"}},\n\t\t\t}"},
		{[]policy.Alternative{alternative(long)}, "[]guard.Alternative{\n\t\t\t\t{{Scheme: \"" + long + "\"}},\n\t\t\t}"},
	} {
		if got := NewOperation(&policy.Operation{Alternatives: test.alternatives}, "X", nil).SecurityLiteral(); got != test.want {
			t.Errorf("got %s, want %s", got, test.want)
		}
	}
}
