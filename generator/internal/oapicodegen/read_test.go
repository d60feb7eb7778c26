package oapicodegen

import (
	"cmp"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/oapi-codegen/oapi-codegen/v2/pkg/codegen"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/framework"
	"github.com/oapi-guard/oapi-guard/generator/internal/server"
)

// apiQualifier stands for a generated file that imports the server's package as "api".
type apiQualifier struct{}

func (apiQualifier) Local(name string) string { return "api." + name }
func (apiQualifier) Import(importPath, name string) string {
	return cmp.Or(name, path.Base(importPath))
}

// configFor selects a server of oapi-codegen.
func configFor(f framework.Framework, strict bool) codegen.Configuration {
	return codegen.Configuration{
		PackageName: "api",
		Generate: codegen.GenerateOptions{
			StdHTTPServer: f == framework.StdHTTP, ChiServer: f == framework.Chi, GorillaServer: f == framework.Gorilla,
			EchoServer: f == framework.Echo, Echo5Server: f == framework.Echo5, GinServer: f == framework.Gin,
			FiberServer: f == framework.Fiber, FiberV3Server: f == framework.Fiber3, IrisServer: f == framework.Iris,
			Strict: strict, Models: true,
		},
	}
}

// generated is a server file for a document.
func generated(t testing.TB, spec string, f framework.Framework, strict bool) string {
	t.Helper()
	code, diags := Run(RunOptions{Spec: spec, Config: configFor(f, strict), ConfigFile: "oapi-codegen.yaml"})
	if diags.HasErrors() {
		t.Fatalf("%s: %v", spec, diags)
	}
	return string(code)
}

// serverFile writes files below a new module, example.com/m, and returns the path of api/api.gen.go in it.
func serverFile(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "go.mod"), "module example.com/m\n")
	for name, content := range files {
		write(t, filepath.Join(dir, name), content)
	}
	return filepath.Join(dir, "api", "api.gen.go")
}

func write(t testing.TB, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

// describe lists methods and registrations, a line each.
func describe(t testing.TB, s *server.Server) string {
	t.Helper()
	var b strings.Builder
	for _, m := range s.Methods {
		fmt.Fprintf(&b, "%s = %s %s", m.Name, m.HTTPMethod, m.Path)
		for _, p := range m.Params {
			fmt.Fprintf(&b, ", %s %s", p.Name, render(t, p.Type))
		}
		if m.Strict != nil {
			fmt.Fprintf(&b, " strict %s %s", render(t, m.Strict.Request), render(t, m.Strict.Response))
		}
		b.WriteString("\n")
	}
	for _, r := range s.Registrations {
		fmt.Fprintf(&b, "%s %s -> %s\n", r.HTTPMethod, r.Pattern, r.Handler)
	}
	return b.String()
}

func render(t testing.TB, typ server.Type) string {
	t.Helper()
	text, err := typ.Render(apiQualifier{})
	if err != nil {
		t.Error(err)
	}
	return text
}

const ordersMethods = `Health = GET /health
ListKinds = GET /kinds/{kind}/{sizes}/{point}/, kind api.Kind, sizes []api.Kind, point struct{X *int ` + "`json:\"x,omitempty\"`; Y *int `json:\"y,omitempty\"`" + `}
GetOrder = GET /orders/{order-id}, orderId openapi_types.UUID, params api.GetOrderParams
PutOrder = PUT /orders/{order-id}, orderId openapi_types.UUID
When = POST /when/{day}/{zone}/{map}, day openapi_types.Date, zone time.Month, pMap map[string]int
`

const ordersRoutes = `GET /health -> Health
GET /orders/{order-id} -> GetOrder
PUT /orders/{order-id} -> PutOrder
GET /v1/orders/{order-id} -> GetOrder
PUT /v1/orders/{order-id} -> PutOrder
GET /kinds/{kind}/{sizes}/{point}/ -> ListKinds
POST /when/{day}/{zone}/{map} -> When
`

func TestRead(t *testing.T) {
	stdRoutes := strings.NewReplacer("order-id", "order_id", "}/ ->", "}/{$} ->").Replace(ordersRoutes)
	tests := []struct {
		framework framework.Framework
		strict    bool
		routes    string
	}{
		{framework.StdHTTP, false, stdRoutes},
		{framework.StdHTTP, true, stdRoutes},
		{framework.Chi, false, ordersRoutes},
		{framework.Chi, true, ordersRoutes},
		{framework.Gorilla, false, ordersRoutes},
		{framework.Gorilla, true, ordersRoutes},
	}
	for _, test := range tests {
		t.Run(fmt.Sprint(test.framework, test.strict), func(t *testing.T) {
			file := serverFile(t, map[string]string{"api/api.gen.go": generated(t, "testdata/orders.yaml", test.framework, test.strict)})
			s, diags := Read(Options{File: file, Framework: test.framework, Strict: test.strict})
			if s == nil || len(diags) > 0 {
				t.Fatal(diags)
			}
			want := ordersMethods
			if test.strict {
				for _, name := range []string{"Health", "ListKinds", "GetOrder", "PutOrder", "When"} {
					want = withStrict(name, want)
				}
			}
			if got := describe(t, s); got != want+test.routes {
				t.Errorf("got\n%s\nwant\n%s", got, want+test.routes)
			}
			if s.Package != "api" || s.ImportPath != "example.com/m/api" || s.Dir != filepath.Dir(file) {
				t.Errorf("package %q, path %q, dir %q", s.Package, s.ImportPath, s.Dir)
			}
		})
	}
}

// withStrict adds what a strict server has to the line of an operation.
func withStrict(name, text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, name+" ") {
			lines[i] = fmt.Sprintf("%s strict api.%sRequestObject api.%sResponseObject", line, name, name)
		}
	}
	return strings.Join(lines, "\n")
}

