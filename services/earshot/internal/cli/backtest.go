package cli

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/earshot/earshot/pkg/engine"
	"github.com/earshot/earshot/pkg/store"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
	"github.com/earshot/earshot/services/alerter"
	earshot "github.com/earshot/earshot/services/earshot"
	"github.com/earshot/earshot/services/earshot/internal/backtest"
)

func newPolicyBacktest(g *global) *cobra.Command {
	var since time.Duration
	var most int
	cmd := &cobra.Command{
		Use: "backtest FILE…", Short: "Tell what changed packs would change in what is stored",
		Long: `Backtest judges the stored posts of a window twice: by the packs in use, and by the same
with each FILE in the place of the pack of its name, or beside them. It lists the mentions
that appear, vanish or move to another level, and the alerts that would come or go; and
how many of what either side flags reviewers confirmed, where they decided. It changes
nothing. Stored text is redacted, on both sides alike. Rules in shadow are judged
as if they were live.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if since < 0 || most < 0 {
				return usagef("--since and --show: not below 0")
			}
			packs, err := g.packs(args)
			if err != nil {
				return err
			}
			c, err := g.running(cmd.Context())
			if err != nil {
				return err
			}
			report, err := judgedTwice(cmd.Context(), c, packs, since)
			if err != nil {
				return err
			}
			alerts, err := alertsOf(c, report)
			if err != nil {
				return err
			}
			if err := showBacktest(cmd.OutOrStdout(), report, alerts, most); err != nil {
				return err
			}
			reviews, err := decided(cmd.Context(), c, since)
			if err != nil {
				return err
			}
			return showPrecision(cmd.OutOrStdout(), reviews.Precision(report.Before), reviews.Precision(report.After))
		},
	}
	cmd.Flags().DurationVar(&since, "since", 90*24*time.Hour, "`time` to look back")
	cmd.Flags().IntVar(&most, "show", 20, "`number` of changed mentions to list, the gravest first")
	return cmd
}

// judgedTwice judges the stored posts by the packs in use and by those with changed ones.
func judgedTwice(ctx context.Context, c *earshot.Config, changed []engine.Pack, since time.Duration) (*backtest.Report, error) {
	options, _, err := c.Judging()
	if err != nil {
		return nil, usage(err)
	}
	if len(options.Brands) == 0 {
		return nil, usagef("no brands: name the configuration that the pipeline runs with (--config); the demo's is demo.yaml in its data folder")
	}
	before, err := engine.New(options)
	if err != nil {
		return nil, usage(err)
	}
	options.Packs = replaced(options.Packs, changed)
	after, err := engine.New(options)
	if err != nil {
		return nil, usage(err)
	}
	report := &backtest.Report{}
	err = stored(ctx, c, fmt.Sprintf(backtest.Query, millisAgo(since)), func(in io.Reader) error {
		return backtest.Read(in, func(ev *earshotv1.PostEvent) { report.Add(before, after, ev) })
	})
	return report, err
}

// decided are the reviews of the window.
func decided(ctx context.Context, c *earshot.Config, since time.Duration) (reviews backtest.Reviews, err error) {
	err = stored(ctx, c, fmt.Sprintf(backtest.ReviewQuery, millisAgo(since)), func(in io.Reader) error {
		reviews, err = backtest.ReadReviews(in)
		return err
	})
	return reviews, err
}

// millisAgo is the time so long ago in Unix milliseconds, 1970 at the earliest.
func millisAgo(since time.Duration) int64 { return max(0, time.Now().Add(-since).UnixMilli()) }

// replaced puts packs in the place of those of their names, live.
func replaced(packs, with []engine.Pack) []engine.Pack {
	out := slices.DeleteFunc(slices.Clone(packs), func(p engine.Pack) bool {
		return slices.ContainsFunc(with, func(w engine.Pack) bool { return w.Name() == p.Name() })
	})
	for _, p := range with {
		out = append(out, p.Live())
	}
	return out
}

// stored reads from the store of the running pipeline, one JSON object a line.
func stored(ctx context.Context, c *earshot.Config, sql string, read func(io.Reader) error) error {
	settings := c.ClickHouse
	settings.DSN = readOnly(settings.DSN)
	s, err := store.Open(ctx, settings)
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }()
	in, out := io.Pipe()
	asked := make(chan error, 1)
	go func() {
		err := s.Query(ctx, sql, store.FormatJSON, out)
		asked <- err
		_ = out.CloseWithError(cmp.Or(err, io.EOF))
	}()
	err = read(in)
	_ = in.CloseWithError(err)
	return cmp.Or(<-asked, err)
}

func alertsOf(c *earshot.Config, r *backtest.Report) (backtest.Alerts, error) {
	rules := alerter.DefaultConfig()
	if err := c.File.Section("alerter", &rules); err != nil {
		return backtest.Alerts{}, usage(err)
	}
	before, err := alerter.Replay(rules, r.Before)
	if err != nil {
		return backtest.Alerts{}, usage(err)
	}
	after, err := alerter.Replay(rules, r.After)
	return backtest.CompareAlerts(before, after), usage(err)
}

func showBacktest(w io.Writer, r *backtest.Report, alerts backtest.Alerts, most int) error {
	out := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	_, _ = fmt.Fprintf(out, "%d posts, %d mentions: %d appear, %d vanish, %d move; alerts: %d appear, %d vanish\n",
		r.Posts, r.Mentions, r.Count(backtest.Appears), r.Count(backtest.Vanishes), r.Count(backtest.Moves), len(alerts.Appear), len(alerts.Vanish))
	slices.SortStableFunc(r.Changes, func(a, b backtest.Change) int {
		return cmp.Compare(max(b.BeforeScore, b.AfterScore), max(a.BeforeScore, a.AfterScore))
	})
	for _, c := range r.Changes[:min(most, len(r.Changes))] {
		_, _ = fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%s %.1f → %s %.1f\t%s\n", c.How, c.Post, c.Brand, c.Category,
			c.Before, c.BeforeScore, c.After, c.AfterScore, strings.Join(c.Rules, ", "))
	}
	for _, side := range []struct {
		how    string
		alerts []*earshotv1.Alert
	}{{"alert appears", alerts.Appear}, {"alert vanishes", alerts.Vanish}} {
		for _, a := range side.alerts {
			_, _ = fmt.Fprintf(out, "%s\t%s\t%s\t%s\n", side.how, a.GetRule(), a.GetSeverity(), a.GetStartsAt().AsTime().Format(time.RFC3339))
		}
	}
	return out.Flush()
}

// showPrecision prints a line for each category of which reviewers decided something that
// one side flags.
func showPrecision(w io.Writer, before, after map[string]backtest.Precision) error {
	out := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	none := true
	for _, category := range slices.Sorted(maps.Keys(merged(before, after))) {
		b, a := before[category], after[category]
		if b.Reviewed+a.Reviewed == 0 {
			continue
		}
		none = false
		_, _ = fmt.Fprintf(out, "precision\t%s\t%s\t→ %s\n", category, share(b), share(a))
	}
	if none {
		_, _ = fmt.Fprintln(out, "precision: no reviews of what these packs flag")
	}
	return out.Flush()
}

// merged has the keys of both.
func merged(a, b map[string]backtest.Precision) map[string]backtest.Precision {
	out := maps.Clone(a)
	maps.Copy(out, b)
	return out
}

// share is a precision in words: "0.75 (3 of 4 reviewed, 9 flagged)".
func share(p backtest.Precision) string {
	value, ok := p.Share()
	if !ok {
		return fmt.Sprintf("unknown (none of %d flagged reviewed)", p.Flagged)
	}
	return fmt.Sprintf("%.2f (%d of %d reviewed, %d flagged)", value, p.Confirmed, p.Reviewed, p.Flagged)
}
