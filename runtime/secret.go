package guard

import (
	"fmt"
	"io"
	"log/slog"
	"unsafe"
)

const redacted = "[redacted]"

// secret is text that must not be printed. Methods alone cannot see to that: fmt calls none on a field that
// is not exported, and prints what the field holds. So the text is held as the address of its first byte
// and a length, of which a printer can show nothing else; taking it from a string and giving it back costs
// no allocation. The bytes stay reachable through the pointer and, being a string's, are never changed.
//
// The array makes it, and every type that embeds it, not comparable with ==, which would compare addresses.
type secret struct {
	_     [0]func()
	first *byte
	size  int
}

func conceal(text string) secret { return secret{first: unsafe.StringData(text), size: len(text)} }

func (s secret) reveal() string { return unsafe.String(s.first, s.size) }

// Format prints [redacted] whatever the verb.
func (s secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// String is [redacted].
func (s secret) String() string { return redacted }

// MarshalText is [redacted].
func (s secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue is [redacted].
func (s secret) LogValue() slog.Value { return slog.StringValue(redacted) }
