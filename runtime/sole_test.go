package guard_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/gen"
)

// solePolicies are of one scheme, but for those that only look so.
var solePolicies = []string{
	"bearer", "bearer;admin", "bearer;admin/support,read", "bearer[admin]", "bearer[admin];support", "oauth(read)", "oauth(read,pay)", "oauth(read);admin",
	"basic", "basic;admin", "key", "key;admin", "query", "cookie", "cookie;admin", "cert", "cert;admin", "kube", "kube;admin",
	"digest", "dpop", "negotiate", "bearer|{}", "bearer|basic", "bearer|oauth(read)", "bearer[admin]|bearer[support]", "key|bearer",
}

// soleTokens are what a credential says of itself: see authenticate.
var soleTokens = []string{
	"user", "admin", "support", "admin+read", "read+pay", "admin+support+read", "invalid", "expired", "forbidden", "unavailable", "throttled",
	"throttled0", "deadline", "canceled", "stepup", "stepup0", "stepupbad", "error", "panic", "abort", "nil", "nonce", "both", "rolepanic", "scopepanic+read", "",
}

// soleLines are credentials; %s is one of soleTokens.
var soleLines = []string{
	"Authorization: Bearer %s", "Authorization: Bearer %s", "Authorization: Bearer %s", "Authorization: bEARER   %s ", "Authorization: Bearer  %s=a",
	"Authorization: %s", "Authorization: Basic %s", "Authorization: Basic dXNlcjpwYXNz", "Authorization: Basic YWRtaW46", "Authorization: Bearerx %s", "Authorization:",
	"Authorization: Bearer" + strings.Repeat(" ", 20000) + "%s", "Authorization: Digest username=\"%s\"", "Authorization: DPoP %s", "Authorization: Negotiate %s",
	"X-API-Key: %s", "Cookie: sid=%s", "Cookie: a=b; sid=%s", "?api_key=%s", "?api_key=%%zz", "cert=%s", "unverified=%s", "HEAD", "PUT", "Accept: text/html", proof,
}

func soleRequest(rnd *rand.Rand) []string {
	var lines []string
	for range []int{0, 1, 1, 1, 1, 1, 2, 3}[rnd.IntN(8)] {
		line := soleLines[rnd.IntN(len(soleLines))]
		if strings.Contains(line, "%s") {
			line = fmt.Sprintf(line, soleTokens[rnd.IntN(len(soleTokens))])
		}
		lines = append(lines, strings.ReplaceAll(line, "%%", "%"))
	}
	return lines
}

func soleOptions(rnd *rand.Rand, told func(context.Context, guard.Event)) guard.Options {
	o := guard.Options{
		Realm: "r", PrivateResponses: rnd.IntN(2) == 0, CallerInContext: rnd.IntN(2) == 0, OmitScopeChallenge: rnd.IntN(3) == 0,
		ConcealFromAnonymous: rnd.IntN(2) == 0,
	}
	if rnd.IntN(2) == 0 {
		o.OnDecision = told
	}
	if rnd.IntN(3) == 0 {
		o.RetryAfter = time.Minute
	}
	if rnd.IntN(4) == 0 {
		o.ClearCookies = []http.Cookie{{Name: "sid"}}
	}
	if rnd.IntN(4) == 0 {
		o.DenialBody = func(_ context.Context, d guard.Denial) (string, []byte) {
			return "text/plain", fmt.Appendf(nil, "%+v", d)
		}
	}
	return o
}

