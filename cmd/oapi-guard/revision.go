package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/report/difference"
)

// documentSource is a document on the command line: a file, or REV:path, a file of a git revision as git itself writes
// it. A document of a revision is read from there with all files that it refers to.
type documentSource struct {
	// path is that of the file, relative to the working directory.
	path string
	// revision is "REV:", or empty for a file; folder is the working directory in the repository, which git ends in "/".
	revision, folder string
	// read reads a file of the revision; nil: from disk.
	read func(name string) ([]byte, error)
}

// newDocumentSource takes an argument for a file when there is one of that name, or when it has no colon.
func newDocumentSource(argument string) (documentSource, error) {
	colon := strings.LastIndexByte(argument, ':')
	if _, err := os.Stat(argument); err == nil || colon < 0 {
		return documentSource{path: argument}, nil
	}
	name := argument[colon+1:]
	if strings.HasPrefix(argument, "-") || name == "" {
		return documentSource{}, fmt.Errorf("%q is neither a file nor REV:path", argument)
	}
	folder, err := git("rev-parse", "--show-prefix")
	if err != nil {
		return documentSource{}, fmt.Errorf("%s is not a file, and git cannot read it: %w", argument, err)
	}
	s := documentSource{revision: argument[:colon+1], folder: strings.TrimSuffix(string(folder), "\n")}
	inRepository := path.Clean(name) // as git has it: from the root, unless it begins with ./ or ../
	if strings.HasPrefix(name, "./") || strings.HasPrefix(name, "../") {
		inRepository = path.Join(s.folder, name)
	}
	if s.path, err = filepath.Rel(filepath.FromSlash("/"+s.folder), filepath.FromSlash("/"+inRepository)); err != nil {
		return documentSource{}, err
	}
	s.read = s.show
	return s, nil
}

// name is that of a file in the revision: "REV:path".
func (s documentSource) name(file string) string {
	return s.revision + path.Join(s.folder, filepath.ToSlash(file))
}

// show reads a file of the revision.
func (s documentSource) show(file string) ([]byte, error) { return git("cat-file", "blob", s.name(file)) }

// rename names a place in a revision.
func (s documentSource) rename(place *difference.Place) {
	if s.read != nil && place != nil {
		place.File = s.name(place.File)
	}
}

// renamed is a finding about a document, with its places named. One about the configuration is in a file.
func (s documentSource) renamed(d diag.Diagnostic) diag.Diagnostic {
	if s.read == nil || strings.HasPrefix(d.Rule.ID, "config-") {
		return d
	}
	d.Position.File = s.name(d.Position.File)
	for i := range d.Others {
		d.Others[i].File = s.name(d.Others[i].File)
	}
	return d
}

// git runs the git program. Its error is what git says.
func git(args ...string) ([]byte, error) {
	out, err := exec.Command("git", args...).Output()
	var failed *exec.ExitError
	if errors.As(err, &failed) && len(failed.Stderr) > 0 {
		line, _, _ := strings.Cut(string(failed.Stderr), "\n")
		return nil, errors.New(line)
	}
	return out, err
}
