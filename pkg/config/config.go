// Package config reads earshot.yaml, the one configuration file of all services.
//
// The JSON Schema decides which keys exist and what they may hold, so an editor and a
// service agree; the package only decodes what has passed it. It never writes a secret
// back: see [Secret].
package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
)

// envPrefix starts the name of every environment variable that overrides a key;
// "__" separates the levels: EARSHOT__COLLECTOR__LISTEN sets collector.listen.
const envPrefix = "EARSHOT__"

// File is a configuration file that the schema accepts, environment applied.
type File struct {
	path string
	root *yaml.Node
}

// Load reads the YAML file at path, lays the EARSHOT__ variables over it and checks
// the result against schema, a JSON Schema. An empty path stands for an empty file.
// Each error names file, line, field and what is allowed.
func Load(path string, schema []byte) (*File, error) {
	var data []byte
	if path != "" {
		var err error
		if data, err = os.ReadFile(path); err != nil {
			return nil, fmt.Errorf("read configuration: %w", err)
		}
	}
	return Parse(path, data, os.Environ(), schema)
}

// Parse is [Load] on bytes and an environment of "KEY=value" entries; name stands in
// errors for the file.
func Parse(name string, data []byte, environ []string, schema []byte) (*File, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	root := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	if len(doc.Content) > 0 {
		root = doc.Content[0]
	}
	if root.Kind != yaml.MappingNode {
		return nil, fmt.Errorf("%s:%d: the file must hold keys and values", name, root.Line)
	}
	for _, entry := range environ {
		key, value, _ := strings.Cut(entry, "=")
		if rest, ok := strings.CutPrefix(key, envPrefix); ok {
			if err := set(root, strings.Split(strings.ToLower(rest), "__"), scalar(value)); err != nil {
				return nil, fmt.Errorf("environment variable %s: %w", key, err)
			}
		}
	}
	f := &File{path: name, root: root}
	return f, f.validate(schema)
}

// scalar reads the value of an environment variable as YAML, or as text if it is none.
func scalar(value string) *yaml.Node {
	var parsed yaml.Node
	if err := yaml.Unmarshal([]byte(value), &parsed); err != nil || len(parsed.Content) == 0 {
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: value}
	}
	parsed.Content[0].Line = 0 // it stands in no file
	return parsed.Content[0]
}

// set puts value at path, creating the levels above it.
func set(node *yaml.Node, path []string, value *yaml.Node) error {
	if node.Kind != yaml.MappingNode {
		return fmt.Errorf("%q is not below a section", path[0])
	}
	child := lookup(node, path[0])
	if child == nil {
		child = &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
		node.Content = append(node.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: path[0]}, child)
	}
	if len(path) == 1 {
		*child = *value
		return nil
	}
	return set(child, path[1:], value)
}

// Set puts value at a dotted path, such as "kafka.brokers", in place of what the file
// says: for what one process decides while it starts. The schema is not asked again.
func (f *File) Set(path string, value any) error {
	var node yaml.Node
	if err := node.Encode(value); err != nil {
		return fmt.Errorf("set %s: %w", path, err)
	}
	if err := set(f.root, strings.Split(path, "."), &node); err != nil {
		return fmt.Errorf("set %s: %w", path, err)
	}
	return nil
}

// lookup finds a key of a mapping or an index of a sequence, nil where there is none.
func lookup(node *yaml.Node, key string) *yaml.Node {
	for i := 0; node.Kind == yaml.MappingNode && i+1 < len(node.Content); i += 2 {
		if node.Content[i].Value == key {
			return node.Content[i+1]
		}
	}
	for i, item := range node.Content {
		if node.Kind == yaml.SequenceNode && fmt.Sprint(i) == key {
			return item
		}
	}
	return nil
}

func (f *File) validate(schema []byte) error {
	compiled, err := compile(schema)
	if err != nil {
		return err
	}
	content, err := f.content()
	if err != nil {
		return fmt.Errorf("%s: %w", f.path, err)
	}
	plain, err := json.Marshal(content)
	if err != nil {
		return fmt.Errorf("%s: %w", f.path, err)
	}
	instance, err := jsonschema.UnmarshalJSON(bytes.NewReader(plain))
	if err != nil {
		return fmt.Errorf("%s: %w", f.path, err)
	}
	var invalid *jsonschema.ValidationError
	if err := compiled.Validate(instance); errors.As(err, &invalid) {
		return errors.Join(f.explain(invalid)...)
	} else if err != nil {
		return fmt.Errorf("%s: %w", f.path, err)
	}
	return nil
}

