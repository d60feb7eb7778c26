package client

import (
	"net/http"

	"github.com/oapi-guard/oapi-guard/runtime/internal/secret"
)

// bearer are the tokens of a source, sent as Bearer.
type bearer struct {
	hidden
	tokens *tokens
}

// Bearer is a token in Authorization (RFC 6750 section 2.1): for http bearer, oauth2 and openIdConnect schemes. It is nil
// without a source.
func Bearer(source TokenSource) Credential {
	if source == nil {
		return nil
	}
	return &bearer{tokens: &tokens{source: source, scheme: "Bearer"}}
}

func (b *bearer) check() error           { return nil }
func (b *bearer) secrets() []secret.Text { return b.tokens.secrets() }

func (s *tokens) secrets() []secret.Text {
	if t := s.current.Load(); t != nil {
		return []secret.Text{t.text}
	}
	return nil
}

func (b *bearer) authorize(x *exchange, out *http.Request) error {
	token, err := x.token(b.tokens)
	if err != nil {
		return err
	}
	out.Header["Authorization"] = []string{secret.Reveal(token.authorization)}
	return nil
}

func (b *bearer) react(x *exchange, resp *http.Response) (bool, string, error) {
	challenges := ParseChallenges(resp.Header)
	if reason := notOurs(challenges, "Bearer"); reason != "" {
		return false, reason, nil
	}
	return x.renew(b.tokens, resp)
}

// notOurs says why a 401 is not about the credential of a scheme, and nothing when it is. Without a challenge it is. The
// first challenge of the scheme with an error decides.
func notOurs(challenges []Challenge, scheme string) string {
	if len(challenges) == 0 {
		return ""
	}
	offered := false
	for _, c := range challenges {
		if !c.Is(scheme) {
			continue
		}
		offered = true
		switch code, ok := c.Param("error"); {
		case isAboutOtherThings(code):
			return "the server says " + code + ", which another token does not cure"
		case ok:
			return ""
		}
	}
	if !offered {
		return "the server asks for other schemes"
	}
	return ""
}

// isAboutOtherThings reports the errors that are not about the token: RFC 6750 section 3.1, RFC 9449 section 7.1, RFC 9470
// section 3.
func isAboutOtherThings(code string) bool {
	switch code {
	case "invalid_request", "insufficient_scope", "insufficient_user_authentication", "invalid_dpop_proof", "use_dpop_nonce":
		return true
	}
	return false
}
