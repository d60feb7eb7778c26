package jwt

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/tls"
	"crypto/x509"
	"errors"
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
	"github.com/oapi-guard/oapi-guard/runtime/internal/claimset"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

const testOrigin = "https://api.example.com"

func sha(text []byte) string {
	sum := sha256.Sum256(text)
	return b64(sum[:])
}

// jkt is the thumbprint of an EC key, after RFC 7638 section 3.2.
func jkt(k *ecdsa.PrivateKey) string {
	point := must(k.PublicKey.Bytes())[1:]
	half := len(point) / 2
	return sha([]byte(fmt.Sprintf(`{"crv":"%s","kty":"EC","x":"%s","y":"%s"}`, k.Params().Name, b64(point[:half]), b64(point[half:]))))
}

// bound is an access token for the holder of the key otherP256.
func bound(changes ...func(*made)) string {
	return good(append([]func(*made){claim("cnf", `{"jkt":"`+jkt(keysOf().otherP256)+`"}`)}, changes...)...)
}

// proofOf is a proof of that holder, for GET /orders/7 with a token.
func proofOf(token string, changes ...func(*made)) string {
	m := &made{private: keysOf().otherP256, signAs: "ES256"}
	m.header = []member{{"typ", `"dpop+jwt"`}, {"alg", `"ES256"`}, {"jwk", jwk(keysOf().otherP256)}}
	m.claims = []member{
		{"jti", `"p-1"`}, {"htm", `"GET"`}, {"htu", `"` + testOrigin + `/orders/7"`}, {"iat", unix(noon)}, {"ath", `"` + sha([]byte(token)) + `"`},
	}
	for _, change := range changes {
		change(m)
	}
	return m.token()
}

func dpopVerifier(t testing.TB, change ...func(*Config)) *Verifier {
	config := testConfig()
	config.DPoP = &DPoP{Origin: testOrigin}
	for _, c := range change {
		c(&config)
	}
	return newVerifier(t, config)
}

func authenticateDPoP(v *Verifier, token, proof string, options ...guardtest.Option) (*Caller, error) {
	return v.AuthenticateDPoP(context.Background(), guardtest.DPoPToken(token, proof, "GET", "/orders/7", options...))
}

