package spec

import (
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestDocumentUnderAnotherName: a reference that leads back into the document by another name finds it with the overlay
// applied; the names of a reader of its own are not those of the disk.
func TestDocumentUnderAnotherName(t *testing.T) {
	inFolder(t, nil)
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	other := "../" + filepath.Base(folder) + "/openapi.yaml"
	texts := map[string]string{
		"openapi.yaml": "openapi: 3.1.0\npaths:\n  /a: {$ref: '" + other + "#/paths/~1b'}\n  /b: {get: {}}\ncomponents: {securitySchemes: {s: {type: http, scheme: basic}}}\n",
		"overlay.yaml": "overlay: 1.0.0\ninfo: {title: T, version: '1'}\nactions: [{target: \"$.paths['/b'].get\", update: {security: [{s: []}]}}]\n",
	}
	for name, text := range texts {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	texts[filepath.FromSlash(other)] = "paths: {/b: {get: {security: [{of-the-reader: []}]}}}\n"
	tests := []struct {
		name string
		read func(string) ([]byte, error)
		want []string
	}{
		{"disk", nil, []string{"GET /a s", "GET /b s"}},
		{"reader", func(name string) ([]byte, error) {
			if text, ok := texts[name]; ok {
				return []byte(text), nil
			}
			return nil, fs.ErrNotExist
		}, []string{"GET /a of-the-reader", "GET /b s"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			document, diags := Load(Options{Path: "openapi.yaml", Overlay: "overlay.yaml", Read: test.read})
			if diags = append(diags, document.CrossCheck()...); len(diags) > 0 {
				t.Fatal(diags)
			}
			var got []string
			for _, o := range document.Operations {
				security := ""
				for _, alternative := range o.Node.Get("security").Items() {
					security += " " + alternative.Members()[0].Key
				}
				got = append(got, o.String()+security)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// TestInvalidUTF8: the position is that of the first byte that is not text.
func TestInvalidUTF8(t *testing.T) {
	tests := []struct{ text, want string }{
		{"\xff\xff", "f.yaml:1:1"}, {"\xff: a", "f.yaml:1:1"}, {"a: b\n\xffx", "f.yaml:2:1"}, {"\ufffd\xff", "f.yaml:1:2"},
		{"\u00e9\xc3", "f.yaml:1:2"},
	}
	for _, test := range tests {
		if got := invalidUTF8("f.yaml", []byte(test.text)).String(); got != test.want {
			t.Errorf("%q: got %s, want %s", test.text, got, test.want)
		}
	}
}

// TestParseBrace: a .json file that ends after its brace is refused as JSON, and not as YAML.
func TestParseBrace(t *testing.T) {
	n, diags := parseText("f.json", "{")
	if want := []string{"f.json:1:1: this is not valid JSON: unexpected end of JSON input"}; n != nil || !slices.Equal(said(diags), want) {
		t.Errorf("read %v, said %q, want %q", n, said(diags), want)
	}
}

// TestDownload: a remote document may have 64 MiB, and a download that is refused ends.
func TestDownload(t *testing.T) {
	ended := make(chan bool, 2)
	part := make([]byte, 1<<20)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/largest":
			for range 64 {
				_, _ = w.Write(part)
			}
			return
		case "/missing":
			w.WriteHeader(http.StatusNotFound)
		}
		for {
			if _, err := w.Write(part); err != nil {
				ended <- true
				return
			}
		}
	}))
	defer server.Close()
	defer server.CloseClientConnections()
	tests := []struct {
		address, err string
		size         int
		endless      bool
	}{
		{server.URL + "/largest", "", 64 << 20, false},
		{server.URL + "/endless", "it is larger than 64 MiB", 0, true},
		{server.URL + "/missing", "the server answers 404 Not Found", 0, true},
		{"ftp://a.example/x", `Get "ftp://a.example/x": unsupported protocol scheme "ftp"`, 0, false},
	}
	for _, test := range tests {
		data, err := download(test.address)
		if err == nil {
			err = errors.New("")
		}
		if err.Error() != test.err || test.err == "" && len(data) != test.size {
			t.Errorf("%s: %d bytes, error %q, want %q", test.address, len(data), err, test.err)
		}
		if test.endless {
			select {
			case <-ended:
			case <-time.After(10 * time.Second):
				t.Errorf("%s: the server still sends", test.address)
			}
		}
	}
}

// TestRemoteDocument: references of a remote document lead to its neighbours, for both readers.
func TestRemoteDocument(t *testing.T) {
	reference := ""
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/api/openapi.yaml":
			_, _ = w.Write([]byte("openapi: 3.1.0\npaths:\n  /a:\n    get: {}\n    parameters: [{$ref: '" + reference + "'}]\n"))
		case "/api/p.yaml", "/q.yaml":
			_, _ = w.Write([]byte("{name: p, in: query}\n"))
		default:
			http.NotFound(w, r)
		}
	}))
	defer server.Close()
	tests := []struct {
		reference string
		names     []string
		want      string
	}{
		{"p.yaml", []string{"p"}, ""},
		{"/q.yaml", []string{"p"}, ": " + reader + " refuses it: /q.yaml was not read"},
		{"none.yaml", nil, `:5:25: "SERVER/api/none.yaml" cannot be read: the server answers 404 Not Found`},
		{"%zz", nil, `:5:25: "%zz" is not a valid reference: parse "%zz": invalid URL escape "%zz"`},
	}
	for _, test := range tests {
		t.Run(test.reference, func(t *testing.T) {
			reference = test.reference
			path := server.URL + "/api/openapi.yaml"
			document, diags := Load(Options{Path: path, AllowRemoteRefs: []string{"*"}})
			diags = append(diags, document.CrossCheck()...)
			var want []string
			if test.want != "" {
				want = []string{path + strings.ReplaceAll(test.want, "SERVER", server.URL)}
			}
			if !slices.Equal(said(diags), want) || !slices.Equal(document.QueryNames(), test.names) {
				t.Errorf("names %q, said %q, want %q", document.QueryNames(), said(diags), want)
			}
		})
	}
}

// TestFileNames: both readers find files whose names have spaces and percent signs.
func TestFileNames(t *testing.T) {
	tests := []struct{ document, reference, item string }{
		{"openapi.yaml", "a%20b/item.yaml", "a b/item.yaml"},
		{"a%20b/openapi.yaml", "item.yaml", "a%20b/item.yaml"},
		{"a b/openapi.yaml", "c/item.yaml", "a b/c/item.yaml"},
		{"openapi.yaml", "50%25.yaml", "50%.yaml"},
	}
	for _, test := range tests {
		t.Run(test.item, func(t *testing.T) {
			inFolder(t, map[string]string{
				test.document: "openapi: 3.1.0\npaths: {/a: {$ref: '" + test.reference + "'}}\n",
				test.item:     "get: {}\n",
			})
			document, diags := Load(Options{Path: test.document})
			if diags = append(diags, document.CrossCheck()...); len(diags) > 0 {
				t.Fatal(diags)
			}
			if got := document.Operations[0].Position.String(); len(document.Operations) != 1 || got != test.item+":1:1" {
				t.Errorf("%q at %s", described(document.Operations), got)
			}
		})
	}
}
