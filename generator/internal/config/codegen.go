package config

import (
	"bytes"
	"errors"
	"os"
	"reflect"
	"slices"
	"strings"

	"github.com/oapi-codegen/oapi-codegen/v2/pkg/codegen"
	"go.yaml.in/yaml/v3"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/framework"
)

// codegenFile is oapi-codegen's configuration file.
type codegenFile struct {
	codegen.Configuration `yaml:",inline"`
	Output                string `yaml:"output"`

	path string
	root *yaml.Node
}

// loadCodegen reads the oapi-codegen configuration. There is none when it has errors.
func (l *loader) loadCodegen() *codegenFile {
	content, err := os.ReadFile(l.ServerConfig)
	if err != nil {
		l.diags.Report(l.Position("server.config"), ruleFile, "the oapi-codegen configuration %s cannot be read: %s", l.ServerConfig, cause(err))
		return nil
	}
	file := &codegenFile{path: l.ServerConfig}
	diags := file.decode(content)
	if l.diags.Add(diags); len(diags) > 0 {
		return nil
	}
	l.Codegen, l.Strict = file.Configuration, file.Generate.Strict
	l.filterPositions(file)
	l.Framework, diags = file.framework()
	if err := file.Validate(); err != nil && len(diags) == 0 {
		diags.Report(diag.Position{File: file.path}, ruleCodegen, "oapi-codegen refuses its configuration: %s", oneLine(err))
	}
	l.diags.Add(diags)
	return file
}

// decode reads the file as strictly as oapi-codegen does.
func (f *codegenFile) decode(content []byte) diag.List {
	root, diags := parseYAML(f.path, content)
	if root == nil {
		return diags
	}
	f.root = root
	generate := lookup(root, "generate")
	if generate != nil && generate.Kind == yaml.SequenceNode {
		diags.Report(position(f.path, generate), ruleOldStyle,
			"this is oapi-codegen's old configuration style: write %s instead of the list, and move filters to output-options", newStyle(valuesOf(generate)))
		return diags
	}
	diags.Add(checkGenerate(f.path, generate))
	diags.Add(checkKeys(f.path, root, reflect.TypeFor[codegenFile]()))
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	decoder.KnownFields(true)
	if err := decoder.Decode(f); err != nil && len(diags) == 0 {
		return f.typeProblems(err)
	}
	return diags
}

// typeProblems are the errors of the YAML library, each at its line.
func (f *codegenFile) typeProblems(err error) diag.List {
	messages := []string{err.Error()}
	var typeError *yaml.TypeError
	if errors.As(err, &typeError) {
		messages = typeError.Errors
	}
	var diags diag.List
	for _, message := range messages {
		at, text := yamlError(f.path, message)
		diags.Report(at, ruleType, "oapi-codegen refuses its configuration: %s", text)
	}
	return diags
}

// checkKeys reports keys that a struct of oapi-codegen's configuration does not have, and keys given twice.
func checkKeys(path string, mapping *yaml.Node, target reflect.Type) diag.List {
	var diags diag.List
	fields := fieldsOf(target)
	seen := map[string]int{}
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		name, value := mapping.Content[i], mapping.Content[i+1]
		field, known := fields.types[name.Value]
		first, twice := seen[name.Value]
		seen[name.Value] = name.Line
		switch {
		case name.Kind != yaml.ScalarNode || name.Value == "<<":
		case twice:
			diags.Report(position(path, name), ruleDuplicate, "%s is already given in line %d", name.Value, first)
		case !known:
			diags.Report(position(path, name), ruleKey, "oapi-codegen does not know the key %s%s", quoteKey(name), suggestKey(name.Value, target, fields.names))
		case field.Kind() == reflect.Struct && value.Kind == yaml.MappingNode:
			diags.Add(checkKeys(path, value, field))
		}
	}
	return diags
}

// yamlFields are the keys of a struct, as its tags name them.
type yamlFields struct {
	names []string
	types map[string]reflect.Type
}

func fieldsOf(target reflect.Type) yamlFields {
	fields := yamlFields{types: map[string]reflect.Type{}}
	for i := range target.NumField() {
		field := target.Field(i)
		name, options, _ := strings.Cut(field.Tag.Get("yaml"), ",")
		switch {
		case options == "inline":
			inner := fieldsOf(field.Type)
			fields.names = append(fields.names, inner.names...)
			for name, kind := range inner.types {
				fields.types[name] = kind
			}
		case name != "-" && field.IsExported():
			if name == "" {
				name = strings.ToLower(field.Name)
			}
			fields.names = append(fields.names, name)
			fields.types[name] = pointed(field.Type)
		}
	}
	return fields
}

