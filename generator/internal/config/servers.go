package config

import (
	"reflect"
	"slices"
	"strings"

	"github.com/oapi-codegen/oapi-codegen/v2/pkg/codegen"
	"go.yaml.in/yaml/v3"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/framework"
)

// checkGenerate reports a generate of oapi-codegen's configuration that is not keys with true or false, each at
// its value. The old style, a list, is reported before.
func checkGenerate(path string, generate *yaml.Node, diags *diag.List) {
	if generate == nil {
		return
	}
	if generate.Kind == yaml.ScalarNode && generate.ShortTag() != "!!null" {
		diags.Report(position(path, generate), ruleType, "generate must be keys and values, not %q%s", generate.Value, meantServer(generate.Value))
		return
	}
	for i := 0; i+1 < len(generate.Content); i += 2 {
		name, value := generate.Content[i], generate.Content[i+1]
		known := slices.Contains(fieldsOf(reflect.TypeFor[codegen.GenerateOptions]()).names, name.Value)
		if known && value.Kind != yaml.AliasNode && value.ShortTag() != "!!bool" && value.ShortTag() != "!!null" {
			diags.Report(position(path, value), ruleType, "generate.%s must be true or false, not %s", name.Value, describe(value))
		}
	}
}

// meantServer says how to select the server that a word means.
func meantServer(word string) string {
	if key := serverKey(word); key != "" {
		return ": write generate: {" + key + ": true, models: true}"
	}
	return ""
}

// suggestKey ends a message about an unknown key. Below generate, names of routers and their versions count for
// more than letters: fiber3-server is nearer to fiber-v3-server than to fiber-server.
func suggestKey(name string, target reflect.Type, known []string) string {
	if target == reflect.TypeFor[codegen.GenerateOptions]() {
		if key := serverKey(name); key != "" {
			return ": did you mean " + key + "?"
		}
	}
	return suggestion(name, known)
}

// serverKey is the key of the server that a name means, or empty.
func serverKey(name string) string {
	word := strings.TrimSuffix(strings.TrimSuffix(plain(name), "servers"), "server")
	for _, f := range framework.All() {
		if slices.Contains(f.Words(), word) {
			return f.GenerateKey()
		}
	}
	return ""
}
