package main

import (
	"reflect"
	"testing"
)

func TestRecipes(t *testing.T) {
	tests := []struct {
		name, file, source string
		want               *directive
	}{
		{"recipe", "Makefile", "gen: openapi.yaml ## Generate\n\t@go tool oapi-codegen -config cfg.yaml openapi.yaml\n",
			&directive{line: 2, target: "gen", config: "cfg.yaml", spec: "openapi.yaml"}},
		{"variables", "Makefile", "API ?= internal/api\nCFG := $(API)/cfg.yaml\nGEN = go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@v2.8.2\n.PHONY: gen\ngen:\n\t$(GEN) -config ${CFG} $(API)/openapi.yaml\n",
			&directive{line: 6, target: "gen", config: "internal/api/cfg.yaml", spec: "internal/api/openapi.yaml"}},
		{"variables that nothing sets", "build.mk", "gen:\n\toapi-codegen -config $(CFG) -o $@ $<\n", &directive{line: 2, target: "gen", config: "$(CFG)"}},
		{"lines that go on", "Makefile", "gen:\r\n\toapi-codegen \\\r\n\t  -config cfg.yaml \\\r\n\t  openapi.yaml\r\n", &directive{line: 2, target: "gen", config: "cfg.yaml", spec: "openapi.yaml"}},
		{"redirection", "Makefile", "gen:\n\toapi-codegen -config cfg.yaml openapi.yaml > api/api.gen.go\n",
			&directive{line: 2, target: "gen", config: "cfg.yaml", spec: "openapi.yaml", output: "api/api.gen.go"}},
		{"another folder", "Makefile", "gen:\n\tcd internal/api && go tool -modfile=../../tools.mod oapi-codegen -config cfg.yaml openapi.yaml; ls\n",
			&directive{line: 2, target: "gen", cd: "internal/api", modfile: "../../tools.mod", config: "cfg.yaml", spec: "openapi.yaml"}},
		{"guarded", "Makefile", "gen:\n\toapi-codegen -config cfg.yaml openapi.yaml\n\tgo tool oapi-guard\n",
			&directive{line: 2, target: "gen", config: "cfg.yaml", spec: "openapi.yaml", guarded: true}},
		{"shell", "gen.sh", "#!/bin/sh\nset -e\noapi-codegen --config=cfg.yaml openapi.yaml\n", &directive{line: 3, config: "cfg.yaml", spec: "openapi.yaml"}},
		{"task", "Taskfile.yml", "tasks:\n  gen:\n    cmds:\n      - oapi-codegen -config cfg.yaml openapi.yaml\n", &directive{line: 4, config: "cfg.yaml", spec: "openapi.yaml"}},
		{"installed", "Makefile", "tools:\n\tgo install github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@latest\n\tgo get -tool example.com/oapi-codegen\n\twhich oapi-codegen || exit 1\n", nil},
		{"asked for its version", "Makefile", "version:\n\toapi-codegen -version\n", nil},
		{"comment", "gen.sh", "# oapi-codegen -config cfg.yaml openapi.yaml\n", nil},
		{"no recipe", "Makefile", "CFG = oapi-codegen -config cfg.yaml x.yaml\n", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			found := recipes(test.file, []byte(test.source))
			if test.want == nil {
				if len(found) != 0 {
					t.Errorf("found %+v", found)
				}
				return
			}
			test.want.file, test.want.script = test.file, true
			if len(found) != 1 || !reflect.DeepEqual(found[0], *test.want) {
				t.Errorf("found %+v, want %+v", found, *test.want)
			}
		})
	}
}

func TestRerun(t *testing.T) {
	for want, d := range map[string]directive{
		"go generate ./...":    {file: "api/gen.go"},
		"make gen":             {file: "Makefile", script: true, target: "gen"},
		"make":                 {file: "GNUmakefile", script: true},
		"make -C api gen":      {file: "api/Makefile", script: true, target: "gen"},
		"sh scripts/gen.sh":    {file: "scripts/gen.sh", script: true},
		"# what runs justfile": {file: "justfile", script: true},
	} {
		if got := d.rerun(); got != want {
			t.Errorf("%+v: %q, want %q", d, got, want)
		}
	}
}
