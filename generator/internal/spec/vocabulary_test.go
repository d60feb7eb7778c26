package spec

import "testing"

// TestNear: a key that an author may have meant is found, and another word is none.
func TestNear(t *testing.T) {
	v := newVocabulary("")
	for key, want := range map[string]string{
		"x-role": "x-roles", "x-rules": "x-roles", "x-rels": "", "xRoles": "x-roles", "X_Required_Roles": "x-required-roles", "x-roles-required": "x-required-roles",
		"x-challing": "x-challenge", "x-challin": "", "x-chalenge": "x-challenge", "x-r\u043eles": "x-roles", "x-\u0440\u043e\u043b\u0438": "", "x-logo": "", "x-internal": "",
		"x-\u0441\u043e\u043dceal": "x-conceal",
	} {
		if got := v.near(key); got != want {
			t.Errorf("%q: %q; want %q", key, got, want)
		}
	}
}

// TestLookalikes: letters of another alphabet count, unless they are the greater part of the word.
func TestLookalikes(t *testing.T) {
	for word, want := range map[string]int{"": 0, "role": 0, "r\x7fle": 0, "r\u043ele": 1, "r\u043el\u0435": 2, "\u0440\u043el\u0435": 0, "\u0440": 0} {
		if got := lookalikes(word); got != want {
			t.Errorf("%q: %d; want %d", word, got, want)
		}
	}
}

// TestReserved: the key of the required roles can be another extension, unless that has a meaning already.
func TestReserved(t *testing.T) {
	for extension, want := range map[string]bool{RequiredRoles: false, "x-roles": true, "x-conceal": true, "x-go-name": true, "x-permissions": false} {
		if Reserved(extension) != want {
			t.Errorf("%s: %t", extension, !want)
		}
	}
}

// TestKeysAreCounted counts every key, as often as it stands there.
func TestKeysAreCounted(t *testing.T) {
	v := newVocabulary("")
	for text, want := range map[string]int{"": 0, "roles": 0, "x-roles": 1, "x-roles: x-required-roles, x-roles": 3} {
		if got := v.mentions([]byte(text)); got != want {
			t.Errorf("%q: %d; want %d", text, got, want)
		}
	}
}
