package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/earshot/earshot/pkg/engine/index"
)

func newIndexAdd(g *global) *cobra.Command {
	var kind, name, out string
	var public []string
	cmd := &cobra.Command{
		Use:   "add FILE…",
		Short: "Add the fingerprints of documents (plain text, Markdown, HTML) to an index",
		Long: `Add keeps fingerprints of each document under its file's name; a document of the same
name is replaced, and two of one name in one call are refused. What public documents hold
too, such as boilerplate and press releases, is taken out again by --public. An index keeps
the kind and the name that it was made with.`,
		Example: `  earshot index add -o memos.idx --kind roadmap memos/*.md --public press/release.html`,
		Args:    between(1, 1<<20),
		RunE: func(cmd *cobra.Command, args []string) error {
			key, err := g.key()
			if err != nil {
				return err
			}
			d, err := reopen(key, out, name, kind)
			if err != nil {
				return usage(err)
			}
			if err := addDocuments(d, args, public); err != nil {
				return usage(err)
			}
			data, err := d.Bytes()
			if err != nil {
				return usage(err)
			}
			if err := replace(out, data); err != nil {
				return err
			}
			documents, prints := d.Len()
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "wrote %s: %d documents, %d fingerprints in %d bytes\n", out, documents, prints, len(data))
			return err
		},
	}
	cmd.Flags().StringVarP(&out, "output", "o", "", "index `file` to add to; made where there is none")
	cmd.Flags().StringArrayVar(&public, "public", nil, "public `file`, whose fingerprints are taken out")
	indexFlags(cmd, &kind, &name, usualDocument)
	_ = cmd.MarkFlagRequired("output")
	return cmd
}

// usualDocument is the kind of a new index where none is given.
const usualDocument = "marking"

// reopen goes on with the index at path, which must be of the name and the kind that are
// given, or starts one.
func reopen(key []byte, path, name, kind string) (*index.Documents, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return index.NewDocuments(key, named(name, path), cmp.Or(kind, usualDocument))
	}
	if err != nil {
		return nil, err
	}
	x, err := index.Open(key, data)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: %w", path, err)
	case kind != "" && kind != x.Kind:
		return nil, fmt.Errorf("--kind: %s is of kind %s; another kind needs an index of its own", path, x.Kind)
	case name != "" && name != x.Name:
		return nil, fmt.Errorf("--name: %s is called %s; another name needs an index of its own", path, x.Name)
	}
	return index.Reopen(key, x)
}

func addDocuments(d *index.Documents, files, public []string) error {
	paths := map[string]string{} // by title
	for _, file := range files {
		title := filepath.Base(file)
		if other, ok := paths[title]; ok && other != filepath.Clean(file) {
			return fmt.Errorf("%s and %s have one name, and the index would keep the later one only; rename one, or give it an index of its own", other, file)
		}
		paths[title] = filepath.Clean(file)
		text, err := readText(file)
		if err != nil {
			return err
		}
		if _, err := d.Add(index.Document{ID: title, Title: title}, text); err != nil {
			return err
		}
	}
	for _, file := range public {
		text, err := readText(file)
		if err != nil {
			return err
		}
		d.Public(text)
	}
	return nil
}

// readText reads a file of text; others would leave fingerprints of noise.
func readText(path string) (string, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	if !plainText(string(data)) {
		return "", fmt.Errorf("%s: not plain text in UTF-8; save it as text, Markdown or HTML", path)
	}
	return string(data), nil
}

func plainText(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }
