package jwt

import (
	"crypto"
	"testing"
	"time"

	josejwt "github.com/golang-jwt/jwt/v5"
)

// BenchmarkToken compares a verified token with golang-jwt alone: its parser with the same key, its checks of issuer,
// audience and times, and the claims in a map. ratio is ours over theirs in the same run. They take
// turns, and the shortest time of each counts, so that a loaded machine does not.
func BenchmarkToken(b *testing.B) {
	for alg, k := range map[string]struct {
		private any
		kid     string
		public  crypto.PublicKey
	}{
		"ES256": {keysOf().p256, "p256", &keysOf().p256.PublicKey},
		"RS256": {keysOf().rsa, "rsa", &keysOf().rsa.PublicKey},
		"EdDSA": {keysOf().ed, "ed", keysOf().ed.Public()},
	} {
		token := good(by(alg, k.private, k.kid), claim("scope", `"read write"`), claim("roles", `["admin"]`))
		v := newVerifier(b, testConfig())
		theirs := josejwt.NewParser(josejwt.WithValidMethods([]string{alg}), josejwt.WithIssuer(testIssuer), josejwt.WithAudience(testAudience), josejwt.WithTimeFunc(atNoon), josejwt.WithStrictDecoding())
		find := func(*josejwt.Token) (any, error) { return k.public, nil }
		b.Run(alg, func(b *testing.B) {
			b.ReportAllocs()
			ours, golangJWT := time.Hour, time.Hour
			for b.Loop() {
				begun := time.Now()
				if _, err := authenticate(v, token); err != nil {
					b.Fatal(err)
				}
				between := time.Now()
				if _, err := theirs.Parse(token, find); err != nil {
					b.Fatal(err)
				}
				ours, golangJWT = min(ours, between.Sub(begun)), min(golangJWT, time.Since(between))
			}
			b.ReportMetric(float64(ours)/float64(golangJWT), "ratio")
			b.ReportMetric(float64(ours.Nanoseconds()), "ns/token")
		})
	}
}

// BenchmarkRefused is a forged token that is refused before its signature is looked at, and one that is not.
func BenchmarkRefused(b *testing.B) {
	v := newVerifier(b, testConfig())
	for name, token := range map[string]string{
		"audience": good(claim("aud", `"other"`)), "unknown key": good(by("ES256", keysOf().otherP256, "x")), "signature": good(by("ES256", keysOf().otherP256, "p256")),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = authenticate(v, token)
			}
		})
	}
}
