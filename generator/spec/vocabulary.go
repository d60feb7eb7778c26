package spec

import (
	"bytes"

	"github.com/oapi-guard/oapi-guard/generator/diag"
)

// vocabulary are the extensions that guards know, with the places where each has a meaning.
var vocabulary = [...]struct{ key, places string }{
	{"x-required-roles", "an operation, a path item or the document's root"},
	{"x-roles", "the document's root"},
	{"x-resource-check", "an operation or a path item"},
	{"x-conceal", "an operation, a path item or the document's root"},
	{"x-challenge", "a security scheme"},
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
	folded := diag.Fold(key)
	for _, v := range vocabulary {
		limit := 2
		if len(v.key) < len("x-challenge") {
			limit = 1
		}
		if diag.Distance(folded, diag.Fold(v.key), limit) <= limit {
			return v.key
		}
	}
	return ""
}

// mentions counts the keys of the vocabulary in the text of a file.
func mentions(data []byte) int {
	count := 0
	for _, v := range vocabulary {
		count += bytes.Count(data, []byte(v.key))
	}
	return count
}