// content is the file as JSON would hold it: dates are the text that was written, where
// YAML 1.1 makes a moment of 2026-05-14, which no pattern of the schema expects.
func (f *File) content() (content any, err error) {
	for _, date := range dates(f.root, nil) {
		tag := date.Tag
		date.Tag = "!!str"
		defer func() { date.Tag = tag }() // a section may want the moment
	}
	err = f.root.Decode(&content)
	return content, err
}

// dates appends the values below node that YAML takes for moments.
func dates(node *yaml.Node, found []*yaml.Node) []*yaml.Node {
	if node.Kind == yaml.ScalarNode && node.ShortTag() == "!!timestamp" {
		return append(found, node)
	}
	for _, child := range node.Content {
		found = dates(child, found)
	}
	return found
}

func compile(schema []byte) (*jsonschema.Schema, error) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema))
	if err != nil {
		return nil, fmt.Errorf("read configuration schema: %w", err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("schema.json", doc); err != nil {
		return nil, fmt.Errorf("read configuration schema: %w", err)
	}
	compiled, err := compiler.Compile("schema.json")
	if err != nil {
		return nil, fmt.Errorf("compile configuration schema: %w", err)
	}
	return compiled, nil
}

// explain turns the leaves of a validation error into "file:line: field: reason".
func (f *File) explain(err *jsonschema.ValidationError) []error {
	if len(err.Causes) > 0 {
		var all []error
		for _, cause := range err.Causes {
			all = append(all, f.explain(cause)...)
		}
		return all
	}
	reason := err.Error()
	if i := strings.Index(reason, ": "); i >= 0 && strings.HasPrefix(reason, "jsonschema validation failed") {
		reason = reason[i+2:]
	}
	if _, after, ok := strings.Cut(reason, "': "); ok {
		reason = after
	}
	field := strings.Join(err.InstanceLocation, ".")
	if field == "" {
		field = "top level"
	}
	place := "environment" // what it sets has no line
	if line := f.line(err.InstanceLocation); line > 0 {
		place = fmt.Sprintf("%s:%d", f.path, line)
	}
	return []error{fmt.Errorf("%s: %s: %s", place, field, reason)}
}

// line is where the deepest existing part of a path stands.
func (f *File) line(path []string) int {
	node := f.root
	for _, key := range path {
		next := lookup(node, key)
		if next == nil {
			break
		}
		node = next
	}
	return node.Line
}

// Has tells whether the file or the environment gives a value at a dotted path.
func (f *File) Has(path string) bool {
	node := f.root
	for key := range strings.SplitSeq(path, ".") {
		if node = lookup(node, key); node == nil {
			return false
		}
	}
	return node.Value != "" || len(node.Content) > 0
}

// Section decodes the top-level key name over the defaults that into, a pointer,
// holds already. A key that the file does not have leaves into as it is.
func (f *File) Section(name string, into any) error {
	node := lookup(f.root, name)
	if node == nil {
		return nil
	}
	if err := node.Decode(into); err != nil {
		return fmt.Errorf("%s: %s: %w", f.path, name, err)
	}
	return nil
}

// Dump writes sections, in the order of their names, as YAML: the effective
// configuration with every [Secret] masked.
func Dump(sections map[string]any) ([]byte, error) {
	names := make([]string, 0, len(sections))
	for name := range sections {
		names = append(names, name)
	}
	slices.Sort(names)
	var out bytes.Buffer
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	root := &yaml.Node{Kind: yaml.MappingNode}
	for _, name := range names {
		var value yaml.Node
		if err := value.Encode(sections[name]); err != nil {
			return nil, fmt.Errorf("dump %s: %w", name, err)
		}
		root.Content = append(root.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: name}, &value)
	}
	if err := enc.Encode(root); err != nil {
		return nil, fmt.Errorf("dump configuration: %w", err)
	}
	return out.Bytes(), nil
}

// ResolveSecret returns value, or else the content of file without its final newline.
// field names the key in errors. Both empty gives an empty secret; both set is an error.
func ResolveSecret(field string, value Secret, file string) (Secret, error) {
	if file == "" {
		return value, nil
	}
	if value != "" {
		return "", fmt.Errorf("%s and %s_file: set one of them", field, field)
	}
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("%s_file: %w", field, err)
	} else if err != nil {
		return "", fmt.Errorf("read %s_file: %w", field, err)
	}
	return Secret(strings.TrimRight(string(data), "\r\n")), nil
}
