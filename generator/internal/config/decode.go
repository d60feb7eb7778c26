package config

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/yamlerror"
)

// decode fills the configuration from YAML, by the table of keys.
func (l *loader) decode(content []byte) {
	root, diags := parseYAML(l.Path, content)
	if l.diags.Add(diags); root != nil {
		l.group(root, "", keys())
	}
}

// parseYAML reads a file that holds one document, whose root is a mapping.
func parseYAML(path string, content []byte) (*yaml.Node, diag.List) {
	var document, second yaml.Node
	var diags diag.List
	reader := yaml.NewDecoder(bytes.NewReader(content))
	if err := reader.Decode(&document); err != nil && !errors.Is(err, io.EOF) {
		at, message := yamlerror.Locate(path, content, err)
		diags.Report(at, ruleSyntax, "this is not YAML: %s", message)
		return nil, diags
	}
	if len(document.Content) == 0 || document.Content[0].Kind != yaml.MappingNode {
		diags.Report(diag.Position{File: path}, ruleSyntax, "the file must hold keys and values, \"key: value\"")
		return nil, diags
	}
	if err := reader.Decode(&second); !errors.Is(err, io.EOF) {
		diags.Report(diag.Position{File: path, Line: second.Line}, ruleSyntax, "the file must hold one YAML document: remove the line --- and everything behind it")
		return nil, diags
	}
	return document.Content[0], nil
}

var yamlLine = regexp.MustCompile(`^(?:yaml: )?(?:unmarshal errors:\s*)?line ([0-9]+): `)

// yamlError splits a message about a type of the YAML library into position and text.
func yamlError(path, message string) (diag.Position, string) {
	match := yamlLine.FindStringSubmatch(message)
	if match == nil {
		return diag.Position{File: path}, strings.TrimPrefix(message, "yaml: ")
	}
	line, err := strconv.Atoi(match[1])
	if err != nil {
		return diag.Position{File: path}, message
	}
	return diag.Position{File: path, Line: line}, message[len(match[0]):]
}

func position(path string, node *yaml.Node) diag.Position {
	return diag.Position{File: path, Line: node.Line, Column: node.Column}
}

func (l *loader) at(node *yaml.Node) diag.Position { return position(l.Path, node) }

// group reads the keys of a mapping; prefix is "" for the root and "server." under server.
func (l *loader) group(mapping *yaml.Node, prefix string, known []key) {
	seen := map[string]*yaml.Node{}
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		name, value := mapping.Content[i], mapping.Content[i+1]
		k := find(known, name)
		first, twice := seen[name.Value]
		switch {
		case k == nil:
			l.diags.Report(l.at(name), ruleKey, "unknown key %s%s", quoteKey(name), diag.DidYouMeanOneOf(name.Value, names(known)))
		case twice:
			l.diags.Report(l.at(name), ruleDuplicate, "%s is already given in line %d", prefix+name.Value, first.Line)
		default:
			seen[name.Value] = name
			l.value(value, prefix+k.name, *k)
		}
	}
	for _, k := range known {
		if k.required && seen[k.name] == nil {
			l.diags.Report(l.missingAt(mapping, prefix), ruleMissing, "%s is missing: %s", prefix+k.name, k.doc)
		}
	}
}

// missingAt is the place of a missing key: the file for the root, the mapping for a group.
func (l *loader) missingAt(mapping *yaml.Node, prefix string) diag.Position {
	if prefix == "" {
		return diag.Position{File: l.Path}
	}
	return l.at(mapping)
}

