package golden

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

const document = "orders.yaml"

// TestStaleGuardsDoNotCompile changes the document and generates oapi-codegen's part of every case anew, but not
// the guards.
func TestStaleGuardsDoNotCompile(t *testing.T) {
	const health = "  /health:\n"
	added := "  /added:\n    get:\n      operationId: getAdded\n      responses: {'204': {description: ok}}\n"
	removed := "    delete:\n      operationId: deleteOrder\n" +
		"      x-required-roles: {anyOf: [admin, auditor], allOf: [support]}\n      responses: {'200': {$ref: '#/components/responses/Answer'}}\n"
	all, one := "", "chi" // of one framework there is a plain and a strict server
	tests := []struct {
		name          string
		old, changed  string
		framework     string
		plain, strict string // the compiler's messages
	}{
		{"nothing", health, health, all, "", ""},
		{"an operation more", health, added + health, all, "missing method GetAdded", "missing method GetAdded"},
		{"an operation less", removed, "", all, "no field or method DeleteOrder", "undefined: api.DeleteOrderRequestObject"},
		{"an operation renamed", "operationId: getOrder", "operationId: findOrder", all, "missing method FindOrder", "missing method FindOrder"},
		// Strict servers get parameters in their request object, of which guards know nothing but what checks need.
		{"a parameter of another type", "{type: string, format: uuid}", "{type: integer}", all, "wrong type for method", ""},
		{"a parameter of a check of another type", "{format: uuid, type: string}", "{type: integer}", one, "wrong type for method", "wrong type for method"},
		{"a parameter of a public operation more", "      operationId: getHealth\n", "      operationId: getHealth\n      parameters: [{name: deep, in: query, schema: {type: boolean}}]\n",
			one, "wrong type for method GetHealth", ""},
	}
	if testing.Short() {
		t.Skip("it runs the compiler")
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			writeReplaced(t, document, filepath.Join(dir, document), test.old, test.changed)
			replaced := map[string]string{}
			tried := slices.DeleteFunc(slices.Clone(servers), func(s server) bool { return !strings.HasPrefix(s.framework, test.framework) })
			for _, s := range tried {
				replaced[s.name+"/api/api.gen.go"] = generateServer(t, dir, s.name)
			}
			failed := build(t, replaced, guardsOf(tried)...)
			for _, s := range tried {
				want := test.plain
				if s.strict {
					want = test.strict
				}
				got, fails := failed[s.name+"/apiguard"]
				if fails != (want != "") || !strings.Contains(got, want) {
					t.Errorf("%s: the compiler says %q, want %q", s.name, got, want)
				}
			}
		})
	}
}

// TestAnotherGenerationDoesNotCompile is the handshake with the runtime.
func TestAnotherGenerationDoesNotCompile(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs the compiler")
	}
	dir, replaced := t.TempDir(), map[string]string{}
	for _, s := range servers {
		guards := s.name + "/apiguard/guards.gen.go"
		replaced[guards] = filepath.Join(dir, s.name+".go")
		writeReplaced(t, guards, replaced[guards], "gen.Generation2", "gen.Generation1")
	}
	failed := build(t, replaced, guardsOf(servers)...)
	for _, s := range servers {
		if got := failed[s.name+"/apiguard"]; !strings.Contains(got, "undefined: gen.Generation1") {
			t.Errorf("%s: the compiler says %q", s.name, got)
		}
	}
}

// TestNoAdapterCanBeMissing takes out each method that hands a caller on: the embedded type has the method with a caller in
// it, and does not stand in for it.
func TestNoAdapterCanBeMissing(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs the compiler")
	}
	dir, replaced := t.TempDir(), map[string]string{}
	adapter := regexp.MustCompile(`(?ms)^func \(q \*guarded(Request|Webhook|Callback)\[P\]\) (\w+)\(.*?^\}\n`)
	wanted := map[string]string{}
	for name, most := range map[string]int{"checks": 100, "webhooks-std-http": 100, "chi-strict": 3} {
		content := read(t, name+"/apiguard/guards.gen.go")
		for i, at := range adapter.FindAllStringSubmatchIndex(content, most) {
			pkg := fmt.Sprintf("%s/without%d", name, i)
			wanted[pkg] = content[at[4]:at[5]]
			file := filepath.Join(dir, pkg, "guards.go")
			write(t, file, content[:at[0]]+content[at[1]:])
			replaced[pkg+"/guards.go"] = file
		}
	}
	failed := build(t, replaced, prefixed("./", slices.Sorted(maps.Keys(wanted)))...)
	for pkg, method := range wanted {
		if got := failed[pkg]; !strings.Contains(got, "wrong type for method "+method+")") {
			t.Errorf("%s, without %s: the compiler says %q", pkg, method, got)
		}
	}
	if len(wanted) < 10 || len(failed) != len(wanted) {
		t.Errorf("%d methods were taken out, and %d packages do not compile", len(wanted), len(failed))
	}
}

