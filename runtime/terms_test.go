package guard_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/gen"
)

// What the options and x-challenge make of the challenges.

const metadata = "https://api.example.com/.well-known/oauth-protected-resource"

func TestRealms(t *testing.T) {
	w := &world{options: guard.Options{Realm: "all", Realms: map[string]string{
		"bearer": `its "own"`, "oauth": "oauth's", "key": "keys", "basic": "", "cert": "certs", "digest": "not used",
	}}}
	for _, test := range []struct {
		policy string
		has    []string
		want   []string
	}{
		{"bearer", nil, has(`Bearer realm="its \"own\""`)},
		{"bearer", has("Authorization: Bearer expired"), has(`Bearer realm="its \"own\"", error="invalid_token", error_description="The access token expired"`)},
		{"bearer", has("Authorization: Bearer stepup0"), has(`Bearer realm="its \"own\"", error="insufficient_user_authentication"`)},
		{"key | bearer", has("Authorization: Bearer stepup0"), has(`Bearer realm="its \"own\"", error="insufficient_user_authentication"`)},
		{"key & bearer", has("Authorization: Bearer stepup0", "X-API-Key: a"), has(`Bearer realm="its \"own\"", error="insufficient_user_authentication"`)},
		{"basic | key | query | cert", nil, has(`Basic realm="all", charset="UTF-8"`, `ApiKey realm="keys", in="header", name="X-API-Key"`, `ApiKey realm="all", in="query", name="api_key"`, `ClientCertificate realm="certs"`)},
		{"bearer | oauth", nil, has(`Bearer realm="its \"own\""`, `Bearer realm="oauth's"`)},
		{"oauth(read)", has("Authorization: Bearer user"), has(`Bearer realm="oauth's", scope="read", error="insufficient_scope"`)},
		{"key & oauth(read)", has("Authorization: Bearer user", "X-API-Key: a"), has(`Bearer realm="oauth's", scope="read", error="insufficient_scope"`)},
		{"digest", nil, has(digestLine)},
	} {
		if got := w.serve(t, test.policy, request(test.has...)); !slices.Equal(got.challenges, test.want) {
			t.Errorf("%s, %s: %q; want %q", test.policy, test.has, got.challenges, test.want)
		}
	}
}

func TestRealmsAreCopied(t *testing.T) {
	realms := map[string]string{"bearer": "before"}
	l := (&world{options: guard.Options{Realms: realms}}).linker()
	realms["bearer"] = "after\n"
	if d := l.Guard(operation("bearer")).Check(request()); d.Challenges()[0] != `Bearer realm="before"` {
		t.Errorf("%q", d.Challenges())
	}
}

func TestResourceMetadata(t *testing.T) {
	for _, options := range []guard.Options{
		{ResourceMetadata: metadata}, {Resource: "https://api.example.com"}, {Resource: "https://api.example.com/"},
		{Resource: "https://other.example.com/a", ResourceMetadata: metadata},
	} {
		testResourceMetadata(t, &world{options: options})
	}
}

func testResourceMetadata(t *testing.T, w *world) {
	const named = `, resource_metadata="` + metadata + `"`
	for _, test := range []struct {
		policy string
		has    []string
		want   []string
	}{
		{"bearer | basic | key | cert | digest", nil, has(bearerPlain+named, basicLine, digestLine, keyLine, certLine)},
		{"bearer", has("Authorization: Bearer invalid"), has(bearerInvalid + named)},
		{"bearer", has("Authorization: Bearer expired"), has(bearerExpired + named)},
		{"bearer", has("Authorization: Bearer a", "Authorization: Bearer b"), has(bearerRequest + named)},
		{"bearer", has("Authorization: Bearer stepup"), has(bearerStepUp + named)},
		{"dpop", has("Authorization: DPoP stepup", proof), has(dpopStepUp + named)},
		{"oauth(read,write)", has("Authorization: Bearer user"), has(oauthScope + named)},
		{"dpop", nil, has(dpopLine + named)},
		{"dpop", has("Authorization: DPoP invalid", proof), has(dpopInvalid + named)},
		{"dpop", has("Authorization: DPoP nonce", proof), has(dpopNonce + named)},
		{"dpop", has("Authorization: DPoP a", "Authorization: DPoP b", proof), has(dpopRequest + named)},
	} {
		if got := w.serve(t, test.policy, request(test.has...)); !slices.Equal(got.challenges, test.want) {
			t.Errorf("%s, %s: %q; want %q", test.policy, test.has, got.challenges, test.want)
		}
	}
	w.supply = func(context.Context) guard.Challenge {
		return guard.Challenge{Params: []guard.Param{{Name: "Resource_Metadata", Value: "own"}}}
	}
	if got := w.serve(t, "dpop", request()); got.challenges[0] != `DPoP Resource_Metadata="own"` {
		t.Errorf("%q", got.challenges)
	}
	w.supply = func(context.Context) guard.Challenge { return guard.Challenge{Token68: "abc"} }
	if got := w.serve(t, "dpop", request()); got.challenges[0] != `DPoP abc` {
		t.Errorf("%q", got.challenges)
	}
}

