package jwt

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"strings"
	"testing"
	"time"

	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

const (
	ok      = verdict.Allow
	invalid = verdict.Invalid
	expired = verdict.Expired
)

// row is a token and its class.
type row struct {
	name  string
	token string
	want  verdict.Verdict
}

func TestTokens(t *testing.T) {
	rows := allRows()
	if len(rows) < 150 {
		t.Errorf("the table has %d rows", len(rows))
	}
	v := newVerifier(t, testConfig())
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) { checkRow(t, v, r) })
	}
}

func checkRow(t *testing.T, v *Verifier, r row) {
	t.Helper()
	caller, err := authenticate(v, r.token)
	if got := classOf(err); got != r.want {
		t.Errorf("%v, want %v (%v)", got, r.want, err)
	}
	if (caller != nil) != (err == nil) {
		t.Errorf("caller %v with error %v", caller, err)
	}
}

// TestExpiredAndWrong makes each invalid token of the table expired too: it stays invalid.
func TestExpiredAndWrong(t *testing.T) {
	config := testConfig()
	config.Clock = func() time.Time { return noon.Add(24 * time.Hour) }
	later := newVerifier(t, config)
	for _, r := range allRows() {
		if r.want == invalid && !strings.Contains(r.name, "future") {
			t.Run(r.name, func(t *testing.T) { checkRow(t, later, r) })
		}
	}
}

func allRows() []row {
	all := [][]row{
		algorithmRows(), confusionRows(), typeRows(), timeRows(), claimRows(), jsonRows(), formRows(), headerRows(), confirmationRows(),
	}
	var rows []row
	for _, some := range all {
		rows = append(rows, some...)
	}
	return rows
}

func algorithmRows() []row {
	k := keysOf()
	return []row{
		{"ES256", good(), ok},
		{"ES384", good(by("ES384", k.p384, "p384")), ok},
		{"ES512", good(by("ES512", k.p521, "p521")), ok},
		{"RS256", good(by("RS256", k.rsa, "rsa")), ok},
		{"RS384", good(by("RS384", k.rsa, "rsa")), ok},
		{"RS512", good(by("RS512", k.rsa, "rsa")), ok},
		{"PS256", good(by("PS256", k.rsa, "rsa")), ok},
		{"PS384", good(by("PS384", k.rsa, "rsa")), ok},
		{"PS512", good(by("PS512", k.rsa, "rsa")), ok},
		{"EdDSA", good(by("EdDSA", k.ed, "ed")), ok},
		{"Ed25519 (RFC 9864)", good(by("Ed25519", k.ed, "ed")), ok},
		{"of two keys with one id the second", good(by("ES256", k.p256, "twin")), ok},
		{"of two keys with one id the first", good(by("ES256", k.otherP256, "twin")), ok},
		{"without key id, one key fits", good(by("ES384", k.p384, ""), header("kid", "")), ok},
		{"without key id, several keys fit", good(header("kid", "")), invalid},
		{"without key id, several RSA keys fit", good(by("PS256", k.rsa, ""), header("kid", "")), invalid},
		{"a key for PS256 with PS256", good(by("PS256", k.rsa, "ps-only")), ok},
		{"a key for PS256 with RS256", good(by("RS256", k.rsa, "ps-only")), invalid},
		{"a key for PS256 with PS384", good(by("PS384", k.rsa, "ps-only")), invalid},
		{"a key for ES256 without alg of its own twin", good(by("ES384", k.p384, "twin")), invalid},
		{"PSS with a salt of another length", shortSalt(), invalid},
	}
}

// shortSalt is signed with a salt of 20 bytes, where RFC 7518 section 3.5 wants 32.
func shortSalt() string {
	m := build(by("PS256", keysOf().rsa, "rsa"))
	text := b64([]byte(jsonOf(m.header))) + "." + b64([]byte(jsonOf(m.claims)))
	digest := sha256.Sum256([]byte(text))
	signature := must(rsa.SignPSS(rand.Reader, keysOf().rsa, crypto.SHA256, digest[:], &rsa.PSSOptions{SaltLength: 20}))
	return text + "." + b64(signature)
}

