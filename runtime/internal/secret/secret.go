// Package secret holds text that must never be printed.
package secret

import (
	"fmt"
	"io"
	"log/slog"
	"unsafe"
)

const redacted = "[redacted]"

// Text is text that prints as [redacted]. Methods alone do not achieve that: fmt calls none on an unexported field,
// and prints the field's content. So the text is held as the address of its first byte and a length, and a printer
// has nothing else to show. Conversions to and from a string cost no allocation. The bytes stay reachable through
// the pointer and, being a string's, never change.
//
// The array makes Text, and every type that embeds it, not comparable with ==, which would compare addresses.
type Text struct {
	_     [0]func()
	first *byte
	size  int
}

// Hide makes a secret of text.
func Hide(text string) Text { return Text{first: unsafe.StringData(text), size: len(text)} }

// Reveal gives the text back.
func Reveal(t Text) string { return unsafe.String(t.first, t.size) }

// Format prints [redacted] under every verb.
func (Text) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// String is [redacted].
func (Text) String() string { return redacted }

// MarshalText is [redacted].
func (Text) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue is [redacted].
func (Text) LogValue() slog.Value { return slog.StringValue(redacted) }
