package spec

import "testing"

// TestBorrowed: what an alias or a merge key brings is another place's, and nothing else is.
func TestBorrowed(t *testing.T) {
	n, diags := parseText("f.yaml", "a: &x {b: {c: 1}}\nd: *x\ne: {<<: *x, f: 1}\n")
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	for path, want := range map[string]bool{"/a": false, "/a/b": false, "/d": true, "/e": false, "/e/b": true, "/e/f": false} {
		tokens, _ := pointerTokens(path)
		at := n
		for _, token := range tokens {
			at = at.child(token)
		}
		if at.Borrowed() != want {
			t.Errorf("%s: %t", path, !want)
		}
	}
}

// TestMergeRefused: a merge key without a mapping is an error, and the members beside it stay.
func TestMergeRefused(t *testing.T) {
	n, diags := parseText("f.yaml", "a: {b: 1, <<: 7}\n")
	if !diags.HasErrors() || n.Get("a").Get("b") == nil {
		t.Errorf("%v", diags)
	}
}

// TestChild: a pointer goes by name into mappings and by number into lists.
func TestChild(t *testing.T) {
	n, _ := parseText("f.yaml", "a: [x, y]\n'0': z\n")
	list := n.child("a")
	for token, want := range map[string]string{"0": "x", "1": "y", "2": "", "-1": "", "a": "", "": ""} {
		if got := list.child(token); (got == nil) != (want == "") || got != nil && got.Text() != want {
			t.Errorf("%q: %v", token, got)
		}
	}
	if n.child("0").Text() != "z" || n.child("b") != nil || list.child("0").child("0") != nil {
		t.Error("a mapping has names, and a text nothing")
	}
}

// TestPointerLeadsNowhere names the last place that is there.
func TestPointerLeadsNowhere(t *testing.T) {
	root, _ := parseText("f.yaml", "components: {schemas: {}}\n")
	for fragment, want := range map[string]string{
		"/component":                `"r" leads nowhere: the document has no "component"; did you mean "components"?`,
		"/components/schemas/Order": `"r" leads nowhere: components.schemas has no "Order"`,
	} {
		var f files
		if f.pointer(root, fragment, &Node{kind: String, text: "r"}) != nil || len(f.diags) != 1 || f.diags[0].Message != want {
			t.Errorf("%s: %v", fragment, f.diags)
		}
	}
}
