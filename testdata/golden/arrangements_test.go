package golden

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// arrangements are documents of which guards compile for every server, whatever is secured and whatever it is called.
func arrangements(t *testing.T) map[string]string {
	const receiver = "openapi: 3.1.0\ninfo: {title: Receiver, version: '1'}\nsecurity: [{token: []}]\n%s" +
		"webhooks:\n  invoicePaid:\n    post:\n      operationId: invoicePaid\n      responses: {'204': {description: taken}}\n%s" +
		"components:\n  securitySchemes:\n    token: {type: http, scheme: bearer}\n"
	const public = "paths:\n  /health:\n    get:\n      operationId: health\n      security: []\n      responses: {'204': {description: well}}\n"
	const calls = "      callbacks:\n        paid:\n          '{$request.query.url}':\n            post:\n" +
		"              operationId: paid\n              responses: {'204': {description: taken}}\n"
	const refund = "  refunded:\n    put:\n      operationId: refunded\n      security: []\n      responses: {'204': {description: taken}}\n"
	return map[string]string{
		"secured-webhook-only":       fmt.Sprintf(receiver, "", ""),
		"public-path-and-webhook":    fmt.Sprintf(receiver, public, ""),
		"public-path-with-callback":  fmt.Sprintf(receiver, public+calls, refund),
		"operations-named-as-guards": namedAsGuards(t),
	}
}

// namedAsGuards has an operation for every name that generated guards declare, or give to a field or parameter.
func namedAsGuards(t *testing.T) string {
	names := map[string]bool{}
	add := func(ids ...*ast.Ident) {
		for _, id := range ids {
			if len(id.Name) > 1 {
				names[strings.ToUpper(id.Name[:1])+id.Name[1:]] = true
			}
		}
	}
	for _, name := range []string{"checks", "webhooks-std-http", "fiber3-strict"} {
		file, err := parser.ParseFile(token.NewFileSet(), name+"/apiguard/guards.gen.go", nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				add(n.Name)
				return n.Recv == nil
			case *ast.TypeSpec:
				add(n.Name)
			case *ast.ValueSpec:
				add(n.Names...)
			case *ast.Field:
				add(n.Names...)
			}
			return true
		})
	}
	// oapi-codegen's own wrappers have fields of these names, so that its server does not compile.
	for _, name := range []string{"Handler", "HandlerMiddlewares", "ErrorHandlerFunc"} {
		delete(names, name)
	}
	var b strings.Builder
	b.WriteString("openapi: 3.0.3\ninfo: {title: Names, version: '1'}\nsecurity: [{token: []}]\npaths:\n")
	for _, name := range slices.Sorted(maps.Keys(names)) {
		fmt.Fprintf(&b, "  /%s:\n    get:\n      operationId: %q\n      responses: {'204': {description: ok}}\n", name, strings.ToLower(name[:1])+name[1:])
	}
	b.WriteString("components:\n  securitySchemes:\n    token: {type: http, scheme: bearer}\n")
	return b.String()
}

// TestArrangementsCompile generates servers and guards of the arrangements, and of the cases that users sent, and builds
// them.
func TestArrangementsCompile(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs the compiler")
	}
	root, replaced := t.TempDir(), map[string]string{}
	write(t, filepath.Join(root, "go.mod"), "module example.com/golden\n")
	var packages []string
	add := func(name, content string, s server) {
		write(t, filepath.Join(root, name, document), content)
		folder := filepath.Join(name, s.name)
		generateArrangement(t, root, folder, s.name)
		for _, file := range []string{"api/api.gen.go", "apiguard/guards.gen.go"} {
			replaced[filepath.Join(folder, file)] = filepath.Join(root, folder, file)
		}
		packages = append(packages, "./"+filepath.ToSlash(folder)+"/apiguard")
	}
	for name, content := range arrangements(t) {
		for _, s := range servers {
			add(name, content, s)
		}
	}
	for _, name := range []string{"01-operation-named-policy", "02-webhooks-only", "04-secured-webhook-beside-public-paths"} {
		content, err := os.ReadFile(filepath.Join("../../../shared/cases", name, "openapi.yaml"))
		if err != nil {
			t.Logf("the case %s is skipped: it is absent", name)
			continue
		}
		add(name, string(content), stdHttpCase)
	}
	for name, messages := range build(t, replaced, packages...) {
		t.Errorf("%s: %s", name, messages)
	}
}

// generateArrangement generates a server and its guards in a folder, with the configuration of a case.
func generateArrangement(t *testing.T, root, folder, name string) {
	t.Helper()
	tool, err := oapiGuard()
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"oapi-codegen.yaml", "oapi-guard.yaml"} {
		write(t, filepath.Join(root, folder, file), read(t, filepath.Join(name, file)))
	}
	command := exec.Command(tool)
	command.Dir = filepath.Join(root, folder)
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", folder, err, output)
	}
}
