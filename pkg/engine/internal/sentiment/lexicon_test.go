package sentiment

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParseLexicon(t *testing.T) {
	l, err := parseLexicon("# comment\n<bias>\t10\t-20\nno\t-5\t30\non hold\t0\t100\n", "no\tnegator\t1\n🙄\tirony\t0.5\n")
	require.NoError(t, err)
	require.InDelta(t, 0.1, l.bias.positive, 1e-9)
	no := l.find(Key("No"))
	require.Equal(t, roleNegator, no.role)
	require.InDelta(t, 0.3, no.negative, 1e-9, "a role leaves the weights alone")
	require.InDelta(t, 1, l.find(pairKey(Key("on"), Key("hold"))).negative, 1e-9)
	require.InDelta(t, 0.5, l.find(Key("🙄")).ironic(), 1e-9)
	require.Nil(t, l.find(Key("yes")))
}

func TestParseLexiconErrors(t *testing.T) {
	for _, tc := range []struct{ name, file, want string }{
		{"columns", "a\t1\n", `line 1: "a\t1" has 2 columns, want 3`},
		{"weight", "\na\tx\t1\n", "line 2:"},
		{"strength", "a\tnegator\tx\n", "line 1:"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := parseLexicon(tc.file)
			require.ErrorContains(t, err, tc.want)
		})
	}
}

func TestKeyFolds(t *testing.T) {
	require.Equal(t, Key("great"), Key("GREAT"))
	require.Equal(t, Key("soo"), Key("sOooooo"))
	require.NotEqual(t, Key("so"), Key("soo"))
	require.Equal(t, Key("don't"), Key("Don’t"))
	require.Equal(t, Key("größe"), Key("GRÖßE"))
	require.NotEqual(t, pairKey(Key("a"), Key("b")), pairKey(Key("b"), Key("a")))
}