func TestProofs(t *testing.T) {
	k := keysOf()
	token := bound()
	p := func(changes ...func(*made)) string { return proofOf(token, changes...) }
	key := func(alg string, private any) func(*made) {
		return func(m *made) {
			m.private, m.signAs = private, alg
			m.header = set(set(m.header, "alg", `"`+alg+`"`), "jwk", jwk(private))
		}
	}
	for _, r := range []row{
		{"right", p(), ok},
		{"Application/DPoP+JWT", p(header("typ", `"Application/DPoP+JWT"`)), ok},
		{"no typ", p(header("typ", "")), invalid},
		{"typ JWT", p(header("typ", `"JWT"`)), invalid},
		{"typ at+jwt", p(header("typ", `"at+jwt"`)), invalid},
		{"typ with parameters", p(header("typ", `"dpop+jwt;a=b"`)), invalid},
		{"none", p(header("alg", `"none"`)), invalid},
		{"HS256 with its own key", p(key("HS256", []byte("secret")), header("jwk", `{"kty":"oct","k":"c2VjcmV0"}`)), invalid},
		{"another alg", p(header("alg", `"ES384"`)), invalid},
		{"alg of RSA", p(header("alg", `"RS256"`)), invalid},
		{"no jwk", p(header("jwk", "")), invalid},
		{"jwk with a list for its curve", p(header("jwk", `{"kty":"EC","crv":[]}`)), invalid},
		{"jwk a string", p(header("jwk", `"x"`)), invalid},
		{"jwk with its private part", p(header("jwk", jwk(k.otherP256, member{"d", `"AAAA"`}))), invalid},
		{"jwk for encryption", p(header("jwk", jwk(k.otherP256, member{"use", `"enc"`}))), invalid},
		{"kid in place of jwk", p(header("jwk", ""), header("kid", `"p256"`)), invalid},
		{"another key", p(key("ES256", k.p256)), invalid},
		{"another key of RSA", p(key("RS256", k.rsa)), invalid},
		{"another signature", p(func(m *made) { m.private = k.p256 }), invalid},
		{"crit", p(header("crit", `["b64"]`)), invalid},
		{"no jti", p(claim("jti", "")), invalid},
		{"jti empty", p(claim("jti", `""`)), invalid},
		{"jti a number", p(claim("jti", `1`)), invalid},
		{"jti twice", p(claimTwice("jti", `"p-2"`)), invalid},
		{"no htm", p(claim("htm", "")), invalid},
		{"another method", p(claim("htm", `"POST"`)), invalid},
		{"the method in lower case", p(claim("htm", `"get"`)), invalid},
		{"no htu", p(claim("htu", "")), invalid},
		{"htu a list", p(claim("htu", `["`+testOrigin+`/orders/7"]`)), invalid},
		{"another path", p(claim("htu", `"`+testOrigin+`/orders/8"`)), invalid},
		{"a path with a slash", p(claim("htu", `"`+testOrigin+`/orders/7/"`)), invalid},
		{"a path in another case", p(claim("htu", `"`+testOrigin+`/Orders/7"`)), invalid},
		{"a path of dots", p(claim("htu", `"`+testOrigin+`/x/../orders/7"`)), invalid},
		{"a path with an escaped slash", p(claim("htu", `"`+testOrigin+`/orders%2F7"`)), invalid},
		{"another host", p(claim("htu", `"https://api.example.org/orders/7"`)), invalid},
		{"another scheme", p(claim("htu", `"http://api.example.com/orders/7"`)), invalid},
		{"another port", p(claim("htu", `"https://api.example.com:444/orders/7"`)), invalid},
		{"a user in htu", p(claim("htu", `"https://a@api.example.com/orders/7"`)), invalid},
		{"htu relative", p(claim("htu", `"/orders/7"`)), invalid},
		{"htu broken", p(claim("htu", `"https://api.example.com/orders/%zz"`)), invalid},
		{"the default port", p(claim("htu", `"https://api.example.com:443/orders/7"`)), ok},
		{"the host in upper case", p(claim("htu", `"HTTPS://API.Example.com/orders/7"`)), ok},
		{"an escape that is not needed", p(claim("htu", `"`+testOrigin+`/%6frders/%37"`)), ok},
		{"a query, which is ignored", p(claim("htu", `"`+testOrigin+`/orders/7?a=b#c"`)), ok},
		{"no iat", p(claim("iat", "")), invalid},
		{"iat a string", p(claim("iat", `"1"`)), invalid},
		{"iat a minute ago", p(claim("iat", unix(noon.Add(-time.Minute)))), ok},
		{"iat longer ago", p(claim("iat", unix(noon.Add(-61*time.Second)))), invalid},
		{"iat in a minute", p(claim("iat", unix(noon.Add(time.Minute)))), ok},
		{"iat later", p(claim("iat", unix(noon.Add(61*time.Second)))), invalid},
		{"iat 1e400", p(claim("iat", "1e400")), invalid},
		{"no ath", p(claim("ath", "")), invalid},
		{"ath of another token", p(claim("ath", `"`+sha([]byte("other"))+`"`)), invalid},
		{"ath with padding", p(claim("ath", `"`+sha([]byte(token))+`="`)), invalid},
		{"exp in the past does not count", p(claim("exp", "1")), ok},
		{"a nonce that nobody asked for", p(claim("nonce", `"x"`)), ok},
		{"empty", "", invalid},
		{"an access token", good(), invalid},
	} {
		t.Run(r.name, func(t *testing.T) {
			_, err := authenticateDPoP(dpopVerifier(t), token, r.token)
			if got := classOf(err); got != r.want {
				t.Errorf("%v: %v", got, err)
			}
		})
	}
	for alg, private := range map[string]any{"RS256": k.otherRSA, "PS384": k.otherRSA, "EdDSA": k.otherEd, "ES384": k.p384, "ES512": k.p521} {
		public := must(parseKey(must(claimset.Parse(jwk(private))))).public
		token := good(claim("cnf", `{"jkt":"`+thumbprint(public)+`"}`))
		if _, err := authenticateDPoP(dpopVerifier(t), token, proofOf(token, key(alg, private))); err != nil {
			t.Errorf("%s: %v", alg, err)
		}
	}
}

