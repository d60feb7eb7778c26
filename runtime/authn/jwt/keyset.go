package jwt

import (
	"bytes"
	"crypto"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/oapi-guard/oapi-guard/runtime/internal/claimset"
)

// The sizes of the largest set and of the largest key in it, so that it is read in a short time.
const (
	maxKeys     = 1000
	maxKeyBytes = 64 << 10
)

var errSet = errors.New("jwt: not a JWK set")

// keySet are the keys of a provider that verify signatures.
type keySet struct {
	all  []*key
	byID map[string][]*key
}

func newKeySet(keys []*key) *keySet {
	s := &keySet{all: keys, byID: map[string][]*key{}}
	for _, k := range keys {
		if k.hasID {
			s.byID[k.id] = append(s.byID[k.id], k)
		}
	}
	return s
}

// parseSet reads a JWK set (RFC 7517 section 5). Keys that are bad or not for us do not spoil it, but one without any
// other is an error. refused says what was wrong with each of them.
func parseSet(document []byte) (s *keySet, refused []error, err error) {
	raws, err := rawKeys(document)
	if err != nil {
		return nil, nil, err
	}
	var keys []*key
	for i, raw := range raws {
		k, err := parseRawKey(raw)
		if err != nil {
			refused = append(refused, fmt.Errorf("jwt: key %d of the set: %w", i, err))
			continue
		}
		keys = append(keys, k)
	}
	if len(keys) == 0 {
		return nil, refused, fmt.Errorf("%w: no key in it verifies signatures", errSet)
	}
	return newKeySet(keys), refused, nil
}

func parseRawKey(raw json.RawMessage) (*key, error) {
	if len(raw) > maxKeyBytes {
		return nil, errors.New("larger than 64 KiB")
	}
	members, err := claimset.Parse(string(raw))
	if err != nil {
		return nil, err
	}
	return parseKey(members)
}

// rawKeys takes the set apart without looking into its keys, so that what is wrong with one of them stays there.
func rawKeys(document []byte) ([]json.RawMessage, error) {
	d := json.NewDecoder(bytes.NewReader(document))
	if !json.Valid(document) || !opens(d, '{') {
		return nil, errSet
	}
	var keys []json.RawMessage
	found := false
	for d.More() {
		name, err := d.Token()
		switch {
		case err != nil || name == "keys" && found:
			return nil, errSet
		case name != "keys":
			err = d.Decode(new(json.RawMessage))
		default:
			found = true
			keys, err = rawElements(d)
		}
		if err != nil {
			return nil, err
		}
	}
	if !found {
		return nil, fmt.Errorf("%w: it has no keys", errSet)
	}
	return keys, nil
}

func rawElements(d *json.Decoder) (elements []json.RawMessage, err error) {
	if !opens(d, '[') {
		return nil, errSet
	}
	for d.More() {
		if len(elements) == maxKeys {
			return nil, fmt.Errorf("%w: more than %d keys", errSet, maxKeys)
		}
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return nil, err
		}
		elements = append(elements, raw)
	}
	_, err = d.Token()
	return elements, err
}

func opens(d *json.Decoder, bracket json.Delim) bool {
	token, err := d.Token()
	return err == nil && token == bracket
}

// publicKeys makes a set of keys that the program has.
func publicKeys(given map[string]crypto.PublicKey) (*keySet, error) {
	if len(given) == 0 {
		return nil, errors.New("jwt: PublicKeys is empty")
	}
	var keys []*key
	for id, public := range given {
		if err := checkPublic(public); err != nil {
			return nil, fmt.Errorf("jwt: PublicKeys[%q]: %w", id, err)
		}
		keys = append(keys, &key{id: id, hasID: id != "", public: public})
	}
	return newKeySet(keys), nil
}

// candidates are the keys that can have signed a token. known is false when a newer set may have others: no key has its
// id, or it has none and no key fits.
func (s *keySet) candidates(c *compact) (fitting []*key, known bool) {
	if c.hasKid {
		return fits(s.byID[c.kid], c.algorithm), len(s.byID[c.kid]) > 0
	}
	fitting = fits(s.all, c.algorithm)
	if len(fitting) > 1 {
		return nil, true
	}
	return fitting, len(fitting) == 1
}

func fits(keys []*key, algorithm string) (fitting []*key) {
	for _, k := range keys {
		if k.fits(algorithm) {
			fitting = append(fitting, k)
		}
	}
	return fitting
}