// TestServersNoticeNewGuards: an implementation of a public operation stops compiling when the operation gets a guard.
func TestServersNoticeNewGuards(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs the compiler")
	}
	dir, replaced := t.TempDir(), map[string]string{}
	writeReplaced(t, document, filepath.Join(dir, document),
		"      operationId: getHealth\n      security: []\n", "      operationId: getHealth\n")
	var packages []string
	for name, server := range map[string]string{"chi": "Server", "chi-strict": "StrictServer"} {
		after := filepath.Join(dir, name, "guards.go")
		write(t, after, read(t, name+"/apiguard/guards.gen.go"))
		replaced[name+"/after/guards.go"] = after
		check := filepath.Join(dir, name, "check.go")
		write(t, check, "package check\n\nimport (\n\tafter \"example.com/golden/"+name+"/after\"\n\tbefore \"example.com/golden/"+name+"/apiguard\"\n)\n\n"+
			"func still[P after.Principal](s before."+server+"[P]) after."+server+"[P] { return s }\n")
		replaced[name+"/check/check.go"] = check
		packages = append(packages, "./"+name+"/check")
		generateGuards(t, dir, name, after)
	}
	failed := build(t, replaced, packages...)
	for _, name := range []string{"chi/check", "chi-strict/check"} {
		if !strings.Contains(failed[name], "wrong type for method GetHealth") {
			t.Errorf("%s: the compiler says %q", name, failed[name])
		}
	}
	if len(failed) != 2 {
		t.Errorf("these do not compile: %q", failed)
	}
}

// guardsOf are the packages of guards of some servers.
func guardsOf(servers []server) []string {
	var packages []string
	for _, s := range servers {
		packages = append(packages, "./"+s.name+"/apiguard")
	}
	return packages
}

func prefixed(prefix string, names []string) []string {
	for i := range names {
		names[i] = prefix + names[i]
	}
	return names
}

// writeReplaced writes a file's content elsewhere, with a text replaced that occurs once.
func writeReplaced(t *testing.T, file, to, old, changed string) {
	t.Helper()
	content := read(t, file)
	if n := strings.Count(content, old); n != 1 {
		t.Fatalf("%s holds %q %d times", file, old, n)
	}
	write(t, to, strings.Replace(content, old, changed, 1))
}

func read(t *testing.T, file string) string {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func write(t *testing.T, file, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

// The paths of oapi-codegen's own command and of ours, which are tools of the examples' module.
var (
	codegen   = sync.OnceValues(func() (string, error) { return toolPath("oapi-codegen") })
	oapiGuard = sync.OnceValues(func() (string, error) { return toolPath("oapi-guard") })
)

func toolPath(name string) (string, error) {
	command := exec.Command("go", "tool", "-n", name)
	command.Dir = "../../examples"
	path, err := command.Output()
	return strings.TrimSpace(string(path)), err
}

// generateGuards generates the guards of a case for the document in dir into a file.
func generateGuards(t *testing.T, dir, name, output string) {
	t.Helper()
	tool, err := oapiGuard()
	if err != nil {
		t.Fatal(err)
	}
	root := copyOfCase(t, dir, name)
	command := exec.Command(tool)
	command.Dir = filepath.Join(root, name)
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	write(t, output, read(t, filepath.Join(root, name, "apiguard/guards.gen.go")))
}

// copyOfCase copies a case with the document in dir into a module of the same name, and returns that module's folder.
func copyOfCase(t *testing.T, dir, name string) string {
	t.Helper()
	root := t.TempDir()
	write(t, filepath.Join(root, "go.mod"), "module example.com/golden\n")
	write(t, filepath.Join(root, document), read(t, filepath.Join(dir, document)))
	if err := os.CopyFS(filepath.Join(root, name), os.DirFS(name)); err != nil {
		t.Fatal(err)
	}
	return root
}

// generateServer runs oapi-codegen with a case's configuration on the document in dir, and returns the path of its output.
func generateServer(t *testing.T, dir, name string) string {
	t.Helper()
	tool, err := codegen()
	if err != nil {
		t.Fatal(err)
	}
	const config, made = "oapi-codegen.yaml", "api/api.gen.go" // the first says where the second is
	folder := filepath.Join(dir, name)
	write(t, filepath.Join(folder, config), read(t, filepath.Join(name, config)))
	write(t, filepath.Join(folder, made), "")
	command := exec.Command(tool, "-config", config, filepath.Join(dir, document))
	command.Dir = folder
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	return filepath.Join(folder, made)
}

// build builds packages with some files of this module replaced by others or added, and returns the compiler's messages
// by package. The files replace them where they are, so that whatever did not change is in the build cache.
func build(t *testing.T, replaced map[string]string, packages ...string) map[string]string {
	t.Helper()
	arguments := append([]string{"build", "-gcflags=-e", "-overlay", overlay(t, replaced)}, packages...)
	output, err := exec.Command("go", arguments...).CombinedOutput()
	failed := map[string]string{}
	for part := range strings.SplitSeq("\n"+string(output), "\n# example.com/golden/") {
		if name, messages, found := strings.Cut(part, "\n"); found && name != "" {
			failed[name] = messages
		}
	}
	if (err != nil) != (len(failed) > 0) {
		t.Fatalf("go build: %v\n%s", err, output)
	}
	return failed
}

// overlay writes the file that tells the go command which files stand in for others, and returns its path.
func overlay(t *testing.T, replaced map[string]string) string {
	t.Helper()
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	absolute := map[string]string{}
	for file, by := range replaced {
		absolute[filepath.Join(here, filepath.FromSlash(file))] = by
	}
	content, err := json.Marshal(map[string]any{"Replace": absolute})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "overlay.json")
	write(t, path, string(content))
	return path
}
