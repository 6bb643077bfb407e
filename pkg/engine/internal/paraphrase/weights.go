package paraphrase

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

// shipped is written by the command in ./train.
//
//go:embed weights.bin
var shipped []byte

// magic opens a file of weights; its number changes with every change of the features.
const magic = "earshot paraphrase 4\n"

// header is what stands between magic and the weights, little endian.
type header struct {
	Version          [16]byte
	Data             [8]byte
	Bits, Kinds      uint32
	Unit             float64
	Slope, Intercept [len(Heads)]float64
	Weighing         Weighing
	Bias             [len(Kinds)]float64
}

// New returns the model of this package. An error means that the shipped file is broken.
func New() (*Model, error) {
	m, err := Decode(shipped)
	if err != nil {
		return nil, fmt.Errorf("read paraphrase weights: %w", err)
	}
	return m, nil
}

// Decode reads what Encode wrote.
func Decode(data []byte) (*Model, error) {
	zr, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	mark := make([]byte, len(magic))
	if _, err := io.ReadFull(zr, mark); err != nil || string(mark) != magic {
		return nil, errors.Join(errors.New("not weights of these features"), err)
	}
	var h header
	if err := binary.Read(zr, binary.LittleEndian, &h); err != nil {
		return nil, err
	}
	if h.Bits != Bits || h.Kinds != uint32(len(Kinds)) {
		return nil, fmt.Errorf("%d bits and %d kinds, want %d and %d", h.Bits, h.Kinds, Bits, len(Kinds))
	}
	weights := make([]int8, len(Kinds)<<Bits)
	if err := binary.Read(zr, binary.LittleEndian, weights); err != nil {
		return nil, err
	}
	return h.model(weights), nil
}

func (h *header) model(weights []int8) *Model {
	return &Model{
		Version: string(bytes.TrimRight(h.Version[:], "\x00")), Data: h.Data, unit: h.Unit, bias: h.Bias, slope: h.Slope, intercept: h.Intercept,
		weighing: h.Weighing, insiders: newTable(weights, 0, firstPublic), public: newTable(weights, firstPublic, len(Kinds)),
	}
}

// Trained is a model before its weights are cut to a byte each.
type Trained struct {
	// Weights are log-odds against none, by bucket, then kind; Bias those of an empty post.
	Weights []float64
	Bias    [len(Kinds)]float64
	// Slope and Intercept turn the log-odds into calibrated ones, by head.
	Slope, Intercept [len(Heads)]float64
	Weighing         Weighing
	// Data is a hash over what it was trained on.
	Data [8]byte
}

// Encode writes a trained model with its version, at most 16 bytes.
func (t *Trained) Encode(w io.Writer, version string) error {
	h, weights := t.rounded(version)
	zw, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		return err
	}
	_, err = io.WriteString(zw, magic)
	return errors.Join(err, binary.Write(zw, binary.LittleEndian, h), binary.Write(zw, binary.LittleEndian, weights), zw.Close())
}

// Model is the model that Encode writes.
func (t *Trained) Model(version string) *Model {
	h, weights := t.rounded(version)
	return h.model(weights)
}

// rounded cuts the weights to steps of 1/127 of the greatest.
func (t *Trained) rounded(version string) (*header, []int8) {
	greatest := 0.0
	for _, w := range t.Weights {
		greatest = max(greatest, math.Abs(w))
	}
	h := &header{
		Data: t.Data, Bits: Bits, Kinds: uint32(len(Kinds)), Unit: greatest / math.MaxInt8, Slope: t.Slope, Intercept: t.Intercept,
		Weighing: t.Weighing, Bias: t.Bias,
	}
	copy(h.Version[:], version)
	weights := make([]int8, len(t.Weights))
	for i, w := range t.Weights {
		if greatest > 0 {
			weights[i] = int8(math.Round(w / h.Unit))
		}
	}
	return h, weights
}

// Calibration is what turns the log-odds of each head into calibrated ones.
func (m *Model) Calibration() (slope, intercept [len(Heads)]float64, w Weighing) {
	return m.slope, m.intercept, m.weighing
}