// TestCurves has ES384 signatures of a P-256 key, which ecdsa alone would verify.
func TestCurves(t *testing.T) {
	token := bound()
	if _, err := authenticateDPoP(dpopVerifier(t), token, padded384(proofOf(token, header("alg", `"ES384"`)), keysOf().otherP256)); classOf(err) != invalid {
		t.Errorf("a proof: %v", err)
	}
	forged := padded384(good(header("alg", `"ES384"`), header("kid", `"twin"`)), keysOf().p256)
	if _, err := authenticate(newVerifier(t, testConfig()), forged); classOf(err) != invalid {
		t.Errorf("a token: %v", err)
	}
}

// padded384 signs a token anew, over SHA-384 and in the length of P-384.
func padded384(token string, k *ecdsa.PrivateKey) string {
	text := signedPart(token)
	digest := sha512.Sum384([]byte(text))
	r, s, err := ecdsa.Sign(rand.Reader, k, digest[:])
	return text + "." + b64(append(must(r, err).FillBytes(make([]byte, 48)), s.FillBytes(make([]byte, 48))...))
}

// TestBoundTokens has right proofs for tokens that are not bound to their key, or not right.
func TestBoundTokens(t *testing.T) {
	thumb := jkt(keysOf().otherP256)
	for _, r := range []row{
		{"not bound", good(), invalid},
		{"bound to another key", good(claim("cnf", `{"jkt":"`+jkt(keysOf().p256)+`"}`)), invalid},
		{"jkt a list", good(claim("cnf", `{"jkt":["`+thumb+`"]}`)), invalid},
		{"cnf a list", good(claim("cnf", `[{"jkt":"`+thumb+`"}]`)), invalid},
		{"jkt with padding", good(claim("cnf", `{"jkt":"`+thumb+`="}`)), invalid},
		{"bound to something else too", good(claim("cnf", `{"jkt":"`+thumb+`","kid":"x"}`)), invalid},
		{"bound to a certificate too", good(claim("cnf", `{"jkt":"`+thumb+`","x5t#S256":"`+thumb+`"}`)), invalid},
		{"bound to a certificate only", good(claim("cnf", `{"x5t#S256":"`+thumb+`"}`)), invalid},
		{"for another audience", bound(claim("aud", `"x"`)), invalid},
		{"of another key", bound(by("ES256", keysOf().otherP256, "p256")), invalid},
		{"expired", bound(claim("exp", "1")), expired},
		{"not a token", "x", invalid},
	} {
		t.Run(r.name, func(t *testing.T) {
			_, err := authenticateDPoP(dpopVerifier(t), r.token, proofOf(r.token))
			if got := classOf(err); got != r.want {
				t.Errorf("%v: %v", got, err)
			}
		})
	}
	if _, err := authenticate(dpopVerifier(t), bound()); classOf(err) != invalid {
		t.Errorf("a bound token is a bearer token: %v", err)
	}
}

// TestExpiredWithABadProof is invalid: expired says that the rest is right.
func TestExpiredWithABadProof(t *testing.T) {
	v, token := dpopVerifier(t), bound(claim("exp", "1"))
	if _, err := authenticateDPoP(v, token, proofOf(token, claim("htm", `"PUT"`))); classOf(err) != invalid {
		t.Error(err)
	}
	if _, err := authenticateDPoP(v, token, proofOf(token)); classOf(err) != expired {
		t.Error(err)
	}
	if _, err := authenticateDPoP(v, token, proofOf(token)); classOf(err) != invalid {
		t.Errorf("used twice: %v", err)
	}
}

