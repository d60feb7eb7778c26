package config

import (
	"fmt"
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator/internal/framework"
)

// refusal is a project and all that must be said about it, as "position message [rule]".
type refusal struct {
	name            string
	config, codegen string
	// files are others, which exist when empty files would not do.
	files map[string]string
	want  string
}

// goodClient is a client that oapi-codegen has written.
func goodClient() map[string]string {
	return map[string]string{"c.yaml": "package: x\noutput: x/x.go\ngenerate: {client: true}\n", "x/x.go": "package x\n"}
}

func with(files map[string]string, name, content string) map[string]string {
	files[name] = content
	return files
}

func refusals() []refusal {
	return []refusal{
		{name: "empty", config: "# nothing\n", want: `oapi-guard.yaml the file must hold keys and values, "key: value" [config-syntax]`},
		{name: "list", config: "- spec\n", want: `oapi-guard.yaml the file must hold keys and values, "key: value" [config-syntax]`},
		{name: "no YAML", config: "spec: a\nserver: {\n", want: "oapi-guard.yaml:2 this is not YAML: did not find expected node content [config-syntax]"},
		{name: "two documents", config: goodConfig + "---\nspec: x\n", want: "oapi-guard.yaml:4 the file must hold one YAML document: remove the line --- and everything behind it [config-syntax]"},
		{name: "second document broken", config: goodConfig + "---\n{\n", want: "oapi-guard.yaml the file must hold one YAML document: remove the line --- and everything behind it [config-syntax]"},
		{name: "unknown key", config: goodConfig + "Package_: x\n", want: `oapi-guard.yaml:4:1 unknown key "Package_"; did you mean "package"? [config-key]`},
		{name: "unknown key, nothing like it", config: goodConfig + "zzz: x\n", want: `oapi-guard.yaml:4:1 unknown key "zzz"; known are spec, server, output, package, generate, roles, resource-metadata, templates, outputs, client, fail-on, vet, allow-remote-refs [config-key]`},
		{name: "roles in the catalogue's extension", config: goodConfig + "roles: {extension: x-roles}\n", want: "oapi-guard.yaml:4:20 roles.extension cannot be x-roles, which has another meaning [config-value]"},
		{name: "unknown key below", config: goodConfig + "roles:\n  explicite: true\n", want: `oapi-guard.yaml:5:3 unknown key "explicite"; did you mean "explicit"? [config-key]`},
		{name: "columns are characters", config: "spec: a\nserver: b\noutput: c.go\ngenerate: {'ä': 1, sever: true}\n", want: `oapi-guard.yaml:4:12 unknown key "ä"; known are server, unimplemented-server, server-per-tag, guard-tests [config-key]
oapi-guard.yaml:4:20 unknown key "sever"; did you mean "server"? [config-key]`},
		{name: "resource metadata", config: goodConfig + "resource-metadata:\n  identifier: http://api.example.com\n  authorization-servers: [login, 'https://a.example?b', 'https://u@a.example', 'https://a.example', 'https://a.example']\n",
			want: `oapi-guard.yaml:5:15 resource-metadata.identifier cannot be "http://api.example.com": it must be https, or http on a loopback host [config-value]
oapi-guard.yaml:6:26 resource-metadata.authorization-servers cannot have "https://a.example": it is given twice [config-value]
oapi-guard.yaml:6:26 resource-metadata.authorization-servers cannot have "https://a.example?b": an issuer has no query (RFC 8414 section 2) [config-value]
oapi-guard.yaml:6:26 resource-metadata.authorization-servers cannot have "https://u@a.example": it must have no user and no fragment [config-value]
oapi-guard.yaml:6:26 resource-metadata.authorization-servers cannot have "login": it must be an absolute URL [config-value]`},
		{name: "resource metadata, shape", config: goodConfig + "resource-metadata: true\n", want: `oapi-guard.yaml:4:20 resource-metadata must be keys and values, not true [config-type]`},
		{name: "resource metadata, key", config: goodConfig + "resource-metadata: {identifer: a}\n", want: `oapi-guard.yaml:4:21 unknown key "identifer"; did you mean "identifier"? [config-key]`},
		{name: "resource metadata, types", config: goodConfig + "resource-metadata: {identifier: 1, authorization-servers: a}\n", want: `oapi-guard.yaml:4:33 resource-metadata.identifier must be a string, not 1 (quote it to make it a string) [config-type]
oapi-guard.yaml:4:59 resource-metadata.authorization-servers must be a list of strings, not a string [config-type]`},
		{name: "merge key", config: goodConfig + "<<: {package: x}\n", want: `oapi-guard.yaml:4:1 unknown key "<<"; known are spec, server, output, package, generate, roles, resource-metadata, templates, outputs, client, fail-on, vet, allow-remote-refs [config-key]`},
		{name: "key of keys", config: goodConfig + "? {a: b}\n: c\n", want: `oapi-guard.yaml:4:3 unknown key (keys and values); known are spec, server, output, package, generate, roles, resource-metadata, templates, outputs, client, fail-on, vet, allow-remote-refs [config-key]`},
		{name: "duplicate", config: goodConfig + "spec: x\n", want: "oapi-guard.yaml:4:1 spec is already given in line 1 [config-duplicate-key]"},
		{name: "duplicate below", config: goodConfig + "generate: {server: true, server: false}\n", want: "oapi-guard.yaml:4:26 generate.server is already given in line 4 [config-duplicate-key]"},
		{name: "missing", config: "package: x\n", want: `oapi-guard.yaml output is missing: The Go file to write. In the server's folder it becomes part of the server's package. [config-missing-key]
oapi-guard.yaml server is missing: The oapi-codegen configuration that generates the server, the configuration and the server file, or none where no server is generated. [config-missing-key]
oapi-guard.yaml spec is missing: The OpenAPI document, JSON or YAML. [config-missing-key]`},
		{name: "missing below", config: "spec: a\nserver: {file: x}\noutput: c.go\n", want: "oapi-guard.yaml:2:9 server.config is missing: The oapi-codegen configuration that generates the server. [config-missing-key]"},
		{name: "no server to generate", config: "spec: a\nserver: none\noutput: c/c.go\ngenerate:\n  server: true\n",
			want: "oapi-guard.yaml:5:11 generate.server is true, but there is no server to generate (server: none): remove one of them [config-value]"},
		{name: "none in other letters", config: "spec: a\nserver: None\noutput: c.go\n", want: `oapi-guard.yaml:2:9 server cannot be "None"; did you mean "none"? [config-value]`},
		{name: "the package beside the output", config: "spec: a\nserver: none\noutput: c.go\npackage: guards\n",
			files: map[string]string{"a.go": "package shop\n"}, want: "oapi-guard.yaml:4:10 the folder of output holds the package shop (a.go), and a folder holds one package: set package to shop, or output to another folder than . [config-package]"},
		{name: "types", config: "spec: 1\nserver: [a]\noutput: {a: b}\npackage: true\ngenerate: {server: 'yes'}\nroles: x\nallow-remote-refs: '*'\n",
			want: `oapi-guard.yaml:1:7 spec must be a string, not 1 (quote it to make it a string) [config-type]
oapi-guard.yaml:2:9 server must be keys and values, not a list [config-type]
oapi-guard.yaml:3:9 output must be a string, not keys and values [config-type]
oapi-guard.yaml:4:10 package must be a string, not true [config-type]
oapi-guard.yaml:5:20 generate.server must be true or false, not a string [config-type]
oapi-guard.yaml:6:8 roles must be keys and values, not a string [config-type]
oapi-guard.yaml:7:20 allow-remote-refs must be a list of strings, not a string [config-type]`},
		{name: "values", config: "spec: ' '\nserver:\noutput: &x c.go\npackage: *x\nallow-remote-refs: ['', 2]\n",
			want: `oapi-guard.yaml:1:7 spec is empty [config-value]
oapi-guard.yaml:2:8 server.config must be a string, not nothing [config-type]
oapi-guard.yaml:4:10 package must be a string, not an alias [config-type]
oapi-guard.yaml:5:21 allow-remote-refs is empty [config-value]
oapi-guard.yaml:5:25 allow-remote-refs must be a string, not 2 (quote it to make it a string) [config-type]`},
		{name: "templates and outputs", config: goodConfig + "templates: https://a/b\noutputs:\n- {template: t, path: ../x}\n- {template: t, path: x, each: operation}\n- {template: t, path: a/g.go, each: opration}\n- {path: oapi-guard.yaml, tmpl: t}\n- x\n",
			want: `oapi-guard.yaml:8:37 outputs[2].each cannot be "opration"; did you mean "operation"? [config-value]
oapi-guard.yaml:9:3 outputs[3].template is missing: The template, a file. [config-missing-key]
oapi-guard.yaml:9:27 unknown key "tmpl"; known are template, path, each [config-key]
oapi-guard.yaml:10:3 outputs[4] must be keys and values, not a string [config-type]`},
		{name: "outputs that lead elsewhere", config: goodConfig + "templates: https://a/b\noutputs:\n- {template: t, path: ../x}\n- {template: t, path: x, each: operation}\n- {template: 'http://x/y', path: oapi-guard.yaml}\n- {template: t, path: .}\n- {template: t, path: /x}\n",
			want: `oapi-guard.yaml:4:12 templates must be a local file: download https://a/b and keep it beside the code [config-value]
oapi-guard.yaml:6:23 the output ../x must lead to a file below the folder of oapi-guard.yaml [config-output]
oapi-guard.yaml:7:23 all operations would be written to x: name the operation in the path, {{.Name}} [config-output]
oapi-guard.yaml:8:14 outputs[2].template must be a local file: download http://x/y and keep it beside the code [config-value]
oapi-guard.yaml:8:34 the output oapi-guard.yaml is an input of this run: choose another one [config-output]
oapi-guard.yaml:9:23 the output . must lead to a file below the folder of oapi-guard.yaml [config-output]
oapi-guard.yaml:10:23 the output /x must lead to a file below the folder of oapi-guard.yaml [config-output]`},
		{name: "client without keys", config: goodConfig + "client: {}\n", want: `oapi-guard.yaml:4:9 client.config is missing: The oapi-codegen configuration that generates the client (generate.client). [config-missing-key]
oapi-guard.yaml:4:9 client.output is missing: The Go file to write, in a package of its own. [config-missing-key]`},
		{name: "client of another type", config: goodConfig + "client: c.yaml\n", want: `oapi-guard.yaml:4:9 client must be keys and values, not a string [config-type]`},
		{name: "client with another key", config: goodConfig + "client: {config: c.yaml, output: shop/c.go, outptu: x}\n", want: `oapi-guard.yaml:4:45 unknown key "outptu"; did you mean "output"? [config-key]`},
		{name: "no configuration of the client", config: goodConfig + "client: {config: c.yaml, output: shop/c.go}\n", want: `oapi-guard.yaml:4:18 the oapi-codegen configuration c.yaml cannot be read: no such file or directory [config-file]`},
		{name: "a configuration without a client", config: goodConfig + "client: {config: c.yaml, output: shop/c.go}\n", files: map[string]string{"c.yaml": "package: x\noutput: x/x.go\ngenerate: {models: true}\n"},
			want: `c.yaml:3:11 oapi-codegen generates no client with this configuration: set generate.client to true [config-value]`},
		{name: "a client that is nowhere", config: goodConfig + "client: {config: c.yaml, output: shop/c.go}\n", files: map[string]string{"c.yaml": "package: x\noutput: x/x.go\ngenerate: {client: true}\n"},
			want: `c.yaml:2:9 the client file x/x.go was not found (searched in .): run oapi-codegen first [config-codegen-path]`},
		{name: "a client without output", config: goodConfig + "client: {config: c.yaml, output: shop/c.go}\n", files: map[string]string{"c.yaml": "package: x\ngenerate: {client: true}\n"},
			want: `c.yaml output is missing: the typed client has to import the client [config-codegen-path]`},
		{name: "a client that is a program", config: goodConfig + "client: {config: c.yaml, output: shop/c.go}\n", files: map[string]string{"c.yaml": "package: main\noutput: x/x.go\ngenerate: {client: true}\n"},
			want: `c.yaml the client's package "main" cannot be imported: set package to another name [config-codegen]`},
		{name: "a client on another host", config: goodConfig + "client: {config: 'http://x/y', output: shop/c.go}\n", want: `oapi-guard.yaml:4:18 client.config must be a local file: download http://x/y and keep it beside the code [config-value]`},
		{name: "a typed client that is no Go file", config: goodConfig + "client: {config: c.yaml, output: shop/c.txt}\n", files: goodClient(), want: `oapi-guard.yaml:4:34 client.output shop/c.txt must end in .go [config-output]`},
		{name: "a typed client among the guards", config: goodConfig + "client: {config: c.yaml, output: apiguard/c.go}\n", files: goodClient(),
			want: `oapi-guard.yaml:4:34 client.output apiguard/c.go lies in the folder of the guards: give the typed client a folder of its own [config-output]`},
		{name: "a typed client beside the server", config: goodConfig + "client: {config: c.yaml, output: api/c.go}\n", files: goodClient(),
			want: `oapi-guard.yaml:4:34 client.output api/c.go lies in the folder of the server: give the typed client a folder of its own [config-output]`},
		{name: "a typed client beside the client", config: goodConfig + "client: {config: c.yaml, output: x/c.go}\n", files: goodClient(),
			want: `oapi-guard.yaml:4:34 client.output x/c.go lies in the folder of the generated client: give the typed client a folder of its own [config-output]`},
		{name: "a typed client that is an output", config: goodConfig + "outputs: [{template: t, path: shop/c.go}]\nclient: {config: c.yaml, output: shop/c.go}\n", files: goodClient(),
			want: `oapi-guard.yaml:4:31 the output shop/c.go is generated already: choose another one [config-output]
oapi-guard.yaml:5:34 client.output shop/c.go is an output already: choose another one [config-output]`},
		{name: "a typed client in a folder without a package's name", config: goodConfig + "client: {config: c.yaml, output: my-shop/c.go}\n", files: goodClient(),
			want: `oapi-guard.yaml:4:34 the client's folder is called "my-shop", which is no name for a package that is imported: choose another one [config-package]`},
		{name: "a typed client beside another package", config: goodConfig + "client: {config: c.yaml, output: shop/c.go}\n", files: with(goodClient(), "shop/a.go", "package other\n"),
			want: `oapi-guard.yaml:4:34 the folder of client.output holds the package other (a.go), and a folder holds one package: choose another one [config-package]`},
		{name: "outputs are no list", config: goodConfig + "outputs: x\n", want: `oapi-guard.yaml:4:10 outputs must be a list, not a string [config-type]`},
		{name: "NUL", config: strings.Replace(goodConfig, "openapi.yaml", `"a\0b"`, 1), want: "oapi-guard.yaml:1:7 spec holds a NUL byte [config-value]"},
		{name: "URLs", config: "spec: https://a/b.yaml\nserver: oapi-codegen.yaml\noutput: a/g.go\nallow-remote-refs: [a.yaml, 'https://a/b#c', 'https:///x']\n",
			want: `oapi-guard.yaml:1:7 spec must be a local file: download https://a/b.yaml and keep it beside the code [config-value]
oapi-guard.yaml:4:20 "a.yaml" is neither the URL of a document without a fragment nor "*" [config-value]
oapi-guard.yaml:4:20 "https:///x" is neither the URL of a document without a fragment nor "*" [config-value]
oapi-guard.yaml:4:20 "https://a/b#c" is neither the URL of a document without a fragment nor "*" [config-value]`},
		{name: "no oapi-codegen configuration", config: strings.Replace(goodConfig, "oapi-codegen", "other", 1),
			want: "oapi-guard.yaml:2:9 the oapi-codegen configuration other.yaml cannot be read: no such file or directory [config-file]"},
		{name: "output without .go", config: strings.Replace(goodConfig, ".gen.go", "", 1), want: "oapi-guard.yaml:3:9 output apiguard/guards must end in .go [config-output]"},
		{name: "output a test", config: strings.Replace(goodConfig, ".gen.go", "_test.go", 1),
			want: "oapi-guard.yaml:3:9 output apiguard/guards_test.go is a test file, which a build leaves out: choose a name that does not end in _test.go [config-output]"},
		{name: "output ignored", config: strings.Replace(goodConfig, "guards.gen", "_guards", 1),
			want: "oapi-guard.yaml:3:9 output apiguard/_guards.go is a file that the go command ignores: choose a name that does not begin with _ or a dot [config-output]"},
		{name: "output for one system", config: strings.Replace(goodConfig, "guards.gen", "guards_plan9", 1),
			want: "oapi-guard.yaml:3:9 output apiguard/guards_plan9.go is for one operating system or architecture only, by its name: choose another one [config-output]"},
		{name: "output for one architecture", config: strings.Replace(goodConfig, "guards.gen", "guards_arm64", 1),
			want: "oapi-guard.yaml:3:9 output apiguard/guards_arm64.go is for one operating system or architecture only, by its name: choose another one [config-output]"},
		{name: "output hidden", config: strings.Replace(goodConfig, "guards.gen", ".guards", 1),
			want: "oapi-guard.yaml:3:9 output apiguard/.guards.go is a file that the go command ignores: choose a name that does not begin with _ or a dot [config-output]"},
		{name: "output a folder", config: goodConfig, files: map[string]string{"apiguard/guards.gen.go/x": "x"},
			want: "oapi-guard.yaml:3:9 output apiguard/guards.gen.go is a folder: add a file name, like guards.gen.go [config-output]"},
		{name: "output the server file", config: strings.Replace(goodConfig, "apiguard/guards", "api/../api/api", 1),
			want: "oapi-guard.yaml:3:9 output api/api.gen.go is the server file: choose another one [config-output]"},
		{name: "folder no package name", config: strings.Replace(goodConfig, "apiguard", "api-guard", 1),
			want: `oapi-guard.yaml:3:9 "api-guard" is not a package name: set package to a lower-case word [config-package]`},
		{name: "keyword", config: goodConfig + "package: func\n", want: `oapi-guard.yaml:4:10 "func" is not a package name: set package to a lower-case word [config-package]`},
		{name: "blank", config: goodConfig + "package: _\n", want: `oapi-guard.yaml:4:10 "_" is not a package name: set package to a lower-case word [config-package]`},
		{name: "other package in the server's folder", config: strings.Replace(goodConfig, "apiguard", "api", 1) + "package: apiguard\n",
			want: "oapi-guard.yaml:4:10 output lies in the server's folder, so package must be api, not apiguard [config-package]"},
		{name: "no server file", files: map[string]string{"api/api.gen.go": ""},
			want: "oapi-codegen.yaml:2:9 the server file api/api.gen.go was not found (searched in .): run oapi-codegen first, or name it in oapi-guard.yaml, server: {config: …, file: …} [config-codegen-path]"},
		{name: "no server file, everywhere", config: strings.Replace(goodConfig, "oapi-codegen", "gen/oapi-codegen", 1),
			files: map[string]string{"gen/oapi-codegen.yaml": "package: x\noutput: y.go\ngenerate: {chi-server: true}\n"},
			want:  "gen/oapi-codegen.yaml:2:9 the server file y.go was not found (searched in gen, .): run oapi-codegen first, or name it in oapi-guard.yaml, server: {config: …, file: …} [config-codegen-path]"},
		{name: "output to standard output", codegen: strings.Replace(goodCodegen, "output: api/api.gen.go\n", "", 1),
			want: "oapi-codegen.yaml output is missing: set it, or name the server file in oapi-guard.yaml, server: {config: …, file: …} [config-codegen-path]"},
		{name: "no overlay", codegen: goodCodegen + "output-options:\n  overlay: {path: o.yaml}\n", want: "oapi-codegen.yaml:5:12 the overlay o.yaml was not found (searched in .) [config-codegen-path]"},
		{name: "codegen: no YAML", codegen: "package: a\noutput: {\n", want: "oapi-codegen.yaml:2 this is not YAML: did not find expected node content [config-syntax]"},
		{name: "codegen: unknown keys", codegen: goodCodegen + "output-options: {include-tag: [x], overlay: {Path: y}}\nunknown: 1\n",
			want: `oapi-codegen.yaml:4:18 oapi-codegen does not know the key "include-tag"; did you mean "include-tags"? [config-key]
oapi-codegen.yaml:4:46 oapi-codegen does not know the key "Path"; did you mean "path"? [config-key]
oapi-codegen.yaml:5:1 oapi-codegen does not know the key "unknown"; known are package, generate, compatibility, output-options, import-mapping, allow-remote-refs-from, additional-imports, output [config-key]`},
		{name: "codegen: duplicate", codegen: goodCodegen + "generate: {models: true}\n", want: "oapi-codegen.yaml:4:1 generate is already given in line 3 [config-duplicate-key]"},
		{name: "codegen: types", codegen: "package: [a]\noutput: api/api.gen.go\ngenerate:\n  chi-server: 7\n",
			want: "oapi-codegen.yaml:4:15 generate.chi-server must be true or false, not 7 [config-type]"},
		{name: "codegen: types elsewhere", codegen: strings.Replace(goodCodegen, "package: api\n", "package: [a]\n", 1),
			want: "oapi-codegen.yaml:1 oapi-codegen refuses its configuration: cannot unmarshal !!seq into string [config-type]"},
		{name: "codegen: quoted", codegen: "package: api\noutput: api/api.gen.go\ngenerate:\n  gin-server: \"true\"\n",
			want: "oapi-codegen.yaml:4:15 generate.gin-server must be true or false, not a string [config-type]"},
		{name: "a number for true", config: goodConfig + "generate: {server: 1}\n", want: "oapi-guard.yaml:4:20 generate.server must be true or false, not 1 [config-type]"},
		{name: "codegen: a server by name", codegen: "package: api\noutput: api/api.gen.go\ngenerate: chi\n",
			want: `oapi-codegen.yaml:3:11 generate must be keys and values, not "chi": write generate: {chi-server: true, models: true} [config-type]`},
		{name: "codegen: a word", codegen: "package: api\noutput: api/api.gen.go\ngenerate: everything\n",
			want: `oapi-codegen.yaml:3:11 generate must be keys and values, not "everything" [config-type]`},
		{name: "codegen: unknown servers", codegen: "package: api\noutput: api/api.gen.go\ngenerate: {fiber3-server: true, chi: true, echo-v5-server: true, net-http: true, stric-server: true, iris-servr: true, actix: true}\n",
			want: `oapi-codegen.yaml:3:12 oapi-codegen does not know the key "fiber3-server"; did you mean "fiber-v3-server"? [config-key]
oapi-codegen.yaml:3:33 oapi-codegen does not know the key "chi"; did you mean "chi-server"? [config-key]
oapi-codegen.yaml:3:44 oapi-codegen does not know the key "echo-v5-server"; did you mean "echo5-server"? [config-key]
oapi-codegen.yaml:3:66 oapi-codegen does not know the key "net-http"; did you mean "std-http-server"? [config-key]
oapi-codegen.yaml:3:82 oapi-codegen does not know the key "stric-server"; did you mean "strict-server"? [config-key]
oapi-codegen.yaml:3:102 oapi-codegen does not know the key "iris-servr"; did you mean "iris-server"? [config-key]
oapi-codegen.yaml:3:120 oapi-codegen does not know the key "actix"; known are iris-server, chi-server, fiber-server, fiber-v3-server, echo-server, echo5-server, gin-server, gorilla-server, std-http-server, strict-server, client, models, embedded-spec, server-urls [config-key]`},
		{name: "codegen: a server twice", codegen: "package: api\noutput: api/api.gen.go\ngenerate: {chi-server: false, chi-server: true}\n",
			want: "oapi-codegen.yaml:3:31 chi-server is already given in line 3 [config-duplicate-key]"},
		{name: "codegen: all servers off", codegen: "package: api\noutput: api/api.gen.go\ngenerate: {chi-server: false, models: true}\n",
			want: "oapi-codegen.yaml:3:11 generate selects no server: set one of " + servers() + " to true [config-framework]"},
		{name: "codegen: nothing below generate", codegen: "package: api\noutput: api/api.gen.go\ngenerate:\n",
			want: "oapi-codegen.yaml:3:10 generate selects no server: set one of " + servers() + " to true [config-framework]"},
		{name: "codegen: unknown key in a list", codegen: goodCodegen + "additional-imports: [{alias: a, pakage: b}]\n",
			want: "oapi-codegen.yaml:4 oapi-codegen refuses its configuration: field pakage not found in type codegen.AdditionalImport [config-type]"},
		{name: "codegen: old style", codegen: "package: api\noutput: api/api.gen.go\ngenerate: [chi-server, types]\n",
			want: "oapi-codegen.yaml:3:11 this is oapi-codegen's old configuration style: write generate: {chi-server: true, models: true} instead of the list, and move filters to output-options [config-codegen-old-style]"},
		{name: "codegen: no server", codegen: "package: api\noutput: api/api.gen.go\ngenerate: {models: true}\n",
			want: "oapi-codegen.yaml:3:11 generate selects no server: set one of " + servers() + " to true [config-framework]"},
		{name: "codegen: nothing to generate", codegen: "package: api\noutput: api/api.gen.go\n",
			want: "oapi-codegen.yaml generate selects no server: set one of " + servers() + " to true [config-framework]"},
		{name: "codegen: two servers", codegen: "package: api\noutput: api/api.gen.go\ngenerate: {chi-server: true, echo-server: true}\n",
			want: "oapi-codegen.yaml:3:11 generate selects several servers (chi-server, echo-server): keep one [config-framework]"},
		{name: "codegen: no package", codegen: strings.Replace(goodCodegen, "package: api\n", "", 1),
			want: "oapi-codegen.yaml oapi-codegen refuses its configuration: package name must be specified [config-codegen]"},
		{name: "codegen: impossible options", codegen: goodCodegen + "output-options: {additional-initialisms: [x]}\n",
			want: "oapi-codegen.yaml oapi-codegen refuses its configuration: failed to validate configuration: `output-options` configuration for additional-initialisms was incorrect: You have specified `additional-initialisms`, but the `name-normalizer` is not set to `ToCamelCaseWithInitialisms`. Please specify `name-normalizer: ToCamelCaseWithInitialisms` or remove the `additional-initialisms` configuration [config-codegen]"},
	}
}

