package view

import (
	"slices"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator/policy"
)

// The comment of a policy says how credentials are read where the document differs from the default.
func TestCredentialWords(t *testing.T) {
	signed := &policy.Scheme{Name: "hook", Type: policy.APIKey, In: "header", SignedBody: 64 << 10}
	opaque := &policy.Scheme{Name: "aws\n", Type: policy.HTTP, SignedBody: 1000, Opaque: true}
	cookie := &policy.Scheme{Name: "session", Type: policy.APIKey, In: "cookie", TryDuplicates: true, InvalidIsAnonymous: true}
	plain := &policy.Scheme{Name: "plain", Type: policy.HTTP}
	tests := []struct {
		name      string
		schemes   []*policy.Scheme
		optional  bool
		anonymous bool
		want      []string
	}{
		{"default", []*policy.Scheme{plain}, true, false, []string{"security: plain or anonymous"}},
		{"signed", []*policy.Scheme{signed}, false, false, []string{
			"security: hook",
			"body:     hook verifies it, at most 64 KiB",
		}},
		{"several", []*policy.Scheme{opaque, signed}, false, false, []string{
			`security: aws\n or hook`,
			`body:     aws\n verifies it, at most 1000 bytes`,
			"body:     hook verifies it, at most 64 KiB",
			`opaque:   the credential of aws\n has no grammar`,
		}},
		{"cookie", []*policy.Scheme{cookie, plain}, true, false, []string{
			"security: session or plain or anonymous",
			"repeated: several cookies of session are tried, and exactly one must be accepted",
			"invalid:  an invalid or expired credential of session counts as none",
		}},
		{"cookie of a closed operation", []*policy.Scheme{cookie}, false, false, []string{
			"security: session",
			"repeated: several cookies of session are tried, and exactly one must be accepted",
		}},
		{"anonymous", []*policy.Scheme{plain}, true, true, []string{
			"security: plain or anonymous",
			"invalid:  an invalid or expired credential counts as none",
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			o := &policy.Operation{InvalidIsAnonymous: test.anonymous}
			for _, s := range test.schemes {
				o.Alternatives = append(o.Alternatives, policy.Alternative{Requirements: []policy.Requirement{{Scheme: s}}})
			}
			if test.optional {
				o.Alternatives = append(o.Alternatives, policy.Alternative{})
			}
			if got := NewOperation(o, "Op", nil).Words(); !slices.Equal(got, test.want) {
				t.Errorf("got\n%q\nwant\n%q", got, test.want)
			}
		})
	}
}

func TestSize(t *testing.T) {
	tests := []struct {
		bytes int64
		want  string
	}{
		{1, "1 byte"}, {1000, "1000 bytes"}, {1024, "1 KiB"}, {1<<20 - 1, "1048575 bytes"}, {1 << 20, "1 MiB"}, {1536 << 10, "1536 KiB"},
	}
	for _, test := range tests {
		if got := size(test.bytes); got != test.want {
			t.Errorf("%d is %s, want %s", test.bytes, got, test.want)
		}
	}
}
