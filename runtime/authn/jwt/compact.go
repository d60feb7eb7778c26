package jwt

import (
	"cmp"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/oapi-guard/oapi-guard/runtime/internal/claimset"
)

// maxBytes is the size of the longest token.
const maxBytes = 16 << 10

var (
	errForm = errors.New("jwt: not three parts of base64url (a JWS in compact serialisation), or longer than 16 KiB")
	errCrit = errors.New("jwt: the header has crit or b64, none of which is understood")
	errAlg  = errors.New("jwt: alg is not among Config.Algorithms")
	errKid  = errors.New("jwt: the key id is not a string")
)

// compact is a JWS in compact serialisation (RFC 7515 section 7.1), taken apart and not verified.
type compact struct {
	header    claimset.Object
	claims    claimset.Object
	payload   string // the claims as they came
	algorithm string
	kid       string
	hasKid    bool
	signed    string // what the signature is of
	signature []byte

	expires, issued time.Time
	hasIssued       bool
}

// parseCompact takes a token apart. The parts are canonical: with stray bits, padding or line breaks in its base64 one
// token would have many spellings.
func parseCompact(token string) (*compact, error) {
	if len(token) > maxBytes || strings.Count(token, ".") != 2 {
		return nil, errForm
	}
	first, last := strings.IndexByte(token, '.'), strings.LastIndexByte(token, '.')
	header, err1 := decode(token[:first])
	payload, err2 := decode(token[first+1 : last])
	signature, err3 := decode(token[last+1:])
	if err1 != nil || err2 != nil || err3 != nil {
		return nil, errForm
	}
	c := &compact{payload: string(payload), signed: token[:last], signature: signature}
	c.header, err1 = claimset.Parse(string(header))
	c.claims, err2 = claimset.Parse(c.payload)
	if err := cmp.Or(err1, err2); err != nil {
		return nil, fmt.Errorf("jwt: header or claims: %w", err)
	}
	return c, c.readHeader()
}

// readHeader reads the parameters that say how to verify. jku, jwk, x5u and x5c are ignored: a token does not choose its
// own key (RFC 8725 section 3.10).
func (c *compact) readHeader() error {
	_, crit := c.header["crit"]
	_, b64 := c.header["b64"]
	if crit || b64 {
		return errCrit
	}
	c.algorithm, _ = c.header["alg"].(string)
	if signatureOf(c.algorithm) == nil {
		return errAlg
	}
	kid, given := c.header["kid"]
	if !given {
		return nil
	}
	if c.kid, c.hasKid = kid.(string); !c.hasKid {
		return errKid
	}
	return nil
}

// hasType reports whether typ is one of the types, which are in the form of [mediaType]. The empty one is that of a token
// that does not say.
func (c *compact) hasType(types []string) bool {
	typ, given := c.header["typ"]
	name, isText := typ.(string)
	if given && (!isText || name == "") {
		return false
	}
	name = mediaType(name)
	for _, t := range types {
		if t == name {
			return true
		}
	}
	return false
}

// mediaType is a typ in the form in which two are compared: in lower case, and with application/ before a name without a
// slash (RFC 7515 section 4.1.9). Only ASCII has cases here.
func mediaType(typ string) string {
	lower := strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, typ)
	if lower == "" || strings.Contains(lower, "/") {
		return lower
	}
	return "application/" + lower
}

// verifiedBy reports whether the signature is this key's.
func (c *compact) verifiedBy(k *key) bool {
	return signatureOf(c.algorithm).Verify(c.signed, c.signature, k.public) == nil
}

// decode reads canonical base64url. Package base64 would skip line breaks.
func decode(part string) ([]byte, error) {
	if strings.ContainsAny(part, "\r\n") {
		return nil, errForm
	}
	return base64.RawURLEncoding.Strict().DecodeString(part)
}

func encode(bytes []byte) string { return base64.RawURLEncoding.EncodeToString(bytes) }
