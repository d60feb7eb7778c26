package yamlerror_test

import (
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/oapi-guard/oapi-guard/generator/internal/yamlerror"
)

func TestLocate(t *testing.T) {
	const noAnchor, aTab = "no anchor &nope stands before the alias *nope", "a tab stands where YAML wants spaces: indent with spaces"
	tests := []struct{ name, text, want string }{
		{"alias", "a: 1\nb: *nope\n", "f:2:4 " + noAnchor},
		{"merge key", "a: 1\nb:\n  <<: *nope\n", "f:3:7 " + noAnchor},
		{"alias in a list", "ü: [ü, *nope]\n", "f:1:8 " + noAnchor},
		{"alias before its anchor", "a: *nope\nb: &nope 1\nc: *nope\n", "f:1:4 " + noAnchor},
		{"after text that looks like it", "# *nope\na: 'x *nope'\nb: |\n  *nope\nc: *nope\nd: *nope\n", "f:5:4 " + noAnchor},
		{"longer name", "a: &nope2 1\nb: *nope2\nc: *nope\n", "f:3:4 " + noAnchor},
		{"tab", "a: 1\nb:\n\tc: 2\n", "f:3:1 " + aTab},
		{"tab after spaces", "a:\n  b:\n  \tc: 2\n", "f:3:3 " + aTab},
		{"tab in the line behind the named one", "a:\n  b: 1\n\tc: 2\n", "f:3:1 " + aTab},
		{"tab in the first line", "\ta: 1\n", "f:1:1 " + aTab},
		{"tab behind a dash", "a: 1\nb:\n  - x\n  -\ty: 1\n  c: 2\n", "f:4:4 " + aTab},
		{"tab in a list", "a:\n - b\n\t- c\n", "f:3:1 " + aTab},
		{"tab in an empty line", "a: 1\n\t\nb: 2\n", "f:2:1 " + aTab},
		{"another character", "a: 1\nb: 2\nc: @x\n", "f:3 found character that cannot start any token"},
		{"the first line", "a: b: c\n", "f:1 mapping values are not allowed in this context"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var n yaml.Node
			err := yaml.Unmarshal([]byte(test.text), &n)
			if err == nil {
				t.Fatal("there is no error")
			}
			at, message := yamlerror.Locate("f", []byte(test.text), err)
			if got := at.String() + " " + message; got != test.want {
				t.Errorf("got %s\nwant %s", got, test.want)
			}
		})
	}
}
