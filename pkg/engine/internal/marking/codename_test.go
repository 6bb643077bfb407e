package marking

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/part/parttest"
)

// TestCodenames holds the two kinds of code names: one that nobody says by chance, and
// one that is an everyday word too.
func TestCodenames(t *testing.T) {
	runner := parttest.New(NewCodenames([]string{"Project Bluefinch", "Heron", "XK-7", "Copper Kettle"}))
	for _, tc := range []struct {
		name, role, text string
		low, high        float64 // likelihood of the code name; 0 where it is none
	}{
		{"distinct, by an insider", "engineer", "Project Bluefinch tonight", .93, .93},
		{"distinct, in small letters", "engineer", "project bluefinch tonight", .93, .93},
		{"distinct, with a figure", "engineer", "the XK-7 is here", .93, .93},
		{"distinct, joined otherwise", "engineer", "xk 7 and I need a break", .93, .93},
		{"distinct, not joined", "engineer", "the XK7 is here", .93, .93},
		{"distinct, another figure", "engineer", "the XK77 is here", 0, 0},
		{"distinct, by the public with words of work", "", "Project Bluefinch launches", .7, .7},
		{"distinct, by the public", "", "what is Project Bluefinch", .5, .7},
		{"word, called a project by the public", "", "they all moan about Project Heron", .7, .7},
		{"words, by the public", "", "who is behind the Copper Kettle", .5, .5},
		{"distinct, by the public who heard it", "", "they all moan about something called Project Bluefinch", .7, .7},
		{"without its prefix, at the start of a sentence", "engineer", "Bluefinch tonight", 0, 0},
		{"without its prefix, as a name", "engineer", "three meetings about Bluefinch and no plan", .6, .9},
		{"without its prefix, in small letters", "engineer", "bluefinch took my weekend", .5, .7},
		{"without its prefix, a bird", "engineer", "a bluefinch took my sandwich", 0, 0},
		{"without its prefix, by the public", "", "we love Bluefinch", 0, 0},
		{"word, before a gathering", "engineer", "Heron budget, no cake", .6, .9},
		{"word, in small letters before a gathering", "engineer", "late for heron standup", .5, .7},
		{"word, in small letters at the start, works", "engineer", "heron ate 60 hours of this week", .5, .7},
		{"word, in small letters at the start, does nothing at work", "engineer", "heron is such a proud bird", .2, .2},
		{"word, in small letters at the start, of a thing", "engineer", "heron launches itself off our garden fence", .2, .2},
		{"word, in capitals", "engineer", "the new mugs say HERON", .6, .8},
		{"word, in a post in capitals", "engineer", "HERON BY THE LAKE", .2, .3},
		{"longer word", "engineer", "Project Bluefinches", 0, 0},
		{"word, as a name at work", "engineer", "the Heron rollout slips", .88, .88},
		{"word, as a name", "engineer", "we met about Heron yesterday", .7, .7},
		{"word, at the start of a sentence", "engineer", "Heron again", .2, .3},
		{"word, at the start of a sentence, does something", "engineer", "Heron got two more weeks of my life", .6, .8},
		{"word, with an owner's mark", "engineer", "Heron's numbers, my goodness", .6, .8},
		{"word, in small letters", "engineer", "saw a heron by the lake", .2, .2},
		{"word, part of another name", "engineer", "at Heron Lake today", .2, .2},
		{"word, by the public", "", "look, a Heron", .2, .3},
		{"word, among everyday words", "engineer", "we bought Heron gloves", .2, .3},
		{"words, as a name", "engineer", "Copper Kettle tonight", .93, .93},
		{"words, of a thing", "engineer", "the copper kettle boiled over again", .2, .4},
		{"words, in small letters at work", "engineer", "copper kettle goes live in May", .6, .8},
		{"word, replaces something", "engineer", "Heron replaces the old tills first", .6, .8},
		{"official account", "official brand account", "Project Bluefinch is live", 0, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			found := runner.Public
			if tc.role != "" {
				found = func(text string) []parttest.Found { return runner.Insider(tc.role, text) }
			}
			got := 0.0
			for _, f := range found(tc.text) {
				parttest.Sound(t, f)
				if f.Kind == "codename" {
					got = max(got, f.Likelihood)
				}
			}
			require.GreaterOrEqual(t, got, tc.low)
			require.LessOrEqual(t, got, tc.high)
		})
	}
}

