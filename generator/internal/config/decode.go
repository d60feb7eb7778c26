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
)

// decoder fills a configuration from a YAML tree, by the table of keys.
type decoder struct {
	config *Config
	diags  *diag.List
}

func (c *Config) decode(content []byte, diags *diag.List) {
	root := parseYAML(c.Path, content, diags)
	if root == nil {
		return
	}
	d := decoder{c, diags}
	d.group(root, "", keys())
}

// parseYAML reads a file that holds one document, whose root is a mapping.
func parseYAML(path string, content []byte, diags *diag.List) *yaml.Node {
	var document, second yaml.Node
	reader := yaml.NewDecoder(bytes.NewReader(content))
	if err := reader.Decode(&document); err != nil && !errors.Is(err, io.EOF) {
		at, message := yamlError(path, err.Error())
		diags.Report(at, ruleSyntax, "this is not YAML: %s", message)
		return nil
	}
	if len(document.Content) == 0 || document.Content[0].Kind != yaml.MappingNode {
		diags.Report(diag.Position{File: path}, ruleSyntax, "the file must hold keys and values, \"key: value\"")
		return nil
	}
	if err := reader.Decode(&second); !errors.Is(err, io.EOF) {
		diags.Report(diag.Position{File: path, Line: second.Line}, ruleSyntax, "the file must hold one YAML document: remove the line --- and what follows")
		return nil
	}
	return document.Content[0]
}

var yamlLine = regexp.MustCompile(`^(?:yaml: )?(?:unmarshal errors:\s*)?line ([0-9]+): `)

// yamlError takes the line out of an error message of the YAML library.
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

func (d decoder) at(node *yaml.Node) diag.Position { return position(d.config.Path, node) }

// group reads the keys below a mapping; prefix is "" for the root and "server." below server.
func (d decoder) group(mapping *yaml.Node, prefix string, known []key) {
	seen := map[string]*yaml.Node{}
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		name, value := mapping.Content[i], mapping.Content[i+1]
		k := find(known, name)
		first, twice := seen[name.Value]
		switch {
		case k == nil:
			d.diags.Report(d.at(name), ruleKey, "unknown key %s%s", quoteKey(name), suggestion(name.Value, names(known)))
		case twice:
			d.diags.Report(d.at(name), ruleDuplicate, "%s is already given in line %d", prefix+name.Value, first.Line)
		default:
			seen[name.Value] = name
			d.value(value, prefix+k.name, *k)
		}
	}
	for _, k := range known {
		if k.required && seen[k.name] == nil {
			d.diags.Report(d.missingAt(mapping, prefix), ruleMissing, "%s is missing: %s", prefix+k.name, k.doc)
		}
	}
}

// missingAt is where a missing key would be: the file for the root, the mapping below it.
func (d decoder) missingAt(mapping *yaml.Node, prefix string) diag.Position {
	if prefix == "" {
		return diag.Position{File: d.config.Path}
	}
	return d.at(mapping)
}

// value reads what stands behind a key.
func (d decoder) value(node *yaml.Node, path string, k key) {
	d.config.positions[path] = d.at(node)
	switch {
	case k.field != nil:
		d.store(node, path, k.field(d.config))
		d.checkValue(node, path, k)
	case k.items != nil:
		d.list(node, path, k)
	case node.Kind == yaml.MappingNode:
		d.group(node, path+".", k.keys)
	case k.short != "" && node.Kind == yaml.ScalarNode:
		d.value(node, path+"."+k.short, *find(k.keys, &yaml.Node{Kind: yaml.ScalarNode, Value: k.short}))
	default:
		d.mismatch(node, path, "keys and values")
	}
}

// list reads a list of groups.
func (d decoder) list(node *yaml.Node, path string, k key) {
	if node.Kind != yaml.SequenceNode {
		d.mismatch(node, path, "a list")
		return
	}
	for i, item := range node.Content {
		element := path + "[" + strconv.Itoa(i) + "]"
		d.config.positions[element] = d.at(item)
		if item.Kind != yaml.MappingNode {
			d.mismatch(item, element, "keys and values")
			continue
		}
		k.next(d.config)
		d.group(item, element+".", k.items)
	}
}

// checkValue refuses a string that is none of those that the key may have.
func (d decoder) checkValue(node *yaml.Node, path string, k key) {
	if k.values != nil && node.ShortTag() == "!!str" && !slices.Contains(k.values, node.Value) {
		d.diags.Report(d.at(node), ruleValue, "%s cannot be %q%s", path, node.Value, suggestion(node.Value, k.values))
	}
}

// store reads a value into a field of the configuration.
func (d decoder) store(node *yaml.Node, path string, field any) {
	switch field := field.(type) {
	case *string:
		*field = d.text(node, path)
	case *bool:
		if node.ShortTag() != "!!bool" || node.Decode(field) != nil {
			d.mismatch(node, path, "true or false")
		}
	case *[]string:
		if node.Kind != yaml.SequenceNode {
			d.mismatch(node, path, "a list of strings")
			return
		}
		*field = []string{}
		for _, item := range node.Content {
			*field = append(*field, d.text(item, path))
		}
	}
}

// text reads a string that is not empty.
func (d decoder) text(node *yaml.Node, path string) string {
	switch {
	case node.Kind != yaml.ScalarNode || node.ShortTag() != "!!str":
		d.mismatch(node, path, "a string")
	case strings.TrimSpace(node.Value) == "":
		d.diags.Report(d.at(node), ruleValue, "%s is empty", path)
	case strings.ContainsRune(node.Value, 0):
		d.diags.Report(d.at(node), ruleValue, "%s holds a NUL byte", path)
	}
	return node.Value
}

func (d decoder) mismatch(node *yaml.Node, path, want string) {
	hint := ""
	if want == "a string" && node.Kind == yaml.ScalarNode && node.ShortTag() != "!!null" && node.ShortTag() != "!!bool" {
		hint = " (quote it to make it a string)"
	}
	d.diags.Report(d.at(node), ruleType, "%s must be %s, not %s%s", path, want, describe(node), hint)
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

// quoteKey is a key for a message, whatever it is.
func quoteKey(name *yaml.Node) string {
	if name.Kind != yaml.ScalarNode {
		return "(" + describe(name) + ")"
	}
	return strconv.Quote(name.Value)
}
