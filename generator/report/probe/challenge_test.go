package probe

import (
	"net/http"
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator/policy"
)

// TestParseChallenges: the grammar of RFC 9110 sections 5.6 and 11, and nothing else.
func TestParseChallenges(t *testing.T) {
	for _, row := range []struct{ line, want string }{
		{`Basic realm="a"`, "Basic"},
		{`Newauth realm="apps", type=1, title="Login to \"apps\"", Basic realm="simple"`, "Newauth Basic"},
		{`Negotiate`, "Negotiate"},
		{`Negotiate, Basic realm="a"`, "Negotiate Basic"},
		{`Negotiate YWJj==, Bearer realm="a"`, "Negotiate Bearer"},
		{`Bearer realm="a"; b`, ""},
		{`Bearer realm="a", , Basic realm="b",`, "Bearer Basic"},
		{`, ,Bearer realm="a"`, "Bearer"},
		{`Bearer realm = "a" , scope	=	b`, "Bearer"},
		{`Bearer   realm="a"`, "Bearer"},
		{`Bearer realm=a`, "Bearer"},
		{`Bearer realm="a, b=\"c\", Basic d"`, "Bearer"},
		{`Bearer realm=""`, "Bearer"},
		{"Bearer realm=\"\xe4\"", "Bearer"},
		{``, ""},
		{` , `, ""},
		{`realm="a"`, ""},
		{`"Bearer" realm="a"`, ""},
		{`Bearer, realm="a"`, ""},
		{"Bearer\trealm=\"a\"", ""},
		{"Bearer \trealm=\"a\"", ""},
		{`Bearer realm="a`, ""},
		{`Bearer realm="a\`, ""},
		{"Bearer realm=\"\x01\"", ""},
		{"Bearer realm=\"\\\x7f\"", ""},
		{`Bearer realm=`, "Bearer"}, // a token68
		{`Bearer realm=, scope=b`, ""},
		{`Bearer realm="a" scope="b"`, ""},
		{`Bearer realm="a"scope="b"`, ""},
		{`Bearer realm="a", REALM="b"`, ""},
		{`Bearer realm="a", scope="b", realm="c"`, ""},
		{`Bearer realm=a b`, ""},
		{`Bearer token realm="a"`, ""},
		{`Bearer <a>`, ""},
		{`Bearer:realm="a"`, ""},
		{`Basic realm="a", Bearer realm="b", error="invalid_token"`, "Basic Bearer"},
	} {
		challenges, err := parseChallenges(row.line)
		var schemes []string
		for _, c := range challenges {
			schemes = append(schemes, c.scheme)
		}
		if got := strings.Join(schemes, " "); got != row.want || (err == nil) != (row.want != "") {
			t.Errorf("%q: %q %v, want %q", row.line, got, err, row.want)
		}
	}
}

// TestCheckChallenges: those that a client of the operation can act on.
func TestCheckChallenges(t *testing.T) {
	scheme := func(s policy.Scheme) *target {
		return &target{Operation: &policy.Operation{Alternatives: []policy.Alternative{{Requirements: []policy.Requirement{{Scheme: &s}}}}}}
	}
	basic, bearer := scheme(policy.Scheme{Type: policy.HTTP, HTTPScheme: "basic"}), scheme(policy.Scheme{Type: policy.HTTP, HTTPScheme: "bearer"})
	oauth, dpop := scheme(policy.Scheme{Type: policy.OAuth2}), scheme(policy.Scheme{Type: policy.HTTP, HTTPScheme: "dpop"})
	key := scheme(policy.Scheme{Type: policy.APIKey, In: "header", Parameter: "X-Key"})
	own := scheme(policy.Scheme{Type: policy.APIKey, In: "cookie", Parameter: "s", Challenge: &policy.Challenge{Scheme: "Basic"}})
	line := scheme(policy.Scheme{Type: policy.APIKey, In: "header", Parameter: "authorization"})
	for i, row := range []struct {
		of    *target
		lines []string
		ok    bool
	}{
		{basic, []string{`Basic realm="a"`}, true},
		{basic, []string{`bAsIc realm="a"`}, true},
		{basic, []string{`Basic charset="UTF-8"`}, false},
		{basic, []string{`Basic`}, false},
		{basic, nil, false},
		{basic, []string{`Bearer realm="a"`}, false},
		{basic, []string{`Bearer realm="a"`, `Basic realm="a"`}, true},
		{basic, []string{`Bearer`, `Basic realm="a"`}, false},
		{bearer, []string{`Bearer realm="a", Basic realm="b"`}, true},
		{bearer, []string{`Bearer`}, false},
		{bearer, []string{`Bearer abc`}, false},
		{bearer, []string{`Bearer error="invalid_token"`}, true},
		{bearer, []string{`ApiKey realm="a"`}, false},
		{oauth, []string{`Bearer scope="a"`}, true},
		{oauth, []string{`DPoP algs="ES256"`}, true},
		{oauth, []string{`OAuth2`}, false},
		{dpop, []string{`DPoP algs="ES256"`}, true},
		{dpop, []string{`Bearer realm="a"`}, false},
		{key, []string{`ApiKey realm="a"`}, true},
		{key, []string{`X-Key`}, true},
		{key, []string{`Basic realm="a"`}, false},
		{own, []string{`Basic realm="a"`}, true},
		{own, []string{`ApiKey`}, true},
		{own, []string{`Bearer realm="a"`}, false},
		{line, []string{`Bearer realm="a"`}, true},
	} {
		if err := row.of.checkChallenges(http.Header{"Www-Authenticate": row.lines}); (err == nil) != row.ok {
			t.Errorf("%d: %q: %v", i, row.lines, err)
		}
	}
}

// TestMessagesRepeatNothing: a server may write a credential into its challenge.
func TestMessagesRepeatNothing(t *testing.T) {
	for _, line := range []string{`secret realm="a`, `secret secret="a`, `Bearer secret="a`, `Bearer secret=a, secret=b`, `secret="a"`, `secret <`, `secret:a`, "secret\ta=b", `secret a=b c=d`} {
		if _, err := parseChallenges(line); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v", line, err)
		}
	}
}
