package onnx

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Config is the key classifier.second_opinion.onnx.
type Config struct {
	// Dir holds model.onnx, config.json and tokenizer.json.
	Dir string `yaml:"dir"`
	// Library is the file libonnxruntime, version 1.17 or later.
	Library string `yaml:"library"`
	// Threads is how many work on one question; 0 means one.
	Threads int `yaml:"threads,omitempty"`
}

// maxThreads is more than a model of this size can use.
const maxThreads = 64

// Validate names the first field that holds what it may not. It opens no file.
func (c Config) Validate() error {
	switch {
	case c.Dir == "":
		return errors.New("dir: names no folder with model.onnx, config.json and tokenizer.json")
	case c.Library == "":
		return errors.New("library: names no file libonnxruntime")
	case c.Threads < 0 || c.Threads > maxThreads:
		return fmt.Errorf("threads: %d is not between 0 and %d", c.Threads, maxThreads)
	}
	return nil
}

// Present names the first file that is missing. A library without a folder is the system's
// to find.
func (c Config) Present() error {
	for _, name := range []string{configFile, tokenizerFile, modelFile} {
		if _, err := os.Stat(filepath.Join(c.Dir, name)); err != nil {
			return fmt.Errorf("onnx.dir: %w", err)
		}
	}
	if filepath.Base(c.Library) == c.Library {
		return nil
	}
	if _, err := os.Stat(c.Library); err != nil {
		return fmt.Errorf("onnx.library: %w", err)
	}
	return nil
}

func (c Config) threads() int { return cmp.Or(c.Threads, 1) }