func TestCodenameWithAPlan(t *testing.T) {
	runner := parttest.New(NewCodenames([]string{"Project Bluefinch"}))
	for _, tc := range []struct {
		name, text string
		want       bool
	}{
		{"with a month", "Project Bluefinch opens in March", true},
		{"without a time", "Project Bluefinch is a name I like", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			plan := false
			for _, f := range runner.Insider("engineer", tc.text) {
				plan = plan || f.Kind == "roadmap"
			}
			require.Equal(t, tc.want, plan)
		})
	}
	for _, f := range runner.Public("Project Bluefinch opens in March") {
		require.NotEqual(t, "roadmap", f.Kind, "the public plans nothing")
	}
}

func TestNoCodenames(t *testing.T) {
	for name, names := range map[string][]string{"none": nil, "empty": {""}} {
		t.Run(name, func(t *testing.T) { require.Empty(t, NewCodenames(names).Literals) })
	}
}

func TestSentenceStart(t *testing.T) {
	for _, tc := range []struct {
		name, text string // the word starts behind the "|"
		want       bool
	}{
		{"start of the text", "|Heron", true},
		{"behind a full stop", "So. |Heron", true},
		{"behind a question", "So? |Heron", true},
		{"behind a colon", "So: |Heron", true},
		{"behind a new line", "so\n|Heron", true},
		{"inside quotation marks at the start", `"|Heron`, true},
		{"inside brackets behind a word", "so (|Heron", false},
		{"behind a word", "so |Heron", false},
		{"behind a comma", "so, |Heron", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			for i := range tc.text {
				if tc.text[i] == '|' {
					require.Equal(t, tc.want, sentenceStart([]byte(tc.text[:i]+tc.text[i+1:]), i))
				}
			}
		})
	}
}

func TestHomeNetworks(t *testing.T) {
	runner := parttest.New(New())
	for address, want := range map[string]bool{
		"192.168.1.1": false, "192.168.0.10": false, "192.168.2.7": false, "192.168.3.7": true, "192.168.178.20": true, "10.0.0.1": false, "10.0.0.2": true,
		"172.16.4.4": true, "172.17.0.2": false, "192.168.56.10": false, "192.168.57.10": true, "172.15.4.4": false, "172.31.9.9": true, "172.32.9.9": false, "10.8.0.256": false,
	} {
		t.Run(address, func(t *testing.T) {
			found := false
			for _, f := range runner.Insider("engineer", "the database server sits at "+address+" now") {
				found = found || f.Rule == "leak.private-address" && f.Likelihood >= .5
			}
			require.Equal(t, want, found)
		})
	}
}

func TestCodenameExamples(t *testing.T) {
	runner := parttest.New(NewCodenames([]string{"Bobbin", "Project Keel", "ZV-118", "Ochre"}))
	parttest.Check(t, runner, []parttest.Example{
		{Name: "with a plan", Role: "product manager", Text: "pricing call ran long. Bobbin lands at nine dollars from 1 March", Rule: "leak.codename"},
		{Name: "the plan itself", Role: "product manager", Text: "pricing call ran long. Bobbin lands at nine dollars from 1 March", Rule: "insider.unannounced-plan"},
		{Name: "in a sentence", Role: "engineer", Text: "two hours of 403s on Bobbin again", Rule: "leak.codename"},
		{Name: "two words", Role: "engineer", Text: "project keel eats my weekend", Rule: "leak.codename", Value: "project keel"},
		{Name: "with figures", Role: "associate", Text: "ZV-118 slipped", Rule: "leak.codename"},
		{Name: "told from outside", Text: "they call it Project Keel and it will launch in May", Rule: "leak.codename"},
		{Name: "the everyday word", Role: "office manager", Text: "does anyone sell bobbins? the bobbin winder works"},
		{Name: "another name", Role: "merchandiser", Text: "painted my hallway in Ochre Dusk"},
		{Name: "start of a sentence", Role: "engineer", Text: "Bobbin broke, sewing is hard"},
		{Name: "the brand itself", Role: "official brand account", Text: "Meet Project Keel, launching today"},
		{Name: "a stranger's everyday word", Text: "I lost a Bobbin of thread"},
	})
}
