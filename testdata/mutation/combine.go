package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
)

// source is a parsed Go file with its text.
type source struct {
	text []byte
	fset *token.FileSet
	file *ast.File
}

func parseSource(text []byte) (*source, error) {
	s := &source{text: text, fset: token.NewFileSet()}
	var err error
	s.file, err = parser.ParseFile(s.fset, "", text, parser.SkipObjectResolution)
	return s, err
}

func (s *source) offset(p token.Pos) int { return s.fset.Position(p).Offset }

func (s *source) slice(n ast.Node) string { return string(s.text[s.offset(n.Pos()):s.offset(n.End())]) }

// combination is a file in which every function that some fault changes is there once more for each of these faults,
// and the number that is on decides which one runs. So all faults of a package are compiled at once.
type combination struct {
	*source
	edits   []edit
	appends []appended
	named   map[*ast.FuncDecl][]string // the names of the arguments
}

// appended is the faulty version of a function.
type appended struct {
	id   int
	text string
}

// edit inserts text at an offset, or replaces what is there.
type edit struct {
	from, to int
	text     string
	id       int // of the fault that is diverted to, 0 for names
}

// add puts a faulty version of the file in. It is false when the version changes anything but the body of functions and
// comments.
func (c *combination) add(id int, faulty []byte) bool {
	f, err := parseSource(faulty)
	if err != nil || len(f.file.Decls) != len(c.file.Decls) {
		return false
	}
	type change struct{ was, now *ast.FuncDecl }
	var changes []change
	for i, d := range f.file.Decls {
		if f.slice(d) == c.slice(c.file.Decls[i]) {
			continue
		}
		was, ok := c.file.Decls[i].(*ast.FuncDecl)
		now, ok2 := d.(*ast.FuncDecl)
		if !ok || !ok2 || was.Body == nil || now.Body == nil || head(c.source, was) != head(f, now) {
			return false
		}
		changes = append(changes, change{was, now})
	}
	for _, change := range changes {
		c.divert(change.was, id)
		name := f.offset(change.now.Name.Pos())
		end := f.offset(change.now.Name.End())
		c.appends = append(c.appends, appended{id, fmt.Sprintf("\n%s%s%s\n", f.text[f.offset(change.now.Pos()):name], faultyName(change.now, id), f.text[end:f.offset(change.now.End())])})
	}
	return true
}

func head(s *source, f *ast.FuncDecl) string {
	return string(s.text[s.offset(f.Pos()):s.offset(f.Body.Lbrace)])
}

func faultyName(f *ast.FuncDecl, id int) string { return fmt.Sprintf("%sMutant%d", f.Name.Name, id) }

// divert makes a function call its faulty version.
func (c *combination) divert(f *ast.FuncDecl, id int) {
	call := faultyName(f, id)
	arguments := c.name(f)
	if f.Recv != nil {
		call = arguments[0] + "." + call
		arguments = arguments[1:]
	}
	if list := f.Type.TypeParams; list != nil {
		var names []string
		for _, field := range list.List {
			for _, n := range field.Names {
				names = append(names, n.Name)
			}
		}
		call += "[" + strings.Join(names, ", ") + "]"
	}
	call += "(" + strings.Join(arguments, ", ") + ")"
	if f.Type.Results != nil {
		call = "return " + call
	} else {
		call += "; return"
	}
	at := c.offset(f.Body.Lbrace) + 1
	c.edits = append(c.edits, edit{at, at, fmt.Sprintf("\nif mutantIs(%d) { %s }\n", id, call), id})
}

// name gives names to the receiver and all parameters of a function.
func (c *combination) name(f *ast.FuncDecl) []string {
	if names, ok := c.named[f]; ok {
		return slices.Clone(names)
	}
	var names []string
	lists := []*ast.FieldList{f.Recv, f.Type.Params}
	for _, list := range lists {
		for i := 0; list != nil && i < len(list.List); i++ {
			field := list.List[i]
			spread := ""
			if _, variadic := field.Type.(*ast.Ellipsis); variadic {
				spread = "..."
			}
			if len(field.Names) == 0 {
				name := fmt.Sprintf("mutantArgument%d", len(names))
				at := c.offset(field.Type.Pos())
				c.edits = append(c.edits, edit{at, at, name + " ", 0})
				names = append(names, name+spread)
			}
			for _, n := range field.Names {
				name := n.Name
				if name == "_" {
					name = fmt.Sprintf("mutantArgument%d", len(names))
					c.edits = append(c.edits, edit{c.offset(n.Pos()), c.offset(n.End()), name, 0})
				}
				names = append(names, name+spread)
			}
		}
	}
	c.named[f] = names
	return slices.Clone(names)
}

// without is the combined file without some of the faults.
func (c *combination) without(broken map[int]string) []byte {
	slices.SortStableFunc(c.edits, func(a, b edit) int { return a.from - b.from })
	var out bytes.Buffer
	at := 0
	for _, e := range c.edits {
		out.Write(c.text[at:e.from])
		if broken[e.id] == "" {
			out.WriteString(e.text)
		}
		at = e.to
	}
	out.Write(c.text[at:])
	for _, a := range c.appends {
		if broken[a.id] == "" {
			out.WriteString(a.text)
		}
	}
	return out.Bytes()
}

func newCombination(text []byte) (*combination, error) {
	s, err := parseSource(text)
	return &combination{source: s, named: map[*ast.FuncDecl][]string{}}, err
}
