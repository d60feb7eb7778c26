package jwt

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// TestReasons has what an operator reads who sets a provider up: the claim, the field of the configuration, and what the token
// has instead, in a form that cannot forge a line of a log.
func TestReasons(t *testing.T) {
	v := newVerifier(t, testConfig())
	for token, want := range map[string]string{
		good(claim("iss", `"https://id.example.com/"`)):      `jwt: iss is not Config.Issuer: the token has "https://id.example.com/"`,
		good(claim("iss", "")):                               `jwt: iss is not Config.Issuer: the token has none`,
		good(claim("aud", `["account","x"]`)):                `jwt: aud has none of Config.Audience: the token has ["account" "x"]`,
		good(claim("aud", `"a\nlevel=ERROR"`)):               `jwt: aud has none of Config.Audience: the token has "a\nlevel=ERROR"`,
		good(header("typ", `"JWT"`)):                         `jwt: typ is not among Config.Types, which is at+jwt unless it says otherwise: the token has "JWT"`,
		good(header("typ", "")):                              `jwt: typ is not among Config.Types, which is at+jwt unless it says otherwise: the token has none`,
		good(claim("aud", `"`+strings.Repeat("x", 900)+`"`)): `jwt: aud has none of Config.Audience: the token has "` + strings.Repeat("x", maxShown-1) + "…",
	} {
		if _, err := authenticate(v, token); classOf(err) != invalid || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if _, err := authenticate(v, good(claim("aud", `"`+strings.Repeat("ü", 900)+`"`))); !utf8.ValidString(err.Error()) {
		t.Errorf("%q is cut within a character", err)
	}
}
