package guard_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/gen"
)

func asBearer(context.Context, guard.BearerToken) (*caller, error) { return &caller{"b"}, nil }
func asKey(context.Context, guard.APIKey) (*caller, error)         { return &caller{"k"}, nil }
func asHTTP(context.Context, guard.HTTPCredentials) (*caller, error) {
	return &caller{"h"}, nil
}
func asDPoP(context.Context, guard.DPoPToken) (*caller, error)                  { return &caller{"d"}, nil }
func bare401(context.Context) guard.Challenge                                   { return guard.Challenge{} }
func merge(context.Context, []*caller) (*caller, error)                         { return &caller{"c"}, nil }
func discardCaller(http.ResponseWriter, *http.Request, guard.Optional[*caller]) {}

// plan are the arguments of a linker; change spoils one of good ones.
type plan struct {
	options      guard.Options
	holdings     gen.Entitlements[*caller]
	schemes      []gen.Scheme[*caller]
	combinations []gen.Combination[*caller]
	op           guard.Operation
}

func goodPlan() plan {
	return plan{
		holdings:     gen.Entitlements[*caller]{HasRole: hasRole, HasScope: hasScope},
		schemes:      []gen.Scheme[*caller]{gen.Bearer("bearer", asBearer), gen.APIKey("key", gen.InHeader, "X-Key", asKey)},
		combinations: []gen.Combination[*caller]{gen.Combine([]string{"bearer", "key"}, merge)},
		op:           operation("bearer(read) & key[r] | bearer"),
	}
}

func (p *plan) scheme(s gen.Scheme[*caller]) { p.schemes = append(p.schemes, s) }

func key(in gen.Location, parameter string) gen.Scheme[*caller] {
	return gen.APIKey("k2", in, parameter, asKey)
}

