package matrix

import "fmt"

// grant is an operation that lets a caller in, fully or partly.
type grant struct {
	Operation
	Verdict Verdict
}

// grants are the operations that the caller of a column does not find closed.
func (m *Matrix) grants(column int) []grant {
	var all []grant
	for _, o := range m.Operations {
		if v := o.Verdicts[column]; v != Deny {
			all = append(all, grant{o, v})
		}
	}
	return all
}

// admitted counts the operations that let the caller in, "3 of 4 operations".
func (m *Matrix) admitted(grants []grant) string {
	n := 0
	for _, g := range grants {
		if g.Verdict != Partial {
			n++
		}
	}
	return fmt.Sprintf("%d of %s", n, count(len(m.Operations), "operation"))
}

// summary says how large the matrix is: "4 operations, 2 roles".
func (m *Matrix) summary() string {
	roles := 0
	for _, c := range m.Callers {
		if c.Kind == RoleCaller {
			roles++
		}
	}
	return count(len(m.Operations), "operation") + ", " + count(roles, "role")
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// title names the API, with its version.
func (m *Matrix) title() string {
	title := m.Title
	if title == "" {
		title = "the API"
	}
	if m.Version != "" {
		title += " " + m.Version
	}
	return visible(title)
}
