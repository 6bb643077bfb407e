// Command train writes the table of package drawn from program text: how many bits
// each letter costs after the one before, and each change of case. Usage:
//
//	go run ./pkg/engine/internal/drawn/train -out pkg/engine/internal/drawn/costs.tsv $(go env GOROOT)/src
//
// It reads the .go files under the folders, tests and folders of test data left out, as
// they hold drawn strings. The same files give the same table.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os" //nolint:depguard // a command beside the engine, never linked into it
	"path/filepath"
	"regexp"
	"strings"

	"github.com/earshot/earshot/pkg/engine/internal/drawn"
)

func main() {
	out := flag.String("out", "costs.tsv", "file to write")
	flag.Parse()
	if err := run(*out, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(out string, folders []string) error {
	var c counts
	for _, folder := range folders {
		if err := filepath.WalkDir(folder, c.read); err != nil {
			return fmt.Errorf("read program text: %w", err)
		}
	}
	f, err := os.Create(out)
	if err != nil {
		return fmt.Errorf("write table: %w", err)
	}
	if err := errors.Join(c.write(f), f.Close()); err != nil {
		return fmt.Errorf("write table %q: %w", out, err)
	}
	return nil
}

// counts are how often a symbol followed a symbol, and a case a case.
type counts struct {
	pairs [drawn.Symbols][drawn.Symbols]float64
	cases [drawn.Cases]float64
}

func (c *counts) read(path string, entry fs.DirEntry, err error) error {
	switch {
	case err != nil:
		return err
	case entry.IsDir():
		if entry.Name() == "testdata" || entry.Name() == "crypto" {
			return filepath.SkipDir
		}
		return nil
	case !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
		return nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	c.learn(text)
	return nil
}

// word is a string as it could stand for a value: no blank, no bracket.
var word = regexp.MustCompile(`[A-Za-z][A-Za-z0-9_./:+=-]{3,60}`)

func (c *counts) learn(text []byte) {
	for _, w := range word.FindAll(text, -1) {
		w = bytes.TrimRight(w, ".:=")
		last := drawn.Joint
		for i, b := range w {
			symbol := drawn.Symbol(b)
			c.pairs[last][symbol]++
			if symbol < drawn.Digit && last < drawn.Digit {
				c.cases[drawn.Case(w[i-1], b)]++
			}
			last = symbol
		}
	}
}

// prior is added to each count, so that what never occurred stays possible.
const prior = 2

// write prints the costs in tenths of a bit, a row a symbol, and the cases last.
func (c *counts) write(w io.Writer) error {
	var b strings.Builder
	for _, row := range c.pairs {
		line(&b, row[:], len(row))
	}
	line(&b, c.cases[:], 2)
	_, err := io.WriteString(w, b.String())
	return err
}

// line prints one row; each group of its counts is a distribution of its own.
func line(b *strings.Builder, row []float64, group int) {
	for from := 0; from < len(row); from += group {
		sum := 0.0
		for _, n := range row[from : from+group] {
			sum += n + prior
		}
		for i, n := range row[from : from+group] {
			if from+i > 0 {
				b.WriteByte('\t')
			}
			fmt.Fprintf(b, "%.0f", -10*math.Log2((n+prior)/sum))
		}
	}
	b.WriteByte('\n')
}
