package main

import (
	"path"
	"path/filepath"
	"regexp"
	"strings"
)

// directive is a //go:generate line that runs oapi-codegen.
type directive struct {
	file string // the Go file
	line int    // counted from 1
	// config, spec and output are paths as the line has them, relative to the Go file's folder, or empty.
	config, spec, output, pkg string
}

// folder is where go generate runs the line.
func (d *directive) folder() string { return filepath.Dir(d.file) }

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
		if words := runs(line, "oapi-codegen"); words != nil {
			d := directive{file: file, line: i + 1}
			d.read(words)
			all = append(all, d)
		}
	}
	return all
}

// runs returns the words after the program when the line runs it, by name or by package path, directly or
// through go run or go tool; nil otherwise.
func runs(line, program string) []string {
	command := directiveLine.FindStringSubmatch(strings.TrimSuffix(line, "\r"))
	if command == nil {
		return nil
	}
	words := directiveWord.FindAllString(command[1], -1)
	for i, word := range words {
		words[i] = strings.Trim(word, `"`)
	}
	for i, word := range words {
		name, _, _ := strings.Cut(word, "@")
		if path.Base(name) == program {
			return append([]string{}, words[i+1:]...)
		}
	}
	return nil
}

// read takes oapi-codegen's arguments apart. The document is the argument that is not a flag.
func (d *directive) read(words []string) {
	flags, rest := parseFlags(words, takesValue)
	d.config, d.output, d.pkg = flags["config"], flags["o"], flags["package"]
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

// guardDirective is the line that runs oapi-guard for config from a Go file in folder.
func guardDirective(folder, config string) string {
	name := relativeTo(folder, config)
	if name == defaultConfig {
		return "//go:generate go tool oapi-guard"
	}
	if strings.ContainsAny(name, " \t") {
		name = `"` + name + `"`
	}
	return "//go:generate go tool oapi-guard -c " + name
}

// addGuardDirective adds the line after the last one that runs oapi-codegen: guards are generated from its
// output. A line that runs oapi-guard for the same configuration is enough, however it is written.
func addGuardDirective(folder, config string, source []byte) []byte {
	lines := strings.SplitAfter(string(source), "\n")
	last := -1
	for i, line := range lines {
		line = strings.TrimRight(line, "\r\n")
		if words := runs(line, "oapi-guard"); words != nil && guards(folder, words, config) {
			return source
		}
		if runs(line, "oapi-codegen") != nil {
			last = i
		}
	}
	if last < 0 {
		return source
	}
	lines[last] = withLineAfter(lines[last], guardDirective(folder, config))
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