func TestResourceMetadataIsAURL(t *testing.T) {
	for address, want := range map[string]string{
		metadata: "", "": "", "https://example.com": "", "HTTPS://example.com/a?b": "", "http://localhost:8080/a": "", "http://127.0.0.9/a": "", "http://[::1]:80/a": "",
		"http://example.com/a": "neither https", "http://localhost.example.com/": "neither https", "http://[fe80::1]/": "neither https", "ftp://localhost/": "neither https",
		"/a": "not an absolute URL", "//example.com/a": "neither https", "https:///a": "not an absolute URL", "https:a": "not an absolute URL", "https://a b/": "not an absolute URL",
		"https://example.com/\"a": "not an absolute URL", "https://example.com/a b": "not an absolute URL", "https://example.com/ä": "not an absolute URL", "https://example.com/a\n": "not an absolute URL", "https://:443/a": "not an absolute URL",
		"https://example.com/#a": "a user or a fragment", "https://example.com/#": "a user or a fragment", "https://u:p@example.com/": "a user or a fragment",
		"https://example.com/%zz": "not an absolute URL", "https://example.com:port/": "not an absolute URL", "https://[::1/": "not an absolute URL", "https://ex%41mple.com/": "not an absolute URL",
		"://example.com/": "not an absolute URL", "1https://example.com/": "not an absolute URL", "https://example.com/%": "not an absolute URL", "https://[fe80::1%25en0/": "not an absolute URL",
	} {
		for field, options := range map[string]guard.Options{"ResourceMetadata": {ResourceMetadata: address}, "Resource": {Resource: address}} {
			w := &world{options: options}
			if got := text(w.linker().Err()); (got == "") != (want == "") || !strings.Contains(got, want) || got != "" && !strings.HasPrefix(got, "guard: Options."+field+" ") {
				t.Errorf("%s %q: %s; want %s", field, address, got, want)
			}
		}
	}
}

// A resource that is not a whole host has its path behind the well-known one (RFC 9728 section 3.1).
func TestResourceWithAPath(t *testing.T) {
	w := &world{options: guard.Options{Resource: "https://api.example.com/orders?v=2"}}
	want := has(bearerPlain + `, resource_metadata="` + metadata + `/orders?v=2"`)
	if got := w.serve(t, "bearer", request()); !slices.Equal(got.challenges, want) {
		t.Errorf("%q; want %q", got.challenges, want)
	}
}

