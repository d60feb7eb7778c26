package diag

import (
	"cmp"
	"strings"
	"unicode/utf8"
)

// Suggest returns the candidate nearest to name, or "" when none is near enough to be meant: at most a third of the
// letters may differ, and case and separators count for nothing.
func Suggest(name string, candidates []string) string {
	best, bestDistance := "", 0
	limit := max(1, utf8.RuneCountInString(name)/3)
	for _, c := range candidates {
		d := Distance(Fold(name), Fold(c), limit)
		if d <= limit && (best == "" || d < bestDistance) {
			best, bestDistance = c, d
		}
	}
	return best
}

// DidYouMean is the end of a message: `; did you mean "x"?` for the candidate that [Suggest] finds, and
// nothing when it finds none.
func DidYouMean(name string, candidates []string) string {
	if s := Suggest(name, candidates); s != "" {
		return `; did you mean "` + s + `"?`
	}
	return ""
}

// DidYouMeanOneOf is [DidYouMean], and lists all candidates when none is near: "; known are x, y".
func DidYouMeanOneOf(name string, candidates []string) string {
	return cmp.Or(DidYouMean(name, candidates), "; known are "+strings.Join(candidates, ", "))
}

// Fold brings the spellings of one name together: lower case, without dashes, underscores and spaces.
func Fold(name string) string {
	return strings.NewReplacer("-", "", "_", "", " ", "").Replace(strings.ToLower(name))
}

// Distance is the number of letters to insert, drop, replace or swap with their neighbour to turn a into b
// (the optimal string alignment distance), or limit+1 when it is more than limit.
func Distance(a, b string, limit int) int {
	x, y := []rune(a), []rune(b)
	if len(x)-len(y) > limit || len(y)-len(x) > limit {
		return limit + 1
	}
	before, above, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range above {
		above[j] = j
	}
	for i := range x {
		row[0] = i + 1
		for j := range y {
			row[j+1] = min(above[j+1]+1, row[j]+1, above[j]+differ(x[i], y[j]))
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, above, row = above, row, before
	}
	return min(above[len(y)], limit+1)
}

func differ(a, b rune) int {
	if a == b {
		return 0
	}
	return 1
}
