package config

import "strings"

// suggestion ends a message about an unknown name: with the known one that it probably means, or with all.
func suggestion(name string, known []string) string {
	best, distance := "", len(plain(name))/3+1
	for _, candidate := range known {
		if d := editDistance(plain(name), plain(candidate)); d < distance {
			best, distance = candidate, d
		}
	}
	if best != "" {
		return ": did you mean " + best + "?"
	}
	return ": known are " + strings.Join(known, ", ")
}

// plain takes out what only styles of spelling differ in.
func plain(name string) string {
	return strings.NewReplacer("-", "", "_", "", " ", "").Replace(strings.ToLower(name))
}

// editDistance counts the bytes to insert, delete or replace to turn a into b (Levenshtein's distance).
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, diagonal+1, row[j]+1)
		}
	}
	return row[len(b)]
}
