package main

import (
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/mod/modfile"
)

// installed reports what the module of the working directory has already: the tool, in go.mod or in the file that
// -modfile names, and the runtime.
func installed(toolsFile string) (tool, runtime bool) {
	module := readModule(nearestModule())
	tools := module
	if toolsFile != "" {
		tools = readModule(toolsFile)
	}
	tool = hasTool(tools)
	runtime = slices.ContainsFunc(module.Require, func(r *modfile.Require) bool { return r.Mod.Path == modulePath+"/runtime" })
	return tool, runtime
}

func hasTool(module *modfile.File) bool {
	return slices.ContainsFunc(module.Tool, func(t *modfile.Tool) bool { return t.Path == modulePath+"/cmd/oapi-guard" })
}

// toolsFile is the module file of which oapi-guard is a tool, as the line has to name it: that of the line itself, or
// another one beside go.mod when only that has the tool. Empty is go.mod.
func (d *directive) toolsFile() string {
	module := nearestModule()
	if d.modfile != "" || hasTool(readModule(module)) {
		return d.modfile
	}
	entries, _ := os.ReadDir(filepath.Dir(module))
	for _, entry := range entries {
		file := filepath.Join(filepath.Dir(module), entry.Name())
		if filepath.Ext(file) == ".mod" && hasTool(readModule(file)) {
			return relativeTo(d.folder(), file)
		}
	}
	return ""
}

// nearestModule is the go.mod of the working directory or of the nearest folder above it.
func nearestModule() string {
	for folder := absolute("."); ; folder = filepath.Dir(folder) {
		if file := filepath.Join(folder, "go.mod"); isFile(file) || folder == filepath.Dir(folder) {
			return file
		}
	}
}

// readModule reads a go.mod; one that cannot be read has nothing.
func readModule(file string) *modfile.File {
	content, err := os.ReadFile(file)
	if err != nil {
		return &modfile.File{}
	}
	module, err := modfile.Parse(file, content, nil)
	if err != nil {
		return &modfile.File{}
	}
	return module
}
