package jwt

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"fmt"
	"math/big"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/gen"
	"github.com/oapi-guard/oapi-guard/runtime/guardtest"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// Tokens are made here with package crypto alone, so that no mistake of the verifier can be in both.

const (
	testIssuer   = "https://id.example.com"
	testAudience = "orders"
)

// noon is the time of tests that do not move it.
var noon = time.Unix(1_800_000_000, 0)

func atNoon() time.Time { return noon }

// signers are the private keys of the tests.
type signers struct {
	rsa, otherRSA, weakRSA *rsa.PrivateKey
	p256, otherP256        *ecdsa.PrivateKey
	p384, p521             *ecdsa.PrivateKey
	ed, otherEd            ed25519.PrivateKey
}

var keysOf = sync.OnceValue(func() *signers {
	s := &signers{rsa: must(rsa.GenerateKey(rand.Reader, 2048)), otherRSA: must(rsa.GenerateKey(rand.Reader, 2048)), weakRSA: must(rsa.GenerateKey(rand.Reader, 1024))}
	s.p256, s.otherP256 = must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader)), must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	s.p384, s.p521 = must(ecdsa.GenerateKey(elliptic.P384(), rand.Reader)), must(ecdsa.GenerateKey(elliptic.P521(), rand.Reader))
	_, s.ed, _ = ed25519.GenerateKey(rand.Reader)
	_, s.otherEd, _ = ed25519.GenerateKey(rand.Reader)
	return s
})

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func b64(bytes []byte) string { return base64.RawURLEncoding.EncodeToString(bytes) }

// sign makes the signature of text that an algorithm and a private key, or a secret, make.
func sign(alg string, private any, text string) []byte {
	hash, sum := crypto.SHA256, sha256.New()
	switch alg[len(alg)-3:] {
	case "384":
		hash, sum = crypto.SHA384, sha512.New384()
	case "512":
		hash, sum = crypto.SHA512, sha512.New()
	}
	sum.Write([]byte(text))
	digest := sum.Sum(nil)
	switch k := private.(type) {
	case *rsa.PrivateKey:
		if alg[0] == 'P' {
			return must(rsa.SignPSS(rand.Reader, k, hash, digest, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash}))
		}
		return must(rsa.SignPKCS1v15(rand.Reader, k, hash, digest))
	case *ecdsa.PrivateKey:
		r, s, err := ecdsa.Sign(rand.Reader, k, digest)
		size := (k.Params().BitSize + 7) / 8
		return append(must(r, err).FillBytes(make([]byte, size)), s.FillBytes(make([]byte, size))...)
	case ed25519.PrivateKey:
		return ed25519.Sign(k, []byte(text))
	case []byte:
		mac := hmac.New(sha256.New, k)
		mac.Write([]byte(text))
		return mac.Sum(nil)
	}
	return nil
}

// made is a token in parts that tests change: the members of header and claims as JSON text, in order.
type made struct {
	header, claims []member
	private        any
	signAs         string // the algorithm that really signs
}

type member struct{ name, json string }

// good is a token that is right: ES256, and all that RFC 9068 section 2.2 requires.
func good(changes ...func(*made)) string { return build(changes...).token() }

func build(changes ...func(*made)) *made {
	m := &made{private: keysOf().p256, signAs: "ES256"}
	m.header = []member{{"alg", `"ES256"`}, {"typ", `"at+jwt"`}, {"kid", `"p256"`}}
	m.claims = []member{
		{"iss", `"` + testIssuer + `"`}, {"aud", `"` + testAudience + `"`}, {"sub", `"u-1"`}, {"client_id", `"app"`},
		{"exp", unix(noon.Add(time.Hour))}, {"iat", unix(noon)}, {"jti", `"t-1"`},
	}
	for _, change := range changes {
		change(m)
	}
	return m
}

func unix(t time.Time) string { return fmt.Sprint(t.Unix()) }

func (m *made) token() string {
	return compactOf(jsonOf(m.header), jsonOf(m.claims), m.signAs, m.private)
}

func compactOf(header, claims, alg string, private any) string {
	text := b64([]byte(header)) + "." + b64([]byte(claims))
	return text + "." + b64(sign(alg, private, text))
}

func jsonOf(members []member) string {
	texts := make([]string, len(members))
	for i, m := range members {
		texts[i] = fmt.Sprintf("%q:%s", m.name, m.json)
	}
	return "{" + strings.Join(texts, ",") + "}"
}

