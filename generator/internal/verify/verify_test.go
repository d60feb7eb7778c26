package verify_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator"
	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/templates"
)

// overridden generates a golden case with one template edited: each pair replaces the first text by the second.
// A template that is not a built-in one's name and text, but a whole text, replaces it.
func overridden(t *testing.T, golden string, files map[string]string) diag.List {
	t.Helper()
	result := generator.GenerateWith("../../../testdata/golden/"+golden+"/oapi-guard.yaml", generator.Options{Templates: folder(t, files)})
	if len(result.Files) > 0 && result.Diagnostics.HasErrors() {
		t.Error("there are files beside errors")
	}
	return result.Diagnostics
}

// folder writes files into a new folder.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// edited is a built-in template with texts replaced, all of which it must have.
func edited(t *testing.T, name string, pairs ...string) map[string]string {
	t.Helper()
	text := templates.Source(name)
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(text, pairs[i]) {
			t.Fatalf("%s has no %q", name, pairs[i])
		}
		text = strings.Replace(text, pairs[i], pairs[i+1], 1)
	}
	return map[string]string{name: text}
}

// TestDumpedTemplates: every built-in template is an override that changes nothing, on every server.
func TestDumpedTemplates(t *testing.T) {
	t.Parallel()
	files := map[string]string{}
	for _, name := range templates.Names() {
		files[name] = "{{/* dumped */ -}}\n" + templates.Source(name)
	}
	cases, err := os.ReadDir("../../../testdata/golden")
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for _, entry := range cases {
		config := "../../../testdata/golden/" + entry.Name() + "/oapi-guard.yaml"
		if _, err := os.Stat(config); err != nil || entry.Name() == "overridden" {
			continue
		}
		count++
		plain, dumped := generator.Generate(config), generator.GenerateWith(config, generator.Options{Templates: folder(t, files)})
		if dumped.Diagnostics.HasErrors() || len(plain.Files) != len(dumped.Files) {
			t.Errorf("%s: %v", entry.Name(), dumped.Diagnostics)
			continue
		}
		for i := range plain.Files {
			if string(plain.Files[i].Content) != string(dumped.Files[i].Content) {
				t.Errorf("%s: %s differs", entry.Name(), plain.Files[i].Path)
			}
		}
	}
	if count < 30 {
		t.Errorf("only %d cases", count)
	}
}

// attack is an override that leaves a guard out, weakens it, or makes a way around it.
type attack struct {
	name, golden, template string
	edit                   []string
	want                   string // a part of the finding
}