func confusionRows() []row {
	k := keysOf()
	spki := must(x509.MarshalPKIXPublicKey(&k.rsa.PublicKey))
	asPEM := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: spki})
	resigned := func(alg, claimed string, private any, kid string) string {
		return good(by(alg, private, kid), header("alg", claimed))
	}
	return []row{
		{"none", good(header("alg", `"none"`)), invalid},
		{"none without signature", strip(good(header("alg", `"none"`))), invalid},
		{"None", strip(good(header("alg", `"None"`))), invalid},
		{"NONE without key id", strip(good(header("alg", `"NONE"`), header("kid", ""))), invalid},
		{"an empty alg", good(header("alg", `""`)), invalid},
		{"no alg", good(header("alg", "")), invalid},
		{"alg null", good(header("alg", "null")), invalid},
		{"alg a list", good(header("alg", `["ES256"]`)), invalid},
		{"alg a number", good(header("alg", "256")), invalid},
		{"alg in lower case", good(header("alg", `"es256"`)), invalid},
		{"alg with a space", good(header("alg", `"ES256 "`)), invalid},
		{"ES256K", good(header("alg", `"ES256K"`)), invalid},
		{"HS256 with the public key in PEM", good(by("HS256", asPEM, "rsa")), invalid},
		{"HS256 with the public key in DER", good(by("HS256", spki, "rsa")), invalid},
		{"HS256 with the modulus", good(by("HS256", k.rsa.N.Bytes(), "rsa")), invalid},
		{"HS256 with the text of the JWK", good(by("HS256", []byte(jwk(k.rsa)), "rsa")), invalid},
		{"HS256 with an empty secret", good(by("HS256", []byte{}, "rsa")), invalid},
		{"HS256 with the Ed25519 key", good(by("HS256", []byte(k.ed.Public().(ed25519.PublicKey)), "ed")), invalid},
		{"an ES256 signature as RS256", resigned("ES256", `"RS256"`, k.p256, "p256"), invalid},
		{"an RS256 signature as ES256", resigned("RS256", `"ES256"`, k.rsa, "rsa"), invalid},
		{"an RS256 signature as PS256", resigned("RS256", `"PS256"`, k.rsa, "rsa"), invalid},
		{"a PS256 signature as RS256", resigned("PS256", `"RS256"`, k.rsa, "rsa"), invalid},
		{"an RS512 signature as RS256", resigned("RS512", `"RS256"`, k.rsa, "rsa"), invalid},
		{"an Ed25519 signature as ES256", resigned("EdDSA", `"ES256"`, k.ed, "ed"), invalid},
		{"an ES256 signature as EdDSA", resigned("ES256", `"EdDSA"`, k.p256, "p256"), invalid},
		{"ES384 with a P-256 key", resigned("ES256", `"ES384"`, k.p256, "twin"), invalid},
		{"ES256 with a P-384 key", resigned("ES384", `"ES256"`, k.p384, "p384"), invalid},
		{"another P-256 key", good(by("ES256", k.otherP256, "p256")), invalid},
		{"another RSA key", good(by("RS256", k.otherRSA, "rsa")), invalid},
		{"another Ed25519 key", good(by("EdDSA", k.otherEd, "ed")), invalid},
		{"the key of another id", good(by("ES256", k.p256, "p384")), invalid},
		{"an unknown key id", good(by("ES256", k.p256, "nobody")), invalid},
		{"an empty key id", good(by("ES256", k.p256, "")), invalid},
		{"a key id in another case", good(by("ES256", k.p256, "P256")), invalid},
		{"its own key in jwk", good(by("ES256", k.otherP256, "mine"), header("jwk", jwk(k.otherP256, withID("mine")))), invalid},
		{"its own key in jwk, known id", good(by("ES256", k.otherP256, "p256"), header("jwk", jwk(k.otherP256, withID("p256")))), invalid},
		{"jku to an attacker", good(by("ES256", k.otherP256, "mine"), header("jku", `"https://evil.example/jwks"`)), invalid},
		{"x5u to an attacker", good(by("ES256", k.otherP256, "mine"), header("x5u", `"https://evil.example/cert"`)), invalid},
		{"jku is ignored", good(header("jku", `"https://evil.example/jwks"`)), ok},
		{"jwk is ignored", good(header("jwk", jwk(k.otherP256))), ok},
		{"x5u and x5c are ignored", good(header("x5u", `"https://evil.example/cert"`), header("x5c", `["AA=="]`)), ok},
	}
}