// set replaces a member, adds it, or removes it when the text is empty.
func set(members []member, name, json string) []member {
	var out []member
	found := false
	for _, m := range members {
		if m.name == name {
			found = true
			if json == "" {
				continue
			}
			m.json = json
		}
		out = append(out, m)
	}
	if !found && json != "" {
		out = append(out, member{name, json})
	}
	return out
}

func header(name, json string) func(*made) {
	return func(m *made) { m.header = set(m.header, name, json) }
}

func claim(name, json string) func(*made) {
	return func(m *made) { m.claims = set(m.claims, name, json) }
}

// twice adds a member to those that are there, so that it is there twice.
func claimTwice(name, json string) func(*made) {
	return func(m *made) { m.claims = append(m.claims, member{name, json}) }
}

func headerTwice(name, json string) func(*made) {
	return func(m *made) { m.header = append(m.header, member{name, json}) }
}

// by signs with another algorithm, key and key id.
func by(alg string, private any, kid string) func(*made) {
	return func(m *made) {
		m.private, m.signAs = private, alg
		m.header = set(set(m.header, "alg", `"`+alg+`"`), "kid", `"`+kid+`"`)
	}
}

// jwk is the public key as the text of a JWK.
func jwk(public any, members ...member) string {
	switch k := public.(type) {
	case *rsa.PrivateKey:
		return jwk(&k.PublicKey, members...)
	case *ecdsa.PrivateKey:
		return jwk(&k.PublicKey, members...)
	case ed25519.PrivateKey:
		return jwk(k.Public(), members...)
	case *rsa.PublicKey:
		members = append([]member{{"kty", `"RSA"`}, {"n", `"` + b64(k.N.Bytes()) + `"`}, {"e", `"` + b64(big.NewInt(int64(k.E)).Bytes()) + `"`}}, members...)
	case *ecdsa.PublicKey:
		point := must(k.Bytes())[1:]
		half := len(point) / 2
		members = append([]member{{"kty", `"EC"`}, {"crv", `"` + k.Params().Name + `"`}, {"x", `"` + b64(point[:half]) + `"`}, {"y", `"` + b64(point[half:]) + `"`}}, members...)
	case ed25519.PublicKey:
		members = append([]member{{"kty", `"OKP"`}, {"crv", `"Ed25519"`}, {"x", `"` + b64(k) + `"`}}, members...)
	}
	return jsonOf(members)
}

func withID(id string) member { return member{"kid", `"` + id + `"`} }

func jwks(keys ...string) string { return `{"keys":[` + strings.Join(keys, ",") + `]}` }

// testSet has all keys of the tests but the other ones, each under its own id.
func testSet() string {
	k := keysOf()
	return jwks(
		jwk(k.rsa, withID("rsa"), member{"use", `"sig"`}), jwk(k.p256, withID("p256"), member{"alg", `"ES256"`}),
		jwk(k.p384, withID("p384")), jwk(k.p521, withID("p521")), jwk(k.ed, withID("ed"), member{"key_ops", `["verify"]`}),
		jwk(k.rsa, withID("ps-only"), member{"alg", `"PS256"`}),
		jwk(k.otherP256, withID("twin")), jwk(k.p256, withID("twin")),
	)
}

// testConfig verifies with the keys of [testSet], at noon.
func testConfig() Config {
	return Config{Issuer: testIssuer, Audience: []string{testAudience}, JWKS: []byte(testSet()), Clock: atNoon}
}

func newVerifier(t testing.TB, config Config) *Verifier {
	t.Helper()
	v, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// authenticate asks for the caller of a bearer token.
func authenticate(v *Verifier, token string) (*Caller, error) {
	return v.Authenticate(context.Background(), guardtest.BearerToken(token))
}

// classOf is the verdict that a guard makes of an authenticator's answer.
func classOf(err error) verdict.Verdict {
	answer := func(context.Context, guard.BearerToken) (int, error) { return 1, err }
	linker := gen.NewLinker(guard.Options{}, gen.Entitlements[int]{}, []gen.Scheme[int]{gen.Bearer("s", answer)}, nil)
	g := linker.Guard(guard.Operation{ID: "o", Security: []guard.Alternative{{{Scheme: "s"}}}})
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("Authorization", "Bearer x")
	d := g.Check(r)
	return d.Verdict()
}
