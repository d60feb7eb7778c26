package guardtest

import (
	"fmt"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/internal/credential"
)

// OpaqueCredentials makes the credentials of an http scheme with x-credentials: opaque. The arguments are those of
// [HTTPCredentials].
func OpaqueCredentials(scheme, credentials, method, target string) (guard.HTTPCredentials, error) {
	opaque, err := credential.NewOpaque(scheme, credentials, method, target)
	if err != nil {
		return guard.HTTPCredentials{}, fmt.Errorf("guardtest: %s credentials: %w", scheme, err)
	}
	return guard.HTTPCredentials{Params: opaque}, nil
}