// paddedHeader is signed with its padding.
func paddedHeader() string {
	m := build(header("x", `"aa"`))
	text := base64.URLEncoding.EncodeToString([]byte(jsonOf(m.header))) + "." + b64([]byte(jsonOf(m.claims)))
	if !strings.Contains(text, "=") {
		panic("the header needs no padding")
	}
	return text + "." + b64(sign("ES256", m.private, text))
}

// stray sets a bit of the last character that belongs to no byte.
func stray(part string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	last := len(part) - 1
	return part[:last] + string(alphabet[strings.IndexByte(alphabet, part[last])|1])
}

func derSignature(text string) []byte {
	digest := sha256.Sum256([]byte(text))
	return must(ecdsa.SignASN1(rand.Reader, keysOf().p256, digest[:]))
}

// strip takes the signature away.
func strip(token string) string { return token[:strings.LastIndexByte(token, '.')+1] }

func typeRows() []row {
	return []row{
		{"application/at+jwt", good(header("typ", `"application/at+jwt"`)), ok},
		{"AT+JWT", good(header("typ", `"AT+JWT"`)), ok},
		{"Application/At+Jwt", good(header("typ", `"Application/At+Jwt"`)), ok},
		{"an escaped typ", good(header("typ", `"\u0061t+jwt"`)), ok},
		{"JWT", good(header("typ", `"JWT"`)), invalid},
		{"no typ", good(header("typ", "")), invalid},
		{"an empty typ", good(header("typ", `""`)), invalid},
		{"typ null", good(header("typ", "null")), invalid},
		{"typ a list", good(header("typ", `["at+jwt"]`)), invalid},
		{"typ with parameters", good(header("typ", `"at+jwt;charset=utf-8"`)), invalid},
		{"a full typ with parameters", good(header("typ", `"application/at+jwt; v=1"`)), invalid},
		{"typ with a space", good(header("typ", `"at+jwt "`)), invalid},
		{"another tree", good(header("typ", `"text/at+jwt"`)), invalid},
		{"id token", good(header("typ", `"id+jwt"`)), invalid},
		{"logout token", good(header("typ", `"logout+jwt"`)), invalid},
		{"a proof of DPoP", good(header("typ", `"dpop+jwt"`)), invalid},
		{"typ with a long s", good(header("typ", `"at+jwt\u017f"`)), invalid},
		{"at jwt without plus", good(header("typ", `"at jwt"`)), invalid},
	}
}

