package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/earshot/earshot/schemas"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
	earshot "github.com/earshot/earshot/services/earshot"
	"github.com/earshot/earshot/services/earshot/internal/score"
)

// scorer compiles the engine that the configuration asks for.
func (g *global) scorer() (*score.Scorer, error) {
	c, err := g.load()
	if err != nil {
		return nil, err
	}
	return newScorer(c)
}

func newScorer(c *earshot.Config) (*score.Scorer, error) {
	options, keyed, err := c.Judging()
	if err != nil {
		return nil, usage(err)
	}
	s, err := score.New(options, keyed)
	return s, usage(err)
}

func newScore(g *global) *cobra.Command {
	return &cobra.Command{
		Use:   "score [FILE|-]",
		Short: "Judge posts: JSON Lines in, JSON Lines out, no broker and no database",
		Long: `Each line is a post, judged for the brands of the configuration, or an envelope
{"brand": {…}, "post": {…}, "assume_match": false} that brings its brand along.
Out comes one line for each post and brand, in the order of the input; a post that
concerns no brand gives one line with "matched": false. A line that is no post is named
on standard error and left out; the exit code is then 2.`,
		Args: between(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			// A filter dies of the first signal: it may hang on a terminal's next line.
			signal.Reset(os.Interrupt, syscall.SIGTERM)
			in, err := open(cmd.InOrStdin(), args)
			if err != nil {
				return err
			}
			defer func() { _ = in.Close() }()
			s, err := g.scorer()
			if err != nil {
				return err
			}
			err = s.Run(cmd.Context(), in, cmd.OutOrStdout(), cmd.ErrOrStderr())
			if errors.Is(err, score.ErrLeftOut) {
				return usageError{err}
			}
			return err
		},
	}
}

// open opens the file that args may name; none or "-" is standard input.
func open(stdin io.Reader, args []string) (io.ReadCloser, error) {
	if len(args) == 0 || args[0] == "-" {
		return io.NopCloser(stdin), nil
	}
	f, err := os.Open(args[0])
	if err != nil {
		return nil, usageError{err}
	}
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, errors.Join(usagef("%s is a folder, not a file", args[0]), f.Close())
	}
	return f, nil
}

func newCheck(g *global) *cobra.Command {
	var brand, role, platform string
	cmd := &cobra.Command{
		Use:   "check TEXT|-",
		Short: "Judge a draft as an employee's post, before it is posted",
		Long: `Check judges a draft as if one of the company's own people had posted it. It exits
with 1 where a category reaches the brand's review limit. For - it reads the draft from
standard input; one that begins with - goes behind --, as in: earshot check -- "-5 %".`,
		Args: between(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			text, err := draft(cmd, args[0])
			if err != nil {
				return err
			}
			now := time.Now()
			d := score.Draft{Text: text, Platform: platform, Role: role}
			event, err := d.Event(now)
			if err != nil {
				return usage(err)
			}
			s, err := g.scorer()
			if err != nil {
				return err
			}
			judged, err := s.Draft(brand, event, now)
			if errors.Is(err, score.ErrNoBrand) {
				return usagef("--brand: %w", err)
			}
			if err != nil {
				return err
			}
			review := false
			for _, a := range judged {
				review = explain(cmd.OutOrStdout(), a) || review
			}
			if review {
				return errNo
			}
			return nil
		},
	}
	// A draft that begins with - reads as flags, and what pflag says of those quotes them.
	cmd.SetFlagErrorFunc(func(*cobra.Command, error) error {
		return usagef("a flag is unknown or lacks its value; a draft that begins with - goes behind --, or comes from standard input: earshot check [flags] -- TEXT, earshot check [flags] - <FILE")
	})
	cmd.Flags().StringVar(&brand, "brand", "", "brand `ID` (default: the only one of the configuration, or a neutral one)")
	cmd.Flags().StringVar(&role, "role", "", "role of the author, such as \"financial advisor\"")
	cmd.Flags().StringVar(&platform, "platform", "x", "platform of the post")
	return cmd
}

// draft is the text to check: arg, or for "-" all of standard input without its final line
// break.
func draft(cmd *cobra.Command, arg string) (string, error) {
	if arg != "-" {
		return arg, nil
	}
	signal.Reset(os.Interrupt, syscall.SIGTERM) // as in score
	text, err := io.ReadAll(io.LimitReader(cmd.InOrStdin(), maxDraft))
	if err != nil {
		return "", fmt.Errorf("read the draft: %w", err)
	}
	return strings.TrimRight(string(text), "\r\n"), nil
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
			if fix := strings.TrimSpace(score.Fix(a, f)); fix != "" {
				_, _ = fmt.Fprintf(out, "    %-6s %s\n", "fix", fix)
			}
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