func attacks() []attack {
	const (
		routeLine = `{ {{- if .Key}}Operation: {{.KeyLiteral}}, {{end}}Method: {{.MethodLiteral}}, Pattern: baseURL + {{.PatternLiteral}}, Handler: {{.Handler}}},`
		guardLine = `{{.Name}}: linker.Guard({{.PolicyFunc}}()),`
	)
	return []attack{
		// Routes.
		{"a route without its guard", "chi", "routes.tmpl", []string{"Handler: {{.Handler}}", `Handler: {{if eq .Binding "DeleteOrder"}}public.DeleteOrder{{else}}{{.Handler}}{{end}}`}, "operation DeleteOrder: method guards.routes has `public.DeleteOrder` where the guards need `guarded(g.DeleteOrder,"},
		{"a route behind another guard", "chi", "routes.tmpl", []string{"Handler: {{.Handler}}", `Handler: {{if eq .Binding "DeleteOrder"}}guarded(g.GetOrder, (*api.ServerInterfaceWrapper).DeleteOrder){{else}}{{.Handler}}{{end}}`}, "operation DeleteOrder: "},
		{"another handler behind a guard", "chi", "routes.tmpl", []string{"Handler: {{.Handler}}", `Handler: {{if eq .Binding "GetOrder"}}guarded(g.GetOrder, (*api.ServerInterfaceWrapper).DeleteOrder){{else}}{{.Handler}}{{end}}`}, "operation GetOrder: "},
		{"a route left out", "chi", "routes.tmpl", []string{routeLine, `{{if ne .Binding "DeleteOrder"}}` + routeLine + `{{end}}`}, "operation DeleteOrder: "},
		{"the last route left out", "chi", "routes.tmpl", []string{routeLine, `{{if ne .Binding "GetOptional"}}` + routeLine + `{{end}}`}, "operation GetOptional: "},
		{"a route twice", "chi", "routes.tmpl", []string{routeLine, routeLine + `{{if eq .Binding "DeleteOrder"}}` + "\n" + `{Method: "DELETE", Pattern: baseURL + "/x", Handler: public.DeleteOrder},{{end}}`}, "operation DeleteOrder: "},
		{"a route more at the end", "chi", "routes.tmpl", []string{"{{- end}}\n\t}\n}\n{{end}}", "{{- end}}\n{Method: \"DELETE\", Pattern: \"/x\", Handler: public.DeleteOrder},\n\t}\n}\n{{end}}"}, "operation DeleteOrder: method guards.routes has"},
		{"another path", "chi", "routes.tmpl", []string{"baseURL + {{.PatternLiteral}}", `baseURL + {{.PatternLiteral}}{{if eq .Binding "GetOrder"}} + "/"{{end}}`}, "operation GetOrder: "},
		{"another method", "chi", "routes.tmpl", []string{"Method: {{.MethodLiteral}}", `Method: {{if eq .Binding "GetOrder"}}http.MethodPost{{else}}{{.MethodLiteral}}{{end}}`}, "operation GetOrder: "},
		{"the guard's closure replaced", "chi", "nethttp/chi.tmpl", []string{`{{define "add"}}`, `{{define "guarded"}}
		return func(w http.ResponseWriter, r *http.Request) { bind(wrapper(guard.Optional[P]{}), w, r) }
{{end}}{{define "add"}}`}, "method guards.routes has"},
		{"admitted all the same", "gin", "gin/gin.tmpl", []string{"c.Abort()\n\t\t\t\treturn", "c.Abort()"}, "lacks `return`"},
		{"a condition that never holds", "gin", "gin/gin.tmpl", []string{"if !admitted {", "if !admitted && false {"}, "where the guards need `!admitted`"},
		{"the handler before the guard", "gin", "gin/gin.tmpl", []string{"r, caller, admitted := g.Admit", "{{.Call}}\n\t\t\tr, caller, admitted := g.Admit"}, "may not have"},
		{"credentials forged before the guard", "gin", "gin/gin.tmpl", []string{"r, caller, admitted := g.Admit", "c.Request.Header.Set(\"Authorization\", \"Bearer root\")\n\t\t\tr, caller, admitted := g.Admit"}, "c is the built-in code's, and there is no admitted request here"},
		{"the caller exchanged", "chi", "nethttp/family.tmpl", []string{"{{.Call}}", "caller = guard.Optional[P]{}\n{{.Call}}"}, "it changes caller, which is the built-in code's"},
		{"the caller exchanged by its address", "chi", "nethttp/family.tmpl", []string{"{{.Call}}", "x := &caller\n*x = guard.Optional[P]{}\n{{.Call}}"}, "it takes the address of caller"},
		// Guards.
		{"a guard of another policy", "chi", "guards.tmpl", []string{"linker.Guard({{.PolicyFunc}}())", `linker.Guard({{if eq .Name "DeleteOrder"}}listProductsPolicy{{else}}{{.PolicyFunc}}{{end}}())`}, "operation DeleteOrder: func newGuards has `listProductsPolicy`"},
		{"a guard of a literal", "chi", "guards.tmpl", []string{"linker.Guard({{.PolicyFunc}}())", `linker.Guard({{if eq .Name "DeleteOrder"}}guard.Operation{Public: true}{{else}}{{.PolicyFunc}}(){{end}})`}, "operation DeleteOrder: func newGuards has `guard.Operation{Public: true}`"},
		{"a guard left out", "chi", "guards.tmpl", []string{guardLine, `{{if ne .Name "DeleteOrder"}}` + guardLine + "{{end}}"}, "operation DeleteOrder: "},
		{"a guard set afterwards", "chi", "guards.tmpl", []string{"return g, linker.Err()", "g.DeleteOrder = g.ListProducts\nreturn g, linker.Err()"}, "operation DeleteOrder: func newGuards may not have"},
		{"a field shadowed", "chi", "guards.tmpl", []string{"{{.Name}} *guard.Guard[P]\n{{- end}}", "{{.Name}} *guard.Guard[P]\n{{- end}}\nmine int"}, "type guards has"},
		{"errors of linking dropped", "chi", "guards.tmpl", []string{"return g, linker.Err()", "return g, nil"}, "func newGuards has `nil`"},
		{"the caller's context left out", "chi", "guards.tmpl", []string{"linker := ", "options.CallerInContext = false\nlinker := "}, "it changes options"},
		{"options after they were taken", "chi", "guards.tmpl", []string{"g := &guards", "options.DenialBody = nil\ng := &guards"}, "it changes options"},
		// Policies.
		{"a policy made public", "chi", "policy.tmpl", []string{"{{- if .Public}}", `{{- if or .Public (eq .Name "DeleteOrder")}}`}, "operation DeleteOrder: func deleteOrderPolicy"},
		{"a role left out", "chi", "policy.tmpl", []string{"{{- with .RolesLiteral}}", `{{- with and (ne .Name "DeleteOrder") .RolesLiteral}}`}, "operation DeleteOrder: func deleteOrderPolicy"},
		{"a policy in two ways", "chi", "policy.tmpl", []string{"return guard.Operation{", "if len(os.Args) > 1 { return guard.Operation{Public: true} }\nreturn guard.Operation{"}, "[template-import]"},
		{"an early return of a policy", "chi", "policy.tmpl", []string{"return guard.Operation{", "if true { return guard.Operation{Public: true} }\nreturn guard.Operation{"}, "operation DeleteOrder: func deleteOrderPolicy"},
		{"an operation that Policy does not tell", "chi", "policy.tmpl", []string{"{{.PolicyFunc}}(),", `{{if ne .Name "DeleteOrder"}}{{.PolicyFunc}}(),{{end}}`}, "operation DeleteOrder: func Policy"},
		{"a role of another value", "chi", "roles.tmpl", []string{"{{.Literal}}", `{{if eq .Constant "RoleAdmin"}}"support"{{else}}{{.Literal}}{{end}}`}, "const RoleAdmin has"},
		{"roles by iota", "chi", "roles.tmpl", []string{"guard.Role = {{.Literal}}", ""}, "const RoleAdmin"},
		// Checks.
		{"a check ignored", "checks", "nethttp/family.tmpl", []string{"if !q.guards.{{.Name}}.AdmitResource(w, r, check) {\n\t\treturn\n\t}", "q.guards.{{.Name}}.AdmitResource(w, r, check)"}, "AdmitResource"},
		{"a check of another guard", "checks", "nethttp/family.tmpl", []string{"q.guards.{{.Name}}.AdmitResource", "q.guards.GetOrder.AdmitResource"}, "operation DeleteOrder: method checkedRequest.DeleteOrder has `GetOrder` where the guards need `DeleteOrder`"},
		{"a check that always agrees", "checks", "checks.tmpl", []string{"return q.guards.checks.{{.Check.Method}}({{.CheckArguments}})", "return nil"}, "where the guards need `q.guards.checks."},
		{"a parameter changed after the check", "checks", "checks.tmpl", []string{`{{- template "check" .}}`, "{{- template \"check\" .}}\n" + `{{with index .Params 0}}{{.Name}} = "x"{{end}}`}, "which is the built-in code's"},
		{"the handler before the check", "checks", "checks.tmpl", []string{"check := func", "q.next.{{.Name}}({{.NextArguments}})\n\tcheck := func"}, "may not have"},
		{"the handler deferred", "checks", "checks.tmpl", []string{"check := func", "defer q.next.{{.Name}}({{.NextArguments}})\n\tcheck := func"}, "may not have"},
		{"the checks left out", "checks", "constructors.tmpl", []string{`g.checked({{if .Strict}}{{template "strict-handler" .}}(q, {{template "strict-arguments" .}}){{else}}q{{end}}, caller)`, `q`}, "where the guards need `g.checked("},
		// Ways around.
		{"init", "chi", "request.tmpl", []string{`{{define "request"}}`, `{{define "request"}}` + "\nfunc init() {}"}, "it would run on its own"},
		{"a second registration", "chi", "nethttp/chi.tmpl", []string{"var taken", "router.Get(\"/x\", nil)\n\tvar taken"}, "router is the built-in code's"},
		{"a registration with the default mux", "chi", "routes.tmpl", []string{"return []gen.Route", "http.HandleFunc(\"/x\", nil)\nreturn []gen.Route"}, "http.HandleFunc could register"},
		{"a variable that registers", "chi", "request.tmpl", []string{`{{define "request"}}`, `{{define "request"}}` + "\nvar _ = func() int { http.Handle(\"/x\", nil); return 0 }()"}, "http.Handle could register"},
		{"oapi-codegen's own registration", "chi", "request.tmpl", []string{`{{define "request"}}`, `{{define "request"}}` + "\n// Mount mounts.\nfunc Mount(s api.ServerInterface) http.Handler { return api.Handler(s) }"}, "could register"},
		{"the wrapper by hand", "chi", "request.tmpl", []string{`{{define "request"}}`, `{{define "request"}}` + "\nfunc mine() any { return (*api.ServerInterfaceWrapper).DeleteOrder }"}, "DeleteOrder is a method of the server"},
		{"the server's method", "chi", "request.tmpl", []string{`{{define "request"}}`, `{{define "request"}}` + "\nfunc mine[P Principal](s Server[P]) any { return s.DeleteOrder }"}, "DeleteOrder is a method of the server"},
		{"the server's method by shape", "chi", "request.tmpl", []string{`{{define "request"}}`, `{{define "request"}}` + "\ntype mine interface { DeleteOrder(http.ResponseWriter, *http.Request, string) }"}, "DeleteOrder is a method of the server"},
		{"a method for the guards", "chi", "request.tmpl", []string{`{{define "request"}}`, `{{define "request"}}` + "\nfunc (g *guards[P]) Open() any { return g.DeleteOrder }"}, "only types of your own"},
		{"a linker of one's own", "chi", "request.tmpl", []string{`{{define "request"}}`, `{{define "request"}}` + "\nvar mine = gen.NewLinker[Principal](guard.Options{}, gen.Entitlements[Principal]{}, nil, nil)"}, "gen.NewLinker could register or admit"},
		{"a caller made up", "chi", "request.tmpl", []string{`{{define "request"}}`, `{{define "request"}}` + "\nfunc mine(ctx context.Context) context.Context { return guard.ContextWithCaller(ctx, 1) }"}, "could register or admit"},
		{"a goroutine", "chi", "nethttp/family.tmpl", []string{"{{.Call}}", "go func() {}()\n{{.Call}}"}, "only calls"},
		{"a panic caught", "chi", "nethttp/family.tmpl", []string{"{{.Call}}", "defer func() { recover() }()\n{{.Call}}"}, "recover would change"},
		{"the base router", "chi", "nethttp/family.tmpl", []string{"http.Error(w, err.Error(), http.StatusBadRequest)", "serverOptions.BaseRouter.Get(\"/x\", nil)"}, "serverOptions is the built-in code's"},
		{"a handler kept in a variable", "chi", "constructors.tmpl", []string{"\twrapper.Handler = ", "\tkept = server\n\twrapper.Handler = ", "{{define \"constructors\"}}", "{{define \"constructors\"}}\nvar kept any\n"}, "server is the built-in code's"},
		{"the name of a predeclared function", "chi", "request.tmpl", []string{`{{define "request"}}`, `{{define "request"}}` + "\nfunc append(a ...any) []string { return nil }"}, "has a meaning in the built-in code"},
		{"a local name taken over", "chi", "nethttp/family.tmpl", []string{"{{.Call}}", "bind := func(...any) {}\n{{.Call}}"}, "the name bind has a meaning"},
		// The file.
		{"no header", "chi", "file.tmpl", []string{"// Code generated by oapi-guard. DO NOT EDIT.", "// Mine."}, "must stand before the package clause"},
		{"no handshake", "chi", "file.tmpl", []string{`{{template "handshake" .}}`, ""}, `"const _ = gen.Generation2" is missing`},
		{"an empty handshake", "chi", "package.tmpl", []string{"const _ = gen.{{.Handshake}}", "const _ = 1"}, "const _ has"},
		{"a build constraint", "chi", "file.tmpl", []string{"// Code generated", "//go:build ignore\n\n// Code generated"}, "is a directive"},
		{"a build constraint of the old form", "chi", "file.tmpl", []string{"// Code generated", "// +build ignore\n\n// Code generated"}, "is a directive"},
		{"a linkname", "chi", "request.tmpl", []string{`{{define "request"}}`, `{{define "request"}}` + "\n//go:linkname x y\nvar x int"}, "is a directive"},
		{"another package", "chi", "package.tmpl", []string{"package {{.Package}}", "package other"}, "the package is other, and must be apiguard"},
		{"an import beside the list", "chi", "package.tmpl", []string{"\n)\n", "\n_ \"net/http/pprof\"\n)\n"}, "is not declared"},
		{"an import of unsafe", "chi", "request.tmpl", []string{`{{define "request"}}`, `{{define "request"}}{{import "unsafe"}}`}, "unsafe may not be imported"},
		{"no routes at all", "chi", "file.tmpl", []string{`{{template "routes" .}}`, ""}, "method guards.routes is missing"},
		{"a policy function left out", "chi", "policy.tmpl", []string{"{{range .Operations}}\n// {{.PolicyFunc}} is", `{{range .Operations}}{{if eq .Name "DeleteOrder"}}{{continue}}{{end}}` + "\n// {{.PolicyFunc}} is"}, "operation DeleteOrder: func deleteOrderPolicy is missing"},
		{"functions without a body", "chi", "request.tmpl", []string{"{\n\t{{if .Results}}return {{end}}q.server.{{.Name}}({{.Arguments}})\n}", ""}, "operation GetHealth: method guardedRequest.GetHealth"},
		{"odd declarations", "chi", "request.tmpl", []string{`{{define "request"}}`, `{{define "request"}}` + "\nvar _ error\nfunc _()\ntype _ int\nfunc () odd() {}\nfunc (x []int) odder() {}\nconst _, _ = 1, 2\n"}, "only types of your own"},
		{"a policy of another kind", "chi", "policy.tmpl", []string{"return []guard.Operation{\n{{- range .Operations}}\n\t\t{{.PolicyFunc}}(),\n{{- end}}\n\t}", "return nil"}, "func Policy has `nil`"},
		// Receivers.
		{"a receiver without its guard", "webhooks-std-http", "receivers.tmpl", []string{"= received(g.{{.Name}}, func(caller guard.Optional[P]) {{$file.ReceiverType}} {\n\t\treturn {{$file.API .Constructor}}(&{{$kind.Word}}Request[P]{receiver, caller}{{template \"receiver-arguments\" $kind}})\n\t})", "= {{$file.API .Constructor}}(&{{$kind.Word}}Request[P]{receiver: receiver}{{template \"receiver-arguments\" $kind}})"}, "operation OrderPaidWebhook: "},
		// The server's own package.
		{"the wrapper in its own package", "same-package", "request.tmpl", []string{`{{define "request"}}`, `{{define "request"}}` + "\nfunc mine() any { return ServerInterfaceWrapper{} }"}, "could register"},
		{"a registration in its own package", "same-package", "request.tmpl", []string{`{{define "request"}}`, `{{define "request"}}` + "\nfunc mine(s ServerInterface) any { return HandlerFromMux(s, nil) }"}, "could register"},
	}
}

