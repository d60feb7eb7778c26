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

	"github.com/oapi-guard/oapi-guard/examples/templates-audit/apiguard"
	"github.com/oapi-guard/oapi-guard/generator"
	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// audited serves with an audit log that the test reads. Every credential begins with "secret".
func audited(t *testing.T, options guard.Options) (http.Handler, *bytes.Buffer) {
	t.Helper()
	log, before := new(bytes.Buffer), slog.Default()
	t.Cleanup(func() { slog.SetDefault(before) })
	slog.SetDefault(slog.New(slog.NewJSONHandler(log, nil)))
	handler, err := newHandler(failing{accounts{
		"secret-alice": {"alice", []guard.Role{apiguard.RolePayer}},
		"secret-bob":   {name: "bob"},
		"secret-bank":  {name: "bank"},
	}}, options)
	if err != nil {
		t.Fatal(err)
	}
	return handler, log
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

// TestAudit: every request to a guarded operation is one line, whatever becomes of it.
func TestAudit(t *testing.T) {
	h, log := audited(t, guard.Options{})
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
		{"no role", "POST", "/payments", "secret-bob", 403, denied("createPayment", "missing-role", "", 403, "bearerAuth")},
		{"another's", "GET", "/payments/2", "secret-alice", 404, denied("getPayment", "not-found", "alice", 404, "bearerAuth")},
		{"an unknown key", "GET", "/statements?key=secret-x", "", 401, denied("getStatements", "invalid", "", 401, "apiKey")},

		{"unbound", "GET", "/payments?limit=secret", "secret-bob", 400, line{"route": "GET /payments", "verdict": "unbound"}},
		{"unbound before the check", "GET", "/payments/secret", "secret-bob", 400, line{"route": "GET /payments/{paymentId}", "verdict": "unbound"}},
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
	h, log := audited(t, guard.Options{})
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
	var told []guard.Verdict
	h, log := audited(t, guard.Options{OnDecision: func(_ context.Context, e guard.Event) { told = append(told, e.Verdict) }})
	ask(h, "GET", "/payments", "secret-bob")
	ask(h, "GET", "/payments", "")
	if want := []guard.Verdict{guard.VerdictAllow, guard.VerdictAbsent}; !slices.Equal(told, want) {
		t.Errorf("told %v, want %v", told, want)
	}
	if got := lines(t, log); len(got) != 2 {
		t.Errorf("audited %v", got)
	}
}

// TestFault: who is told of decisions has to log faults. The override is told, so that it logs them as the runtime would
// have done, beside their audit line, unless the program is told, too.
func TestFault(t *testing.T) {
	h, log := audited(t, guard.Options{})
	status := ask(h, "GET", "/statements?key=broken", "")
	got := log.String()
	if status != 500 || strings.Count(got, `"verdict":"fault"`) != 1 || strings.Count(got, "the database is gone") != 1 || strings.Count(got, "\n") != 2 {
		t.Errorf("%d, log %s", status, got)
	}
	h, log = audited(t, guard.Options{OnDecision: func(context.Context, guard.Event) {}})
	ask(h, "GET", "/statements?key=broken", "")
	if got := lines(t, log); len(got) != 1 || got[0]["verdict"] != "fault" {
		t.Errorf("audited %v", got)
	}
}

// TestOverrideCannotForgetAGuard changes copies of the override, one operation at a time, so that its guard is
// missing or another's, or so that it is served without one. None of them generates anything, and the message
// names the operation.
func TestOverrideCannotForgetAGuard(t *testing.T) {
	const (
		built   = `{{.Name}}: linker.Guard({{.PolicyFunc}}()),`
		audited = `audit(r.Context(), {{.IDLiteral}}, q.caller)`
	)
	for _, o := range apiguard.Policy() {
		if o.Public {
			continue
		}
		name := strings.ToUpper(o.ID[:1]) + o.ID[1:]
		only := func(text string) string { return `{{if eq .Name "` + name + `"}}` + text + `{{end}}` }
		other := `listPaymentsPolicy`
		if o.ID == "listPayments" {
			other = `listOffersPolicy`
		}
		for _, change := range []struct{ what, template, before, after string }{
			{"missing", "guards.tmpl", built, `{{if ne .Name "` + name + `"}}` + built + `{{end}}`},
			{"another's", "guards.tmpl", built, `{{.Name}}: linker.Guard({{if eq .Name "` + name + `"}}` + other + `{{else}}{{.PolicyFunc}}{{end}}()),`},
			{"served twice", "request.tmpl", audited, audited + only("\nq.server.{{.Name}}({{.Arguments}})")},
			{"served by the log", "request.tmpl", audited, only("if r.URL.Path == \"/back-door\" {\nq.server.{{.Name}}({{.Arguments}})\n}\n") + audited},
		} {
			t.Run(o.ID+" "+change.what, func(t *testing.T) {
				checkRefused(t, name, change.template, change.before, change.after)
			})
		}
	}
}

// checkRefused generates with a copy of the templates, in one of which a text is replaced.
func checkRefused(t *testing.T, operation, name, before, after string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("templates")); err != nil {
		t.Fatal(err)
	}
	path := dir + "/" + name
	content, err := os.ReadFile(path)
	if err != nil || strings.Count(string(content), before) != 1 {
		t.Fatalf("%s does not have %q once: %v", name, before, err)
	}
	if result := generator.GenerateWith("oapi-guard.yaml", generator.Options{Templates: dir}); len(result.Diagnostics) > 0 {
		t.Fatalf("the copy alone is refused: %v", result.Diagnostics)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(content), before, after, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	result := generator.GenerateWith("oapi-guard.yaml", generator.Options{Templates: dir})
	if len(result.Files) > 0 {
		t.Error("files are generated")
	}
	for _, d := range result.Diagnostics {
		if d.Rule.ID == "template-unguarded" && strings.HasPrefix(d.Message, "operation "+operation+": ") {
			return
		}
	}
	t.Errorf("nothing says that %s is unguarded: %v", operation, result.Diagnostics)
}

// TestReadme: the lines that README.md says were added are in the templates.
func TestReadme(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, name := range []string{"request.tmpl"} {
		content, err := os.ReadFile("templates/" + name)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(content)
	}
	count := 0
	for line := range strings.Lines(string(readme)) {
		added, found := strings.CutPrefix(strings.TrimLeft(line, " "), "+")
		if !found || strings.HasPrefix(added, "++") {
			continue
		}
		if count++; !strings.Contains(all.String(), "\n"+added) {
			t.Errorf("no template has %q", added)
		}
	}
	if count < 3 {
		t.Errorf("only %d lines", count)
	}
}
