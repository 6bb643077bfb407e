// Command train writes the weights of the paraphrase model.
//
// It fits the heads, each against "nothing", to the examples of our own writing beside it,
// to the posts of the tuning set, to labelled scams of the public and, as everyday posts,
// to public ones under permissive licences. Then it calibrates on posts that it was not
// fitted to: each brand of the tuning set, each file of examples and each group of the
// public's posts is judged by a model that never saw it. By the same posts it fits what
// detectors that read meaning are worth beside the model. Usage:
//
//	go run ./engine/internal/paraphrase/train -data ../../shared/data -out engine/internal/paraphrase/weights.bin
//
// It prints what models find that never saw the brand, alone and beside the rules; with
// -report it writes nothing. The same files give the same weights.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os" //nolint:depguard // a command beside the engine, never linked into it
)

// version is the model's; raise it with every change of data, features or method.
const version = "1.9.0"

func main() {
	data := flag.String("data", "../../shared/data", "folder of the shared data")
	examples := flag.String("examples", "engine/internal/paraphrase/train/examples", "folder of examples of our own writing")
	out := flag.String("out", "engine/internal/paraphrase/weights.bin", "file to write")
	report := flag.Bool("report", false, "print the figures, write nothing")
	flag.Parse()
	if err := run(os.Stdout, *data, *examples, *out, *report); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(w io.Writer, data, examples, out string, report bool) error {
	set, err := read(data, examples)
	if err != nil {
		return err
	}
	held := set.heldOut()
	if err := printReport(w, set.rules, held); err != nil || report {
		return err
	}
	var buffer bytes.Buffer
	if err := set.train(held).Encode(&buffer, version); err != nil {
		return fmt.Errorf("encode weights: %w", err)
	}
	if err := os.WriteFile(out, buffer.Bytes(), 0o644); err != nil { //nolint:gosec // a file of the repository
		return fmt.Errorf("write weights: %w", err)
	}
	return nil
}
