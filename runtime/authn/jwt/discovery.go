package jwt

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/oapi-guard/oapi-guard/runtime/internal/claimset"
)

// discover asks for the provider's metadata: where OpenID Connect Discovery 1.0 section 4 puts it, and where RFC 8414
// section 3 does when there is none.
func (f *fetcher) discover(ctx context.Context) (string, error) {
	document, answered, err := f.get(ctx, strings.TrimSuffix(f.issuer, "/")+"/.well-known/openid-configuration")
	if answered {
		var second error
		if document, _, second = f.get(ctx, oauthMetadata(f.issuer)); second != nil {
			return "", errors.Join(err, second)
		}
		err = nil
	}
	if err != nil {
		return "", err
	}
	return f.readMetadata(document)
}

// readMetadata returns the jwks_uri. The issuer must be the one asked for, to the byte: the metadata of another one would
// bring its keys (RFC 8414 section 3.3).
func (f *fetcher) readMetadata(document []byte) (string, error) {
	metadata, err := claimset.Parse(string(document))
	if err != nil {
		return "", fmt.Errorf("jwt: the provider's metadata: %w", err)
	}
	if metadata["issuer"] != f.issuer {
		return "", fmt.Errorf("jwt: the metadata is that of another issuer than %q", f.issuer)
	}
	address, _ := metadata["jwks_uri"].(string)
	if err := checkAddress(address, f.plain); err != nil {
		return "", fmt.Errorf("jwt: jwks_uri of the metadata: %w", err)
	}
	return address, nil
}

// oauthMetadata puts the well-known path between the host and the path of the issuer.
func oauthMetadata(issuer string) string {
	u, err := url.Parse(issuer)
	if err != nil {
		return ""
	}
	path := strings.TrimSuffix(u.EscapedPath(), "/")
	return u.Scheme + "://" + u.Host + "/.well-known/oauth-authorization-server" + path
}

func checkIssuer(issuer string, plain bool) error {
	if strings.ContainsAny(issuer, "?#") {
		return fmt.Errorf("%q has a query or a fragment", issuer)
	}
	return checkAddress(issuer, plain)
}
