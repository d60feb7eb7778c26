package jwt

import (
	"crypto"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/oapi-guard/oapi-guard/runtime/internal/claimset"
)

// The type of access tokens (RFC 9068 section 2.1), and the defaults of [Config].
const (
	accessToken = "application/at+jwt"

	defaultCoolDown  = 10 * time.Second
	defaultRefresh   = 10 * time.Minute
	defaultStaleness = 24 * time.Hour
	defaultTimeout   = 5 * time.Second

	// grace is the time that a fetch gets to end after its Timeout.
	grace = time.Second
)

// Config says which tokens are accepted. Issuer and Audience are required. Without JWKSURL, JWKS and PublicKeys the keys
// are found through the metadata of the issuer.
type Config struct {
	// Issuer is the iss of every token, compared byte by byte (RFC 7519 section 4.1.1). For discovery it is a URL.
	Issuer string
	// Audience are the names of this API. A token has one of them at least in aud (RFC 9068 section 4).
	Audience []string

	// JWKSURL is the address of the provider's keys. It makes discovery unnecessary.
	JWKSURL string
	// JWKS is a JWK set (RFC 7517 section 5), in which each key must be usable. Nothing is fetched.
	JWKS []byte
	// PublicKeys are keys by their key id, the empty one for a key without. Each is an *rsa.PublicKey, an
	// *ecdsa.PublicKey or an ed25519.PublicKey. Nothing is fetched.
	PublicKeys map[string]crypto.PublicKey

	// Leeway is how far the clocks of provider and API may differ, for exp, nbf and iat. The zero value forgives nothing;
	// 30 seconds are customary.
	Leeway time.Duration
	// Types are the accepted values of typ, with or without application/, in any case. The default is at+jwt (RFC 9068
	// section 4). Many providers write JWT; then Audience alone tells access tokens and ID tokens apart. The empty string
	// accepts tokens without typ.
	Types []string
	// Algorithms are the accepted signature algorithms (RFC 7518 section 3.1). The default is RS256 to RS512, PS256 to
	// PS512, ES256 to ES512, EdDSA and Ed25519. No others are possible.
	Algorithms []string

	// RoleClaims are the claims with roles: names, dotted paths (realm_access.roles) or JSON pointers (RFC 6901). A claim of
	// that very name comes before a path. A list gives its strings, and a string is one role. The default is roles (RFC
	// 9068 section 2.2.3.1).
	RoleClaims []string
	// ScopeClaims are the claims with scopes, in the same notation: a list, or a string that is split at spaces. The default
	// is scope (RFC 8693 section 4.2), and scp where it is a list. Name scp for providers that make a string of it.
	ScopeClaims []string

	// HTTPClient fetches metadata and keys, within Timeout and with redirects within their origin only.
	HTTPClient *http.Client
	// Timeout is the time that a fetch may take, metadata included. The default is 5 seconds.
	Timeout time.Duration
	// CoolDown is the time after a fetch in vain in which unknown key ids cause no other. The default is 10 seconds.
	CoolDown time.Duration
	// Refresh is the age at which keys are fetched again while they are used. The default is 10 minutes, or half of
	// Staleness when that is less.
	Refresh time.Duration
	// Staleness is the age at which keys are not used any longer, because the provider could not be asked whether it has
	// revoked them. The default is 24 hours.
	Staleness time.Duration
	// UnsafeHTTP allows keys to come over plain HTTP from other machines. Whoever can change them on their way can make
	// tokens.
	UnsafeHTTP bool

	// DPoP accepts tokens that are bound to a key, by [Verifier.AuthenticateDPoP] (RFC 9449).
	DPoP *DPoP

	// Clock is time.Now, but for tests.
	Clock func() time.Time
}

// New makes a verifier. It reports all that is wrong with the configuration, and makes no request: the provider may be
// down.
func New(config Config) (*Verifier, error) {
	config = config.withDefaults()
	errs := []error{config.check(), config.checkDurations(), checkAlgorithms(config.Algorithms)}
	v := &Verifier{
		issuer: config.Issuer, audience: slices.Clone(config.Audience), algorithms: slices.Clone(config.Algorithms),
		leeway: config.Leeway, now: config.Clock,
	}
	for _, t := range config.Types {
		v.types = append(v.types, mediaType(t))
	}
	var err error
	v.roles, err = claimset.ParsePaths(config.RoleClaims)
	errs = append(errs, inField("RoleClaims", err))
	v.scopes, err = claimset.ParseScopePaths(config.ScopeClaims)
	errs = append(errs, inField("ScopeClaims", err))
	v.source, err = config.source()
	errs = append(errs, err)
	v.proofs, err = config.DPoP.verifier(config.Clock)
	if err := errors.Join(append(errs, err)...); err != nil {
		return nil, err
	}
	return v, nil
}

