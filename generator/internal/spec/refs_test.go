package spec

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestPointerTokens(t *testing.T) {
	tests := []struct {
		fragment string
		want     []string
		valid    bool
	}{
		{"", nil, true}, {"/", nil, true}, {"/a", []string{"a"}, true}, {"/a/b", []string{"a", "b"}, true},
		{"/a~1b/c~0d", []string{"a/b", "c~d"}, true}, {"/~01", []string{"~1"}, true}, {"/%7Bid%7D", []string{"{id}"}, true},
		{"a", nil, false}, {"/%zz", nil, false}, {"/a//b", []string{"a", "", "b"}, true},
	}
	for _, test := range tests {
		got, ok := pointerTokens(test.fragment)
		if !slices.Equal(got, test.want) || ok != test.valid {
			t.Errorf("%q: got %q, %v", test.fragment, got, ok)
		}
	}
}

func TestJoin(t *testing.T) {
	tests := []struct{ base, reference, want string }{
		{"api/openapi.yaml", "item.yaml", "api/item.yaml"},
		{"api/openapi.yaml", "../item.yaml", "item.yaml"},
		{"api/openapi.yaml", "./a%20b/item.yaml", "api/a b/item.yaml"},
		{"api/openapi.yaml", "/abs/item.yaml", "/abs/item.yaml"},
		{"api/openapi.yaml", "https://a.example/x", "https://a.example/x"},
		{"https://a.example/api/x.yaml", "../y.yaml", "https://a.example/y.yaml"},
		{"https://a.example/api/x.yaml", "https://b.example/y", "https://b.example/y"},
	}
	for _, test := range tests {
		if got, err := join(test.base, test.reference); err != nil || filepath.ToSlash(got) != test.want {
			t.Errorf("join(%q, %q) = %q, %v", test.base, test.reference, got, err)
		}
	}
}

// Only what is listed is fetched, nothing that it refers to, and not where a redirect leads.
func TestRemoteReferences(t *testing.T) {
	var asked []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.Path)
		switch r.URL.Path {
		case "/item.yaml":
			_, _ = w.Write([]byte("get: {parameters: [{$ref: p.yaml}], security: [{a: []}]}\n"))
		case "/p.yaml":
			_, _ = w.Write([]byte("{name: p, in: query}\n"))
		case "/moved.yaml":
			http.Redirect(w, r, "/item.yaml", http.StatusFound)
		default:
			http.NotFound(w, r)
		}
	}))
	defer server.Close()
	tests := []struct {
		name, file string
		allowed    []string
		asked      []string
		rules      []string
	}{
		{"none allowed", "/item.yaml", nil, nil, []string{"remote-ref"}},
		{"another allowed", "/item.yaml", []string{"URL/p.yaml", "URL"}, nil, []string{"remote-ref"}},
		{"its references not", "/item.yaml", []string{"URL/item.yaml"}, []string{"/item.yaml"}, []string{"remote-ref"}},
		{"all listed", "/item.yaml", []string{"URL/item.yaml", "URL/p.yaml"}, []string{"/item.yaml", "/p.yaml"}, nil},
		{"everything", "/item.yaml", []string{"*"}, []string{"/item.yaml", "/p.yaml"}, nil},
		{"redirect", "/moved.yaml", []string{"*"}, []string{"/moved.yaml"}, []string{"bad-ref"}},
		{"missing", "/none.yaml", []string{"*"}, []string{"/none.yaml"}, []string{"bad-ref"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			asked = nil
			path := filepath.Join(t.TempDir(), "openapi.yaml")
			text := "openapi: 3.1.0\npaths: {/a: {$ref: " + server.URL + test.file + "}}\n"
			if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
			options := Options{Path: path}
			for _, a := range test.allowed {
				options.AllowRemoteRefs = append(options.AllowRemoteRefs, strings.Replace(a, "URL", server.URL, 1))
			}
			document, diags := Load(options)
			diags = append(diags, document.CrossCheck()...)
			var rules []string
			for _, d := range diags {
				rules = append(rules, d.Rule.ID)
			}
			if !slices.Equal(rules, test.rules) || !slices.Equal(asked, test.asked) {
				t.Errorf("asked for %q, said %v", asked, diags)
			}
		})
	}
}

// TestChild: a pointer goes by name into mappings and by number into lists. A number has one spelling (RFC 6901 section 4).
func TestChild(t *testing.T) {
	n, _ := parseText("f.yaml", "a: [x, y]\n'0': z\n")
	list := n.child("a")
	for token, want := range map[string]string{"0": "x", "1": "y", "2": "", "-1": "", "01": "", "+1": "", "-0": "", "-": "", "a": "", "": ""} {
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
