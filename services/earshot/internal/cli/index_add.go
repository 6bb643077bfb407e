package cli

import (
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
name is replaced. What public documents hold too, such as boilerplate and press
releases, is taken out again by --public.`,
		Example: `  earshot index add -o memos.idx --kind roadmap memos/*.md --public press/release.html`,
		Args:    between(1, 1<<20),
		RunE: func(cmd *cobra.Command, args []string) error {
			key, err := g.key()
			if err != nil {
				return err
			}
			d, err := reopen(key, out, named(name, out), kind)
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
	indexFlags(cmd, &kind, &name, "marking")
	_ = cmd.MarkFlagRequired("output")
	return cmd
}

// reopen goes on with the index at path, or starts one.
func reopen(key []byte, path, name, kind string) (*index.Documents, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return index.NewDocuments(key, name, kind)
	}
	if err != nil {
		return nil, err
	}
	x, err := index.Open(key, data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return index.Reopen(key, x)
}

func addDocuments(d *index.Documents, files, public []string) error {
	for _, file := range files {
		text, err := readText(file)
		if err != nil {
			return err
		}
		title := filepath.Base(file)
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
	if !utf8.Valid(data) || strings.ContainsRune(string(data), 0) {
		return "", fmt.Errorf("%s: not plain text in UTF-8; save it as text, Markdown or HTML", path)
	}
	return string(data), nil
}
