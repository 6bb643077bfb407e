package engine_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/earshot/earshot/pkg/engine/internal/pack"
)

// TestPacksFitTheirSchema keeps the schema that editors complete from in step with the
// packs that ship.
func TestPacksFitTheirSchema(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile("../../schemas/config/pack.schema.json")
	require.NoError(t, err)
	files, err := filepath.Glob("packs/*.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			require.NoError(t, schema.Validate(readYAML(t, file)))
		})
	}
}

func TestSchemaOffersTheKindsThatThereAre(t *testing.T) {
	var schema struct {
		Defs struct {
			Rule struct {
				Properties struct{ Kind struct{ Enum []string } }
			}
		} `json:"$defs"`
	}
	data, err := os.ReadFile("../../schemas/config/pack.schema.json")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(data, &schema))
	require.ElementsMatch(t, slices.Collect(maps.Keys(pack.Kinds)), schema.Defs.Rule.Properties.Kind.Enum)
}

func TestSchemaRefusesBrokenPacks(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile("../../schemas/config/pack.schema.json")
	require.NoError(t, err)
	for name, change := range map[string]func(rule map[string]any){
		"unknown key":        func(r map[string]any) { r["colour"] = "red" },
		"unknown level":      func(r map[string]any) { r["level"] = "severe" },
		"certain likelihood": func(r map[string]any) { r["likelihood"] = 1.5 },
		"too few examples":   func(r map[string]any) { r["must_pass"] = []any{} },
		"no condition":       func(r map[string]any) { delete(r, "condition") },
	} {
		t.Run(name, func(t *testing.T) {
			pack := readYAML(t, "packs/finra.yaml")
			require.NoError(t, schema.Validate(pack))
			change(pack["rules"].([]any)[0].(map[string]any))
			require.Error(t, schema.Validate(pack))
		})
	}
}

func TestSchemaKnowsClausesElsewhere(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile("../../schemas/config/pack.schema.json")
	require.NoError(t, err)
	pack := readYAML(t, "packs/finra.yaml")
	for _, tc := range []struct {
		name, id, reason string
		good             bool
	}{
		{"clause and reason", "f99", "The archive counts its records", true},
		{"no id", "F 99", "The archive", false},
		{"no reason", "f99", " ", false},
		{"two lines", "f99", "The archive\nor the court", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			pack["elsewhere"] = map[string]any{tc.id: tc.reason}
			require.Equal(t, tc.good, schema.Validate(pack) == nil)
		})
	}
}

// readYAML reads a pack as editors do: a day is a string to them.
func readYAML(t *testing.T, file string) map[string]any {
	t.Helper()
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	var out map[string]any
	require.NoError(t, yaml.Unmarshal(data, &out))
	if day, ok := out["reviewed"].(time.Time); ok {
		out["reviewed"] = day.Format(time.DateOnly)
	}
	return out
}
