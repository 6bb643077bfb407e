package store

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestText(t *testing.T) {
	for name, test := range map[string]struct {
		value any
		want  string
	}{
		"none":              {nil, "NULL"},
		"text":              {"it's\ttext", "it's\ttext"},
		"yes":               {true, "true"},
		"whole":             {float64(3), "3"},
		"shortest":          {float32(0.1), "0.1"},
		"of both widths":    {float64(float32(0.1)), "0.10000000149011612"},
		"nearly nothing":    {1e-7, "1e-07"},
		"nothing":           {0.0, "0"},
		"less than nothing": {-0.25, "-0.25"},
		"without end":       {math.Inf(1), "+Inf"},
		"a list":            {[]any{uint8(1), "it's", nil, []any{}}, `[1,'it\'s',NULL,[]]`},
		"a map":             {map[string]any{"b": "x", "a": []any{true}}, "{'a':[true],'b':'x'}"},
		"an empty map":      {map[string]any{}, "{}"},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, test.want, text(test.value, "NULL")) })
	}
}

func TestLayout(t *testing.T) {
	for databaseType, want := range map[string]string{
		"Date": "2006-01-02", "Date32": "2006-01-02", "Nullable(Date)": "2006-01-02",
		"DateTime": "2006-01-02 15:04:05", "DateTime('UTC')": "2006-01-02 15:04:05",
		"DateTime64(3, 'UTC')": "2006-01-02 15:04:05.000", "DateTime64(0)": "2006-01-02 15:04:05",
		"Array(DateTime64(6))": "2006-01-02 15:04:05.000000", "String": "2006-01-02",
	} {
		require.Equal(t, want, layout(databaseType), databaseType)
	}
}

// What is asked of an encrypted address stays as it is.
func FuzzWithTLS(f *testing.F) {
	f.Add("https://host:8443?max_execution_time=5&a=%20b")
	f.Add("https://u:p@host/db")
	f.Add("http://host")
	f.Add("://")
	f.Fuzz(func(t *testing.T, dsn string) {
		out, err := withTLS(dsn)
		scheme, _, _ := strings.Cut(dsn, "://")
		switch {
		case err != nil:
			require.NotContains(t, err.Error(), "p@", "no password in an error")
		case scheme == "https":
			require.Contains(t, out, "secure=true")
			require.True(t, strings.HasPrefix(out, "https://"))
		default:
			require.Equal(t, dsn, out)
		}
	})
}
