package main

import (
	"bytes"
	"flag"
	"os"
	"regexp"
	"testing"
)

var update = flag.Bool("update", false, "write what the demo prints now to testdata/transcript.txt")

// TestTranscript runs the demo and compares what it prints with the committed transcript.
func TestTranscript(t *testing.T) {
	var out bytes.Buffer
	if err := run(&out, ".."); err != nil {
		t.Fatalf("%v\n%s", err, &out)
	}
	port := regexp.MustCompile(`127\.0\.0\.1:\d+`)
	got := port.ReplaceAll(out.Bytes(), []byte("127.0.0.1:PORT"))
	const file = "testdata/transcript.txt"
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("the transcript changed: read it, then go test ./quickstart/demo -update\n%s", got)
	}
}

// TestStepsAreChecked makes sure that the demo cannot announce what does not happen.
func TestStepsAreChecked(t *testing.T) {
	wrong := steps[0]
	wrong.status++
	binary := t.TempDir() + "/server"
	url, stop, err := start("..", binary, "tokens.json")
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	if err := wrong.play(new(bytes.Buffer), 1, url); err == nil {
		t.Error("a step that is answered with another status passes")
	}
}
