// Package idp is an identity provider for demonstrations and tests: discovery (OpenID Connect Discovery 1.0), keys that
// rotate, and access tokens as JWTs (RFC 9068) for one API. It runs in the process of the API, on an address of its own.
// Its users and clients are in the program, and so are their secrets: it is not for production.
package idp

import (
	"encoding/json"
	"log"
	"net/http"
	"sync/atomic"
	"time"
)

// Config says who can get tokens, and for which API.
type Config struct {
	// Issuer is the URL at which the provider is served.
	Issuer string
	// Audience is the API: the aud of every token, and the only resource that can be asked for (RFC 8707).
	Audience string
	// Clients are the registered clients, by client_id.
	Clients map[string]Client
	// Users are the people who can log in, by name.
	Users map[string]User
	// Lifetime is that of access tokens. The default is five minutes.
	Lifetime time.Duration
}

// Client is a program that gets tokens.
type Client struct {
	// Secret authenticates the client. A client without one is public: its users log in with PKCE (RFC 7636).
	Secret string
	// Redirect is the only redirect_uri of a public client.
	Redirect string
	// Scopes are those that the client can have.
	Scopes []string
	// Roles are those of the client itself, with the client credentials grant.
	Roles []string
}

// User is somebody who can log in.
type User struct {
	Password string
	Roles    []string
}

// Provider is the identity provider. It is an [http.Handler].
type Provider struct {
	config Config
	keys   keys
	codes  grants // authorization codes, and refresh tokens
	mux    *http.ServeMux
	down   atomic.Bool
	behind atomic.Int64 // how far its clock is behind
	issued atomic.Int64
}

// New makes a provider with its first key.
func New(config Config) (*Provider, error) {
	if config.Lifetime == 0 {
		config.Lifetime = 5 * time.Minute
	}
	p := &Provider{config: config, mux: http.NewServeMux()}
	p.mux.HandleFunc("GET /.well-known/openid-configuration", p.discovery)
	p.mux.HandleFunc("GET /jwks", p.jwks)
	p.mux.HandleFunc("GET /authorize", p.loginPage)
	p.mux.HandleFunc("POST /authorize", p.login)
	p.mux.HandleFunc("POST /token", p.token)
	return p, p.keys.rotate()
}

// ServeHTTP answers, unless the provider is down.
func (p *Provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if p.down.Load() {
		panic(http.ErrAbortHandler) // the connection ends without an answer
	}
	p.mux.ServeHTTP(w, r)
}

// Rotate makes a new signing key. The one before it stays published.
func (p *Provider) Rotate() error { return p.keys.rotate() }

// SetDown takes the provider down, or brings it back: while it is down nothing gets an answer.
func (p *Provider) SetDown(down bool) { p.down.Store(down) }

// SetClockBehind puts the provider's clock back: its tokens are that much older than it says.
func (p *Provider) SetClockBehind(behind time.Duration) { p.behind.Store(int64(behind)) }

// Issued is the number of access tokens so far.
func (p *Provider) Issued() int { return int(p.issued.Load()) }

func (p *Provider) now() time.Time { return time.Now().Add(-time.Duration(p.behind.Load())) }

func (p *Provider) discovery(w http.ResponseWriter, _ *http.Request) {
	reply(w, http.StatusOK, map[string]any{
		"issuer":                                p.config.Issuer,
		"authorization_endpoint":                p.config.Issuer + "/authorize",
		"token_endpoint":                        p.config.Issuer + "/token",
		"jwks_uri":                              p.config.Issuer + "/jwks",
		"response_types_supported":              []string{"code"},
		"grant_types_supported":                 []string{"authorization_code", "client_credentials", "refresh_token"},
		"code_challenge_methods_supported":      []string{"S256"},
		"token_endpoint_auth_methods_supported": []string{"client_secret_basic", "none"},
		"subject_types_supported":               []string{"public"},
		"id_token_signing_alg_values_supported": []string{"ES256"},
	})
}

func (p *Provider) jwks(w http.ResponseWriter, _ *http.Request) {
	published, err := p.keys.published()
	if err != nil {
		http.Error(w, "the keys cannot be read", http.StatusInternalServerError)
		return
	}
	reply(w, http.StatusOK, map[string]any{"keys": published})
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(body); err != nil {
		log.Print("idp: ", err)
	}
}
