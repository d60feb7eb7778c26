package main

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// isMakefile reports whether make reads a file of that name.
func isMakefile(path string) bool {
	name := filepath.Base(path)
	return slices.Contains([]string{"Makefile", "makefile", "GNUmakefile"}, name) || filepath.Ext(name) == ".mk"
}

// isScript reports whether a file of that name has lines that people run: those of a Makefile, of a shell script, or of
// the task runners.
func isScript(path string) bool {
	names := []string{"taskfile.yml", "taskfile.yaml", "justfile"}
	return isMakefile(path) || filepath.Ext(path) == ".sh" || slices.Contains(names, strings.ToLower(filepath.Base(path)))
}

var (
	makeVariable = regexp.MustCompile(`^(?:export\s+)?([\w.-]+)\s*[:?]{0,2}=\s*(.*)$`)
	makeUse      = regexp.MustCompile(`\$[({]([\w.-]+)[)}]`)
	makeTarget   = regexp.MustCompile(`^([\w./-]+)(?:\s+[^:=]*)?:(?:[^=]|$)`)
	shellEnd     = regexp.MustCompile(`\s*(?:&&|\|\||[;|])\s*`)
)

// recipes finds the lines of a script that run oapi-codegen.
func recipes(file string, source []byte) []directive {
	var all []directive
	variables, target, guarded := map[string]string{}, "", false
	for i, line := range joined(string(source)) {
		if isMakefile(file) && !strings.HasPrefix(line, "\t") {
			if m := makeVariable.FindStringSubmatch(line); m != nil {
				variables[m[1]] = m[2]
			} else if m := makeTarget.FindStringSubmatch(line); m != nil && !strings.HasPrefix(m[1], ".") {
				target = m[1]
			}
			continue
		}
		line = strings.TrimLeft(expand(line, variables), " \t@-")
		if strings.HasPrefix(line, "#") {
			continue
		}
		guarded = guarded || runsIn(line, "oapi-guard") != nil
		if d := runsIn(line, "oapi-codegen"); d != nil {
			d.file, d.line, d.script, d.target = file, i+1, true, target
			all = append(all, *d)
		}
	}
	for i := range all {
		all[i].guarded = guarded
	}
	return all
}

// joined are the lines of a script; one that goes on in the next has its text, and the next is empty.
func joined(source string) []string {
	lines := strings.Split(strings.ReplaceAll(source, "\r\n", "\n"), "\n")
	for i := len(lines) - 2; i >= 0; i-- {
		if before, ok := strings.CutSuffix(lines[i], "\\"); ok {
			lines[i], lines[i+1] = before+" "+strings.TrimLeft(lines[i+1], " \t"), ""
		}
	}
	return lines
}

// expand replaces variables of make that the file sets, those in their values too.
func expand(line string, variables map[string]string) string {
	for range 5 {
		line = makeUse.ReplaceAllStringFunc(line, func(use string) string {
			if value, ok := variables[makeUse.FindStringSubmatch(use)[1]]; ok {
				return value
			}
			return use
		})
	}
	return line
}

// runsIn is the use of the program in a line of a shell, or nil. A line that installs it does not use it.
func runsIn(line, program string) *directive {
	d := &directive{}
	for _, part := range shellEnd.Split(line, -1) {
		words := wordsOf(part)
		if len(words) == 2 && words[0] == "cd" {
			d.cd = filepath.Join(d.cd, words[1])
			continue
		}
		before, after, ok := cut(words, program)
		if !ok || slices.ContainsFunc(before, func(w string) bool { return slices.Contains([]string{"install", "get", "which", "command", "echo"}, w) }) {
			continue
		}
		d.modfile = modfileOf(before)
		d.read(after)
		d.forgetVariables()
		if program != "oapi-codegen" || d.config != "" || d.spec != "" {
			return d
		}
	}
	return nil
}

// forgetVariables drops what only make knows. The configuration stays, to be told from one that is not named.
func (d *directive) forgetVariables() {
	for _, word := range []*string{&d.spec, &d.output, &d.pkg, &d.modfile} {
		if strings.Contains(*word, "$") {
			*word = ""
		}
	}
}

// unresolved reports whether the line names its configuration with a variable that the file does not set.
func (d *directive) unresolved() bool { return d.script && strings.Contains(d.config, "$") }

// rerun is the command that runs the line again, as far as one can tell.
func (d *directive) rerun() string {
	switch folder := filepath.ToSlash(filepath.Dir(d.file)); {
	case !d.script:
		return "go generate ./..."
	case isMakefile(d.file) && folder != ".":
		return strings.TrimSpace("make -C " + folder + " " + d.target)
	case isMakefile(d.file):
		return strings.TrimSpace("make " + d.target)
	case filepath.Ext(d.file) == ".sh":
		return "sh " + filepath.ToSlash(d.file)
	}
	return "# what runs " + filepath.ToSlash(d.file)
}
