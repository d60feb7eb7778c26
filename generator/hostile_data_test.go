package generator

import (
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator/view"
)

// raw are the data that are as the document has them; for templates there are PatternLiteral and so on.
var raw = map[string]bool{"Route.Pattern": true, "Route.Key": true, "Route.Method": true}

// TestHostileData looks at the template data themselves, of which an override may use more than the built-in
// templates do: no text of the document is in them with a character that ends a comment or hides.
func TestHostileData(t *testing.T) {
	const line = "\n+build ignore\n\u202e*/\u3164{{.}}`\"\r\u2028//go:embed x"
	var text texts
	for i := range text {
		text[i] = line
	}
	for framework := range allFrameworks {
		data := buildTexts(t, variantOf(everything(framework)), text)
		w := dataWalk{t: t, seen: map[any]bool{}}
		w.walk("File", reflect.ValueOf(data))
		if w.strings < 100 {
			t.Errorf("only %d strings seen", w.strings)
		}
	}
}

type dataWalk struct {
	t       *testing.T
	seen    map[any]bool
	strings int
}

// walk visits fields, elements, and methods without parameters.
func (w *dataWalk) walk(name string, v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		w.check(name, v.String())
	case reflect.Slice:
		for i := range v.Len() {
			w.walk(name, v.Index(i))
		}
	case reflect.Pointer:
		if v.IsNil() || w.seen[v.Interface()] {
			return
		}
		w.seen[v.Interface()] = true
		w.methods(v)
		w.walk(name, v.Elem())
	case reflect.Struct:
		w.methods(v)
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				w.walk(v.Type().Name()+"."+f.Name, v.Field(i))
			}
		}
	}
}

func (w *dataWalk) methods(v reflect.Value) {
	for i := range v.NumMethod() {
		m := v.Type().Method(i)
		if m.Type.NumIn() == 1 && m.Type.NumOut() == 1 {
			w.walk(reflect.Indirect(v).Type().Name()+"."+m.Name, v.Method(i).Call(nil)[0])
		}
	}
}

// multiline are the pieces of Go code that may take several lines. A line break of theirs is one that an indent follows.
var (
	multiline = map[string]bool{"SecurityLiteral": true, "PolicyLiteral": true, "Declaration": true, "FieldDeclaration": true, "HandlerDeclaration": true}
	lineBreak = regexp.MustCompile(`\n\t+`)
)

func (w *dataWalk) check(name, value string) {
	w.strings++
	if strings.HasPrefix(name, "Facts.") || strings.HasPrefix(name, "RequirementFacts.") {
		return // plain data on purpose, to be written by a function of the target's language
	}
	if _, of, _ := strings.Cut(name, "."); multiline[of] {
		value = lineBreak.ReplaceAllString(value, " ")
	}
	if !raw[name] && strings.IndexFunc(value, view.Hidden) >= 0 {
		w.t.Errorf("%s is %q", name, value)
	}
}
