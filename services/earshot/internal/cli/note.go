package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/earshot/earshot/services/earshot/internal/demo"
)

// demoNote remembers when the demo's week began, so that a second start tells the same
// week and nothing counts twice.
type demoNote struct {
	Start time.Time `json:"start"`
	Done  bool      `json:"done"`
}

func readNote(path string) (demoNote, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		note := demoNote{Start: time.Now().UTC().Add(-demo.Week).Truncate(24 * time.Hour)}
		return note, writeNote(path, note)
	}
	if err != nil {
		return demoNote{}, fmt.Errorf("read the demo's note: %w", err)
	}
	var note demoNote
	if err := json.Unmarshal(text, &note); err != nil {
		return demoNote{}, fmt.Errorf("read the demo's note: %w", err)
	}
	return note, nil
}

func writeNote(path string, note demoNote) error {
	text, err := json.Marshal(note)
	if err != nil {
		return fmt.Errorf("write the demo's note: %w", err)
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		return fmt.Errorf("write the demo's note: %w", err)
	}
	return nil
}
