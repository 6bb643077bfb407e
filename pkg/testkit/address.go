package testkit

import (
	"math/rand/v2"
	"net"
	"testing"

	"github.com/stretchr/testify/require"
)

// Address returns a free loopback address, as host:port, for a process that the test
// starts later. The host is drawn from 127.0.0.0/8, all of which Linux answers to, so
// that nobody else who looks for a free port is given this one in between.
func Address(t testing.TB) string {
	t.Helper()
	host := net.IPv4(127, byte(1+rand.IntN(254)), byte(rand.IntN(256)), byte(1+rand.IntN(254))) //nolint:gosec // nothing secret
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", net.JoinHostPort(host.String(), "0"))
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	return listener.Addr().String()
}
