package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/earshot/earshot/pkg/engine/policy"
)

func newPolicyCoverage(g *global) *cobra.Command {
	var since time.Duration
	cmd := &cobra.Command{
		Use: "coverage [FILE…]", Short: "List clauses without a rule, rules without a hit, and checks that are due",
		Long: `Coverage lists for each pack the clauses that nobody decides, those that somebody else
decides, rules in shadow, and overdue checks of citations. With --since it asks the store
of the running pipeline which rules had no hit.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			packs, err := g.packs(args)
			if err != nil {
				return err
			}
			var hits map[string]int
			if since > 0 {
				if hits, err = g.hits(cmd.Context(), since); err != nil {
					return err
				}
			}
			for _, p := range packs {
				showCoverage(cmd.OutOrStdout(), policy.Cover(p, hits, time.Now()))
			}
			return nil
		},
	}
	cmd.Flags().DurationVar(&since, "since", 0, "ask the store for hits in this `time`, such as 720h")
	return cmd
}

// hitsQuery counts findings by rule after a time in Unix milliseconds.
const hitsQuery = "SELECT rule, toFloat64(count()) AS hits FROM findings_current WHERE created_at > fromUnixTimestamp64Milli(toInt64(%d)) GROUP BY rule"

// hits counts the stored findings by rule.
func (g *global) hits(ctx context.Context, since time.Duration) (map[string]int, error) {
	c, err := g.running(ctx)
	if err != nil {
		return nil, err
	}
	hits := map[string]int{}
	err = stored(ctx, c, fmt.Sprintf(hitsQuery, millisAgo(since)), func(in io.Reader) error {
		rows := json.NewDecoder(in)
		for rows.More() {
			var row struct {
				Rule string  `json:"rule"`
				Hits float64 `json:"hits"`
			}
			if err := rows.Decode(&row); err != nil {
				return fmt.Errorf("read hits: %w", err)
			}
			hits[row.Rule] = int(row.Hits)
		}
		return nil
	})
	return hits, err
}

func showCoverage(out io.Writer, c policy.Coverage) {
	_, _ = fmt.Fprintf(out, "%s %s: %d rules\n", c.Pack, c.Version, c.Rules)
	for _, line := range []struct {
		title string
		ids   []string
	}{
		{"no rule decides", c.Open}, {"in shadow", c.Shadow}, {"no hit", c.Silent},
	} {
		if len(line.ids) > 0 {
			_, _ = fmt.Fprintf(out, "  %s: %s\n", line.title, strings.Join(line.ids, ", "))
		}
	}
	for _, id := range slices.Sorted(maps.Keys(c.Elsewhere)) {
		_, _ = fmt.Fprintf(out, "  %s elsewhere: %s\n", id, c.Elsewhere[id])
	}
	if !c.ReviewDue.IsZero() {
		_, _ = fmt.Fprintf(out, "  citations wait for a check since %s\n", c.ReviewDue.Format(time.DateOnly))
	}
}
