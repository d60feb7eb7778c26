package render

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/template"
	"text/template/parse"
	"unicode/utf8"

	"github.com/oapi-guard/oapi-guard/generator/diag"
)

// TemplateFile is one parsed template.
type TemplateFile struct {
	// Name is the built-in name ("nethttp/chi.tmpl"), Path the file for messages, and own says that it is the
	// user's.
	Name, Path string
	own        bool
	text       string
	// Trees are the blocks by name; the file itself is there under its name.
	Trees map[string]*parse.Tree
}

// parseTemplate parses a template; nil when it has a syntax error.
func parseTemplate(name, path, text string, diags *diag.List) *TemplateFile {
	f := &TemplateFile{Name: name, Path: path, text: text, Trees: map[string]*parse.Tree{}}
	parsed, err := template.New(name).Funcs(templateFuncs(nil)).Parse(text)
	if err != nil {
		at, message := f.syntaxError(err.Error())
		diags.Report(at, ruleTemplateSyntax, "%s", message)
		return nil
	}
	for _, t := range parsed.Templates() {
		f.Trees[t.Name()] = t.Tree
	}
	if f.Trees[name] == nil {
		f.Trees[name] = &parse.Tree{Name: name, ParseName: name, Root: &parse.ListNode{NodeType: parse.NodeList}}
	}
	return f
}

// blocks are the names of the blocks, sorted.
func (f *TemplateFile) blocks() []string {
	names := slices.DeleteFunc(SortedKeys(f.Trees), func(name string) bool { return name == f.Name })
	return slices.Clip(names)
}

// calls are all {{template}} actions.
func (f *TemplateFile) calls() []*parse.TemplateNode {
	var calls []*parse.TemplateNode
	for _, block := range SortedKeys(f.Trees) {
		calls = append(calls, callsIn(f.Trees[block].Root)...)
	}
	return calls
}

func callsIn(list *parse.ListNode) []*parse.TemplateNode {
	var calls []*parse.TemplateNode
	walkLists(list, func(list *parse.ListNode) {
		for _, node := range list.Nodes {
			if call, ok := node.(*parse.TemplateNode); ok {
				calls = append(calls, call)
			}
		}
	})
	return calls
}

// walkLists visits a list of nodes and the lists within it.
func walkLists(list *parse.ListNode, visit func(*parse.ListNode)) {
	if list == nil {
		return
	}
	for _, node := range list.Nodes {
		switch n := node.(type) {
		case *parse.IfNode:
			walkLists(n.List, visit)
			walkLists(n.ElseList, visit)
		case *parse.RangeNode:
			walkLists(n.List, visit)
			walkLists(n.ElseList, visit)
		case *parse.WithNode:
			walkLists(n.List, visit)
			walkLists(n.ElseList, visit)
		}
	}
	visit(list)
}

// refuseStrayText refuses text outside of the blocks of a file that has blocks: it would never be written.
func (f *TemplateFile) refuseStrayText(diags *diag.List) {
	root := f.Trees[f.Name].Root
	if f.Name == FileTemplate || parse.IsEmptyTree(root) {
		return
	}
	for _, node := range root.Nodes {
		if text, ok := node.(*parse.TextNode); ok && strings.TrimSpace(string(text.Text)) == "" {
			continue
		}
		at := node.Position()
		if text, ok := node.(*parse.TextNode); ok {
			at += parse.Pos(len(text.Text) - len(strings.TrimLeft(string(text.Text), " \t\r\n")))
		}
		diags.Report(f.position(at), ruleTemplateName, "this stands outside of {{define}}, where nothing is ever written; the blocks of %s are %s",
			f.Name, strings.Join(blocksOf(f.Name), ", "))
		return
	}
}

// DefinedAt is where the name of a block stands that the file defines.
func (f *TemplateFile) DefinedAt(block string) diag.Position {
	before := f.text[:f.Trees[block].Root.Pos]
	return f.position(parse.Pos(max(strings.LastIndex(before, block), 0)))
}

// position is where a byte of the text stands.
func (f *TemplateFile) position(offset parse.Pos) diag.Position {
	before := f.text[:min(int(offset), len(f.text))]
	line := before[strings.LastIndexByte(before, '\n')+1:]
	return diag.Position{File: f.Path, Line: 1 + strings.Count(before, "\n"), Column: 1 + utf8.RuneCountInString(line)}
}

// line is a line of the text, which counts from 1.
func (f *TemplateFile) line(number int) string {
	lines := strings.Split(f.text, "\n")
	if number < 1 || number > len(lines) {
		return ""
	}
	return lines[number-1]
}

var (
	syntaxError = regexp.MustCompile(`(?s)^template: .*?\.tmpl:(\d+): (.*)$`)
	quotedToken = regexp.MustCompile(`(?:unexpected|function) (?:bad character [^ ]+ )?"?([^"\s]+)"?`)
)

// syntaxError takes message and position out of an error of text/template, which tells the line alone: the column
// is that of the word that the message is about, or of the first action of the line.
func (f *TemplateFile) syntaxError(text string) (diag.Position, string) {
	match := syntaxError.FindStringSubmatch(text)
	if match == nil {
		return diag.Position{File: f.Path}, strings.TrimPrefix(text, "template: ")
	}
	number, _ := strconv.Atoi(match[1]) // it is made of digits
	line, column := f.line(number), 0
	column = max(strings.Index(line, "{{"), 0)
	if token := quotedToken.FindStringSubmatch(match[2]); token != nil {
		if i := strings.Index(line[column:], token[1]); i >= 0 {
			column += i
		}
	}
	message := match[2]
	if strings.HasPrefix(message, "unclosed action") {
		column = max(strings.LastIndex(line, "{{"), 0)
	}
	if unknown := strings.TrimPrefix(message, "function "); unknown != message {
		message += knownFunctions(unknown)
	}
	return diag.Position{File: f.Path, Line: number, Column: 1 + utf8.RuneCountInString(line[:column])}, message
}

// knownFunctions says which functions there are, after a message about one that is not.
func knownFunctions(message string) string {
	quoted, _, _ := strings.Cut(message, " ")
	name, err := strconv.Unquote(quoted)
	if err != nil {
		return ""
	}
	return knownNames(name, SortedKeys(templateFuncs(nil)))
}
