package cli

import (
	"os"

	"github.com/spf13/cobra"

	"github.com/earshot/earshot/pkg/store"
)

// formats are the values of --format.
var formats = map[string]string{"table": store.FormatTable, "csv": store.FormatCSV, "json": store.FormatJSON}

func newQuery(g *global) *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "query SQL",
		Short: "Ask the store; print a table, CSV or JSON",
		Args:  exactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			clickhouse, ok := formats[format]
			if !ok {
				return usagef("--format: %q is none of table, csv, json", format)
			}
			c, err := g.running()
			if err != nil {
				return err
			}
			s, err := store.Open(cmd.Context(), c.ClickHouse)
			if err != nil {
				return err
			}
			defer func() { _ = s.Close() }()
			if err := s.Query(cmd.Context(), args[0], clickhouse, cmd.OutOrStdout()); err != nil {
				return err
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&format, "format", "table", "table, csv or json")
	return cmd
}

// isTerminal tells a person's terminal from a file or a pipe.
func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
