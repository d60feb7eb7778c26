package view

import (
	"testing"

	"github.com/oapi-guard/oapi-guard/generator/policy"
)

// Two names never become one function, which would not compile.
func TestPolicyFunc(t *testing.T) {
	tests := []struct{ name, want string }{
		{"GetThing", "getThingPolicy"},
		{"Iptal", "iptalPolicy"},
		{"İptal", "İptalPolicy"}, // its lower case is i, too
		{"Kelvin", "kelvinPolicy"},
		{"\u212aelvin", "\u212aelvinPolicy"}, // the Kelvin sign
		{"Größe", "größePolicy"},
		{"Ölwechsel", "ölwechselPolicy"},
		{"管理", "管理Policy"},
	}
	for _, test := range tests {
		if got := NewOperation(&policy.Operation{}, test.name, nil).PolicyFunc(); got != test.want {
			t.Errorf("%s has %s, want %s", test.name, got, test.want)
		}
	}
}
