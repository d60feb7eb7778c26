package introspection

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
	"unicode/utf8"
)

// Bounds of an answer: no authorization server comes near them.
const (
	maxAnswer  = 256 << 10 // bytes
	maxRefusal = 16 << 10
	maxDepth   = 64
)

// endOfTime is the end of the year 5000: a later time is a mistake, milliseconds for seconds, say.
const endOfTime = 95_649_120_000

// parse reads an answer strictly: one JSON object (RFC 7662 section 2.2), no member of any object twice, no invalid UTF-8.
// Parsers read such answers differently, so they say nothing.
func parse(raw []byte) (map[string]any, error) {
	if !utf8.Valid(raw) || !json.Valid(raw) {
		return nil, errors.New("it is not JSON")
	}
	p := parser{json.NewDecoder(bytes.NewReader(raw))}
	p.UseNumber()
	value, err := p.value(0)
	if err != nil {
		return nil, err
	}
	if _, err := p.Token(); err != io.EOF { //nolint:errorlint // the end is io.EOF itself
		return nil, errors.New("something follows the answer")
	}
	members, ok := value.(map[string]any)
	if !ok {
		return nil, errors.New("it is not an object")
	}
	return members, nil
}

type parser struct{ *json.Decoder }

func (p parser) value(depth int) (any, error) {
	token, err := p.Token()
	if err != nil {
		return nil, fmt.Errorf("it is not JSON: %w", err)
	}
	bracket, opens := token.(json.Delim)
	switch {
	case !opens:
		return token, nil
	case depth == maxDepth:
		return nil, errors.New("it is nested too deeply")
	case bracket == '{':
		return p.object(depth + 1)
	}
	return p.array(depth + 1)
}

func (p parser) object(depth int) (any, error) {
	members := map[string]any{}
	for p.More() {
		name, err := p.Token()
		if err != nil {
			return nil, fmt.Errorf("it is not JSON: %w", err)
		}
		if _, twice := members[name.(string)]; twice {
			return nil, errors.New("it has a member twice")
		}
		value, err := p.value(depth)
		if err != nil {
			return nil, err
		}
		members[name.(string)] = value
	}
	_, err := p.Token()
	return members, err
}

func (p parser) array(depth int) (any, error) {
	items := []any{}
	for p.More() {
		item, err := p.value(depth)
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	_, err := p.Token()
	return items, err
}

// The members of an answer that are absent have zero values; those of another type make it unusable.

func text(members map[string]any, name string) (string, error) {
	value, found := members[name]
	s, ok := value.(string)
	if found && !ok {
		return "", fmt.Errorf("%s is not a string", name)
	}
	return s, nil
}

// numericDate is a time of whole seconds, rounded down (RFC 7519 section 2).
func numericDate(members map[string]any, name string) (time.Time, error) {
	value, found := members[name]
	if !found {
		return time.Time{}, nil
	}
	number, ok := value.(json.Number)
	if !ok {
		return time.Time{}, fmt.Errorf("%s is not a number", name)
	}
	seconds, err := number.Float64()
	if err != nil || seconds >= endOfTime {
		return time.Time{}, fmt.Errorf("%s is out of range", name)
	}
	return time.Unix(int64(max(seconds, 0)), 0), nil
}

// audience is aud: a string, or a list of strings (RFC 7662 section 2.2).
func audience(members map[string]any) ([]string, error) {
	value, found := members["aud"]
	if !found {
		return nil, nil
	}
	all, ok := stringsOf(value)
	if !ok {
		return nil, errors.New("aud is neither a string nor a list of strings")
	}
	return all, nil
}

// stringsOf is a string as a list of one, or a list of strings.
func stringsOf(value any) ([]string, bool) {
	switch value := value.(type) {
	case string:
		return []string{value}, true
	case []any:
		all := make([]string, len(value))
		for i, item := range value {
			s, ok := item.(string)
			if !ok {
				return nil, false
			}
			all[i] = s
		}
		return all, true
	}
	return nil, false
}
