package render

import "testing"

func TestFormatRefusesGuessedImports(t *testing.T) {
	_, err := format("guards.gen.go", []byte("package p\n\nvar _ = strings.ToUpper\n"))
	if want := "the generated code needs the import strings, which no template declares"; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

func TestFormatRefusesWhatDoesNotParse(t *testing.T) {
	if _, err := format("guards.gen.go", []byte("package p\n\nfunc {\n")); err == nil {
		t.Error("no error for code that does not parse")
	}
}