func TestWithChallenge(t *testing.T) {
	type params []guard.Param
	const named = `, resource_metadata="` + metadata + `"`
	for _, test := range []struct {
		scheme gen.Scheme[*caller]
		policy string
		has    []string
		want   []string
	}{
		{(&world{}).key("s", gen.InHeader, "X-API-Key").WithChallenge("Custom"), "s", nil, has(`Custom realm="api"`)},
		{(&world{}).key("s", gen.InHeader, "X-API-Key").WithChallenge("Custom", params{{"a", `"b"`}, {"c", ""}}...), "s", has("X-API-Key: invalid"), has(`Custom realm="api", a="\"b\"", c=""`)},
		{(&world{}).key("s", gen.InHeader, "X-API-Key").WithChallenge("Custom", params{{"a", "b"}, {"Realm", "own"}}...), "s", nil, has(`Custom a="b", Realm="own"`)},
		{(&world{}).key("s", gen.InHeader, "X-API-Key").WithChallenge("Custom", params{{"realm", ""}, {"a", "b"}}...), "s", nil, has(`Custom a="b"`)},
		{(&world{}).key("s", gen.InHeader, "X-API-Key").WithChallenge("Custom", params{{"realm", ""}}...), "s", nil, has(`Custom`)},
		{(&world{}).key("s", gen.InHeader, "X-API-Key").WithChallenge("Custom"), "s | basic", nil, has(basicLine, `Custom realm="api"`)},
		{(&world{}).key("s", gen.InHeader, "X-API-Key").WithChallenge("OAuth"), "s | basic", nil, has(`OAuth realm="api"`, basicLine)},
		{(&world{}).key("s", gen.InHeader, "Authorization").WithChallenge("Bearer"), "s", has("Authorization: invalid"), has(bearerInvalid + named)},
		{(&world{}).key("s", gen.InHeader, "Authorization").WithChallenge("Bearer"), "s", nil, has(bearerPlain + named)},
		{(&world{}).key("s", gen.InHeader, "X-API-Key").WithChallenge("Digest", params{{"algorithm", "SHA-256"}, {"nonce", "n"}}...), "s", nil, has(`Digest realm="api", algorithm=SHA-256, nonce="n"`)},
		{(&world{}).bearer("s").WithChallenge("bearer", params{{"authorization_uri", "x"}}...), "s(read)", nil, has(`bearer realm="api", authorization_uri="x", scope="read"` + named)},
		{(&world{}).bearer("s").WithChallenge("Bearer", params{{"authorization_uri", "x"}}...), "s(read)", has("Authorization: Bearer expired"), has(`Bearer realm="api", authorization_uri="x", scope="read", error="invalid_token", error_description="The access token expired"` + named)},
		{(&world{}).bearer("s").WithChallenge("Bearer", params{{"authorization_uri", "x"}}...), "s(read)", has("Authorization: Bearer user"), has(`Bearer realm="api", authorization_uri="x", scope="read", error="insufficient_scope"` + named)},
		{(&world{}).bearer("s").WithChallenge("Bearer", params{{"scope", "own"}, {"resource_metadata", "own"}}...), "s(read)", has("Authorization: Bearer user"), has(`Bearer realm="api", scope="own", resource_metadata="own", error="insufficient_scope"`)},
		{(&world{}).bearer("s").WithChallenge("Bearer", params{{"error", "own"}}...), "s", has("Authorization: Bearer expired"), has(`Bearer realm="api", error="own"` + named)},
		{(&world{}).bearer("s").WithChallenge("Custom"), "s(read)", has("Authorization: Bearer invalid"), has(`Custom realm="api"`)},
		{(&world{}).bearer("s").WithChallenge("Custom"), "s(read)", has("Authorization: Bearer user"), nil},
		{(&world{}).bearer("s").WithChallenge("Custom"), "s", has("Authorization: Bearer stepup0"), has(bearerStepUp0 + named)},
		{(&world{}).http("s", "Digest").WithChallenge("Custom", params{{"a", "b"}}...), "s", nil, has(`Custom realm="api", a="b"`)},
		{gen.HTTP("s", "Negotiate", asHTTP, nil).WithChallenge("Negotiate", params{{"realm", ""}}...), "s", nil, has(`Negotiate`)},
		{dpopFixed(), "s", has("Authorization: DPoP invalid", proof), has(`DPoP realm="api", algs="ES256", error="invalid_token"` + named)},
		{dpopFixed(), "s", has("Authorization: DPoP nonce", proof), has(`DPoP realm="api", algs="ES256", error="use_dpop_nonce"` + named)},
		{dpopFixed(), "s", has("Authorization: DPoP a", "Authorization: DPoP a", proof), has(`DPoP realm="api", algs="ES256", error="invalid_request"` + named)},
		{dpopFixed(), "s", has("Authorization: DPoP invalid", "DPoP: a"), has(`DPoP realm="api", algs="ES256", error="invalid_dpop_proof"` + named)},
		{dpopFixed(), "s | bearer", has("Authorization: DPoP stepup0", proof), has(`DPoP realm="api", algs="ES256", error="insufficient_user_authentication"` + named)},
		{(&world{}).key("s", gen.InHeader, "Authorization").WithChallenge("Bearer"), "s", has("Authorization: stepup0"), has(bearerStepUp0 + named)},
		{dpopFixed(), "s | bearer", has("Authorization: DPoP invalid", proof), has(`DPoP realm="api", algs="ES256", error="invalid_token"`+named, bearerPlain+named)},
		{dpopFixed(), "s | bearer", has("Authorization: Bearer invalid", proof), has(`DPoP realm="api", algs="ES256"`+named, bearerInvalid+named)},
	} {
		w := &world{}
		l := gen.NewLinker(guard.Options{ResourceMetadata: metadata}, gen.Entitlements[*caller]{HasScope: hasScope, HasRole: hasRole}, append(w.schemes(), test.scheme), nil)
		d := l.Guard(operation(test.policy)).Check(request(test.has...))
		if err := l.Err(); err != nil || !slices.Equal(d.Challenges(), test.want) {
			t.Errorf("%s, %q: %q; want %q %v", test.policy, test.has, d.Challenges(), test.want, err)
		}
	}
}

