package main

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/earshot/earshot/pkg/engine"
	"github.com/earshot/earshot/pkg/engine/internal/paraphrase"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// printReport prints what models find that never saw the brand, alone and beside rules.
func printReport(w io.Writer, r *rules, held []judged) error {
	var out bytes.Buffer
	for head := range paraphrase.Heads {
		h, held := &paraphrase.Heads[head], of(held, head)
		slope, intercept := platt(held, head)
		fmt.Fprintf(&out, "%s of %s: AUC %.3f, slope %.3f, intercept %.3f, calibration error %.3f\n", h.Category, speakers[h.Public], ranked(held, head), slope, intercept, calibrationError(held, head))
		rules, model, both := &tally{}, &tally{}, &tally{}
		for i := range held {
			j := &held[i]
			var found found
			if j.line != nil {
				var err error
				if found, err = r.judge(j.line, h.Category); err != nil {
					return err
				}
			}
			rules.count(h, j, found.likelihood >= engine.Likely, found.kinds)
			v := &j.verdicts[head]
			name, heard := paraphrase.Kinds[v.kind].Name, calibrated(slope, intercept, v) >= engine.Likely
			var alone []string
			if heard {
				alone = append(alone, name)
			}
			model.count(h, j, heard, alone)
			said, kinds := found.likelihood >= engine.Likely, found.kinds
			if heard && !said && !found.guarded && !slices.Contains(found.spoken, name) {
				said, kinds = true, append(kinds, name)
			}
			both.count(h, j, said, kinds)
		}
		model.print(&out, "model alone")
		model.printKinds(&out, h)
		if head != paraphrase.Scams {
			rules.print(&out, "rules alone")
			rules.printKinds(&out, h)
			both.print(&out, "rules and model")
			both.printKinds(&out, h)
		}
	}
	printWeighing(&out, readings(held))
	_, err := w.Write(out.Bytes())
	return err
}

// printWeighing prints what readings are worth by themselves and weighed, each fold by a
// weighing fitted to the others.
func printWeighing(out *bytes.Buffer, readings []judged) {
	var alone, weighed tally
	for fold := range folds {
		w := weigh(slices.DeleteFunc(slices.Clone(readings), func(j judged) bool { return j.fold == fold }))
		for i := range readings {
			if j := &readings[i]; j.fold == fold {
				v := &j.verdicts[paraphrase.Leakage]
				alone.add(j.reading >= engine.Likely, v.is)
				weighed.add(w.LogOdds(j.reading, v.logOdds) >= 0, v.is)
			}
		}
	}
	w := weigh(readings)
	fmt.Fprintf(out, "readings: weighed by %.2f, the model by %.2f, bias %.2f\n", w.Reading, w.Hearing, w.Bias)
	alone.print(out, "readings alone")
	weighed.print(out, "readings weighed")
}

func calibrated(slope, intercept float64, v *verdict) float64 {
	return paraphrase.Logistic(slope*v.logOdds + intercept)
}

// speakers are whom a head reads, public or not.
var speakers = map[bool]string{false: "insiders", true: "the public"}

// categoryNames are the categories' names in the tuning set.
var categoryNames = map[earshotv1.Category]string{
	earshotv1.Category_CATEGORY_COMPLIANCE: "compliance", earshotv1.Category_CATEGORY_LEAKAGE: "leakage",
	earshotv1.Category_CATEGORY_REPUTATION: "reputation",
}

// tally counts posts, and of those with a label the kinds found.
type tally struct {
	right, wrong, missed int
	found, all           [kinds]int
}

func (t *tally) count(h *paraphrase.Head, j *judged, said bool, names []string) {
	is := j.is(h)
	if h != &paraphrase.Heads[paraphrase.Scams] {
		is = j.line.Labels[categoryNames[h.Category]].Risk
	}
	t.add(said, is)
	for _, k := range j.kinds {
		if h.Has(k) {
			t.all[k]++
			if slices.Contains(names, paraphrase.Kinds[k].Name) {
				t.found[k]++
			}
		}
	}
}

func (t *tally) add(said, is bool) {
	switch {
	case said && is:
		t.right++
	case said:
		t.wrong++
	case is:
		t.missed++
	}
}

func (t *tally) print(out *bytes.Buffer, who string) {
	precision, recall := share(t.right, t.right+t.wrong), share(t.right, t.right+t.missed)
	fmt.Fprintf(out, "  %s: precision %.3f recall %.3f F1 %.3f (%d right, %d wrong, %d missed)\n", who, precision, recall,
		share(2*t.right, 2*t.right+t.wrong+t.missed), t.right, t.wrong, t.missed)
}

func (t *tally) printKinds(out *bytes.Buffer, h *paraphrase.Head) {
	fmt.Fprint(out, "   ")
	for k := h.From; k < h.To; k++ {
		fmt.Fprintf(out, " %s %d/%d", paraphrase.Kinds[k].Name, t.found[k], t.all[k])
	}
	fmt.Fprintln(out)
}

func share(part, of int) float64 { return float64(part) / float64(max(1, of)) }

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
	return before / max(1, pairs)
}

// calibrationError is the expected one over ten bins of equal mass, each fold by a
// calibration fitted to the others; violations weigh as the rules leave them.
func calibrationError(held []judged, head int) float64 {
	type point struct{ p, is, weight float64 }
	var points []point
	for fold := range folds {
		slope, intercept := platt(slices.DeleteFunc(slices.Clone(held), func(j judged) bool { return j.fold == fold }), head)
		for i := range held {
			if v := &held[i].verdicts[head]; held[i].fold == fold {
				x := point{calibrated(slope, intercept, v), 0, 1}
				if v.is {
					x.is, x.weight = 1, weight(head)
				}
				points = append(points, x)
			}
		}
	}
	slices.SortFunc(points, func(a, b point) int { return int(math.Copysign(1, a.p-b.p)) })
	const bins = 10
	total, miss := 0.0, 0.0
	for b := range bins {
		var p, is float64
		for _, x := range points[b*len(points)/bins : (b+1)*len(points)/bins] {
			p, is, total = p+x.weight*x.p, is+x.weight*x.is, total+x.weight
		}
		miss += math.Abs(p - is)
	}
	return miss / total
}
