package gen_test

import (
	"testing"
	"unsafe"

	"github.com/oapi-guard/oapi-guard/runtime/gen"
)

type name string

type identifier struct {
	Text   string
	Parts  []name
	Pair   [2]string
	Nested *struct{ Text string }
	hidden string
	Names  map[name]*string
	Any    any
	None   map[string]string
	Number int
}

// TestCloneStrings overwrites the memory of values, as fasthttp does with the next request.
func TestCloneStrings(t *testing.T) {
	memory := []byte("keep")
	text := unsafe.String(&memory[0], len(memory))
	one, many := name(text), []string{text}
	pointer := &text
	whole := identifier{Text: text, Parts: []name{one}, Pair: [2]string{"", text}, Nested: &struct{ Text string }{text}, hidden: text, Number: 7, Names: map[name]*string{one: pointer}, Any: map[string]any{text: []any{text}}}

	keptText, keptOne, keptMany, keptPointer, keptWhole := gen.CloneStrings(text), gen.CloneStrings(one), gen.CloneStrings(many), gen.CloneStrings(pointer), gen.CloneStrings(whole)
	keptNumber, keptNil := gen.CloneStrings(7), gen.CloneStrings((*string)(nil))
	copy(memory, "gone")
	if keptText != "keep" || keptOne != "keep" || keptMany[0] != "keep" || *keptPointer != "keep" || keptNumber != 7 || keptNil != nil {
		t.Errorf("%s %s %s %s", keptText, keptOne, keptMany, *keptPointer)
	}
	if one := keptWhole.Names["keep"]; one == nil || *one != "keep" || keptWhole.Any.(map[string]any)["keep"].([]any)[0] != "keep" || keptWhole.None != nil {
		t.Errorf("%+v", keptWhole)
	}
	if keptWhole.Text != "keep" || keptWhole.Parts[0] != "keep" || keptWhole.Pair[1] != "keep" || keptWhole.Nested.Text != "keep" || keptWhole.Number != 7 {
		t.Errorf("%+v", keptWhole)
	}
}

func TestCloneStringsAllocatesTheTextOnly(t *testing.T) {
	text, number, id := "keep", 7, [16]byte{1}
	for what, test := range map[string]struct {
		keep func()
		want float64
	}{
		"text":   {func() { text = gen.CloneStrings(text) }, 1},
		"number": {func() { number = gen.CloneStrings(number) }, 0},
		"UUID":   {func() { id = gen.CloneStrings(id) }, 0},
	} {
		if got := testing.AllocsPerRun(100, test.keep); got > test.want {
			t.Errorf("%s: %v allocations, want %v", what, got, test.want)
		}
	}
}
