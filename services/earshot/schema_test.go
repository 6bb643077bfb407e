package earshot_test

import (
	"encoding"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/earshot/earshot/pkg/bus"
	"github.com/earshot/earshot/pkg/config"
	"github.com/earshot/earshot/pkg/engine"
	"github.com/earshot/earshot/pkg/store"
	"github.com/earshot/earshot/pkg/telemetry"
	"github.com/earshot/earshot/schemas"
	"github.com/earshot/earshot/services/alerter"
	"github.com/earshot/earshot/services/classifier"
	"github.com/earshot/earshot/services/collector"
	"github.com/earshot/earshot/services/earshot"
	"github.com/earshot/earshot/services/earshot/internal/demo"
	"github.com/earshot/earshot/services/writer"
)

// sections are the types that the top-level keys of earshot.yaml are decoded into.
var sections = map[string]reflect.Type{
	"admin_listen":    reflect.TypeFor[string](),
	"alerter":         reflect.TypeFor[alerter.Config](),
	"brands":          reflect.TypeFor[[]engine.Brand](),
	"classifier":      reflect.TypeFor[classifier.Config](),
	"clickhouse":      reflect.TypeFor[store.Config](),
	"collector":       reflect.TypeFor[collector.Config](),
	"data_dir":        reflect.TypeFor[string](),
	"indexes":         reflect.TypeFor[[]classifier.Index](),
	"kafka":           reflect.TypeFor[bus.Config](),
	"packs":           reflect.TypeFor[classifier.Packs](),
	"secret_key":      reflect.TypeFor[config.Secret](),
	"secret_key_file": reflect.TypeFor[string](),
	"telemetry":       reflect.TypeFor[telemetry.Config](),
	"terms":           reflect.TypeFor[map[string]engine.Terms](),
	"writer":          reflect.TypeFor[writer.Config](),
}

// node is a part of the JSON Schema, as far as it speaks of the shape.
type node struct {
	Ref  string `json:"$ref"`
	Type string `json:"type"`

	Properties           map[string]node `json:"properties"`
	AdditionalProperties json.RawMessage `json:"additionalProperties"`
	Items                *node           `json:"items"`
	Defs                 map[string]node `json:"$defs"`
}

func TestSchemaAndTypesHaveTheSameKeys(t *testing.T) {
	var root node
	require.NoError(t, json.Unmarshal(schemas.EarshotSchema, &root))
	shape := shapes{t: t, defs: root.Defs}
	shape.keys("top level", root, sections)
}

type shapes struct {
	t    *testing.T
	defs map[string]node
}

// keys compares an object of the schema with the keys that are decoded.
func (s shapes) keys(path string, n node, fields map[string]reflect.Type) {
	s.t.Helper()
	require.Equal(s.t, "object", n.Type, path)
	require.JSONEq(s.t, "false", string(n.AdditionalProperties), "%s: an unknown key must be an error", path)
	require.Equal(s.t, slices.Sorted(maps.Keys(fields)), slices.Sorted(maps.Keys(n.Properties)), path)
	for name, field := range fields {
		s.same(path+"."+name, n.Properties[name], field)
	}
}

// same compares a part of the schema with the type that it is decoded into.
func (s shapes) same(path string, n node, of reflect.Type) {
	s.t.Helper()
	if n.Ref != "" {
		name := strings.TrimPrefix(n.Ref, "#/$defs/")
		require.Contains(s.t, s.defs, name, path)
		n = s.defs[name]
	}
	if of.Kind() == reflect.Pointer {
		of = of.Elem()
	}
	switch {
	case of == reflect.TypeFor[time.Duration](), reflect.PointerTo(of).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()):
		require.Equal(s.t, "string", n.Type, path)
	case of.Kind() == reflect.Struct:
		s.keys(path, n, fieldsOf(of))
	case of.Kind() == reflect.Slice, of.Kind() == reflect.Array:
		require.Equal(s.t, "array", n.Type, path)
		require.NotNil(s.t, n.Items, path)
		s.same(path+"[]", *n.Items, of.Elem())
	case of.Kind() == reflect.Map:
		require.Equal(s.t, "object", n.Type, path)
		var values node
		require.NoError(s.t, json.Unmarshal(n.AdditionalProperties, &values), path)
		s.same(path+"{}", values, of.Elem())
	default:
		require.Equal(s.t, jsonType(of), n.Type, path)
	}
}

