package diag

import (
	"fmt"
	"slices"
	"strings"
)

// cause is what findings have in common that are one. A finding about a whole file has a cause of its own.
type cause struct {
	rule     Rule
	severity Severity
	message  string
	file     string
}

func (d Diagnostic) cause() cause {
	c := cause{rule: d.Rule, severity: d.Severity, message: d.Message}
	if d.Position.Line == 0 {
		c.file = d.Position.File
	}
	return c
}

// merge keeps the first finding of each cause, in a sorted list, with the places of all.
func (l *List) merge() {
	var kept List
	known := map[cause]int{}
	for _, d := range *l {
		i, ok := known[d.cause()]
		if !ok {
			known[d.cause()] = len(kept)
			kept = append(kept, d)
			continue
		}
		kept[i].Others = slices.Concat(kept[i].Others, []Position{d.Position}, d.Others)
	}
	for i := range kept {
		kept[i].Others = kept[i].sortedOthers()
	}
	*l = kept
}

// sortedOthers are the other places, each once.
func (d Diagnostic) sortedOthers() []Position {
	others := slices.Clone(d.Others)
	slices.SortFunc(others, Position.Compare)
	others = slices.Compact(others)
	others = slices.DeleteFunc(others, func(p Position) bool { return p == d.Position })
	if len(others) == 0 {
		return nil
	}
	return others
}

// named bounds the other places that a line of text names.
const named = 5

// places says how many places a finding has and where the others are; nothing for a finding with one place.
func (d Diagnostic) places() string {
	if len(d.Others) == 0 {
		return ""
	}
	var where []string
	for _, p := range d.Others[:min(named, len(d.Others))] {
		if p.File == d.Position.File && p.Column > 0 {
			where = append(where, fmt.Sprintf("%d:%d", p.Line, p.Column))
			continue
		}
		where = append(where, p.String())
	}
	more := ""
	if rest := len(d.Others) - len(where); rest > 0 {
		more = fmt.Sprintf(" and %d more", rest)
	}
	return fmt.Sprintf(" (%d places: also %s%s)", len(d.Others)+1, strings.Join(where, ", "), more)
}
