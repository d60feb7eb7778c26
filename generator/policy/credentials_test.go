package policy

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The page about credentials names every scheme that generation warns of, and no other.
func TestUnfitSchemesAreDocumented(t *testing.T) {
	page, err := os.ReadFile("../../docs/CREDENTIALS.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(page), "| schemes | whose |")
	table, _, _ = strings.Cut(table, "\n\n")
	var documented, warned []string
	for row := range strings.Lines(table) {
		schemes, _, _ := strings.Cut(strings.TrimPrefix(row, "|"), "|")
		for _, m := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(schemes, -1) {
			documented = append(documented, strings.ToLower(m[1]))
		}
	}
	for scheme := range unfitSchemes {
		warned = append(warned, scheme)
	}
	slices.Sort(documented)
	slices.Sort(warned)
	if !slices.Equal(documented, warned) {
		t.Errorf("documented: %q\nwarned of:  %q", documented, warned)
	}
}

func TestParseSize(t *testing.T) {
	tests := []struct {
		text   string
		number bool
		size   int64
		ok     bool
	}{
		{"1", true, 1, true}, {"0", true, 0, true}, {"33554432", true, 32 << 20, true}, {"9999999999", true, maxSignedBody + 1, true},
		{"1KiB", false, 1 << 10, true}, {"32MiB", false, 32 << 20, true}, {"2GiB", false, 2 << 30, true}, {"0KiB", false, 0, true},
		{"2147483647GiB", false, 2147483647 << 30, true}, {"01", true, 0, false}, {"+1", true, 0, false}, {"1.0", true, 0, false},
		{"", true, 0, false}, {"", false, 0, false}, {"iB", false, 0, false}, {"KiB", false, 0, false}, {"1TiB", false, 0, false},
		{"1", false, 0, false}, {"1kiB", false, 0, false}, {"1KiB ", false, 0, false}, {"-1KiB", false, 0, false}, {"１KiB", false, 0, false},
	}
	for _, test := range tests {
		if size, ok := parseSize(test.text, test.number); size != test.size || ok != test.ok {
			t.Errorf("%q: %d, %t; want %d, %t", test.text, size, ok, test.size, test.ok)
		}
	}
}