var construction = []struct {
	title  string
	change func(*plan)
	want   string // the error's text; empty when there is no error
}{
	{"good", func(*plan) {}, ""},
	{"options", func(p *plan) { p.options = guard.Options{Realm: `a "b" \c`, MaxCredentialBytes: 64, RetryAfter: 1} }, ""},
	{"realm with a line break", func(p *plan) { p.options.Realm = "a\r\nb" }, `guard: Options.Realm "a\r\nb" is not printable ASCII`},
	{"realm with a tab", func(p *plan) { p.options.Realm = "a\tb" }, `guard: Options.Realm "a\tb" is not printable ASCII`},
	{"realm with an umlaut", func(p *plan) { p.options.Realm = "ä" }, `guard: Options.Realm "ä" is not printable ASCII`},
	{"negative limit", func(p *plan) { p.options.MaxCredentialBytes = -1 }, `guard: Options.MaxCredentialBytes is negative: -1`},
	{"negative retry", func(p *plan) { p.options.RetryAfter = -1 }, `guard: Options.RetryAfter is negative: -1ns`},

	{"zero scheme", func(p *plan) { p.scheme(gen.Scheme[*caller]{}) }, `guard: scheme "": it was not made by a constructor such as gen.Bearer`},
	{"scheme without a name", func(p *plan) { p.scheme(gen.Bearer("", asBearer)) }, `guard: scheme "": it has no name`},
	{"scheme twice", func(p *plan) { p.scheme(gen.Bearer("key", asBearer)) }, `guard: scheme "key" is given twice`},
	{"nil bearer authenticator", func(p *plan) { p.scheme(gen.Bearer[*caller]("s", nil)) }, `guard: scheme "s": its authenticator is nil`},
	{"nil basic authenticator", func(p *plan) { p.scheme(gen.Basic[*caller]("s", nil)) }, `guard: scheme "s": its authenticator is nil`},
	{"nil key authenticator", func(p *plan) { p.scheme(gen.APIKey[*caller]("s", gen.InQuery, "q", nil)) }, `guard: scheme "s": its authenticator is nil`},
	{"nil certificate authenticator", func(p *plan) { p.scheme(gen.MutualTLS[*caller]("s", nil)) }, `guard: scheme "s": its authenticator is nil`},
	{"nil http authenticator", func(p *plan) { p.scheme(gen.HTTP[*caller]("s", "Digest", nil, bare401)) }, `guard: scheme "s": its authenticator is nil`},
	{"nil challenge", func(p *plan) { p.scheme(gen.HTTP("s", "Digest", asHTTP, nil)) }, `guard: scheme "s": its challenge function is nil: nothing else knows the parameters of Digest`},
	{"http bearer", func(p *plan) { p.scheme(gen.HTTP("s", "bEarer", asHTTP, bare401)) }, `guard: scheme "s": http bearer is made by gen.Bearer`},
	{"http dpop", func(p *plan) { p.scheme(gen.HTTP("s", "dpop", asHTTP, bare401)) }, `guard: scheme "s": http dpop is made by gen.DPoP`},
	{"nil dpop authenticator", func(p *plan) { p.scheme(gen.DPoP[*caller]("s", nil, bare401)) }, `guard: scheme "s": its authenticator is nil`},
	{"nil dpop challenge", func(p *plan) { p.scheme(gen.DPoP("s", asDPoP, nil)) }, `guard: scheme "s": its challenge function is nil: nothing else knows the parameters of DPoP`},
	{"realm of a scheme", func(p *plan) { p.options.Realms = map[string]string{"key": "a \"b\"", "bearer": ""} }, ""},
	{"realm of a scheme with a line break", func(p *plan) { p.options.Realms = map[string]string{"key": "a\n"} }, `guard: Options.Realms: "a\n" of scheme "key" is not printable ASCII`},
	{"realms of unknown schemes", func(p *plan) { p.options.Realms = map[string]string{"z": "a", "y": "b"} }, `guard: Options.Realms: scheme "y" is not defined` + "\n" + `guard: Options.Realms: scheme "z" is not defined`},
	{"challenge", func(p *plan) {
		p.scheme(key(gen.InQuery, "q").WithChallenge("Custom", guard.Param{"realm", ""}, guard.Param{"a", `"`}))
	}, ""},
	{"challenge in place of a function", func(p *plan) { p.scheme(gen.HTTP("s", "Digest", asHTTP, nil).WithChallenge("Digest")) }, ""},
	{"challenge of no scheme", func(p *plan) { p.scheme(key(gen.InQuery, "q").WithChallenge("a b")) }, `guard: scheme "k2": the challenge's scheme "a b" is not a token (RFC 9110 section 5.6.2)`},
	{"challenge with an empty scheme", func(p *plan) { p.scheme(key(gen.InQuery, "q").WithChallenge("")) }, `guard: scheme "k2": the challenge's scheme "" is not a token (RFC 9110 section 5.6.2)`},
	{"challenge with no parameter's name", func(p *plan) { p.scheme(key(gen.InQuery, "q").WithChallenge("A", guard.Param{"a b", "c"})) }, `guard: scheme "k2": the parameter name "a b" is not a token`},
	{"challenge with a line break", func(p *plan) { p.scheme(key(gen.InQuery, "q").WithChallenge("A", guard.Param{"a", "b\r\nX: y"})) }, `guard: scheme "k2": the value of the parameter a is not printable ASCII`},
	{"challenge with a parameter twice", func(p *plan) {
		p.scheme(key(gen.InQuery, "q").WithChallenge("A", guard.Param{"a", "b"}, guard.Param{"A", "c"}))
	}, `guard: scheme "k2": the parameter "A" is given twice`},
	{"challenge with realm twice", func(p *plan) {
		p.scheme(key(gen.InQuery, "q").WithChallenge("A", guard.Param{"realm", ""}, guard.Param{"Realm", ""}))
	}, `guard: scheme "k2": the parameter "Realm" is given twice`},
	{"challenge of a broken scheme", func(p *plan) { p.scheme(key("body", "q").WithChallenge("A")) }, `guard: scheme "k2": an API key is in header, query or cookie, not in "body"`},
	{"challenge of no scheme at all", func(p *plan) { p.scheme(gen.Scheme[*caller]{}.WithChallenge("A")) }, `guard: scheme "": it was not made by a constructor such as gen.Bearer`},
	{"bearer with another challenge has scopes", func(p *plan) { p.schemes[0] = gen.Bearer("bearer", asBearer).WithChallenge("Custom") }, ""},
	{"http basic", func(p *plan) { p.scheme(gen.HTTP("s", "basiC", asHTTP, bare401)) }, `guard: scheme "s": http basic is made by gen.Basic`},
	{"http scheme empty", func(p *plan) { p.scheme(gen.HTTP("s", "", asHTTP, bare401)) }, `guard: scheme "s": the http scheme "" is not a token (RFC 9110 section 5.6.2)`},
	{"http scheme no token", func(p *plan) { p.scheme(gen.HTTP("s", "a b", asHTTP, bare401)) }, `guard: scheme "s": the http scheme "a b" is not a token (RFC 9110 section 5.6.2)`},
	{"key nowhere", func(p *plan) { p.scheme(key("body", "k")) }, `guard: scheme "k2": an API key is in header, query or cookie, not in "body"`},
	{"key header empty", func(p *plan) { p.scheme(key(gen.InHeader, "")) }, `guard: scheme "k2": the header field "" is not a token (RFC 9110 section 5.6.2)`},
	{"key header no token", func(p *plan) { p.scheme(key(gen.InHeader, "a:b")) }, `guard: scheme "k2": the header field "a:b" is not a token (RFC 9110 section 5.6.2)`},
	{"key header Host", func(p *plan) { p.scheme(key(gen.InHeader, "host")) }, `guard: scheme "k2": the header field Host cannot carry an API key`},
	{"key header Trailer", func(p *plan) { p.scheme(key(gen.InHeader, "trailer")) }, `guard: scheme "k2": the header field Trailer cannot carry an API key`},
	{"key header Transfer-Encoding", func(p *plan) { p.scheme(key(gen.InHeader, "transfer-encoding")) }, `guard: scheme "k2": the header field Transfer-Encoding cannot carry an API key`},
	{"key cookie empty", func(p *plan) { p.scheme(key(gen.InCookie, "")) }, `guard: scheme "k2": the cookie "" is not a token (RFC 9110 section 5.6.2)`},
	{"key cookie no token", func(p *plan) { p.scheme(key(gen.InCookie, "a;b")) }, `guard: scheme "k2": the cookie "a;b" is not a token (RFC 9110 section 5.6.2)`},
	{"key query empty", func(p *plan) { p.scheme(key(gen.InQuery, "")) }, `guard: scheme "k2": the query parameter "" is empty or has characters that no challenge can carry`},
	{"key query control", func(p *plan) { p.scheme(key(gen.InQuery, "a\n")) }, `guard: scheme "k2": the query parameter "a\n" is empty or has characters that no challenge can carry`},
	{"key query odd but fine", func(p *plan) { p.scheme(key(gen.InQuery, `$key "x"`)) }, ""},

	{"combination of one", func(p *plan) { p.combinations = append(p.combinations, gen.Combine([]string{"key"}, merge)) }, `guard: combination "key": it needs at least two schemes`},
	{"combination zero", func(p *plan) { p.combinations = append(p.combinations, gen.Combination[*caller]{}) }, `guard: combination "": it needs at least two schemes`},
	{"combination doubled", func(p *plan) { p.combinations = append(p.combinations, gen.Combine([]string{"key", "key"}, merge)) }, `guard: combination "key+key": it names a scheme twice`},
	{"combination nil", func(p *plan) { p.combinations[0] = gen.Combine[*caller]([]string{"bearer", "key"}, nil) }, `guard: combination "bearer+key": its function is nil`},
	{"combination twice", func(p *plan) {
		p.combinations = append(p.combinations, gen.Combine([]string{"key", "bearer"}, merge))
	}, `guard: combination "key+bearer" is given twice`},
	{"combination of unknown", func(p *plan) { p.combinations = append(p.combinations, gen.Combine([]string{"key", "ghost"}, merge)) }, `guard: combination "key+ghost": scheme "ghost" is not defined`},
	{"combination missing", func(p *plan) { p.combinations = nil }, `guard: operation op: no combination is given for the schemes bearer+key`},

	{"zero operation", func(p *plan) { p.op = guard.Operation{} }, `guard: operation without a name: it has no security requirement and is not public`},
	{"operation without security", func(p *plan) { p.op = guard.Operation{Method: "GET", Path: "/a"} }, `guard: operation GET /a: it has no security requirement and is not public`},
	{"public with security", func(p *plan) { p.op.Public = true }, `guard: operation op: it is public, but has security requirements`},
	{"public", func(p *plan) { p.op = guard.Operation{ID: "op", Public: true} }, `guard: operation op: it is public: there is nothing to guard`},
	{"public with a resource check", func(p *plan) { p.op = guard.Operation{ID: "op", Public: true, Resource: "ownsIt"} },
		`guard: operation op: it is public: there is nothing to guard` + "\n" + `guard: operation op: it is public, but has the resource check ownsIt, for which it has no caller`},
	{"public and concealed", func(p *plan) {
		p.op = guard.Operation{ID: "op", Public: true, Conceal: guard.ConcealAsForbidden}
	},
		`guard: operation op: it is public: there is nothing to guard` + "\n" + `guard: operation op: it is public, but conceals something`},
	{"public with one requirement", func(p *plan) { p.op = guard.Operation{ID: "op", Public: true, Security: operation("key").Security} }, `guard: operation op: it is public, but has security requirements`},
	{"without an id", func(p *plan) { p.op = guard.Operation{Path: "/a", Public: true} }, `guard: operation  /a: it is public: there is nothing to guard`},
	{"unknown concealment", func(p *plan) { p.op.Conceal = 3 }, `guard: operation op: there is no Concealment(3)`},
	{"resource", func(p *plan) { p.op.Resource, p.op.Conceal = "ownsIt", guard.ConcealAsNotFound }, ""},
	{"concealed without a check", func(p *plan) { p.op.Conceal = guard.ConcealAsForbidden }, ""},
	{"unknown scheme", func(p *plan) { p.op = operation("bearer | ghost") }, `guard: operation op: scheme "ghost" is not defined`},
	{"scheme twice in an alternative", func(p *plan) { p.op = operation("key & key") }, `guard: operation op: scheme "key" stands twice in one alternative` + "\nguard: operation op: no combination is given for the schemes key+key"},
	{"scopes on a key", func(p *plan) { p.op = operation("key(read)") }, `guard: operation op: scheme "key": scopes are for bearer tokens; role names belong in Roles`},
	{"bad scope", func(p *plan) { p.op = operation(`bearer(a"b)`) }, `guard: operation op: scheme "bearer": the scope "a\"b" is not a scope-token (RFC 6749 section 3.3)`},
	{"scope with a backslash", func(p *plan) { p.op = operation(`bearer(a\b)`) }, `guard: operation op: scheme "bearer": the scope "a\\b" is not a scope-token (RFC 6749 section 3.3)`},
	{"empty scope", func(p *plan) { p.op = operation(`bearer()`) }, `guard: operation op: scheme "bearer": the scope "" is not a scope-token (RFC 6749 section 3.3)`},
	{"scope with a space", func(p *plan) { p.op = operation(`bearer(a b)`) }, `guard: operation op: scheme "bearer": the scope "a b" is not a scope-token (RFC 6749 section 3.3)`},
	{"HasScope nil", func(p *plan) { p.holdings.HasScope = nil }, `guard: operation op: scheme "bearer": scopes are required, but Entitlements.HasScope is nil`},
	{"HasRole nil", func(p *plan) { p.holdings.HasRole = nil }, `guard: operation op: roles are required, but Entitlements.HasRole is nil`},
	{"HasRole nil, roles of the operation", func(p *plan) { p.holdings.HasRole = nil; p.op = operation("key;admin") }, `guard: operation op: roles are required, but Entitlements.HasRole is nil`},
	{"holdings not needed", func(p *plan) { p.holdings = gen.Entitlements[*caller]{}; p.op = operation("key") }, ""},
	{"empty group", func(p *plan) { p.op.Roles = []guard.AnyRole{{}} }, `guard: operation op: a group of roles is empty or has an empty role (scheme "")`},
	{"empty role", func(p *plan) { p.op.Roles = []guard.AnyRole{{"a", ""}} }, `guard: operation op: a group of roles is empty or has an empty role (scheme "")`},
	{"empty role of a scheme", func(p *plan) { p.op.Security[1][0].Roles = []guard.AnyRole{{""}} }, `guard: operation op: a group of roles is empty or has an empty role (scheme "bearer")`},
	{"roles for anonymous callers", func(p *plan) { p.op = operation("{} | key;admin") }, `guard: operation op: roles are required, but {} admits callers who have none`},
}

