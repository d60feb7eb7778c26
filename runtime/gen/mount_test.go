package gen_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/runtime/gen"
)

type principal struct{ name string }

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestNotNil(t *testing.T) {
	var typed *principal
	var function func()
	for _, test := range []struct {
		value any
		want  string
	}{
		{nil, "apiguard: auth is nil"}, {typed, "apiguard: auth is nil"}, {function, "apiguard: auth is nil"}, {map[string]int(nil), "apiguard: auth is nil"},
		{error(nil), "apiguard: auth is nil"}, {&principal{}, ""}, {principal{}, ""}, {0, ""}, {errors.New(""), ""}, {func() {}, ""},
	} {
		if got := text(gen.NotNil("apiguard: auth", test.value)); got != test.want {
			t.Errorf("%T: %q; want %q", test.value, got, test.want)
		}
	}
}

func TestMount(t *testing.T) {
	routes := []gen.Route[string]{
		{Method: "GET", Pattern: "/a", Handler: "first"},
		{Method: "GET", Pattern: "/b", Handler: "second"},
	}
	for _, test := range []struct {
		taken []string
		panic any
		added string
		want  string
	}{
		{nil, nil, "first second", ""},
		{[]string{"POST /a", "GET /c"}, nil, "first second", ""},
		{[]string{"GET /b"}, nil, "", "GET /b is registered already"},
		{nil, "twice", "first", "GET /b cannot be registered: twice"},
	} {
		var added []string
		err := gen.Mount(routes, test.taken, func(r gen.Route[string]) {
			if r.Handler == "second" && test.panic != nil {
				panic(test.panic)
			}
			added = append(added, r.Handler)
		})
		if got := strings.Join(added, " "); got != test.added || (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v %v: added %q, error %v", test.taken, test.panic, got, err)
		}
	}
}
