package config

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const schema = `{
  "type": "object",
  "additionalProperties": false,
  "properties": {
    "collector": {
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "listen": {"type": "string"},
        "wait": {"type": "string"},
        "limit": {"type": "integer", "minimum": 1},
        "token": {"type": "string"},
        "sources": {"type": "array", "items": {"type": "object", "required": ["name"], "additionalProperties": false,
          "properties": {"name": {"type": "string"}}}}
      }
    }
  }
}`

type section struct {
	Listen string        `yaml:"listen"`
	Wait   time.Duration `yaml:"wait"`
	Limit  int           `yaml:"limit"`
	Token  Secret        `yaml:"token"`
}

func TestSectionLaysFileAndEnvironmentOverDefaults(t *testing.T) {
	f, err := Parse("earshot.yaml", []byte("collector:\n  wait: 5s\n  limit: 3\n"),
		[]string{"EARSHOT__COLLECTOR__LIMIT=7", "EARSHOT__COLLECTOR__TOKEN=abc", "OTHER=1"}, []byte(schema))
	require.NoError(t, err)
	got := section{Listen: "127.0.0.1:1"}
	require.NoError(t, f.Section("collector", &got))
	require.Equal(t, section{Listen: "127.0.0.1:1", Wait: 5 * time.Second, Limit: 7, Token: "abc"}, got)
}

func TestSetStandsInForTheFile(t *testing.T) {
	f, err := Parse("", []byte("collector: {limit: 3}\n"), nil, []byte(schema))
	require.NoError(t, err)
	require.NoError(t, f.Set("collector.listen", "127.0.0.1:7"))
	require.NoError(t, f.Set("collector.limit", 4))
	require.NoError(t, f.Set("kafka.brokers", []string{"a:1"}))
	var got section
	require.NoError(t, f.Section("collector", &got))
	require.Equal(t, section{Listen: "127.0.0.1:7", Limit: 4}, got)
	var kafka struct{ Brokers []string }
	require.NoError(t, f.Section("kafka", &kafka))
	require.Equal(t, []string{"a:1"}, kafka.Brokers)
	require.ErrorContains(t, f.Set("collector.limit.x", 1), "collector.limit.x")
	require.True(t, f.Has("collector.listen"))
	require.True(t, f.Has("kafka"))
	require.False(t, f.Has("collector.token"))
	require.False(t, f.Has("writer.x"))
}

func TestDatesAreReadAsWritten(t *testing.T) {
	const days = `{"properties": {"days": {"properties": {
	  "day": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}, "same": {"type": "string", "pattern": "^[0-9-]{10}$"},
	  "at": {"type": "string", "pattern": "^2026-05-14 08:00:00$"}}}}}`
	f, err := Parse("e.yaml", []byte("days: {day: &d 2026-05-14, same: *d, at: 2026-05-14 08:00:00}\n"), nil, []byte(days))
	require.NoError(t, err)
	var got struct {
		Day, Same string
		At        time.Time
	}
	require.NoError(t, f.Section("days", &got))
	require.Equal(t, "2026-05-14", got.Day)
	require.Equal(t, "2026-05-14", got.Same)
	require.Equal(t, time.Date(2026, 5, 14, 8, 0, 0, 0, time.UTC), got.At)

	_, err = Parse("e.yaml", []byte("days: {day: 2026-05-14T08:00:00Z}\n"), nil, []byte(days))
	require.ErrorContains(t, err, "e.yaml:1: days.day: '2026-05-14T08:00:00Z' does not match")
}

func TestAbsentSectionKeepsDefaults(t *testing.T) {
	f, err := Parse("", nil, nil, []byte(schema))
	require.NoError(t, err)
	got := section{Limit: 9}
	require.NoError(t, f.Section("collector", &got))
	require.Equal(t, 9, got.Limit)
}

func TestParseNamesFileLineAndField(t *testing.T) {
	tests := map[string]struct {
		yaml string
		env  []string
		want []string
	}{
		"unknown section":    {yaml: "colector: {}\n", want: []string{"e.yaml:1", "colector"}},
		"unknown key":        {yaml: "collector:\n  listen: a\n  lissten: b\n", want: []string{"e.yaml:2", "collector", "lissten"}},
		"wrong type":         {yaml: "collector:\n  limit: many\n", want: []string{"e.yaml:2", "collector.limit", "integer"}},
		"below the minimum":  {yaml: "collector:\n  limit: 0\n", want: []string{"e.yaml:2", "collector.limit", "minimum"}},
		"inside a list":      {yaml: "collector:\n  sources:\n    - name: a\n    - nam: b\n", want: []string{"e.yaml:4", "collector.sources.1", "name"}},
		"not a mapping":      {yaml: "- a\n", want: []string{"e.yaml:1"}},
		"broken YAML":        {yaml: "a: [", want: []string{"e.yaml", "line 1"}},
		"broken environment": {env: []string{"EARSHOT__COLLECTOR__LIMIT=x"}, want: []string{"environment: collector.limit: ", "integer"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := Parse("e.yaml", []byte(tt.yaml), tt.env, []byte(schema))
			require.Error(t, err)
			for _, want := range tt.want {
				require.ErrorContains(t, err, want)
			}
		})
	}
}

func TestLoadReadsTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "earshot.yaml")
	require.NoError(t, os.WriteFile(path, []byte("collector: {limit: 2}\n"), 0o600))
	f, err := Load(path, []byte(schema))
	require.NoError(t, err)
	var got section
	require.NoError(t, f.Section("collector", &got))
	require.Equal(t, 2, got.Limit)

	_, err = Load(path+".absent", []byte(schema))
	require.ErrorIs(t, err, os.ErrNotExist)
}

func TestSecretIsNeverShown(t *testing.T) {
	s := Secret("hunter2")
	encoded, err := json.Marshal(map[string]Secret{"token": s})
	require.NoError(t, err)
	dumped, err := Dump(map[string]any{"collector": section{Token: s}})
	require.NoError(t, err)
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("start", "token", s)
	for _, shown := range []string{fmt.Sprint(s), fmt.Sprintf("%#v %+v", s, section{Token: s}), string(encoded), string(dumped), log.String()} {
		require.NotContains(t, shown, "hunter2")
		require.Contains(t, shown, mask)
	}
	require.Equal(t, "hunter2", s.Reveal())
	require.Empty(t, Secret("").String())
}

func TestResolveSecret(t *testing.T) {
	path := filepath.Join(t.TempDir(), "token")
	require.NoError(t, os.WriteFile(path, []byte("from-file\n"), 0o600))
	got, err := ResolveSecret("collector.token", "", path)
	require.NoError(t, err)
	require.Equal(t, "from-file", got.Reveal())

	got, err = ResolveSecret("collector.token", "direct", "")
	require.NoError(t, err)
	require.Equal(t, "direct", got.Reveal())

	_, err = ResolveSecret("collector.token", "direct", path)
	require.ErrorContains(t, err, "collector.token")
	_, err = ResolveSecret("collector.token", "", path+".absent")
	require.ErrorIs(t, err, os.ErrNotExist)
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("collector: {limit: 2}\n"))
	f.Add([]byte("a: &a [*a]\n"))
	f.Fuzz(func(_ *testing.T, data []byte) {
		_, _ = Parse("fuzz", data, nil, []byte(schema))
	})
}
