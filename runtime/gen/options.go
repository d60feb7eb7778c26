package gen

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/internal/answer"
	"github.com/oapi-guard/oapi-guard/runtime/internal/challenge"
	"github.com/oapi-guard/oapi-guard/runtime/internal/grammar"
	"github.com/oapi-guard/oapi-guard/runtime/internal/location"
)

const (
	defaultRealm              = "api"
	defaultMaxCredentialBytes = 16 << 10
)

// challengeTerms are the terms of a scheme's challenges.
func challengeTerms(o guard.Options, scheme string) challenge.Terms {
	for _, realm := range []string{o.Realms[scheme], o.Realm} {
		if realm != "" {
			return challenge.Terms{Realm: realm, Metadata: resourceMetadata(o)}
		}
	}
	return challenge.Terms{Realm: defaultRealm, Metadata: resourceMetadata(o)}
}

// resourceMetadata is the URL of the API's metadata: the one of the options, or that of the resource.
func resourceMetadata(o guard.Options) string {
	if o.ResourceMetadata == "" && o.Resource != "" {
		origin, place := location.Metadata(o.Resource)
		return origin + place
	}
	return o.ResourceMetadata
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
	if err := location.Check(o.Resource); o.Resource != "" && err != nil {
		errs = append(errs, fmt.Errorf("guard: Options.Resource %q: %w", o.Resource, err))
	}
	if err := location.Check(o.ResourceMetadata); o.ResourceMetadata != "" && err != nil {
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
