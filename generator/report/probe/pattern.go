package probe

import (
	"regexp"
	"regexp/syntax"
	"strings"
)

// matching is a short text that a pattern matches, with a length between the two. There is none for patterns that Go does
// not read, such as those that look ahead.
func matching(pattern string, shortest, longest int) (any, bool) {
	tree, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return nil, false
	}
	compiled, err := regexp.Compile(pattern)
	if err != nil {
		return nil, false
	}
	candidates := []string{word}
	for more := range 65 {
		candidates = append(candidates, shortestMatch(tree, more))
	}
	for _, text := range candidates {
		if text != "" && len(text) >= shortest && len(text) <= longest && compiled.MatchString(text) {
			return text, true
		}
	}
	return nil, false
}

// shortestMatch repeats what may be repeated as often as it must be, and more times.
func shortestMatch(r *syntax.Regexp, more int) string {
	switch r.Op {
	case syntax.OpLiteral:
		return string(r.Rune)
	case syntax.OpCharClass:
		return string(member(r.Rune))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return "a"
	case syntax.OpStar:
		return strings.Repeat(shortestMatch(r.Sub[0], 0), more)
	case syntax.OpPlus:
		return strings.Repeat(shortestMatch(r.Sub[0], 0), max(1, more))
	case syntax.OpRepeat:
		times := max(r.Min, more)
		if r.Max >= 0 {
			times = min(times, r.Max)
		}
		return strings.Repeat(shortestMatch(r.Sub[0], 0), times)
	case syntax.OpCapture, syntax.OpAlternate:
		return shortestMatch(r.Sub[0], more)
	case syntax.OpConcat:
		var all strings.Builder
		for _, part := range r.Sub {
			all.WriteString(shortestMatch(part, more))
		}
		return all.String()
	}
	return ""
}

// member is a letter or digit of a class, where it has one.
func member(ranges []rune) rune {
	for _, wanted := range "a0Ab1" {
		for i := 0; i+1 < len(ranges); i += 2 {
			if ranges[i] <= wanted && wanted <= ranges[i+1] {
				return wanted
			}
		}
	}
	if len(ranges) == 0 {
		return 'a'
	}
	return ranges[0]
}
