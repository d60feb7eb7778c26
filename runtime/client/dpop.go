package client

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"

	"github.com/oapi-guard/oapi-guard/runtime/internal/grammar"
	"github.com/oapi-guard/oapi-guard/runtime/internal/secret"
)

// ProofSigner signs the proofs of a DPoP key (RFC 9449 section 4.2). [NewProofKey] makes one.
type ProofSigner interface {
	SignProof(ctx context.Context, claims ProofClaims) (string, error)
}

// ProofClaims is what a proof has to say (RFC 9449 section 4.2). The signer adds jti and iat.
type ProofClaims struct {
	Method    string // htm
	URL       string // htu: without query and fragment
	TokenHash string // ath
	Nonce     string // nonce; empty: none
}

// dpop are tokens of a source that are bound to a key.
type dpop struct {
	hidden
	tokens *tokens
	signer ProofSigner
}

// DPoP is a token that is bound to a key, and a proof for each request (RFC 9449 section 7.1). Nonces of the server are
// used as they come. It is nil without a source and a signer.
func DPoP(source TokenSource, signer ProofSigner) Credential {
	if source == nil || signer == nil {
		return nil
	}
	return &dpop{tokens: &tokens{source: source, scheme: "DPoP"}, signer: signer}
}

func (d *dpop) secrets() []secret.Text { return d.tokens.secrets() }
func (d *dpop) check() error           { return nil }

func (d *dpop) authorize(x *exchange, out *http.Request) error {
	token, err := x.token(d.tokens)
	if err != nil {
		return err
	}
	proof, err := d.prove(out, secret.Reveal(token.text), x.t.memories[d])
	if err != nil {
		return err
	}
	out.Header["Authorization"] = []string{secret.Reveal(token.authorization)}
	out.Header["Dpop"] = []string{proof}
	return nil
}

func (d *dpop) prove(out *http.Request, token string, memory *memory) (proof string, err error) {
	err = errors.New("client: the proof signer ended its goroutine")
	defer func() {
		if p := recover(); p != nil {
			err = panicked("proof signer", p)
		}
	}()
	sum := sha256.Sum256([]byte(token))
	claims := ProofClaims{
		Method:    methodOf(out),
		URL:       target(out.URL),
		TokenHash: base64.RawURLEncoding.EncodeToString(sum[:]),
	}
	if nonce := memory.nonce.Load(); nonce != nil {
		claims.Nonce = *nonce
	}
	proof, err = d.signer.SignProof(out.Context(), claims)
	if err == nil && (proof == "" || !grammar.IsScope(proof)) {
		err = errors.New("client: the proof signer returned a proof that no header field can carry")
	}
	return proof, err
}

// target is the URL without query and fragment, normalised (RFC 9449 section 4.3).
func target(u *url.URL) string {
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	return originOf(u).String() + path
}

func methodOf(req *http.Request) string {
	if req.Method == "" {
		return http.MethodGet
	}
	return req.Method
}

func (d *dpop) react(x *exchange, resp *http.Response) (bool, string, error) {
	challenges := ParseChallenges(resp.Header)
	if asksForNonce(challenges) {
		return d.answerNonce(x, resp)
	}
	if reason := notOurs(challenges, "DPoP"); reason != "" {
		return false, reason, nil
	}
	return x.renew(d.tokens, resp)
}

func asksForNonce(challenges []Challenge) bool {
	for _, c := range challenges {
		if code, _ := c.Param("error"); c.Is("DPoP") && code == "use_dpop_nonce" {
			return true
		}
	}
	return false
}

func (d *dpop) answerNonce(x *exchange, resp *http.Response) (bool, string, error) {
	switch {
	case !x.t.memories[d].learnNonce(resp.Header):
		return false, "the server asks for a nonce, and sends none", nil
	case x.nonced:
		return false, "the server asks for a nonce again", nil
	case !canReplay(x.req):
		return false, "the body cannot be sent again", nil
	}
	x.nonced = true
	readAhead(resp, waitingFor(x.req))
	return true, "", nil
}
