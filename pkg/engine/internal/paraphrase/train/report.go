package main

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/earshot/earshot/pkg/engine/internal/paraphrase"
)

// printReport prints what models find that never saw the brand.
func printReport(w io.Writer, held []judged) error {
	var out bytes.Buffer
	for head := range paraphrase.Heads {
		slope, intercept := platt(held, head)
		fmt.Fprintf(&out, "%s: AUC %.3f, slope %.3f, intercept %.3f\n", paraphrase.Heads[head].Category, ranked(held, head), slope, intercept)
		for _, least := range []float64{.2, .3, .4, .5, .6, .7, .8} {
			var right, kind, wrong, missed int
			for i := range held {
				v := &held[i].verdicts[head]
				said := 1/(1+math.Exp(-(slope*v.logOdds+intercept))) >= least
				switch {
				case said && v.is:
					right++
					if slices.Contains(held[i].kinds, v.kind) {
						kind++
					}
				case said:
					wrong++
				case v.is:
					missed++
				}
			}
			fmt.Fprintf(&out, "  from %.1f: %d right, %d of the right kind, %d wrong, %d missed\n", least, right, kind, wrong, missed)
		}
	}
	_, err := w.Write(out.Bytes())
	return err
}

// ranked is the chance that a violation ranks before a harmless post (the area under the
// ROC curve).
func ranked(held []judged, head int) float64 {
	before, pairs := 0.0, 0.0
	for i := range held {
		for k := range held {
			a, b := &held[i].verdicts[head], &held[k].verdicts[head]
			if !a.is || b.is {
				continue
			}
			pairs++
			switch {
			case a.logOdds > b.logOdds:
				before++
			case a.logOdds == b.logOdds:
				before += 0.5
			}
		}
	}
	return before / pairs
}
