package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/examples/templates-audit/api"
	"github.com/oapi-guard/oapi-guard/examples/templates-audit/apiguard"
	"github.com/oapi-guard/oapi-guard/generator"
	"github.com/oapi-guard/oapi-guard/generator/diag"
	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
	"github.com/oapi-guard/oapi-guard/templates"
)

// audited serves with an audit log that the test reads. Every credential begins with "secret".
func audited(t *testing.T, options guard.Options, mount constructor) (http.Handler, *bytes.Buffer) {
	t.Helper()
	log, before := new(bytes.Buffer), slog.Default()
	t.Cleanup(func() { slog.SetDefault(before) })
	slog.SetDefault(slog.New(slog.NewJSONHandler(log, nil)))
	handler, err := mount(failing{accounts{
		"secret-alice": {"alice", []guard.Role{apiguard.RolePayer}},
		"secret-bob":   {name: "bob"},
		"secret-bank":  {name: "bank"},
	}}, options)
	if err != nil {
		t.Fatal(err)
	}
	return handler, log
}

type constructor = func(apiguard.Authenticator[*account], guard.Options) (http.Handler, error)

// plain is a server that knows nothing of callers: oapi-codegen's own interface.
type plain struct{}

func (plain) GetRates(w http.ResponseWriter, _ *http.Request)   { done(w) }
func (plain) ListOffers(w http.ResponseWriter, _ *http.Request) { done(w) }
func (plain) ListPayments(w http.ResponseWriter, _ *http.Request, _ api.ListPaymentsParams) {
	done(w)
}
func (plain) CreatePayment(w http.ResponseWriter, _ *http.Request)       { done(w) }
func (plain) GetPayment(w http.ResponseWriter, _ *http.Request, _ int64) { done(w) }
func (plain) GetStatements(w http.ResponseWriter, _ *http.Request)       { done(w) }

func newPlainHandler(auth apiguard.Authenticator[*account], options guard.Options) (http.Handler, error) {
	return apiguard.HandlerFromServerInterface(plain{}, auth, payments{1: "alice", 2: "bob"}, options, api.StdHTTPServerOptions{})
}

// failing authenticates like accounts, but for the key "broken".
type failing struct{ accounts }

func (f failing) ApiKey(ctx context.Context, key guard.APIKey) (*account, error) {
	if key.Secret() == "broken" {
		return nil, errors.New("the database is gone")
	}
	return f.accounts.ApiKey(ctx, key)
}

// line is an audit line but for its time.
type line map[string]any

// lines are what was written down. No credential may be anywhere in it.
func lines(t *testing.T, log *bytes.Buffer) []line {
	t.Helper()
	if strings.Contains(log.String(), "secret") {
		t.Errorf("a credential is in the log: %s", log)
	}
	var all []line
	for decoder := json.NewDecoder(log); ; {
		var l line
		err := decoder.Decode(&l)
		if err == io.EOF {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		if l["level"] != "INFO" || l["msg"] != "audit" {
			t.Errorf("the log holds %v", l)
		}
		for _, name := range []string{"time", "level", "msg"} {
			delete(l, name)
		}
		all = append(all, l)
	}
}

func ask(h http.Handler, method, target, token string) int {
	r := httptest.NewRequest(method, target, nil)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code
}

func admitted(operation, caller string) line {
	return line{"operation": operation, "verdict": "allow", "caller": caller}
}

func denied(operation, verdict, caller string, status float64, scheme string) line {
	return line{"operation": operation, "verdict": verdict, "caller": caller, "status": status, "scheme": scheme}
}

// TestAudit: every request to a guarded operation is one line, whatever becomes of it, and whichever constructor mounted it.
func TestAudit(t *testing.T) {
	for name, mount := range map[string]constructor{"typed": newHandler, "plain": newPlainHandler} {
		t.Run(name, func(t *testing.T) { testAudit(t, mount) })
	}
}

func testAudit(t *testing.T, mount constructor) {
	h, log := audited(t, guard.Options{}, mount)
	tests := []struct {
		name, method, target, token string
		status                      int
		want                        line // nil for none
	}{
		{"public", "GET", "/rates", "", 204, nil},
		{"public, with a credential", "GET", "/rates", "secret-alice", 204, nil},
		{"anonymous", "GET", "/offers", "", 204, admitted("listOffers", "anonymous")},
		{"known where it need not be", "GET", "/offers", "secret-bob", 204, admitted("listOffers", "bob")},
		{"any caller", "GET", "/payments", "secret-bob", 204, admitted("listPayments", "bob")},
		{"a role", "POST", "/payments", "secret-alice", 204, admitted("createPayment", "alice")},
		{"one's own", "GET", "/payments/1", "secret-alice", 204, admitted("getPayment", "alice")},
		{"a program", "GET", "/statements?key=secret-bank", "", 204, admitted("getStatements", "bank")},

		{"nobody", "GET", "/payments", "", 401, denied("listPayments", "absent", "", 401, "bearerAuth")},
		{"unknown", "GET", "/offers", "secret-x", 401, denied("listOffers", "invalid", "", 401, "bearerAuth")},
		{"malformed", "GET", "/payments", "secret x", 401, denied("listPayments", "malformed", "", 401, "bearerAuth")},
		{"no role", "POST", "/payments", "secret-bob", 403, denied("createPayment", "missing-role", "bob", 403, "bearerAuth")},
		{"another's", "GET", "/payments/2", "secret-alice", 404, denied("getPayment", "not-found", "alice", 404, "bearerAuth")},
		{"an unknown key", "GET", "/statements?key=secret-x", "", 401, denied("getStatements", "invalid", "", 401, "apiKey")},

		{"unbound", "GET", "/payments?limit=secret", "secret-bob", 400, admitted("listPayments", "bob")},
		{"unbound before the check", "GET", "/payments/secret", "secret-bob", 400, admitted("getPayment", "bob")},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			status, got := ask(h, test.method, test.target, test.token), lines(t, log)
			var want []line
			if test.want != nil {
				want = []line{test.want}
			}
			if status != test.status || !slices.EqualFunc(got, want, maps.Equal[line]) {
				t.Errorf("%d %v, want %d %v", status, got, test.status, want)
			}
		})
	}
}

