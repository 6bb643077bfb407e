package cli

import (
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"github.com/earshot/earshot/pkg/config"
	"github.com/earshot/earshot/pkg/store"
)

// formats are the values of --format.
var formats = map[string]string{"table": store.FormatTable, "csv": store.FormatCSV, "json": store.FormatJSON}

func newQuery(g *global) *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "query SQL",
		Short: "Ask the store; print a table, CSV or JSON",
		Long: `Query asks ClickHouse and changes nothing there: the statement runs read-only. Start
with the views: mentions, posts_current, findings_current, alerts_current, reviews_current,
mentions_per_minute; "DESCRIBE mentions" tells what each column is.`,
		Args: between(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			clickhouse, ok := formats[format]
			if !ok {
				return usagef("--format: %q is none of table, csv, json", format)
			}
			c, err := g.running(cmd.Context())
			if err != nil {
				return err
			}
			c.ClickHouse.DSN = readOnly(c.ClickHouse.DSN)
			s, err := store.Open(cmd.Context(), c.ClickHouse)
			if err != nil {
				return err
			}
			defer func() { _ = s.Close() }()
			err = s.Query(cmd.Context(), args[0], clickhouse, cmd.OutOrStdout())
			if refusal, ok := errors.AsType[store.Refusal](err); ok {
				return usagef("%s", brief(string(refusal)))
			}
			return err
		},
	}
	cmd.Flags().StringVar(&format, "format", "table", "table, csv or json (a line a row)")
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions([]string{"table", "csv", "json"}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// brief leaves out the list of everything that a syntax error might have been, but keeps
// the name of the error behind it.
func brief(refusal string) string {
	before, rest, found := strings.Cut(refusal, ". Expected one of: ")
	if end := strings.LastIndex(rest, ". ("); found && end >= 0 {
		return before + rest[end:]
	}
	return refusal
}

// readOnly makes every statement one that reads; settings may still be changed. See
// https://clickhouse.com/docs/operations/settings/permissions-for-queries
func readOnly(dsn config.Secret) config.Secret {
	separator := "?"
	if strings.Contains(dsn.Reveal(), "?") {
		separator = "&"
	}
	return dsn + config.Secret(separator+"readonly=2")
}
