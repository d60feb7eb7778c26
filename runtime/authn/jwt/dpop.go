package jwt

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/internal/claimset"
)

const (
	proofType     = "application/dpop+jwt"
	defaultWindow = time.Minute
)

var (
	errNoDPoP     = errors.New("jwt: Config.DPoP is nil, but a DPoP scheme is mounted")
	errProof      = errors.New("jwt: the DPoP proof is not a dpop+jwt that its own key has signed")
	errProofFor   = errors.New("jwt: the DPoP proof is for another request, or for another token")
	errProofTime  = errors.New("jwt: the DPoP proof is too old, or of the future")
	errProofTwice = errors.New("jwt: the DPoP proof was used before")
	errNonce      = errors.New("jwt: the DPoP proof has no current nonce")
)

// DPoP says how proofs are verified (RFC 9449 section 4.3).
type DPoP struct {
	// Origin is the scheme and the host by which clients call the API, https://api.example.com for one. It is the
	// beginning of htu, before the path of the request. A path that a proxy takes away belongs to it.
	Origin string
	// Window is how far the iat of a proof may be from now, to either side. The default is a minute.
	Window time.Duration
	// NonceKey makes nonces a requirement (RFC 9449 section 9). It is a secret of 32 bytes or more that all instances of the
	// API share. A nonce is good for five to ten minutes.
	NonceKey []byte
	// Replays remembers the proofs that were used. The default is a memory of up to a million proofs in twice the Window. It
	// refuses a key that sends more than a sixteenth of that. Several instances of the API share a store.
	Replays Replays
}

// Replays remembers proofs, so that none is accepted twice (RFC 9449 section 11.1).
type Replays interface {
	// Use reports whether the proof is used for the first time, and remembers it until then. The key is the thumbprint of
	// the client's key, and the proof a digest of its jti. When it fails the request is answered with 503.
	Use(ctx context.Context, key, proof string, until time.Time) (first bool, err error)
}

// proofVerifier verifies proofs.
type proofVerifier struct {
	origin  string // in normal form
	window  time.Duration
	nonces  *nonces // nil when none are required
	replays func(ctx context.Context, key, proof string, until time.Time) (bool, error)
	now     func() time.Time
}

// verifier is nil without a configuration.
func (d *DPoP) verifier(now func() time.Time) (*proofVerifier, error) {
	if d == nil {
		return nil, nil
	}
	p := &proofVerifier{window: orDefault(d.Window, defaultWindow), now: now}
	origin, ok := normalURL(d.Origin)
	switch {
	case !ok || strings.ContainsAny(d.Origin, "?#"):
		return nil, fmt.Errorf("jwt: DPoP.Origin: %q is not an http or https URL without query", d.Origin)
	case p.window < 0:
		return nil, errors.New("jwt: DPoP.Window is negative")
	case d.NonceKey != nil && len(d.NonceKey) < 32:
		return nil, errors.New("jwt: DPoP.NonceKey has fewer than 32 bytes")
	case d.NonceKey != nil:
		p.nonces = &nonces{key: slices.Clone(d.NonceKey)}
	}
	p.origin = strings.TrimSuffix(origin, "/")
	if d.Replays == nil {
		p.replays = newReplayMemory(2*p.window, maxProofs, now).Use
	} else {
		p.replays = unavailableReplays(d.Replays)
	}
	return p, nil
}

// unavailableReplays classifies the errors of a store.
func unavailableReplays(r Replays) func(context.Context, string, string, time.Time) (bool, error) {
	return func(ctx context.Context, key, proof string, until time.Time) (bool, error) {
		first, err := r.Use(ctx, key, proof, until)
		if err != nil {
			return false, guard.Unavailable(err)
		}
		return first, nil
	}
}

// Challenge is the challenge of a DPoP scheme: the algorithms for proofs (RFC 9449 section 7.1).
func (v *Verifier) Challenge(context.Context) guard.Challenge {
	return guard.Challenge{Params: []guard.Param{{Name: "algs", Value: strings.Join(allAlgorithms(), " ")}}}
}

