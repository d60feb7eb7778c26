package server

import "testing"

func TestShape(t *testing.T) {
	for path, want := range map[string]string{
		"/a": "/a", "/a/{b}": "/a/{}", "/a/{b}/{c}.json": "/a/{}/{}.json", "/a/{$}": "/a/", "/{a": "/{a", "/{a}{b": "/{}{b", "/a}": "/a}", "": "",
	} {
		if got := shape(path); got != want {
			t.Errorf("shape(%q) = %q, want %q", path, got, want)
		}
	}
}
