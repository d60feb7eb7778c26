package probe

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
)

// deepest bounds schemas that refer to themselves.
const deepest = 12

// example is a value of a parameter or body: its example, the first of its examples, the first of an enum, or the simplest
// that the schema admits. With unlikely it is one that no resource has, for paths.
func example(holder, schema spec.Followed, unlikely bool) (any, bool) {
	if n := holder.Get("example"); n.Node != nil {
		return plain(n), true
	}
	for _, m := range holder.Get("examples").Members() {
		if v := holder.Get("examples").Get(m.Key).Get("value"); v.Node != nil {
			return plain(v), true
		}
	}
	return simplest{unlikely}.value(schema, 0)
}

// plain is a node's value for encoding/json.
func plain(n spec.Followed) any {
	switch n.Kind() {
	case spec.String:
		return n.Text()
	case spec.Number:
		return json.Number(n.Text())
	case spec.Bool:
		return n.Text() == "true"
	case spec.Sequence:
		all := []any{}
		for _, item := range n.Items() {
			all = append(all, plain(item))
		}
		return all
	case spec.Mapping:
		all := map[string]any{}
		for _, m := range n.Members() {
			all[m.Key] = plain(n.Get(m.Key))
		}
		return all
	}
	return nil
}

// simplest makes values of schemas.
type simplest struct{ unlikely bool }

func (s simplest) value(schema spec.Followed, depth int) (any, bool) {
	if depth > deepest {
		return nil, false
	}
	if n, ok := prescribed(schema); ok {
		return plain(n), true
	}
	for _, key := range []string{"allOf", "oneOf", "anyOf"} {
		if items := schema.Get(key).Items(); len(items) > 0 && typeOf(schema) == "" {
			return s.composed(key, items, depth)
		}
	}
	switch typeOf(schema) {
	case "integer", "number":
		return s.number(schema), true
	case "boolean":
		return false, true
	case "array":
		return s.array(schema, depth)
	case "object":
		return s.object(schema, depth)
	}
	return s.text(schema)
}

// prescribed is a value that the schema itself has.
func prescribed(schema spec.Followed) (spec.Followed, bool) {
	for _, n := range []spec.Followed{schema.Get("example"), first(schema.Get("examples")), first(schema.Get("enum")), schema.Get("const")} {
		if n.Node != nil {
			return n, true
		}
	}
	return spec.Followed{}, false
}

func first(list spec.Followed) spec.Followed {
	for _, item := range list.Items() {
		return item
	}
	return spec.Followed{}
}

// typeOf is the first type that is not null.
func typeOf(schema spec.Followed) string {
	types := schema.Get("type")
	if types.Kind() == spec.String {
		return types.Text()
	}
	for _, t := range types.Items() {
		if t.Text() != "null" {
			return t.Text()
		}
	}
	if schema.Get("properties").Node != nil {
		return "object"
	}
	return ""
}

// composed is the value of the first that has one; objects of an allOf become one.
func (s simplest) composed(key string, items []spec.Followed, depth int) (any, bool) {
	merged := map[string]any{}
	for _, item := range items {
		v, ok := s.value(item, depth+1)
		members, isObject := v.(map[string]any)
		switch {
		case ok && (key != "allOf" || !isObject):
			return v, true
		case ok:
			for name, member := range members {
				merged[name] = member
			}
		}
	}
	return merged, key == "allOf"
}

func (s simplest) array(schema spec.Followed, depth int) (any, bool) {
	least, _ := strconv.Atoi(schema.Get("minItems").Text())
	all := []any{}
	if least == 0 && depth > 0 {
		return all, true
	}
	v, ok := s.value(schema.Get("items"), depth+1)
	if !ok {
		return nil, false
	}
	for range max(1, min(least, 100)) {
		all = append(all, v)
	}
	return all, true
}

// object has the required properties only.
func (s simplest) object(schema spec.Followed, depth int) (any, bool) {
	all := map[string]any{}
	for _, name := range schema.Get("required").Items() {
		v, ok := s.value(schema.Get("properties").Get(name.Text()), depth+1)
		if !ok {
			return nil, false
		}
		all[name.Text()] = v
	}
	return all, true
}

// numbered is the number that no resource has, where 0 is not one.
const numbered = math.MaxInt32

// number is 0, or else the least that the schema admits, and the largest in a path.
func (s simplest) number(schema spec.Followed) json.Number {
	low := bound(schema, "minimum", "exclusiveMinimum", 1, math.Inf(-1))
	high := bound(schema, "maximum", "exclusiveMaximum", -1, math.Inf(1))
	n := 0.0
	switch {
	case low <= 0 && high >= 0:
	case low <= 0:
		n = high
	case s.unlikely:
		n = min(max(low, numbered), high)
	default:
		n = low
	}
	if typeOf(schema) == "integer" {
		n = math.Ceil(n)
	}
	return json.Number(strconv.FormatFloat(n, 'f', -1, 64))
}

// bound reads a limit; exclusive ones are numbers since OpenAPI 3.1, and were booleans before.
func bound(schema spec.Followed, key, exclusive string, step, none float64) float64 {
	limit, err := strconv.ParseFloat(schema.Get(key).Text(), 64)
	if err != nil {
		limit = none
	}
	switch e := schema.Get(exclusive); e.Kind() {
	case spec.Bool:
		if e.Text() == "true" {
			return limit + step
		}
	case spec.Number:
		if n, err := strconv.ParseFloat(e.Text(), 64); err == nil {
			return n + step
		}
	}
	return limit
}

// formats have a value each that nobody uses (RFC 2606, RFC 5737, RFC 9562 section 5.9).
func formats() map[string]string {
	return map[string]string{
		"uuid": "00000000-0000-0000-0000-000000000000", "date": "1970-01-01", "date-time": "1970-01-01T00:00:00Z", "time": "00:00:00Z",
		"email": "probe@example.invalid", "hostname": "example.invalid", "uri": "https://example.invalid/", "url": "https://example.invalid/",
		"ipv4": "192.0.2.1", "ipv6": "2001:db8::1", "byte": "AA==", "duration": "PT0S",
	}
}

// text is a string that fits format, pattern and length.
func (s simplest) text(schema spec.Followed) (any, bool) {
	shortest, _ := strconv.Atoi(schema.Get("minLength").Text())
	longest, err := strconv.Atoi(schema.Get("maxLength").Text())
	if err != nil {
		longest = math.MaxInt32
	}
	if pattern := schema.StringAt("pattern"); pattern != "" {
		return matching(pattern, shortest, longest)
	}
	if known, ok := formats()[schema.StringAt("format")]; ok {
		return known, true
	}
	if shortest > 4096 || slices.Contains([]string{"binary"}, schema.StringAt("format")) {
		return word, true
	}
	text := word + strings.Repeat("0", max(0, shortest-len(word)))
	return text[:min(len(text), longest)], true
}
