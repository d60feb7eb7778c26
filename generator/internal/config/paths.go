package config

import (
	"cmp"
	"go/build"
	"go/token"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/diag"
)

// checkLocal refuses a URL where a path is meant.
func (l *loader) checkLocal(key, value string) {
	if strings.Contains(value, "://") {
		l.diags.Report(l.Position(key), ruleValue, "%s must be a local file: download %s and keep it beside the code", key, value)
	}
}

// locateServer finds the server file and, from it, the folder that oapi-codegen's paths are relative to.
func (l *loader) locateServer(file *codegenFile) {
	bases := l.bases()
	switch {
	case l.ServerFile != "":
		l.CodegenDir = baseOf(l.ServerFile, file.Output, filepath.Dir(l.Path))
	case file.Output == "":
		l.diags.Report(diag.Position{File: file.path}, ruleSearch,
			"output is missing: set it, or name the server file in oapi-guard.yaml, server: {config: …, file: …}")
	case filepath.IsAbs(file.Output):
		l.ServerFile, l.CodegenDir = filepath.Clean(file.Output), filepath.Dir(l.Path)
	default:
		l.searchServer(file, bases)
	}
	l.locateOverlay(file, bases)
}

// bases are the folders that oapi-codegen may be run in for the server, the likeliest first.
func (c *Config) bases() []string { return c.basesOf(c.ServerConfig) }

// basesOf are those for a configuration of oapi-codegen.
func (c *Config) basesOf(config string) []string {
	bases := []string{filepath.Dir(config)}
	for _, dir := range []string{filepath.Dir(c.Path), moduleRoot(filepath.Dir(c.Path))} {
		if dir != "" && !slices.ContainsFunc(bases, func(known string) bool { return samePath(known, dir) }) {
			bases = append(bases, dir)
		}
	}
	return bases
}

// moduleRoot is the nearest folder with a go.mod in dir or above it, in the form of dir, or "".
func moduleRoot(dir string) string {
	for {
		if exists(filepath.Join(dir, "go.mod")) {
			return dir
		}
		absolute, err := filepath.Abs(dir)
		if err != nil || absolute == filepath.Dir(absolute) {
			return ""
		}
		dir = filepath.Join(dir, "..")
	}
}

// baseOf is the folder from which output leads to file, or fallback if none does.
func baseOf(file, output, fallback string) string {
	output = filepath.Clean(output)
	if base, ok := strings.CutSuffix(file, string(filepath.Separator)+output); ok {
		return base
	}
	if file == output {
		return "."
	}
	return fallback
}

func (l *loader) searchServer(file *codegenFile, bases []string) {
	for _, base := range bases {
		if path := filepath.Join(base, file.Output); exists(path) {
			l.ServerFile, l.CodegenDir = path, base
			return
		}
	}
	if !l.GenerateServer {
		l.diags.Report(position(file.path, lookup(file.root, "output")), ruleSearch,
			"the server file %s was not found (searched in %s): run oapi-codegen first, or name it in oapi-guard.yaml, server: {config: …, file: …}",
			file.Output, strings.Join(bases, ", "))
		return
	}
	l.CodegenDir = bases[0]
	for _, base := range slices.Backward(bases) {
		if exists(filepath.Dir(filepath.Join(base, file.Output))) {
			l.CodegenDir = base
		}
	}
	l.ServerFile = filepath.Join(l.CodegenDir, file.Output)
}

// locateOverlay finds the overlay the same way, the folder that the output led to first.
func (l *loader) locateOverlay(file *codegenFile, bases []string) {
	overlay := file.OutputOptions.Overlay
	l.OverlayStrict = overlay.Strict == nil || *overlay.Strict
	if overlay.Path == "" {
		return
	}
	for _, base := range append([]string{l.CodegenDir}, bases...) {
		if path := within(base, overlay.Path); exists(path) {
			l.Overlay = path
			return
		}
	}
	at := diag.Position{File: file.path}
	if options := lookup(file.root, "output-options"); options != nil && lookup(options, "overlay") != nil {
		at = position(file.path, lookup(options, "overlay"))
	}
	l.diags.Report(at, ruleSearch, "the overlay %s was not found (searched in %s)", overlay.Path, strings.Join(bases, ", "))
}

// checkOutput refuses outputs that the go command would not compile, or that something else needs.
func (l *loader) checkOutput() {
	reason := notCompiled(l.Output)
	if reason == "" && samePath(l.Output, l.ServerFile) {
		reason = "is the server file: choose another one"
	}
	if reason != "" {
		l.diags.Report(l.Position("output"), ruleOutput, "output %s %s", l.Output, reason)
	}
}

