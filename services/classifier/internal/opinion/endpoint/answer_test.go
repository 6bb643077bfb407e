package endpoint

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzParse reads what a server may send: likelihoods of the kinds asked, or an error
// that quotes none of it.
func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"choices": [{"message": {"content": "{\"likelihoods\": {\"advice\": 0.5}}"}, "finish_reason": "stop"}]}`))
	f.Add([]byte(`{"choices": [{"message": {"content": "{\"likelihoods\": {\"advice\": -1}}"}}]}`))
	f.Add([]byte(`{"choices": [{"message": {"refusal": "no"}}]}`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, body []byte) {
		scores, err := parse(body, []string{"advice", "roadmap"})
		if err != nil {
			require.Nil(t, scores)
			require.Contains(t, []error{errNoCompletion, errRefused, errUnfinished, errShape, errRange, errIncomplete}, err)
			return
		}
		require.NotEmpty(t, scores)
		require.NoError(t, scores.Check())
		for kind := range scores {
			require.Contains(t, []string{"advice", "roadmap"}, kind)
		}
	})
}
