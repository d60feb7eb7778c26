package client_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/runtime/client"
)

// signer writes the claims where the tests can read them.
type signer struct{}

func (signer) SignProof(_ context.Context, c client.ProofClaims) (string, error) {
	return strings.Join([]string{c.Method, c.URL, c.TokenHash[:4], c.Nonce}, ","), nil
}

// The 401s of a server that binds tokens, the nonces of the proofs, and the tokens.
func TestNonces(t *testing.T) {
	ask := func(nonce string) answer {
		return says(401, challenge(`DPoP error="use_dpop_nonce", algs="ES256"`), "DPoP-Nonce: "+nonce)
	}
	expired := says(401, challenge(`DPoP error="invalid_token"`))
	tests := []struct {
		name    string
		request string
		answers []answer
		want    string // token/nonce
		status  int
		reason  string
	}{
		{"no nonce", "GET", []answer{says(200)}, "t1/", 200, ""},
		{"a nonce", "GET", []answer{ask("n1"), says(200)}, "t1/ t1/n1", 200, ""},
		{"a nonce again", "GET", []answer{ask("n1"), ask("n2")}, "t1/ t1/n1", 401, "a nonce again"},
		{"a nonce, then an expired token", "GET", []answer{ask("n1"), expired, says(200)}, "t1/ t1/n1 t2/n1", 200, ""},
		{"an expired token, then a nonce", "GET", []answer{expired, ask("n1"), says(200)}, "t1/ t2/ t2/n1", 200, ""},
		{"three requests at most", "GET", []answer{ask("n1"), expired, ask("n2")}, "t1/ t1/n1 t2/n1", 401, "a nonce again"},
		{"expired twice", "GET", []answer{ask("n1"), expired}, "t1/ t1/n1 t2/n1", 401, "new token too"},
		{"a nonce that is not sent", "GET", []answer{says(401, challenge(`DPoP error="use_dpop_nonce"`))}, "t1/", 401, "sends none"},
		{"two nonces", "GET", []answer{says(401, challenge(`DPoP error="use_dpop_nonce"`), "DPoP-Nonce: a", "DPoP-Nonce: b")}, "t1/", 401, "sends none"},
		{"a nonce that cannot be sent", "GET", []answer{ask(`a"b`)}, "t1/", 401, "sends none"},
		{"a huge nonce", "GET", []answer{ask(strings.Repeat("n", 5000))}, "t1/", 401, "sends none"},
		{"a nonce for a stream", "POST stream", []answer{ask("n1"), says(200)}, "t1/", 401, "cannot be sent again"},
		{"a nonce for bytes", "POST bytes", []answer{ask("n1"), says(200)}, "t1/ t1/n1", 200, ""},
		{"a nonce of Bearer", "GET", []answer{says(401, challenge(`Bearer error="use_dpop_nonce"`), "DPoP-Nonce: n")}, "t1/", 401, "other schemes"},
		{"a bad proof", "GET", []answer{says(401, challenge(`DPoP error="invalid_dpop_proof"`))}, "t1/", 401, "invalid_dpop_proof"},
		{"a nonce beside an expired token", "GET", []answer{says(401, challenge(`DPoP error="invalid_token"`), "DPoP-Nonce: n1"), says(200)}, "t1/ t2/n1", 200, ""},
		{"use_dpop_nonce in a 403", "GET", []answer{says(403, challenge(`DPoP error="use_dpop_nonce"`), "DPoP-Nonce: n1")}, "t1/", 403, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			server := serve(t, test.answers...)
			transport := newTransport(t, client.Options{Origin: server.url, Credentials: []client.Credential{client.DPoP(&counter{}, signer{})}})
			resp, err := (&http.Client{Transport: transport}).Do(request(t, test.request, server.url+"/a%2Fb?q=1#f"))
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if got := proofs(server); got != test.want || resp.StatusCode != test.status || !strings.Contains(reasonOf(resp), test.reason) {
				t.Errorf("%s, %d, %s", got, resp.StatusCode, reasonOf(resp))
			}
			method, _, _ := strings.Cut(test.request, " ")
			if proof := server.last(t).Header.Get("DPoP"); !strings.HasPrefix(proof, method+","+server.url+"/a%2Fb,") {
				t.Errorf("proof %s", proof)
			}
		})
	}
}

func proofs(s *script) string {
	var all []string
	for _, req := range s.requests {
		proof := req.Header.Get("DPoP")
		token := strings.TrimPrefix(req.Header.Get("Authorization"), "DPoP ")
		all = append(all, token+"/"+proof[strings.LastIndex(proof, ",")+1:])
	}
	return strings.Join(all, " ")
}

