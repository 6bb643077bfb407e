package score

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine"
)

func TestReadEnvelope(t *testing.T) {
	const bare = `{"id":"1","platform":"x"}`
	tests := map[string]struct {
		line, post, brand string
		assume            bool
	}{
		"a bare post":           {bare, bare, "", false},
		"a post alone":          {`{"post":` + bare + `}`, bare, "", false},
		"with its brand":        {`{"post":` + bare + `,"brand":{"id":"a"}}`, bare, `{"id":"a"}`, false},
		"in any order":          {`{"assume_match":true,"brand":{"id":"a"},"post":` + bare + `}`, bare, `{"id":"a"}`, true},
		"with more beside them": {`{"post":` + bare + `,"labels":[1],"why":"x"}`, bare, "", false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			e, err := readEnvelope([]byte(test.line))
			require.NoError(t, err)
			require.Equal(t, test.post, string(e.Post))
			require.Equal(t, test.brand, string(e.Brand))
			require.Equal(t, test.assume, e.AssumeMatch)
		})
	}
}

func TestExplainBrandNamesTheField(t *testing.T) {
	tests := map[string]struct{ text, want string }{
		"no object":          {`[]`, "brand: want an object, got array"},
		"a text":             {`"Acme"`, "brand: want an object, got string"},
		"a wrong list":       {`{"aliases":"Acme"}`, "brand.aliases: wrong type, got string"},
		"deep inside":        {`{"tolerance":{"leakage":{"accept":"low"}}}`, "brand.tolerance.leakage.accept: wrong type, got string"},
		"inside a list":      {`{"employees":[{"id":1}]}`, "brand.employees.id: wrong type, got number"},
		"an older list name": {`{"codenames":{}}`, "brand.codenames: wrong type, got object"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var b engine.Brand
			err := explainBrand(json.Unmarshal([]byte(test.text), &b))
			require.EqualError(t, err, test.want)
		})
	}
	other := errors.New("other")
	require.ErrorIs(t, explainBrand(other), other)
}
