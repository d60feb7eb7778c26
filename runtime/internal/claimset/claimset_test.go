package claimset_test

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/runtime/internal/claimset"
)

var texts = []string{
	`{}`, `{"a":1}`, `{"a":1,"a":1}`, `{"a":"\ud83d\ude00"}`, `{"a":"\ud83d"}`, `{"\u0061":1,"a":2}`, `{"a":-0.5e+7}`, `{"a":01}`, `{"a":1.}`, `{"a":.5}`, `{"a":-}`,
	`{"a":[1,true,false,null,"x",{}]}`, `{"a":[1,]}`, `{"a":tru}`, `{"a":"` + "\x7f" + `"}`, `{"a":"\/"}`, "{\"a\":\"\t\"}", `{"a" : 1 , "b" : [ ] }`, `[`, `{"a":1}x`, `{"a":"\\ufffd\ud800"}`,
	`{"iss":"https://login.example.com","aud":["orders"],"exp":1767225600,"realm_access":{"roles":["admin","clerk"]}}`,
	`{"a.b":"exact","a":{"b":"path","/c~d":["x",{"e":"deep"}]}}`, strings.Repeat(`{"a":`, 64) + "1" + strings.Repeat("}", 64),
}

// FuzzParse compares the strict parser with encoding/json: it accepts less, and what it accepts is the same.
func FuzzParse(f *testing.F) {
	for _, text := range texts {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		members, err := claimset.Parse(text)
		if err == nil && !json.Valid([]byte(text)) {
			t.Fatalf("%q is not JSON", text)
		}
		if theirs := decoded(text); err == nil && !reflect.DeepEqual(members, theirs) {
			t.Errorf("%v, want %v", members, theirs)
		}
	})
}

// decoded is what encoding/json reads of a text.
func decoded(text string) (members map[string]any) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	_ = d.Decode(&members)
	return members
}

// TestParse has texts that are JSON, and one object in all readers.
func TestParse(t *testing.T) {
	for text, want := range map[string]bool{
		`{}`: true, ` { } `: true, `{"a":1,"b":{"a":1}}`: true, `{"a":[{"b":1},{"b":2}]}`: true, `{"":1}`: true, `{"a":"\u00e9é"}`: true,
		`{"a":"\uFFFD"}`: true, "{\"a\":\"\uFFFD\"}": true, `{"a":"\uD83D\uDE00"}`: true, `{"a":"\\ud800"}`: true, `{"a":1e9}`: true, `{"a":-0}`: true,
		`{ "a" : true , "b" : false , "c" : null , "d" : [ 1 , "x" , { "e" : "" } ] }`: true, "\r\n\t{\"a\":[]}\r\n\t": true, `{"a":"\ud83d\ude00\ud83d\ude00\"b"}`: true,
		`{"a":[1 2]}`: false, `{"a":[}`: false, `{"a":trux}`: false, `{"a":"b"`: false, `{"a":"\ud83d\ude00\ud83d"}`: false, "{\"a\":\"\x1f\"}": false,
		`{"a":1,"\u0061":1}`: false, `{"":1,"":1}`: false, `{"a":"\ud800x"}`: false, `{"a":"\ud800\n"}`: false, `{"a":"\ud800\\"}`: false, `{"\ud800":1}`: false,
		`{"a":1 "b":2}`: false, `{"a"}`: false, `{"a":}`: false, `{1:1}`: false, `{a:1}`: false, `{,}`: false, `{"a":1}}`: false, `{"a":"x}`: false, `{"a":"\"}`: false, ``: false, ` `: false,
		`[]`: false, `null`: false, `"a"`: false, "{\"a\":\"\xff\"}": false, "{\"a\xff\":1}": false,
		strings.Repeat(`{"a":`, 64) + "1" + strings.Repeat("}", 64): true, strings.Repeat(`{"a":`, 65) + "1" + strings.Repeat("}", 65): false,
	} {
		members, err := claimset.Parse(text)
		if (err == nil) != want {
			t.Errorf("%s: %v", text, err)
		}
		if err == nil && !reflect.DeepEqual(members, decoded(text)) {
			t.Errorf("%s is read as %v", text, members)
		}
	}
}

// FuzzFind compares with a walk over what encoding/json reads. A member of the very name comes first.
func FuzzFind(f *testing.F) {
	for _, text := range texts {
		for _, path := range []string{"/a/~1c~0d/1/e", "/a/0/b", "a.b", "/a/b", "realm_access.roles", "/realm_access/roles/01"} {
			f.Add(text, path)
		}
	}
	f.Fuzz(func(t *testing.T, text, name string) {
		members, err := claimset.Parse(text)
		path, wrong := claimset.ParsePath(name)
		if err != nil || wrong != nil {
			return
		}
		want, named := members[name]
		if !named {
			want = walk(members, name)
		}
		if found := path.Find(members); !reflect.DeepEqual(found, want) {
			t.Errorf("%s: %v, want %v", name, found, want)
		}
	})
}

// walk is what a path leads to: by dots through objects, by a pointer through lists too.
func walk(value any, path string) any {
	pointer, isPointer := strings.CutPrefix(path, "/")
	if !isPointer {
		for name := range strings.SplitSeq(path, ".") {
			value = member(value, name)
		}
		return value
	}
	for step := range strings.SplitSeq(pointer, "/") {
		list, isList := value.([]any)
		if !isList {
			value = member(value, strings.ReplaceAll(strings.ReplaceAll(step, "~1", "/"), "~0", "~"))
			continue
		}
		value = nil
		for i := range list {
			if step == strconv.Itoa(i) {
				value = list[i]
			}
		}
	}
	return value
}

func member(value any, name string) any {
	object, _ := value.(map[string]any)
	return object[name]
}

func TestParsePath(t *testing.T) {
	for name, want := range map[string]bool{"": false, "scope": true, "a.b": true, "/": true, "/a~0b/~1": true, "/a~": false, "/a~2": false, "https://x.example/roles": true, "a~2": true} {
		if _, err := claimset.ParsePath(name); (err == nil) != want {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestScopesAndRoles(t *testing.T) {
	for _, test := range []struct {
		claims        string
		scopes, roles []string // of the default scope claims, and of the claim r
	}{
		{`{"scope":"read  write ","scp":["list","","of scopes"]}`, []string{"read", "write", "list", "of scopes"}, nil},
		{`{"scope":["read","a b"],"scp":"list"}`, []string{"read", "a b"}, nil},
		{`{"scope":["read",7],"scp":{"a":"b"},"r":["x",7]}`, nil, nil},
		{`{"scope":7,"scp":null,"r":null}`, nil, nil},
		{`{"r":"one role, never split"}`, nil, []string{"one role, never split"}},
		{`{"r":["x","","y z"]}`, nil, []string{"x", "y z"}},
	} {
		members, err := claimset.Parse(test.claims)
		if err != nil {
			t.Fatal(err)
		}
		scopes, _ := claimset.ParseScopePaths(nil)
		roles, _ := claimset.ParsePaths([]string{"r"})
		if got := claimset.Scopes(members, scopes); !reflect.DeepEqual(got, test.scopes) {
			t.Errorf("%s: scopes %q", test.claims, got)
		}
		if got := claimset.Roles(members, roles); !reflect.DeepEqual(got, test.roles) {
			t.Errorf("%s: roles %q", test.claims, got)
		}
	}
}
