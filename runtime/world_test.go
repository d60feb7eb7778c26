package guard_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/gen"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// caller is the principal of the tests. What it holds is in its name: "support", "admin+read".
type caller struct{ name string }

func (c *caller) holds(what string) bool { return slices.Contains(strings.Split(c.name, "+"), what) }

func hasRole(c *caller, r guard.Role) bool {
	if c.holds("rolepanic") {
		panic("HasRole")
	}
	return c.holds(string(r))
}

func hasScope(c *caller, s string) bool {
	if c.holds("scopepanic") {
		panic("HasScope")
	}
	return c.holds(s)
}

var errPlain = errors.New("some error")

// authenticate is the authenticator of all tests: the credential itself says how it is answered.
func authenticate(ctx context.Context, credential string) (*caller, error) {
	switch credential {
	case "invalid":
		return nil, guard.Invalid(errPlain)
	case "expired":
		return nil, guard.Expired(nil)
	case "forbidden":
		return nil, guard.Forbidden(errPlain)
	case "unavailable":
		return nil, guard.Unavailable(errPlain)
	case "throttled":
		return nil, guard.TooManyRequests(1500*time.Millisecond, errPlain)
	case "throttled0":
		return nil, guard.TooManyRequests(0, nil)
	case "deadline":
		return nil, context.DeadlineExceeded
	case "canceled":
		return nil, context.Canceled
	case "stepup":
		return nil, guard.StepUp{ACRValues: []string{"gold", "sil\"ver"}, MaxAge: 90 * time.Second, Scope: []string{"pay", "sign"}}
	case "stepup0":
		return nil, &guard.StepUp{}
	case "stepupbad":
		return nil, guard.StepUp{ACRValues: []string{"go\nld"}}
	case "error":
		return nil, errPlain
	case "panic":
		panic("authenticator")
	case "abort":
		panic(http.ErrAbortHandler)
	case "nil":
		return nil, nil
	case "nonce":
		return nil, guard.UseDPoPNonce("n-2")
	case "badnonce":
		return nil, guard.UseDPoPNonce("n 2")
	case "both":
		return &caller{"admin"}, guard.Invalid(errPlain)
	}
	return &caller{credential}, nil
}

// world is a linker's surroundings with a record of who was called.
type world struct {
	calls   []string
	options guard.Options
	supply  func(context.Context) guard.Challenge
	terms
}

func (w *world) call(ctx context.Context, scheme, credential string) (*caller, error) {
	w.calls = append(w.calls, scheme)
	return authenticate(ctx, credential)
}

func (w *world) bearer(name string) gen.Scheme[*caller] {
	return gen.Bearer(name, func(ctx context.Context, t guard.BearerToken) (*caller, error) {
		return w.call(ctx, name, t.Secret())
	})
}

func (w *world) key(name string, in gen.Location, parameter string) gen.Scheme[*caller] {
	return gen.APIKey(name, in, parameter, func(ctx context.Context, k guard.APIKey) (*caller, error) {
		return w.call(ctx, name, k.Secret())
	})
}

func (w *world) http(name, scheme string) gen.Scheme[*caller] {
	return gen.HTTP(name, scheme, func(ctx context.Context, c guard.HTTPCredentials) (*caller, error) {
		if user, ok := c.Param("username"); ok {
			return w.call(ctx, name, user)
		}
		return w.call(ctx, name, c.Token68())
	}, w.challenge)
}

func (w *world) cookie() gen.Scheme[*caller] {
	s := w.of("cookie", w.key("cookie", gen.InCookie, "sid"))
	if w.several {
		return s.TryDuplicates()
	}
	return s
}

// of is the scheme under the terms of this world.
func (w *world) of(name string, s gen.Scheme[*caller]) gen.Scheme[*caller] {
	if w.stale[name] {
		return s.InvalidIsAnonymous()
	}
	return s
}

func (w *world) challenge(ctx context.Context) guard.Challenge {
	if w.supply != nil {
		return w.supply(ctx)
	}
	return guard.Challenge{Params: []guard.Param{{Name: "nonce", Value: "n1"}}}
}

func (w *world) schemes() []gen.Scheme[*caller] {
	return []gen.Scheme[*caller]{
		w.of("bearer", w.bearer("bearer")),
		w.bearer("oauth"),
		gen.Basic("basic", func(ctx context.Context, c guard.BasicCredentials) (*caller, error) {
			return w.call(ctx, "basic", c.Username())
		}),
		w.of("key", w.key("key", gen.InHeader, "X-API-Key")),
		w.of("key2", w.key("key2", gen.InHeader, "x-second")),
		w.key("kube", gen.InHeader, "authorization"),
		w.of("query", w.key("query", gen.InQuery, "api_key")),
		w.cookie(),
		w.of("cert", gen.MutualTLS("cert", func(ctx context.Context, c guard.ClientCertificate) (*caller, error) {
			return w.call(ctx, "cert", c.Leaf().Subject.CommonName)
		})),
		w.http("digest", "Digest"),
		gen.DPoP("dpop", func(ctx context.Context, t guard.DPoPToken) (*caller, error) {
			return w.call(ctx, "dpop", t.Secret())
		}, w.challenge),
		w.http("negotiate", "Negotiate"),
		w.http("custom", "Custom"),
	}
}

