package guardtest

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/client"
	"github.com/oapi-guard/oapi-guard/runtime/gen"
)

// The grammars of RFC 9110 section 5.6.2 and 11.2 and of RFC 6749 section 3.3, once more.
var (
	anyToken     = regexp.MustCompile("\\A[!#$%&'*+.^_`|~0-9A-Za-z-]+\\z")
	anyToken68   = regexp.MustCompile(`\A[A-Za-z0-9._~+/-]+=*\z`)
	anyScope     = regexp.MustCompile(`\A[!#-\[\]-~]+\z`)
	anyPrintable = regexp.MustCompile(`\A[ -~]*\z`)
	plainURL     = regexp.MustCompile(`\Ahttps://[a-z]+(/[a-z]*)*\z`)
)

// said is everything that the application or its document says in a challenge.
type said struct {
	realm, bearerRealm, scope, key, metadata string
	scheme, param, value                     string // of x-challenge; the supplied challenges have the parameter too
	token68, acr                             string
}

// fits reports whether challenges can carry what is fixed, but for the URL of the metadata.
func (s said) fits() bool {
	fixed := anyToken.MatchString(s.scheme) && anyToken.MatchString(s.param) && anyPrintable.MatchString(s.value)
	if strings.EqualFold(s.scheme, "Digest") && (strings.EqualFold(s.param, "stale") || strings.EqualFold(s.param, "algorithm")) {
		fixed = fixed && anyToken.MatchString(s.value)
	}
	return fixed && anyPrintable.MatchString(s.realm) && anyPrintable.MatchString(s.bearerRealm) && anyScope.MatchString(s.scope) &&
		s.key != "" && anyPrintable.MatchString(s.key)
}

// params are the parameters that are supplied beside no token68.
func (s said) params() []guard.Param { return []guard.Param{{Name: s.param, Value: s.value}} }

// guard has every kind of challenge. Its bearer authenticator returns an error.
func (s said) guard(err error) (*guard.Guard[int], error) {
	supplied := func(context.Context) guard.Challenge {
		if s.token68 != "" {
			return guard.Challenge{Token68: s.token68}
		}
		return guard.Challenge{Params: s.params()}
	}
	key := func(context.Context, guard.APIKey) (int, error) { return 1, nil }
	schemes := []gen.Scheme[int]{
		gen.Bearer("bearer", func(context.Context, guard.BearerToken) (int, error) { return 1, err }),
		gen.Basic("basic", func(context.Context, guard.BasicCredentials) (int, error) { return 1, nil }),
		gen.APIKey("key", gen.InQuery, s.key, key),
		gen.APIKey("fixed", gen.InHeader, "X-Fixed", key).WithChallenge(s.scheme, s.params()...),
		gen.HTTP("supplied", "Custom", func(context.Context, guard.HTTPCredentials) (int, error) { return 1, nil }, supplied),
		gen.DPoP("dpop", func(context.Context, guard.DPoPToken) (int, error) { return 1, nil }, func(context.Context) guard.Challenge {
			return guard.Challenge{Params: s.params()}
		}),
	}
	options := guard.Options{Realm: s.realm, Realms: map[string]string{"bearer": s.bearerRealm}, ResourceMetadata: s.metadata, Logger: slog.New(slog.DiscardHandler)}
	nothing := gen.Entitlements[int]{HasRole: func(int, guard.Role) bool { return false }, HasScope: func(int, string) bool { return false }}
	l := gen.NewLinker(options, nothing, schemes, nil)
	op := guard.Operation{ID: "op", Method: "GET", Path: "/", Security: []guard.Alternative{{{Scheme: "bearer", Scopes: []string{s.scope}}}}}
	for _, name := range []string{"basic", "key", "fixed", "supplied", "dpop"} {
		op.Security = append(op.Security, guard.Alternative{{Scheme: name}})
	}
	return l.Guard(op), l.Err()
}

// refused is what a client gets.
func refused(g *guard.Guard[int], authorization ...string) (status int, lines []string) {
	r, w := httptest.NewRequest(http.MethodGet, "/", nil), httptest.NewRecorder()
	r.Header["Authorization"] = authorization
	g.Wrap(func(http.ResponseWriter, *http.Request, guard.Optional[int]) { panic("it is admitted") })(w, r)
	return w.Code, w.Header()["Www-Authenticate"]
}

