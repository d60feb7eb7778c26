package generator

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"text/template"
	"unicode"
	"unicode/utf8"

	"github.com/oapi-guard/oapi-guard/generator/view"
)

// Functions describes the functions that templates have beside those of text/template, by name.
func Functions() map[string]string {
	return map[string]string{
		"comment":    "comment TEXT: the text as one line of a comment, with everything that does not print escaped",
		"import":     "import PATH [NAME]: imports a package into the guards and returns the name to call it by",
		"join":       "join SEPARATOR LIST: the strings of a list, with the separator between them",
		"json":       "json VALUE: the value as JSON, indented by two spaces",
		"lowerFirst": "lowerFirst NAME: the name with a first letter in lower case",
		"quote":      "quote TEXT: the text as a Go string literal",
		"upperFirst": "upperFirst NAME: the name with a first letter in upper case",
	}
}

// templateFuncs are the functions of [Functions]; without imported there is nothing to import into.
func templateFuncs(imported *importSet) template.FuncMap {
	return template.FuncMap{
		"comment":    view.Comment,
		"import":     imported.use,
		"join":       func(separator string, list []string) string { return strings.Join(list, separator) },
		"json":       toJSON,
		"lowerFirst": func(name string) string { return mapFirst(name, unicode.ToLower) },
		"quote":      strconv.Quote,
		"upperFirst": func(name string) string { return mapFirst(name, unicode.ToUpper) },
	}
}

func mapFirst(name string, change func(rune) rune) string {
	first, size := utf8.DecodeRuneInString(name)
	if size == 0 {
		return ""
	}
	return string(change(first)) + name[size:]
}

func toJSON(value any) (string, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(value)
	return strings.TrimSuffix(b.String(), "\n"), err
}

// refusedImports are packages with which the check of the guards could be evaded, or that open routes of their
// own by being imported.
var refusedImports = []string{"C", "expvar", "net/http/pprof", "plugin", "reflect", "syscall", "unsafe"}

// use imports a package on behalf of a template. The name is the path's last element unless one is given.
func (s *importSet) use(importPath string, names ...string) (string, error) {
	switch {
	case s == nil:
		return "", errors.New("only the templates of the guards can import; write the import into the template")
	case slices.Contains(refusedImports, importPath):
		return "", fmt.Errorf("%s may not be imported by guards", importPath)
	case len(names) > 1:
		return "", errors.New("at most one name")
	}
	name := packageName(importPath)
	if len(names) == 1 {
		name = names[0]
	}
	if !token.IsIdentifier(name) || name == "_" {
		return "", fmt.Errorf(`%q is not the name of a package: give one, {{import %q "name"}}`, name, importPath)
	}
	if _, known := s.names[importPath]; !known {
		s.asked = append(s.asked, importPath)
	}
	return s.add(importPath, name), nil
}
