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

// FuzzJSON compares the strict parser with encoding/json: it accepts less, and what it accepts is the same.
func FuzzJSON(f *testing.F) {
	for _, text := range []string{
		`{}`, `{"a":1}`, `{"a":1,"a":1}`, `{"a":"\ud83d\ude00"}`, `{"a":"\ud83d"}`, `{"\u0061":1,"a":2}`, `{"a":-0.5e+7}`, `{"a":01}`, `{"a":1.}`, `{"a":.5}`, `{"a":-}`,
		`{"a":[1,true,false,null,"x",{}]}`, `{"a":[1,]}`, `{"a":tru}`, `{"a":"` + "\x7f" + `"}`, `{"a":"\/"}`, "{\"a\":\"\t\"}", `{"a" : 1 , "b" : [ ] }`, `[`, `{"a":1}x`, `{"a":"\\ufffd\ud800"}`,
		jsonOf(build().claims), jsonOf(build().header), strings.Repeat(`{"a":`, 64) + "1" + strings.Repeat("}", 64),
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		members, err := parseObject(text)
		if err != nil {
			return
		}
		var theirs map[string]any
		d := json.NewDecoder(strings.NewReader(text))
		d.UseNumber()
		if err := d.Decode(&theirs); err != nil || !json.Valid([]byte(text)) {
			t.Fatalf("%q is not JSON: %v", text, err)
		}
		if a, b := string(must(json.Marshal(members))), string(must(json.Marshal(theirs))); a != b {
			t.Errorf("%s, want %s", a, b)
		}
	})
}

// TestStrictJSON has texts that are JSON, and one object in all readers.
func TestStrictJSON(t *testing.T) {
	for text, want := range map[string]bool{
		`{}`: true, ` { } `: true, `{"a":1,"b":{"a":1}}`: true, `{"a":[{"b":1},{"b":2}]}`: true, `{"":1}`: true, `{"a":"\u00e9é"}`: true,
		`{"a":"\uFFFD"}`: true, "{\"a\":\"\uFFFD\"}": true, `{"a":"\uD83D\uDE00"}`: true, `{"a":"\\ud800"}`: true, `{"a":1e9}`: true, `{"a":-0}`: true,
		`{"a":1,"\u0061":1}`: false, `{"":1,"":1}`: false, `{"a":"\ud800x"}`: false, `{"a":"\ud800\n"}`: false, `{"a":"\ud800\\"}`: false, `{"\ud800":1}`: false,
		`{"a":1 "b":2}`: false, `{"a"}`: false, `{"a":}`: false, `{1:1}`: false, `{a:1}`: false, `{,}`: false, `{"a":1}}`: false, `{"a":"x}`: false, `{"a":"\"}`: false, ``: false, ` `: false,
	} {
		if _, err := parseObject(text); (err == nil) != want {
			t.Errorf("%s: %v", text, err)
		}
	}
}
