package jwt

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"time"
)

// noncePeriod is how long a nonce is the current one. It is accepted for one period more.
const noncePeriod = 5 * time.Minute

// nonces makes and recognises nonces without a memory: each is the number of its period with a MAC, so that all instances
// which have the key agree.
type nonces struct{ key []byte }

// at is the nonce of a time.
func (n *nonces) at(t time.Time) string { return n.of(t.Unix() / int64(noncePeriod/time.Second)) }

func (n *nonces) of(period int64) string {
	stamp := binary.BigEndian.AppendUint64(nil, uint64(period)) //nolint:gosec // a number of periods
	mac := hmac.New(sha256.New, n.key)
	mac.Write(stamp)
	return encode(mac.Sum(stamp))
}

// accept reports whether a nonce is that of now, or of the period before.
func (n *nonces) accept(nonce any, now time.Time) bool {
	text, _ := nonce.(string)
	return same(text, n.at(now)) || same(text, n.at(now.Add(-noncePeriod)))
}

func same(a, b string) bool { return a != "" && subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