func TestConstruction(t *testing.T) {
	for _, test := range construction {
		p := goodPlan()
		test.change(&p)
		l := gen.NewLinker(p.options, p.holdings, p.schemes, p.combinations)
		g := l.Guard(p.op)
		if got := text(l.Err()); got != test.want {
			t.Errorf("%s:\n%s\nwant\n%s", test.title, got, test.want)
		}
		r := request("Authorization: Bearer read", "X-Key: r")
		if d := g.Check(r); test.want != "" && (d.Verdict() != fault || d.Challenges() != nil || d.Err() == nil) {
			t.Errorf("%s: a guard with an error says %s", test.title, d.Verdict())
		} else if test.want == "" && !d.Allowed() {
			t.Errorf("%s: %v", test.title, d.Err())
		}
	}
}

func TestAllErrorsAreReported(t *testing.T) {
	l := gen.NewLinker(guard.Options{Realm: "\n", RetryAfter: -1, MaxCredentialBytes: -1}, gen.Entitlements[*caller]{},
		[]gen.Scheme[*caller]{gen.HTTP[*caller]("", "a b", nil, nil)}, nil)
	l.Guard(operation("ghost(a\") & ghost[];a"))
	l.Guard(guard.Operation{})
	for _, want := range []string{"Realm", "RetryAfter", "MaxCredentialBytes", "no name", "ghost", "twice in one", "HasScope is nil", "HasRole is nil", "not a scope-token", "no security requirement"} {
		if !strings.Contains(text(l.Err()), want) {
			t.Errorf("%q is not reported in\n%v", want, l.Err())
		}
	}
}

