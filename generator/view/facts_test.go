package view

import (
	"encoding/json"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator/policy"
)

// Facts say what the document says, and nothing of what it leaves out.
func TestFactsOfCredentials(t *testing.T) {
	requirement := func(s *policy.Scheme) policy.Alternative {
		return policy.Alternative{Requirements: []policy.Requirement{{Scheme: s}}}
	}
	tests := []struct {
		name      string
		operation policy.Operation
		want      string
	}{
		{"default", policy.Operation{ID: "a", Method: "GET", Path: "/a", Alternatives: []policy.Alternative{requirement(&policy.Scheme{Name: "s"})}},
			`{"name":"A","id":"a","method":"GET","path":"/a","public":false,"security":[[{"scheme":"s","scopes":[],"roles":[]}]],"roles":[]}`},
		{"everything", policy.Operation{ID: "a", Method: "PUT", Path: "/a", InvalidIsAnonymous: true, Alternatives: []policy.Alternative{
			requirement(&policy.Scheme{Name: "s", SignedBody: 1024, Opaque: true}),
			requirement(&policy.Scheme{Name: "c", TryDuplicates: true, InvalidIsAnonymous: true}), {},
		}}, `{"name":"A","id":"a","method":"PUT","path":"/a","public":false,"security":[` +
			`[{"scheme":"s","scopes":[],"roles":[],"signedBody":1024,"credentials":"opaque"}],` +
			`[{"scheme":"c","scopes":[],"roles":[],"duplicates":"try","invalidCredentials":"anonymous"}],[]],"roles":[],"invalidCredentials":"anonymous"}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := json.Marshal(NewOperation(&test.operation, "A", nil).Facts())
			if err != nil || string(got) != test.want {
				t.Errorf("got  %s (%v)\nwant %s", got, err, test.want)
			}
		})
	}
}
