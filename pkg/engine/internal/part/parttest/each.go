package parttest

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// Each holds a function to what it must return, a subtest for each argument.
func Each[In comparable, Out any](t *testing.T, want map[In]Out, of func(In) Out) {
	t.Helper()
	for in, out := range want {
		t.Run(fmt.Sprint(in), func(t *testing.T) { require.Equal(t, out, of(in)) })
	}
}
