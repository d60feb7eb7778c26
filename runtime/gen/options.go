package gen

import (
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/internal/answer"
	"github.com/oapi-guard/oapi-guard/runtime/internal/challenge"
	"github.com/oapi-guard/oapi-guard/runtime/internal/grammar"
)

const (
	defaultRealm              = "api"
	defaultMaxCredentialBytes = 16 << 10
)

// challengeTerms are the terms of a scheme's challenges.
func challengeTerms(o guard.Options, scheme string) challenge.Terms {
	for _, realm := range []string{o.Realms[scheme], o.Realm} {
		if realm != "" {
			return challenge.Terms{Realm: realm, Metadata: o.ResourceMetadata}
		}
	}
	return challenge.Terms{Realm: defaultRealm, Metadata: o.ResourceMetadata}
}

func maxCredentialBytes(o guard.Options) int {
	if o.MaxCredentialBytes == 0 {
		return defaultMaxCredentialBytes
	}
	return o.MaxCredentialBytes
}

func retryAfter(o guard.Options) []string {
	if o.RetryAfter <= 0 {
		return nil
	}
	return []string{answer.Seconds(o.RetryAfter)}
}

func checkOptions(o guard.Options) error {
	var errs []error
	for _, scheme := range slices.Sorted(maps.Keys(o.Realms)) {
		if realm := o.Realms[scheme]; !grammar.IsPrintable(realm) {
			errs = append(errs, fmt.Errorf("guard: Options.Realms: %q of scheme %q is not printable ASCII", realm, scheme))
		}
	}
	if err := checkMetadata(o.ResourceMetadata); o.ResourceMetadata != "" && err != nil {
		errs = append(errs, fmt.Errorf("guard: Options.ResourceMetadata %q: %w", o.ResourceMetadata, err))
	}
	if !grammar.IsPrintable(o.Realm) {
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

// checkMetadata checks the URL of a metadata document (RFC 9728 section 3). Other characters than printable ASCII are
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
