package spec

import (
	"slices"

	"github.com/oapi-guard/oapi-guard/generator/diag"
)

// outputFilter is an output option of oapi-codegen that leaves operations out.
type outputFilter struct {
	name   string
	values []string
	match  func(*Operation, string) bool
	// keep says that matching operations are kept, and not left out.
	keep bool
}

func filters(options Options) []outputFilter {
	byTag := func(o *Operation, tag string) bool { return slices.Contains(o.tags(), tag) }
	byID := func(o *Operation, id string) bool { return o.ID() == id }
	return []outputFilter{
		{"exclude-tags", options.ExcludeTags, byTag, false},
		{"include-tags", options.IncludeTags, byTag, true},
		{"exclude-operation-ids", options.ExcludeOperationIDs, byID, false},
		{"include-operation-ids", options.IncludeOperationIDs, byID, true},
	}
}

// filter keeps the operations that oapi-codegen keeps under its output options of the same names.
func filter(all []*Operation, options Options) []*Operation {
	kept := slices.Clone(all)
	for _, f := range filters(options) {
		if len(f.values) == 0 {
			continue
		}
		kept = slices.DeleteFunc(kept, func(o *Operation) bool {
			return f.keep != slices.ContainsFunc(f.values, func(v string) bool { return f.match(o, v) })
		})
	}
	return kept
}

// uselessFilters reports values of the output options that no operation has.
func uselessFilters(all []*Operation, options Options) diag.List {
	var diags diag.List
	for _, f := range filters(options) {
		for _, v := range f.values {
			if !slices.ContainsFunc(all, func(o *Operation) bool { return f.match(o, v) }) {
				diags.Report(diag.Position{File: options.Path}, ruleFilterWithoutEffect, "%s of the oapi-codegen configuration names %q, which no operation has", f.name, v)
			}
		}
	}
	return diags
}

func (o *Operation) tags() []string {
	var tags []string
	for _, t := range o.Node.Get("tags").Items() {
		tags = append(tags, t.Text())
	}
	return tags
}