// One mistake closes everything, the guards made before it included.
func TestOneErrorClosesAllGuards(t *testing.T) {
	l := (&world{}).linker()
	g := l.Guard(operation("bearer"))
	r := request("Authorization: Bearer user")
	if !g.Check(r).Allowed() {
		t.Fatal(g.Check(r).Err())
	}
	l.Guard(guard.Operation{})
	if d := g.Check(r); d.Status() != 500 {
		t.Errorf("%s", d.Verdict())
	}
}

func TestZeroGuardDenies(t *testing.T) {
	captureLog(t)
	for _, g := range []*guard.Guard[*caller]{nil, {}} {
		if d := g.Check(request()); d.Allowed() || d.Status() != 500 || d.Err() == nil {
			t.Errorf("%+v", d)
		}
		rec := httptest.NewRecorder()
		g.Wrap(discardCaller)(rec, request("Authorization: Bearer user"))
		if rec.Code != 500 || rec.Body.String() != body500 {
			t.Errorf("%d %s", rec.Code, rec.Body)
		}
	}
	var d guard.Decision[*caller]
	if d.Allowed() || d.Status() != 500 {
		t.Errorf("the zero decision: %+v", d)
	}
}

func TestWrapWithoutHandlerPanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("it did not")
		}
	}()
	new(guard.Guard[*caller]).Wrap(nil)
}

