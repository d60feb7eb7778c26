package generator_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator"
)

const specsDir = "../../shared/specs"

// realSpecs are API descriptions of their publishers, which are no part of the project.
func realSpecs(t *testing.T) []string {
	t.Helper()
	specs, err := filepath.Glob(specsDir + "/*.*")
	specs = slices.DeleteFunc(specs, func(path string) bool { return filepath.Ext(path) == ".md" })
	if err != nil || len(specs) == 0 {
		t.Skipf("no API descriptions in %s: they are not part of the project", specsDir)
	}
	return specs
}

// realCase is a module with the document and a configuration for the server. The golden cases' requirements
// will do.
func realCase(t *testing.T, spec, server string) string {
	t.Helper()
	dir := t.TempDir()
	absolute, err := filepath.Abs(spec)
	if err != nil {
		t.Fatal(err)
	}
	runtime, err := filepath.Abs("../runtime")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"go.mod", "go.sum"} {
		content, err := os.ReadFile(filepath.Join(goldenDir, name))
		if err != nil {
			t.Fatal(err)
		}
		put(t, filepath.Join(dir, name), strings.ReplaceAll(string(content), "../../runtime", runtime))
	}
	put(t, filepath.Join(dir, "oapi-codegen.yaml"), "package: api\noutput: api/api.gen.go\ngenerate: {"+server+": true, models: true}\n"+
		"output-options: {resolve-type-name-collisions: true}\n")
	put(t, filepath.Join(dir, "oapi-guard.yaml"), fmt.Sprintf("spec: %q\nserver: oapi-codegen.yaml\noutput: apiguard/guards.gen.go\ngenerate: {server: true}\n", absolute))
	return filepath.Join(dir, "oapi-guard.yaml")
}

// TestRealSpecs generates guards for every one of them.
func TestRealSpecs(t *testing.T) {
	if testing.Short() {
		t.Skip("runs oapi-codegen on several large documents")
	}
	for _, spec := range realSpecs(t) {
		t.Run(filepath.Base(spec), func(t *testing.T) {
			t.Parallel()
			result := generator.Generate(realCase(t, spec, "chi-server"))
			if result.Diagnostics.HasErrors() || len(result.Files) != 2 {
				t.Errorf("diagnostics: %v", result.Diagnostics)
			}
		})
	}
}

// TestEvetechConflicts: net/http cannot tell some of its paths apart, and the generator says so.
func TestEvetechConflicts(t *testing.T) {
	realSpecs(t)
	t.Parallel()
	result := generator.Generate(realCase(t, specsDir+"/evetech.json", "std-http-server"))
	conflicts := 0
	for _, d := range result.Diagnostics {
		if d.Rule.ID == "route-conflict" {
			conflicts++
		}
	}
	if len(result.Files) != 0 || conflicts != 3 {
		t.Errorf("%d files, diagnostics: %v", len(result.Files), result.Diagnostics)
	}
}

// TestEvetech takes the document from which x-required-roles is known to a running server: a token with the
// scope but without the role gets 403.
func TestEvetech(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a large server")
	}
	realSpecs(t)
	t.Parallel()
	config := realCase(t, specsDir+"/evetech.json", "chi-server")
	for _, file := range generate(t, config).Files {
		writeGolden(t, file)
	}
	dir := filepath.Dir(config)
	put(t, filepath.Join(dir, "main.go"), evetechServer)
	command := exec.Command("go", "run", "-mod=mod", ".")
	command.Dir = dir
	output, err := command.CombinedOutput()
	const want = `no token: 401 Bearer realm="eve", scope="esi-corporations.read_structures.v1"
Bearer unknown: 401 Bearer realm="eve", scope="esi-corporations.read_structures.v1", error="invalid_token"
Bearer stranger: 403 Bearer realm="eve", scope="esi-corporations.read_structures.v1", error="insufficient_scope"
Bearer member: 403 
Bearer manager: 200 
`
	if err != nil || string(output) != want {
		t.Errorf("%v\n%s\nwant:\n%s", err, output, want)
	}
}

const evetechServer = `package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"example.com/golden/api"
	"example.com/golden/apiguard"
	guard "github.com/oapi-guard/oapi-guard/runtime"
)

type pilot struct {
	scope string
	role  guard.Role
}

func (p *pilot) HasRole(role guard.Role) bool { return p.role == role }
func (p *pilot) HasScope(scope string) bool   { return p.scope == scope }

var pilots = map[string]*pilot{
	"stranger": {},
	"member":   {scope: "esi-corporations.read_structures.v1"},
	"manager":  {scope: "esi-corporations.read_structures.v1", role: apiguard.RoleStationManager},
}

type auth struct{}

func (auth) Evesso(_ context.Context, token guard.BearerToken) (*pilot, error) {
	if p, ok := pilots[token.Secret()]; ok {
		return p, nil
	}
	return nil, guard.Invalid(nil)
}

// server has one operation; the others would panic, and no request gets there.
type server struct{ apiguard.Server[*pilot] }

func (server) GetCorporationsCorporationIdStructures(http.ResponseWriter, *http.Request, *pilot, api.CorporationId, api.GetCorporationsCorporationIdStructuresParams) {
}

func main() {
	handler, err := apiguard.Handler(server{}, auth{}, guard.Options{Realm: "eve"})
	if err != nil {
		panic(err)
	}
	for _, token := range []string{"", "Bearer unknown", "Bearer stranger", "Bearer member", "Bearer manager"} {
		r := httptest.NewRequest("GET", "/corporations/98000001/structures/", nil)
		r.Header.Set("X-Compatibility-Date", "2025-09-30")
		if token == "" {
			token = "no token"
		} else {
			r.Header.Set("Authorization", token)
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		fmt.Printf("%s: %d %s\n", token, w.Code, w.Header().Get("WWW-Authenticate"))
	}
}
`
