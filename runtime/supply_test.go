package guard_test

import (
	"context"
	"strings"
	"testing"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/gen"
)

func TestSuppliedChallenge(t *testing.T) {
	param := func(pairs ...string) guard.Challenge {
		var c guard.Challenge
		for i := 0; i < len(pairs); i += 2 {
			c.Params = append(c.Params, guard.Param{Name: pairs[i], Value: pairs[i+1]})
		}
		return c
	}
	const bad = "" // a fault
	for _, test := range []struct {
		scheme, has string
		challenge   guard.Challenge
		want        string
	}{
		{"negotiate", "", guard.Challenge{}, "Negotiate"},
		{"negotiate", "", guard.Challenge{Token68: "abc="}, "Negotiate abc="},
		{"negotiate", "", guard.Challenge{Token68: "a b"}, bad},
		{"negotiate", "", guard.Challenge{Token68: "abc", Params: []guard.Param{{Name: "a", Value: "b"}}}, bad},
		{"custom", "", param("realm", `a "b" \c`, "x", ""), `Custom realm="a \"b\" \\c", x=""`},
		{"custom", "", param("a b", "x"), bad},
		{"custom", "", param("", "x"), bad},
		{"custom", "", param("a", "x\r\nSet-Cookie: y"), bad},
		{"custom", "", param("a", "x\ty"), bad},
		{"custom", "", param("a", "ä"), bad},
		{"custom", "", param("a", "x", "A", "y"), bad},
		{"custom", "", param("stale", "true"), `Custom stale="true"`},
		{"digest", "", param("realm", "r", "Stale", "true", "algorithm", "SHA-256", "qop", "auth"), `Digest realm="r", Stale=true, algorithm=SHA-256, qop="auth"`},
		{"digest", "", param("stale", "a b"), bad},
		{"digest", "", param("algorithm", ""), bad},
		{"digest", digest("invalid"), param("nonce", "n"), `Digest nonce="n"`},
		{"dpop", "Authorization: DPoP invalid", param("algs", "ES256"), `DPoP algs="ES256", error="invalid_token"`},
		{"dpop", "Authorization: DPoP =", param("algs", "ES256"), `DPoP algs="ES256", error="invalid_token"`},
		{"dpop", "Authorization: DPoP expired", param("algs", "ES256"), `DPoP algs="ES256", error="invalid_token", error_description="The access token expired"`},
		{"dpop", "Authorization: DPoP expired", param("error_description", "own"), `DPoP error_description="own", error="invalid_token"`},
		{"dpop", "Authorization: DPoP invalid", param("Error", "use_dpop_nonce"), `DPoP Error="use_dpop_nonce"`},
		{"dpop", "Authorization: DPoP expired", param("error", "own"), `DPoP error="own"`},
		{"dpop", "Authorization: DPoP invalid", guard.Challenge{}, `DPoP error="invalid_token"`},
		{"dpop", "Authorization: DPoP invalid", guard.Challenge{Token68: "abc"}, `DPoP abc`},
		{"dpop", "", param("algs", "ES256"), `DPoP algs="ES256"`},
	} {
		w := &world{supply: func(context.Context) guard.Challenge { return test.challenge }}
		got := w.serve(t, test.scheme, request(strings.Fields(test.has)[:0]...))
		if test.has != "" {
			got = w.serve(t, test.scheme, request(test.has, proof))
		}
		line := strings.Join(got.challenges, "\n")
		if line != test.want || (got.status == 500) != (test.want == bad) || got.event.Scheme != test.scheme {
			t.Errorf("%s, %v: %d %q; want %q", test.scheme, test.challenge, got.status, line, test.want)
		}
	}
}

// The parameters are the application's, and are not changed.
func TestSuppliedParamsAreNotWrittenTo(t *testing.T) {
	backing := make([]guard.Param, 1, 4)
	backing[0] = guard.Param{Name: "algs", Value: "ES256"}
	w := &world{supply: func(context.Context) guard.Challenge { return guard.Challenge{Params: backing} }}
	w.serve(t, "dpop", request("Authorization: DPoP expired", proof))
	if extra := backing[:2][1]; extra.Name != "" {
		t.Errorf("%v", extra)
	}
}

// A supplier is asked when its challenge is sent, and only then.
func TestSupplierIsAskedWhenNeeded(t *testing.T) {
	for has, want := range map[string]int{
		"": 1, digest("invalid"): 1, "Authorization: Digest =": 1, digest("user"): 0,
		digest("forbidden"): 0, digest("unavailable"): 0, digest("error"): 0, digest("stepup"): 0,
	} {
		asked := 0
		w := &world{supply: func(context.Context) guard.Challenge { asked++; return guard.Challenge{} }}
		w.serve(t, "digest | digest", request("Digest: x", has))
		if asked != want {
			t.Errorf("%q: %d", has, asked)
		}
	}
}

// Two schemes whose challenges come out the same send one.
func TestEqualSuppliedChallengesAreSentOnce(t *testing.T) {
	supply := func(context.Context) guard.Challenge { return guard.Challenge{} }
	l := gen.NewLinker(guard.Options{}, gen.Entitlements[*caller]{}, []gen.Scheme[*caller]{
		gen.HTTP("a", "Negotiate", asHTTP, supply), gen.HTTP("b", "Negotiate", asHTTP, supply), gen.Bearer("c", asBearer),
	}, nil)
	d := l.Guard(operation("a | b | c")).Check(request())
	if got := strings.Join(d.Challenges(), ", "); got != `Negotiate, Bearer realm="api"` {
		t.Error(got)
	}
}

func TestFaultySupplierMakesAFaultWithoutChallenges(t *testing.T) {
	w := &world{supply: func(context.Context) guard.Challenge { panic("supplier") }}
	got := w.serve(t, "bearer | digest", request())
	if got.verdict != fault || got.challenges != nil || got.event.Scheme != "digest" || text(got.event.Reason) != "panic in the challenge function of scheme Digest: supplier" {
		t.Errorf("%+v", got)
	}
}
