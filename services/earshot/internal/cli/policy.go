package cli

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/earshot/earshot/pkg/engine"
	"github.com/earshot/earshot/pkg/engine/policy"
)

func newPolicy(g *global) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "policy",
		Short: "Write, check and try policy packs",
		Long: `Policy packs are files of rules (docs/packs.md). Where a command takes FILE and none is
given, it takes the packs in use: the built-in ones and those of packs.dirs.`,
	}
	cmd.AddCommand(newPolicyNew(), newPolicyLint(g), newPolicyTest(g), newPolicyExplain(g), newPolicyBacktest(g), newPolicyCoverage(g))
	return cmd
}

// packs reads the packs that files name, or those in use.
func (g *global) packs(files []string) ([]engine.Pack, error) {
	if len(files) == 0 {
		c, err := g.load()
		if err != nil {
			return nil, err
		}
		options, _, err := c.Judging()
		return options.Packs, usage(err)
	}
	packs := make([]engine.Pack, len(files))
	for i, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, usage(err)
		}
		if packs[i], err = engine.ParsePack(filepath.Base(file), data); err != nil {
			return nil, usage(err)
		}
	}
	return packs, nil
}

func newPolicyNew() *cobra.Command {
	return &cobra.Command{
		Use: "new NAME", Short: "Write NAME.yaml, a pack of one working rule to start from", Args: between(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			text, err := policy.New(args[0], time.Now())
			if err != nil {
				return usage(err)
			}
			if taken, err := isBuiltin(args[0]); err != nil || taken {
				return cmp.Or(err, usagef("%s is the name of a built-in pack", args[0]))
			}
			path := args[0] + ".yaml"
			f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
			if err != nil {
				return usage(err)
			}
			if _, err := io.WriteString(f, text); err != nil {
				return fmt.Errorf("write %s: %w", path, err)
			}
			if err := f.Close(); err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "wrote %s; try it with: earshot policy test %s\n", path, path)
			return err
		},
	}
}

// isBuiltin tells whether a built-in pack has a name.
func isBuiltin(name string) (bool, error) {
	packs, err := engine.BuiltinPacks()
	return slices.ContainsFunc(packs, func(p engine.Pack) bool { return p.Name() == name }), err
}

func newPolicyLint(g *global) *cobra.Command {
	return &cobra.Command{
		Use: "lint [FILE…]", Short: "Name what is wrong or doubtful about packs",
		Long: `Lint names patterns that run away or are shadowed, missing citations, exemptions that
excuse nothing, lists and selections that nobody uses, and checks that are overdue. It
exits with 1 where something must be mended.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			packs, err := g.packs(args)
			if err != nil {
				return err
			}
			faults, doubts := 0, 0
			for _, p := range packs {
				problems, err := policy.Lint(p, time.Now())
				if err != nil {
					return usage(err)
				}
				if taken, err := isBuiltin(p.Name()); err != nil {
					return err
				} else if taken && len(args) > 0 {
					problems = append(problems, policy.Problem{
						Severity: policy.Doubt, File: p.Source().File, Field: "name",
						Text: "a built-in pack has it: fine for a backtest, but packs.dirs refuses it",
					})
				}
				for _, problem := range problems {
					if problem.Severity == policy.Fault {
						faults++
					} else {
						doubts++
					}
					_, _ = fmt.Fprintln(cmd.OutOrStdout(), problem)
				}
			}
			_, _ = fmt.Fprintf(cmd.OutOrStdout(), "%d packs, %d errors, %d warnings\n", len(packs), faults, doubts)
			if faults > 0 {
				return errNo
			}
			return nil
		},
	}
}

func newPolicyTest(g *global) *cobra.Command {
	var least float64
	cmd := &cobra.Command{
		Use: "test [FILE…]", Short: "Run the examples of packs, and disguised forms of them",
		Long: `Test judges every must_match and must_pass text, then hides the words that each rule
found (letters of other scripts, figures for letters, invisible characters, letters apart,
emoji, a misspelling) and tells how many it still finds. It exits with 1 where an example
fails, or where a pack's share is below --survive.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if !(least >= 0 && least <= 1) { // NaN too
				return usagef("--survive: from 0 to 1")
			}
			packs, err := g.packs(args)
			if err != nil {
				return err
			}
			out := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 4, 2, ' ', 0)
			fine := true
			for _, p := range packs {
				ok, err := testPack(out, p, least)
				if err != nil {
					return usage(err)
				}
				fine = fine && ok
			}
			if err := out.Flush(); err != nil {
				return err
			}
			if !fine {
				return errNo
			}
			return nil
		},
	}
	cmd.Flags().Float64Var(&least, "survive", 0, "`share` of disguised texts, 0 to 1, that each pack must still find")
	return cmd
}

// testPack prints what became of a pack's examples, and a line for each of its rules.
func testPack(out io.Writer, p engine.Pack, least float64) (bool, error) {
	failures, err := engine.RunExamples(p)
	if err != nil {
		return false, err
	}
	for _, failure := range failures {
		_, _ = fmt.Fprintln(out, failure)
	}
	survivals, err := policy.Survive(p)
	if err != nil {
		return false, err
	}
	_, _ = fmt.Fprintf(out, "%s %s\tsurvives\t%s\n", p.Name(), p.Version(), joined(policy.Disguises, "\t", func(d policy.Disguise) string { return string(d) }))
	var total policy.Tally
	for _, s := range survivals {
		sum := s.Total()
		total = policy.Tally{Found: total.Found + sum.Found, Tried: total.Tried + sum.Tried}
		_, _ = fmt.Fprintf(out, "  %s\t%s\t%s\n", s.Rule, survived(sum), joined(policy.Disguises, "\t", func(d policy.Disguise) string {
			return fmt.Sprintf("%d/%d", s.By[d].Found, s.By[d].Tried)
		}))
	}
	_, _ = fmt.Fprintf(out, "  all\t%s\n", survived(total))
	if total.Share() < least {
		_, _ = fmt.Fprintf(out, "%s: less than --survive %v\n", p.Name(), least)
	}
	return len(failures) == 0 && total.Share() >= least, nil
}

// survived is a share in words.
func survived(t policy.Tally) string {
	if t.Tried == 0 {
		return "-"
	}
	return fmt.Sprintf("%.0f%%", 100*t.Share())
}

func joined[T any](list []T, separator string, text func(T) string) string {
	parts := make([]string, len(list))
	for i, x := range list {
		parts[i] = text(x)
	}
	return strings.Join(parts, separator)
}
