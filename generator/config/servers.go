package config

import (
	"reflect"
	"slices"
	"strings"

	"github.com/oapi-codegen/oapi-codegen/v2/pkg/codegen"
	"go.yaml.in/yaml/v3"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/server"
)

// checkGenerate reports a generate of oapi-codegen's configuration that is not keys with true or false, each at
// its value. The old style, a list, is reported before.
func checkGenerate(path string, generate *yaml.Node, diags *diag.List) {
	if generate == nil {
		return
	}
	if generate.Kind == yaml.ScalarNode && generate.ShortTag() != "!!null" {
		diags.Errorf(position(path, generate), ruleType, "generate must be keys and values, not %q%s", generate.Value, meantServer(generate.Value))
		return
	}
	for i := 0; i+1 < len(generate.Content); i += 2 {
		name, value := generate.Content[i], generate.Content[i+1]
		known := slices.Contains(fieldsOf(reflect.TypeFor[codegen.GenerateOptions]()).names, name.Value)
		if known && value.Kind != yaml.AliasNode && value.ShortTag() != "!!bool" && value.ShortTag() != "!!null" {
			diags.Errorf(position(path, value), ruleType, "generate.%s must be true or false, not %s", name.Value, describe(value))
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
	for _, framework := range server.Frameworks() {
		if slices.Contains(namesOf(framework), word) {
			return framework.GenerateKey()
		}
	}
	return ""
}

// namesOf are the names that a framework goes by, as [plain] has them.
func namesOf(framework server.Framework) []string {
	switch framework {
	case server.StdHTTP:
		return []string{"stdhttp", "std", "stdlib", "nethttp", "net/http", "http", "servemux"}
	case server.Chi:
		return []string{"chi", "chiv5", "chi5", "gochi"}
	case server.Gorilla:
		return []string{"gorilla", "mux", "gorillamux"}
	case server.Echo:
		return []string{"echo", "echov4", "echo4"}
	case server.Echo5:
		return []string{"echo5", "echov5"}
	case server.Gin:
		return []string{"gin", "gingonic"}
	case server.Fiber:
		return []string{"fiber", "fiberv2", "fiber2"}
	case server.Fiber3:
		return []string{"fiberv3", "fiber3"}
	}
	return []string{"iris", "irisv12", "iris12"}
}
