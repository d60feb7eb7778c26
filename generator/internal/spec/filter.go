package spec

import (
	"slices"

	"github.com/oapi-guard/oapi-guard/generator/diag"
)

// filter keeps the operations that oapi-codegen keeps under its output options of the same names, and warns
// of values that select nothing.
func filter(all []*Operation, options Options, file string, diags *diag.List) []*Operation {
	byTag := func(o *Operation, tag string) bool { return slices.Contains(o.tags(), tag) }
	byID := func(o *Operation, id string) bool { return o.ID() == id }
	kept := all
	for _, f := range []struct {
		name   string
		values []string
		match  func(*Operation, string) bool
		keep   bool
	}{
		{"exclude-tags", options.ExcludeTags, byTag, false},
		{"include-tags", options.IncludeTags, byTag, true},
		{"exclude-operation-ids", options.ExcludeOperationIDs, byID, false},
		{"include-operation-ids", options.IncludeOperationIDs, byID, true},
	} {
		if len(f.values) == 0 {
			continue
		}
		kept = slices.DeleteFunc(slices.Clone(kept), func(o *Operation) bool {
			return f.keep != slices.ContainsFunc(f.values, func(v string) bool { return f.match(o, v) })
		})
		for _, v := range f.values {
			if !slices.ContainsFunc(all, func(o *Operation) bool { return f.match(o, v) }) {
				diags.Warn(diag.Position{File: file}, ruleFilterWithoutEffect, "%s of the oapi-codegen configuration names %q, which no operation has", f.name, v)
			}
		}
	}
	return kept
}

func (o *Operation) tags() []string {
	var tags []string
	for _, t := range o.Node.Get("tags").Items() {
		tags = append(tags, t.Text())
	}
	return tags
}
