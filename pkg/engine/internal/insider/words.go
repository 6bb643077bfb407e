package insider

import (
	_ "embed" // words.txt
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/earshot/earshot/pkg/engine/internal/match"
)

//go:embed words.txt
var wordList string

// class is what a word says about a claim; words.txt lists the words of most.
type class uint8

const (
	secret   class = iota // "you didn't hear it from me"
	hush                  // "guess who": secrecy if there is something to hide
	pub                   // becoming public: "announced", "press release"
	openly                // "public", "official": pub only next to a time or a negation
	due                   // what is awaited: "results", or who waits: "the press"
	awaits                // how: "come out", "is due"
	learn                 // "find out", "gets the letter": next to a time, by others than the author
	ignorant              // "know", "told": with a negation, people who do not know yet
	dunno                 // the author's own ignorance
	not
	when   // a time to come
	till   // "until", "before"
	coming // what is going to happen to something
	now    // a time that was
	inside // where one hears such things: "all hands"
	metric
	period
	direction
	versus // "plan", "guidance"
	deal
	buy
	company
	distress
	stock
	trade // of shares
	chief
	leave
	trial
	outcome
	win
	client
	org
	start
	release
	product
	does  // release, in words that say much else
	fresh // not on sale yet: "prototype"
	price
	cut
	goes // cut, of people
	site
	jobs
	open
	us // the author speaks for the company
	public
	outside // somebody else's figures
	hope
	private // the author's own life
	past
	lesson
	amount // a share, or a sum of money
	number
	name // of a company or place, by its capitals
)

var classNames = [...]string{
	"secret", "hush", "pub", "openly", "due", "awaits", "learn", "ignorant", "dunno", "not", "when", "till", "coming", "now", "inside", "metric", "period", "direction", "versus", "deal", "buy", "company", "distress", "stock", "trade",
	"chief", "leave", "trial", "outcome", "win", "client", "org", "start", "release", "product", "does", "fresh", "price", "cut", "goes", "site", "jobs", "open", "us", "public", "outside",
	"hope", "private", "past", "lesson", "amount", "number",
}

// use is one meaning of a literal; a stem takes any ending.
type use struct {
	class class
	stem  bool
}

// dictionary finds the words of all classes in one pass.
type dictionary struct {
	machine *match.Machine
	uses    [][]use // by literal
}

// words is compiled at the first engine and shared by all.
var words = sync.OnceValue(func() *dictionary {
	d, err := readWords(wordList)
	if err != nil {
		panic(err) // the list is part of the program; a test reads it
	}
	return d
})

// readWords compiles lines of "class: word, word". An error names the line.
func readWords(list string) (*dictionary, error) {
	d := &dictionary{}
	var set match.Set
	number := 0
	for line := range strings.Lines(list) {
		number++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		head, rest, _ := strings.Cut(line, ": ")
		c, ok := classOf(head)
		if !ok {
			return nil, fmt.Errorf("words.txt: line %d: no class %q", number, head)
		}
		for word := range strings.SplitSeq(rest, ",") {
			if word = strings.TrimSpace(word); word == "" || word == "*" {
				return nil, fmt.Errorf("words.txt: line %d: a word is empty", number)
			}
			d.add(&set, c, word)
		}
	}
	d.machine = set.Compile()
	return d, nil
}

func classOf(name string) (class, bool) {
	for i, n := range classNames {
		if n == name {
			return class(i), true
		}
	}
	return 0, false
}

func (d *dictionary) add(set *match.Set, c class, word string) {
	stem := strings.HasSuffix(word, "*")
	id := int(set.Add(strings.TrimSuffix(word, "*")))
	for len(d.uses) <= id {
		d.uses = append(d.uses, nil)
	}
	if !slices.Contains(d.uses[id], use{c, stem}) {
		d.uses[id] = append(d.uses[id], use{c, stem})
	}
}
