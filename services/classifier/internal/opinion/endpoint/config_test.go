package endpoint_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/earshot/earshot/services/classifier/internal/opinion/endpoint"
)

func TestConfig(t *testing.T) {
	for _, tc := range []struct{ name, yaml, want string }{
		{"https", "{url: https://llm.example/v1, model: judge-1}", ""},
		{"this machine", "{url: http://127.0.0.1:8000/v1, model: meta-llama/Llama-3.1-8B}", ""},
		{"this machine by name", "{url: http://localhost:11434/v1, model: 'llama3.2:3b'}", ""},
		{"this machine, IPv6", "{url: 'http://[::1]:8000', model: m}", ""},
		{"a key", "{url: https://llm.example, model: m, api_key: sk-1, format: json_object}", ""},
		{"no address", "{model: m}", "url: is no address"},
		{"http elsewhere", "{url: http://llm.example/v1, model: m}", "url: http is for this machine alone"},
		{"http to a name that looks local", "{url: http://localhost.example/v1, model: m}", "url: http is for this machine alone"},
		{"another scheme", "{url: file://host/etc/passwd, model: m}", "url: is neither https nor http"},
		{"a password", "{url: https://me:hunter2@llm.example, model: m}", "url: holds a user or a password"},
		{"a query", "{url: 'https://llm.example/v1?key=hunter2', model: m}", "url: holds more than host and path"},
		{"no model", "{url: https://llm.example}", `model: "" is not a name`},
		{"a model that is no name", "{url: https://llm.example, model: 'two words'}", `model: "two words" is not a name`},
		{"two keys", "{url: https://llm.example, model: m, api_key: hunter2, api_key_file: f}", "api_key and api_key_file: set one of them"},
		{"another format", "{url: https://llm.example, model: m, format: xml}", `format: "xml" is not json_schema or json_object`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var c endpoint.Config
			require.NoError(t, yaml.Unmarshal([]byte(tc.yaml), &c))
			err := c.Validate()
			if tc.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, tc.want)
			require.NotContains(t, err.Error(), "hunter2")
			_, opened := endpoint.Open(c)
			require.EqualError(t, opened, err.Error())
		})
	}
	_, err := endpoint.Open(endpoint.Config{URL: "https://llm.example", Model: "m", APIKeyFile: "/nowhere/key"})
	require.ErrorContains(t, err, "api_key_file")
}

func TestTheKeyIsMasked(t *testing.T) {
	out, err := yaml.Marshal(endpoint.Config{URL: "https://llm.example", Model: "m", APIKey: "hunter2"})
	require.NoError(t, err)
	require.NotContains(t, string(out), "hunter2")
}
