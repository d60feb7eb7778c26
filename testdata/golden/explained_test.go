package golden

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// explained.json is what "oapi-guard explain" says of callers of orders.yaml; the root module writes it.
type (
	explained struct {
		Details map[int]string `json:"details"`
		Answers []struct {
			Verdict    string   `json:"verdict"`
			Status     int      `json:"status"`
			Challenges []string `json:"challenges"`
			Body       string   `json:"body"`
		} `json:"answers"`
		Questions []question `json:"questions"`
	}
	question struct {
		Operation     string            `json:"operation"`
		Credentials   map[string]string `json:"credentials"`
		Roles, Scopes []string
		Answer        int
	}
)

// TestExplained asks every server what explain was asked: verdict, status, challenges and body must be the same, and the
// handler runs exactly for those who are allowed.
func TestExplained(t *testing.T) {
	content, err := os.ReadFile("explained.json")
	if err != nil {
		t.Fatal(err)
	}
	var all explained
	if err := json.Unmarshal(content, &all); err != nil {
		t.Fatal(err)
	}
	for _, a := range all.Answers {
		for i, line := range a.Challenges {
			a.Challenges[i] = suppliedHere.Replace(line)
		}
	}
	for _, s := range append(slices.Clone(servers), plainCase) {
		for kind, construct := range map[string]constructor{"typed": s.typed, "untyped": s.untyped} {
			t.Run(s.name+"/"+kind, func(t *testing.T) {
				t.Parallel()
				x := &explainedServer{framework: s.framework}
				o := options{guard: guard.Options{
					Realm: "golden", MaxCredentialBytes: maxCredential, Logger: slog.New(slog.DiscardHandler),
					OnDecision: func(_ context.Context, e guard.Event) { x.verdict = e.Verdict.String() },
				}}
				h := must(t)(construct(&x.probe, x, o))
				for i := range all.Questions {
					x.ask(t, h, all, &all.Questions[i])
				}
			})
		}
	}
}

// TestDenialDetails: reports and overlays show the very text that the servers send with a status.
func TestDenialDetails(t *testing.T) {
	content, err := os.ReadFile("explained.json")
	if err != nil {
		t.Fatal(err)
	}
	var all explained
	if err := json.Unmarshal(content, &all); err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("x", 3000)
	requests := map[int]*http.Request{
		400: with(http.MethodGet, order, "", http.Header{"Authorization": {"Bearer admin", "Bearer admin"}}),
		401: with(http.MethodGet, order, "", nil),
		403: with(http.MethodGet, order, "", bearer("customer")),
		404: with(http.MethodGet, "/documents/missing", "", bearer("support")),
		413: with(http.MethodPost, "/fits/signed", long, authorization("AWS4-HMAC-SHA256 "+awsSignature("user-1", long))),
		429: with(http.MethodGet, order, "", bearer("throttled")),
		503: with(http.MethodGet, order, "", bearer("down")),
	}
	if len(all.Details) != len(requests) {
		t.Errorf("%d texts: %v", len(all.Details), all.Details)
	}
	h := must(t)(servers[0].typed(new(probe), &auth{}, options{guard: quiet()}))
	for status, r := range requests {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		var problem struct{ Detail string }
		if err := json.Unmarshal(w.Body.Bytes(), &problem); err != nil || w.Code != status || problem.Detail != all.Details[status] {
			t.Errorf("%s %s: status %d with %q (%v); want %d with %q", r.Method, r.URL, w.Code, problem.Detail, err, status, all.Details[status])
		}
	}
}

func with(method, target, body string, header http.Header) *http.Request {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	maps.Copy(r.Header, header)
	return r
}

// suppliedHere has the parameters that the authenticators of these tests supply.
var suppliedHere = strings.NewReplacer("DPoP …", `DPoP algs="ES256"`, "Digest …", `Digest realm="golden", nonce="n\"1\\", algorithm=SHA-256`)

// explainedServer is a server with an authenticator that knows the question.
type explainedServer struct {
	auth
	framework string
	probe     probe
	asked     *question
	verdict   string
}

func (x *explainedServer) ask(t *testing.T, h http.Handler, all explained, q *question) {
	x.asked, x.verdict = q, ""
	before, r := x.probe.runs.Load(), q.request(x.framework)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	ran := x.probe.runs.Load() - before
	want := all.Answers[q.Answer]
	if want.Verdict == "allow" {
		if x.verdict != "allow" && !isPublic(q.Operation) || ran != 1 || w.Code >= 300 {
			t.Errorf("%+v: %s, %d, the handler ran %d times; want allow", q, x.verdict, w.Code, ran)
		}
		return
	}
	challenges := w.Header().Values("Www-Authenticate")
	if r.Method == http.MethodHead { // the recorder keeps what a server would not send
		w.Body.Reset()
	}
	if x.verdict != want.Verdict || w.Code != want.Status || !slices.Equal(challenges, want.Challenges) || w.Body.String() != want.Body || ran != 0 {
		t.Errorf("%+v: %s, %d, %q, %q, the handler ran %d times; want %+v", q, x.verdict, w.Code, challenges, w.Body, ran, want)
	}
}