func TestTargets(t *testing.T) {
	token := bound()
	for _, c := range []struct {
		origin, path, htu string
		want              bool
	}{
		{testOrigin, "/", testOrigin, true},
		{testOrigin, "/", testOrigin + "/", true},
		{testOrigin + "/", "/a", testOrigin + "/a", true},
		{testOrigin + "/v1", "/a", testOrigin + "/v1/a", true},
		{testOrigin + "/v1/", "/a", testOrigin + "/a", false},
		{testOrigin, "/a%2fb", testOrigin + "/a%2Fb", true},
		{testOrigin, "/a%2Fb", testOrigin + "/a/b", false},
		{testOrigin, "/ü", testOrigin + "/%C3%BC", true},
		{testOrigin, "//evil.example/a", testOrigin + "//evil.example/a", true},
		{testOrigin, "/a#b", testOrigin + "/a", false},
		{testOrigin, "*", testOrigin + "*", false},
		{testOrigin, "", testOrigin + "/", true},
		{"http://localhost:8080", "/a", "http://localhost:8080/a", true},
	} {
		v := dpopVerifier(t, func(config *Config) { config.DPoP.Origin = c.origin })
		proof := proofOf(token, claim("htu", `"`+c.htu+`"`))
		_, err := v.AuthenticateDPoP(context.Background(), guardtest.DPoPToken(token, proof, "GET", c.path))
		if (err == nil) != c.want || err != nil && classOf(err) != invalid {
			t.Errorf("%s%s with %s: %v", c.origin, c.path, c.htu, err)
		}
	}
}

func TestReplay(t *testing.T) {
	now := newClock()
	v := dpopVerifier(t, func(c *Config) { c.Clock = now.now })
	token := bound()
	proof := proofOf(token, claim("iat", unix(noon.Add(time.Minute)))) // good for two minutes
	if _, err := authenticateDPoP(v, token, proof); err != nil {
		t.Fatal(err)
	}
	for range 121 {
		if _, err := authenticateDPoP(v, token, proof); classOf(err) != invalid {
			t.Fatalf("accepted again: %v", err)
		}
		if _, err := authenticateDPoP(v, token, proofOf(token, claim("iat", unix(now.now())), claim("jti", `"`+now.now().String()+`"`))); err != nil {
			t.Fatal(err)
		}
		now.advance(time.Second)
	}
	if _, err := authenticateDPoP(v, token, proofOf(token, claim("iat", unix(now.now())), claim("jti", `"p-2"`))); err != nil {
		t.Error(err)
	}
}

// TestReplayFromManySides uses one proof from many goroutines. One is admitted.
func TestReplayFromManySides(t *testing.T) {
	v, token := dpopVerifier(t), bound()
	proof := proofOf(token)
	var mu sync.Mutex
	admitted := 0
	parallel(100, func(int) {
		if _, err := authenticateDPoP(v, token, proof); err == nil {
			mu.Lock()
			admitted++
			mu.Unlock()
		}
	})
	if admitted != 1 {
		t.Errorf("%d admitted", admitted)
	}
}

// TestRefusedProofsAreNotRemembered: they would fill the memory.
func TestRefusedProofsAreNotRemembered(t *testing.T) {
	v, token := dpopVerifier(t), bound()
	forged := bound(by("ES256", keysOf().otherP256, "p256"))
	_, _ = authenticateDPoP(v, forged, proofOf(forged))
	_, _ = authenticateDPoP(v, token, proofOf(token, claim("htm", `"PUT"`)))
	if _, err := authenticateDPoP(v, token, proofOf(token)); err != nil {
		t.Error(err)
	}
}