// What an operation is made of can be changed after; the guard is not.
func TestOperationIsCopied(t *testing.T) {
	l := (&world{}).linker()
	op := operation("key[admin] | oauth(read);auditor")
	g := l.Guard(op)
	op.Roles[0][0], op.Security[0][0].Roles[0][0], op.Security[1][0].Scopes[0] = "user", "user", "user"
	if d := g.Check(request("X-API-Key: user")); d.Verdict() != noRole {
		t.Errorf("%s", d.Verdict())
	}
	if d := g.Check(request("X-API-Key: admin+auditor")); !d.Allowed() {
		t.Errorf("%s", d.Verdict())
	}
	if d := g.Check(request("Authorization: Bearer user")); d.Verdict() != noScope || d.Challenges()[0] != `Bearer realm="api", scope="read", error="insufficient_scope"` {
		t.Errorf("%s %s", d.Verdict(), d.Challenges())
	}
}

func TestCombinationIsCopied(t *testing.T) {
	p := goodPlan()
	names := []string{"bearer", "key"}
	p.combinations = []gen.Combination[*caller]{gen.Combine(names, merge)}
	names[0] = "other"
	l := gen.NewLinker(p.options, p.holdings, p.schemes, p.combinations)
	l.Guard(p.op)
	if err := l.Err(); err != nil {
		t.Error(err)
	}
}

func TestRealmAndLimit(t *testing.T) {
	w := &world{options: guard.Options{Realm: `my "own" \realm`, MaxCredentialBytes: 4, OmitScopeChallenge: true}}
	const realm = `realm="my \"own\" \\realm"`
	for _, row := range []row{
		{has(), "bearer | basic | key | cert", 401, absent, has("Bearer "+realm, "Basic "+realm+`, charset="UTF-8"`, "ApiKey "+realm+`, in="header", name="X-API-Key"`, "ClientCertificate "+realm), "", ""},
		{has("Authorization: Bearer stepup0"), "bearer", 401, malformed, has("Bearer " + realm + `, error="invalid_token"`), "", ""},
		{has("Authorization: Bearer user"), "bearer", 0, allow, nil, "user", "bearer"},
		{has("Authorization: Bearer user"), "oauth(read)", 403, noScope, nil, "", "oauth"},
		{has("X-API-Key: users"), "key", 401, malformed, has("ApiKey " + realm + `, in="header", name="X-API-Key"`), "", ""},
		{has("Authorization: Basic YTo="), "basic", 0, allow, nil, "a", "basic"},
		{has("Authorization: Basic YTpiYzpk"), "basic", 401, malformed, has("Basic " + realm + `, charset="UTF-8"`), "", ""},
	} {
		got := w.serve(t, row.policy, request(row.has...))
		if got.verdict != row.verdict || strings.Join(got.challenges, "\n") != strings.Join(row.challenges, "\n") || got.caller != row.caller {
			t.Errorf("%s: %s %q %q", row.has, got.verdict, got.challenges, got.caller)
		}
	}
}