// TestEveryOperation asks for each operation of the policy once, so that one that is added to the document without a
// line in the log is noticed.
func TestEveryOperation(t *testing.T) {
	h, log := audited(t, guard.Options{}, newHandler)
	for _, o := range apiguard.Policy() {
		target := strings.Replace(o.Path, "{paymentId}", "1", 1) + "?key=secret-bank"
		if status := ask(h, o.Method, target, "secret-alice"); status != http.StatusNoContent {
			t.Errorf("%s: %d", o.ID, status)
		}
		var want []string
		if !o.Public {
			want = []string{o.ID}
		}
		var got []string
		for _, l := range lines(t, log) {
			got = append(got, l["operation"].(string))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: lines of %q", o.ID, got)
		}
	}
}

// TestApplicationIsTold: the program's own OnDecision is told everything, as ever.
func TestApplicationIsTold(t *testing.T) {
	var told []verdict.Verdict
	h, log := audited(t, guard.Options{OnDecision: func(_ context.Context, e guard.Event) { told = append(told, e.Verdict) }}, newHandler)
	ask(h, "GET", "/payments", "secret-bob")
	ask(h, "GET", "/payments", "")
	if want := []verdict.Verdict{verdict.Allow, verdict.Absent}; !slices.Equal(told, want) {
		t.Errorf("told %v, want %v", told, want)
	}
	if got := lines(t, log); len(got) != 2 {
		t.Errorf("audited %v", got)
	}
}

// TestFault: a fault is logged beside its audit line, whoever is told of decisions.
func TestFault(t *testing.T) {
	for _, listener := range []func(context.Context, guard.Event){nil, func(context.Context, guard.Event) {}} {
		h, log := audited(t, guard.Options{OnDecision: listener}, newHandler)
		status := ask(h, "GET", "/statements?key=broken", "")
		got := log.String()
		if status != 500 || strings.Count(got, `"verdict":"fault"`) != 1 || strings.Count(got, "the database is gone") != 1 || strings.Count(got, "\n") != 2 {
			t.Errorf("%d, log %s", status, got)
		}
	}
}

// TestOverrideCannotForgetAGuard tries, for each operation, a hook that serves it, and a table without it. None of them
// generates anything, and the message names the operation.
func TestOverrideCannotForgetAGuard(t *testing.T) {
	const row = "{{- range .Routes}}\n"
	table := templates.Source("operations.tmpl")
	if !strings.Contains(table, row) {
		t.Fatalf("operations.tmpl does not have %q", row)
	}
	for _, o := range apiguard.Policy() {
		name := strings.ToUpper(o.ID[:1]) + o.ID[1:]
		for _, change := range []struct{ what, template, text, rule, want string }{
			{"served by a hook", "hooks.tmpl", `{{define "declarations"}}func serve[P Principal](s Server[P]) any { return s.` + name + ` }{{end}}`,
				"template-unguarded", name + " is a method of the server"},
			{"left out", "operations.tmpl", strings.Replace(table, row, row+`{{- if eq .Binding "`+name+`"}}{{continue}}{{end}}`, 1),
				"template-protected", `the blocks "entitlements", "linker", "operations", "policy" are parts of the guard`},
		} {
			t.Run(o.ID+" "+change.what, func(t *testing.T) {
				dir := t.TempDir()
				if err := os.WriteFile(dir+"/"+change.template, []byte(change.text), 0o644); err != nil {
					t.Fatal(err)
				}
				result := generator.GenerateWith("oapi-guard.yaml", generator.Options{Templates: dir})
				found := slices.ContainsFunc(result.Diagnostics, func(d diag.Diagnostic) bool {
					return d.Rule.ID == change.rule && strings.HasPrefix(d.Message, change.want)
				})
				if !found || len(result.Files) > 0 {
					t.Errorf("%d files, %v", len(result.Files), result.Diagnostics)
				}
			})
		}
	}
}

// TestReadme: the template that README.md shows is the one that is used.
func TestReadme(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile("templates/hooks.tmpl")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(readme), "```\n"+string(content)+"```\n") {
		t.Error("README.md does not show templates/hooks.tmpl")
	}
	if lines := strings.Count(string(content), "\n"); lines > 30 {
		t.Errorf("the override has %d lines", lines)
	}
}
