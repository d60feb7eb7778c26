package render

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/templates"
)

// Overrides are templates of a folder that fill hooks of the built-in ones, or replace blocks of them: a block replaces the
// built-in block of its name in the file of the same path, and file.tmpl, which has no blocks, is replaced as a whole.
type Overrides struct {
	// Dir is the folder.
	Dir string
	// Files are the templates, sorted by name.
	Files []*TemplateFile

	unprotected []string
}

// OverrideOptions say how a folder of overrides is read.
type OverrideOptions struct {
	// Unprotected are the protected blocks that the overrides may replace, and At is where they are named.
	Unprotected []string
	At          diag.Position
	// Others are the paths of templates for other outputs, which may lie in the folder, too.
	Others []string
	// Inspect says that nothing will be generated: overrides may replace protected blocks then, and may have been dumped
	// for another version of the templates.
	Inspect bool
}

// LoadOverrides reads the folder. Only files that end in .tmpl count. The overrides are nil when there are errors.
func LoadOverrides(dir string, options OverrideOptions) (*Overrides, diag.List) {
	o := &Overrides{Dir: dir, unprotected: options.Unprotected}
	var diags diag.List
	o.read(options.Others, &diags)
	if outdated := o.checkVersion(options.Inspect); outdated != nil {
		return nil, outdated
	}
	o.checkBlocks(&diags)
	if !options.Inspect {
		o.checkProtection(options.At, &diags)
	}
	if diags.HasErrors() {
		return nil, diags
	}
	return o, diags
}

// Names are the built-in templates that have an override, sorted.
func (o *Overrides) Names() []string {
	var names []string
	for _, f := range o.Files {
		names = append(names, f.Name)
	}
	return names
}

// Path is where the override of a built-in template lies, and Source its text: empty when there is none.
func (o *Overrides) Path(name string) string {
	if f := o.file(name); f != nil {
		return f.Path
	}
	return ""
}

// Source is the text of the override of a built-in template, empty when there is none.
func (o *Overrides) Source(name string) string {
	if f := o.file(name); f != nil {
		return f.text
	}
	return ""
}

// Blocks are the blocks that the override of a built-in template defines, sorted.
func (o *Overrides) Blocks(name string) []string {
	if f := o.file(name); f != nil {
		return f.blocks()
	}
	return nil
}

func (o *Overrides) file(name string) *TemplateFile {
	for _, f := range o.Files {
		if f.Name == name {
			return f
		}
	}
	return nil
}

// read reads every template of the folder. It never leaves it: a link that leads out is an error, as is one to
// a folder, which would be easy to overlook.
func (o *Overrides) read(others []string, diags *diag.List) {
	root, err := os.OpenRoot(o.Dir)
	if err != nil {
		diags.Report(diag.Position{File: o.Dir}, ruleTemplateFile, "the folder of templates cannot be read: %v", plainCause(err))
		return
	}
	defer func() { _ = root.Close() }() // it was read only
	found := 0
	err = fs.WalkDir(root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name != "." && strings.HasPrefix(path.Base(name), "."):
			if entry.IsDir() {
				return fs.SkipDir
			}
		case !entry.IsDir():
			if o.readEntry(root, name, entry, others, diags) {
				found++
			}
		}
		return nil
	})
	if err != nil {
		diags.Report(diag.Position{File: o.Dir}, ruleTemplateFile, "the folder of templates cannot be read: %v", plainCause(err))
	}
	if err == nil && found == 0 && !diags.HasErrors() {
		diags.Warn(diag.Position{File: o.Dir}, ruleTemplateName, "the folder holds no template; known are %s", strings.Join(templates.Names(), ", "))
	}
	slices.SortFunc(o.Files, func(a, b *TemplateFile) int { return cmp.Compare(a.Name, b.Name) })
}