// value reads the value of a key.
func (l *loader) value(node *yaml.Node, path string, k key) {
	l.positions[path] = l.at(node)
	switch {
	case k.field != nil:
		l.store(node, path, k.field(l.Config))
		l.checkValue(node, path, k)
	case k.items != nil:
		l.list(node, path, k)
	case k.none != nil && node.Kind == yaml.ScalarNode && strings.EqualFold(node.Value, none):
		*k.none(l.Config) = true
		l.checkValue(node, path, key{values: []string{none}})
	case node.Kind == yaml.MappingNode:
		l.group(node, path+".", k.keys)
	case k.short != "" && node.Kind == yaml.ScalarNode:
		l.value(node, path+"."+k.short, *find(k.keys, &yaml.Node{Kind: yaml.ScalarNode, Value: k.short}))
	default:
		l.mismatch(node, path, "keys and values")
	}
}

// list reads a list of groups.
func (l *loader) list(node *yaml.Node, path string, k key) {
	if node.Kind != yaml.SequenceNode {
		l.mismatch(node, path, "a list")
		return
	}
	for i, item := range node.Content {
		element := path + "[" + strconv.Itoa(i) + "]"
		l.positions[element] = l.at(item)
		if item.Kind != yaml.MappingNode {
			l.mismatch(item, element, "keys and values")
			continue
		}
		k.next(l.Config)
		l.group(item, element+".", k.items)
	}
}

// checkValue refuses a string that the key cannot have.
func (l *loader) checkValue(node *yaml.Node, path string, k key) {
	if k.values != nil && node.ShortTag() == "!!str" && !slices.Contains(k.values, node.Value) {
		l.diags.Report(l.at(node), ruleValue, "%s cannot be %q%s", path, node.Value, diag.DidYouMeanOneOf(node.Value, k.values))
	}
}

// store reads a value into a field of the configuration.
func (l *loader) store(node *yaml.Node, path string, field any) {
	switch field := field.(type) {
	case *string:
		*field = l.text(node, path)
	case vetSetting:
		field.set(l.text(node, path))
	case *bool:
		if node.ShortTag() != "!!bool" || node.Decode(field) != nil {
			l.mismatch(node, path, "true or false")
		}
	case *[]string:
		if node.Kind != yaml.SequenceNode {
			l.mismatch(node, path, "a list of strings")
			return
		}
		*field = []string{}
		for _, item := range node.Content {
			*field = append(*field, l.text(item, path))
		}
	}
}

// text reads a string that is not empty.
func (l *loader) text(node *yaml.Node, path string) string {
	switch {
	case node.Kind != yaml.ScalarNode || node.ShortTag() != "!!str":
		l.mismatch(node, path, "a string")
	case strings.TrimSpace(node.Value) == "":
		l.diags.Report(l.at(node), ruleValue, "%s is empty", path)
	case strings.ContainsRune(node.Value, 0):
		l.diags.Report(l.at(node), ruleValue, "%s holds a NUL byte", path)
	}
	return node.Value
}

func (l *loader) mismatch(node *yaml.Node, path, want string) {
	hint := ""
	if want == "a string" && node.Kind == yaml.ScalarNode && node.ShortTag() != "!!null" && node.ShortTag() != "!!bool" {
		hint = " (quote it to make it a string)"
	}
	l.diags.Report(l.at(node), ruleType, "%s must be %s, not %s%s", path, want, describe(node), hint)
}

// describe names a YAML value in words.
func describe(node *yaml.Node) string {
	switch node.Kind {
	case yaml.MappingNode:
		return "keys and values"
	case yaml.SequenceNode:
		return "a list"
	case yaml.AliasNode:
		return "an alias"
	}
	switch node.ShortTag() {
	case "!!null":
		return "nothing"
	case "!!str":
		return "a string"
	}
	return node.Value
}

func find(known []key, name *yaml.Node) *key {
	for i := range known {
		if name.Kind == yaml.ScalarNode && known[i].name == name.Value {
			return &known[i]
		}
	}
	return nil
}

func names(known []key) []string {
	var all []string
	for _, k := range known {
		all = append(all, k.name)
	}
	return all
}

// quoteKey is a key of any kind for a message.
func quoteKey(name *yaml.Node) string {
	if name.Kind != yaml.ScalarNode {
		return "(" + describe(name) + ")"
	}
	return strconv.Quote(name.Value)
}
