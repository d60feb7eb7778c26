package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/write"
)

func TestExitCodes(t *testing.T) {
	finding := func(severity diag.Severity, exit diag.Exit) diag.Diagnostic {
		return diag.Diagnostic{Position: diag.Position{File: "f"}, Severity: severity, Rule: diag.Rule{ID: "r", Exit: exit}, Message: "m"}
	}
	tests := []struct {
		name string
		list diag.List
		want int
	}{
		{"nothing", nil, 0},
		{"a warning", diag.List{finding(diag.Warning, diag.ExitFindings)}, 0},
		{"a warning of the configuration", diag.List{finding(diag.Warning, diag.ExitFailure)}, 0},
		{"an error", diag.List{finding(diag.Error, diag.ExitFindings)}, 1},
		{"an error, and a warning of the configuration", diag.List{finding(diag.Error, diag.ExitFindings), finding(diag.Warning, diag.ExitFailure)}, 1},
		{"an error of the configuration", diag.List{finding(diag.Error, diag.ExitFailure)}, 2},
		{"both", diag.List{finding(diag.Error, diag.ExitFindings), finding(diag.Error, diag.ExitFailure)}, 2},
	}
	for _, test := range tests {
		a := &app{stdout: &stickyWriter{w: io.Discard}, stderr: io.Discard, format: formatText}
		if got := a.exit(a.finish(test.list)); got != test.want {
			t.Errorf("%s: exit code %d, want %d", test.name, got, test.want)
		}
	}
}

func TestRefusals(t *testing.T) {
	a, b := &write.RefusedError{Path: "a.go", Reason: "is a folder"}, &write.RefusedError{Path: "b.go", Reason: "exists"}
	disk := errors.New("no space left")
	tests := []struct {
		name  string
		err   error
		want  string
		other error
	}{
		{"nothing", nil, "[]", nil},
		{"refused", errors.Join(a, b), "[a.go: error: is a folder [output-foreign] b.go: error: exists [output-foreign]]", nil},
		{"failed", disk, "[]", disk},
		{"failed in two ways", errors.Join(a, disk), "[]", disk},
	}
	for _, test := range tests {
		list, err := refusals(test.err)
		if got := fmt.Sprint(list); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
		if !errors.Is(err, test.other) {
			t.Errorf("%s: err = %v, want %v", test.name, err, test.other)
		}
	}
}

// TestTextOptions: source lines are for people.
func TestTextOptions(t *testing.T) {
	terminal, err := os.Open(os.DevNull) // a character device, as a terminal is
	if err != nil {
		t.Fatal(err)
	}
	defer terminal.Close()
	for _, test := range []struct {
		stdout io.Writer
		want   bool
	}{{terminal, true}, {&bytes.Buffer{}, false}} {
		a := &app{stdout: &stickyWriter{w: test.stdout}}
		if got := a.textOptions().Source != nil; got != test.want {
			t.Errorf("%T: source lines %v, want %v", test.stdout, got, test.want)
		}
	}
}