func pointed(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}

// framework is the one server that is selected.
func (f *codegenFile) framework() (framework.Framework, diag.List) {
	var diags diag.List
	var selected, all []string
	var chosen framework.Framework
	for _, known := range framework.All() {
		all = append(all, known.GenerateKey())
		if known.Selected(f.Generate) {
			selected, chosen = append(selected, known.GenerateKey()), known
		}
	}
	at, choices := f.generatePosition(), strings.Join(all, ", ")
	switch {
	case len(selected) == 0:
		diags.Report(at, ruleFramework, "generate selects no server: set one of %s to true", choices)
	case len(selected) > 1:
		diags.Report(at, ruleFramework, "generate selects several servers (%s): keep one", strings.Join(selected, ", "))
	}
	return chosen, diags
}

func (f *codegenFile) generatePosition() diag.Position {
	if generate := lookup(f.root, "generate"); generate != nil {
		return position(f.path, generate)
	}
	return diag.Position{File: f.path}
}

// lookup is the value of a key of a mapping, or nil.
func lookup(mapping *yaml.Node, name string) *yaml.Node {
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == name {
			return mapping.Content[i+1]
		}
	}
	return nil
}

// filterPositions notes where the values of output options are.
func (l *loader) filterPositions(file *codegenFile) {
	options := lookup(file.root, "output-options")
	if options == nil {
		return
	}
	for i := 0; i+1 < len(options.Content); i += 2 {
		for _, v := range options.Content[i+1].Content {
			l.positions[filterKey(options.Content[i].Value, v.Value)] = position(file.path, v)
		}
	}
}

func filterKey(option, value string) string { return "output-options." + option + "=" + value }

// FilterPosition is that of a value of an output option of the oapi-codegen configuration, "exclude-tags" for example.
func (c *Config) FilterPosition(option, value string) diag.Position {
	if at, ok := c.positions[filterKey(option, value)]; ok {
		return at
	}
	return diag.Position{File: c.ServerConfig}
}

func valuesOf(list *yaml.Node) []string {
	var values []string
	for _, item := range list.Content {
		values = append(values, item.Value)
	}
	return values
}

// oneLine joins the lines of an error for a diagnostic.
func oneLine(err error) string {
	return strings.Join(strings.Fields(err.Error()), " ")
}

// checkGenerate reports a generate of oapi-codegen's configuration that is not keys with true or false, each at
// its value. The old style, a list, is reported before.
func checkGenerate(path string, generate *yaml.Node) diag.List {
	if generate == nil {
		return nil
	}
	var diags diag.List
	if generate.Kind == yaml.ScalarNode && generate.ShortTag() != "!!null" {
		diags.Report(position(path, generate), ruleType, "generate must be keys and values, not %q%s", generate.Value, meantServer(generate.Value))
		return diags
	}
	for i := 0; i+1 < len(generate.Content); i += 2 {
		name, value := generate.Content[i], generate.Content[i+1]
		known := slices.Contains(fieldsOf(reflect.TypeFor[codegen.GenerateOptions]()).names, name.Value)
		if known && value.Kind != yaml.AliasNode && value.ShortTag() != "!!bool" && value.ShortTag() != "!!null" {
			diags.Report(position(path, value), ruleType, "generate.%s must be true or false, not %s", name.Value, describe(value))
		}
	}
	return diags
}

// meantServer says how to select the server that a word means.
func meantServer(word string) string {
	switch key := serverKey(word); {
	case strings.Contains(word, ","):
		return ": write " + newStyle(strings.Split(word, ","))
	case key != "":
		return ": write generate: {" + key + ": true, models: true}"
	}
	return ""
}

// suggestKey ends a message about an unknown key. Under generate, names of routers and their versions count for
// more than letters: fiber3-server is nearer to fiber-v3-server than to fiber-server.
func suggestKey(name string, target reflect.Type, known []string) string {
	if target == reflect.TypeFor[codegen.GenerateOptions]() {
		if key := serverKey(name); key != "" {
			return diag.DidYouMean(key, []string{key})
		}
	}
	return diag.DidYouMeanOneOf(name, known)
}

// serverKey is the key of the server that a name means, or empty.
func serverKey(name string) string {
	word := strings.TrimSuffix(strings.TrimSuffix(diag.Fold(name), "servers"), "server")
	for _, f := range framework.All() {
		if slices.Contains(f.Words(), word) {
			return f.GenerateKey()
		}
	}
	return ""
}
