package render

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/config"
	"github.com/oapi-guard/oapi-guard/generator/view"
	"github.com/oapi-guard/oapi-guard/generator/write"
)

// outputTemplate is the name of a template of the user's own; only its path appears in messages.
const outputTemplate = "output.tmpl"

// outputs makes the files beside the guards.
type outputs struct {
	config *config.Config
	diags  *diag.List
	files  []write.File
	// makers are by what a path was made, in lower case: some file systems know no other.
	makers map[string]string
}

// Outputs makes the files that the configuration wants beside the guards, from the same data.
func Outputs(c *config.Config, data *view.File) ([]write.File, diag.List) {
	var diags diag.List
	o := &outputs{config: c, diags: &diags, makers: map[string]string{}}
	for i, output := range c.Outputs {
		set := o.load(i, output.Template)
		if set == nil {
			continue
		}
		if !output.EachOperation() {
			o.add(i, set, output.Path, data, output.Template)
			continue
		}
		path := o.parse(outputTemplate, c.OutputPosition(i, "path").File, output.Path, c.OutputPosition(i, "path"))
		for _, operation := range data.Operations {
			if path == nil {
				break
			}
			if name := o.path(i, path, operation); name != "" {
				o.add(i, set, name, operation, "operation "+operation.Name)
			}
		}
	}
	return o.files, diags
}

// load reads a template.
func (o *outputs) load(index int, path string) *templateSet {
	text, err := os.ReadFile(path)
	if err != nil {
		o.diags.Report(o.config.OutputPosition(index, "template"), ruleTemplateFile, "the template %s cannot be read: %v", path, plainCause(err))
		return nil
	}
	return o.parse(outputTemplate, path, string(text), diag.Position{})
}

// parse parses a template. Errors are at a place of the template, or at another one where the template is a value there.
func (o *outputs) parse(name, path, text string, at diag.Position) *templateSet {
	var found diag.List
	f := parseTemplate(name, path, text, &found)
	set := &templateSet{sources: map[string]*TemplateFile{}, blocks: map[string]block{}, entry: name}
	if f != nil {
		f.own = true
		set.add(f)
		set.refuseUndefined("this output", &found)
	}
	o.report(found, at)
	if found.HasErrors() {
		return nil
	}
	return set
}

// report adds findings, at another place if one is given.
func (o *outputs) report(found diag.List, at diag.Position) {
	for _, d := range found {
		if at.File != "" {
			d.Position = at
		}
		*o.diags = append(*o.diags, d)
	}
}

// path is where the output of an operation goes, or nothing.
func (o *outputs) path(index int, set *templateSet, operation *view.Operation) string {
	var found diag.List
	text := set.execute(set.entry, operation, nil, &Trace{origins: []Origin{}}, &found)
	o.report(found, o.config.OutputPosition(index, "path"))
	if found.HasErrors() {
		return ""
	}
	problems := o.config.CheckOutputPath(index, string(text))
	if o.diags.Add(problems); problems.HasErrors() {
		return ""
	}
	return string(text)
}

// add makes one file.
func (o *outputs) add(index int, set *templateSet, path string, data any, maker string) {
	known := len(*o.diags)
	at := o.config.OutputPosition(index, "path")
	full := filepath.Join(o.config.Dir(), filepath.FromSlash(path))
	if reason := o.refusePath(path, full); reason != "" {
		o.diags.Report(at, ruleTemplateOutput, "the output %s %s", path, reason)
		return
	}
	key := strings.ToLower(full)
	if other, taken := o.makers[key]; taken {
		o.diags.Report(at, ruleTemplateOutput, "the output %s would be written twice: for %s and for %s", path, other, maker)
		return
	}
	o.makers[key] = maker
	r := &Rendering{Path: full, Trace: &Trace{origins: []Origin{}}}
	if r.Source = set.execute(set.entry, data, nil, r.Trace, o.diags); len(*o.diags) > known {
		return
	}
	content := r.Source
	if filepath.Ext(full) == ".go" {
		if content = r.format(o.diags); content == nil {
			return
		}
	}
	if !write.Marked(full, content) {
		o.diags.Report(diag.Position{File: set.blocks[set.entry].file.Path}, ruleTemplateOutput,
			"the output %s must have %q in one of its first lines, in a comment or, where there are none, as a value: by it, the file is known as generated and may be replaced", path, write.Mark)
		return
	}
	o.files = append(o.files, write.File{Path: full, Content: content})
}

// refusePath says why nothing may be written to a path, or nothing.
func (o *outputs) refusePath(path, full string) string {
	folder := filepath.Dir(full)
	switch {
	case strings.ContainsFunc(path, unicode.IsControl):
		return "has a control character in its name"
	case filepath.Ext(full) == ".go" && !strings.HasSuffix(full, "_test.go") &&
		(sameFolder(folder, filepath.Dir(o.config.Output)) || sameFolder(folder, filepath.Dir(o.config.ServerFile))):
		return "would be Go code in the package of the guards or the server, where nothing checks that it leaves them alone: choose another folder"
	case o.leavesFolder(path):
		return "leads out of the folder of oapi-guard.yaml by a symbolic link"
	}
	return ""
}

// leavesFolder reports whether a link on the way to a path leads out of the folder of the configuration.
func (o *outputs) leavesFolder(path string) bool {
	root, err := os.OpenRoot(o.config.Dir())
	if err != nil {
		return true
	}
	defer func() { _ = root.Close() }() // it was read only
	for ; path != "."; path = filepath.Dir(path) {
		if _, err := root.Stat(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return true
		}
	}
	return false
}

// sameFolder reports whether two folders are one, be they there or not.
func sameFolder(a, b string) bool {
	absoluteA, errA := filepath.Abs(a)
	absoluteB, errB := filepath.Abs(b)
	return sameFile(a, b) || errA == nil && errB == nil && strings.EqualFold(absoluteA, absoluteB)
}
