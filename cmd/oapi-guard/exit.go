package main

import (
	"errors"
	"fmt"
	"io"
)

// exitCode ends a run whose findings are already printed.
type exitCode int

const (
	exitFindings exitCode = 1
	exitFailure  exitCode = 2
)

// Error implements error and is never printed.
func (c exitCode) Error() string { return fmt.Sprintf("exit code %d", int(c)) }

// usageError is a command line that cannot be understood.
type usageError struct {
	command, message string
}

// Error is the message, and the command that prints help.
func (e usageError) Error() string {
	return fmt.Sprintf("%s\nRun '%s -h' for help.", e.message, e.command)
}

// exit prints an error that is not printed yet, and returns the process's exit code.
func (a *app) exit(err error) int {
	if a.stdout.err != nil {
		err = fmt.Errorf("cannot write the output: %w", a.stdout.err)
	}
	var code exitCode
	if err == nil || errors.As(err, &code) {
		return int(code)
	}
	fmt.Fprintf(a.stderr, "oapi-guard: %v\n", err)
	return int(exitFailure)
}

// stickyWriter remembers the first error, so that lost findings do not look like success: commands need
// not look at the errors of their prints.
type stickyWriter struct {
	w   io.Writer
	err error
}

// Write writes until it has failed once.
func (s *stickyWriter) Write(p []byte) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	n, err := s.w.Write(p)
	s.err = err
	return n, err
}
