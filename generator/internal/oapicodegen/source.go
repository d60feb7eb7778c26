package oapicodegen

import (
	"bytes"
	"errors"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"unicode/utf8"

	"github.com/oapi-guard/oapi-guard/generator/diag"
)

// source is a Go file. Only the declarations that matter are parsed.
type source struct {
	path         string
	content      []byte
	declarations []declaration
	tree         *ast.File
	// pieces say where the parsed text comes from, in order.
	pieces []piece
	// lastOffset and lastLine make the lines of ascending offsets cheap.
	lastOffset, lastLine int
}

// piece says that the parsed text from at on is the file's from from on.
type piece struct{ at, from int }

// parseSource parses the declarations of a file whose names are wanted, and all imports, variables, constants and
// grouped types. The source is nil when the file is not valid.
func parseSource(path string, content []byte, wanted func(name string) bool) (*source, diag.List) {
	s := &source{path: path, content: content}
	declarations, ok := outline(content)
	if !ok {
		// Parsed whole, the file gets the parser's message.
		declarations = []declaration{{end: len(content)}}
	}
	s.declarations = declarations
	text := s.cut(wanted)
	tree, err := parser.ParseFile(token.NewFileSet(), path, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil || !ok {
		return nil, s.syntaxProblem(err)
	}
	s.tree = tree
	return s, nil
}

// cut joins the declarations to parse, the file's header first.
func (s *source) cut(wanted func(name string) bool) []byte {
	var text []byte
	for i, d := range s.declarations {
		from := d.start
		switch {
		case i == 0:
			from = 0
		case d.keyword == "func" && !wanted(d.name),
			d.keyword == "type" && d.name != "" && !wanted(d.name):
			continue
		case d.keyword == "func":
			from = s.comment(d.start)
		}
		s.pieces = append(s.pieces, piece{at: len(text), from: from})
		text = append(append(text, s.content[from:d.end]...), '\n')
	}
	return text
}

// comment is the offset of the comment lines right above a declaration, which are part of the declaration
// before it.
func (s *source) comment(start int) int {
	for start > 0 {
		line := bytes.LastIndexByte(s.content[:start-1], '\n') + 1
		if !bytes.HasPrefix(s.content[line:], []byte("//")) {
			break
		}
		start = line
	}
	return start
}

func (s *source) syntaxProblem(err error) diag.List {
	var diags diag.List
	var list scanner.ErrorList
	if errors.As(err, &list) && len(list) > 0 {
		diags.Report(s.locate(list[0].Pos.Offset), ruleSyntax, "this is not a valid Go file: %s", list[0].Msg)
	} else {
		diags.Report(diag.Position{File: s.path}, ruleSyntax, "this is not a valid Go file: a bracket or a quote does not close")
	}
	return diags
}

// position is the place of a node of the tree in the file. In a file set with one file, a token.Pos is the
// offset plus one.
func (s *source) position(node ast.Node) diag.Position {
	return s.locate(int(node.Pos()) - 1)
}

// locate maps an offset in the parsed text to its place in the file.
func (s *source) locate(at int) diag.Position {
	origin := piece{}
	for _, p := range s.pieces {
		if p.at <= at {
			origin = p
		}
	}
	return s.positionAt(min(origin.from+at-origin.at, len(s.content)))
}

// positionAt counts lines from the last place asked for, since most questions come in the file's order.
func (s *source) positionAt(offset int) diag.Position {
	if offset < s.lastOffset || s.lastLine == 0 {
		s.lastOffset, s.lastLine = 0, 1
	}
	s.lastLine += bytes.Count(s.content[s.lastOffset:offset], []byte("\n"))
	s.lastOffset = offset
	lineStart := bytes.LastIndexByte(s.content[:offset], '\n') + 1
	column := utf8.RuneCount(s.content[lineStart:offset]) + 1
	return diag.Position{File: s.path, Line: s.lastLine, Column: column}
}

// findType is the declaration of a type among the parsed ones.
func (s *source) findType(name string) *ast.TypeSpec {
	for _, d := range s.tree.Decls {
		group, ok := d.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range group.Specs {
			if spec, ok := spec.(*ast.TypeSpec); ok && spec.Name.Name == name {
				return spec
			}
		}
	}
	return nil
}

// findFunc is the declaration of a function, not a method, among the parsed ones.
func (s *source) findFunc(name string) *ast.FuncDecl {
	for _, d := range s.tree.Decls {
		if d, ok := d.(*ast.FuncDecl); ok && d.Recv == nil && d.Name.Name == name {
			return d
		}
	}
	return nil
}

// names calls yield with every package-level name that the file declares, in order within each kind.
func (s *source) names(yield func(name string, at diag.Position)) {
	for _, d := range s.declarations {
		if d.name != "" && d.name != "_" && (d.keyword != "func" || d.name != "init") {
			yield(d.name, s.positionAt(d.nameAt))
		}
	}
	for _, d := range s.tree.Decls {
		group, ok := d.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range group.Specs {
			for _, name := range specNames(spec) {
				if name.Name != "_" {
					yield(name.Name, s.position(name))
				}
			}
		}
	}
}

func specNames(spec ast.Spec) []*ast.Ident {
	switch spec := spec.(type) {
	case *ast.ValueSpec:
		return spec.Names
	case *ast.TypeSpec:
		return []*ast.Ident{spec.Name}
	}
	return nil
}
