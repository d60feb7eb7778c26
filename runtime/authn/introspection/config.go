package introspection

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/oapi-guard/oapi-guard/runtime/internal/claimset"
)

// ClientAuth is the way in which we authenticate at the endpoint (RFC 7662 section 2.1).
type ClientAuth int

const (
	// SecretBasic sends ClientID and ClientSecret in the Authorization field (RFC 6749 section 2.3.1).
	SecretBasic ClientAuth = iota
	// SecretPost sends them as client_id and client_secret in the body.
	SecretPost
	// ByTransport sends neither: Transport authenticates, with a client certificate or an access token, say.
	ByTransport
)

// Config says whom to ask, and which tokens are for us. Zero values are defaults where one is named.
type Config struct {
	// Endpoint is the URL of the introspection endpoint: https, or http on a loopback address.
	Endpoint string
	// AllowHTTP admits http to other hosts. Whoever is on the way reads every token and the client's secret.
	AllowHTTP bool

	ClientAuth             ClientAuth
	ClientID, ClientSecret string
	// Transport sends the requests. The default is one like http.DefaultTransport with more idle connections.
	Transport http.RoundTripper

	// Audience lists the names of this API: a token's aud has to contain one of them (RFC 7662 section 4).
	Audience []string
	// AnyAudience accepts tokens for every audience, and those without any. Without it, Audience is required.
	AnyAudience bool
	// Issuer, when set, has to be the iss of the answer.
	Issuer string

	// ScopeClaims are the claims with scopes: a list, or a string that is split at spaces. The default is scope, and scp where
	// it is a list. Name scp for servers that make a string of it.
	ScopeClaims []string
	// RoleClaims are the claims with roles, none by default: a list, or one string that is never split. A claim is the name of
	// a member of the answer, or else a path with dots ("realm_access.roles"), or a JSON pointer (RFC 6901).
	RoleClaims []string

	// Leeway is how far our clock may be ahead (exp) or behind (nbf). The default is none.
	Leeway time.Duration
	// Timeout limits a question, including the wait for its turn. The default is three seconds.
	Timeout time.Duration
	// MaxConcurrent limits the questions at one time, 64 by default. Thirty-two times as many may wait for their turn; a token
	// beyond that is unavailable at once.
	MaxConcurrent int

	// MaxAge is how long an accepted answer is remembered: one minute by default, never beyond exp. A negative one asks for
	// every request.
	MaxAge time.Duration
	// RefusalAge is how long a refusal is remembered: ten seconds by default; a negative one remembers none.
	RefusalAge time.Duration
	// MaxEntries limits the accepted answers in memory, and the refusals in memory, each. The default is 10,000.
	MaxEntries int

	// Shared is a cache behind the one in memory.
	Shared Cache
	// SharedKey, of at least 32 random bytes, is the same in all processes that share the cache.
	SharedKey []byte
	// SharedTimeout limits an operation on Shared. The default is 100 milliseconds.
	SharedTimeout time.Duration
	// OnSharedError is told when Shared fails, at most once a second. It must not block.
	OnSharedError func(error)
}

// settings are a configuration that was checked, with its defaults.
type settings struct {
	Config
	scopes, roles []claimset.Path // ScopeClaims and RoleClaims
}

// validated is the configuration with its defaults, or all that is wrong with it.
func (c Config) validated() (settings, error) {
	c.defaults()
	scopes, err1 := claimset.ParseScopePaths(c.ScopeClaims)
	roles, err2 := claimset.ParsePaths(c.RoleClaims)
	err := errors.Join(c.checkEndpoint(), c.checkClient(), c.checkTokens(), err1, err2, c.checkLimits(), c.checkShared())
	if err != nil {
		return settings{}, fmt.Errorf("introspection: %w", err)
	}
	return settings{c, scopes, roles}, nil
}

func (c *Config) defaults() {
	c.Audience, c.SharedKey = slices.Clone(c.Audience), slices.Clone(c.SharedKey)
	byDefault(&c.Timeout, 3*time.Second)
	byDefault(&c.MaxAge, time.Minute)
	byDefault(&c.RefusalAge, 10*time.Second)
	byDefault(&c.SharedTimeout, 100*time.Millisecond)
	byDefault(&c.MaxConcurrent, 64)
	byDefault(&c.MaxEntries, 10_000)
}

// byDefault sets a field that is not set.
func byDefault[T comparable](field *T, value T) {
	if *field == *new(T) {
		*field = value
	}
}

func (c *Config) checkEndpoint() error {
	u, err := url.Parse(c.Endpoint)
	switch {
	case err != nil:
		return errors.New("the Endpoint is not a URL")
	case u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return errors.New("the Endpoint is not an https URL")
	case u.User != nil:
		return errors.New("the Endpoint contains a user: use ClientID and ClientSecret")
	case u.Fragment != "":
		return errors.New("the Endpoint has a fragment")
	case u.Scheme == "http" && !c.AllowHTTP && !isLoopback(u.Hostname()):
		return errors.New("the Endpoint is http, which shows tokens to everybody on the way: use https, or AllowHTTP")
	}
	return nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func (c *Config) checkClient() error {
	switch c.ClientAuth {
	case SecretBasic, SecretPost:
		if c.ClientID == "" || c.ClientSecret == "" {
			return errors.New("a ClientID and a ClientSecret are required (or ByTransport)")
		}
	case ByTransport:
		if c.Transport == nil {
			return errors.New("ByTransport needs a Transport")
		}
		if c.ClientSecret != "" {
			return errors.New("ByTransport sends no ClientSecret")
		}
	default:
		return fmt.Errorf("ClientAuth is %d", c.ClientAuth)
	}
	return nil
}

func (c *Config) checkTokens() error {
	var errs []error
	if len(c.Audience) == 0 && !c.AnyAudience {
		errs = append(errs, errors.New("an Audience is required: a token for another API would be accepted (AnyAudience)"))
	}
	if len(c.Audience) > 0 && c.AnyAudience {
		errs = append(errs, errors.New("the fields Audience and AnyAudience exclude each other"))
	}
	if slices.Contains(c.Audience, "") {
		errs = append(errs, errors.New("the Audience has an empty name"))
	}
	return errors.Join(errs...)
}

func (c *Config) checkLimits() error {
	if c.Leeway < 0 || c.Timeout < 0 || c.SharedTimeout < 0 || c.MaxConcurrent < 0 || c.MaxEntries < 0 {
		return errors.New("the limits Leeway, Timeout, SharedTimeout, MaxConcurrent and MaxEntries cannot be negative")
	}
	return nil
}

func (c *Config) checkShared() error {
	switch {
	case c.Shared != nil && len(c.SharedKey) < 32:
		return errors.New("a Shared cache needs a SharedKey of at least 32 bytes")
	case c.Shared == nil && len(c.SharedKey) > 0:
		return errors.New("a SharedKey without Shared has no use")
	case c.Shared != nil && c.MaxAge < 0:
		return errors.New("a Shared cache without a MaxAge: nothing is remembered")
	}
	return nil
}
