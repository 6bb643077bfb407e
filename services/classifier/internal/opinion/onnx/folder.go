package onnx

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/earshot/earshot/services/classifier/internal/opinion/onnx/tokens"
)

const (
	configFile    = "config.json"
	tokenizerFile = "tokenizer.json" //nolint:gosec // a file name
	modelFile     = "model.onnx"
	// weightsFile is where an export puts weights of more than 2 GB.
	weightsFile = "model.onnx_data"
)

const (
	// The largest files in use: 250,000 tokens take 17 MB.
	maxConfig, maxTokenizer = 1 << 20, 64 << 20
	// maxTokens is what BERT and its kin read at most; the cost grows with the square.
	maxTokens = 512
	// minTokens leaves room for a few words.
	minTokens = 8
	// none is the label of posts that are of no kind.
	none = "none"
)

// folder is what config.json says of the answer.
type folder struct {
	// kinds are by place in the answer; none where a label is no kind.
	kinds []string
	// independent is true where each label holds or not, false where one of all holds.
	independent bool
	// limit is how many tokens a text may have.
	limit int
}

// readFolder reads config.json. Labels are kinds or "none", each kind once.
func readFolder(dir string, kinds []string) (folder, error) {
	path := filepath.Join(dir, configFile)
	data, err := read(path, maxConfig)
	if err != nil {
		return folder{}, err
	}
	var f struct {
		Labels    map[string]string `json:"id2label"`
		Problem   string            `json:"problem_type"`
		Positions int               `json:"max_position_embeddings"`
	}
	if err := json.Unmarshal(data, &f); err != nil {
		return folder{}, fmt.Errorf("%s: %w", path, err)
	}
	c := folder{limit: min(f.Positions, maxTokens)}
	if c.limit < minTokens {
		return folder{}, fmt.Errorf("%s: max_position_embeddings: %d is less than %d", path, f.Positions, minTokens)
	}
	if c.kinds, err = labels(f.Labels, kinds); err != nil {
		return folder{}, fmt.Errorf("%s: id2label: %w", path, err)
	}
	switch f.Problem {
	case "multi_label_classification":
		c.independent = true
	case "single_label_classification", "": // as the pipelines of transformers take it
		c.independent = len(c.kinds) == 1
	default:
		return folder{}, fmt.Errorf("%s: problem_type: %q is not single_label_classification or multi_label_classification", path, f.Problem)
	}
	return c, nil
}

// labels puts labels, by number from 0 on, in order.
func labels(byNumber map[string]string, kinds []string) ([]string, error) {
	out := make([]string, len(byNumber))
	for i := range out {
		label, ok := byNumber[strconv.Itoa(i)]
		switch {
		case !ok:
			return nil, fmt.Errorf("has %d labels, but no %q", len(byNumber), strconv.Itoa(i))
		case label == none:
		case !slices.Contains(kinds, label):
			return nil, fmt.Errorf("%q is no kind of finding that a second opinion is asked for; write the kind that the label stands for, or %q", label, none)
		case slices.Contains(out, label):
			return nil, fmt.Errorf("%q is there twice", label)
		}
		out[i] = label
	}
	if !slices.ContainsFunc(out, func(label string) bool { return label != none }) {
		return nil, errors.New("names no kind of finding")
	}
	return out, nil
}

func readTokenizer(dir string) (*tokens.Tokenizer, error) {
	path := filepath.Join(dir, tokenizerFile)
	data, err := read(path, maxTokenizer)
	if err != nil {
		return nil, err
	}
	t, err := tokens.Read(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return t, nil
}

// read reads a file of at most limit bytes.
func read(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = fmt.Errorf("%s: is larger than %d bytes", path, limit)
	}
	return data, err
}

// fingerprint is one text for one content of the folder's files.
func fingerprint(dir string) (string, error) {
	sum := sha256.New()
	for _, name := range []string{configFile, tokenizerFile, modelFile, weightsFile} {
		f, err := os.Open(filepath.Join(dir, name))
		if name == weightsFile && errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return "", err
		}
		size, err := io.Copy(sum, f)
		if err := errors.Join(err, f.Close()); err != nil {
			return "", err
		}
		_, _ = fmt.Fprintf(sum, "%s %d\n", name, size)
	}
	return hex.EncodeToString(sum.Sum(nil)[:6]), nil
}