// notation is a challenge in the notation of this test: the parameters sorted, their names in lower case, and without those
// that are left out when empty.
func notation(scheme string, own []guard.Param, more ...string) string {
	var params []string
	named := map[string]bool{}
	for _, p := range own {
		params = append(params, strings.ToLower(p.Name)+"="+strconv.Quote(p.Value))
		named[strings.ToLower(p.Name)] = true
	}
	for i := 0; i < len(more); i += 2 {
		if more[i+1] != "" && !named[more[i]] && (!named["error"] || !strings.HasPrefix(more[i], "error")) {
			params = append(params, more[i]+"="+strconv.Quote(more[i+1]))
		}
	}
	slices.Sort(params)
	return scheme + " " + strings.Join(params, " ")
}

// fixed is the challenge of x-challenge.
func (s said) fixed(problem, description string) string {
	own := s.params()
	switch {
	case !strings.EqualFold(s.param, "realm"):
		own = append(own, guard.Param{Name: "realm", Value: cmp.Or(s.realm, "api")})
	case s.value == "":
		own = nil
	}
	switch strings.ToLower(s.scheme) {
	case "bearer":
		return notation(s.scheme, own, "error", problem, "error_description", description, "resource_metadata", s.metadata)
	case "dpop":
		return notation(s.scheme, own, "resource_metadata", s.metadata)
	}
	return notation(s.scheme, own)
}

// all are the challenges of a 400 or a 401, nil when the supplied ones cannot be written. The problems are those of the
// bearer token, with a description, and of the DPoP token.
func (s said) all(bearer, description, dpop string) []string {
	if s.token68 != "" && !anyToken68.MatchString(s.token68) {
		return nil
	}
	realm, supplied := cmp.Or(s.realm, "api"), notation("Custom", s.params())
	if s.token68 != "" {
		supplied = "Custom " + s.token68
	}
	return []string{
		s.bearer("scope", s.scope, "error", bearer, "error_description", description), notation("Basic", nil, "realm", realm, "charset", "UTF-8"),
		notation("ApiKey", nil, "realm", realm, "in", "query", "name", s.key), s.fixed(bearer, description), supplied,
		notation("DPoP", s.params(), "error", dpop, "resource_metadata", s.metadata),
	}
}

func (s said) bearer(more ...string) string {
	return notation("Bearer", nil, append(more, "realm", cmp.Or(s.bearerRealm, s.realm, "api"), "resource_metadata", s.metadata)...)
}

// read reads lines with two parsers that share no code, and expects them to agree, each line to be one challenge, and
// nothing beyond what is printable.
func read(t *testing.T, lines []string) []string {
	strict, err := parseChallenges(lines)
	lenient := client.ParseChallenges(http.Header{"Www-Authenticate": lines})
	if err != nil || len(strict) != len(lines) || len(lenient) != len(lines) {
		t.Fatalf("%q: %v, %d and %d challenges", lines, err, len(strict), len(lenient))
	}
	var read []string
	for i, c := range strict {
		var one, other []guard.Param
		for _, p := range c.params {
			one = append(one, guard.Param{Name: p.name, Value: p.value})
		}
		for _, p := range lenient[i].Params {
			other = append(other, guard.Param(p))
		}
		a, b := notation(c.scheme, one)+c.token68, notation(lenient[i].Scheme, other)+lenient[i].Token68
		if a != b || !anyPrintable.MatchString(lines[i]) {
			t.Errorf("%q is %s for guardtest and %s for the client", lines[i], a, b)
		}
		read = append(read, a)
	}
	return read
}

func (s said) expect(t *testing.T, g *guard.Guard[int], status int, want []string, authorization ...string) {
	if want == nil {
		status = http.StatusInternalServerError
	}
	code, lines := refused(g, authorization...)
	got := read(t, append([]string{"Sentinel"}, lines...))[1:]
	slices.Sort(got)
	slices.Sort(want)
	if want = slices.Compact(want); code != status || !slices.Equal(got, want) {
		t.Errorf("%+v: %d\n got %q\nwant %d\n     %q", s, code, got, status, want)
	}
}

