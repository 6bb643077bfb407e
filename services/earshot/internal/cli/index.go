package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

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

// indexFlags leaves kind and name empty where they are not given; usual is the kind then.
func indexFlags(cmd *cobra.Command, kind, name *string, usual string) {
	cmd.Flags().StringVar(kind, "kind", "", "`kind` of leak that a finding is, such as customer, pii.national_id or financials (default "+usual+")")
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
