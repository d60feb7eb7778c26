package main

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestRun starts the program on a free port, sends it what it signed itself, and tells it to stop.
func TestRun(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a process cannot send itself a signal there")
	}
	reader, writer := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- run(configuration{address: "127.0.0.1:0", payments: "/hooks/stripe"}, writer) }()
	lines, w, secret := bufio.NewScanner(reader), &world{}, ""
	for w.address == "" && lines.Scan() {
		_, w.address, _ = strings.Cut(lines.Text(), "listening on http://")
		if value, found := strings.CutPrefix(lines.Text(), "GITHUB="); found {
			secret = value
		}
	}
	if status, _ := w.post(t, "/hooks/github", strings.NewReader(push), gitHub(secret, push)...); status != 202 {
		t.Error(status)
	}
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	if err := self.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("it does not stop")
	}
}

func TestLoadSecrets(t *testing.T) {
	for content, valid := range map[string]bool{
		`{"github":["new","old"],"stripe":["s"],"operator":["o"]}`: true,
		`{"github":["new",""],"stripe":["s"],"operator":["o"]}`:    false,
		`{"github":[],"stripe":["s"],"operator":["o"]}`:            false,
		`{"stripe":["s"],"operator":["o"]}`:                        false,
		`{`:                                                        false,
	} {
		file := filepath.Join(t.TempDir(), "secrets.json")
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if _, err := loadSecrets(file, &out); (err == nil) != valid || out.Len() > 0 {
			t.Errorf("%s: %v, %s", content, err, &out)
		}
	}
	if _, err := loadSecrets("no-such-file", io.Discard); err == nil {
		t.Error("there is no such file")
	}
}
