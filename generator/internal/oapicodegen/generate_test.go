package oapicodegen

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/oapi-codegen/oapi-codegen/v2/pkg/codegen"
	"go.yaml.in/yaml/v3"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/framework"
)

// job is one run of testdata/likecommand, which calls Generate for all jobs in one process.
type job struct {
	Spec, Overlay string
	OverlayStrict bool
	Config        string
}

// configurations are option sets of oapi-codegen, one of which sets what would leak into the next run.
func configurations() map[string]string {
	return map[string]string{
		"1-plain":    "generate: {std-http-server: true, models: true}",
		"2-suffix":   "generate: {chi-server: true, strict-server: true, models: true, client: true}\noutput-options: {response-type-suffix: Reply, name-normalizer: ToCamelCaseWithInitialisms}",
		"3-client":   "generate: {gorilla-server: true, models: true, client: true, embedded-spec: true}",
		"4-filters":  "generate: {chi-server: true, models: true}\noutput-options: {exclude-tags: [writing], exclude-operation-ids: [health]}\ncompatibility: {sort-handler-registrations: true}",
		"5-overlay":  "generate: {std-http-server: true, strict-server: true, models: true}\noutput-options: {overlay: {path: overlay.yaml}}",
		"6-template": "generate: {std-http-server: true, models: true}\noutput-options:\n  user-templates:\n    stdhttp/std-http-middleware.tmpl: template.tmpl\n    constants.tmpl: |\n      // inline {{len .EnumDefinitions}}\n    additional-properties.tmpl: templates/short.tmpl\n",
		"7-noformat": "generate: {chi-server: true, models: true}\noutput-options: {skip-fmt: true, skip-prune: true}\nadditional-imports: [{alias: _, package: embed}]",
	}
}

// TestGenerateLikeCommand compares with oapi-codegen's own command, header included.
func TestGenerateLikeCommand(t *testing.T) {
	if testing.Short() {
		t.Skip("builds two programs")
	}
	dir := t.TempDir()
	command := build(t, dir, "oapi-codegen", codegenModule+"/cmd/oapi-codegen")
	library := build(t, dir, "likecommand", "./testdata/likecommand")
	specs, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(specs) < 5 {
		t.Fatal(specs, err)
	}
	write(t, filepath.Join(dir, "overlay.yaml"), "overlay: 1.0.0\ninfo: {title: t, version: \"1\"}\nactions:\n- {target: $.info, update: {title: Changed}}\n- {target: $.paths, update: {/added: {get: {operationId: added, responses: {\"200\": {description: OK}}}}}}\n")
	write(t, filepath.Join(dir, "template.tmpl"), "// template {{len .}}\n\ntype ServerInterfaceWrapper struct{}\n")
	write(t, filepath.Join(dir, "templates", "short.tmpl"), "// short {{len .Types}}")
	var jobs []job
	var want [][]byte
	for _, name := range codegen.SortedMapKeys(configurations()) {
		config := filepath.Join(dir, name+".yaml")
		write(t, config, "package: api\nimport-mapping: {bodies.yaml: example.com/bodies}\n"+configurations()[name])
		for _, spec := range specs {
			j := job{Spec: absolute(t, spec), OverlayStrict: true, Config: config}
			if name == "5-overlay" {
				j.Overlay = "overlay.yaml"
			}
			jobs = append(jobs, j)
			want = append(want, output(t, dir, nil, command, "-config", config, j.Spec))
		}
	}
	input, err := json.Marshal(jobs)
	if err != nil {
		t.Fatal(err)
	}
	var got [][]byte
	if err := json.Unmarshal(output(t, dir, input, library), &got); err != nil {
		t.Fatal(err)
	}
	for i, j := range jobs {
		if !bytes.Equal(got[i], want[i]) {
			t.Errorf("%s of %s differs from the command's output:\n%s", filepath.Base(j.Config), filepath.Base(j.Spec), firstDifference(string(got[i]), string(want[i])))
		}
	}
}

func build(t *testing.T, dir, name, pkg string) string {
	t.Helper()
	program := filepath.Join(dir, name)
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	if out, err := exec.Command("go", "build", "-o", program, pkg).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return program
}

func output(t *testing.T, dir string, input []byte, program string, arguments ...string) []byte {
	t.Helper()
	var problems bytes.Buffer
	command := exec.Command(program, arguments...)
	command.Dir, command.Stdin, command.Stderr = dir, bytes.NewReader(input), &problems
	out, err := command.Output()
	if err != nil {
		t.Fatalf("%v %v\n%s", command, err, problems.Bytes())
	}
	return out
}