func timeRows() []row {
	second := time.Second
	return []row{
		{"exp in a second", good(claim("exp", unix(noon.Add(second)))), ok},
		{"exp now", good(claim("exp", unix(noon))), expired},
		{"exp a second ago", good(claim("exp", unix(noon.Add(-second)))), expired},
		{"exp an hour ago", good(claim("exp", unix(noon.Add(-time.Hour)))), expired},
		{"exp 0", good(claim("exp", "0")), expired},
		{"exp -0", good(claim("exp", "-0")), expired},
		{"exp negative", good(claim("exp", "-1")), expired},
		{"exp very negative", good(claim("exp", "-1e400")), expired},
		{"exp tiny", good(claim("exp", "1e-400")), expired},
		{"exp a float", good(claim("exp", "1800000000.5")), ok},
		{"exp a float in the past", good(claim("exp", "1799999999.5")), expired},
		{"exp with an exponent", good(claim("exp", "1.9e9")), ok},
		{"exp with a large exponent", good(claim("exp", "19E+8")), ok},
		{"exp with a past exponent", good(claim("exp", "1.7e9")), expired},
		{"exp with many digits", good(claim("exp", "1900000000."+strings.Repeat("0", 300)+"1")), ok},
		{"exp in 5000", good(claim("exp", unix(time.Date(5000, 12, 31, 23, 59, 59, 0, time.UTC)))), ok},
		{"exp in 5001", good(claim("exp", unix(time.Date(5001, 1, 1, 0, 0, 0, 0, time.UTC)))), invalid},
		{"exp in milliseconds", good(claim("exp", "1900000000000")), invalid},
		{"exp 1e400", good(claim("exp", "1e400")), invalid},
		{"exp 1e309", good(claim("exp", "1e309")), invalid},
		{"exp with 400 digits", good(claim("exp", strings.Repeat("9", 400))), invalid},
		{"exp beyond int64", good(claim("exp", "9223372036854775808")), invalid},
		{"exp a string", good(claim("exp", `"1900000000"`)), invalid},
		{"exp null", good(claim("exp", "null")), invalid},
		{"exp true", good(claim("exp", "true")), invalid},
		{"exp a list", good(claim("exp", "[1900000000]")), invalid},
		{"exp an object", good(claim("exp", "{}")), invalid},
		{"no exp", good(claim("exp", "")), invalid},
		{"EXP", good(claim("exp", ""), claim("EXP", "1900000000")), invalid},
		{"exp hexadecimal", good(claim("exp", "0x7fffffff")), invalid},
		{"exp with a leading zero", good(claim("exp", "01900000000")), invalid},
		{"exp with a plus", good(claim("exp", "+1900000000")), invalid},
		{"exp NaN", good(claim("exp", "NaN")), invalid},
		{"nbf now", good(claim("nbf", unix(noon))), ok},
		{"nbf in the future", good(claim("nbf", unix(noon.Add(second)))), invalid},
		{"nbf an hour in the future", good(claim("nbf", unix(noon.Add(time.Hour)))), invalid},
		{"nbf in the far future", good(claim("nbf", "1e400")), invalid},
		{"nbf in the far past", good(claim("nbf", "-1e400")), ok},
		{"nbf a string", good(claim("nbf", `"0"`)), invalid},
		{"nbf null", good(claim("nbf", "null")), invalid},
		{"iat in the future", good(claim("iat", unix(noon.Add(second)))), invalid},
		{"iat an hour in the future", good(claim("iat", unix(noon.Add(time.Hour)))), invalid},
		{"iat in the past", good(claim("iat", "1")), ok},
		{"iat a string", good(claim("iat", `"1"`)), invalid},
		{"iat a list", good(claim("iat", `[1]`)), invalid},
		{"no iat", good(claim("iat", "")), ok},
		{"all in the future, and expired", good(claim("exp", "1"), claim("nbf", "1900000000")), invalid},
	}
}

func claimRows() []row {
	return []row{
		{"another issuer", good(claim("iss", `"https://evil.example"`)), invalid},
		{"the issuer with a slash", good(claim("iss", `"`+testIssuer+`/"`)), invalid},
		{"the issuer in upper case", good(claim("iss", `"`+strings.ToUpper(testIssuer)+`"`)), invalid},
		{"no issuer", good(claim("iss", "")), invalid},
		{"iss null", good(claim("iss", "null")), invalid},
		{"iss a list", good(claim("iss", `["`+testIssuer+`"]`)), invalid},
		{"iss an object", good(claim("iss", `{"a":1}`)), invalid},
		{"ISS", good(claim("iss", ""), claim("ISS", `"`+testIssuer+`"`)), invalid},
		{"an escaped issuer", good(claim("iss", `"https:\/\/id\u002eexample.com"`)), ok},
		{"another audience", good(claim("aud", `"billing"`)), invalid},
		{"no audience", good(claim("aud", "")), invalid},
		{"aud null", good(claim("aud", "null")), invalid},
		{"aud empty", good(claim("aud", `""`)), invalid},
		{"aud an empty list", good(claim("aud", `[]`)), invalid},
		{"aud a list", good(claim("aud", `["orders"]`)), ok},
		{"aud a list with others", good(claim("aud", `["billing","orders"]`)), ok},
		{"aud a list of others", good(claim("aud", `["billing","ordersx"]`)), invalid},
		{"aud a list with a number", good(claim("aud", `["orders",1]`)), invalid},
		{"aud a list with null", good(claim("aud", `[null,"orders"]`)), invalid},
		{"aud a nested list", good(claim("aud", `[["orders"]]`)), invalid},
		{"aud a list with a nested list", good(claim("aud", `["orders",["orders"]]`)), invalid},
		{"aud an object", good(claim("aud", `{"orders":true}`)), invalid},
		{"aud a number", good(claim("aud", `7`)), invalid},
		{"aud in upper case", good(claim("aud", `"Orders"`)), invalid},
		{"aud with a space", good(claim("aud", `"orders billing"`)), invalid},
		{"aud with a NUL", good(claim("aud", `"orders\u0000"`)), invalid},
		{"no sub", good(claim("sub", "")), invalid},
		{"sub empty", good(claim("sub", `""`)), invalid},
		{"sub a number", good(claim("sub", `1`)), invalid},
		{"sub null", good(claim("sub", `null`)), invalid},
		{"sub a list", good(claim("sub", `["u-1"]`)), invalid},
		{"sub an object", good(claim("sub", `{}`)), invalid},
		{"sub Unicode", good(claim("sub", `"Ünï 😀"`)), ok},
		{"sub with an escaped pair", good(claim("sub", `"\ud83d\ude00"`)), ok},
		{"no jti, no client_id", good(claim("jti", ""), claim("client_id", "")), ok},
		{"scope of another type", good(claim("scope", `{"a":1}`)), ok},
	}
}

