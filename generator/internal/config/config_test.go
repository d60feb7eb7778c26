package config

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator/internal/framework"
)

const (
	goodConfig  = "spec: openapi.yaml\nserver: oapi-codegen.yaml\noutput: apiguard/guards.gen.go\n"
	goodCodegen = "package: api\noutput: api/api.gen.go\ngenerate: {chi-server: true, strict-server: true}\n"
)

// project makes a module in a new working directory: the good files, and those given ("" removes one).
func project(t testing.TB, files map[string]string) {
	t.Helper()
	all := map[string]string{"go.mod": "module m\n", "oapi-guard.yaml": goodConfig, "oapi-codegen.yaml": goodCodegen, "api/api.gen.go": "package api\n"}
	for name, content := range files {
		all[name] = content
	}
	dir := t.TempDir()
	for name, content := range all {
		if content != "" {
			write(t, filepath.Join(dir, name), content)
		}
	}
	t.(interface{ Chdir(string) }).Chdir(dir)
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

// summary lists what was loaded, without what is empty.
func summary(c *Config) string {
	var parts []string
	value := reflect.ValueOf(*c)
	for i := range value.NumField() {
		name, field := value.Type().Field(i).Name, value.Field(i)
		if name != "Codegen" && name != "positions" && name != "Path" && !field.IsZero() {
			parts = append(parts, fmt.Sprintf("%s=%v", name, field))
		}
	}
	return strings.Join(parts, " ")
}

func TestLoad(t *testing.T) {
	const common = " Output=apiguard/guards.gen.go Package=apiguard "
	tests := []struct {
		name, path string
		files      map[string]string
		want       string
	}{
		{name: "short", want: "Spec=openapi.yaml ServerConfig=oapi-codegen.yaml ServerFile=api/api.gen.go" + common +
			"Framework=chi Strict=true CodegenDir=. OverlayStrict=true"},
		{
			name: "everything",
			files: map[string]string{
				"oapi-guard.yaml": "spec: ./a/../openapi.yaml\nserver: {config: oapi-codegen.yaml, file: api/other.go}\noutput: x/g.go\npackage: p\n" +
					"generate: {server: true}\nroles: {explicit: true}\nallow-remote-refs: ['*', 'https://a/b.yaml']\n",
			},
			want: "Spec=openapi.yaml ServerConfig=oapi-codegen.yaml ServerFile=api/other.go Output=x/g.go Package=p GenerateServer=true ExplicitRoles=true " +
				"AllowRemoteRefs=[* https://a/b.yaml] Framework=chi Strict=true CodegenDir=. OverlayStrict=true",
		},
		{
			name:  "remote documents of oapi-codegen",
			files: map[string]string{"oapi-codegen.yaml": goodCodegen + "allow-remote-refs-from: ['https://a/b.yaml']\n"},
			want: "Spec=openapi.yaml ServerConfig=oapi-codegen.yaml ServerFile=api/api.gen.go" + common +
				"AllowRemoteRefs=[https://a/b.yaml] Framework=chi Strict=true CodegenDir=. OverlayStrict=true",
		},
		{
			name: "an empty list wins over oapi-codegen's",
			files: map[string]string{
				"oapi-guard.yaml": goodConfig + "allow-remote-refs: []\n", "oapi-codegen.yaml": goodCodegen + "allow-remote-refs-from: ['https://a/b.yaml']\n",
			},
			want: "Spec=openapi.yaml ServerConfig=oapi-codegen.yaml ServerFile=api/api.gen.go" + common + "AllowRemoteRefs=[] Framework=chi Strict=true CodegenDir=. OverlayStrict=true",
		},
		{
			name:  "a typed client",
			files: with(goodClient(), "oapi-guard.yaml", goodConfig+"client: {config: c.yaml, output: shop/c.go}\n"),
			want: "Spec=openapi.yaml ServerConfig=oapi-codegen.yaml ServerFile=api/api.gen.go" + common +
				"Client={c.yaml shop/c.go x/x.go m/x x shop} Framework=chi Strict=true CodegenDir=. OverlayStrict=true",
		},
		{
			name: "a typed client of the server's package",
			files: map[string]string{
				"oapi-guard.yaml":   goodConfig + "client: {config: oapi-codegen.yaml, output: shop/c.go}\n",
				"oapi-codegen.yaml": strings.Replace(goodCodegen, "{", "{client: true, ", 1),
			},
			want: "Spec=openapi.yaml ServerConfig=oapi-codegen.yaml ServerFile=api/api.gen.go" + common +
				"Client={oapi-codegen.yaml shop/c.go api/api.gen.go m/api api shop} Framework=chi Strict=true CodegenDir=. OverlayStrict=true",
		},
		{
			name: "the server's folder", files: map[string]string{"oapi-guard.yaml": strings.Replace(goodConfig, "apiguard/", "api/", 1), "oapi-codegen.yaml": strings.Replace(goodCodegen, "package: api", "package: shop", 1)},
			want: "Spec=openapi.yaml ServerConfig=oapi-codegen.yaml ServerFile=api/api.gen.go Output=api/guards.gen.go Package=shop InServerPackage=true Framework=chi Strict=true CodegenDir=. OverlayStrict=true",
		},
		{
			name: "no server", files: map[string]string{"oapi-guard.yaml": "spec: openapi.yaml\nserver: none\noutput: apiguard/guards.gen.go\n", "oapi-codegen.yaml": ""},
			want: "Spec=openapi.yaml NoServer=true" + common + "Framework=plain",
		},
		{
			name: "no server, in a package that is there",
			files: map[string]string{
				"oapi-guard.yaml": "spec: openapi.yaml\nserver: \"none\"\noutput: shop/guards.gen.go\n", "shop/a_test.go": "package store_test\n",
				"shop/b.go": "//go:build ignore\n\npackage main\n", "shop/guards.gen.go": "package old\n", "shop/main.go": "package store\n",
			},
			want: "Spec=openapi.yaml NoServer=true Output=shop/guards.gen.go Package=store InServerPackage=true Framework=plain",
		},
		{
			name:  "a configuration of the name none",
			files: map[string]string{"oapi-guard.yaml": "spec: openapi.yaml\nserver: {config: none}\noutput: apiguard/guards.gen.go\n", "none": goodCodegen},
			want:  "Spec=openapi.yaml ServerConfig=none ServerFile=api/api.gen.go" + common + "Framework=chi Strict=true CodegenDir=. OverlayStrict=true",
		},
		{
			name: "configuration elsewhere", path: "sub/oapi-guard.yaml",
			files: map[string]string{
				"sub/oapi-guard.yaml": "spec: ../openapi.yaml\nserver: gen/c.yaml\noutput: g.go\n", "sub/gen/c.yaml": "package: api\noutput: api/a.go\ngenerate: {std-http-server: true}\n",
				"sub/gen/api/a.go": "x", "sub/api/a.go": "x", "api/a.go": "x",
			},
			want: "Spec=openapi.yaml ServerConfig=sub/gen/c.yaml ServerFile=sub/gen/api/a.go Output=sub/g.go Package=sub Framework=std-http CodegenDir=sub/gen OverlayStrict=true",
		},
		{
			name: "output beside oapi-guard.yaml", path: "sub/oapi-guard.yaml",
			files: map[string]string{
				"sub/oapi-guard.yaml": "spec: ../openapi.yaml\nserver: gen/c.yaml\noutput: g.go\n", "sub/gen/c.yaml": "package: api\noutput: api/a.go\ngenerate: {gorilla-server: true}\n",
				"sub/api/a.go": "x", "api/a.go": "x",
			},
			want: "Spec=openapi.yaml ServerConfig=sub/gen/c.yaml ServerFile=sub/api/a.go Output=sub/g.go Package=sub Framework=gorilla CodegenDir=sub OverlayStrict=true",
		},
		{
			name: "output below the module root", path: "sub/oapi-guard.yaml",
			files: map[string]string{
				"sub/oapi-guard.yaml": "spec: ../openapi.yaml\nserver: gen/c.yaml\noutput: g.go\n",
				"sub/gen/c.yaml":      "package: api\noutput: api/a.go\ngenerate: {gorilla-server: true}\noutput-options: {overlay: {path: o.yaml, strict: false}}\n",
				"api/a.go":            "x", "o.yaml": "x", "sub/o.yaml": "x",
			},
			want: "Spec=openapi.yaml ServerConfig=sub/gen/c.yaml ServerFile=api/a.go Output=sub/g.go Package=sub Framework=gorilla CodegenDir=. Overlay=o.yaml",
		},
		{
			name: "overlay beside oapi-codegen.yaml", path: "sub/oapi-guard.yaml",
			files: map[string]string{
				"sub/oapi-guard.yaml": "spec: ../openapi.yaml\nserver: gen/c.yaml\noutput: g.go\n",
				"sub/gen/c.yaml":      "package: api\noutput: api/a.go\ngenerate: {gorilla-server: true}\noutput-options: {overlay: {path: o.yaml}}\n",
				"api/a.go":            "x", "sub/gen/o.yaml": "x",
			},
			want: "Spec=openapi.yaml ServerConfig=sub/gen/c.yaml ServerFile=api/a.go Output=sub/g.go Package=sub Framework=gorilla CodegenDir=. Overlay=sub/gen/o.yaml OverlayStrict=true",
		},
		{
			name:  "server to be generated, nowhere yet",
			files: map[string]string{"oapi-guard.yaml": goodConfig + "generate: {server: true}\n", "api/api.gen.go": ""},
			want: "Spec=openapi.yaml ServerConfig=oapi-codegen.yaml ServerFile=api/api.gen.go" + common +
				"GenerateServer=true Framework=chi Strict=true CodegenDir=. OverlayStrict=true",
		},
		{
			name: "server to be generated, folder there", path: "sub/oapi-guard.yaml",
			files: map[string]string{
				"sub/oapi-guard.yaml": "spec: ../openapi.yaml\nserver: gen/c.yaml\noutput: g.go\ngenerate: {server: true}\n",
				"sub/gen/c.yaml":      "package: api\noutput: api/a.go\ngenerate: {gorilla-server: true}\n", "sub/api/doc.go": "x",
			},
			want: "Spec=openapi.yaml ServerConfig=sub/gen/c.yaml ServerFile=sub/api/a.go Output=sub/g.go Package=sub GenerateServer=true Framework=gorilla CodegenDir=sub OverlayStrict=true",
		},
		{
			name: "explicit file says the folder", path: "sub/oapi-guard.yaml",
			files: map[string]string{
				"sub/oapi-guard.yaml": "spec: ../openapi.yaml\nserver: {config: gen/c.yaml, file: ../other/api/a.go}\noutput: g.go\n",
				"sub/gen/c.yaml":      "package: api\noutput: ./api/a.go\ngenerate: {gorilla-server: true}\n",
			},
			want: "Spec=openapi.yaml ServerConfig=sub/gen/c.yaml ServerFile=other/api/a.go Output=sub/g.go Package=sub Framework=gorilla CodegenDir=other OverlayStrict=true",
		},
		{
			name: "explicit file, no output", files: map[string]string{
				"oapi-guard.yaml":   "spec: openapi.yaml\nserver: {config: oapi-codegen.yaml, file: api/api.gen.go}\noutput: apiguard/guards.gen.go\n",
				"oapi-codegen.yaml": "package: api\ngenerate: {chi-server: true}\n",
			},
			want: "Spec=openapi.yaml ServerConfig=oapi-codegen.yaml ServerFile=api/api.gen.go" + common + "Framework=chi CodegenDir=. OverlayStrict=true",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			project(t, test.files)
			path := test.path
			if path == "" {
				path = "oapi-guard.yaml"
			}
			c, diags := Load(path)
			if c == nil || len(diags) > 0 {
				t.Fatal(diags)
			}
			if got := summary(c); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

func TestLoadAbsolute(t *testing.T) {
	project(t, nil)
	path, err := filepath.Abs("oapi-guard.yaml")
	if err != nil {
		t.Fatal(err)
	}
	c, diags := Load(path)
	if c == nil || !filepath.IsAbs(c.Spec) || !filepath.IsAbs(c.ServerFile) || !filepath.IsAbs(c.Output) {
		t.Error(c, diags)
	}
}

func TestPositions(t *testing.T) {
	project(t, nil)
	c, diags := Load("oapi-guard.yaml")
	if c == nil {
		t.Fatal(diags)
	}
	for key, want := range map[string]string{
		"spec": "oapi-guard.yaml:1:7", "server": "oapi-guard.yaml:2:9", "server.config": "oapi-guard.yaml:2:9", "output": "oapi-guard.yaml:3:9",
		"package": "oapi-guard.yaml", "server.file": "oapi-guard.yaml",
	} {
		if got := c.Position(key).String(); got != want {
			t.Errorf("%s at %s, want %s", key, got, want)
		}
	}
}

// TestFrameworks selects every framework by the key that it says it has.
func TestFrameworks(t *testing.T) {
	for _, f := range framework.All() {
		project(t, map[string]string{"oapi-codegen.yaml": "package: api\noutput: api/api.gen.go\ngenerate: {" + f.GenerateKey() + ": true}\n"})
		c, diags := Load("oapi-guard.yaml")
		if c == nil || c.Framework != f {
			t.Errorf("%s: %v %v", f, c, diags)
		}
	}
}

// FuzzLoad has any two files: Load must not panic, and a configuration must come without errors only.
func FuzzLoad(f *testing.F) {
	f.Add(goodConfig, goodCodegen)
	for _, test := range refusals() {
		config, codegen := goodConfig, goodCodegen
		if test.config != "" {
			config = test.config
		}
		if test.codegen != "" {
			codegen = test.codegen
		}
		f.Add(config, codegen)
	}
	f.Fuzz(func(t *testing.T, config, codegen string) {
		dir := t.TempDir()
		path := filepath.Join(dir, "oapi-guard.yaml")
		write(t, path, config)
		write(t, filepath.Join(dir, "oapi-codegen.yaml"), codegen)
		write(t, filepath.Join(dir, "api", "api.gen.go"), "package api")
		c, diags := Load(path)
		if (c == nil) != diags.HasErrors() {
			t.Error(c, diags)
		}
		if c != nil && (c.Spec == "" || (c.ServerFile == "") != c.NoServer || !strings.HasSuffix(c.Output, ".go") || c.Package == "") {
			t.Errorf("%+v", c)
		}
		for _, d := range diags {
			if !slices.Contains(Rules(), d.Rule) || d.Message == "" {
				t.Errorf("%+v", d)
			}
		}
	})
}
