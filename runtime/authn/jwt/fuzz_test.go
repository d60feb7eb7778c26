package jwt

import (
	"encoding/json"
	"strings"
	"testing"
)

// FuzzToken looks for tokens that panic, that are admitted though nobody signed them, or whose class is not a 401. The
// seeds of testdata/fuzz and those here are the starting points.
func FuzzToken(f *testing.F) {
	config := testConfig()
	config.DPoP = &DPoP{Origin: testOrigin}
	v := newVerifier(f, config)
	admitted := map[string]bool{}
	for _, r := range allRows() {
		if len(r.token) < 4096 {
			f.Add(r.token)
		}
		if r.want != invalid {
			admitted[signedPart(r.token)] = true
		}
	}
	access := bound()
	f.Add(access)
	f.Fuzz(func(t *testing.T, token string) {
		_, err := authenticate(v, token)
		_, errDPoP := authenticateDPoP(v, access, token)
		switch classOf(err) {
		case ok, expired:
			if !admitted[signedPart(token)] {
				t.Errorf("nobody signed %q", token)
			}
		case invalid:
		default:
			t.Errorf("%v: %v", classOf(err), err)
		}
		if got := classOf(errDPoP); got != invalid {
			t.Errorf("as a proof: %v %v", got, errDPoP)
		}
	})
}

func signedPart(token string) string { return token[:max(0, strings.LastIndexByte(token, '.'))] }

// FuzzSet looks for sets that panic, or that are read though they have no key.
func FuzzSet(f *testing.F) {
	f.Add([]byte(testSet()))
	f.Add([]byte(jwks(`null`, `{}`, jwk(keysOf().ed))))
	f.Add([]byte(`{"keys":[],"keys":[]}`))
	f.Add([]byte(`{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"}]}`))
	f.Fuzz(func(t *testing.T, document []byte) {
		set, refused, err := parseSet(document)
		if err != nil {
			return
		}
		if len(set.all) == 0 || !json.Valid(document) {
			t.Error("a set without keys, or of no JSON")
		}
		for _, k := range set.all {
			if checkPublic(k.public) != nil || len(thumbprint(k.public)) != 43 {
				t.Errorf("a bad key: %v", k.public)
			}
		}
		if len(set.all)+len(refused) > maxKeys {
			t.Error("too many keys")
		}
	})
}
