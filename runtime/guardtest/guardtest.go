// Package guardtest makes the credentials that guards hand to authenticators, for tests of authenticators.
package guardtest

import (
	"crypto/x509"
	"fmt"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/internal/credential"
	"github.com/oapi-guard/oapi-guard/runtime/internal/secret"
)

// BearerToken makes the token of a bearer scheme.
func BearerToken(token string) guard.BearerToken {
	return guard.BearerToken{Text: secret.Hide(token)}
}

// APIKey makes the key of an apiKey scheme.
func APIKey(key string) guard.APIKey { return guard.APIKey{Text: secret.Hide(key)} }

// BasicCredentials makes the credentials of a basic scheme.
func BasicCredentials(username, password string) guard.BasicCredentials {
	return guard.BasicCredentials{UserPass: credential.NewUserPass(username, password)}
}

// ClientCertificate makes the certificate of a mutualTLS scheme from verified chains, each from the leaf to a root.
func ClientCertificate(chains ...[]*x509.Certificate) guard.ClientCertificate {
	return guard.ClientCertificate{Verified: credential.NewVerified(chains)}
}

// DPoPToken makes the token of a DPoP scheme. The method and the path are those of the request that it came with.
func DPoPToken(token, proof, method, path string) guard.DPoPToken {
	return guard.DPoPToken{Bound: credential.NewBound(token, proof, method, path)}
}

// HTTPCredentials parses the text after the scheme in an Authorization field. The method and the target are those of
// the request that it came with; only Digest and its kin look at them.
func HTTPCredentials(scheme, credentials, method, target string) (guard.HTTPCredentials, error) {
	parsed, err := credential.NewParams(scheme, credentials, method, target)
	if err != nil {
		return guard.HTTPCredentials{}, fmt.Errorf("guardtest: %s credentials: %w", scheme, err)
	}
	return guard.HTTPCredentials{Params: parsed}, nil
}