// readEntry reads a file that is a template, and reports whether it is one.
func (o *Overrides) readEntry(root *os.Root, name string, entry fs.DirEntry, others []string, diags *diag.List) bool {
	at := diag.Position{File: filepath.Join(o.Dir, filepath.FromSlash(name))}
	if entry.Type()&fs.ModeSymlink != 0 {
		_, err := root.Stat(name)
		switch info, outside := os.Stat(at.File); {
		case outside == nil && info.IsDir():
			diags.Report(at, ruleTemplateFile, "this is a link to a folder, which is not followed: put the templates themselves here")
			return false
		case err != nil && isTemplate(name):
			diags.Report(at, ruleTemplateFile, "the template cannot be read: %v", plainCause(err))
			return false
		}
	}
	if !isTemplate(name) {
		refuseExtension(at, name, diags)
		return false
	}
	if slices.ContainsFunc(others, func(other string) bool { return sameFile(other, at.File) }) {
		return true
	}
	if !slices.Contains(templates.Names(), name) && !slices.Contains(onlyVersion1, name) {
		diags.Report(at, ruleTemplateName, "there is no template %s to override%s", name, knownNames(name, templates.Names()))
		return true
	}
	text, err := fs.ReadFile(root.FS(), name)
	if err != nil {
		diags.Report(at, ruleTemplateFile, "the template cannot be read: %v", plainCause(err))
		return true
	}
	if f := parseTemplate(name, at.File, string(text), diags); f != nil {
		f.own = true
		o.Files = append(o.Files, f)
	}
	return true
}

func isTemplate(name string) bool { return strings.EqualFold(path.Ext(name), ".tmpl") }

// refuseExtension refuses a built-in name with another extension that templates often have: nobody would read it.
func refuseExtension(at diag.Position, name string, diags *diag.List) {
	stem := strings.TrimSuffix(name, path.Ext(name)) + ".tmpl"
	if slices.Contains([]string{".tpl", ".gotmpl", ".gotpl", ".template", ".gohtml"}, path.Ext(name)) && slices.Contains(templates.Names(), stem) {
		diags.Report(at, ruleTemplateName, "templates end in .tmpl: call it %s", stem)
	}
}

// knownNames ends a message about a name that is not known: what was probably meant, and what there is.
func knownNames(name string, known []string) string {
	return diag.DidYouMean(name, known) + "; known are " + strings.Join(known, ", ")
}

// checkBlocks refuses blocks that would replace nothing, and calls of blocks that do not exist.
func (o *Overrides) checkBlocks(diags *diag.List) {
	owners, helpers := blockOwners(), map[string]*TemplateFile{}
	for _, f := range o.Files {
		f.refuseStrayText(diags)
		for _, block := range f.blocks() {
			at := f.DefinedAt(block)
			switch in := owners[block]; {
			case MayDefine(f.Name, in):
			case in != nil:
				diags.Report(at, ruleTemplateName, "the block %q stands in %s: override it there", block, strings.Join(in, ", "))
			case helpers[block] != nil:
				diags.Report(at, ruleTemplateName, "the block %q stands in %s too: give one of them another name", block, helpers[block].Path)
			case !o.calls(block):
				diags.Report(at, ruleTemplateName, "%s has no block %q, and no template here calls it%s", f.Name, block, knownNames(block, blocksOf(f.Name)))
			default:
				helpers[block] = f
			}
		}
	}
	for _, f := range o.Files {
		for _, call := range f.calls() {
			if owners[call.Name] == nil && helpers[call.Name] == nil && f.Trees[call.Name] == nil {
				diags.Report(f.position(call.Pos), ruleTemplateName, "there is no block %q%s", call.Name,
					diag.DidYouMean(call.Name, slices.Concat(SortedKeys(owners), SortedKeys(helpers))))
			}
		}
	}
}

func (o *Overrides) calls(block string) bool {
	for _, f := range o.Files {
		for _, call := range f.calls() {
			if call.Name == block {
				return true
			}
		}
	}
	return false
}

// blockOwners are the built-in files that define a block.
func blockOwners() map[string][]string {
	owners := map[string][]string{}
	for _, t := range templates.List() {
		for _, block := range t.Blocks {
			owners[block] = append(owners[block], t.Name)
		}
	}
	return owners
}

// MayDefine reports whether a file may replace a block of these files: its own, and a framework's file also those
// of its family, for this framework alone.
func MayDefine(name string, owners []string) bool {
	folder := path.Dir(name)
	return slices.Contains(owners, name) || folder != "." &&
		(slices.Contains(owners, folder+"/family.tmpl") || slices.Contains(owners, folder+"/hooks.tmpl"))
}

func blocksOf(name string) []string {
	for _, t := range templates.List() {
		if t.Name == name {
			return t.Blocks
		}
	}
	return nil
}

// SortedKeys are the keys of a map, sorted.
func SortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

func sameFile(a, b string) bool {
	infoA, errA := os.Stat(a)
	infoB, errB := os.Stat(b)
	return errA == nil && errB == nil && os.SameFile(infoA, infoB)
}

// plainCause is what went wrong with a file, without repeating its name.
func plainCause(err error) error {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err
	}
	return err
}