// servers are the keys of all servers.
func servers() string {
	var keys []string
	for _, f := range framework.All() {
		keys = append(keys, f.GenerateKey())
	}
	return strings.Join(keys, ", ")
}

func TestLoadRefuses(t *testing.T) {
	for _, test := range refusals() {
		t.Run(test.name, func(t *testing.T) {
			files := map[string]string{}
			for name, content := range test.files {
				files[name] = content
			}
			if test.config != "" {
				files["oapi-guard.yaml"] = test.config
			}
			if test.codegen != "" {
				files["oapi-codegen.yaml"] = test.codegen
			}
			project(t, files)
			c, diags := Load("oapi-guard.yaml")
			var got []string
			for _, d := range diags {
				got = append(got, fmt.Sprintf("%s %s [%s]", d.Position, d.Message, d.Rule.ID))
			}
			if text := strings.Join(got, "\n"); c != nil || text != test.want {
				t.Errorf("got\n%s\nwant\n%s", text, test.want)
			}
		})
	}
}

func TestLoadMissing(t *testing.T) {
	project(t, nil)
	write(t, "empty/x.txt", "")
	write(t, "elsewhere/orders.yaml", "")
	const missing = "the configuration cannot be read (no such file or directory)"
	for path, want := range map[string]string{
		"other.yaml":           missing + ": the folder has oapi-guard.yaml",
		"oapi_gaurd.yaml":      missing + `; did you mean "oapi-guard.yaml"?`,
		"elsewhere/order.yaml": missing + `; did you mean "orders.yaml"?`,
		"empty/nope.yaml":      missing + ": oapi-guard init -c empty/nope.yaml writes one",
		"none/oapi-guard.yaml": missing + ": oapi-guard init -c none/oapi-guard.yaml writes one",
		"api":                  "the configuration cannot be read (is a directory)",
	} {
		c, diags := Load(path)
		if c != nil || len(diags) != 1 || diags[0].Message != want || diags[0].Position.String() != path || diags[0].Rule != ruleFile {
			t.Errorf("%s: %v", path, diags)
		}
	}
}

// TestRulesCovered has a refusal for every rule.
func TestRulesCovered(t *testing.T) {
	for _, rule := range Rules() {
		covered := false
		for _, test := range refusals() {
			covered = covered || strings.Contains(test.want, "["+rule.ID+"]")
		}
		if !covered {
			t.Errorf("no refusal has the rule %s", rule.ID)
		}
	}
}
