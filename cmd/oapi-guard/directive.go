package main

import (
	"cmp"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// directive is a line that runs oapi-codegen: a //go:generate line, or one of a script.
type directive struct {
	file string // the Go file or script
	line int    // counted from 1
	// config, spec, output and modfile are paths as the line has them, relative to the folder in which it runs, or empty.
	config, spec, output, pkg, modfile string
	// script says that it is a line of a Makefile or another script, target is that of make, cd the folder that it
	// changes to, and guarded says that the script runs oapi-guard already.
	script     bool
	target, cd string
	guarded    bool
}

// folder is where the line runs: go generate and make run it in the folder of its file. Other scripts are run in the
// working directory, unless their configuration is beside them.
func (d *directive) folder() string {
	beside := filepath.Join(filepath.Dir(d.file), d.cd)
	if d.script && !isMakefile(d.file) && !isFile(filepath.Join(beside, d.config)) {
		return filepath.Clean(d.cd)
	}
	return beside
}

// path is a path of the line as seen from the working directory; empty stays empty.
func (d *directive) path(written string) string {
	if written == "" || filepath.IsAbs(written) {
		return written
	}
	return filepath.Join(d.folder(), written)
}

var (
	// directiveLine is a line that go generate runs: the marker at the line's start, a blank after it.
	directiveLine = regexp.MustCompile(`^//go:generate[ \t](.*)$`)
	// directiveWord is a word of such a line; go generate lets double quotes hold blanks.
	directiveWord = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|\S+`)
)

// directives finds the lines of a Go file that run oapi-codegen.
func directives(file string, source []byte) []directive {
	var all []directive
	for i, line := range strings.Split(string(source), "\n") {
		if before, after, ok := runs(line, "oapi-codegen"); ok {
			d := directive{file: file, line: i + 1, modfile: modfileOf(before)}
			d.read(after)
			all = append(all, d)
		}
	}
	return all
}

// runs returns the words before and after the program when the line runs it, by name or by package path, directly or
// through go run or go tool.
func runs(line, program string) (before, after []string, ok bool) {
	command := directiveLine.FindStringSubmatch(strings.TrimSuffix(line, "\r"))
	if command == nil {
		return nil, nil, false
	}
	return cut(wordsOf(command[1]), program)
}

// wordsOf are the words of a command.
func wordsOf(command string) []string {
	words := directiveWord.FindAllString(command, -1)
	for i, word := range words {
		words[i] = strings.Trim(word, `"`)
	}
	return words
}

func cut(words []string, program string) (before, after []string, ok bool) {
	for i, word := range words {
		name, _, _ := strings.Cut(word, "@")
		if path.Base(name) == program {
			return words[:i], words[i+1:], true
		}
	}
	return nil, nil, false
}

// modfileOf is the value of the go command's flag -modfile.
func modfileOf(words []string) string {
	flags, _ := parseFlags(words, func(name string) bool { return name == "modfile" })
	return flags["modfile"]
}

// read takes oapi-codegen's arguments apart. The document is the argument that is not a flag. In a script the output may
// be a redirection.
func (d *directive) read(words []string) {
	redirected := ""
	if i := slices.Index(words, ">"); i >= 0 && i+1 < len(words) {
		redirected, words = words[i+1], words[:i]
	}
	flags, rest := parseFlags(words, takesValue)
	d.config, d.output, d.pkg = flags["config"], cmp.Or(flags["o"], redirected), flags["package"]
	if len(rest) > 0 {
		d.spec = rest[0]
	}
}

// parseFlags reads flags as the flag package does, without knowing all of them: one or two dashes, the value
// after an equals sign or as the next word.
func parseFlags(words []string, takesValue func(name string) bool) (flags map[string]string, rest []string) {
	flags = map[string]string{}
	for len(words) > 0 {
		word := words[0]
		words = words[1:]
		name := strings.TrimPrefix(strings.TrimPrefix(word, "-"), "-")
		if name == word {
			rest = append(rest, word)
			continue
		}
		name, value, inline := strings.Cut(name, "=")
		if !inline && takesValue(name) && len(words) > 0 {
			value, words = words[0], words[1:]
		}
		flags[name] = value
	}
	return flags, rest
}

// takesValue reports whether oapi-codegen's flag is followed by its value.
func takesValue(name string) bool {
	switch name {
	case "version", "old-config-style", "output-config", "alias-types", "initialism-overrides", "h", "help":
		return false
	}
	return true
}

// guardDirective is the line that runs oapi-guard for config after the directive.
func (d *directive) guardDirective(config string) string {
	return "//go:generate " + d.guardCommand(config)
}

// guardCommand runs oapi-guard for config in the folder of the directive, as a tool of the same module file.
func (d *directive) guardCommand(config string) string {
	command := "go tool "
	if file := d.toolsFile(); file != "" {
		command += "-modfile=" + quotedWord(file) + " "
	}
	command += "oapi-guard"
	if name := relativeTo(d.folder(), config); name != defaultConfig {
		command += " -c " + quotedWord(name)
	}
	return command
}

// quotedWord is a word for go generate, which lets double quotes hold blanks.
func quotedWord(word string) string {
	if strings.ContainsAny(word, " \t") {
		return `"` + word + `"`
	}
	return word
}

// addGuardDirective adds the line after the last one that runs oapi-codegen: guards are generated from its
// output. A line that runs oapi-guard for the same configuration is enough, however it is written.
func (d *directive) addGuardDirective(config string, source []byte) []byte {
	lines := strings.SplitAfter(string(source), "\n")
	last := -1
	for i, line := range lines {
		line = strings.TrimRight(line, "\r\n")
		if _, words, ok := runs(line, "oapi-guard"); ok && guards(d.folder(), words, config) {
			return source
		}
		if _, _, ok := runs(line, "oapi-codegen"); ok {
			last = i
		}
	}
	if last < 0 {
		return source
	}
	lines[last] = withLineAfter(lines[last], d.guardDirective(config))
	return []byte(strings.Join(lines, ""))
}

// guards reports whether a run of oapi-guard from folder reads config.
func guards(folder string, words []string, config string) bool {
	flags, _ := parseFlags(words, func(name string) bool { return name == "c" || name == "config" || name == "format" })
	named := flags["c"] + flags["config"]
	if named == "" {
		named = defaultConfig
	}
	return relativeTo(folder, config) == filepath.ToSlash(filepath.Clean(named))
}

// withLineAfter keeps the file's line endings.
func withLineAfter(line, added string) string {
	switch {
	case strings.HasSuffix(line, "\r\n"):
		return line + added + "\r\n"
	case strings.HasSuffix(line, "\n"):
		return line + added + "\n"
	}
	return line + "\n" + added + "\n"
}
