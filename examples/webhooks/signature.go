package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// keys are the secrets that a sender may sign with: one, or two while a new one replaces an old one.
type keys []string

// signed reports whether one of the MACs is that of the message under one of the keys. [hmac.Equal] takes the same
// time wherever two MACs differ (CWE-208).
func (k keys) signed(macs [][]byte, message ...[]byte) bool {
	found := false
	for _, key := range k {
		want := macOf(key, message...)
		for _, mac := range macs {
			found = hmac.Equal(mac, want) || found
		}
	}
	return found
}

func macOf(key string, message ...[]byte) []byte {
	h := hmac.New(sha256.New, []byte(key))
	for _, part := range message {
		h.Write(part)
	}
	return h.Sum(nil)
}

var errSyntax = errors.New("the signature is malformed")

// parseGitHub reads X-Hub-Signature-256: "sha256=" and the MAC of the body.
func parseGitHub(field string) ([]byte, error) {
	digits, found := strings.CutPrefix(field, "sha256=")
	mac, err := hex.DecodeString(digits)
	if !found || err != nil || len(mac) != sha256.Size {
		return nil, errSyntax
	}
	return mac, nil
}

func signGitHub(key string, body []byte) string {
	return "sha256=" + hex.EncodeToString(macOf(key, body))
}

// stripeSignature is what a Stripe-Signature field says.
type stripeSignature struct {
	stamp string // as it stands, for this is what was signed
	at    time.Time
	macs  [][]byte // one for each secret while the sender replaces one
}

// parseStripe reads "t=1735689600,v1=5257…,v1=…". Other versions are skipped, so that nobody can choose a weaker one.
func parseStripe(field string) (s stripeSignature, err error) {
	for member := range strings.SplitSeq(field, ",") {
		name, value, _ := strings.Cut(member, "=")
		switch name {
		case "t":
			seconds, err := strconv.ParseUint(value, 10, 40)
			if err != nil || s.stamp != "" {
				return stripeSignature{}, errSyntax
			}
			s.stamp, s.at = value, time.Unix(int64(seconds), 0)
		case "v1":
			mac, err := hex.DecodeString(value)
			if err != nil || len(s.macs) == maxMACs {
				return stripeSignature{}, errSyntax
			}
			s.macs = append(s.macs, mac)
		}
	}
	if s.stamp == "" || s.macs == nil {
		return stripeSignature{}, errSyntax
	}
	return s, nil
}

// maxMACs bounds the work that a field can ask for.
const maxMACs = 4

// message is what the MACs are of.
func (s stripeSignature) message(body []byte) [][]byte {
	return [][]byte{[]byte(s.stamp), []byte("."), body}
}

// digest is the same for every field that repeats the signature of a body, however it is written.
func (s stripeSignature) digest(body []byte) []byte {
	h := sha256.New()
	for _, part := range s.message(body) {
		h.Write(part)
	}
	return h.Sum(nil)
}

func signStripe(key string, body []byte, at time.Time) string {
	s := stripeSignature{stamp: strconv.FormatInt(at.Unix(), 10)}
	return fmt.Sprintf("t=%s,v1=%x", s.stamp, macOf(key, s.message(body)...))
}
