package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var root = filepath.Join("..", "..")

// TestFaultsApply: the tables of testdata/faults fit the tree. `make faults` tries that every fault is noticed.
func TestFaultsApply(t *testing.T) {
	all, err := readFaults(filepath.Join(root, "testdata", "faults"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		if _, err := f.apply(root); err != nil {
			t.Error(err)
		}
	}
	if len(all) < 120 {
		t.Errorf("%d faults, want at least 120", len(all))
	}
}

// TestSurvivorsApply: the code that an explained survivor changes is still there.
func TestSurvivorsApply(t *testing.T) {
	explained, err := readSurvivors(filepath.Join(root, "testdata", "faults", "survivors.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for key := range explained {
		parts := strings.Split(key, "\x00")
		source, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(parts[0])))
		if err != nil {
			t.Error(err)
			continue
		}
		was := strings.TrimPrefix(parts[3], "case ")
		if !strings.Contains(strings.Join(strings.Fields(string(source)), " "), was) {
			t.Errorf("%s does not have %q any more", parts[0], was)
		}
	}
}

// TestCombination: a file with faults is the file itself until the number of one is on.
func TestCombination(t *testing.T) {
	const source = `package p

type pair[A, B any] struct { a A; b B }

func (p *pair[A, _]) first(_ int, more ...string) (A, int) { return p.a, len(more) }

func (*pair[A, B]) nothing() { println() }

func one[T any](v T) T { return v }
`
	c, err := newCombination([]byte(source))
	if err != nil {
		t.Fatal(err)
	}
	for id, change := range [][2]string{
		{"return p.a, len(more)", "return p.a, 0"}, {"return p.a, len(more)", "return p.a, 1"}, {"println()", ""}, {"return v", "var none T; return none"},
	} {
		if !c.add(id+1, []byte(strings.Replace(source, change[0], change[1], 1))) {
			t.Errorf("%q is not added", change)
		}
	}
	for _, change := range [][2]string{{"b B", "b, c B"}, {"v T", "w T"}, {"first", "last"}, {"return v", "return v }; {"}} {
		if c.add(9, []byte(strings.Replace(source, change[0], change[1], 1))) {
			t.Errorf("%q is added", change)
		}
	}
	got := string(c.without(map[int]string{2: "broken"}))
	for _, want := range []string{
		"if mutantIs(1) { return p.firstMutant1(mutantArgument1, more...) }", "func (p *pair[A, _]) firstMutant1(_ int, more ...string)",
		"(mutantArgument1 int, more ...string) (A, int) {", "if mutantIs(3) { mutantArgument0.nothingMutant3(); return }", "func (mutantArgument0 *pair[A, B]) nothing()",
		"if mutantIs(4) { return oneMutant4[T](v) }", "func oneMutant4[T any](v T) T { var none T; return none }",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%s\nlacks %s", got, want)
		}
	}
	if strings.Contains(got, "Mutant2") {
		t.Error("a fault that does not compile is there")
	}
}
