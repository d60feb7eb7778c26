package verify_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator"
	"github.com/oapi-guard/oapi-guard/templates"
)

// overridden generates a golden case with other templates, of which some blocks are called unprotected.
func overridden(t *testing.T, golden string, files map[string]string, unprotected ...string) *generator.Result {
	t.Helper()
	result := generator.GenerateWith(configured(t, golden, unprotected), generator.Options{Templates: folder(t, files)})
	if len(result.Files) > 0 && result.Diagnostics.HasErrors() {
		t.Error("there are files beside errors")
	}
	return result
}

// configured is a copy of the configuration of a golden case that takes the server as it is, and calls blocks unprotected if
// there are some.
func configured(t *testing.T, golden string, unprotected []string) string {
	t.Helper()
	path := "../../../testdata/golden/" + golden + "/oapi-guard.yaml"
	dir, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text := regexp.MustCompile(`(?m)^(spec|server|output): `).ReplaceAllString(string(content), "$1: "+dir+"/")
	text = strings.Replace(text, "server: "+dir+"/none\n", "server: none\n", 1)
	text = regexp.MustCompile(`(?m)^generate: \{server: true\}\n`).ReplaceAllString(text, "")
	text = regexp.MustCompile(`(?m)^(generate: \{)server: true, |,? ?guard-tests: true`).ReplaceAllString(text, "$1")
	text = strings.Replace(text, "generate: {}\n", "", 1)
	if len(unprotected) > 0 {
		text += "templates: {path: " + dir + ", unprotected: [" + strings.Join(unprotected, ", ") + "]}\n"
	}
	return filepath.Join(folder(t, map[string]string{"oapi-guard.yaml": text}), "oapi-guard.yaml")
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

// TestDumpedTemplates: every built-in template is an override that changes nothing, on every server, where its blocks are
// not protected or the configuration says so. Only the header tells.
func TestDumpedTemplates(t *testing.T) {
	files := map[string]string{}
	for _, name := range templates.Names() {
		files[name] = "{{/* dumped */ -}}\n" + templates.Source(name)
		if name == "hooks.tmpl" {
			delete(files, name) // hooks that say nothing are not filled
		}
	}
	cases, err := os.ReadDir("../../../testdata/golden")
	if err != nil {
		t.Fatal(err)
	}
	header := regexp.MustCompile(`//\n// Templates replace blocks that hold the guard: .*\n`)
	count := 0
	for _, entry := range cases {
		path := "../../../testdata/golden/" + entry.Name() + "/oapi-guard.yaml"
		if content, err := os.ReadFile(path); err != nil || strings.Contains(string(content), "templates:") {
			continue
		}
		count++
		dumped := overridden(t, entry.Name(), files, templates.Blocks(templates.Protected)...)
		if dumped.Diagnostics.HasErrors() || len(dumped.Files) == 0 {
			t.Errorf("%s: %v", entry.Name(), dumped.Diagnostics)
			continue
		}
		for _, file := range dumped.Files {
			committed, err := os.ReadFile(file.Path)
			if got := header.ReplaceAllString(string(file.Content), ""); err != nil || got != string(committed) {
				t.Errorf("%s: %s differs (%v)", entry.Name(), file.Path, err)
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
	// unprotected are the blocks that it replaces and that hold the guard: without that word they cannot be replaced.
	unprotected []string
	// want is a part of the finding, with that word where the attack needs it. It is empty where whoever says the word
	// answers for what the block does.
	want string
}

// hook is an attack by a hook, whose text is the whole template.
func hook(name, golden, template, block, text, want string) attack {
	return attack{name, golden, template, []string{`{{define "` + block + `"}}` + text + "\n{{end}}"}, nil, want}
}

func attacks() []attack {
	const (
		row     = `{guard.Operation{{.Operation.PolicyLiteral}}, {{if .Key}}{{.KeyLiteral}}, {{end}}{{.PatternLiteral}}, (*wrapper).{{.Binding}}},`
		chi     = "nethttp/chi.tmpl"
		declare = "declarations"
	)
	operations := []string{"operations"}
	registration := []string{"registration"}
	constructors := []string{"constructors"}
	whole := []string{"file.tmpl"}
	const plain = "nethttp/plain.tmpl"
	return []attack{
		// Handlers of the program's own.
		{
			"a handler without its guard", "plain", plain, []string{"{{.Served}}", `{{.Constant}}: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {})`}, registration,
			"operation DeleteOrder: Handler lacks `opDeleteOrder: guards.DeleteOrder.Wrap(handlers.DeleteOrder)`",
		},
		{
			"the guard of another operation", "plain", plain, []string{"{{.Element}}", "{{.Name}}: newGuarded(linker.Guard(table[0].policy), {{.Serve}})"}, constructors,
			"NewGuards lacks `GetDocument: newGuarded(linker.Guard(table[opGetDocument].policy), checked.GetDocument)`",
		},
		{"no guard for a handler", "plain", plain, []string{"{{- range .Guards}}", "{{- range slice .Guards 1}}"}, constructors, "NewGuards lacks"},
		{
			"a policy that is not the document's", "plain", plain, []string{"{guard.Operation{{.Operation.PolicyLiteral}}, ", "{guard.Operation{Public: true}, "}, operations,
			"operations has `opDeleteOrder: {guard.Operation{Public: true}",
		},
		{"a row too few", "plain", plain, []string{"{{- range .Routes}}", "{{- range slice .Routes 1}}"}, operations, "operations lacks"},
		{"a check that is not asked", "plain", plain, []string{"if g.AdmitResource(w, r, check) {", "if _ = check; true {"}, []string{"checks"}, ""},
		{"a check that is left out", "plain", plain, []string{"{{range .CheckedMethods}}", "{{range slice .CheckedMethods 1}}"}, []string{"checks"}, "checkedRequest lacks"},
		{"a Wrap without its guard", "plain", plain, []string{"return g.guard.Wrap(", "return http.HandlerFunc("}, constructors, ""},
		hook("a handler of its own", "plain", "hooks.tmpl", declare, "\nfunc open(mux *http.ServeMux) { mux.HandleFunc(\"/\", nil) }", "http.ServeMux could register"),
		hook("the table", "plain", "hooks.tmpl", "options", "\n\t_ = operations()", "operations is a part of the guards"),
		hook("the guard's answer as a way in", "plain", "nethttp/hooks.tmpl", "binding-error", "\n\tnewGuarded[int, int](nil, nil)", "newGuarded is a part of the guards"),
		// Routes.
		{"a route without its guard", "chi", "registration.tmpl", []string{"if !o.policy.Public {", `if !o.policy.Public && o.pattern != "/orders/{orderId}" {`}, registration, ""},
		{"a route behind another guard", "chi", "operations.tmpl", []string{`{{.Operation.PolicyLiteral}}`, `{{if eq .Binding "DeleteOrder"}}{ID: "getOrder"}{{else}}{{.Operation.PolicyLiteral}}{{end}}`}, operations, "operation DeleteOrder: operations lacks"},
		{"another handler behind a guard", "chi", "operations.tmpl", []string{"(*wrapper).{{.Binding}}", `(*wrapper).{{if eq .Binding "GetOrder"}}DeleteOrder{{else}}{{.Binding}}{{end}}`}, operations, "operation GetOrder: operations lacks"},
		{"a route left out", "chi", "operations.tmpl", []string{row, `{{if ne .Binding "DeleteOrder"}}` + row + `{{end}}`}, operations, "operation DeleteOrder: operations lacks"},
		{"the last route left out", "chi", "operations.tmpl", []string{row, `{{if ne .Binding "GetOptional"}}` + row + `{{end}}`}, operations, "operation GetOptional: operations lacks"},
		{"a route twice", "chi", "operations.tmpl", []string{row, row + `{{if eq .Binding "DeleteOrder"}}` + row + `{{end}}`}, operations, "which the policy has not"},
		{"a route more at the end", "chi", "operations.tmpl", []string{row + "\n{{- end}}", row + "\n{{- end}}\n{guard.Operation{Public: true}, \"/x\", (*wrapper).DeleteOrder},"}, operations, "operations has `{guard.Operation{Public: true}"},
		{"routes that are added later", "chi", "operations.tmpl", []string{"\treturn []operation{", "\tif len(hidden) > 0 {\n\t\treturn hidden\n\t}\n\treturn []operation{"}, operations, "operation GetHealth: operations lacks"},
		{"another path", "chi", "operations.tmpl", []string{"{{.PatternLiteral}}", `{{.PatternLiteral}}{{if eq .Binding "GetOrder"}} + "/"{{end}}`}, operations, "operation GetOrder: operations lacks"},
		{"another method", "chi", "operations.tmpl", []string{`{{.Operation.PolicyLiteral}}`, `{{if eq .Binding "GetOrder"}}{ID: "getOrder", Method: "TRACE", Path: "/orders/{orderId}"}{{else}}{{.Operation.PolicyLiteral}}{{end}}`}, operations, "operation GetOrder: operations lacks"},
		{"the guard's closure replaced", "chi", chi, []string{`{{define "add"}}`, `{{define "guard-with"}}open({{end}}{{define "add"}}`}, []string{"guard-with", "add", "new-router"}, ""},
		{"admitted all the same", "gin", "gin/gin.tmpl", []string{"c.Abort()\n\t\t\treturn", "c.Abort()"}, []string{"guarded"}, "of the guard"},
		{"a condition that never holds", "gin", "gin/gin.tmpl", []string{"if !admitted {", "if !admitted && false {"}, []string{"guarded"}, "of the guard"},
		{"the handler before the guard", "gin", "gin/gin.tmpl", []string{"r, caller, admitted := g.Admit", "serve(c, guard.Optional[P]{})\n\t\tr, caller, admitted := g.Admit"}, []string{"guarded"}, "of the guard"},
		{"credentials forged before the guard", "gin", "gin/gin.tmpl", []string{"r, caller, admitted := g.Admit", "c.Request.Header.Set(\"Authorization\", \"Bearer root\")\n\t\tr, caller, admitted := g.Admit"}, []string{"guarded"}, "of the guard"},
		{"the caller exchanged", "chi", "registration.tmpl", []string{"{{template \"return\" .}}o.bind(wrapperFor(g, caller)", "caller = guard.Optional[P]{}\n{{template \"return\" .}}o.bind(wrapperFor(g, caller)"}, registration, ""},
		{"the caller exchanged by its address", "chi", "registration.tmpl", []string{"{{template \"return\" .}}o.bind(wrapperFor(g, caller)", "x := &caller\n*x = guard.Optional[P]{}\n{{template \"return\" .}}o.bind(wrapperFor(g, caller)"}, registration, ""},
		// Guards.
		{"a guard of another policy", "chi", "registration.tmpl", []string{"linker.Guard(o.policy)", "linker.Guard(operations()[1].policy)"}, registration, ""},
		{"a guard of a literal", "chi", "registration.tmpl", []string{"linker.Guard(o.policy)", "linker.Guard(guard.Operation{})"}, registration, ""},
		{"a guard left out", "chi", "registration.tmpl", []string{"{{- if .Guarded}}\n\t\tif !o.policy.Public", "{{- if not .Guarded}}\n\t\tif !o.policy.Public"}, registration, ""},
		{"a guard set afterwards", "chi", "registration.tmpl", []string{"\tif err := linker.Err()", "\troutes[1].Handler = routes[0].Handler\n\tif err := linker.Err()"}, registration, ""},
		{"a field shadowed", "chi", "operations.tmpl", []string{"\tpolicy  guard.Operation\n", "\tpolicy  guard.Operation\n\tmine int\n"}, operations, ""},
		{"errors of linking dropped", "chi", "registration.tmpl", []string{"err := linker.Err(); err != nil", "err := linker.Err(); err != nil && false"}, registration, ""},
		{"the caller's context left out", "chi", "constructors.tmpl", []string{"options.CallerInContext = true", ""}, []string{"constructors"}, ""},
		{"options after they were taken", "chi", "operations.tmpl", []string{"return gen.NewLinker(options,", "return gen.NewLinker(guard.Options{},"}, []string{"linker"}, ""},
		// Policies.
		{"a policy made public", "chi", "operations.tmpl", []string{`{{.Operation.PolicyLiteral}}`, `{{if eq .Binding "DeleteOrder"}}{ID: "deleteOrder", Method: http.MethodDelete, Path: "/orders/{orderId}", Public: true}{{else}}{{.Operation.PolicyLiteral}}{{end}}`}, operations, "operation DeleteOrder: operations lacks"},
		{"a role left out", "chi", "operations.tmpl", []string{`{{.Operation.PolicyLiteral}}`, `{{if eq .Binding "DeleteOrder"}}{ID: "deleteOrder", Method: http.MethodDelete, Path: "/orders/{orderId}", Security: {{.Operation.SecurityLiteral}}}{{else}}{{.Operation.PolicyLiteral}}{{end}}`}, operations, "operation DeleteOrder: operations lacks"},
		{"a policy in two ways", "chi", "operations.tmpl", []string{"\treturn []operation{", "if len(os.Args) > 1 { return nil }\n\treturn []operation{"}, operations, "[template-import]"},
		{"an early return of a policy", "chi", "operations.tmpl", []string{"\treturn []operation{", "\tif true {\n\t\treturn nil\n\t}\n\treturn []operation{"}, operations, "operation DeleteOrder: operations lacks"},
		{"an operation that Policy does not tell", "chi", "operations.tmpl", []string{"policy = append(policy, o.policy)", "if o.policy.Public { policy = append(policy, o.policy) }"}, []string{"policy"}, ""},
		{"a role of another value", "chi", "roles.tmpl", []string{"{{.Literal}}", `{{if eq .Constant "RoleAdmin"}}"support"{{else}}{{.Literal}}{{end}}`}, nil, "has `= \"support\""},
		{"roles by iota", "chi", "roles.tmpl", []string{"guard.Role = {{.Literal}}", ""}, nil, "const RoleAdmin"},
		// Checks.
		{"a check ignored", "checks", "nethttp/family.tmpl", []string{"if q.guard.AdmitResource(w, r, check) {\n\t\tq.serverInterface.{{.Name}}({{.NextArguments}})\n\t}", "q.guard.AdmitResource(w, r, check)\nq.serverInterface.{{.Name}}({{.NextArguments}})"}, []string{"check"}, "of the guard"},
		{"a check that always agrees", "checks", "checks.tmpl", []string{"return q.checks.{{.Check.Method}}({{.CheckArguments}})", "return nil"}, []string{"checks"}, ""},
		{"a check of another guard", "checks", "constructors.tmpl", []string{", checks, g, caller}", ", checks, new(guard.Guard[P]), caller}"}, []string{"checked"}, ""},
		{"a parameter changed after the check", "checks", "checks.tmpl", []string{`{{- template "check" .}}`, `{{with index .Params 0}}` + "\n{{.Name}} = \"x\"" + `{{end}}{{- template "check" .}}`}, []string{"checks"}, ""},
		{"the handler before the check", "checks", "checks.tmpl", []string{"\tcheck := func", "\tq.serverInterface.{{.Name}}({{.NextArguments}})\n\tcheck := func"}, []string{"checks"}, ""},
		{"the handler deferred", "checks", "checks.tmpl", []string{"\tcheck := func", "\tdefer q.serverInterface.{{.Name}}({{.NextArguments}})\n\tcheck := func"}, []string{"checks"}, ""},
		{"the checks left out", "checks", "constructors.tmpl", []string{`{{if .Checks}}&checkedRequest[P]{ {{- end}}`, "", `{{if .Checks}}, checks, g, caller}{{end}}`, ""}, []string{"check-first", "checked"}, ""},
		{"a check left out", "checks", "checks.tmpl", []string{"{{range .CheckedMethods}}", `{{range .CheckedMethods}}{{if eq .Name "DeleteOrder"}}{{continue}}{{end}}`}, []string{"checks"}, "operation DeleteOrder: checkedRequest lacks"},
		// Ways around.
		hook("init", "chi", "hooks.tmpl", declare, "func init() {}", "it would run on its own"),
		{"a second registration", "chi", chi, []string{"var taken", "router.Get(\"/x\", nil)\n\tvar taken"}, []string{"add"}, "of the guard"},
		hook("a registration with the default mux", "chi", "hooks.tmpl", declare, "func mine() { http.HandleFunc(\"/x\", nil) }", "http.HandleFunc could register"),
		hook("a registration by a hook", "chi", "hooks.tmpl", "admitted", "http.HandleFunc(\"/x\", nil)", "http.HandleFunc could register"),
		hook("a variable that registers", "chi", "hooks.tmpl", declare, "var _ = func() int { http.Handle(\"/x\", nil); return 0 }()", "http.Handle could register"),
		hook("oapi-codegen's own registration", "chi", "hooks.tmpl", declare, "// Mount mounts.\nfunc Mount(s api.ServerInterface) http.Handler { return api.Handler(s) }", "could register"),
		hook("the wrapper by hand", "chi", "hooks.tmpl", declare, "func mine() any { return (*api.ServerInterfaceWrapper).DeleteOrder }", "DeleteOrder is a method of the server"),
		hook("the wrapper by its alias", "chi", "hooks.tmpl", declare, "func mine() any { return new(wrapper) }", "wrapper is a part of the guards"),
		hook("the table", "chi", "hooks.tmpl", "options", "_ = operations()[0].bind", "operations is a part of the guards"),
		hook("the server's method", "chi", "hooks.tmpl", declare, "func mine[P Principal](s Server[P]) any { return s.DeleteOrder }", "DeleteOrder is a method of the server"),
		hook("the server's method by shape", "chi", "hooks.tmpl", declare, "type mine interface { DeleteOrder(http.ResponseWriter, *http.Request, string) }", "DeleteOrder is a method of the server"),
		hook("a method for the guards", "chi", "hooks.tmpl", declare, "func (q *guardedRequest[P]) Open() any { return nil }", "only types of your own"),
		hook("a linker of one's own", "chi", "hooks.tmpl", declare, "var mine = gen.NewLinker[Principal](guard.Options{}, gen.Entitlements[Principal]{}, nil, nil)", "gen.NewLinker could register or admit"),
		hook("a guard of one's own", "chi", "hooks.tmpl", declare, "var mine guard.Guard[Principal]", "guard.Guard could register or admit"),
		hook("a caller made up", "chi", "hooks.tmpl", declare, "func mine(ctx context.Context) context.Context { return guard.ContextWithCaller(ctx, 1) }", "could register or admit"),
		{"a goroutine", "chi", "registration.tmpl", []string{"{{template \"return\" .}}o.bind(wrapperFor(g, caller)", "go func() {}()\n{{template \"return\" .}}o.bind(wrapperFor(g, caller)"}, registration, ""},
		{"a panic caught", "chi", "registration.tmpl", []string{"{{template \"return\" .}}o.bind(wrapperFor(g, caller)", "defer func() { recover() }()\n{{template \"return\" .}}o.bind(wrapperFor(g, caller)"}, registration, ""},
		hook("the base router", "chi", "nethttp/hooks.tmpl", "binding-error", "serverOptions.BaseRouter.Get(\"/x\", nil)", "serverOptions is not there"),
		hook("the router of a request", "echo", "hooks.tmpl", declare, "func mine(ctx echo.Context) any { return ctx.Echo() }", "Echo leads to the router"),
		{"a handler kept in a variable", "chi", "constructors.tmpl", []string{"\tbase.Handler = ", "\tkept = server\n\tbase.Handler = ", "{{define \"constructors\"}}", "{{define \"constructors\"}}\nvar kept any\n"}, []string{"constructors"}, ""},
		hook("the name of a predeclared function", "chi", "hooks.tmpl", declare, "func append(a ...any) []string { return nil }", "has a meaning in the built-in code"),
		hook("a local name taken over", "chi", "hooks.tmpl", declare, "var routes []int", "has a meaning in the built-in code"),
		hook("the name of a package", "chi", "hooks.tmpl", declare, "var http struct{}", "has a meaning in the built-in code"),
		hook("a function behind a hook", "chi", "hooks.tmpl", "admitted", "}\nfunc mine() {", "the hook admitted leaves its place"),
		hook("half a function", "chi", "hooks.tmpl", "admitted", "if true {", "does not parse"),
		hook("a type behind a hook", "chi", "hooks.tmpl", "principal-methods", "}\ntype mine interface {", "the hook principal-methods leaves its place"),
		hook("an interface embedded by a hook", "chi", "hooks.tmpl", "principal-methods", "Server[P]", "may add methods, and nothing else"),
		hook("a union of a hook", "chi", "hooks.tmpl", "principal-methods", "~int | ~string", "may add methods, and nothing else"),
		hook("a method again", "chi", "hooks.tmpl", "principal-methods", "HasRole(string) bool", "type Principal has"),
		hook("the server's method in addition", "chi", "hooks.tmpl", "authenticator-methods", "DeleteOrder()", "DeleteOrder is a method of the server"),
		{"an authenticator with a method less", "chi", "interfaces.tmpl", []string{"{{.Method}}(ctx context.Context, {{.CredentialName}} guard.{{.CredentialType}}) (P, error)", ""}, nil, "type Authenticator has"},
		{"a server without callers", "chi", "interfaces.tmpl", []string{"{{.Declaration}}\n{{- end}}\n}\n{{end}}\n\n{{define \"server\"}}", "{{end}}}{{end}}{{define \"server\"}}", "type {{.ServerName}}", "func mine() {}\ntype {{.ServerName}}"}, nil, "func mine may not be added here"},
		// The file.
		{"no header", "chi", "file.tmpl", []string{"// Code generated by oapi-guard. DO NOT EDIT.", "// Mine."}, whole, "must stand before the package clause"},
		{"no handshake", "chi", "file.tmpl", []string{`{{template "handshake" .}}`, ""}, whole, "const _ is missing"},
		{"an empty handshake", "chi", "package.tmpl", []string{"const _ = gen.{{.Handshake}}", "const _ = 1"}, []string{"handshake", "package"}, "does not name the generation"},
		{"a build constraint", "chi", "file.tmpl", []string{"// Code generated", "//go:build ignore\n\n// Code generated"}, whole, "is a directive"},
		{"a build constraint of the old form", "chi", "file.tmpl", []string{"// Code generated", "// +build ignore\n\n// Code generated"}, whole, "is a directive"},
		hook("a build constraint in a hook", "chi", "hooks.tmpl", "header", "//go:build ignore", "is a directive"),
		hook("a build constraint of the old form in a hook", "chi", "hooks.tmpl", "header", "// +build ignore", "is a directive"),
		hook("code in the header", "chi", "hooks.tmpl", "header", "package x; import _ \"unsafe\"", "does not parse"),
		hook("a linkname", "chi", "hooks.tmpl", declare, "//go:linkname x y\nvar x int", "is a directive"),
		{"another package", "chi", "package.tmpl", []string{"package {{.Package}}", "package other"}, []string{"handshake", "package"}, "the package is other, and must be apiguard"},
		{"an import beside the list", "chi", "package.tmpl", []string{"\n)\n", "\n_ \"net/http/pprof\"\n)\n"}, []string{"handshake", "package"}, "import has"},
		hook("an import in a hook", "chi", "hooks.tmpl", declare, "import _ \"net/http/pprof\"", "import"),
		hook("an import of unsafe", "chi", "hooks.tmpl", declare, `var _ = {{import "unsafe"}}.Pointer(nil)`, "unsafe may not be imported"),
		{"no routes at all", "chi", "file.tmpl", []string{`{{template "registration" .}}`, ""}, whole, "func mount is missing"},
		{"no table", "chi", "file.tmpl", []string{`{{template "operations" .}}`, ""}, whole, "func operations is missing"},
		{"functions without a body", "chi", "request.tmpl", []string{"\n\t{{if .Results}}return {{end}}q.typedServer.{{.Name}}({{.Arguments}})\n}", "}"}, []string{"request"}, ""},
		hook("odd declarations", "chi", "hooks.tmpl", declare, "var _ error\nfunc _()\ntype _ int\nfunc (x []int) odder() {}\nconst _, _ = 1, 2\n", "only types of your own"),
		{"a policy of another kind", "chi", "operations.tmpl", []string{"return {{if .Receivers}}append(policy, receivers()...){{else}}policy{{end}}", "return nil"}, []string{"policy"}, ""},
		// Receivers.
		{"a receiver without its guard", "webhooks-std-http", "receivers.tmpl", []string{"{{- if .Public}}\n\t{{if $file", "{{- if true}}\n\t{{if $file"}, []string{"receiver-handlers"}, ""},
		{"a receiver behind another's policy", "webhooks-std-http", "receivers.tmpl", []string{`{{.Constant}}: {{.PolicyLiteral}}`, `{{.Constant}}: {ID: "x"}`}, []string{"receiver-table"}, "receivers lacks"},
		// The server's own package.
		hook("the wrapper in its own package", "same-package", "hooks.tmpl", declare, "func mine() any { return ServerInterfaceWrapper{} }", "could register"),
		hook("a registration in its own package", "same-package", "hooks.tmpl", declare, "func mine(s ServerInterface) any { return HandlerFromMux(s, nil) }", "could register"),
	}
}

// files are the templates of an attack.
func (a attack) files(t *testing.T) map[string]string {
	t.Helper()
	if len(a.edit) == 1 {
		return map[string]string{a.template: a.edit[0]}
	}
	files := edited(t, a.template, a.edit...)
	if a.unprotected != nil && a.template != "file.tmpl" { // without the other blocks of the file
		for name := range files {
			files[name] = onlyBlocks(t, files[name], a.unprotected)
		}
	}
	return files
}

// onlyBlocks are some blocks of a template.
func onlyBlocks(t *testing.T, text string, names []string) string {
	t.Helper()
	var b strings.Builder
	parts := strings.Split("\n"+text, "\n{{define ")
	for _, part := range parts[1:] {
		if name, _, _ := strings.Cut(strings.TrimPrefix(part, `"`), `"`); slices.Contains(names, name) {
			b.WriteString("{{define " + part + "\n")
		}
	}
	if b.Len() == 0 {
		t.Fatalf("no block %q", names)
	}
	return b.String()
}

// TestUnguarded: an override that leaves a guard out is refused, with the operation's name where there is one. Where it replaces
// a block that holds the guard it needs the word for that; what it does in that block is nobody's business then, but
// the table stays compared with the policy, and everything else with what is built in.
func TestUnguarded(t *testing.T) {
	all := attacks()
	if len(all) < 80 {
		t.Errorf("only %d attacks", len(all))
	}
	for _, test := range all {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			files := test.files(t)
			got := findings(overridden(t, test.golden, files))
			if test.unprotected == nil {
				if !strings.Contains(got, test.want) || !strings.Contains(got, ": error: ") {
					t.Errorf("got\n%swant %s", got, test.want)
				}
				return
			}
			if !strings.Contains(got, "[template-protected]") {
				t.Errorf("got\n%swant that the block is protected", got)
			}
			if strings.Contains(test.want, "of the guard") {
				return
			}
			got = findings(overridden(t, test.golden, files, test.unprotected...))
			if !strings.Contains(got, test.want) || !strings.Contains(got, "[template-unprotected]") || strings.Contains(got, ": error: ") != (test.want != "") {
				t.Errorf("unprotected, got\n%swant %s", got, test.want)
			}
		})
	}
}

func findings(result *generator.Result) string {
	var all strings.Builder
	for _, d := range result.Diagnostics {
		all.WriteString(d.String() + "\n")
	}
	return all.String()
}

// customisation is an override that changes what guards look like and not what they guard.
type customisation struct {
	name, golden string
	files        map[string]string
	want         string // a part of the guards
}

func customisations(t *testing.T) []customisation {
	return []customisation{
		{"a company's envelope", "chi", map[string]string{"hooks.tmpl": `{{define "declarations"}}
// envelope is the company's body of errors.
type envelope struct {
	Code    int    ` + "`json:\"code\"`" + `
	Message string ` + "`json:\"message\"`" + `
}

// String is the message.
func (e envelope) String() string { return e.Message }

// deny makes the body of a denial.
func deny(_ {{import "context"}}.Context, d guard.Denial) (string, []byte) {
	body, err := {{import "encoding/json"}}.Marshal(envelope{Code: d.Status, Message: http.StatusText(d.Status)})
	if err != nil {
		return "", nil
	}
	return "application/json", body
}
{{end}}{{define "options"}}
	if options.DenialBody == nil {
		options.DenialBody = deny
	}
{{- end}}`}, "options.DenialBody = deny"},
		{"every decision logged", "chi", map[string]string{"hooks.tmpl": `{{define "admitted"}}{{template "log"}}{{end}}{{define "denied"}}{{template "log"}}{{end}}
{{define "log"}}{{import "log/slog"}}.InfoContext(ctx, "decided", "event", e, "caller", caller){{end}}`}, `gen.Observe(&options, admitted[P], denied[P])`},
		{"admissions alone", "gin-strict", map[string]string{"hooks.tmpl": `{{define "admitted"}}{{import "log/slog"}}.InfoContext(ctx, e.Operation){{end}}`}, `gen.Observe[P](&options, admitted[P], nil)`},
		{"denials alone", "fiber3", map[string]string{"hooks.tmpl": `{{define "denied"}}{{import "log/slog"}}.InfoContext(ctx, e.Operation){{end}}`}, `gen.Observe[P](&options, nil, denied[P])`},
		{"errors of binding", "chi", map[string]string{"nethttp/hooks.tmpl": `{{define "binding-error"}}
	if r.Method == http.MethodHead {
		return
	}
	w.Header().Set("Content-Type", "text/plain")
	http.Error(w, "no", http.StatusBadRequest)
{{end}}`}, `http.Error(w, "no"`},
		{"errors of binding of one framework", "chi", map[string]string{"nethttp/chi.tmpl": `{{define "binding-error"}}w.WriteHeader(400){{end}}`}, `w.WriteHeader(400)`},
		{"errors of strict servers", "gin-strict", map[string]string{"gin/hooks.tmpl": `{{define "response-error"}}c.JSON(500, gin.H{"error": "ours"}){{end}}`}, `gin.H{"error": "ours"}`},
		{"a method more of callers", "chi", map[string]string{"hooks.tmpl": `{{define "principal-methods"}}
	// Tenant is who pays.
	Tenant() string{{end}}`}, "Tenant() string"},
		{"other comments", "chi", edited(t, "interfaces.tmpl", "{{- range .Untagged}}\n{{- range .Doc}}\n\t// {{.}}\n{{- end}}", "{{- range .Untagged}}\n\t//nolint:revive\n\t// For {{.Route}}: {{.Name}}."), "// For GET /orders/{orderId}: GetOrder."},
		{"no comment at all", "chi", map[string]string{"comments.tmpl": `{{define "operation-comment"}}{{end}}`}, "[]operation{\n\t\t{guard.Operation{"},
		{"a constructor more", "chi", map[string]string{"hooks.tmpl": `{{define "declarations"}}
// MustHandler is Handler for programs that cannot go on without it.
func MustHandler[P Principal](server Server[P], auth Authenticator[P], checks ResourceChecker[P]) http.Handler {
	h, err := {{.ShortName}}(server, auth, checks, guard.Options{})
	if err != nil {
		panic(err)
	}
	return h
}
{{end}}`}, "func MustHandler"},
		{"a license", "chi", map[string]string{"hooks.tmpl": `{{define "header"}}// Copyright of the company.{{end}}`}, "// Source: orders.yaml\n\n// Copyright of the company.\n\n// Package"},
	}
}

// TestCustomised: an override that guards the same is accepted.
func TestCustomised(t *testing.T) {
	for _, test := range customisations(t) {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			result := overridden(t, test.golden, test.files)
			if len(result.Diagnostics) > 0 {
				t.Fatal(result.Diagnostics)
			}
			guards := result.Files[len(result.Files)-1].Content
			if !strings.Contains(string(guards), test.want) {
				t.Errorf("the guards do not have %q", test.want)
			}
		})
	}
}