func (c Config) withDefaults() Config {
	c.Timeout = orDefault(c.Timeout, defaultTimeout)
	c.CoolDown = orDefault(c.CoolDown, defaultCoolDown)
	c.Staleness = orDefault(c.Staleness, defaultStaleness)
	c.Refresh = orDefault(c.Refresh, min(defaultRefresh, c.Staleness/2))
	if c.Types == nil {
		c.Types = []string{accessToken}
	}
	if c.Algorithms == nil {
		c.Algorithms = allAlgorithms()
	}
	if c.RoleClaims == nil {
		c.RoleClaims = []string{"roles"}
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	return c
}

func orDefault(d, otherwise time.Duration) time.Duration {
	if d == 0 {
		return otherwise
	}
	return d
}

func (c *Config) check() error {
	var errs []error
	if c.Issuer == "" {
		errs = append(errs, errors.New("jwt: Issuer is empty"))
	}
	if len(c.Audience) == 0 || slices.Contains(c.Audience, "") {
		errs = append(errs, errors.New("jwt: Audience is empty, or has an empty name"))
	}
	if len(c.Types) == 0 {
		errs = append(errs, errors.New("jwt: Types is empty, so that no token is accepted"))
	}
	if len(c.Algorithms) == 0 {
		errs = append(errs, errors.New("jwt: Algorithms is empty, so that no token is accepted"))
	}
	for _, t := range c.Types {
		if i := indexSpecial(t); i >= 0 {
			errs = append(errs, fmt.Errorf("jwt: Types has %q, which is not a media type without parameters", t))
		}
	}
	return errors.Join(errs...)
}

// indexSpecial finds a character that no media type has (RFC 6838 section 4.2).
func indexSpecial(mediaType string) int {
	return strings.IndexFunc(mediaType, func(c rune) bool { return c <= ' ' || c >= 0x7F || strings.ContainsRune(`;,"`, c) })
}

func (c *Config) checkDurations() error {
	switch {
	case c.Leeway < 0 || c.Timeout < 0 || c.CoolDown < 0 || c.Refresh < 0 || c.Staleness < 0:
		return errors.New("jwt: a duration is negative")
	case c.Refresh > c.Staleness:
		return errors.New("jwt: Refresh is longer than Staleness")
	}
	return nil
}

// source is the only one of the places where keys can come from.
func (c *Config) source() (keySource, error) {
	given := 0
	for _, is := range []bool{c.JWKSURL != "", c.JWKS != nil, c.PublicKeys != nil} {
		if is {
			given++
		}
	}
	switch {
	case given > 1:
		return nil, errors.New("jwt: JWKSURL, JWKS and PublicKeys exclude each other")
	case c.JWKS != nil:
		set, refused, err := parseSet(c.JWKS)
		return set, inField("JWKS", errors.Join(append(refused, err)...))
	case c.PublicKeys != nil:
		return publicKeys(c.PublicKeys)
	case c.JWKSURL != "":
		return c.provider(), inField("JWKSURL", checkAddress(c.JWKSURL, c.UnsafeHTTP))
	}
	return c.provider(), inField("Issuer, for discovery", checkIssuer(c.Issuer, c.UnsafeHTTP))
}

func (c *Config) provider() *provider {
	f := &fetcher{
		client: newClient(c.HTTPClient), issuer: c.Issuer, plain: c.UnsafeHTTP, timeout: c.Timeout,
		jwks: c.JWKSURL, fixed: c.JWKSURL != "",
	}
	// The monotonic clock stands still while the machine sleeps, and the keys become old nevertheless.
	wall := func() time.Time { return c.Clock().Round(0) }
	return &provider{
		fetch: f.fetch, now: wall, coolDown: c.CoolDown, refresh: c.Refresh, staleness: c.Staleness,
		patience: c.Timeout + grace,
	}
}

func inField(field string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("jwt: %s: %w", field, err)
}
