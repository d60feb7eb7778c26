package conformance

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// frameworks are the folders of the programs.
var frameworks = []string{"std-http", "chi", "gorilla", "echo", "echo5", "gin", "fiber", "fiber3", "iris"}

// programs is where TestMain builds them.
var programs string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	folder, err := os.MkdirTemp("", "conformance")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(folder)
	programs = folder
	if err := errors.Join(look(), build(folder)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

// look reads the programs' own files, for go test to know that the result depends on them. What they import,
// order_test.go imports too.
func look() error {
	for _, framework := range frameworks {
		for _, name := range []string{"main.go", "server.go"} {
			if _, err := os.ReadFile(filepath.Join("..", framework, name)); err != nil {
				return err
			}
		}
	}
	return nil
}

func build(folder string) error {
	arguments := []string{"build", "-o", folder + string(filepath.Separator)}
	for _, framework := range frameworks {
		arguments = append(arguments, "./"+framework)
	}
	command := exec.Command("go", arguments...)
	command.Dir = ".." // the programs' folders are beside this one
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w\n%s", err, output)
	}
	return nil
}

// onEach runs a test against a fresh program of every framework.
func onEach(t *testing.T, test func(t *testing.T, framework, address string)) {
	for _, framework := range frameworks {
		t.Run(framework, func(t *testing.T) { test(t, framework, start(t, framework)) })
	}
}

// start starts a program on a free port of the loopback interface, and returns its address. The test fails
// unless the program ends well when it is told to.
func start(t *testing.T, framework string) string {
	t.Helper()
	program := exec.Command(filepath.Join(programs, framework), "-addr", "127.0.0.1:0")
	program.Stderr = os.Stderr
	stdout, err := program.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stdout)
	t.Cleanup(func() { stop(t, program, lines) })
	for lines.Scan() {
		if _, address, found := strings.Cut(lines.Text(), "listening on http://"); found {
			return address
		}
	}
	t.Fatal("the program does not say where it listens")
	return ""
}

// stop tells a program to end, as an operator does.
func stop(t *testing.T, program *exec.Cmd, lines *bufio.Scanner) {
	t.Helper()
	if err := program.Process.Signal(syscall.SIGTERM); err != nil {
		t.Errorf("%v: it has ended already", err)
	}
	killer := time.AfterFunc(10*time.Second, func() { _ = program.Process.Kill() })
	defer killer.Stop()
	for lines.Scan() { // Wait wants the pipe to be read to its end
		t.Log(lines.Text())
	}
	if err := program.Wait(); err != nil {
		t.Errorf("the program does not end well: %v", err)
	}
}
