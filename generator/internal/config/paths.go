package config

import (
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
func (c *Config) checkLocal(key, value string, diags *diag.List) {
	if strings.Contains(value, "://") {
		diags.Report(c.Position(key), ruleValue, "%s must be a local file: download %s and keep it beside the code", key, value)
	}
}

// locateServer finds the server file and, from it, the folder that oapi-codegen's paths are relative to.
func (c *Config) locateServer(file *codegenFile, diags *diag.List) {
	bases := c.bases()
	switch {
	case c.ServerFile != "":
		c.CodegenDir = baseOf(c.ServerFile, file.Output, filepath.Dir(c.Path))
	case file.Output == "":
		diags.Report(diag.Position{File: file.path}, ruleSearch,
			"there is no output: set it, or name the server file in oapi-guard.yaml, server: {config: …, file: …}")
	case filepath.IsAbs(file.Output):
		c.ServerFile, c.CodegenDir = filepath.Clean(file.Output), filepath.Dir(c.Path)
	default:
		c.searchServer(file, bases, diags)
	}
	c.locateOverlay(file, bases, diags)
}

// bases are the folders that oapi-codegen may be run in, the likeliest first.
func (c *Config) bases() []string {
	bases := []string{filepath.Dir(c.ServerConfig)}
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

func (c *Config) searchServer(file *codegenFile, bases []string, diags *diag.List) {
	for _, base := range bases {
		if path := filepath.Join(base, file.Output); exists(path) {
			c.ServerFile, c.CodegenDir = path, base
			return
		}
	}
	if !c.GenerateServer {
		diags.Report(position(file.path, lookup(file.root, "output")), ruleSearch,
			"the server file %s was not found (looked below %s): run oapi-codegen first, or name it in oapi-guard.yaml, server: {config: …, file: …}",
			file.Output, strings.Join(bases, ", "))
		return
	}
	c.CodegenDir = bases[0]
	for _, base := range slices.Backward(bases) {
		if exists(filepath.Dir(filepath.Join(base, file.Output))) {
			c.CodegenDir = base
		}
	}
	c.ServerFile = filepath.Join(c.CodegenDir, file.Output)
}

// locateOverlay finds the overlay the same way, the folder that the output led to first.
func (c *Config) locateOverlay(file *codegenFile, bases []string, diags *diag.List) {
	overlay := file.OutputOptions.Overlay
	c.OverlayStrict = overlay.Strict == nil || *overlay.Strict
	if overlay.Path == "" {
		return
	}
	for _, base := range append([]string{c.CodegenDir}, bases...) {
		if path := within(base, overlay.Path); exists(path) {
			c.Overlay = path
			return
		}
	}
	at := diag.Position{File: file.path}
	if options := lookup(file.root, "output-options"); options != nil && lookup(options, "overlay") != nil {
		at = position(file.path, lookup(options, "overlay"))
	}
	diags.Report(at, ruleSearch, "the overlay %s was not found (looked below %s)", overlay.Path, strings.Join(bases, ", "))
}

// checkOutput refuses outputs that the go command would not compile, or that something else needs.
func (c *Config) checkOutput(diags *diag.List) {
	name := filepath.Base(c.Output)
	reason := ""
	switch info, err := os.Stat(c.Output); {
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
	case samePath(c.Output, c.ServerFile):
		reason = "is the server file: choose another one"
	}
	if reason != "" {
		diags.Report(c.Position("output"), ruleOutput, "output %s %s", c.Output, reason)
	}
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
func (c *Config) choosePackage(diags *diag.List) {
	folder, err := filepath.Abs(filepath.Dir(c.Output))
	if err != nil {
		diags.Report(c.Position("output"), ruleOutput, "the folder of output %s cannot be told: %s", c.Output, err)
		return
	}
	shared := c.ServerFile != "" && samePath(folder, filepath.Dir(c.ServerFile))
	c.InServerPackage = shared
	given := c.Package != ""
	switch {
	case shared && !given:
		c.Package = c.Codegen.PackageName
	case shared && c.Package != c.Codegen.PackageName:
		diags.Report(c.Position("package"), rulePackage, "output lies in the server's folder, so that package must be %s, not %s",
			c.Codegen.PackageName, c.Package)
		return
	case c.Codegen.PackageName == "main" && !shared:
		diags.Report(c.Position("output"), ruleOutput, "output lies outside the server's package, which is main and cannot be imported: "+
			"set output to %s, or give oapi-codegen a package of its own", filepath.Join(filepath.Dir(c.ServerFile), filepath.Base(c.Output)))
		return
	case !given:
		c.Package = filepath.Base(folder)
	}
	if !token.IsIdentifier(c.Package) || c.Package == "_" {
		diags.Report(c.packagePosition(), rulePackage, "%q is not a package name: set package to a lower-case word", c.Package)
	}
}

// packagePosition is where the package name comes from.
func (c *Config) packagePosition() diag.Position {
	if _, given := c.positions["package"]; given {
		return c.Position("package")
	}
	return c.Position("output")
}

// checkRemoteRefs checks the list of remote documents, and takes oapi-codegen's if there is none.
func (c *Config) checkRemoteRefs(diags *diag.List) {
	if _, given := c.positions["allow-remote-refs"]; !given {
		c.AllowRemoteRefs = c.Codegen.AllowRemoteRefsFrom
		return
	}
	for _, entry := range c.AllowRemoteRefs {
		u, err := url.Parse(entry)
		if entry != "*" && (err != nil || u.Scheme == "" || u.Host == "" || strings.Contains(entry, "#")) {
			diags.Report(c.Position("allow-remote-refs"), ruleValue,
				"%q is not the URL of a document, without fragment, nor \"*\"", entry)
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
