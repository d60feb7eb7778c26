package spec

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/oapi-guard/oapi-guard/generator/diag"
)

// vocabulary are the extensions that guards know, with the places where each has a meaning.
var vocabulary = [...]struct{ key, places string }{
	{"x-required-roles", "an operation, a path item or the document's root"},
	{"x-roles", "the document's root"},
	{"x-resource-check", "an operation or a path item"},
	{"x-conceal", "an operation, a path item or the document's root"},
	{"x-challenge", "a security scheme"},
	{"x-signed-body", "a security scheme"},
	{"x-credentials", "a security scheme of type http"},
	{"x-duplicates", "a security scheme of type apiKey in a cookie"},
	{"x-invalid-credentials", "an operation or a security scheme"},
}

func isVocabulary(key string) bool { return placesOf(key) != "" }

func placesOf(key string) string {
	for _, v := range vocabulary {
		if v.key == key {
			return v.places
		}
	}
	return ""
}

// nearVocabulary is the key of the vocabulary that an author may have meant by key, or "". Short keys have
// to be nearer than long ones, as two letters of x-roles make another word.
func nearVocabulary(key string) string {
	written := word(key)
	for _, v := range vocabulary {
		limit := 2
		if len(v.key) < len("x-challenge") {
			limit = 1
		}
		limit += lookalikes(written)
		if diag.Distance(written, word(v.key), limit) <= limit {
			return v.key
		}
	}
	if requiresRoles(written) {
		return "x-required-roles"
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
func mentions(data []byte) int {
	count := 0
	for _, v := range vocabulary {
		count += bytes.Count(data, []byte(v.key))
	}
	return count
}
