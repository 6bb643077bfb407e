package cli

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/earshot/earshot/schemas"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

func newCheck(g *global) *cobra.Command {
	var brand, role, platform string
	cmd := &cobra.Command{
		Use:   "check TEXT",
		Short: "Judge a draft as an employee's post, before it is posted",
		Long: "Check judges a draft as if one of the company's own people had posted it. It exits\n" +
			"with 1 where a category reaches the brand's review limit.",
		Args: exactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := g.load()
			if err != nil {
				return err
			}
			s, err := newScorer(c)
			if err != nil {
				return err
			}
			judge, err := s.forDraft(brand)
			if err != nil {
				return err
			}
			now := time.Now()
			review := false
			for _, a := range judge.Assess(draft(args[0], platform, role, now), now) {
				review = explain(cmd.OutOrStdout(), a) || review
			}
			if review {
				return errNo
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&brand, "brand", "", "brand `ID` (default: the only one of the configuration, or a neutral one)")
	cmd.Flags().StringVar(&role, "role", "", "role of the author, such as \"financial advisor\"")
	cmd.Flags().StringVar(&platform, "platform", "x", "platform of the post")
	return cmd
}

func draft(text, platform, role string, at time.Time) *earshotv1.PostEvent {
	return &earshotv1.PostEvent{
		Op: earshotv1.PostOp_POST_OP_CREATED,
		Post: &earshotv1.Post{
			Id: platform + ":draft", Platform: platform, NativeId: "draft", Kind: earshotv1.PostKind_POST_KIND_EMPLOYEE,
			Text: text, CreatedAt: timestamppb.New(at), Visibility: earshotv1.Visibility_VISIBILITY_PUBLIC,
			Author: &earshotv1.Author{Id: "draft", Role: role},
		},
		Provenance: &earshotv1.Provenance{Source: "check", SourceType: "draft", ObservedAt: timestamppb.New(at)},
	}
}

// explain prints an assessment in words and reports whether it must be reviewed.
func explain(out io.Writer, a *earshotv1.Assessment) bool {
	review := false
	for _, c := range a.GetCategories() {
		review = review || c.GetOutcome() >= earshotv1.Outcome_OUTCOME_REVIEW
		if len(c.GetFindings()) == 0 {
			continue
		}
		_, _ = fmt.Fprintf(out, "%s: %s, score %.1f (likelihood %.2f, impact %.2f), %s\n", schemas.CategoryName(c.GetCategory()),
			schemas.LevelName(c.GetLevel()), c.GetScore(), c.GetLikelihood(), c.GetImpact(), schemas.OutcomeName(c.GetOutcome()))
		for _, f := range c.GetFindings() {
			explainFinding(out, f)
		}
		for _, g := range c.GetGuards() {
			_, _ = fmt.Fprintf(out, "  lowered by %.0f %%: %s (%s)\n", 100*g.GetStrength(), g.GetTitle(), g.GetRule())
		}
	}
	if !review {
		_, _ = fmt.Fprintln(out, "nothing here needs a review")
	}
	return review
}

func explainFinding(out io.Writer, f *earshotv1.Finding) {
	_, _ = fmt.Fprintf(out, "  %s [%s]\n", f.GetTitle(), f.GetRule())
	for _, part := range []struct{ name, text string }{
		{"why", f.GetWhy()}, {"where", f.GetMasked()}, {"cite", f.GetCite()}, {"do", f.GetMitigate()},
	} {
		if text := strings.TrimSpace(part.text); text != "" {
			_, _ = fmt.Fprintf(out, "    %-6s %s\n", part.name, text)
		}
	}
}