func (w *world) combine(names ...string) gen.Combination[*caller] {
	return gen.Combine(names, func(_ context.Context, callers []*caller) (*caller, error) {
		w.calls = append(w.calls, "combine")
		all := make([]string, len(callers))
		for i, c := range callers {
			all[i] = c.name
		}
		joined := strings.Join(all, "+")
		for _, special := range []string{"forbidden", "error", "panic", "nil"} {
			if strings.Contains(joined, "combine-"+special) {
				return authenticate(context.Background(), special)
			}
		}
		return &caller{joined}, nil
	})
}

func (w *world) linker() *gen.Linker[*caller] {
	return gen.NewLinker(w.options,
		gen.Entitlements[*caller]{HasRole: hasRole, HasScope: hasScope}, w.schemes(),
		[]gen.Combination[*caller]{
			w.combine("key", "bearer"), w.combine("key2", "key"), w.combine("basic", "key"),
			w.combine("oauth", "key"), w.combine("bearer", "dpop"), w.combine("bearer", "key", "cookie"),
		})
}

// operation reads the policy of a row: alternatives are separated by "|", schemes of one by "&", {} is
// itself; "oauth(read,write)" has scopes, "key[admin/support,auditor]" has groups of roles, and the
// groups after ";" are the operation's own.
func operation(policy string) guard.Operation {
	security, roles, _ := strings.Cut(policy, ";")
	op := guard.Operation{ID: "op", Method: "GET", Path: "/op/{id}", Roles: groups(roles)}
	for a := range strings.SplitSeq(security, "|") {
		op.Security = append(op.Security, parseAlternative(a))
	}
	return op
}

func parseAlternative(written string) guard.Alternative {
	a := guard.Alternative{}
	if strings.TrimSpace(written) == "{}" {
		return a
	}
	for s := range strings.SplitSeq(written, "&") {
		a = append(a, requirement(strings.TrimSpace(s)))
	}
	return a
}

func requirement(written string) guard.Requirement {
	if name, rest, ok := strings.Cut(written, "("); ok {
		return guard.Requirement{Scheme: name, Scopes: strings.Split(strings.TrimSuffix(rest, ")"), ",")}
	}
	name, rest, _ := strings.Cut(written, "[")
	return guard.Requirement{Scheme: name, Roles: groups(strings.TrimSuffix(rest, "]"))}
}

func groups(written string) []guard.AnyRole {
	var out []guard.AnyRole
	for g := range strings.SplitSeq(strings.TrimSpace(written), ",") {
		var group guard.AnyRole
		for r := range strings.SplitSeq(g, "/") {
			group = append(group, guard.Role(strings.TrimSpace(r)))
		}
		if g != "" {
			out = append(out, group)
		}
	}
	return out
}

// request makes a request of lines: "Name: value" is a header field (the name in canonical form, nothing
// trimmed but one space), "?…" the query, "cert=…" a verified client certificate of that name,
// "unverified=…" one that was not verified, and a bare word the method.
func request(lines ...string) *http.Request {
	r := httptest.NewRequest("GET", "/op/1", nil)
	for _, line := range lines {
		name, value, header := strings.Cut(line, ":")
		switch {
		case strings.HasPrefix(line, "?"):
			r.URL.RawQuery = line[1:]
		case strings.HasPrefix(line, "cert="):
			leaf := certificate(line[5:])
			r.TLS = &tls.ConnectionState{PeerCertificates: leaf, VerifiedChains: [][]*x509.Certificate{leaf}}
		case strings.HasPrefix(line, "unverified="):
			r.TLS = &tls.ConnectionState{PeerCertificates: certificate(line[11:])}
		case header:
			name = http.CanonicalHeaderKey(name)
			r.Header[name] = append(r.Header[name], strings.TrimPrefix(value, " "))
		default:
			r.Method = line
		}
	}
	return r
}

func certificate(name string) []*x509.Certificate {
	return []*x509.Certificate{{Subject: pkix.Name{CommonName: name}}}
}

// result is the outcome of a request.
type result struct {
	status     int // 0 when the handler ran
	verdict    verdict.Verdict
	challenges []string
	caller     string // its name, "anonymous" without one, empty when the handler did not run
	ran        int
	calls      string
	header     http.Header
	body       string
	event      guard.Event
	events     int
}

// serve sends one request through the guard of a policy.
func (w *world) serve(t testing.TB, policy string, r *http.Request) result {
	t.Helper()
	var res result
	report := w.options.OnDecision
	w.options.OnDecision = func(ctx context.Context, e guard.Event) {
		res.event = e
		res.events++
		if report != nil {
			report(ctx, e)
		}
	}
	defer func() { w.options.OnDecision = report }()
	l := w.linker()
	g := l.Guard(operation(policy))
	if err := l.Err(); err != nil {
		t.Fatal(err)
	}
	w.calls = nil
	rec := httptest.NewRecorder()
	g.Wrap(func(_ http.ResponseWriter, _ *http.Request, c guard.Optional[*caller]) {
		res.ran++
		res.caller = nameOf(c)
	})(rec, r)
	res.calls = strings.Join(w.calls, " ")
	res.verdict = res.event.Verdict
	if res.header = rec.Header(); res.ran == 0 {
		res.status = rec.Code
	}
	res.challenges = res.header.Values("WWW-Authenticate")
	res.body = rec.Body.String()
	return res
}

func nameOf(c guard.Optional[*caller]) string {
	if known, ok := c.Get(); ok {
		return known.name
	}
	return "anonymous"
}
