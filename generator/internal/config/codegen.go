package config

import (
	"bytes"
	"errors"
	"os"
	"reflect"
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

// loadCodegen reads the oapi-codegen configuration, or nothing if it has errors.
func (c *Config) loadCodegen(diags *diag.List) *codegenFile {
	content, err := os.ReadFile(c.ServerConfig)
	if err != nil {
		diags.Report(c.Position("server.config"), ruleFile, "the oapi-codegen configuration %s cannot be read: %s", c.ServerConfig, cause(err))
		return nil
	}
	file := &codegenFile{path: c.ServerConfig}
	before := len(*diags)
	if file.decode(content, diags); len(*diags) > before {
		return nil
	}
	c.Codegen, c.Strict = file.Configuration, file.Generate.Strict
	c.Framework = file.framework(diags)
	if err := file.Validate(); err != nil && len(*diags) == before {
		diags.Report(diag.Position{File: file.path}, ruleCodegen, "oapi-codegen refuses its configuration: %s", oneLine(err))
	}
	return file
}

// decode reads the file as strictly as oapi-codegen does.
func (f *codegenFile) decode(content []byte, diags *diag.List) {
	f.root = parseYAML(f.path, content, diags)
	if f.root == nil {
		return
	}
	if generate := lookup(f.root, "generate"); generate != nil && generate.Kind == yaml.SequenceNode {
		diags.Report(position(f.path, generate), ruleOldStyle,
			"this is oapi-codegen's old configuration style: write generate: {std-http-server: true, models: true} instead of the list, "+
				"and move filters below output-options:")
		return
	}
	before := len(*diags)
	checkGenerate(f.path, lookup(f.root, "generate"), diags)
	checkKeys(f.path, f.root, reflect.TypeFor[codegenFile](), diags)
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	decoder.KnownFields(true)
	if err := decoder.Decode(f); err != nil && len(*diags) == before {
		f.reportTypes(err, diags)
	}
}

// reportTypes reports every error of the YAML library at its line.
func (f *codegenFile) reportTypes(err error, diags *diag.List) {
	messages := []string{err.Error()}
	var typeError *yaml.TypeError
	if errors.As(err, &typeError) {
		messages = typeError.Errors
	}
	for _, message := range messages {
		at, text := yamlError(f.path, message)
		diags.Report(at, ruleType, "oapi-codegen refuses its configuration: %s", text)
	}
}

// checkKeys reports keys that a struct of oapi-codegen's configuration does not have, and keys given twice.
func checkKeys(path string, mapping *yaml.Node, target reflect.Type, diags *diag.List) {
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
			checkKeys(path, value, field, diags)
		}
	}
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
func (f *codegenFile) framework(diags *diag.List) framework.Framework {
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
		diags.Report(at, ruleFramework, "no server is selected below generate: set one of %s to true", choices)
	case len(selected) > 1:
		diags.Report(at, ruleFramework, "several servers are selected (%s): keep one", strings.Join(selected, ", "))
	}
	return chosen
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

// oneLine joins the lines of an error for a diagnostic.
func oneLine(err error) string {
	return strings.Join(strings.Fields(err.Error()), " ")
}
