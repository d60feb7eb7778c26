package basic_test

import (
	"context"
	"testing"
	"time"

	"github.com/oapi-guard/oapi-guard/runtime/authn/basic"
	"github.com/oapi-guard/oapi-guard/runtime/guardtest"
)

// BenchmarkAuthenticate has a known and an unknown user beside each other, whose ratio is to be 1, and what remembering saves.
func BenchmarkAuthenticate(b *testing.B) {
	parameters := basic.Params{Memory: 19 << 10, Time: 2, Parallelism: 1}
	for name, remember := range map[string]time.Duration{"hashed": 0, "remembered": time.Minute} {
		w := newWorld(b, basic.Config{New: parameters, Remember: remember})
		for _, user := range []string{"ada", "nobody"} {
			credentials := guardtest.BasicCredentials(user, user+"-password")
			b.Run(name+"/"+user, func(b *testing.B) {
				for b.Loop() {
					w.auth.Authenticate(context.Background(), credentials)
				}
			})
		}
	}
}
