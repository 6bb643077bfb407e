package cli

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/earshot/earshot/pkg/engine/index"
)

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
			if err := replaceable(key, out); err != nil {
				return usage(err)
			}
			wanted, err := parseColumns(columns)
			if err != nil {
				return err
			}
			b, err := index.NewBuilder(key, named(name, args[0]), cmp.Or(kind, usualTable), wanted)
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
	indexFlags(cmd, &kind, &name, usualTable)
	_ = cmd.MarkFlagRequired("output")
	_ = cmd.MarkFlagRequired("column")
	return cmd
}

// usualTable is the kind of a table's index where none is given.
const usualTable = "customer"

// replaceable refuses to write over what is not an index of a table. One of another key or
// version, or a damaged one, may be built again.
func replaceable(key []byte, path string) error {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if !index.Is(data) {
		return fmt.Errorf("%s: not an index of earshot; it is not written over", path)
	}
	if x, err := index.Open(key, data); err == nil && len(x.Documents) > 0 {
		return fmt.Errorf("%s: holds documents, not a table; it is not written over", path)
	}
	return nil
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
			if row[i] = record[k]; !plainText(row[i]) {
				line, _ := r.FieldPos(k)
				return fmt.Errorf("%s: line %d: column %q: not text in UTF-8; save the table as UTF-8", path, line, wanted[i].Name)
			}
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
