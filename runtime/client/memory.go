package client

import (
	"net/http"
	"sync/atomic"

	"github.com/oapi-guard/oapi-guard/runtime/internal/grammar"
)

const maxNonce = 1024

// memory is what a transport knows from the responses of its origin, for one credential. A credential that several
// transports share has one in each.
type memory struct {
	nonce     atomic.Pointer[string]    // of DPoP (RFC 9449 section 8)
	challenge atomic.Pointer[Challenge] // of another scheme
}

// learnNonce keeps the nonce of a response, whatever its status (RFC 9449 section 8.2).
func (m *memory) learnNonce(header http.Header) bool {
	values := header["Dpop-Nonce"]
	if len(values) != 1 || len(values[0]) > maxNonce || !grammar.IsScope(values[0]) {
		return false
	}
	m.nonce.Store(&values[0])
	return true
}

// learnChallenge keeps the first challenge of a scheme.
func (m *memory) learnChallenge(challenges []Challenge, scheme string) {
	for _, c := range challenges {
		if c.Is(scheme) {
			m.challenge.Store(&c)
			return
		}
	}
}