// A nonce of a success is used too, and stays at its origin, though two transports share the credential.
func TestNoncesPerOrigin(t *testing.T) {
	one, two := serve(t, says(200, "DPoP-Nonce: n1")), serve(t, says(200, "DPoP-Nonce: n2"))
	credential := client.DPoP(&counter{}, signer{})
	for _, server := range []*script{one, two, one, two} {
		transport := newTransport(t, client.Options{Origin: one.url, Credentials: []client.Credential{credential}})
		other := newTransport(t, client.Options{Origin: two.url, Credentials: []client.Credential{credential}})
		for range 2 {
			through := transport
			if server == two {
				through = other
			}
			resp, err := (&http.Client{Transport: through}).Get(server.url)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
		}
	}
	if got := proofs(one); got != "t1/ t1/n1 t1/ t1/n1" {
		t.Errorf("one: %s", got)
	}
	if got := proofs(two); got != "t1/ t1/n2 t1/ t1/n2" {
		t.Errorf("two: %s", got)
	}
}

// The proof as RFC 9449 section 4.3 checks it.
func TestProofKey(t *testing.T) {
	key, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	proofKey, err := client.NewProofKey(key)
	if err != nil {
		t.Fatal(err)
	}
	proof, err := proofKey.SignProof(t.Context(), client.ProofClaims{Method: "GET", URL: "https://a.example/", TokenHash: "h", Nonce: "n"})
	if err != nil {
		t.Fatal(err)
	}
	part := strings.Split(proof, ".")
	var header struct {
		Typ, Alg string
		JWK      struct{ Kty, Crv, X, Y, D string }
	}
	var claims map[string]any
	json.Unmarshal(decode(t, part[0]), &header)
	json.Unmarshal(decode(t, part[1]), &claims)
	if header.Typ != "dpop+jwt" || header.Alg != "ES256" || header.JWK.Kty != "EC" || header.JWK.D != "" {
		t.Errorf("%+v", header)
	}
	if claims["htm"] != "GET" || claims["htu"] != "https://a.example/" || claims["ath"] != "h" || claims["nonce"] != "n" || claims["jti"] == "" || claims["iat"] == nil {
		t.Errorf("%v", claims)
	}
	public := &ecdsa.PublicKey{Curve: elliptic.P256(), X: number(t, header.JWK.X), Y: number(t, header.JWK.Y)}
	sum, signature := sha256.Sum256([]byte(part[0]+"."+part[1])), decode(t, part[2])
	if !public.Equal(key.Public()) || !ecdsa.Verify(public, sum[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])) {
		t.Error("the signature is not that of the key in the header")
	}
	other, _ := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	for _, bad := range []*ecdsa.PrivateKey{nil, other} {
		if _, err := client.NewProofKey(bad); err == nil {
			t.Error("a key that ES256 does not have")
		}
	}
}

func decode(t *testing.T, s string) []byte {
	t.Helper()
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func number(t *testing.T, s string) *big.Int { return new(big.Int).SetBytes(decode(t, s)) }

// Signers and functions that fail: nothing is sent, and the error has the cause.
func TestBadFunctions(t *testing.T) {
	tests := []struct {
		name string
		ask  func() (string, error)
		want string
	}{
		{"an error", func() (string, error) { return "", errSource }, "the provider is down"},
		{"a panic", func() (string, error) { panic("no") }, "panicked: no"},
		{"a line feed", func() (string, error) { return "a\r\nX: secret", nil }, "no header field can carry"},
	}
	for _, test := range tests {
		sign := proofFunc(func() (string, error) { return test.ask() })
		digest := func(*http.Request, *client.Challenge) (string, error) { return test.ask() }
		for _, credential := range []client.Credential{client.DPoP(&counter{}, sign), client.HTTP("Digest", digest)} {
			to := &record{}
			transport := newTransport(t, client.Options{Origin: "https://api.example.com", Base: to, Credentials: []client.Credential{credential}})
			_, err := (&http.Client{Transport: transport}).Get("https://api.example.com")
			if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "secret") || len(to.sent) != 0 {
				t.Errorf("%s: %v", test.name, err)
			}
		}
	}
}

type proofFunc func() (string, error)

func (f proofFunc) SignProof(context.Context, client.ProofClaims) (string, error) { return f() }

