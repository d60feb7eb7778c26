package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// securityCommand is the command of a row of SECURITY.md's table of promises.
var securityCommand = regexp.MustCompile("(?m)^\\| .+ \\| `([^`]+)` \\| (.+) \\|$")

// shellWords are the words of a command that quotes with '.
func shellWords(command string) (words []string) {
	for _, m := range regexp.MustCompile(`(?:'[^']*'|[^\s'])+`).FindAllString(command, -1) {
		words = append(words, strings.ReplaceAll(m, "'", ""))
	}
	return words
}

// TestSecurityCommands: every promise of SECURITY.md has a command that can be run as it stands at the top of the
// repository: a target of the Makefile, or tests that exist.
func TestSecurityCommands(t *testing.T) {
	t.Chdir("../..")
	content, err := os.ReadFile("SECURITY.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := securityCommand.FindAllStringSubmatch(string(content), -1)
	if len(rows) < 20 {
		t.Fatalf("only %d promises with a command", len(rows))
	}
	for _, row := range rows {
		if strings.ContainsAny(row[1], `|\`) {
			t.Errorf("%s: a row of a table cannot have this as it is typed", row[1])
		}
		switch words := shellWords(row[1]); {
		case words[0] == "make":
			checkMake(t, row[1], words[1:])
		case words[0] == "go" && words[1] == "test":
			checkGoTest(t, row[1], words[2:])
		default:
			t.Errorf("%s: neither make nor go test", row[1])
		}
	}
}

// checkMake expects the target, the variables that its recipe uses, and fuzz targets that ONLY selects.
func checkMake(t *testing.T, command string, words []string) {
	makefile, err := os.ReadFile("Makefile")
	if err != nil {
		t.Fatal(err)
	}
	recipe := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(words[0]) + `:.*\n(\t.*\n)+`).Find(makefile)
	if recipe == nil {
		t.Errorf("%s: no such target", command)
	}
	for _, word := range words[1:] {
		name, value, _ := strings.Cut(word, "=")
		if !strings.Contains(string(recipe), "$("+name+")") {
			t.Errorf("%s: the recipe does not use %s", command, name)
		}
		if words[0] == "fuzz" && name == "ONLY" && !matchesTests(t, ".", "Fuzz", value, true) {
			t.Errorf("%s: no such fuzz target", command)
		}
	}
}

// checkGoTest expects the folders, and tests in them that -run selects.
func checkGoTest(t *testing.T, command string, words []string) {
	module, pattern, packages := ".", "", 0
	for i := 0; i < len(words); i++ {
		switch {
		case words[i] == "-C" && i == 0: // go wants it first
			i++
			module = words[i]
		case words[i] == "-run":
			i++
			pattern = words[i]
		case strings.HasPrefix(words[i], "."):
			packages++
			if !matchesTests(t, filepath.Join(module, words[i]), "Test", pattern, false) {
				t.Errorf("%s: no test matches in %s", command, words[i])
			}
		default:
			t.Errorf("%s: %s is not expected", command, words[i])
		}
	}
	if packages == 0 {
		t.Errorf("%s: no package", command)
	}
}

// matchesTests reports whether a pattern selects a test of a folder, and with below of a folder in it, whose names are
// those of make fuzz: the folder and the function.
func matchesTests(t *testing.T, folder, prefix, pattern string, below bool) bool {
	t.Helper()
	declared, selects := regexp.MustCompile(`(?m)^func (`+prefix+`[A-Z]\w*)\(`), regexp.MustCompile(pattern)
	found := false
	err := filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != folder && (!below || entry.Name() == ".git" || entry.Name() == "node_modules"):
			return filepath.SkipDir
		case found || !strings.HasSuffix(path, "_test.go"):
			return nil
		}
		source, err := os.ReadFile(path)
		for _, m := range declared.FindAllSubmatch(source, -1) {
			name := string(m[1])
			if below {
				name = filepath.ToSlash(filepath.Dir(path)) + " " + name
			}
			found = found || selects.MatchString(name)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	return found
}