// notCompiled says why the go command would not compile a file, or nothing.
func notCompiled(path string) string {
	name := filepath.Base(path)
	reason := ""
	switch info, err := os.Stat(path); {
	case err == nil && info.IsDir():
		reason = "is a folder: add a file name, like guards.gen.go"
	case !strings.HasSuffix(name, ".go"):
		reason = "must end in .go"
	case strings.HasSuffix(name, "_test.go"):
		reason = "is a test file, which a build leaves out: choose a name that does not end in _test.go"
	case strings.HasPrefix(name, "_"), strings.HasPrefix(name, "."):
		reason = "is a file that the go command ignores: choose a name that does not begin with _ or a dot"
	case forOnePlatform(name):
		reason = "is for one operating system or architecture only, by its name: choose another one"
	}
	return reason
}

// forOnePlatform reports whether the go command would compile a file of the name for some systems only
// (guards_windows.go): one that is for every system is also for a system that does not exist.
func forOnePlatform(name string) bool {
	nowhere := build.Context{GOOS: "none", GOARCH: "none", OpenFile: func(string) (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader("package p\n")), nil
	}}
	match, err := nowhere.MatchFile("", name)
	return err == nil && !match
}

// choosePackage sets the package name, or checks the one that is given.
func (l *loader) choosePackage() {
	folder, err := filepath.Abs(filepath.Dir(l.Output))
	if err != nil {
		l.diags.Report(l.Position("output"), ruleOutput, "the folder of output %s cannot be found: %s", l.Output, err)
		return
	}
	shared := l.ServerFile != "" && samePath(folder, filepath.Dir(l.ServerFile))
	l.InServerPackage = shared
	given := l.Package != ""
	switch {
	case shared && !given:
		l.Package = l.Codegen.PackageName
	case shared && l.Package != l.Codegen.PackageName:
		l.diags.Report(l.Position("package"), rulePackage, "output lies in the server's folder, so package must be %s, not %s",
			l.Codegen.PackageName, l.Package)
		return
	case l.Codegen.PackageName == "main" && !shared:
		l.diags.Report(l.Position("output"), ruleOutput, "output lies outside the server's package, which is main and cannot be imported: "+
			"set output to %s, or give oapi-codegen a package of its own", filepath.Join(filepath.Dir(l.ServerFile), filepath.Base(l.Output)))
		return
	case l.NoServer:
		l.joinPackage(folder)
	case !given:
		l.Package = filepath.Base(folder)
	}
	if !token.IsIdentifier(l.Package) || l.Package == "_" {
		l.diags.Report(l.packagePosition(), rulePackage, "%q is not a package name: set package to a lower-case word", l.Package)
		return
	}
	if !shared {
		l.checkNeighbours()
	}
}

// joinPackage makes the guards a part of the package that lies in the output's folder already, if there is one.
func (l *loader) joinPackage(folder string) {
	_, there := neighbour(l.Output, "")
	l.Package = cmp.Or(l.Package, there, filepath.Base(folder))
	l.InServerPackage = there != ""
}

// packagePosition is where the package name comes from.
func (c *Config) packagePosition() diag.Position {
	if _, given := c.positions["package"]; given {
		return c.Position("package")
	}
	return c.Position("output")
}

// checkRemoteRefs checks the list of remote documents, and takes oapi-codegen's if there is none.
func (l *loader) checkRemoteRefs() {
	if _, given := l.positions["allow-remote-refs"]; !given {
		l.AllowRemoteRefs = l.Codegen.AllowRemoteRefsFrom
		return
	}
	for _, entry := range l.AllowRemoteRefs {
		u, err := url.Parse(entry)
		if entry != "*" && (err != nil || u.Scheme == "" || u.Host == "" || strings.Contains(entry, "#")) {
			l.diags.Report(l.Position("allow-remote-refs"), ruleValue,
				"%q is neither the URL of a document without a fragment nor \"*\"", entry)
		}
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// samePath reports whether two paths lead to one place, which need not exist.
func samePath(a, b string) bool {
	infoA, errA := os.Stat(a)
	infoB, errB := os.Stat(b)
	if errA == nil && errB == nil {
		return os.SameFile(infoA, infoB)
	}
	absoluteA, errA := filepath.Abs(a)
	absoluteB, errB := filepath.Abs(b)
	return errA == nil && errB == nil && absoluteA == absoluteB
}
