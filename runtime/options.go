package guard

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Options are what all guards of an API have in common. The zero value is usable.
type Options struct {
	// Realm is the realm of challenges, "api" when empty. It is printable ASCII.
	Realm string
	// Realms are the realms of single schemes where they differ from Realm, by the schemes' names.
	Realms map[string]string
	// ResourceMetadata is the URL of the API's OAuth protected resource metadata (RFC 9728), which every Bearer
	// and DPoP challenge then names: an absolute https URL, or http on a loopback host.
	ResourceMetadata string
	// MaxCredentialBytes bounds the length of a credential, 16 KiB when 0. A longer one is malformed.
	MaxCredentialBytes int
	// RetryAfter is sent with 503, rounded up to seconds. 0 leaves it out.
	RetryAfter time.Duration
	// OmitScopeChallenge leaves the insufficient_scope challenge out of the 403 for a missing scope.
	OmitScopeChallenge bool
	// CallerInContext also puts the caller into the context of an admitted request, for OnDecision, the
	// application's middlewares and its handlers: see [CallerFrom]. It costs two allocations more.
	CallerInContext bool
	// PrivateResponses sets "Cache-Control: private" on the response, before the handler runs and unless there is
	// a Cache-Control already, when the caller was admitted by a credential outside Authorization: shared caches
	// do not know that it is one (RFC 9110 section 16.4.2). The handler can replace it.
	PrivateResponses bool
	// ConcealFromAnonymous answers callers without a valid credential as those who may not on operations with
	// [ConcealAsNotFound]: 404 in place of 401 and 400, and no challenge. Clients then cannot learn from the
	// response how to authenticate.
	ConcealFromAnonymous bool
	// DenialBody makes the body of denials in place of problem+json. Status and challenges stay the guard's.
	// When it panics, or its contentType is no media type, the default is sent. It must be constant for a
	// status code unless clients may learn what distinguishes the verdicts. The context is the one in which
	// the guard found the request, at whatever stage that is denied.
	DenialBody func(ctx context.Context, d Denial) (contentType string, body []byte)
	// OnDecision is told every decision, once, before the handler runs or the denial is written. On an
	// operation with a resource check the request is decided when that has been made. When OnDecision is nil, faults are logged by slog.Default at level Error, and nothing else is.
	OnDecision func(ctx context.Context, e Event)
}

// Denial is what [Options].DenialBody may know.
type Denial struct {
	// Operation is the operationId.
	Operation string
	Status    int
	// Verdict is [VerdictNotFound] or [VerdictForbidden] for all denials that are concealed.
	Verdict Verdict
	// Detail is what the application lets the client know of a 403: see [Detail].
	Detail string
}

const (
	defaultRealm              = "api"
	defaultMaxCredentialBytes = 16 << 10
)

// settings are Options, checked and made ready.
type settings struct {
	realm           string
	realms          map[string]string
	metadata        string
	limit           int
	retryAfter      []string
	scopeChallenge  bool
	callerInContext bool
	fromAnonymous   bool // conceal from them too
	private         bool
	denialBody      func(context.Context, Denial) (string, []byte)
	onDecision      func(context.Context, Event)
}

func newSettings(o Options) (*settings, error) {
	s := &settings{
		realm: o.Realm, limit: o.MaxCredentialBytes,
		scopeChallenge: !o.OmitScopeChallenge, callerInContext: o.CallerInContext, fromAnonymous: o.ConcealFromAnonymous,
		realms: maps.Clone(o.Realms), metadata: o.ResourceMetadata, private: o.PrivateResponses,
		denialBody: o.DenialBody, onDecision: o.OnDecision,
	}
	if s.realm == "" {
		s.realm = defaultRealm
	}
	if s.limit == 0 {
		s.limit = defaultMaxCredentialBytes
	}
	if o.RetryAfter > 0 {
		s.retryAfter = []string{seconds(o.RetryAfter)}
	}
	return s, o.check()
}

// terms are what the challenges of a scheme have to say.
func (s *settings) terms(scheme string) terms {
	if realm := s.realms[scheme]; realm != "" {
		return terms{realm, s.metadata}
	}
	return terms{s.realm, s.metadata}
}

func (o *Options) check() error {
	var errs []error
	for _, scheme := range slices.Sorted(maps.Keys(o.Realms)) {
		if realm := o.Realms[scheme]; !quotable(realm) {
			errs = append(errs, fmt.Errorf("guard: Options.Realms: %q of scheme %q is not printable ASCII", realm, scheme))
		}
	}
	if err := checkMetadata(o.ResourceMetadata); o.ResourceMetadata != "" && err != nil {
		errs = append(errs, fmt.Errorf("guard: Options.ResourceMetadata %q: %w", o.ResourceMetadata, err))
	}
	if !quotable(o.Realm) {
		errs = append(errs, fmt.Errorf("guard: Options.Realm %q is not printable ASCII", o.Realm))
	}
	if o.MaxCredentialBytes < 0 {
		errs = append(errs, fmt.Errorf("guard: Options.MaxCredentialBytes is negative: %d", o.MaxCredentialBytes))
	}
	if o.RetryAfter < 0 {
		errs = append(errs, fmt.Errorf("guard: Options.RetryAfter is negative: %s", o.RetryAfter))
	}
	return errors.Join(errs...)
}

// checkMetadata checks the URL of a metadata document (RFC 9728 section 3). What is not printable ASCII is
// written with percent signs.
func checkMetadata(text string) error {
	u, err := url.Parse(text)
	switch {
	case err != nil || strings.ContainsFunc(text, notInURI) || u.Hostname() == "":
		return errors.New("it is not an absolute URL")
	case u.User != nil || strings.ContainsRune(text, '#'):
		return errors.New("it has a user or a fragment")
	case u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())):
		return errors.New("it is neither https nor on a loopback host")
	}
	return nil
}

// notInURI reports whether a character has to be escaped in a URI (RFC 3986 section 2).
func notInURI(c rune) bool { return c <= ' ' || c > '~' || strings.ContainsRune("\"<>\\^`{|}", c) }

func isLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}
