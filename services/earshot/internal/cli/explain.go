package cli

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/earshot/earshot/pkg/engine"
	"github.com/earshot/earshot/pkg/engine/policy"
)

func newPolicyExplain(g *global) *cobra.Command {
	var who string
	cmd := &cobra.Command{
		Use: "explain PACK RULE [TEXT]", Short: "Tell what a rule asks for, and what it makes of a text",
		Long: `PACK is the name of a pack in use, or a file. With TEXT, explain shows the words that each
selection finds in it, whether the rule speaks, and what holds it back.`,
		Args: between(2, 3),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := g.pack(args[0])
			if err != nil {
				return err
			}
			rule, err := policy.Rule(p, args[1])
			if err != nil {
				return usage(err)
			}
			if len(args) == 2 {
				return showRule(cmd.OutOrStdout(), p.Name(), rule.ID, policy.Describe(rule))
			}
			trace, err := policy.Explain(p, args[1], args[2], who)
			if err != nil {
				return usage(err)
			}
			showTrace(cmd.OutOrStdout(), trace, who)
			return nil
		},
	}
	cmd.Flags().StringVar(&who, "who", "emp", "voice of the text: own, rep, exec, emp, paid or pub")
	return cmd
}

// pack finds a pack in use by its name, or reads a file.
func (g *global) pack(name string) (engine.Pack, error) {
	if strings.HasSuffix(name, ".yaml") {
		packs, err := g.packs([]string{name})
		if err != nil {
			return engine.Pack{}, err
		}
		return packs[0], nil
	}
	packs, err := g.packs(nil)
	if err != nil {
		return engine.Pack{}, err
	}
	i := slices.IndexFunc(packs, func(p engine.Pack) bool { return p.Name() == name })
	if i < 0 {
		return engine.Pack{}, usagef("there is no pack %q in use; a file ends in .yaml", name)
	}
	return packs[i], nil
}

func showRule(out io.Writer, pack, id string, lines []string) error {
	_, err := fmt.Fprintf(out, "%s.%s\n  %s\n", pack, id, strings.Join(lines, "\n  "))
	return err
}

func showTrace(out io.Writer, trace *policy.Trace, who string) {
	verdict := "does not speak"
	if trace.Fires {
		verdict = "speaks"
	}
	_, _ = fmt.Fprintf(out, "the rule %s\n", verdict)
	for _, name := range slices.Sorted(maps.Keys(trace.Found)) {
		found := "not found"
		if words := trace.Found[name]; len(words) > 0 {
			found = strings.Join(words, " | ")
		}
		_, _ = fmt.Fprintf(out, "  %s: %s\n", name, found)
	}
	switch {
	case !trace.Applies:
		_, _ = fmt.Fprintf(out, "  applies: not to posts of %s\n", who)
	case trace.Finding == nil && !trace.Fires:
		_, _ = fmt.Fprintln(out, "  condition: does not hold here")
	case trace.Finding != nil:
		_, _ = fmt.Fprintf(out, "  condition: holds, likelihood %.2f\n", trace.Finding.GetLikelihood())
	}
	for _, g := range trace.Exemptions {
		_, _ = fmt.Fprintf(out, "  lowered by %.0f %%: %s\n", 100*g.GetStrength(), g.GetTitle())
	}
}
