package cli

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/earshot/earshot/pkg/engine/index"
)

func newIndex(g *global) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "index",
		Short: "Keep what must not be seen in public as keyed hashes",
		Long: `An index holds the values of a table, or the fingerprints of documents, as hashes under
the configuration's key: none can be read back. Name it under indexes in the
configuration (docs/indexes.md).`,
	}
	cmd.AddCommand(newIndexBuild(g), newIndexAdd(g), newIndexShow(g))
	return cmd
}

func newIndexBuild(g *global) *cobra.Command {
	var kind, name, out string
	var columns []string
	cmd := &cobra.Command{
		Use:   "build FILE.csv",
		Short: "Make the index of a table, whose first line names its columns",
		Long: `Build keeps the columns that --column names, each with its type: name, email, phone, id
or text. Two values of one row within 300 characters are a finding; of a column with
",unique" one value is.`,
		Example: `  earshot index build customers.csv -o customers.idx --kind customer \
    --column name=name --column mail=email --column account=id,unique`,
		Args: between(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			key, err := g.key()
			if err != nil {
				return err
			}
			wanted, err := parseColumns(columns)
			if err != nil {
				return err
			}
			b, err := index.NewBuilder(key, named(name, args[0]), kind, wanted)
			if err != nil {
				return usage(err)
			}
			if err := addTable(b, args[0], wanted); err != nil {
				return usage(err)
			}
			data, err := b.Bytes()
			if err != nil {
				return usage(err)
			}
			if err := replace(out, data); err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "wrote %s: %d values in %d bytes; %d values left out, too short or not of their type\n", out, b.Values(), len(data), b.Skipped())
			return err
		},
	}
	cmd.Flags().StringVarP(&out, "output", "o", "", "`file` to write")
	cmd.Flags().StringArrayVar(&columns, "column", nil, "`NAME=TYPE[,unique]` of a column to keep")
	indexFlags(cmd, &kind, &name, "customer")
	_ = cmd.MarkFlagRequired("output")
	_ = cmd.MarkFlagRequired("column")
	return cmd
}

func indexFlags(cmd *cobra.Command, kind, name *string, usual string) {
	cmd.Flags().StringVar(kind, "kind", usual, "`kind` of leak that a finding is, such as customer, pii.national_id or financials")
	cmd.Flags().StringVar(name, "name", "", "`name` of the index, as rules bear it (default: that of the file)")
}

// key reads the key of the configuration.
func (g *global) key() ([]byte, error) {
	c, err := g.load()
	if err != nil {
		return nil, err
	}
	key, err := c.Key()
	return key, usage(err)
}

// named is the name of an index: the one given, or that of a file, as names are written.
func named(given, file string) string {
	if given != "" {
		return given
	}
	base := strings.ToLower(strings.TrimSuffix(filepath.Base(file), filepath.Ext(file)))
	return strings.Trim(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, base), "-")
}

// parseColumns reads NAME=TYPE[,unique].
func parseColumns(flags []string) ([]index.Column, error) {
	var out []index.Column
	for _, flag := range flags {
		name, kind, ok := strings.Cut(flag, "=")
		of, unique, isUnique := strings.Cut(kind, ",")
		if !ok || name == "" || isUnique && unique != "unique" {
			return nil, usagef("--column %s: want NAME=TYPE or NAME=TYPE,unique", flag)
		}
		out = append(out, index.Column{Name: name, Type: index.Type(of), Unique: isUnique})
	}
	return out, nil
}

// addTable adds the rows of a CSV file, of which it takes the wanted columns.
func addTable(b *index.Builder, path string, wanted []index.Column) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	r := csv.NewReader(f)
	r.ReuseRecord = true
	head, err := r.Read()
	if err != nil {
		return fmt.Errorf("%s: first line: %w", path, err)
	}
	at, err := columnsOf(head, wanted)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	row := make([]string, len(at))
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		for i, k := range at {
			row[i] = record[k]
		}
		if err := b.Add(row); err != nil {
			return err
		}
	}
}

// columnsOf finds the wanted columns in the first line of a file.
func columnsOf(head []string, wanted []index.Column) ([]int, error) {
	at := map[string]int{}
	for i, name := range head {
		at[strings.TrimSpace(strings.TrimPrefix(name, "\ufeff"))] = i
	}
	out := make([]int, len(wanted))
	for i, c := range wanted {
		k, ok := at[c.Name]
		if !ok {
			return nil, fmt.Errorf("no column %q; there are %s", c.Name, strings.Join(head, ", "))
		}
		out[i] = k
	}
	return out, nil
}

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

func newIndexShow(g *global) *cobra.Command {
	return &cobra.Command{
		Use: "show FILE", Short: "Check an index with the configuration's key, and say what it holds", Args: between(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			key, err := g.key()
			if err != nil {
				return err
			}
			data, err := os.ReadFile(args[0])
			if err != nil {
				return usage(err)
			}
			x, err := index.Open(key, data)
			if err != nil {
				return usagef("%s: %w", args[0], err)
			}
			out := cmd.OutOrStdout()
			_, err = fmt.Fprintf(out, "%s: kind %s, state %s\n", x.Name, x.Kind, x.Sum)
			for _, c := range x.Columns {
				_, e := fmt.Fprintf(out, "column %s (%s)%s\n", c.Name, c.Type, map[bool]string{true: ", unique"}[c.Unique])
				err = errors.Join(err, e)
			}
			if x.Rows > 0 {
				_, e := fmt.Fprintf(out, "%d rows\n", x.Rows)
				err = errors.Join(err, e)
			}
			for _, d := range x.Documents {
				_, e := fmt.Fprintln(out, "document", d.Title)
				err = errors.Join(err, e)
			}
			return err
		},
	}
}

// replace writes a file beside path and lets it take the place of it, so that nobody
// reads half an index.
func replace(path string, data []byte) error {
	temporary, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return usage(err)
	}
	_, err = temporary.Write(data)
	if err = errors.Join(err, temporary.Close()); err == nil {
		err = os.Rename(temporary.Name(), path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", path, err), os.Remove(temporary.Name()))
	}
	return nil
}