// TestSole holds the ways that are written out for the commonest cases to the general one: nobody who looks from outside,
// client, application or operator, sees which was taken.
func TestSole(t *testing.T) {
	rnd := rand.New(rand.NewPCG(10, 8))
	taken, logs := map[string]int{}, captureLog(t)
	for range 8000 {
		var events []guard.Event
		w := &world{terms: terms{several: rnd.IntN(3) == 0, stale: map[string]bool{"bearer": rnd.IntN(3) == 0}}}
		w.options = soleOptions(rnd, func(_ context.Context, e guard.Event) { events = append(events, e) })
		l := w.linker()
		op := operation(solePolicies[rnd.IntN(len(solePolicies))])
		if rnd.IntN(4) == 0 {
			op.Conceal = []guard.Concealment{guard.ConcealAsNotFound, guard.ConcealAsForbidden}[rnd.IntN(2)]
		}
		g := l.Guard(op)
		if err := l.Err(); err != nil {
			t.Fatal(err)
		}
		if rnd.IntN(50) == 0 { // an error of another guard breaks this one
			l.Guard(guard.Operation{ID: "broken"})
		}
		lines := soleRequest(rnd)
		seen := func(g *guard.Guard[*caller]) []string {
			w.calls, events = nil, nil
			logs.Reset()
			all := []string{seenByCheck(g, lines), seenByWrap(g, lines), seenByExchange(g, lines), strings.Join(w.calls, " ")}
			for _, e := range events {
				all = append(all, fmt.Sprintf("%s %s %s %d %s %v", e.Operation, e.Method, e.Verdict, e.Status, e.Scheme, e.Reason))
			}
			return append(all, levels(logs.String())...)
		}
		short, general := seen(g), seen(guard.General(g))
		if !reflect.DeepEqual(short, general) {
			t.Fatalf("%.300q to %+v with %+v:\n%.2000q\nin general:\n%.2000q", lines, op, w.options, short, general)
		}
		sole, ready, absent := guard.Ways(g)
		taken[fmt.Sprint(sole, ready, absent)]++
		taken[fmt.Sprint(sole, " ", strings.Fields(short[0])[0])]++
	}
	for _, way := range []string{
		"true true true", "true true false", "true false false", "false false true", "false false false",
		"true allow", "true absent", "true malformed", "true ambiguous", "true invalid", "true expired", "true missing-role", "true missing-scope", "true refused",
		"true step-up-required", "true throttled", "true unavailable", "true fault", "false allow", "false absent", "true panic",
	} {
		if taken[way] < 5 {
			t.Errorf("%s: %d times, of %v", way, taken[way], taken)
		}
	}
}

// levels are the log without its times and stacks, which differ.
func levels(logs string) (lines []string) {
	for line := range strings.Lines(logs) {
		line, _, _ = strings.Cut(line, "stack=")
		if _, rest, ok := strings.Cut(line, "level="); ok {
			lines = append(lines, rest)
		}
	}
	return lines
}

// aborted is the panic of a function, which has to be the one of net/http.
func aborted(seen *string) {
	if value := recover(); value != nil {
		*seen = fmt.Sprintf("panic %v, %s", value, *seen)
	}
}

func seenByCheck(g *guard.Guard[*caller], lines []string) (seen string) {
	defer aborted(&seen)
	d := g.Check(request(lines...))
	return fmt.Sprint(d.Verdict(), " ", d.Status(), d.Challenges(), d.Scheme(), " ", d.Err(), " ", nameOf(d.Caller()), d.Allowed())
}

func seenByWrap(g *guard.Guard[*caller], lines []string) (seen string) {
	rec := httptest.NewRecorder()
	rec.Header().Set("Etag", "stale")
	defer func() { seen = fmt.Sprint(seen, rec.Code, rec.Header(), rec.Body) }()
	defer aborted(&seen)
	g.Wrap(func(_ http.ResponseWriter, r *http.Request, c guard.Optional[*caller]) {
		inContext, _ := guard.CallerFrom[*caller](r.Context())
		seen = fmt.Sprint("served ", nameOf(c), inContext)
	})(rec, request(lines...))
	return seen
}

func seenByExchange(g *guard.Guard[*caller], lines []string) (seen string) {
	defer aborted(&seen)
	x := newExchange(request(lines...))
	_, caller, admitted := g.AdmitExchange(x)
	return fmt.Sprint(admitted, nameOf(caller), x.status, x.header, x.body, x.cookies)
}

// What an authenticator writes is kept, refused and taken back as on the general way.
func TestSoleWrites(t *testing.T) {
	captureLog(t)
	for _, name := range []string{"X-Session", "WWW-Authenticate"} {
		l := gen.NewLinker(guard.Options{}, gen.Entitlements[*caller]{HasRole: hasRole}, []gen.Scheme[*caller]{
			gen.Bearer("bearer", func(ctx context.Context, t guard.BearerToken) (*caller, error) {
				t.Request().SetHeader(name, "written")
				return authenticate(ctx, t.Secret())
			}),
		}, nil)
		g := l.Guard(operation("bearer;admin"))
		if err := l.Err(); err != nil {
			t.Fatal(err)
		}
		for _, token := range soleTokens {
			lines := []string{"Authorization: Bearer " + token}
			short, general := seenByWrap(g, lines), seenByWrap(guard.General(g), lines)
			if short != general {
				t.Errorf("%s, %s: %s; in general: %s", token, name, short, general)
			}
			kept := name == "X-Session" && token != "panic" && token != ""
			if token != "abort" && strings.Contains(short, "written") != kept {
				t.Errorf("%s, %s: %s", token, name, short)
			}
		}
	}
}
