package matrix

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"io"
	"slices"
	"strings"
)

//go:embed page.tmpl
var pageTemplate string

//go:embed page.css
var pageStyle string

//go:embed page.js
var pageScript string

// page is the data of the template.
type page struct {
	*Matrix
	Style  template.CSS
	Script template.JS
}

// HTML writes one page with everything in it. Its Content-Security-Policy allows its own style and script and nothing else,
// so it asks no network, whatever the document says. Without scripts the whole table is there, without filters.
func HTML(w io.Writer, m *Matrix) error {
	t, err := template.New("page").Parse(pageTemplate)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := t.Execute(&out, page{m, template.CSS(pageStyle), template.JS(pageScript)}); err != nil {
		return err
	}
	_, err = out.WriteTo(w)
	return err
}

// SecurityPolicy allows the style and the script of the page by their hashes (Content Security Policy Level 3 section 2.3.1).
func (page) SecurityPolicy() string {
	return "default-src 'none'; base-uri 'none'; form-action 'none'; style-src " + hash(pageStyle) + "; script-src " + hash(pageScript)
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// View is the part of the page that is shown first.
func (p page) View() string {
	if p.byRole {
		return "grants"
	}
	return "matrix"
}

// Heading and Summary are the lines at the top.
func (p page) Heading() string { return p.title() }
func (p page) Summary() string { return p.summary() }

// Upright reports whether there are so many callers that their names stand upright.
func (p page) Upright() bool { return len(p.Callers) > 8 }

// Brief reports whether all paths are short.
func (p page) Brief() bool {
	return !slices.ContainsFunc(p.Operations, func(o Operation) bool { return cellWidth(visible(o.place())) > 34 })
}

// Legend explains the words of the cells.
func (p page) Legend() any { return verdicts[:] }

// Methods are those of the operations, each once, in the order of their first use.
func (p page) Methods() []string {
	var all []string
	seen := map[string]bool{}
	for _, o := range p.Operations {
		if !seen[o.Method] {
			all = append(all, visible(o.Method))
		}
		seen[o.Method] = true
	}
	return all
}

// Columns and Rows are the callers and the operations, with the texts that the page shows.
func (p page) Columns() []pageColumn {
	var all []pageColumn
	for _, c := range p.Callers {
		all = append(all, pageColumn{c})
	}
	return all
}

func (p page) Rows() []pageRow {
	var all []pageRow
	for _, o := range p.Operations {
		all = append(all, pageRow{o})
	}
	return all
}

type pageColumn struct{ Caller }

// Heading is the caller's name in its column.
func (c pageColumn) Heading() string { return visible(c.heading()) }

// Hint is the description of the caller's role, and the roles that it includes.
func (c pageColumn) Hint() string {
	hint := visible(c.name())
	if c.Role == nil {
		return hint
	}
	if len(c.Role.Includes) > 0 {
		hint += "; includes " + visible(strings.Join(c.Role.Includes, ", "))
	}
	if c.Role.Description != "" {
		hint += "; " + visible(strings.Join(strings.Fields(c.Role.Description), " "))
	}
	return hint
}

type pageRow struct{ Operation }

// Places are the parts of the path, between which a line may break.
func (r pageRow) Places() []string { return strings.SplitAfter(visible(r.place()), "/") }

// Verb, Name, Requires and Labels are the other texts of a row.
func (r pageRow) Verb() string     { return visible(r.Method) }
func (r pageRow) Name() string     { return visible(r.ID) }
func (r pageRow) Requires() string { return visible(r.requirement()) }
func (r pageRow) Labels() string   { return visible(strings.Join(r.Tags, " ")) }

// Cells are the verdicts with their words.
func (r pageRow) Cells() []cell {
	var all []cell
	for _, v := range r.Verdicts {
		all = append(all, cell{v.word(), v})
	}
	return all
}

// Codes are the verdicts, one digit each, for the script.
func (r pageRow) Codes() string {
	var codes strings.Builder
	for _, v := range r.Verdicts {
		codes.WriteByte('0' + byte(v.rank()))
	}
	return codes.String()
}
