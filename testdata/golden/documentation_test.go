package golden

import (
	"flag"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the exceptions into docs/FRAMEWORKS.md")

const (
	documentation = "../../docs/FRAMEWORKS.md"
	tableStart    = "<!-- The table is written by the test of testdata/golden: go test -run TestExceptionsAreDocumented -update -->\n"
	tableEnd      = "<!-- End of the table. -->\n"
)

// TestExceptionsAreDocumented compares the table of docs/FRAMEWORKS.md with the exceptions of the differential
// test, so that neither holds one that the other does not.
func TestExceptionsAreDocumented(t *testing.T) {
	content, err := os.ReadFile(documentation)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(content), tableStart)
	_, after, ended := strings.Cut(rest, tableEnd)
	if !ok || !ended {
		t.Fatal("the table's start or end is missing")
	}
	want := before + tableStart + exceptionTable() + tableEnd + after
	if *update {
		if err := os.WriteFile(documentation, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if string(content) != want {
		t.Error("the table differs from the exceptions of the differential test: run it with -update, and read the diff")
	}
}

// frameworks are the columns of the table.
var frameworks = func() (names []string) {
	for _, s := range servers {
		if !s.strict {
			names = append(names, s.framework)
		}
	}
	return names
}()

// exceptionTable are the exceptions on which the frameworks differ; the others follow in a list.
func exceptionTable() string {
	var table, everywhere, nowhere strings.Builder
	table.WriteString("| request | for example | " + strings.Join(frameworks, " | ") + " | because |\n")
	table.WriteString(strings.Repeat("| --- ", len(frameworks)+3) + "|\n")
	for _, e := range exceptions {
		example := "`" + strings.ReplaceAll(e.example, "|", "\\|") + "`"
		switch {
		case len(e.instead)+len(e.otherwise) == 0 && len(e.reached) == len(frameworks):
			everywhere.WriteString("- " + e.name + " (" + example + ")\n")
		case len(e.instead)+len(e.otherwise) == 0 && len(e.reached) == 0:
			nowhere.WriteString("- " + e.name + " (" + example + ")" + suffix(e.reason) + "\n")
		default:
			table.WriteString("| " + e.name + " | " + example + " | " + strings.Join(e.cells(), " | ") + " | " + e.reason + " |\n")
		}
	}
	return "\n" + table.String() +
		"\nNo server takes these for the operation that they look like:\n\n" + nowhere.String() +
		"\nAll servers take these for it, and give one answer:\n\n" + everywhere.String() + "\n"
}

func suffix(reason string) string {
	if reason == "" {
		return ""
	}
	return ": " + strings.ToLower(reason[:1]) + reason[1:]
}

// cells say for every framework which operation the request reaches.
func (e *exception) cells() (cells []string) {
	for _, framework := range frameworks {
		cells = append(cells, e.cell(framework))
	}
	return cells
}

func (e *exception) cell(framework string) string {
	cell := "–"
	switch {
	case e.instead[framework] != "":
		cell = e.instead[framework]
	case e.otherwise[framework] != "":
		cell = e.answer(framework)
	case slices.Contains(e.reached, framework):
		cell = "yes"
	}
	if slices.Contains(onFiber, framework) && e.otherwise["streams"] != "" {
		cell += "; streams: " + e.answer("streams")
	}
	return cell
}

// answer is the status code of a finding that is not the model's.
func (e *exception) answer(where string) string {
	if finding := e.otherwise[where]; finding != theModels {
		return strconv.Itoa(statuses[finding])
	}
	return "yes"
}