func jsonRows() []row {
	deep := func(levels int) string { return strings.Repeat("[", levels) + strings.Repeat("]", levels) }
	raw := func(claims string) string { return compactOf(jsonOf(build().header), claims, "ES256", keysOf().p256) }
	claims := jsonOf(build().claims)
	inner := claims[1 : len(claims)-1]
	return []row{
		{"sub twice", good(claimTwice("sub", `"admin"`)), invalid},
		{"the same sub twice", good(claimTwice("sub", `"u-1"`)), invalid},
		{"exp twice", good(claimTwice("exp", `1900000001`)), invalid},
		{"an escaped name twice", raw("{" + inner + `,"\u0073ub":"admin"}`), invalid},
		{"an unknown claim twice", raw("{" + inner + `,"x":1,"x":1}`), invalid},
		{"nested twice", good(claim("realm_access", `{"roles":["a"],"roles":["b"]}`)), invalid},
		{"nested twice in a list", good(claim("x", `[{"a":1,"a":2}]`)), invalid},
		{"a name in two cases", good(claim("SUB", `"admin"`)), ok},
		{"alg twice", good(headerTwice("alg", `"none"`)), invalid},
		{"kid twice", good(headerTwice("kid", `"rsa"`)), invalid},
		{"typ twice", good(headerTwice("typ", `"at+jwt"`)), invalid},
		{"nested twice in the header", good(header("x", `{"a":1,"a":1}`)), invalid},
		{"64 levels", good(claim("x", deep(63))), ok},
		{"65 levels", good(claim("x", deep(64))), invalid},
		{"6000 levels", good(claim("x", strings.Repeat("[", 3000)+strings.Repeat("]", 3000))), invalid},
		{"6000 levels left open", raw(strings.Repeat("[", 6000)), invalid},
		{"64 levels of objects", good(claim("x", strings.Repeat(`{"a":`, 63)+"1"+strings.Repeat("}", 63))), ok},
		{"65 levels of objects", good(claim("x", strings.Repeat(`{"a":`, 64)+"1"+strings.Repeat("}", 64))), invalid},
		{"deep header", good(header("x", deep(64))), invalid},
		{"claims a list", raw(`[` + claims + `]`), invalid},
		{"claims null", raw(`null`), invalid},
		{"claims a string", raw(`"x"`), invalid},
		{"claims empty", raw(``), invalid},
		{"claims an empty object", raw(`{}`), invalid},
		{"claims with something behind", raw(claims + `{}`), invalid},
		{"claims with a comma behind", raw("{" + inner + ",}"), invalid},
		{"claims with a comment", raw("{" + inner + "/* */}"), invalid},
		{"claims with white space", raw(" {\n\t" + inner + "\r\n} "), ok},
		{"claims with a vertical tab", raw("\v" + claims), invalid},
		{"claims with a byte order mark", raw("\uFEFF" + claims), invalid},
		{"claims with a NUL behind", raw(claims + "\x00"), invalid},
		{"claims with single quotes", raw(strings.ReplaceAll(claims, `"`, `'`)), invalid},
		{"invalid UTF-8 in sub", raw(strings.Replace(claims, "u-1", "u\xff1", 1)), invalid},
		{"an overlong NUL", raw(strings.Replace(claims, "u-1", "u\xc0\x80", 1)), invalid},
		{"a surrogate in UTF-8", raw(strings.Replace(claims, "u-1", "u\xed\xa0\x80", 1)), invalid},
		{"invalid UTF-8 in an unknown name", raw("{" + inner + ",\"x\xfe\":1}"), invalid},
		{"invalid UTF-8 in the header", good(header("x", "\"\xff\"")), invalid},
		{"half a surrogate pair", good(claim("sub", `"\ud800"`)), invalid},
		{"half a pair and another escape", good(claim("sub", `"\ud800\u0041"`)), invalid},
		{"half a pair beside its replacement", good(claim("sub", `"\\ufffd\ud800"`)), invalid},
		{"the second half alone", good(claim("sub", `"\ude00"`)), invalid},
		{"a raw line break in a string", good(claim("sub", "\"a\nb\"")), invalid},
		{"a raw NUL in a string", good(claim("sub", "\"a\x00b\"")), invalid},
		{"an escaped NUL in an unknown claim", good(claim("x", `"\u0000"`)), ok},
		{"a bad escape", good(claim("x", `"\x41"`)), invalid},
		{"a cut escape", good(claim("x", `"\u00"`)), invalid},
	}
}

