package earshot_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// breachRule fires for each post that probably breaks a rule, of whatever level.
const breachRule = `
rules:
  - name: any-breach
    filter: categories.compliance.likelihood >= 0.5
    measure: mention
    severity: warning
    annotations: {summary: "{{ .Brand }}"}
`

// harmless is everyday talk of an employee, which the first stage makes nothing of.
const harmless = `{"id":"soup","platform":"x","text":"Soup again at Tidewell today, I am not complaining",
"created_at":"2026-03-02T09:14:00Z","author":{"handle":"@lena_ops"}}`

// TestASecondOpinionReachesTheStoreAndTheReceiver through the built binary: a local server
// that speaks the chat completions interface
// (https://platform.openai.com/docs/api-reference/chat/create) finds a promise in everyday
// talk, the row is judged anew in its place, and the alert rule fires once.
func TestASecondOpinionReachesTheStoreAndTheReceiver(t *testing.T) {
	var asked atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if strings.Contains(string(body), "Soup again") && !strings.Contains(string(body), "lena_ops") {
			asked.Add(1)
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"choices": []any{map[string]any{
			"finish_reason": "stop", "message": map[string]any{"role": "assistant", "content": `{"likelihoods": {"promissory": 1}}`},
		}}})
	}))
	defer server.Close()
	s := embeddedSystem(t)
	rules := filepath.Join(t.TempDir(), "rules.yaml")
	require.NoError(t, os.WriteFile(rules, []byte(breachRule), 0o600))
	text, err := os.ReadFile(s.config)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(s.config, []byte(strings.Replace(string(text), "packs: [", "packs: [model, ", 1)), 0o600))
	s.env = append(s.env, "EARSHOT__COLLECTOR__TOKEN="+intakeToken, "EARSHOT__ALERTER__RULES=["+rules+"]",
		"EARSHOT__CLASSIFIER__SECOND_OPINION={between: [0, 1], endpoint: {url: '"+server.URL+"', model: judge-1}}")
	s.start()
	require.Equal(t, http.StatusAccepted, s.send(harmless).StatusCode)
	s.eventually("the opinion is in the row", func() bool {
		return s.count("SELECT count() FROM mentions WHERE compliance_likelihood > 0.5 AND packs LIKE '%second_opinion=judge-1 prompt 1%'") == 1
	})
	require.Equal(t, 1, s.count("SELECT count() FROM mentions WHERE native_id = 'soup'"))
	require.Equal(t, 1, s.count("SELECT count() FROM findings_current WHERE rule = 'opinion.promissory' AND family = 'second_opinion'"))
	s.eventually("the alert is told", func() bool { return s.count("SELECT count() FROM alerts_current WHERE rule = 'any-breach'") == 1 })
	require.EqualValues(t, 1, asked.Load())
}
