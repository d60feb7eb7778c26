package config

import (
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/server"
)

// Client is a typed client to make on top of oapi-codegen's.
type Client struct {
	// Config is the oapi-codegen configuration of the client; Output is the file to write.
	Config, Output string
	// File is the Go file that oapi-codegen writes, ImportPath and FilePackage are the path and the name of its package.
	// Package is that of Output.
	File, ImportPath, FilePackage, Package string
}

// locateClient reads the oapi-codegen configuration of the client, and checks the output.
func (l *loader) locateClient() {
	if _, asked := l.positions["client"]; !asked {
		return
	}
	remote := strings.Contains(l.Client.Config, "://")
	l.checkLocal("client.config", l.Client.Config)
	for _, path := range []*string{&l.Client.Config, &l.Client.Output} {
		*path = within(l.Dir(), *path)
	}
	if !remote {
		l.readClient()
	}
	if reason := l.refuseClient(); reason != "" {
		l.diags.Report(l.Position("client.output"), ruleOutput, "client.output %s %s", l.Client.Output, reason)
		return
	}
	l.chooseClientPackage()
}

// readClient finds out where oapi-codegen writes the client.
func (l *loader) readClient() {
	content, err := os.ReadFile(l.Client.Config)
	if err != nil {
		l.diags.Report(l.Position("client.config"), ruleFile, "the oapi-codegen configuration %s cannot be read: %s", l.Client.Config, cause(err))
		return
	}
	file := &codegenFile{path: l.Client.Config}
	diags := file.decode(content)
	if l.diags.Add(diags); len(diags) > 0 {
		return
	}
	l.Client.FilePackage = file.PackageName
	switch {
	case !file.Generate.Client:
		l.diags.Report(file.generatePosition(), ruleValue, "oapi-codegen generates no client with this configuration: set generate.client to true")
	case file.PackageName == "main" || !token.IsIdentifier(file.PackageName):
		l.diags.Report(diag.Position{File: file.path}, ruleCodegen, "the client's package %q cannot be imported: set package to another name", file.PackageName)
	case file.Output == "":
		l.diags.Report(diag.Position{File: file.path}, ruleSearch, "output is missing: the typed client has to import the client")
	default:
		l.searchClient(file)
	}
}

// searchClient finds the file in the folders in which oapi-codegen may be run.
func (l *loader) searchClient(file *codegenFile) {
	if samePath(file.path, l.ServerConfig) { // one package for both
		l.Client.File = l.ServerFile
		l.importClient(l.ServerFile)
		return
	}
	bases := l.basesOf(file.path)
	for _, base := range bases {
		if path := within(base, file.Output); exists(path) {
			l.Client.File = path
			l.importClient(path)
			return
		}
	}
	l.diags.Report(position(file.path, lookup(file.root, "output")), ruleSearch,
		"the client file %s was not found (searched in %s): run oapi-codegen first", file.Output, strings.Join(bases, ", "))
}

func (l *loader) importClient(path string) {
	importPath, err := server.ImportPath(filepath.Dir(path))
	if err != nil {
		l.diags.Report(l.Position("client.config"), ruleSearch, "the client's package has no import path: %s", err)
	}
	l.Client.ImportPath = importPath
}

// refuseClient says why the client cannot be written to its output, or nothing.
func (l *loader) refuseClient() string {
	if reason := notCompiled(l.Client.Output); reason != "" {
		return reason
	}
	folder := filepath.Dir(l.Client.Output)
	for _, taken := range []struct{ path, what string }{{l.Output, "guards"}, {l.ServerFile, "server"}, {l.Client.File, "generated client"}} {
		if taken.path != "" && samePath(folder, filepath.Dir(taken.path)) {
			return "lies in the folder of the " + taken.what + ": give the typed client a folder of its own"
		}
	}
	if i := slices.IndexFunc(l.Outputs, func(o Output) bool { return samePath(filepath.Join(l.Dir(), o.Path), l.Client.Output) }); i >= 0 {
		return "is an output already: choose another one"
	}
	return ""
}

// chooseClientPackage names the package after its folder.
func (l *loader) chooseClientPackage() {
	folder, err := filepath.Abs(filepath.Dir(l.Client.Output))
	if err != nil {
		l.diags.Report(l.Position("client.output"), ruleOutput, "the folder of client.output %s cannot be found: %s", l.Client.Output, err)
		return
	}
	l.Client.Package = filepath.Base(folder)
	if !token.IsIdentifier(l.Client.Package) || l.Client.Package == "main" || l.Client.Package == "_" {
		l.diags.Report(l.Position("client.output"), rulePackage, "the client's folder is called %q, which is no name for a package that is imported: choose another one", l.Client.Package)
		return
	}
	if file, other := neighbour(l.Client.Output, l.Client.Package); file != "" {
		l.diags.Report(l.Position("client.output"), rulePackage, "the folder of client.output holds the package %s (%s), and a folder holds one package: choose another one", other, file)
	}
}
