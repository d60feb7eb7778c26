package main

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

const scriptDir = "../../testdata/script"

var update = flag.Bool("update", false, "update what the scripts compare with")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"oapi-guard":   main,
		"oapi-codegen": codegenMain,
	})
}

// TestScripts runs testdata/script: one script per command, flag, exit code, format and diagnostic rule.
//
// Every script starts in a project that works (testdata/script/project) except for the files that it brings
// itself. Besides testscript's commands there are
//
//	exit 1 oapi-guard ...   runs a command that must exit with this code
//	replace FILE OLD NEW    replaces a text that the file has once
//	remember                remembers every file in the folder
//	serve HOW               starts a server of the project, and puts its address into $SERVER
//	untouched               fails unless all files are as remembered, modification times included
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 scriptDir,
		Setup:               addProject,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       *update,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exit":      exit,
			"replace":   replace,
			"remember":  remember,
			"untouched": untouched,
			"serve":     serve,
		},
	})
}

// addProject copies the files that the script does not bring. A script with a file "empty" gets none.
func addProject(env *testscript.Env) error {
	env.Values[remembered{}] = &map[string]fileState{}
	if _, err := os.Stat(filepath.Join(env.WorkDir, "empty")); err == nil {
		return os.Remove(filepath.Join(env.WorkDir, "empty"))
	}
	return copyMissing(filepath.Join(scriptDir, "project"), env.WorkDir)
}
