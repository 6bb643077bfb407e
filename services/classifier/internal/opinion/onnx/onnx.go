// Package onnx gives second opinions by a text classifier that the operator chose: a folder
// as the Hugging Face libraries export it, run by ONNX Runtime on this machine.
//
// Nothing leaves the machine, and no code comes with a model. The classifier sees the masked
// text alone, not who speaks; of a long text, as much of the begin as it was trained to read.
package onnx

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"sync"

	"github.com/earshot/earshot/pkg/engine"
	"github.com/earshot/earshot/pkg/retry"
	"github.com/earshot/earshot/services/classifier/internal/opinion"
	"github.com/earshot/earshot/services/classifier/internal/opinion/onnx/ort"
	"github.com/earshot/earshot/services/classifier/internal/opinion/onnx/tokens"
)

// Model answers by a classifier. Its memory is that of the model, and for each question at
// once what a text of at most 512 tokens needs.
type Model struct {
	version   string
	tokenizer *tokens.Tokenizer
	folder    folder

	mu      sync.RWMutex // held to read while the session runs
	session *ort.Session // nil once closed
}

var _ opinion.Model = (*Model)(nil)

// ErrClosed is the answer of a model after Close.
var ErrClosed = errors.New("the model is closed")

// Open reads the folder, loads the library, and asks about one text of full length, so that
// what does not fit together shows up here. The error names the file, and the field where
// there is one.
func Open(c Config) (*Model, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	m := new(Model)
	var err error
	if m.folder, err = readFolder(c.Dir, engine.OpinionKinds()); err != nil {
		return nil, err
	}
	if m.tokenizer, err = readTokenizer(c.Dir); err != nil {
		return nil, err
	}
	sum, err := fingerprint(c.Dir)
	if err != nil {
		return nil, err
	}
	m.session, err = ort.Open(ort.Options{Library: c.Library, Model: filepath.Join(c.Dir, modelFile), Threads: c.threads()})
	if err != nil {
		return nil, err
	}
	m.version = fmt.Sprintf("onnx %s, onnxruntime %s", sum, m.session.Version())
	if err := m.try(); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", filepath.Join(c.Dir, modelFile), err), m.Close())
	}
	return m, nil
}

// try looks at the inputs and runs the model once on as long a text as it may get.
func (m *Model) try() error {
	if _, err := inputs(m.session.Inputs(), nil); err != nil {
		return err
	}
	row, err := m.run(context.Background(), strings.Repeat("a ", m.folder.limit))
	if err != nil {
		return fmt.Errorf("a text of %d tokens, as config.json: max_position_embeddings allows: %w", m.folder.limit, err)
	}
	if len(row) != len(m.folder.kinds) {
		return fmt.Errorf("answers %d figures, but config.json: id2label names %d labels", len(row), len(m.folder.kinds))
	}
	return nil
}

// Version names the files by their content, and the library.
func (m *Model) Version() string { return m.version }

// Close waits for the questions in hand and frees the model. A second Close does nothing.
func (m *Model) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.session != nil {
		m.session.Close()
		m.session = nil
	}
	return nil
}

// Judge answers with the likelihood of each label that is a kind. It runs on the calling
// goroutine. The error is ctx's, ErrClosed, or permanent.
func (m *Model) Judge(ctx context.Context, q opinion.Question) (opinion.Scores, error) {
	row, err := m.run(ctx, q.Text)
	if err != nil {
		return nil, err
	}
	likelihood := softmax
	if m.folder.independent {
		likelihood = sigmoid
	}
	scores := make(opinion.Scores, len(row))
	for i, p := range likelihood(row) {
		if kind := m.folder.kinds[i]; kind != none {
			scores[kind] = p
		}
	}
	return scores, nil
}

func (m *Model) run(ctx context.Context, text string) ([]float32, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if m.session == nil {
		return nil, ErrClosed
	}
	rows, err := inputs(m.session.Inputs(), m.tokenizer.Encode(text, m.folder.limit))
	if err != nil {
		return nil, err
	}
	row, err := m.session.Run(ctx, rows)
	if err != nil && ctx.Err() == nil {
		err = retry.Permanent(err)
	}
	return row, err
}

// inputs lays out one text for the inputs of these names.
func inputs(names []string, ids []int64) ([][]int64, error) {
	rows := make([][]int64, len(names))
	for i, name := range names {
		switch name {
		case "input_ids":
			rows[i] = ids
		case "attention_mask":
			rows[i] = make([]int64, len(ids))
			for j := range rows[i] {
				rows[i][j] = 1
			}
		case "token_type_ids":
			rows[i] = make([]int64, len(ids))
		default:
			return nil, fmt.Errorf("the input %q is not input_ids, attention_mask or token_type_ids", name)
		}
	}
	return rows, nil
}

// softmax shares one among labels of which one holds.
func softmax(row []float32) []float64 {
	top := math.Inf(-1)
	for _, x := range row {
		top = max(top, float64(x))
	}
	out, sum := make([]float64, len(row)), 0.0
	for i, x := range row {
		out[i] = math.Exp(float64(x) - top)
		sum += out[i]
	}
	for i := range out {
		out[i] /= sum
	}
	return out
}

// sigmoid gives each label of its own.
func sigmoid(row []float32) []float64 {
	out := make([]float64, len(row))
	for i, x := range row {
		out[i] = 1 / (1 + math.Exp(-float64(x)))
	}
	return out
}
