package sentiment

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
)

// shippedLexicon is written by the command in ./train; its sources are in NOTICE.
//
//go:embed lexicon.tsv
var shippedLexicon string

// ownWords are of our own writing and win over the learned ones.
//
//go:embed words.tsv
var ownWords string

// biasToken is the line with the weights that every text starts from.
const biasToken = "<bias>"

type role uint8

const (
	rolePlain role = iota
	roleNegator
	roleBooster
	roleContrast
	roleIrony
)

var roles = map[string]role{"negator": roleNegator, "booster": roleBooster, "contrast": roleContrast, "irony": roleIrony}

// entry is what the lexicon knows of a token or of two in a row. strength is the
// change a booster makes, or the probability of irony.
type entry struct {
	key                uint64
	positive, negative float64
	strength           float64
	role               role
}

func (e *entry) ironic() float64 {
	if e.role != roleIrony {
		return 0
	}
	return e.strength
}

// lexicon is an open-addressed hash table, at most half full, read only.
type lexicon struct {
	slots []entry
	mask  uint64
	bias  entry // of a text without any known word
}

func (l *lexicon) find(key uint64) *entry {
	for i := key & l.mask; ; i = (i + 1) & l.mask {
		if e := &l.slots[i]; e.key == key {
			return e
		} else if e.key == 0 {
			return nil
		}
	}
}

// at returns the entry of key, made if need be.
func (l *lexicon) at(key uint64) *entry {
	i := key & l.mask
	for l.slots[i].key != 0 && l.slots[i].key != key {
		i = (i + 1) & l.mask
	}
	l.slots[i].key = key
	return &l.slots[i]
}

// parseLexicon reads files of lines "token[ token] TAB positive TAB negative"
// (hundredths) or "token TAB role TAB strength"; '#' opens a comment line.
// A later line about the same token adds to an earlier one: a word can negate
// and have weights.
func parseLexicon(files ...string) (*lexicon, error) {
	size := 1024
	for _, f := range files {
		for size < 2*strings.Count(f, "\n") {
			size *= 2
		}
	}
	l := &lexicon{slots: make([]entry, 2*size), mask: uint64(2*size - 1)}
	for _, f := range files {
		n := 0
		for line := range strings.Lines(f) {
			n++
			if err := l.parseLine(strings.TrimSuffix(line, "\n")); err != nil {
				return nil, fmt.Errorf("line %d: %w", n, err)
			}
		}
	}
	l.bias = *l.at(Key(biasToken))
	return l, nil
}

func (l *lexicon) parseLine(line string) error {
	if line == "" || strings.HasPrefix(line, "# ") {
		return nil
	}
	cells := strings.Split(line, "\t")
	if len(cells) != 3 {
		return fmt.Errorf("%q has %d columns, want 3", line, len(cells))
	}
	second, err := strconv.ParseFloat(cells[2], 64)
	if err != nil {
		return fmt.Errorf("%q: %w", line, err)
	}
	e := l.at(phraseKey(cells[0]))
	if r, ok := roles[cells[1]]; ok {
		e.role, e.strength = r, second
		return nil
	}
	first, err := strconv.ParseFloat(cells[1], 64)
	if err != nil {
		return fmt.Errorf("%q: %w", line, err)
	}
	e.positive, e.negative = first/100, second/100
	return nil
}

// phraseKey is the key of a token, or of a pair with one space between.
func phraseKey(phrase string) uint64 {
	first, second, pair := strings.Cut(phrase, " ")
	if !pair {
		return Key(first)
	}
	return pairKey(Key(first), Key(second))
}
