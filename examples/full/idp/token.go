package idp

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/golang-jwt/jwt/v5"
)

// grant is what an access token is made of.
type grant struct {
	client, subject string
	scopes, roles   []string
	challenge       string // of PKCE, of an authorization code
}

// token is the token endpoint (RFC 6749 section 3.2).
func (p *Provider) token(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 16<<10)
	if r.ParseForm() != nil {
		refuse(w, "invalid_request")
		return
	}
	id, client, known := p.client(r)
	if !known {
		w.Header().Set("WWW-Authenticate", `Basic realm="idp"`)
		reply(w, http.StatusUnauthorized, map[string]string{"error": "invalid_client"})
		return
	}
	if resource := r.PostForm.Get("resource"); resource != "" && resource != p.config.Audience {
		refuse(w, "invalid_target")
		return
	}
	g, problem := p.granted(id, client, r.PostForm)
	if problem != "" {
		refuse(w, problem)
		return
	}
	p.issue(w, g)
}

// client authenticates a client, by its secret or, without one, by its name.
func (p *Provider) client(r *http.Request) (string, Client, bool) {
	id, secret, basic := r.BasicAuth()
	if !basic {
		id = r.PostForm.Get("client_id")
	}
	client, found := p.config.Clients[id]
	return id, client, found && basic == (client.Secret != "") && equal(secret, client.Secret)
}

// granted is the grant that a request of a client has, or the error code (RFC 6749 section 5.2).
func (p *Provider) granted(id string, client Client, form url.Values) (grant, string) {
	switch form.Get("grant_type") {
	case "client_credentials":
		if client.Secret == "" {
			return grant{}, "unauthorized_client"
		}
		scopes, ok := narrow(form.Get("scope"), client.Scopes)
		if !ok {
			return grant{}, "invalid_scope"
		}
		return grant{client: id, subject: id, scopes: scopes, roles: client.Roles}, ""
	case "authorization_code":
		return p.redeem(id, form.Get("code"), func(g grant) bool { return equal(g.challenge, challengeOf(form.Get("code_verifier"))) })
	case "refresh_token":
		return p.redeem(id, form.Get("refresh_token"), func(g grant) bool { return g.challenge == "" })
	}
	return grant{}, "unsupported_grant_type"
}

// redeem takes a code or a refresh token, which are good once.
func (p *Provider) redeem(id, code string, fits func(grant) bool) (grant, string) {
	g, found := p.codes.take(code)
	if !found || g.client != id || !fits(g) {
		return grant{}, "invalid_grant"
	}
	return g, ""
}

// issue answers with an access token, and for a user with a refresh token.
func (p *Provider) issue(w http.ResponseWriter, g grant) {
	now := p.now()
	text, err := p.keys.sign(jwt.MapClaims{
		"iss": p.config.Issuer, "aud": p.config.Audience, "sub": g.subject, "client_id": g.client, "jti": rand.Text(),
		"iat": now.Unix(), "exp": now.Add(p.config.Lifetime).Unix(),
		"scope": strings.Join(g.scopes, " "), "roles": g.roles,
	})
	if err != nil {
		http.Error(w, "the token cannot be signed", http.StatusInternalServerError)
		return
	}
	p.issued.Add(1)
	answer := map[string]any{
		"access_token": text, "token_type": "Bearer", "expires_in": int(p.config.Lifetime.Seconds()), "scope": strings.Join(g.scopes, " "),
	}
	if g.subject != g.client {
		g.challenge = ""
		answer["refresh_token"] = p.codes.put(g)
	}
	reply(w, http.StatusOK, answer)
}

// narrow is the wanted scopes, all that are allowed when none is named.
func narrow(wanted string, allowed []string) ([]string, bool) {
	if wanted == "" {
		return allowed, true
	}
	scopes := strings.Fields(wanted)
	for _, scope := range scopes {
		if !slices.Contains(allowed, scope) {
			return nil, false
		}
	}
	return scopes, true
}

func refuse(w http.ResponseWriter, code string) {
	reply(w, http.StatusBadRequest, map[string]string{"error": code})
}

// challengeOf is the code_challenge of a verifier (RFC 7636 section 4.2).
func challengeOf(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func equal(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
