package cli

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/earshot/earshot/pkg/engine/policy"
	"github.com/earshot/earshot/pkg/store"
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

// hitsQuery counts findings by rule over the newest seconds.
const hitsQuery = "SELECT rule, count() FROM findings_current WHERE created_at > now() - toIntervalSecond(%d) GROUP BY rule"

// hits counts the stored findings by rule.
func (g *global) hits(ctx context.Context, since time.Duration) (map[string]int, error) {
	c, err := g.running(ctx)
	if err != nil {
		return nil, err
	}
	c.ClickHouse.DSN = readOnly(c.ClickHouse.DSN)
	s, err := store.Open(ctx, c.ClickHouse)
	if err != nil {
		return nil, err
	}
	defer func() { _ = s.Close() }()
	var out bytes.Buffer
	if err := s.Query(ctx, fmt.Sprintf(hitsQuery, int64(since.Seconds())), "CSV", &out); err != nil {
		return nil, err
	}
	rows, err := csv.NewReader(&out).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read hits: %w", err)
	}
	hits := map[string]int{}
	for _, row := range rows {
		n, err := strconv.Atoi(row[1])
		if err != nil {
			return nil, fmt.Errorf("read hits: %w", err)
		}
		hits[row[0]] = n
	}
	return hits, nil
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