func absolute(t *testing.T, path string) string {
	t.Helper()
	path, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func firstDifference(got, want string) string {
	gotLines, wantLines := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(gotLines), len(wantLines)) {
		if gotLines[i] != wantLines[i] {
			return "got  " + gotLines[i] + "\nwant " + wantLines[i]
		}
	}
	return "one is longer"
}

const oneOperation = "openapi: 3.0.3\ninfo: {title: t, version: \"1\"}\npaths:\n  /a:\n    get: {operationId: a, responses: {\"200\": {$ref: %q}}}\n"

func TestGenerateRefuses(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	write(t, "good.yaml", strings.Replace(oneOperation, "{$ref: %q}", "{description: OK}", 1))
	write(t, "remote.yaml", strings.Replace(oneOperation, "%q", "'http://127.0.0.1:9/x.yaml#/components/responses/R'", 1))
	write(t, "broken.yaml", "openapi: [")
	write(t, "twice.yaml", strings.Replace(oneOperation, "{$ref: %q}", "{description: OK}", 1)+"    put: {operationId: A, responses: {\"200\": {description: OK}}}\n")
	write(t, "overlay.yaml", "overlay: 1.0.0\ninfo: {title: t, version: \"1\"}\nactions: [{target: $.nothing, update: {x: 1}}]\n")
	tests := []struct {
		name    string
		options RunOptions
		config  string
		want    diag.Diagnostic
	}{
		{"missing", RunOptions{Spec: "missing.yaml"}, "", failure("missing.yaml", ruleGenerate,
			"oapi-codegen cannot load the document: failed to load OpenAPI specification: open missing.yaml: no such file or directory")},
		{"remote", RunOptions{Spec: "remote.yaml"}, "", failure("remote.yaml", ruleGenerate,
			`refusing to resolve remote reference "http://127.0.0.1:9/x.yaml": it is not listed in allow-remote-refs-from: `+
				"download the document, or list its URL under allow-remote-refs in oapi-guard.yaml")},
		{"remote, another allowed", RunOptions{Spec: "remote.yaml", AllowRemoteRefs: []string{"http://127.0.0.1:9/y.yaml"}}, "",
			failure("remote.yaml", ruleGenerate, "refusing to resolve remote reference")},
		{"remote, allowed", RunOptions{Spec: "remote.yaml", AllowRemoteRefs: []string{"http://127.0.0.1:9/x.yaml"}}, "",
			failure("remote.yaml", ruleGenerate, "connection refused")},
		{"remote, all allowed", RunOptions{Spec: "remote.yaml", AllowRemoteRefs: []string{"*"}}, "",
			failure("remote.yaml", ruleGenerate, "connection refused")},
		{"overlay", RunOptions{Spec: "good.yaml", Overlay: "overlay.yaml", OverlayStrict: true}, "",
			failure("good.yaml", ruleGenerate, "failed to apply Overlay")},
		{"normalizer", RunOptions{Spec: "good.yaml"}, "output-options: {name-normalizer: x}",
			failure("good.yaml", ruleGenerate, "oapi-codegen cannot generate the server: the name-normalizer option x could not be found")},
		{"template", RunOptions{Spec: "good.yaml", Dir: "sub"}, "output-options: {user-templates: {constants.tmpl: c.tmpl}}",
			failure("c.yaml", ruleTemplate, "the template constants.tmpl cannot be read (sub/c.tmpl: no such file or directory): user-templates names local files, nothing is downloaded")},
		{"template URL", RunOptions{Spec: "good.yaml"}, "output-options: {user-templates: {constants.tmpl: http://127.0.0.1:9/c.tmpl}}",
			failure("c.yaml", ruleTemplate, "the template constants.tmpl cannot be read (http:/127.0.0.1:9/c.tmpl: no such file or directory): user-templates names local files, nothing is downloaded")},
		{"configuration", RunOptions{Spec: "good.yaml"}, "package: ''", failure("c.yaml", ruleGenerate, "oapi-codegen refuses its configuration: package name must be specified")},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.options.Config, test.options.ConfigFile = configFor(framework.StdHTTP, false), "c.yaml"
			if err := yaml.Unmarshal([]byte(test.config), &test.options.Config); err != nil {
				t.Fatal(err)
			}
			code, diags := Run(test.options)
			if code != nil || len(diags) != 1 || diags[0].Position != test.want.Position || diags[0].Rule != test.want.Rule ||
				!strings.Contains(diags[0].Message, test.want.Message) || strings.Contains(diags[0].Message, "\n") {
				t.Errorf("got %v\nwant %v", lines(diags), test.want)
			}
		})
	}
}