func TestReplayMemoryIsBounded(t *testing.T) {
	now := newClock()
	m := newReplayMemory(time.Minute, 64, now.now)
	use := func(key string, i int) verdict.Verdict {
		first, err := m.Use(context.Background(), key, fmt.Sprint(i), time.Time{})
		if err == nil && !first {
			return invalid
		}
		return classOf(err)
	}
	for i := range 4 {
		if got := use("greedy", i); got != ok {
			t.Fatal(got)
		}
	}
	if got := use("greedy", 4); got != verdict.Throttled {
		t.Errorf("a key uses more than its share: %v", got)
	}
	for i := range 60 {
		if got := use(fmt.Sprint("key-", i), i); got != ok {
			t.Fatal(i, got)
		}
	}
	if got := use("late", 0); got != unavailable {
		t.Errorf("a full memory: %v", got)
	}
	now.advance(time.Minute)
	if got := use("late", 0); got != ok {
		t.Error(got)
	}
	if got := use("greedy", 0); got != invalid {
		t.Errorf("forgotten too early: %v", got)
	}
	now.advance(time.Minute)
	if got := use("greedy", 0); got != ok {
		t.Errorf("never forgotten: %v", got)
	}
	now.advance(10 * time.Minute)
	if got := use("late", 0); got != ok || len(m.new.seen)+len(m.prev.seen) != 1 {
		t.Errorf("%v with %d proofs", got, len(m.new.seen)+len(m.prev.seen))
	}
}

// replays is a store of the application.
type replays struct {
	first bool
	err   error
	until time.Time
}

func (r *replays) Use(_ context.Context, _, _ string, until time.Time) (bool, error) {
	r.until = until
	return r.first, r.err
}

func TestOwnReplays(t *testing.T) {
	token := bound()
	for _, c := range []struct {
		store replays
		want  verdict.Verdict
	}{
		{replays{first: true}, ok}, {replays{}, invalid}, {replays{err: errors.New("down")}, unavailable}, {replays{first: true, err: errors.New("down")}, unavailable},
	} {
		v := dpopVerifier(t, func(config *Config) { config.DPoP.Replays = &c.store })
		_, err := authenticateDPoP(v, token, proofOf(token))
		if got := classOf(err); got != c.want || !c.store.until.Equal(noon.Add(time.Minute)) {
			t.Errorf("%v until %v: %v", got, c.store.until, err)
		}
	}
}

func TestNonces(t *testing.T) {
	now := newClock()
	secret := func(c *Config) { c.Clock, c.DPoP.NonceKey = now.now, []byte(strings.Repeat("k", 32)) }
	v, token := dpopVerifier(t, secret), bound()
	answer := func(nonce string) (string, verdict.Verdict) {
		proof := proofOf(token, claim("nonce", nonce), claim("iat", unix(now.now())), claim("jti", fmt.Sprintf("%q", rand.Text())))
		return askDPoP(t, v, token, proof)
	}
	nonce, got := answer("")
	if nonce == "" || got != invalid {
		t.Fatalf("%q %v", nonce, got)
	}
	quoted := `"` + nonce + `"`
	if again, got := answer(quoted); again != "" || got != ok {
		t.Errorf("%q %v", again, got)
	}
	for _, bad := range []string{`"x"`, `""`, `7`, `["` + nonce + `"]`, `"` + nonce + `A"`} {
		if again, got := answer(bad); again != nonce || got != invalid {
			t.Errorf("%s: %q %v", bad, again, got)
		}
	}
	now.advance(5 * time.Minute)
	if _, got := answer(quoted); got != ok {
		t.Error("the nonce of the period before:", got)
	}
	now.advance(5 * time.Minute)
	if again, got := answer(quoted); again == nonce || again == "" || got != invalid {
		t.Errorf("%q %v", again, got)
	}
	v = dpopVerifier(t, secret)
	if other, _ := answer(""); other == "" {
		t.Error("no nonce")
	} else if _, got := answer(`"` + other + `"`); got != ok {
		t.Error("another instance knows no nonces:", got)
	}
	expiredToken := bound(claim("exp", "1"))
	if nonce, _ := askDPoP(t, v, expiredToken, proofOf(expiredToken, claim("iat", unix(now.now())))); nonce == "" {
		t.Error("an expired token needs no nonce")
	}
}