// TestReadOthers covers the frameworks that guards are not yet generated for.
func TestReadOthers(t *testing.T) {
	for _, f := range framework.All()[3:] {
		file := serverFile(t, map[string]string{"api/api.gen.go": generated(t, "testdata/orders.yaml", f, true)})
		s, diags := Read(Options{File: file, Framework: f, Strict: true})
		if len(diags) > 0 {
			t.Fatal(f, diags)
		}
		if got := strings.Count(describe(t, s), " strict "); got != 5 {
			t.Errorf("%s: %d operations:\n%s", f, got, describe(t, s))
		}
	}
}

func TestPositions(t *testing.T) {
	code := generated(t, "testdata/orders.yaml", framework.Chi, true)
	file := serverFile(t, map[string]string{
		"api/api.gen.go": "// größe\n" + code,
		"api/more.go":    "package api\n\n/* ä */ var ö, Extra = func() int { return 1 }, 2\n\nfunc (Order) Method() {}\n\nfunc init() {}\n\nvar _ = 1\n",
		"api/x_test.go":  "package api\n\nvar InTest = 1\n",
		"api/guards.go":  "package api\n\nvar InOutput = 1\n",
		"api/tool.go":    "//go:build ignore\n\npackage main\n\nvar InTool = 1\n",
		"api/_x.go":      "not Go at all",
	})
	s, diags := Read(Options{File: file, Output: filepath.Join(filepath.Dir(file), "guards.go"), Framework: framework.Chi, Strict: true})
	if s == nil {
		t.Fatal(diags)
	}
	content := "// größe\n" + code
	for _, m := range s.Methods {
		if want := positionOf(t, file, content, "\n\t"+m.Name+"(w http.ResponseWriter", 2); m.Position != want {
			t.Errorf("%s at %s, want %s", m.Name, m.Position, want)
		}
	}
	last := s.Registrations[len(s.Registrations)-1]
	if want := positionOf(t, file, content, `options.BaseURL+"/when/`, 0); last.Position != want {
		t.Errorf("last registration at %s, want %s", last.Position, want)
	}
	more := filepath.Join(filepath.Dir(file), "more.go")
	for name, want := range map[string]diag.Position{
		"ö": {File: more, Line: 3, Column: 13}, "Extra": {File: more, Line: 3, Column: 16},
		"Kind":          positionOf(t, file, content, "type Kind string", 5),
		"Big":           positionOf(t, file, content, "Big   Kind", 0),
		"NewRouter":     {},
		"strictHandler": positionOf(t, file, content, "type strictHandler struct", 5),
		"Handler":       positionOf(t, file, content, "func Handler(", 5),
		"InTest":        {}, "InOutput": {}, "InTool": {}, "init": {}, "_": {}, "Method": {},
	} {
		if got := s.Declared[name]; got != want {
			t.Errorf("%s declared at %q, want %q", name, got, want)
		}
	}
}

// TestReadContent has a server file that is not written yet, in a folder that does not exist, or is about to change.
func TestReadContent(t *testing.T) {
	code := generated(t, "testdata/security.yaml", framework.Chi, false)
	for _, files := range []map[string]string{{}, {"api/api.gen.go": "package old\n\nvar Old = 1\n", "api/more.go": "package api\n\nvar More = 1\n"}} {
		s, diags := Read(Options{File: serverFile(t, files), Content: []byte(code), Framework: framework.Chi})
		if s == nil {
			t.Fatal(diags)
		}
		_, old := s.Declared["Old"]
		_, more := s.Declared["More"]
		if len(s.Methods) != 2 || old || more != (len(files) > 0) {
			t.Errorf("%d methods, %v, %v", len(s.Methods), old, more)
		}
	}
}

// positionOf is the place, bytes behind its beginning, of a text that occurs once.
func positionOf(t testing.TB, file, content, text string, bytes int) diag.Position {
	t.Helper()
	if strings.Count(content, text) != 1 {
		t.Fatalf("%q occurs %d times", text, strings.Count(content, text))
	}
	before := content[:strings.Index(content, text)+bytes]
	line := before[strings.LastIndex(before, "\n")+1:]
	return diag.Position{File: file, Line: strings.Count(before, "\n") + 1, Column: len([]rune(line)) + 1}
}
