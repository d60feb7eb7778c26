package spec

import (
	"bytes"
	"cmp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/oapi-guard/oapi-guard/generator/diag"
)

// RequiredRoles is the extension with the required roles, unless the configuration names another.
const RequiredRoles = "x-required-roles"

// Ignore is the extension with the findings that are meant to be so, and the reasons.
const Ignore = "x-guard-ignore"

// vocabulary are the extensions that guards know, with the places where each has a meaning.
type vocabulary []struct{ key, places string }

// newVocabulary has the required roles in the extension that is called requiredRoles, or [RequiredRoles] when that is
// empty.
func newVocabulary(requiredRoles string) vocabulary {
	return vocabulary{
		{cmp.Or(requiredRoles, RequiredRoles), "an operation, a path item or the document's root"},
		{"x-roles", "the document's root"},
		{"x-resource-check", "an operation or a path item"},
		{"x-conceal", "an operation, a path item or the document's root"},
		{"x-challenge", "a security scheme"},
		{"x-signed-body", "a security scheme"},
		{"x-credentials", "a security scheme of type http"},
		{"x-duplicates", "a security scheme of type apiKey in a cookie"},
		{"x-invalid-credentials", "an operation or a security scheme"},
		{Ignore, "an operation, a path item, a security scheme or the document's root"},
	}
}

// requiredRoles is the extension with the required roles.
func (v vocabulary) requiredRoles() string { return v[0].key }

func (v vocabulary) has(key string) bool { return v.placesOf(key) != "" }

func (v vocabulary) placesOf(key string) string {
	for _, known := range v {
		if known.key == key {
			return known.places
		}
	}
	return ""
}

// Reserved reports whether an extension has a meaning of its own, so that it cannot hold the required roles.
func Reserved(extension string) bool {
	return newVocabulary("").has(extension) && extension != RequiredRoles || extension == "x-go-name"
}

// near is the key of the vocabulary that an author may have meant by key, or "". Short keys have
// to be nearer than long ones, as two letters of x-roles make another word.
func (v vocabulary) near(key string) string {
	written := word(key)
	for _, known := range v {
		limit := 2
		if len(known.key) < len("x-challenge") {
			limit = 1
		}
		limit += lookalikes(written)
		if diag.Distance(written, word(known.key), limit) <= limit {
			return known.key
		}
	}
	if requiresRoles(written) {
		return v.requiredRoles()
	}
	return ""
}

// word is a key without its x, its separators and its case.
func word(key string) string {
	letters := strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, key)
	return strings.TrimLeft(letters, "x")
}

// lookalikes counts the letters of a word that may stand for an ASCII letter of the same look, as the
// Cyrillic ones do. A word of which they are the greater part is one of another language.
func lookalikes(word string) int {
	count := 0
	for _, r := range word {
		if r > unicode.MaxASCII {
			count++
		}
	}
	if 2*count > utf8.RuneCountInString(word) {
		return 0
	}
	return count
}

// requiresRoles reports whether a word says that roles are required in another way than x-required-roles.
func requiresRoles(word string) bool {
	before, after, ok := strings.Cut(word, "role")
	rest := before + strings.TrimPrefix(after, "s")
	return ok && (strings.Contains(rest, "requir") || rest == "req" || rest == "reqd")
}

// mentions counts the keys of the vocabulary in the text of a file.
func (v vocabulary) mentions(data []byte) int {
	count := 0
	for _, known := range v {
		count += bytes.Count(data, []byte(known.key))
	}
	return count
}