func dpopFixed() gen.Scheme[*caller] {
	return gen.DPoP("s", func(ctx context.Context, t guard.DPoPToken) (*caller, error) { return authenticate(ctx, t.Secret()) }, nil).
		WithChallenge("DPoP", guard.Param{Name: "algs", Value: "ES256"})
}

// A scheme's realm is that of its fixed challenge; the parameters can be changed afterwards, and the challenge stays.
func TestWithChallengeIsCopied(t *testing.T) {
	params := []guard.Param{{Name: "a", Value: "b"}}
	plain := (&world{}).bearer("bearer")
	changed := plain.WithChallenge("Custom", params...)
	params[0].Value = "\n"
	for scheme, want := range map[*gen.Scheme[*caller]]string{&plain: `Bearer realm="own"`, &changed: `Custom realm="own", a="b"`} {
		l := gen.NewLinker(guard.Options{Realms: map[string]string{"bearer": "own"}}, gen.Entitlements[*caller]{}, []gen.Scheme[*caller]{*scheme}, nil)
		if d := l.Guard(operation("bearer")).Check(request()); l.Err() != nil || d.Challenges()[0] != want {
			t.Errorf("%q; want %q", d.Challenges(), want)
		}
	}
}

func TestPrivateResponses(t *testing.T) {
	for _, test := range []struct {
		has    []string
		policy string
		before string
		want   []string
	}{
		{has("X-API-Key: a"), "key", "", has("private")},
		{has("?api_key=a"), "query", "", has("private")},
		{has("Cookie: sid=a"), "cookie", "", has("private")},
		{has("cert=a"), "cert", "", has("private")},
		{has("X-API-Key: a"), "bearer | key", "", has("private")},
		{has("X-API-Key: a", "Authorization: Bearer a"), "bearer & key", "", has("private")},
		{has("X-API-Key: a", "Authorization: Bearer a"), "key & bearer", "", has("private")},
		{has("X-API-Key: a", "Authorization: Bearer a"), "bearer | key", "", nil},
		{has("X-API-Key: a", "Authorization: Bearer a"), "key | bearer", "", has("private")},
		{has("Authorization: Bearer a"), "bearer", "", nil},
		{has("Authorization: Bearer a"), "kube", "", nil},
		{has(basicSupport), "basic", "", nil},
		{has(digest("a")), "digest", "", nil},
		{has("Authorization: DPoP a", proof), "dpop", "", nil},
		{nil, "{} | key", "", nil},
		{has("X-API-Key: a"), "key", "max-age=9", has("max-age=9")},
		{has("X-API-Key: invalid"), "key", "max-age=9", has("no-store")},
	} {
		for _, asked := range []bool{true, false} {
			g := (&world{options: guard.Options{PrivateResponses: asked}}).linker().Guard(operation(test.policy))
			rec, x := httptest.NewRecorder(), newExchange(request(test.has...))
			if test.before != "" {
				rec.Header().Set("Cache-Control", test.before)
				x.header.Set("Cache-Control", test.before)
			}
			var seen []string
			g.Wrap(func(w http.ResponseWriter, _ *http.Request, _ guard.Optional[*caller]) {
				seen = w.Header()["Cache-Control"]
			})(rec, request(test.has...))
			if rec.Code != 200 {
				seen = rec.Header()["Cache-Control"]
			}
			g.AdmitExchange(x)
			want := test.want
			if !asked && test.before == "" {
				want = nil
			}
			if !slices.Equal(seen, want) || !slices.Equal(x.header["Cache-Control"], want) {
				t.Errorf("%s to %s, asked %t: %q %q; want %q", test.has, test.policy, asked, seen, x.header["Cache-Control"], want)
			}
		}
	}
}

// The field is shared between responses, so that adding to it must copy it; and a check that refuses replaces it.
func TestPrivateResponsesAreTheirOwn(t *testing.T) {
	op := operation("key")
	op.Resource = "ownsIt"
	g := (&world{options: guard.Options{PrivateResponses: true}}).linker().Guard(op)
	for range 2 {
		rec := httptest.NewRecorder()
		r, _, _ := g.Admit(rec, request("X-API-Key: a"))
		if got := rec.Header()["Cache-Control"]; !slices.Equal(got, has("private")) {
			t.Errorf("%q", got)
		}
		rec.Header().Add("Cache-Control", "max-age=9")
		_ = append(rec.Header()["Cache-Control"][:1], "overwritten")
		if g.AdmitResource(rec, r, says(guard.Forbidden(nil))); !slices.Equal(rec.Header()["Cache-Control"], has("no-store")) {
			t.Errorf("%q", rec.Header())
		}
	}
}