// isPublic reports whether nobody is asked about the operation, so that nothing is decided.
func isPublic(operation string) bool { return operation == "GET /health" }

// request is the question on the wire. Iris has no path that ends in a slash (docs/FRAMEWORKS.md).
func (q *question) request(framework string) *http.Request {
	method, path, _ := strings.Cut(q.Operation, " ")
	if framework == "iris" {
		path = strings.TrimSuffix(path, "/")
	}
	path = strings.Replace(path, "/tenants/{tenant}/invoices/{number}", invoices+"1", 1)
	path = strings.NewReplacer("/orders/{orderId}", order, "{id}", "owned", "{documentId}", "owned").Replace(path)
	query, header := "version=1", http.Header{"Content-Type": {"application/json"}}
	for scheme, state := range q.Credentials {
		q.present(scheme, state, header, &query)
	}
	r := httptest.NewRequest(method, path+"?"+query, strings.NewReader("{}"))
	r.Header = header
	return r
}

// present puts the credential of a scheme into the request. What several schemes read stands there once.
func (q *question) present(scheme, state string, header http.Header, query *string) {
	value := "secret"
	if state == "malformed" {
		value = strings.Repeat("a", maxCredential+1)
	}
	switch scheme {
	case "warehouse_key", "hook":
		name := map[string]string{"warehouse_key": "X-Warehouse-Key", "hook": "X-Hook-Signature"}[scheme]
		header[name] = times(value, state)
	case "apiKey":
		*query += "&api_key=" + strings.Join(times(value, state), "&api_key=")
	case "session", "visit", "tabs":
		header["Cookie"] = append(header["Cookie"], scheme+"="+strings.Join(times(value, state), "; "+scheme+"="))
	default:
		if scheme == "dpop" {
			header["Dpop"] = []string{proof}
		}
		lines := times(authorizationOf(scheme, value), state)
		if len(lines) >= len(header["Authorization"]) {
			header["Authorization"] = lines
		}
	}
}

// times is a value once, or five different ones: more than a cookie may have that is tried.
func times(value, state string) []string {
	if state != "ambiguous" {
		return []string{value}
	}
	var all []string
	for i := range 5 {
		all = append(all, fmt.Sprint(value, i))
	}
	return all
}

func authorizationOf(scheme, value string) string {
	switch scheme {
	case "basicAuth":
		if value == "secret" {
			value = "dXNlcjpzZWNyZXQ="
		}
		return "Basic " + value
	case "digest":
		if value == "secret" {
			value = digestOf("mufasa", "secret")
		}
		return "Digest " + value
	case "dpop":
		return "DPoP " + value
	case "aws":
		return "AWS4-HMAC-SHA256 " + value
	}
	return "Bearer " + value
}

// answer is that of the authenticator of a scheme.
func (x *explainedServer) answer(scheme string) (*caller, error) {
	switch x.asked.Credentials[scheme] {
	case "valid":
		c := &caller{name: scheme, scopes: x.asked.Scopes}
		for _, role := range x.asked.Roles {
			c.roles = append(c.roles, guard.Role(role))
		}
		return c, nil
	case "expired":
		return nil, guard.Expired(nil)
	}
	return nil, guard.Invalid(nil)
}

func (x *explainedServer) BearerAuth(context.Context, guard.BearerToken) (*caller, error) {
	return x.answer("bearerAuth")
}
func (x *explainedServer) PetOauth(context.Context, guard.BearerToken) (*caller, error) {
	return x.answer("petOauth")
}
func (x *explainedServer) Oidc(context.Context, guard.BearerToken) (*caller, error) {
	return x.answer("oidc")
}
func (x *explainedServer) Permanent(context.Context, guard.BearerToken) (*caller, error) {
	return x.answer("permanent")
}
func (x *explainedServer) BasicAuth(context.Context, guard.BasicCredentials) (*caller, error) {
	return x.answer("basicAuth")
}
func (x *explainedServer) Digest(context.Context, guard.HTTPCredentials) (*caller, error) {
	return x.answer("digest")
}
func (x *explainedServer) Dpop(context.Context, dpopToken) (*caller, error) { return x.answer("dpop") }
func (x *explainedServer) Aws(context.Context, guard.HTTPCredentials) (*caller, error) {
	return x.answer("aws")
}
func (x *explainedServer) WarehouseKey(context.Context, guard.APIKey) (*caller, error) {
	return x.answer("warehouse_key")
}
func (x *explainedServer) ApiKey(context.Context, guard.APIKey) (*caller, error) {
	return x.answer("apiKey")
}
func (x *explainedServer) Session(context.Context, guard.APIKey) (*caller, error) {
	return x.answer("session")
}
func (x *explainedServer) Hook(context.Context, guard.APIKey) (*caller, error) {
	return x.answer("hook")
}
func (x *explainedServer) Visit(context.Context, guard.APIKey) (*caller, error) {
	return x.answer("visit")
}
func (x *explainedServer) Tabs(context.Context, guard.APIKey) (*caller, error) {
	return x.answer("tabs")
}