// TestUnguarded: an override that leaves a guard out is refused, with the operation's name where there is one.
func TestUnguarded(t *testing.T) {
	for _, test := range attacks() {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			diags := overridden(t, test.golden, edited(t, test.template, test.edit...))
			var all strings.Builder
			for _, d := range diags {
				all.WriteString(d.Position.String() + ": " + d.Message + " [" + d.Rule.ID + "]\n")
			}
			if !diags.HasErrors() || !strings.Contains(all.String(), test.want) {
				t.Errorf("got\n%swant %s", all.String(), test.want)
			}
		})
	}
}

// customisation is an override that changes what guards look like and not what they guard.
type customisation struct {
	name, golden string
	files        map[string]string
	want         string // a part of the guards
}

func customisations(t *testing.T) []customisation {
	const define = `{{define "request"}}`
	envelope := `{{define "guards"}}` + "\n" + `// envelope is the company's body of errors.
type envelope struct {
	Code    int    ` + "`json:\"code\"`" + `
	Message string ` + "`json:\"message\"`" + `
}

// deny makes the body of a denial.
func deny(_ {{import "context"}}.Context, d guard.Denial) (string, []byte) {
	body, err := {{import "encoding/json"}}.Marshal(envelope{Code: d.Status, Message: http.StatusText(d.Status)})
	if err != nil {
		return "", nil
	}
	return "application/json", body
}
`
	guards := strings.NewReplacer(`{{define "guards"}}`+"\n", envelope, "\tlinker := ", "\tif options.DenialBody == nil {\n\t\toptions.DenialBody = deny\n\t}\n\tlinker := ").
		Replace(templates.Source("guards.tmpl"))
	return []customisation{
		{"a company's envelope", "chi", map[string]string{"guards.tmpl": guards}, "options.DenialBody = deny"},
		{"every decision logged", "chi", edited(t, "guards.tmpl", "linker := ", `decided := options.OnDecision
	options.OnDecision = func(ctx context.Context, e guard.Event) {
		{{import "log/slog"}}.InfoContext(ctx, "decided", "event", e)
		if decided != nil {
			decided(ctx, e)
		}
	}
	linker := `), `"log/slog"`},
		{"every admitted request logged", "chi", edited(t, "nethttp/family.tmpl", "{{.Call}}", `started := {{import "time"}}.Now()
			defer func() { {{import "log/slog"}}.InfoContext(r.Context(), "served", "path", r.URL.Path, "caller", caller, "took", time.Since(started)) }()
			{{.Call}}`), `"took", time.Since(started)`},
		{"the same on gin", "gin-strict", edited(t, "gin/gin.tmpl", "\t\t\t{{.Call}}", "\t\t\t"+`{{import "log/slog"}}.InfoContext(r.Context(), "admitted", "path", c.FullPath(), "caller", caller)
			{{.Call}}`), `"admitted", "path", c.FullPath()`},
		{"the same on fiber", "fiber3", edited(t, "fiber/family.tmpl", "\t\t\treturn {{.Call}}", "\t\t\t"+`{{import "log/slog"}}.InfoContext(ctx, "admitted", "caller", caller)
			return {{.Call}}`), `"admitted", "caller", caller`},
		{"every operation by its name", "std-http-strict", edited(t, "request.tmpl", "\t{{if .Results}}return", `	audit(ctx, "{{.Name}}", q.caller)
	{{if .Results}}return`, define, define+`
// audit writes who called what.
func audit[P Principal](ctx context.Context, operation string, caller guard.Optional[P]) {
	who, known := caller.Get()
	{{import "log/slog"}}.InfoContext(ctx, operation, "known", known, "caller", who)
}
`), `audit(ctx, "GetOrder", q.caller)`},
		{"errors of binding", "chi", edited(t, "nethttp/family.tmpl", "func(w http.ResponseWriter, _ *http.Request, err error) {\n\t\t\thttp.Error(w, err.Error(), http.StatusBadRequest)",
			"func(w http.ResponseWriter, r *http.Request, err error) {\n\t\t\tif r.Method == http.MethodHead {\n\t\t\t\treturn\n\t\t\t}\n\t\t\tw.Header().Set(\"Content-Type\", \"text/plain\")\n\t\t\thttp.Error(w, \"no\", http.StatusBadRequest)"), `http.Error(w, "no"`},
		{"a method more of callers", "chi", edited(t, "principal.tmpl", "type Principal interface {", "type Principal interface {\n\t// Tenant is who pays.\n\tTenant() string"), "Tenant() string"},
		{"other comments, another order", "chi", map[string]string{
			"server.tmpl": strings.Replace(templates.Source("server.tmpl"), "// {{.Name}} serves", "//nolint:revive\n\t// For {{.Route}}: {{.Name}} serves", 1),
			"file.tmpl":   strings.Replace(strings.Replace(templates.Source("file.tmpl"), `{{template "policy" .}}`, "", 1), `{{template "routes" .}}`, `{{template "routes" .}}{{template "policy" .}}`, 1),
		}, "// For GET /orders/{orderId}: GetOrder serves"},
		{"a constructor more", "chi", edited(t, "constructors.tmpl", `{{define "constructors"}}`, `{{define "constructors"}}
// MustHandler is Handler for programs that cannot go on without it.
func MustHandler[P Principal](server Server[P], auth Authenticator[P]) http.Handler {
	h, err := {{.ShortName}}(server, auth, guard.Options{})
	if err != nil {
		panic(err)
	}
	return h
}
`), "func MustHandler"},
		{"another form of literals", "chi", edited(t, "policy.tmpl", "ID:     {{.IDLiteral}}", "ID:     (`{{.Facts.ID}}`)"), "(`getOrder`)"},
		{"a license", "chi", edited(t, "file.tmpl", "// Code generated", "// Copyright of the company.\n\n// Code generated"), "// Copyright of the company."},
	}
}

// TestCustomised: an override that guards the same is accepted.
func TestCustomised(t *testing.T) {
	for _, test := range customisations(t) {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			result := generator.GenerateWith("../../../testdata/golden/"+test.golden+"/oapi-guard.yaml", generator.Options{Templates: folder(t, test.files)})
			if result.Diagnostics.HasErrors() {
				t.Fatal(result.Diagnostics)
			}
			guards := result.Files[len(result.Files)-1].Content
			if !strings.Contains(string(guards), test.want) {
				t.Errorf("the guards do not have %q", test.want)
			}
		})
	}
}
