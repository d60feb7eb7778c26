package jwt

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/oapi-guard/oapi-guard/runtime/internal/claimset"
)

// TestBadKeys puts each key that is not for us into a set with good ones, before and behind them.
func TestBadKeys(t *testing.T) {
	k := keysOf()
	bits := func(n int) string { return b64(append([]byte{0xff}, make([]byte, n/8-1)...)) }
	point := func(x, y []byte) string {
		return fmt.Sprintf(`{"kty":"EC","crv":"P-256","kid":"bad","x":"%s","y":"%s"}`, b64(x), b64(y))
	}
	rsaKey := func(n, e string) string { return fmt.Sprintf(`{"kty":"RSA","kid":"bad","n":"%s","e":"%s"}`, n, e) }
	n := b64(k.rsa.N.Bytes())
	for name, bad := range map[string]string{
		"null": "null", "a number": "5", "a string": `"x"`, "a list": "[]", "empty": "{}",
		"no kty":                     `{"n":"AQAB","e":"AQAB"}`,
		"kty a number":               `{"kty":1}`,
		"an unknown kty":             `{"kty":"XY","kid":"bad"}`,
		"a secret":                   `{"kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","kid":"bad"}`,
		"use enc":                    jwk(k.p256, withID("bad"), member{"use", `"enc"`}),
		"an unknown use":             jwk(k.p256, withID("bad"), member{"use", `"SIG"`}),
		"use a list":                 jwk(k.p256, withID("bad"), member{"use", `["sig"]`}),
		"key_ops sign":               jwk(k.p256, withID("bad"), member{"key_ops", `["sign"]`}),
		"key_ops encrypt":            jwk(k.rsa, withID("bad"), member{"key_ops", `["encrypt","wrapKey"]`}),
		"key_ops empty":              jwk(k.p256, withID("bad"), member{"key_ops", `[]`}),
		"key_ops a string":           jwk(k.p256, withID("bad"), member{"key_ops", `"verify"`}),
		"alg of encryption":          jwk(k.rsa, withID("bad"), member{"alg", `"RSA-OAEP"`}),
		"alg HS256":                  jwk(k.rsa, withID("bad"), member{"alg", `"HS256"`}),
		"alg none":                   jwk(k.rsa, withID("bad"), member{"alg", `"none"`}),
		"alg of another curve":       jwk(k.p256, withID("bad"), member{"alg", `"ES384"`}),
		"alg a number":               jwk(k.p256, withID("bad"), member{"alg", `256`}),
		"alg empty":                  jwk(k.p256, withID("bad"), member{"alg", `""`}),
		"kid a number":               jwk(k.p256, member{"kid", `1`}),
		"kid null":                   jwk(k.p256, member{"kid", `null`}),
		"a private key":              jwk(k.p256, withID("bad"), member{"d", `"AAAA"`}),
		"a member twice":             jwk(k.p256, withID("bad"), withID("bad")),
		"invalid UTF-8":              jwk(k.p256, member{"kid", "\"\xff\""}),
		"deep":                       jwk(k.p256, withID("bad"), member{"x5c", strings.Repeat("[", 70) + strings.Repeat("]", 70)}),
		"larger than 64 KiB":         jwk(k.p256, withID("bad"), member{"x5c", `["` + strings.Repeat("A", 64<<10) + `"]`}),
		"no n":                       `{"kty":"RSA","kid":"bad","e":"AQAB"}`,
		"n a number":                 `{"kty":"RSA","kid":"bad","n":5,"e":"AQAB"}`,
		"n empty":                    rsaKey("", "AQAB"),
		"n zero":                     rsaKey("AA", "AQAB"),
		"n with padding":             rsaKey(n+"==", "AQAB"),
		"n with a line break":        rsaKey(n[:8]+`\n`+n[8:], "AQAB"),
		"1024 bits":                  jwk(k.weakRSA, withID("bad")),
		"8200 bits":                  rsaKey(bits(8200), "AQAB"),
		"16384 bits":                 rsaKey(bits(16384), "AQAB"),
		"an even modulus":            rsaKey(bits(2048), "AQAB"),
		"e 1":                        rsaKey(n, "AQ"),
		"e 0":                        rsaKey(n, "AA"),
		"e even":                     rsaKey(n, "BA"),
		"e 2^31+1":                   rsaKey(n, "gAAAAQ"),
		"e of 33 bits":               rsaKey(n, "AQAAAAM"),
		"e of 2048 bits":             rsaKey(n, n),
		"no e":                       `{"kty":"RSA","kid":"bad","n":"` + n + `"}`,
		"no point":                   point(make([]byte, 32), make([]byte, 32)),
		"off the curve":              point(k.p256.X.FillBytes(make([]byte, 32)), k.p256.X.FillBytes(make([]byte, 32))),
		"a long coordinate":          point(make([]byte, 33), make([]byte, 32)),
		"a short coordinate":         point(make([]byte, 31), make([]byte, 32)),
		"coordinates of the modulus": point(elliptic.P256().Params().P.Bytes(), elliptic.P256().Params().P.Bytes()),
		"another curve":              strings.Replace(jwk(k.p256, withID("bad")), "P-256", "P-384", 1),
		"an unknown curve":           strings.Replace(jwk(k.p256, withID("bad")), "P-256", "secp256k1", 1),
		"crv a list":                 `{"kty":"EC","crv":[],"kid":"bad"}`,
		"crv an object":              `{"kty":"OKP","crv":{},"kid":"bad"}`,
		"kty a list":                 `{"kty":["EC"],"kid":"bad"}`,
		"key_ops of lists":           jwk(k.p256, withID("bad"), member{"key_ops", `[["verify"]]`}),
		"X25519":                     strings.Replace(jwk(k.ed, withID("bad")), "Ed25519", "X25519", 1),
		"a short Ed25519":            `{"kty":"OKP","crv":"Ed25519","kid":"bad","x":"AAAA"}`,
	} {
		t.Run(name, func(t *testing.T) {
			right := jwk(k.p256, withID("p256"))
			for _, document := range []string{jwks(bad, right), jwks(right, bad)} {
				set, refused, err := parseSet([]byte(document))
				if err != nil || len(refused) != 1 || len(set.all) != 1 || len(set.byID["bad"]) != 0 {
					t.Fatalf("%v, refused %v", err, refused)
				}
			}
			if _, _, err := parseSet([]byte(jwks(bad))); err == nil {
				t.Error("a set without a good key is a set")
			}
			config := testConfig()
			config.JWKS = []byte(jwks(right, bad))
			if _, err := New(config); err == nil {
				t.Error("a configured set may have a bad key")
			}
		})
	}
}