// Digest, more or less: nothing is sent before there is a challenge, and a later one replaces it.
func TestHTTPScheme(t *testing.T) {
	nonce := func(n string) answer { return says(401, challenge(`Digest nonce="`+n+`", realm="x"`)) }
	answerTo := func(_ *http.Request, c *client.Challenge) (string, error) {
		if c == nil {
			return "", nil
		}
		n, _ := c.Param("nonce")
		return "nonce=" + n, nil
	}
	tests := []struct {
		name    string
		request string
		answers []answer
		want    []string
		status  int
		reason  string
	}{
		{"a challenge", "GET", []answer{nonce("1"), says(200)}, []string{"-", "Digest nonce=1"}, 200, ""},
		{"another challenge", "GET", []answer{nonce("1"), nonce("2")}, []string{"-", "Digest nonce=1"}, 401, "new credentials too"},
		{"no challenge", "GET", []answer{says(401)}, []string{"-"}, 401, "no other credentials"},
		{"another scheme", "GET", []answer{says(401, challenge("Basic"))}, []string{"-"}, 401, "other schemes"},
		{"a stream", "POST stream", []answer{nonce("1")}, []string{"-"}, 401, "cannot be sent again"},
		{"bytes", "POST bytes", []answer{nonce("1"), says(200)}, []string{"-", "Digest nonce=1"}, 200, ""},
		{"403", "GET", []answer{says(403, challenge(`Digest nonce="1"`))}, []string{"-"}, 403, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			server := serve(t, test.answers...)
			transport := newTransport(t, client.Options{Origin: server.url, Credentials: []client.Credential{client.HTTP("digest", answerTo)}})
			resp, err := (&http.Client{Transport: transport}).Do(request(t, test.request, server.url))
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			want := strings.ReplaceAll(strings.Join(test.want, " "), "Digest", "digest")
			if server.seen() != want || resp.StatusCode != test.status || !strings.Contains(reasonOf(resp), test.reason) {
				t.Errorf("%s, %d, %s", server.seen(), resp.StatusCode, reasonOf(resp))
			}
		})
	}
}

// The challenge is remembered, the request is a copy, and a body can be signed.
func TestHTTPSchemeRemembers(t *testing.T) {
	server := serve(t, says(401, challenge(`Sign key="1"`)), says(200))
	transport := newTransport(t, client.Options{Origin: server.url, Credentials: []client.Credential{
		client.HTTP("Sign", func(req *http.Request, c *client.Challenge) (string, error) {
			if req.Body != nil {
				return "", errors.New("the body is there")
			}
			body, err := req.GetBody()
			if err != nil {
				return "", err
			}
			size := make([]byte, 10)
			n, _ := body.Read(size)
			req.Header.Set("X-Scratch", "x")
			return fmt.Sprintf("n=%d, c=%t", n, c != nil), body.Close()
		})}})
	for range 2 {
		resp, err := (&http.Client{Transport: transport}).Do(request(t, "POST bytes", server.url))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
	}
	if got := server.seen(); got != "Sign n=7, c=false Sign n=7, c=true Sign n=7, c=true" || server.last(t).Header.Get("X-Scratch") != "" {
		t.Error(got)
	}
}

// Passwords and keys have no successor: their 401 is the caller's, and they are sent again.
func TestFixedCredentials(t *testing.T) {
	for _, credential := range []client.Credential{client.Basic("u", "p"), client.HeaderKey("X-Key", "k"), client.CookieKey("k", "k"), client.QueryKey("k", "k")} {
		server := serve(t, wrote(401, "why", challenge("Basic"), challenge("ApiKey")))
		transport := newTransport(t, client.Options{Origin: server.url, Credentials: []client.Credential{credential}})
		for range 2 {
			resp, err := (&http.Client{Transport: transport}).Get(server.url)
			if err != nil || resp.StatusCode != 401 || reasonOf(resp) == "" {
				t.Fatalf("%v, %v", resp, err)
			}
			resp.Body.Close()
		}
		if len(server.requests) != 2 {
			t.Errorf("%d requests", len(server.requests))
		}
	}
}

// A key and a token are sent together, and the token is renewed.
func TestKeyAndToken(t *testing.T) {
	server := serve(t, says(401, challenge(`ApiKey in="header"`), challenge("Bearer")), says(200))
	transport := newTransport(t, client.Options{Origin: server.url, Credentials: []client.Credential{client.HeaderKey("X-Key", "k"), client.Bearer(&counter{})}})
	resp, err := (&http.Client{Transport: transport}).Get(server.url)
	if err != nil || resp.StatusCode != 200 || server.seen() != "t1 t2" || server.last(t).Header.Get("X-Key") != "k" {
		t.Errorf("%v, %s", err, server.seen())
	}
}
