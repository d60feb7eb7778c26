package introspection_test

import (
	"context"
	"crypto/sha256"
	"testing"

	"github.com/oapi-guard/oapi-guard/runtime/authn/introspection"
	"github.com/oapi-guard/oapi-guard/runtime/guardtest"
)

// BenchmarkRemembered is a token whose answer is in memory, beside one SHA-256 of the token, which is the least that
// anybody pays who keeps no tokens.
func BenchmarkRemembered(b *testing.B) {
	w := newWorld(b, introspection.Config{}, says(good))
	ctx, token := context.Background(), guardtest.BearerToken("2YotnFZFEjr1zCsicMWpAA")
	b.Run("authenticate", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := w.auth.Authenticate(ctx, token); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("sha256", func(b *testing.B) {
		for b.Loop() {
			sha256.Sum256([]byte(token.Secret()))
		}
	})
}