func formRows() []row {
	token := good()
	parts := strings.Split(token, ".")
	joined := func(header, payload, signature string) string { return header + "." + payload + "." + signature }
	padded := func(part string) string {
		return base64.URLEncoding.EncodeToString(must(base64.RawURLEncoding.DecodeString(part)))
	}
	zeros := b64(make([]byte, 64))
	big := func(size int) string { return good(claim("x", `"`+strings.Repeat("a", size)+`"`)) }
	return []row{
		{"empty", "", invalid},
		{"one part", parts[0], invalid},
		{"two parts", parts[0] + "." + parts[1], invalid},
		{"four parts", token + "." + parts[2], invalid},
		{"a JWE of five parts", "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.AA.AA.AA.AA", invalid},
		{"five good parts", token + ".AA.AA", invalid},
		{"points alone", "..", invalid},
		{"no header", joined("", parts[1], parts[2]), invalid},
		{"no payload (detached)", joined(parts[0], "", parts[2]), invalid},
		{"no signature", joined(parts[0], parts[1], ""), invalid},
		{"a point behind", token + ".", invalid},
		{"JSON serialisation", `{"payload":"` + parts[1] + `","protected":"` + parts[0] + `","signature":"` + parts[2] + `"}`, invalid},
		{"a space before", " " + token, invalid},
		{"a space behind", token + " ", invalid},
		{"a line break behind", token + "\n", invalid},
		{"a line break within", parts[0] + "." + parts[1] + ".\n" + parts[2], invalid},
		{"a carriage return in the header", parts[0][:4] + "\r" + parts[0][4:] + "." + parts[1] + "." + parts[2], invalid},
		{"a NUL behind", token + "\x00", invalid},
		{"padding of the header", paddedHeader(), invalid},
		{"padding of the signature", joined(parts[0], parts[1], padded(parts[2])), invalid},
		{"stray bits of the signature", joined(parts[0], parts[1], stray(parts[2])), invalid},
		{"standard base64", joined(parts[0], parts[1], strings.Repeat("+", 86)), invalid},
		{"invalid UTF-8", token + "\xff", invalid},
		{"a signature of zeros", joined(parts[0], parts[1], zeros), invalid},
		{"a signature cut by a byte", joined(parts[0], parts[1], parts[2][:84]), invalid},
		{"a signature with a byte more", joined(parts[0], parts[1], b64(append(must(base64.RawURLEncoding.DecodeString(parts[2])), 0))), invalid},
		{"a signature in DER", joined(parts[0], parts[1], b64(derSignature(parts[0]+"."+parts[1]))), invalid},
		{"another payload", joined(parts[0], b64([]byte(strings.Replace(jsonOf(build().claims), "u-1", "u-2", 1))), parts[2]), invalid},
		{"another header", joined(b64([]byte(jsonOf(build(header("kid", `"twin"`)).header))), parts[1], parts[2]), invalid},
		{"12 KiB", big(8 << 10), ok},
		{"16 KiB", sized(maxBytes), ok},
		{"16 KiB and a byte", sized(maxBytes + 1), invalid},
		{"1 MiB", strings.Repeat("a", 1<<20), invalid},
		{"a million points", strings.Repeat(".", 1<<20), invalid},
	}
}

