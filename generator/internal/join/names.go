package join

import (
	"cmp"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/imports"
	"github.com/oapi-guard/oapi-guard/generator/internal/server"
	"github.com/oapi-guard/oapi-guard/generator/policy"
	"github.com/oapi-guard/oapi-guard/generator/view"
)

// names are the Go names for the names of the document, decided once.
type names struct {
	roles   map[string]string // constants, by role
	schemes map[string]string // authenticator methods, by scheme
	taken   map[string]string // every name given at package level or in the Authenticator -> its source
	diags   diag.List
}

func newNames(p *policy.Policy) *names {
	n := &names{roles: map[string]string{}, schemes: map[string]string{}, taken: map[string]string{}}
	for _, role := range p.Roles {
		n.roles[role.Name] = n.take("Role", roleName(role), "role", role.Name, role.Position)
	}
	for _, scheme := range p.Schemes {
		n.schemes[scheme.Name] = n.take("", cmp.Or(scheme.GoName, exported(scheme.Name)), "security scheme", scheme.Name, scheme.Position)
	}
	return n
}

// roleName is the Go name of a role without the Role that all have in common.
func roleName(r *policy.Role) string {
	if name, ok := strings.CutPrefix(r.GoName, "Role"); ok && token.IsExported(name) {
		return name
	}
	return cmp.Or(r.GoName, exported(r.Name))
}

// take claims a name with what comes before it, and reports two names of the document that become one in Go.
func (n *names) take(before, name, kind, source string, at diag.Position) string {
	// Constants and methods are different scopes, so the kind is part of the key.
	key := kind + " " + before + name
	if name == "" {
		n.diags.Report(at, ruleCollision, "the %s %q has no letter or digit for a Go name: give it one with x-go-name%s", kind, source, inCatalogue[kind])
	} else if other, ok := n.taken[key]; ok {
		n.diags.Report(at, ruleCollision, "the %ss %q and %q both become %s in Go: rename one of them, or give it an x-go-name%s", kind, other, source, before+name, inCatalogue[kind])
	}
	n.taken[key] = source
	return before + name
}

// inCatalogue says where the Go name of a role is written.
var inCatalogue = map[string]string{"role": " in x-roles"}

// unique is the name, or the name with the first number that no other one has.
func unique(taken []string, name string) string {
	free := name
	for n := 2; slices.Contains(taken, free); n++ {
		free = name + strconv.Itoa(n)
	}
	return free
}

// exported is the Go name for a name of the document, in camel case: every character that is not a visible letter
// or digit separates words.
func exported(name string) string {
	var b strings.Builder
	start := true
	for _, r := range name {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) || view.Hidden(r) {
			start = true
			continue
		}
		if start {
			r = unicode.ToUpper(r)
		}
		start = false
		if b.Len() == 0 && !unicode.IsUpper(r) {
			b.WriteByte('X') // a digit, or a script without capitals
		}
		b.WriteRune(r)
	}
	return b.String()
}

// unexported is the Go name in lower camel case.
func unexported(name string) string {
	runes := []rune(name)
	for i := range runes {
		// A leading run of capitals is one word: APIKey becomes apiKey, ID becomes id.
		if !unicode.IsUpper(runes[i]) || i > 0 && i+1 < len(runes) && unicode.IsLower(runes[i+1]) {
			break
		}
		runes[i] = unicode.ToLower(runes[i])
	}
	return string(runes)
}

// Collisions reports the names of the guards that the server's own package declares already. The names of imports
// count: a package may not declare a name that one of its files imports under.
func Collisions(content []byte, f *view.File, s *server.Server, output string) diag.List {
	names := declaredNames(content)
	for _, i := range f.Imports {
		names = append(names, cmp.Or(i.Name, imports.PackageName(i.Path)))
	}
	slices.Sort(names)
	var taken []string
	for _, name := range names {
		at, ok := s.Declared[name]
		if !ok {
			at, ok = s.Dotted[name]
		}
		if ok {
			taken = append(taken, name+" ("+filepath.Base(at.File)+":"+strconv.Itoa(at.Line)+")")
		}
	}
	var diags diag.List
	if len(taken) > 0 {
		diags.Report(diag.Position{File: output}, ruleCollision, "the package declares %s already: give the guards a package of their own (output: apiguard/guards.gen.go)", strings.Join(taken, ", "))
	}
	return diags
}

// declaredNames are the package-level names of a generated file, sorted.
func declaredNames(source []byte) []string {
	file, err := parser.ParseFile(token.NewFileSet(), "", source, parser.SkipObjectResolution)
	if err != nil {
		return nil // format has parsed it already
	}
	var names []string
	for _, declaration := range file.Decls {
		switch d := declaration.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil {
				names = append(names, d.Name.Name)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				names = append(names, specNames(spec)...)
			}
		}
	}
	slices.Sort(names)
	return names
}

func specNames(spec ast.Spec) []string {
	var names []string
	switch s := spec.(type) {
	case *ast.TypeSpec:
		names = append(names, s.Name.Name)
	case *ast.ValueSpec:
		for _, name := range s.Names {
			if name.Name != "_" {
				names = append(names, name.Name)
			}
		}
	}
	return names
}
