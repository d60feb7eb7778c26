package render

import (
	"github.com/oapi-guard/oapi-guard/generator/internal/imports"

	"bytes"
	"encoding/json"
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
func templateFuncs(imported *imports.Set) template.FuncMap {
	return template.FuncMap{
		"comment":    view.Comment,
		"import":     imported.Use,
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
