package spec

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/oapi-guard/oapi-guard/generator/diag"
)

// files reads every file of a document once.
type files struct {
	words vocabulary
	diags diag.List
	// document is the name of the document's own file.
	document string
	remote   []string
	read     map[string]*Node
	// mentions counts the vocabulary's keys in the text of each file.
	mentions map[string]int
	// reader reads a local file.
	reader func(name string) ([]byte, error)
}

// open returns the contents of the file or URL called name. A file that cannot be read gives nil and is reported: at
// the place in another document that asked for it, or at the file's beginning.
func (f *files) open(name string, asked diag.Position) *Node {
	if n, ok := f.read[name]; ok {
		return n
	}
	if name != f.document && f.reader == nil && sameFile(name, f.document) {
		f.read[name] = f.read[f.document] // with the overlay applied
		return f.read[name]
	}
	f.read[name] = nil
	data, err := f.fetch(name)
	if err != nil {
		f.failure(name, asked, err)
		return nil
	}
	f.mentions[name] = f.words.mentions(data)
	f.read[name] = f.parse(name, data)
	return f.read[name]
}

// sameFile reports whether both are names of one local file.
func sameFile(a, b string) bool {
	first, err := os.Stat(a)
	if err != nil {
		return false
	}
	second, err := os.Stat(b)
	return err == nil && os.SameFile(first, second)
}

func (f *files) failure(name string, asked diag.Position, err error) {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		err = pathError.Err
	}
	if asked.Line == 0 {
		f.diags.Report(diag.Position{File: name}, ruleLoad, "the file cannot be read: %v", err)
		return
	}
	f.diags.Report(asked, ruleBadRef, "%q cannot be read: %v", name, err)
}

// parse reads JSON if the data is JSON, and YAML otherwise: YAML includes texts that are almost JSON, with comments
// that begin with # or trailing commas for example. For a .json file that is neither, the error is JSON's.
func (f *files) parse(name string, data []byte) *Node {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if !utf8.Valid(data) {
		f.diags.Report(invalidUTF8(name, data), ruleLoad, "this is not UTF-8 text: save the file in that encoding")
		return nil
	}
	if text := bytes.TrimLeft(data, " \t\r\n"); len(text) > 0 && text[0] == '{' {
		position, err := jsonError(name, data)
		if err == nil {
			return readJSON(name, data)
		}
		if strings.EqualFold(filepath.Ext(name), ".json") {
			return f.almostJSON(name, data, position, err)
		}
	}
	return readYAML(name, data, &f.diags)
}

// almostJSON reads a .json file that is not JSON as kin-openapi does: as YAML.
func (f *files) almostJSON(name string, data []byte, at diag.Position, invalid error) *Node {
	var problems diag.List
	root := readYAML(name, data, &problems)
	if root == nil || len(problems) > 0 {
		f.diags.Report(at, ruleLoad, "this is not valid JSON: %v", invalid)
		return nil
	}
	return root
}

// invalidUTF8 is the place of the first byte that is not part of UTF-8 text.
func invalidUTF8(name string, data []byte) diag.Position {
	p := place{diag.Position{File: name, Line: 1, Column: 1}, 0}
	i := 0
	for {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size != len("\ufffd") {
			return p.move(data, i)
		}
		i += size
	}
}

func (f *files) fetch(name string) ([]byte, error) {
	switch {
	case isRemote(name):
		return download(name)
	case f.reader != nil:
		return f.reader(name)
	}
	return os.ReadFile(name)
}

// downloadLimit is the largest remote document.
const downloadLimit = 64 << 20

func download(address string) ([]byte, error) {
	client := http.Client{Timeout: 30 * time.Second, CheckRedirect: sameAddress}
	response, err := client.Get(address)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the server answers %s", response.Status)
	}
	data, err := io.ReadAll(io.LimitReader(response.Body, downloadLimit+1))
	if err == nil && len(data) > downloadLimit {
		err = fmt.Errorf("it is larger than %d MiB", downloadLimit>>20)
	}
	return data, err
}

// sameAddress follows no redirect: only the address that was allowed was allowed.
func sameAddress(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// isRemote reports whether name names a host, with a scheme or, as references may, without one.
func isRemote(name string) bool { return remoteURL(name) != nil }

// remoteURL is the URL that name is, nil when it names no host.
func remoteURL(name string) *url.URL {
	u, err := url.Parse(name)
	if err != nil || u.Host == "" {
		return nil
	}
	return u
}

// allowed reports whether a remote document may be read: it is listed, or "*" is.
func (f *files) allowed(address string) bool {
	return slices.Contains(f.remote, "*") || slices.Contains(f.remote, address)
}

// join is the name of the file that a reference in the file called base names.
func join(base, reference string) (string, error) {
	if isRemote(reference) {
		return reference, nil
	}
	if u := remoteURL(base); u != nil {
		u, err := u.Parse(reference)
		if err != nil {
			return "", err
		}
		return u.String(), nil
	}
	name, err := url.PathUnescape(reference)
	if err != nil {
		return "", err
	}
	if path.IsAbs(name) {
		return filepath.FromSlash(name), nil
	}
	return filepath.Join(filepath.Dir(base), filepath.FromSlash(name)), nil
}