// FuzzChallenges puts any text into every part of a guard's challenges. Either no guard comes of it, and all requests are
// denied, or two independent parsers read from the responses what was put in, and nothing else.
func FuzzChallenges(f *testing.F) {
	for _, s := range []said{
		{scope: "read", key: "k", scheme: "Hawk", param: "ts", value: "1"},
		{realm: `a"b\c`, bearerRealm: `\"`, scope: "a:b/c", key: `k, Basic realm="x"`, scheme: "bearer", param: "Error", value: `",x="`, acr: "urn:a"},
		{realm: "r", scope: "a,b", key: "k", metadata: "https://a/b", scheme: "DPOP", param: "REALM", token68: "YQ==", acr: `"`},
		{scope: "s", key: "k", scheme: "Digest", param: "stale", value: "true", token68: "a=b", acr: "a b"},
		{scope: "s", key: "k", metadata: "https://a/?q", scheme: "basic", param: "charset", value: "UTF-8"},
		{realm: "a\r\nSet-Cookie: a=b", scope: "s", key: "k", scheme: "a", param: "b"},
		{realm: "é", scope: "s\x00", key: "\x7f", metadata: "http://a", scheme: "a b", param: "a=", value: "\t", token68: "=", acr: "\n"},
		{scope: "s", key: "k", metadata: `https://a/",x="`, scheme: "ApiKey", param: "name", value: "k"},
		{scope: "s", key: "k", scheme: "Bearer", param: "resource_metadata", value: "x", metadata: "https://a/b"},
	} {
		f.Add(s.realm, s.bearerRealm, s.scope, s.key, s.metadata, s.scheme, s.param, s.value, s.token68, s.acr)
	}
	f.Fuzz(func(t *testing.T, realm, bearerRealm, scope, key, metadata, scheme, param, value, token68, acr string) {
		s := said{realm, bearerRealm, scope, key, metadata, scheme, param, value, token68, acr}
		g, err := s.guard(guard.Invalid(nil))
		if s.denied(t, g, err) {
			return
		}
		s.expect(t, g, http.StatusUnauthorized, s.all("", "", ""))
		s.expect(t, g, http.StatusUnauthorized, s.all("invalid_token", "", ""), "Bearer t")
		s.expect(t, g, http.StatusBadRequest, s.all("invalid_request", "", "invalid_request"), "Bearer t", "Bearer t")
		g, _ = s.guard(guard.Expired(nil))
		s.expect(t, g, http.StatusUnauthorized, s.all("invalid_token", "The access token expired", ""), "Bearer t")
		g, _ = s.guard(nil)
		s.expect(t, g, http.StatusForbidden, []string{s.bearer("scope", scope, "error", "insufficient_scope")}, "Bearer t")
		g, _ = s.guard(guard.StepUp{ACRValues: []string{acr}})
		var stepUp []string
		if anyPrintable.MatchString(acr) && acr != "" && !strings.Contains(acr, " ") {
			stepUp = []string{s.bearer("acr_values", acr, "error", "insufficient_user_authentication")}
		}
		s.expect(t, g, http.StatusUnauthorized, stepUp, "Bearer t")
	})
}

// denied reports whether no guard comes of it, which is an error for what fits. Such a guard denies with 500.
func (s said) denied(t *testing.T, g *guard.Guard[int], err error) bool {
	u, bad := url.Parse(s.metadata)
	switch {
	case err == nil && (!s.fits() || s.metadata != "" && (bad != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && u.Scheme != "http")):
		t.Errorf("%+v is accepted", s)
	case err != nil && s.fits() && (s.metadata == "" || plainURL.MatchString(s.metadata)):
		t.Errorf("%+v is refused: %v", s, err)
	}
	if status, lines := refused(g, "Bearer t"); err != nil && (status != http.StatusInternalServerError || lines != nil) {
		t.Errorf("%+v: %d %q", s, status, lines)
	}
	return err != nil
}