func TestGoodKeys(t *testing.T) {
	k := keysOf()
	for name, right := range map[string]string{
		"without id":          jwk(k.rsa),
		"8192 bits":           fmt.Sprintf(`{"kty":"RSA","n":"%s","e":"AQAB"}`, b64(append(append([]byte{0xff}, make([]byte, 1022)...), 1))),
		"a zero before":       fmt.Sprintf(`{"kty":"RSA","n":"%s","e":"AAEAAQ"}`, b64(append([]byte{0}, k.rsa.N.Bytes()...))),
		"unknown members":     jwk(k.p256, member{"x5c", `["AA=="]`}, member{"ext", "true"}, member{"iat", "1"}),
		"x5u is not asked":    jwk(k.p256, member{"x5u", `"https://evil.example/"`}),
		"key_ops with others": jwk(k.p256, member{"key_ops", `["sign","verify"]`}),
		"alg Ed25519":         jwk(k.ed, member{"alg", `"Ed25519"`}),
		"alg EdDSA":           jwk(k.ed, member{"alg", `"EdDSA"`}),
		"white space":         strings.ReplaceAll(jwk(k.p521), ",", " ,\n\t"),
		"an escaped member":   strings.Replace(jwk(k.p384), `"kty"`, `"\u006bty"`, 1),
		"an alg for PSS":      jwk(k.rsa, member{"alg", `"PS512"`}),
	} {
		t.Run(name, func(t *testing.T) {
			set, refused, err := parseSet([]byte(`{"other":{"keys":[]},"keys":[` + right + `],"more":1}`))
			if err != nil || len(set.all) != 1 {
				t.Errorf("%v %v", err, refused)
			}
		})
	}
}

// TestGiantSets are refused, or read without their bad parts, in the time of a few looks at their text: well below a tenth
// of a second. To be independent of the machine, that is measured against the same number of looks by json.Valid.
func TestGiantSets(t *testing.T) {
	giant := strings.Repeat("_", 1<<19)
	validText := "[" + strings.Repeat("{},", 1<<18) + "{}]"
	for name, document := range map[string]string{
		"a giant modulus":  jwks(jwk(keysOf().p256, withID("p256")), `{"kty":"RSA","n":"`+giant+`","e":"AQAB"}`),
		"a giant exponent": jwks(jwk(keysOf().p256, withID("p256")), `{"kty":"RSA","n":"`+b64(keysOf().rsa.N.Bytes())+`","e":"`+giant+`"}`),
		"a giant point":    jwks(jwk(keysOf().p256, withID("p256")), `{"kty":"EC","crv":"P-256","x":"`+giant+`","y":"AQAB"}`),
		"open lists":       strings.Repeat("[", 1<<20),
		"a deep key":       jwks(jwk(keysOf().p256, withID("p256")), strings.Repeat("[", 4000)+strings.Repeat("]", 4000)),
		"many numbers":     jwks(jwk(keysOf().p256, withID("p256")), "["+strings.Repeat("1,", 1<<18)+"1]"),
		"many keys":        jwks(jwk(keysOf().p256, withID("p256")), strings.Repeat("{},", 1<<18)+"{}"),
		"garbage":          strings.Repeat("\x00\xff", 1<<19),
	} {
		t.Run(name, func(t *testing.T) {
			ratio := shortestRatio(
				func() { _, _, _ = parseSet([]byte(document)) },
				func() { json.Valid([]byte(validText)) },
			)
			if ratio > 20 {
				t.Errorf("%.1f looks", ratio)
			}
		})
	}
}

