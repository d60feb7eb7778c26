package join

import (
	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/policy"
	"github.com/oapi-guard/oapi-guard/generator/view"
)

// addParts divides the typed server's interface by tags. The parts are in the order in which the server's methods first
// have them.
func addParts(f *view.File, j *Joined) diag.List {
	b := partBuilder{file: f, parts: map[string]*view.Part{}, tags: map[string]string{}}
	if f.Unimplemented {
		b.tags[f.UnimplementedName()] = "the server that answers 501"
	}
	tagged := map[string]*policy.Operation{}
	for _, pair := range j.Pairs {
		if pair.Operation.AliasOf == "" {
			tagged[pair.Name] = pair.Operation
		}
	}
	for _, m := range f.Methods {
		o := tagged[m.Name]
		if o == nil || len(o.Tags) == 0 {
			f.Untagged = append(f.Untagged, m)
			continue
		}
		part := b.part(o)
		part.Methods = append(part.Methods, m)
	}
	return b.diags
}

// partBuilder makes the parts.
type partBuilder struct {
	file  *view.File
	parts map[string]*view.Part // by tag
	tags  map[string]string     // whose each name is
	diags diag.List
}

// part is the part of an operation's first tag.
func (b *partBuilder) part(o *policy.Operation) *view.Part {
	tag := o.Tags[0]
	if part, ok := b.parts[tag]; ok {
		return part
	}
	name := exported(tag) + b.file.ServerName()
	if exported(tag) == "" {
		b.diags.Report(o.Position, ruleCollision, "the tag %q has no letter or digit for a Go name", tag)
	} else if other, taken := b.tags[name]; taken {
		b.diags.Report(o.Position, ruleCollision, "%s and the tag %q both become %s in Go: rename the tag", other, tag, name)
	}
	part := &view.Part{Name: name, Label: view.Comment(tag)}
	b.parts[tag], b.tags[name] = part, "the tag "+view.Quote(tag)
	b.file.Parts = append(b.file.Parts, part)
	return part
}
