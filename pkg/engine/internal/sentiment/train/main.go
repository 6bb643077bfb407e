// Command train writes the sentiment lexicon from labelled tweets.
//
// It fits two weights per token and per pair of tokens, toward positive and
// toward negative, with the analyzer's own negation and intensifiers, so that
// the weights fit the rules that use them. Weights start from the valences of
// the VADER lexicon and are drawn back to them. Usage:
//
//	go run ./engine/internal/sentiment/train -vader lexicon.tsv.gz -out engine/internal/sentiment/lexicon.tsv train.tsv.gz...
//
// A training file is gzipped, tab separated, with the columns "label" and "text".
// The same files give the same lexicon.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os" //nolint:depguard // a command beside the engine, never linked into it

	"github.com/earshot/earshot/pkg/engine/internal/sentiment"
)

func main() {
	vader := flag.String("vader", "", "gzipped VADER lexicon: token, valence, deviation")
	out := flag.String("out", "lexicon.tsv", "file to write")
	flag.Parse()
	if err := run(*vader, *out, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(vader, out string, files []string) error {
	analyzer, err := sentiment.New()
	if err != nil {
		return err
	}
	m := newModel(analyzer)
	if err := readTable(vader, []string{"token", "mean_valence"}, m.prior); err != nil {
		return err
	}
	for _, f := range files {
		if err := readTable(f, []string{"text", "label"}, m.learn); err != nil {
			return err
		}
	}
	m.fit()
	f, err := os.Create(out)
	if err != nil {
		return fmt.Errorf("write lexicon: %w", err)
	}
	if err := errors.Join(m.write(f), f.Close()); err != nil {
		return fmt.Errorf("write lexicon %q: %w", out, err)
	}
	return nil
}