func jsonType(of reflect.Type) string {
	switch of.Kind() {
	case reflect.Bool:
		return "boolean"
	case reflect.Float32, reflect.Float64:
		return "number"
	case reflect.String:
		return "string"
	}
	return "integer"
}

// fieldsOf are the keys that yaml decodes into a struct.
func fieldsOf(of reflect.Type) map[string]reflect.Type {
	out := map[string]reflect.Type{}
	for field := range of.Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("yaml"), ",")
		if name != "-" {
			out[name] = field.Type
		}
	}
	return out
}

func compile(t *testing.T, file, part string) *jsonschema.Schema {
	t.Helper()
	schema, err := jsonschema.NewCompiler().Compile(filepath.Join("..", "..", "schemas", "config", file) + part)
	require.NoError(t, err)
	return schema
}

func TestShippedFilesFitTheirSchemas(t *testing.T) {
	earshotSchema := compile(t, "earshot.schema.json", "")
	tests := map[string]*jsonschema.Schema{
		"deploy/earshot.yaml":                         earshotSchema,
		"services/earshot/internal/demo/earshot.yaml": earshotSchema,
		"services/alerter/rules/default.yaml":         compile(t, "alert-rules.schema.json", ""),
		"deploy/us_airline.mapping.yaml":              compile(t, "earshot.schema.json", "#/$defs/mapping"),
	}
	packs, err := filepath.Glob("../../pkg/engine/packs/*.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, packs)
	for _, pack := range packs {
		tests[strings.TrimPrefix(pack, "../../")] = compile(t, "pack.schema.json", "")
	}
	for path, schema := range tests {
		t.Run(path, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join("..", "..", path))
			require.NoError(t, err)
			require.NoError(t, schema.Validate(asJSON(t, data)))
		})
	}
}

// asJSON reads YAML as editors do: a time is a string to them.
func asJSON(t *testing.T, data []byte) any {
	t.Helper()
	var root yaml.Node
	require.NoError(t, yaml.Unmarshal(data, &root))
	asText(&root)
	var out any
	require.NoError(t, root.Decode(&out))
	return out
}

func asText(n *yaml.Node) {
	if n.Tag == "!!timestamp" {
		n.Tag = "!!str"
	}
	for _, child := range n.Content {
		asText(child)
	}
}

// TestDumpLoadsAgain checks that the effective configuration, its masked secrets given
// again, is a configuration with the same effect.
func TestDumpLoadsAgain(t *testing.T) {
	t.Setenv("EARSHOT__CLICKHOUSE__DSN", "http://127.0.0.1:8123")
	t.Setenv("EARSHOT__SECRET_KEY", "fingerprint-key-of-the-test")
	t.Setenv("EARSHOT__COLLECTOR__TOKEN", "intake-token")
	for name, file := range map[string][]byte{"defaults": nil, "demo": demo.Config} {
		t.Run(name, func(t *testing.T) {
			first := dump(t, file)
			require.NotContains(t, first, "fingerprint-key")
			require.NotContains(t, first, "intake-token")
			require.Equal(t, first, dump(t, []byte(first)))
		})
	}
}

func dump(t *testing.T, file []byte) string {
	t.Helper()
	c, err := earshot.Parse("test.yaml", file, "")
	require.NoError(t, err)
	text, err := c.Dump()
	require.NoError(t, err)
	return string(text)
}