// sized is a good token of exactly so many bytes. The header makes up for lengths that the payload's base64 cannot have.
func sized(size int) string {
	for extra := range 3 {
		for pad := size*3/4 - 500; pad < size; pad++ {
			change := func(m *made) {
				m.claims = set(m.claims, "x", `"`+strings.Repeat("a", pad)+`"`)
				m.header = set(m.header, "y", `"`+strings.Repeat("b", extra)+`"`)
			}
			m := build(change)
			encoded := base64.RawURLEncoding.EncodedLen
			if encoded(len(jsonOf(m.header)))+encoded(len(jsonOf(m.claims)))+2+encoded(64) == size {
				return m.token()
			}
		}
	}
	panic("no token of this size")
}

func headerRows() []row {
	return []row{
		{"crit with exp", good(header("crit", `["exp"]`)), invalid},
		{"crit with b64", good(header("crit", `["b64"]`), header("b64", "true")), invalid},
		{"crit with an extension", good(header("crit", `["x"]`), header("x", "1")), invalid},
		{"crit empty", good(header("crit", `[]`)), invalid},
		{"crit null", good(header("crit", `null`)), invalid},
		{"crit a string", good(header("crit", `"exp"`)), invalid},
		{"b64 true", good(header("b64", "true")), invalid},
		{"b64 false", good(header("b64", "false")), invalid},
		{"kid a number", good(header("kid", "1")), invalid},
		{"kid null", good(header("kid", "null")), invalid},
		{"kid a list", good(header("kid", `["p256"]`)), invalid},
		{"kid an object", good(header("kid", `{}`)), invalid},
		{"kid a path", good(header("kid", `"../../etc/passwd"`)), invalid},
		{"kid a query", good(header("kid", `"' OR 1=1 --"`)), invalid},
		{"kid escaped", good(header("kid", `"\u00702\u00356"`)), ok},
		{"kid with a NUL", good(header("kid", `"p256\u0000"`)), invalid},
		{"cty JWT", good(header("cty", `"JWT"`)), ok},
		{"zip", good(header("zip", `"DEF"`)), ok},
		{"an unknown parameter", good(header("x", `{"y":[1]}`)), ok},
	}
}

func confirmationRows() []row {
	return []row{
		{"cnf with jkt", good(claim("cnf", `{"jkt":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}`)), invalid},
		{"cnf with a certificate", good(claim("cnf", `{"x5t#S256":"bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2"}`)), invalid},
		{"cnf with a key", good(claim("cnf", `{"jwk":`+jwk(keysOf().p256)+`}`)), invalid},
		{"cnf empty", good(claim("cnf", `{}`)), invalid},
		{"cnf null", good(claim("cnf", `null`)), invalid},
		{"cnf a string", good(claim("cnf", `"x"`)), invalid},
		{"cnf a list", good(claim("cnf", `[]`)), invalid},
		{"cnf with an empty jkt", good(claim("cnf", `{"jkt":""}`)), invalid},
		{"cnf with an empty thumbprint", good(claim("cnf", `{"x5t#S256":""}`)), invalid},
		{"cnf with a thumbprint null", good(claim("cnf", `{"x5t#S256":null}`)), invalid},
		{"CNF", good(claim("CNF", `{"jkt":"x"}`)), ok},
	}
}
