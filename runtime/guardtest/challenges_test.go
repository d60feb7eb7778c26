package guardtest_test

import (
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/runtime/guardtest"
)

// The grammar is that of RFC 9110 section 11.6.1, with lists of several challenges in one line.
func TestChallengeGrammar(t *testing.T) {
	for line, want := range map[string]string{
		`Bearer realm="api"`:                                                            "Bearer",
		`Basic realm="a, b", charset="UTF-8"`:                                           "Basic",
		`, ,Basic realm=x ,, Newauth , Negotiate abc==`:                                 "Basic Newauth Negotiate",
		`Digest realm="a\"b", nonce=x,Bearer scope="s"`:                                 "Digest Bearer",
		`DPoP algs = "ES256"`:                                                           "DPoP",
		`ApiKey realm="", in="header", name="X-API-Key"`:                                "ApiKey",
		`Newauth realm="apps", type=1, title="Login to \"apps\"", Basic realm="simple"`: "Newauth Basic",

		``: "", `,`: "", `"Basic"`: "", `Basic realm`: "", `Basic realm=`: "", `Basic realm="a`: "", `Basic realm="a\`: "",
		`Basic realm="a" charset="UTF-8"`: "", `Basic realm="a",realm="b"`: "", `Basic realm="a",REALM="b"`: "", `Basic: realm="a"`: "",
		"Basic\trealm=\"a\"": "", "Basic realm=\"a\x01\"": "", "Basic realm=\"\\\n\"": "", `Basic charset="UTF-8"`: "", `Bearer`: "", `bearer ,Basic realm=x`: "",
		`Bearer realm=é`: "", `Negotiate abc== def`: "",
	} {
		schemes, err := guardtest.Challenges(line)
		if got := strings.Join(schemes, " "); (err == nil) != (want != "") || err == nil && got != want {
			t.Errorf("%q: %q %v", line, got, err)
		}
	}
	if schemes, err := guardtest.Challenges(); err != nil || len(schemes) > 0 {
		t.Error("no line at all is no mistake of a line")
	}
}
