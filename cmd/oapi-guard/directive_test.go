package main

import (
	"path/filepath"
	"reflect"
	"testing"
)

func TestDirectives(t *testing.T) {
	const file = "api/gen.go"
	tests := []struct {
		name, line string
		want       *directive
	}{
		{"go tool", "//go:generate go tool oapi-codegen -config cfg.yaml spec.yaml", &directive{config: "cfg.yaml", spec: "spec.yaml"}},
		{"two dashes, equals sign", "//go:generate go tool oapi-codegen --config=cfg.yaml spec.yaml", &directive{config: "cfg.yaml", spec: "spec.yaml"}},
		{"go run with version", "//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@v2.8.2 -config cfg.yaml spec.yaml", &directive{config: "cfg.yaml", spec: "spec.yaml"}},
		{"go run with a module file", "//go:generate go run -modfile=../tools/go.mod github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen -config cfg.yaml spec.yaml", &directive{config: "cfg.yaml", spec: "spec.yaml", modfile: "../tools/go.mod"}},
		{"go tool with a module file", "//go:generate go tool --modfile ../tools.mod oapi-codegen -config cfg.yaml spec.yaml", &directive{config: "cfg.yaml", spec: "spec.yaml", modfile: "../tools.mod"}},
		{"installed", "//go:generate oapi-codegen -config cfg.yaml spec.yaml", &directive{config: "cfg.yaml", spec: "spec.yaml"}},
		{"flags that override", "//go:generate oapi-codegen -o x.go -package api -config cfg.yaml spec.yaml", &directive{config: "cfg.yaml", spec: "spec.yaml", output: "x.go", pkg: "api"}},
		{"flag without a value", "//go:generate oapi-codegen -alias-types -config cfg.yaml spec.yaml", &directive{config: "cfg.yaml", spec: "spec.yaml"}},
		{"no configuration", "//go:generate oapi-codegen -generate types spec.yaml", &directive{spec: "spec.yaml"}},
		{"nothing else", "//go:generate oapi-codegen", &directive{}},
		{"value missing", "//go:generate oapi-codegen -config", &directive{}},
		{"quotes", `//go:generate oapi-codegen -config "my cfg.yaml" "my spec.yaml"`, &directive{config: "my cfg.yaml", spec: "my spec.yaml"}},
		{"tabs", "//go:generate\toapi-codegen\t-config\tcfg.yaml\tspec.yaml", &directive{config: "cfg.yaml", spec: "spec.yaml"}},
		{"Windows line end", "//go:generate oapi-codegen -config cfg.yaml spec.yaml\r", &directive{config: "cfg.yaml", spec: "spec.yaml"}},
		{"indented: go generate ignores it", "\t//go:generate oapi-codegen -config cfg.yaml spec.yaml", nil},
		{"blank before go: a comment", "// go:generate oapi-codegen -config cfg.yaml spec.yaml", nil},
		{"another program", "//go:generate go tool mockery", nil},
		{"another program with a like name", "//go:generate go tool oapi-codegen-wrapper", nil},
		{"oapi-guard", "//go:generate go tool oapi-guard", nil},
	}
	for _, test := range tests {
		found := directives(file, []byte("package api\n"+test.line+"\n"))
		if test.want == nil {
			if len(found) != 0 {
				t.Errorf("%s: found %+v", test.name, found)
			}
			continue
		}
		test.want.file, test.want.line = file, 2
		if len(found) != 1 || !reflect.DeepEqual(found[0], *test.want) {
			t.Errorf("%s: found %+v, want %+v", test.name, found, *test.want)
		}
	}
}

func TestDirectivePaths(t *testing.T) {
	d := directive{file: "internal/api/gen.go"}
	tests := []struct{ written, want string }{
		{"", ""},
		{"cfg.yaml", "internal/api/cfg.yaml"},
		{"../../openapi.yaml", "openapi.yaml"},
		{"/etc/openapi.yaml", "/etc/openapi.yaml"},
	}
	for _, test := range tests {
		if got := filepath.ToSlash(d.path(test.written)); got != test.want {
			t.Errorf("%q: %q, want %q", test.written, got, test.want)
		}
	}
}

// addDirective adds to api/gen.go, after the first line that runs oapi-codegen.
func addDirective(config string, source []byte) []byte {
	d := directive{file: "api/gen.go"}
	if all := directives(d.file, source); len(all) > 0 {
		d = all[0]
	}
	return d.addGuardDirective(config, source)
}

func TestAddGuardDirective(t *testing.T) {
	const run = "//go:generate go tool oapi-codegen -config cfg.yaml spec.yaml"
	tests := []struct {
		name, config, source, want string
	}{
		{"beside", "api/oapi-guard.yaml", run + "\n\nvar x int\n", run + "\n//go:generate go tool oapi-guard\n\nvar x int\n"},
		{"elsewhere", "oapi-guard.yaml", run + "\n", run + "\n//go:generate go tool oapi-guard -c ../oapi-guard.yaml\n"},
		{"another name", "api/guards.yaml", run + "\n", run + "\n//go:generate go tool oapi-guard -c guards.yaml\n"},
		{"a blank in the path", "my api/oapi-guard.yaml", run + "\n", run + "\n//go:generate go tool oapi-guard -c \"../my api/oapi-guard.yaml\"\n"},
		{"last of several", "api/oapi-guard.yaml", run + "\n" + run + "\n// end\n", run + "\n" + run + "\n//go:generate go tool oapi-guard\n// end\n"},
		{"no line end", "api/oapi-guard.yaml", run, run + "\n//go:generate go tool oapi-guard\n"},
		{"Windows line ends", "api/oapi-guard.yaml", run + "\r\n\r\n", run + "\r\n//go:generate go tool oapi-guard\r\n\r\n"},
		{"there", "api/oapi-guard.yaml", run + "\n//go:generate go tool oapi-guard\n", ""},
		{"there with a verb and flags", "api/oapi-guard.yaml", run + "\n//go:generate oapi-guard generate -v --format github\n", ""},
		{"there with a version", "api/oapi-guard.yaml", run + "\n//go:generate go run github.com/oapi-guard/oapi-guard/cmd/oapi-guard@v1.0.0\n", ""},
		{"there with -c", "oapi-guard.yaml", run + "\n//go:generate go tool oapi-guard -c ./../oapi-guard.yaml\n", ""},
		{"there with --config", "oapi-guard.yaml", run + "\r\n//go:generate go tool oapi-guard --config=../oapi-guard.yaml\r\n", ""},
		{"there for another configuration", "api/oapi-guard.yaml", run + "\n//go:generate go tool oapi-guard -c other.yaml\n",
			run + "\n//go:generate go tool oapi-guard\n//go:generate go tool oapi-guard -c other.yaml\n"},
		{"a module file for tools", "api/oapi-guard.yaml", "//go:generate go tool -modfile=../tools.mod oapi-codegen -config cfg.yaml spec.yaml\n",
			"//go:generate go tool -modfile=../tools.mod oapi-codegen -config cfg.yaml spec.yaml\n//go:generate go tool -modfile=../tools.mod oapi-guard\n"},
		{"there with a module file", "api/oapi-guard.yaml", run + "\n//go:generate go tool -modfile=../tools.mod oapi-guard\n", ""},
		{"no line to follow", "api/oapi-guard.yaml", "package api\n", ""},
	}
	for _, test := range tests {
		want := test.want
		if want == "" {
			want = test.source
		}
		if got := string(addDirective(test.config, []byte(test.source))); got != want {
			t.Errorf("%s:\n%q, want\n%q", test.name, got, want)
		}
	}
}