// shortestRatio is how much longer ours takes than theirs. The two take turns, and the shortest time of each counts.
func shortestRatio(ours, theirs func()) float64 {
	shortest := [2]time.Duration{time.Hour, time.Hour}
	for range 5 {
		for i, f := range []func(){ours, theirs} {
			begun := time.Now()
			f()
			shortest[i] = min(shortest[i], time.Since(begun))
		}
	}
	return float64(shortest[0]) / float64(shortest[1])
}

// TestLargestKeys verifies with the largest key that is used.
func TestLargestKeys(t *testing.T) {
	n := new(big.Int).Lsh(big.NewInt(1), 8192)
	n.Sub(n, big.NewInt(189))
	set, _, err := parseSet([]byte(jwks(fmt.Sprintf(`{"kty":"RSA","n":"%s","e":"%s","kid":"p256"}`, b64(n.Bytes()), b64([]byte{0x7f, 0xff, 0xff, 0xff})))))
	if err != nil {
		t.Fatal(err)
	}
	m := build(by("RS256", nil, "p256"))
	text := b64([]byte(jsonOf(m.header))) + "." + b64([]byte(jsonOf(m.claims)))
	c := must(parseCompact(text + "." + b64(append([]byte{0x7f}, make([]byte, 1023)...))))
	ordinary := must(parseCompact(good(by("RS256", keysOf().rsa, "rsa"))))
	public := &key{public: &keysOf().rsa.PublicKey}
	ratio := shortestRatio(
		func() {
			if c.verifiedBy(set.all[0]) {
				t.Error("verified")
			}
		},
		func() { ordinary.verifiedBy(public) },
	)
	if ratio > 500 { // 100 ms, as one with 2,048 bits takes 25 microseconds; ninety are measured
		t.Errorf("%.1f times the time of an ordinary key", ratio)
	}
}

func TestPublicKeys(t *testing.T) {
	k := keysOf()
	config := testConfig()
	config.JWKS, config.PublicKeys = nil, map[string]crypto.PublicKey{"p256": &k.p256.PublicKey, "": &k.rsa.PublicKey, "ed": k.ed.Public()}
	v := newVerifier(t, config)
	for _, token := range []string{good(), good(by("EdDSA", k.ed, "ed")), good(by("RS256", k.rsa, ""), header("kid", ""))} {
		if _, err := authenticate(v, token); err != nil {
			t.Error(err)
		}
	}
	for _, token := range []string{good(by("RS256", k.rsa, "")), good(by("ES256", k.p256, "ed"))} {
		if _, err := authenticate(v, token); classOf(err) != invalid {
			t.Error(err)
		}
	}
	var noRSA *rsa.PublicKey
	var noEC *ecdsa.PublicKey
	for name, public := range map[string]any{
		"nil": nil, "a nil RSA key": noRSA, "an empty RSA key": new(rsa.PublicKey), "a nil EC key": noEC, "an empty EC key": new(ecdsa.PublicKey),
		"a private key": k.p256, "a short Ed25519": ed25519.PublicKey("x"), "a secret": []byte("secret"), "1024 bits": &k.weakRSA.PublicKey,
		"P-224": &ecdsa.PublicKey{Curve: elliptic.P224(), X: elliptic.P224().Params().Gx, Y: elliptic.P224().Params().Gy},
	} {
		config.PublicKeys = map[string]crypto.PublicKey{"x": public}
		if _, err := New(config); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

// TestThumbprint has the example of RFC 7638 section 3.1 and that of RFC 8037 appendix A.3.
func TestThumbprint(t *testing.T) {
	for text, want := range map[string]string{
		`{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}`: "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs",
		`{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`: "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
	} {
		members := must(claimset.Parse(text))
		if got := thumbprint(must(parseKey(members)).public); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
