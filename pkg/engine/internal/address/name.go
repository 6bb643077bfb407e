package address

import (
	"bytes"
	"slices"
)

// name is the name of a street in text[...:end].
type name struct {
	end, lastStart int
	words          int
	first, last    []byte // folded
	small, stop    bool
}

// readName reads the words from next on: at least one with a capital, and particles.
func readName(text []byte, next piece, loose bool) name {
	var n name
	for n.words < maxWords {
		if next.line && n.words > 0 || next.comma && n.words > 0 || next.kind != capital && next.kind != small && next.kind != ordinal {
			break
		}
		word := bytes.ToLower(text[next.start:next.end])
		if n.words == 0 && string(word) == "via" && next.kind == small && italianVia(text, next) {
			next.kind = capital
		}
		if units[string(word)] || !n.takes(word, next, loose) {
			break
		}
		if next.stop {
			n.stop = true
			break
		}
		next = read(text, next.end)
	}
	if !n.ends() {
		n.words = 0
	}
	return n
}

// italianVia tells the street of "Elisa, via Roma" and "via dei Tigli" from the English word.
func italianVia(text []byte, via piece) bool {
	next := read(text, via.end)
	return bytes.HasSuffix(bytes.TrimRight(text[:via.start], " "), []byte(",")) || next.kind == small && particles[string(text[next.start:next.end])]
}

// takes adds a word to the name unless it cannot belong to it.
func (n *name) takes(word []byte, p piece, loose bool) bool {
	street := n.words == 0 && streetWord(word, formFirst) != Unnamed
	switch {
	case functions[string(word)] && (n.words > 0 || string(word) != "via" || p.kind == small) && (p.kind == small || !proper[string(word)] && streetWord(word, formFirst) == Unnamed):
		return false
	case p.kind != small || particles[string(word)] && n.words > 0:
	case street || n.words > 0 && streetWord(word, formNumberLast) != Unnamed:
	case n.words > 0 && streetWord(n.first, formFirst) == Strong:
	case loose:
		n.small = true
	default:
		return false
	}
	if n.words == 0 {
		n.first = word
	}
	n.words++
	n.end, n.lastStart, n.last = p.end, p.start, word
	return true
}

// ends tells whether the name may end where it does.
func (n *name) ends() bool { return n.words > 0 && !particles[string(n.last)] && len(n.last) > 0 }

// strength is what the name's words say, given where house numbers stand.
func (n *name) strength(before, after bool) Strength {
	best := Unnamed
	if before && n.words > 1 {
		best = streetWord(n.last, formLast)
		if best == Homely && praises[string(n.first)] {
			best = Unnamed
		}
	}
	if (before || after) && n.words > 1 {
		best = max(best, streetWord(n.first, formFirst))
	}
	if after {
		best = max(best, ending(n.last))
		if n.words > 1 {
			best = max(best, streetWord(n.last, formNumberLast))
		}
	}
	return best
}

// backward reads the name that ends before byte i: from its word for street on, or from
// the first of its capitals. counted tells that a word for number follows, behind which
// every language puts the number last.
func backward(text []byte, i int, loose, counted bool) (start int, n name) {
	const reach = 70
	starts := wordStarts(text, i, max(0, i-reach))
	for k, at := range slices.Backward(starts) {
		first := read(text, at)
		if first.kind != capital && !loose && streetWord(bytes.ToLower(text[first.start:first.end]), formFirst) != Strong {
			continue
		}
		if n = readName(text[:i], first, loose); n.words > 0 && joins(text[n.end:i]) && (n.strength(counted, true) > Unnamed || k == 0) {
			return at, n
		}
	}
	return i, name{}
}

// joins tells whether only a blank, a comma or a dot stands between a name and a number, or
// the word for it.
func joins(gap []byte) bool {
	return len(gap) <= 3 && len(bytes.Trim(gap, " ,.")) == 0
}

// wordStarts are the starts of up to maxWords words before byte i on its line, the nearest
// first; a sentence's end, a number and a sign stop the walk.
func wordStarts(text []byte, i, from int) []int {
	var starts []int
	end := i
	for len(starts) < maxWords {
		for end > from && (text[end-1] == ' ' || text[end-1] == ',' && len(starts) == 0) {
			end--
		}
		start := end
		for start > from && text[start-1] > ' ' && text[start-1] != ',' {
			start--
		}
		p := read(text[:min(end, len(text))], start)
		if start == end || start == from && from > 0 || p.kind != capital && p.kind != small || p.stop && len(starts) > 0 {
			break
		}
		starts = append(starts, start)
		end = start
	}
	return starts
}
