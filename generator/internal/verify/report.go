package verify

import (
	"github.com/oapi-guard/oapi-guard/generator/internal/render"

	"bytes"
	"fmt"
	"go/ast"
	goformat "go/format"
	"go/scanner"
	"go/token"
	"slices"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/view"
)

// operationIn is the operation that a piece of code is about, empty when it is about none or several.
func (v *verifier) operationIn(n ast.Node) string {
	names := v.operationsIn(n)
	if slices.ContainsFunc(names, func(name string) bool { return name != names[0] }) || len(names) == 0 {
		return ""
	}
	return names[0]
}

// firstOperation is the first operation that a piece of code names.
func (v *verifier) firstOperation(n ast.Node) string {
	if names := v.operationsIn(n); len(names) > 0 {
		return names[0]
	}
	return ""
}

func (v *verifier) operationsIn(n ast.Node) []string {
	var names []string
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && v.operations[id.Name] != "" {
			names = append(names, v.operations[id.Name])
		}
		return true
	})
	return names
}

// reportAt reports a piece of the generated code, at the place of the template that it comes from.
func (v *verifier) reportAt(n ast.Node, operation, form string, args ...any) {
	at := diag.Position{File: v.overrides.Dir}
	if own, ok := v.got.Trace.Own(int(n.Pos())-1, int(n.End())-1); ok {
		at = own
	}
	v.report(at, operation, form, args...)
}

// reportMissing reports what is not there, at the override of the block that has it built in.
func (v *verifier) reportMissing(n ast.Node, form string, args ...any) {
	at := diag.Position{File: v.overrides.Dir}
	if from, _ := v.want.Trace.At(int(n.Pos()) - 1); from.File != nil {
		for _, f := range v.overrides.Files {
			switch {
			case f.Trees[from.Block] != nil && render.MayDefine(f.Name, []string{from.File.Name}):
				at = f.DefinedAt(from.Block)
			case f.Name == render.FileTemplate && at.Line == 0:
				at = diag.Position{File: f.Path, Line: 1, Column: 1}
			}
		}
	}
	v.report(at, v.operationIn(n), form, args...)
}

func (v *verifier) report(at diag.Position, operation, form string, args ...any) {
	message := fmt.Sprintf(form, args...)
	if operation != "" {
		message = "operation " + operation + ": " + message
	}
	v.diags.Report(at, ruleTemplateUnguarded, "%s", view.Comment(message))
}

// code is a piece of code on one line.
func code(n ast.Node) string {
	var b bytes.Buffer
	if field, ok := n.(*ast.Field); ok {
		n = field.Type // a field alone cannot be printed
		for _, name := range field.Names {
			b.WriteString(name.Name + " ")
		}
	}
	if err := goformat.Node(&b, token.NewFileSet(), n); err != nil {
		return "?"
	}
	return oneLine(b.Bytes())
}

// oneLine writes code with single spaces, but for those in literals.
func oneLine(source []byte) string {
	var s scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(source))
	s.Init(file, source, nil, 0)
	var b strings.Builder
	end := 0
	for {
		pos, tok, literal := s.Scan()
		if tok == token.EOF {
			return b.String()
		}
		if tok == token.SEMICOLON && literal == "\n" {
			continue
		}
		text := tok.String()
		if literal != "" {
			text = literal
		}
		if start := file.Offset(pos); start > end && end > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(text)
		end = file.Offset(pos) + len(text)
	}
}

// snippet is code on one line, shortened.
func snippet(n ast.Node) string {
	text := []rune(code(n))
	const most = 110
	if len(text) > most {
		return string(text[:most]) + "…"
	}
	return string(text)
}