func failure(file string, rule diag.Rule, message string) diag.Diagnostic {
	return diag.Diagnostic{Position: diag.Position{File: file}, Severity: diag.Error, Rule: rule, Message: message}
}

func TestGenerateOverlayNotStrict(t *testing.T) {
	dir := t.TempDir()
	overlay := filepath.Join(dir, "overlay.yaml")
	write(t, overlay, "overlay: 1.0.0\ninfo: {title: t, version: \"1\"}\nactions: [{target: $.nothing, update: {x: 1}}]\n")
	_, diags := Run(RunOptions{Spec: "testdata/orders.yaml", Overlay: overlay, Config: configFor(framework.Chi, false)})
	if len(diags) > 0 {
		t.Error(diags)
	}
}

// TestGenerateTemplateFolder has paths of templates that are not relative to the working directory.
func TestGenerateTemplateFolder(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "one.tmpl"), "// one line")
	config := configFor(framework.Chi, false)
	config.OutputOptions.UserTemplates = map[string]string{"constants.tmpl": "one.tmpl"}
	code, diags := Run(RunOptions{Spec: "testdata/orders.yaml", Config: config, Dir: dir})
	if !strings.Contains(string(code), "// one line") {
		t.Error(diags)
	}
	if config.OutputOptions.UserTemplates["constants.tmpl"] != "one.tmpl" {
		t.Error("the configuration was changed")
	}
}

func TestGenerateWarns(t *testing.T) {
	config := configFor(framework.Chi, false)
	config.Generate.Models, config.OutputOptions.GenerateTypesForAnonymousSchemas = false, true
	code, diags := Run(RunOptions{Spec: "testdata/orders.yaml", Config: config, ConfigFile: "c.yaml"})
	if code == nil || len(diags) != 1 || diags[0].Severity != diag.Warning || !strings.Contains(diags[0].Message, "generate-types-for-anonymous-schemas") {
		t.Error(diags)
	}
}

func TestRecovered(t *testing.T) {
	fails := func() (err error) {
		defer recovered(&err)
		panic("oops")
	}
	if err := fails(); err == nil || err.Error() != "it panics: oops" {
		t.Error(err)
	}
}

func TestNameTool(t *testing.T) {
	own, right := toolLine(programModule()), toolLine(codegenModule)
	for code, want := range map[string]string{
		own + "\npackage api\n":                    right + "\npackage api\n",
		"// x\npackage api\n" + own + "\n":         "// x\npackage api\n" + own + "\n",
		own + "\npackage api\n// " + own + "\n":    right + "\npackage api\n// " + own + "\n",
		own:                                        own,
		"// Header of a template\npackage api\n\n": "// Header of a template\npackage api\n\n",
	} {
		if got := nameTool(code); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestDocuments reads servers generated for the documents in a folder.
func TestDocuments(t *testing.T) {
	folder := os.Getenv("OAPI_GUARD_SPECS")
	if folder == "" {
		t.Skip("OAPI_GUARD_SPECS names no folder of OpenAPI documents")
	}
	paths, err := filepath.Glob(filepath.Join(folder, "*.*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		if !strings.HasSuffix(path, ".json") && !strings.HasSuffix(path, ".yaml") {
			continue
		}
		for _, f := range []framework.Framework{framework.StdHTTP, framework.Chi, framework.Gorilla} {
			for _, strict := range []bool{false, true} {
				checkDocument(t, path, f, strict)
			}
		}
	}
}

func checkDocument(t *testing.T, path string, f framework.Framework, strict bool) {
	t.Helper()
	config := configFor(f, strict)
	config.OutputOptions.ResolveTypeNameCollisions = true
	code, diags := Run(RunOptions{Spec: path, Config: config})
	if diags.HasErrors() {
		t.Logf("%s: %v", filepath.Base(path), diags)
		return
	}
	s, diags := Read(Options{File: serverFile(t, map[string]string{"api/api.gen.go": string(code)}), Framework: f, Strict: strict})
	if s == nil || len(s.Methods) == 0 || len(s.Registrations) < len(s.Methods) {
		t.Errorf("%s: %v", path, lines(diags))
		return
	}
	describe(t, s)
}