// askDPoP asks a real guard, and returns the nonce that it wants.
func askDPoP(t *testing.T, v *Verifier, token, proof string) (string, verdict.Verdict) {
	t.Helper()
	var got verdict.Verdict
	options := guard.Options{OnDecision: func(_ context.Context, e guard.Event) { got = e.Verdict }}
	linker := gen.NewLinker(options, gen.Entitlements[*Caller]{}, []gen.Scheme[*Caller]{gen.DPoP("dpop", v.AuthenticateDPoP, v.Challenge)}, nil)
	g := linker.Guard(guard.Operation{ID: "o", Security: []guard.Alternative{{{Scheme: "dpop"}}}})
	if err := linker.Err(); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("GET", testOrigin+"/orders/7?a=b", nil)
	r.Header.Set("Authorization", "DPoP "+token)
	r.Header.Set("DPoP", proof)
	w := httptest.NewRecorder()
	_, _, admitted := g.Admit(w, r)
	if !admitted && !strings.Contains(w.Header().Get("WWW-Authenticate"), `algs="RS256`) {
		t.Errorf("challenge %q", w.Header().Get("WWW-Authenticate"))
	}
	return w.Header().Get("DPoP-Nonce"), got
}

func TestDPoPIsOff(t *testing.T) {
	token := bound()
	_, err := authenticateDPoP(newVerifier(t, testConfig()), token, proofOf(token))
	if classOf(err) != verdict.Fault {
		t.Error(err)
	}
}

// connection is a TLS connection with a client certificate that signed itself.
func connection(t *testing.T) (guardtest.Option, string) {
	t.Helper()
	key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	template := &x509.Certificate{SerialNumber: big.NewInt(1)}
	der := must(x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key))
	r := httptest.NewRequest("GET", "/orders/7", nil)
	r.TLS = &tls.ConnectionState{PeerCertificates: []*x509.Certificate{must(x509.ParseCertificate(der))}}
	return guardtest.WithRequest(r, guard.Operation{}), sha(der)
}

func TestCertificateBound(t *testing.T) {
	with, thumb := connection(t)
	v := newVerifier(t, testConfig())
	ask := func(cnf string, options ...guardtest.Option) verdict.Verdict {
		_, err := v.Authenticate(context.Background(), guardtest.BearerToken(good(claim("cnf", cnf)), options...))
		return classOf(err)
	}
	right := `{"x5t#S256":"` + thumb + `"}`
	other, _ := connection(t)
	forwarded := httptest.NewRequest("GET", "/", nil)
	forwarded.Header.Set("X-Client-Cert", thumb)
	for name, c := range map[string]struct {
		got, want verdict.Verdict
	}{
		"its certificate":       {ask(right, with), ok},
		"another certificate":   {ask(right, other), invalid},
		"no certificate":        {ask(right), invalid},
		"a forwarding header":   {ask(right, guardtest.WithRequest(forwarded, guard.Operation{})), invalid},
		"with padding":          {ask(`{"x5t#S256":"`+thumb+`="}`, with), invalid},
		"another case":          {ask(`{"X5T#S256":"`+thumb+`"}`, with), invalid},
		"SHA-1":                 {ask(`{"x5t":"`+thumb+`"}`, with), invalid},
		"a key as well":         {ask(`{"x5t#S256":"`+thumb+`","jkt":"x"}`, with), invalid},
		"an unknown one beside": {ask(`{"x5t#S256":"`+thumb+`","kid":"x"}`, with), invalid},
	} {
		if c.got != c.want {
			t.Errorf("%s: %v", name, c.got)
		}
	}
	token := good(claim("cnf", `{"jkt":"`+jkt(keysOf().otherP256)+`","x5t#S256":"`+thumb+`"}`))
	if _, err := authenticateDPoP(dpopVerifier(t), token, proofOf(token), with); err != nil {
		t.Errorf("key and certificate: %v", err)
	}
	if _, err := authenticateDPoP(dpopVerifier(t), token, proofOf(token), other); classOf(err) != invalid {
		t.Errorf("key and another certificate: %v", err)
	}
	certificateOnly := good(claim("cnf", right))
	if _, err := authenticateDPoP(dpopVerifier(t), certificateOnly, proofOf(certificateOnly), with); classOf(err) != invalid {
		t.Errorf("a proof with a token that is bound to the certificate only: %v", err)
	}
	plain := must(v.Authenticate(context.Background(), guardtest.BearerToken(good(), with)))
	if plain.Subject() != "u-1" {
		t.Error("a token that is not bound")
	}
}
