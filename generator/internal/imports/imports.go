// Package imports decides by which name a generated file calls each package that it imports.
package imports

import (
	"cmp"
	"errors"
	"fmt"
	"go/token"
	"go/types"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/internal/generated"
	"github.com/oapi-guard/oapi-guard/generator/view"
)

// Set gives every imported package one name in the generated file.
type Set struct {
	names map[string]string // by path
	taken map[string]bool
	// unsure are the packages whose own name nobody knows, so that the import has to say one.
	unsure map[string]bool
	// asked are the packages that templates imported by the function import, in that order.
	asked []string
}

// NewSet is a set without imports.
func NewSet() *Set {
	s := &Set{names: map[string]string{}, taken: map[string]bool{}, unsure: map[string]bool{}}
	for _, name := range slices.Concat(generated.Reserved(), types.Universe.Names()) {
		s.taken[name] = true
	}
	return s
}

// SetOf has the imports of a file; templates may add more.
func SetOf(list []view.Import) *Set {
	s := NewSet()
	for _, i := range list {
		if i.Path != "" {
			name := cmp.Or(i.Name, PackageName(i.Path))
			s.names[i.Path], s.taken[name] = name, true
			s.unsure[i.Path] = i.Name == PackageName(i.Path)
		}
	}
	return s
}

// Add imports a package under the name that is wanted, or one like it when that is taken, and returns
// the name.
func (s *Set) Add(importPath, wanted string) string {
	if name, ok := s.names[importPath]; ok {
		return name
	}
	name := wanted
	for n := 2; s.taken[name]; n++ {
		name = wanted + strconv.Itoa(n)
	}
	s.names[importPath], s.taken[name] = name, true
	return name
}

// List is the imports for the template: the standard library's first, each group sorted, an empty spec
// between them.
func (s *Set) List() []view.Import {
	imports := make([]view.Import, 0, len(s.names))
	for importPath, name := range s.names {
		if name == PackageName(importPath) && !s.unsure[importPath] && (standard(importPath) || !slices.Contains(s.asked, importPath)) {
			name = ""
		}
		imports = append(imports, view.Import{Name: name, Path: importPath})
	}
	slices.SortFunc(imports, func(a, b view.Import) int {
		if x, y := standard(a.Path), standard(b.Path); x != y {
			if x {
				return -1
			}
			return 1
		}
		return strings.Compare(a.Path, b.Path)
	})
	if i := slices.IndexFunc(imports, func(i view.Import) bool { return !standard(i.Path) }); i > 0 {
		imports = slices.Insert(imports, i, view.Import{})
	}
	return imports
}

// standard reports whether the path is one of the standard library: its first element has no dot.
func standard(importPath string) bool {
	first, _, _ := strings.Cut(importPath, "/")
	return !strings.Contains(first, ".")
}

// Qualifier renders the types of the server's signatures for the generated package.
type Qualifier struct {
	Imports *Set
	Prefix  string // "api.", or empty in the server's own package
}

// Local qualifies a name of the server's package.
func (q Qualifier) Local(name string) string { return q.Prefix + name }

// Import qualifies a name of a package that the server imports.
func (q Qualifier) Import(importPath, name string) string {
	if name == "" {
		name = PackageName(importPath)
		q.Imports.unsure[importPath] = true
		if !token.IsIdentifier(name) {
			name = "models"
		}
	}
	return q.Imports.Add(importPath, name)
}

// PackageName is the name of a well-known framework's package: the last element that is not a version.
func PackageName(importPath string) string {
	base := path.Base(importPath)
	if len(base) > 1 && base[0] == 'v' && strings.Trim(base[1:], "0123456789") == "" {
		return path.Base(path.Dir(importPath))
	}
	return base
}

// refusedImports are packages with which the check of the guards could be evaded, or that open routes of their
// own by being imported.
var refusedImports = []string{"C", "expvar", "net/http/pprof", "plugin", "reflect", "syscall", "unsafe"}

// Refused reports whether guards may not import a package.
func Refused(importPath string) bool { return slices.Contains(refusedImports, importPath) }

// Use imports a package on behalf of a template. The name is the path's last element unless one is given.
func (s *Set) Use(importPath string, names ...string) (string, error) {
	switch {
	case s == nil:
		return "", errors.New("only the templates of the guards can import; write the import into the template")
	case Refused(importPath):
		return "", fmt.Errorf("%s may not be imported by guards", importPath)
	case len(names) > 1:
		return "", errors.New("at most one name")
	}
	name := PackageName(importPath)
	if len(names) == 1 {
		name = names[0]
	}
	if !token.IsIdentifier(name) || name == "_" {
		return "", fmt.Errorf(`%q is not the name of a package: give one, {{import %q "name"}}`, name, importPath)
	}
	if _, known := s.names[importPath]; !known {
		s.asked = append(s.asked, importPath)
	}
	return s.Add(importPath, name), nil
}

// Asked is the number of packages that templates have asked for.
func (s *Set) Asked() int { return len(s.asked) }
