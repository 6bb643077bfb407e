package schemas

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// vt is what the generated messages offer beside package proto.
type vt interface {
	proto.Message
	MarshalVT() ([]byte, error)
	UnmarshalVT(data []byte) error
}

// event is one kind of golden message, with what makes it valid.
type event struct {
	fresh    func() vt
	validate func(vt) error
}

var events = map[string]event{
	"post": {
		fresh:    func() vt { return &earshotv1.PostEvent{} },
		validate: func(m vt) error { return ValidatePostEvent(m.(*earshotv1.PostEvent)) },
	},
	"assessment": {
		fresh:    func() vt { return &earshotv1.Assessment{} },
		validate: func(m vt) error { return ValidateAssessment(m.(*earshotv1.Assessment)) },
	},
	"alert": {
		fresh:    func() vt { return &earshotv1.Alert{} },
		validate: func(m vt) error { return ValidateAlert(m.(*earshotv1.Alert)) },
	},
	"review": {
		fresh:    func() vt { return &earshotv1.Review{} },
		validate: func(m vt) error { return ValidateReview(m.(*earshotv1.Review)) },
	},
}

// TestGoldenMessages holds the wire format still: what was written yesterday reads the
// same today, and the same message gives the same bytes. EARSHOT_UPDATE_GOLDEN=1 writes
// the binary side anew; a change there is a change of the contract.
func TestGoldenMessages(t *testing.T) {
	for name, kind := range events {
		paths, err := filepath.Glob(filepath.Join("testdata", name, "v1", "*.json"))
		require.NoError(t, err)
		require.NotEmpty(t, paths)
		for _, path := range paths {
			t.Run(path, func(t *testing.T) {
				message := golden(t, kind, path)
				require.NoError(t, kind.validate(message))
				wire := goldenBytes(t, path, message)

				read := kind.fresh()
				require.NoError(t, read.UnmarshalVT(wire))
				require.True(t, proto.Equal(message, read), "read %v, want %v", read, message)
				fast, err := read.MarshalVT()
				require.NoError(t, err)
				require.Len(t, fast, len(wire), "vtprotobuf and protobuf write alike")
				again := kind.fresh()
				require.NoError(t, proto.Unmarshal(fast, again))
				require.True(t, proto.Equal(message, again))
			})
		}
	}
}

func golden(t *testing.T, kind event, path string) vt {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	message := kind.fresh()
	require.NoError(t, protojson.Unmarshal(data, message))
	return message
}

// goldenBytes compares a message's bytes with the file beside its JSON.
func goldenBytes(t *testing.T, path string, message vt) []byte {
	t.Helper()
	got, err := proto.MarshalOptions{Deterministic: true}.Marshal(message)
	require.NoError(t, err)
	binary := strings.TrimSuffix(path, ".json") + ".binpb"
	if os.Getenv("EARSHOT_UPDATE_GOLDEN") == "1" {
		require.NoError(t, os.WriteFile(binary, got, 0o600))
	}
	want, err := os.ReadFile(binary)
	require.NoError(t, err)
	require.Equal(t, want, got)
	return want
}