// AuthenticateDPoP is the authenticator of a DPoP scheme. It needs Config.DPoP. The token is bound to the key of the proof
// (cnf.jkt). Errors are classified as with [Verifier.Authenticate]; guard.UseDPoPNonce asks for a nonce, and
// guard.TooManyRequests answers a key that sends too many proofs.
func (v *Verifier) AuthenticateDPoP(ctx context.Context, token guard.DPoPToken) (*Caller, error) {
	if v.proofs == nil {
		return nil, errNoDPoP
	}
	c, err := parseCompact(token.Secret())
	if err != nil {
		return nil, guard.Invalid(err)
	}
	expired, err := v.checkClaims(c)
	if err != nil {
		return nil, guard.Invalid(err)
	}
	p, err := v.proofs.verify(token)
	if err != nil {
		return nil, guard.Invalid(err)
	}
	if err := claimset.Confirm(c.claims, p.thumbprint, token.Request().TLS()); err != nil {
		return nil, guard.Invalid(fmt.Errorf("jwt: %w", err))
	}
	if err := v.verify(ctx, c, expired); err != nil {
		return nil, err
	}
	if err := v.proofs.use(ctx, p); err != nil {
		return nil, err
	}
	return v.admit(c, expired)
}

// proof is a proof that was verified, but for its nonce, and that may have been used before.
type proof struct {
	thumbprint string
	id         string // a digest of its jti
	nonce      any
	issued     time.Time
}

// verify checks all of a proof that can be checked without a memory.
func (p *proofVerifier) verify(token guard.DPoPToken) (*proof, error) {
	c, err := parseCompact(token.Proof())
	if err != nil {
		return nil, err
	}
	jwk, _ := c.header["jwk"].(claimset.Object)
	k, err := parseKey(jwk)
	if err != nil || !c.hasType([]string{proofType}) || !k.fits(c.algorithm) {
		return nil, errProof
	}
	if err := p.checkRequest(c, token); err != nil {
		return nil, err
	}
	issued, given, err := timeOf(c.claims, "iat")
	jti, _ := c.claims["jti"].(string)
	switch now := p.now(); {
	case err != nil || !given || jti == "":
		return nil, errProof
	case issued.Before(now.Add(-p.window)) || issued.After(now.Add(p.window)):
		return nil, errProofTime
	case !c.verifiedBy(k):
		return nil, errProof
	}
	return &proof{thumbprint(k.public), digest(jti), c.claims["nonce"], issued}, nil
}

// checkRequest compares what a proof is for with what it came with: method, URL and access token.
func (p *proofVerifier) checkRequest(c *compact, token guard.DPoPToken) error {
	htu, _ := c.claims["htu"].(string)
	given, ok1 := normalURL(htu)
	asked, ok2 := normalURL(p.origin + token.Target())
	ath, _ := c.claims["ath"].(string)
	if strings.Contains(token.Target(), "#") || c.claims["htm"] != token.Method() || !ok1 || !ok2 || given != asked || ath != digest(token.Secret()) {
		return errProofFor
	}
	return nil
}

// use takes the nonce and the one use of a proof.
func (p *proofVerifier) use(ctx context.Context, used *proof) error {
	now := p.now()
	if p.nonces != nil && !p.nonces.accept(used.nonce, now) {
		return errors.Join(errNonce, guard.UseDPoPNonce(p.nonces.at(now)))
	}
	first, err := p.replays(ctx, used.thumbprint, used.id, used.issued.Add(p.window))
	if err != nil {
		return err
	}
	if !first {
		return guard.Invalid(errProofTwice)
	}
	return nil
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return encode(sum[:])
}

// normalURL is a URL without its query and fragment, in the form in which two are compared (RFC 9449 section 4.3, RFC 3986
// sections 6.2.2 and 6.2.3).
func normalURL(text string) (string, bool) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User != nil {
		return "", false
	}
	scheme := strings.ToLower(u.Scheme)
	if scheme != "https" && scheme != "http" {
		return "", false
	}
	path := normalPath(u.EscapedPath())
	if path == "" {
		path = "/"
	}
	return originOf(u) + path, true
}

// normalPath writes escapes in upper case, and none for characters that need none. Segments of dots stay as they are: a
// client that sends them signs them.
func normalPath(path string) string {
	var b strings.Builder
	for i := 0; i < len(path); i++ {
		if path[i] != '%' {
			b.WriteByte(path[i])
			continue
		}
		escape := strings.ToUpper(path[i : i+3])
		if c, err := url.PathUnescape(escape); err == nil && isUnreserved(c[0]) {
			escape = c
		}
		b.WriteString(escape)
		i += 2
	}
	return b.String()
}

// isUnreserved reports whether a character is never escaped in normal form (RFC 3986 section 2.3).
func isUnreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-._~", c) >= 0
}
