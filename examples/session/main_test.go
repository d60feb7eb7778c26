package main

import (
	"bufio"
	"io"
	"log/slog"
	"net/http"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(m.Run())
}

// TestRun starts the program on a free port, asks it something, and tells it to stop.
func TestRun(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a process cannot send itself a signal there")
	}
	folder := t.TempDir()
	reader, writer := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- run("127.0.0.1:0", folder, true, writer) }()
	lines, address := bufio.NewScanner(reader), ""
	for address == "" && lines.Scan() {
		_, address, _ = strings.Cut(lines.Text(), "listening on ")
	}
	response, err := http.Get(address + "/")
	if err != nil || response.StatusCode != http.StatusOK {
		t.Errorf("%v, %v", response, err)
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
	reopen(t, folder)
}

// reopen makes sure that the store was closed, and that a store is seeded once.
func reopen(t *testing.T, folder string) {
	t.Helper()
	s, err := open(folder, false, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if _, err := open(folder, true, time.Now); err == nil {
		t.Error("it was seeded twice")
	}
}
