package index

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/earshot/earshot/pkg/engine/internal/text"
)

// Match is a row of a table or a document that a text gives away.
type Match struct {
	// Spans are where, in order.
	Spans []text.Span
	// Columns are those whose values were found, by their index in Header.Columns, each
	// once; none for a document.
	Columns []int
	// Document is its index in Header.Documents.
	Document int
	// Shared is how many fingerprints of the document the text holds; Share is their share
	// of the text's own.
	Shared int
	Share  float64
}

// How far apart, in bytes, the values of one row may stand; and how many rows a value may
// stand in and still lead to one: the rarer value of a pair decides.
const (
	rowReach  = 300
	commonest = 64
	// maxFound bounds the values of a post that are weighed against each other.
	maxFound = 256
)

// value is a place of a text whose value stands in the table at entries [from, to).
type value struct {
	text.Span
	from, to int
}

// Rows appends the rows of the index that the text gives away: by two columns of a row
// within 300 bytes, or by one that is unique.
func (r *Reading) Rows(x *Index, out []Match) []Match {
	if x.table == nil {
		return out
	}
	r.found = r.found[:0]
	for _, of := range []Type{ID, Email, Phone, Name, Text} {
		if shape, ok := x.Shapes[of]; ok {
			r.typed(x.table, of, shape)
		}
	}
	slices.SortFunc(r.found, func(a, b value) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End), cmp.Compare(a.from, b.from))
	})
	return x.table.match(&x.Header, r.found, out)
}

// typed looks the values of one type up.
func (r *Reading) typed(t *table, of Type, shape Shape) {
	switch of {
	case Email:
		r.emails(t)
	case Phone:
		r.phones(t)
	case ID:
		for i := range r.words {
			r.ids(t, i, shape)
		}
	default:
		for i := range r.words {
			r.phrases(t, of, i, shape)
		}
	}
}

// phrases looks up what starts at word i, of as many words as values have.
func (r *Reading) phrases(t *table, of Type, i int, shape Shape) {
	for n := 1; n <= maxWords && i+n <= len(r.words); n++ {
		if n > 1 && r.words[i+n-1].gap > 3 {
			return
		}
		if shape.Counts>>n&1 != 0 {
			r.ask(t, of, i, n)
		}
	}
}

// ids looks up what starts at word i, however it is grouped.
func (r *Reading) ids(t *table, i int, shape Shape) {
	length, digit := 0, shape.Plain
	for n := 1; n <= maxTokens && i+n <= len(r.words); n++ {
		w := &r.words[i+n-1]
		length += w.hi - w.lo
		if length > shape.Longest || n > 1 && !w.joined {
			return
		}
		if digit = digit || w.hasDigit; digit && length >= shape.Shortest {
			r.ask(t, ID, i, n)
		}
	}
}

// ask looks words [i, i+n) up.
func (r *Reading) ask(t *table, of Type, i, n int) {
	a, b := r.keys.fast(tags[of], r.polynomial(of, i, n))
	if !t.filter.has(a, b) {
		return
	}
	r.value = r.sequence(r.value[:0], of, i, n)
	r.look(t, of, text.Span{Start: r.words[i].Start, End: r.words[i+n-1].End})
}

// askBytes looks up r.value as it is.
func (r *Reading) askBytes(t *table, of Type, at text.Span) {
	if a, b := r.keys.fast(tags[of], r.polynomialOf(r.value)); t.filter.has(a, b) {
		r.look(t, of, at)
	}
}

// look asks the exact set for r.value.
func (r *Reading) look(t *table, of Type, at text.Span) {
	from, to := search(t.exact, r.keys.exact(tags[of], r.value))
	if from < to && len(r.found) < maxFound {
		r.found = append(r.found, value{at, from, to})
	}
}

func (r *Reading) emails(t *table) {
	f := r.text.Folded
	for from := 0; ; {
		i := bytes.IndexByte(f[from:], '@')
		if i < 0 {
			return
		}
		if at := emailAt(f, from+i); at.End > 0 {
			r.value = append(r.value[:0], f[at.Start:at.End]...)
			r.askBytes(t, Email, at)
		}
		from += i + 1
	}
}

// phones looks up the longest runs of digits with little between them.
func (r *Reading) phones(t *table) {
	for i := 0; i < len(r.words); {
		end := i
		for end < len(r.words) && r.words[end].digits && (end == i || r.words[end].gap <= 3) {
			end++
		}
		if end > i {
			at := text.Span{Start: r.words[i].Start, End: r.words[end-1].End}
			if r.value = phoneOf(r.value[:0], r.text.Folded[at.Start:at.End]); len(r.value) >= leastPhone {
				r.askBytes(t, Phone, at)
			}
		}
		i = max(end, i+1)
	}
}

// match turns values into rows. Values are in order of their places.
func (t *table) match(h *Header, found []value, out []Match) []Match {
	first, rows := len(out), map[uint32]int{}
	put := func(row uint32, v value, column int) {
		at, ok := rows[row]
		if !ok {
			at = len(out)
			rows[row] = at
			out = append(out, Match{})
		}
		if m := &out[at]; !slices.Contains(m.Spans, v.Span) {
			m.Spans, m.Columns = append(m.Spans, v.Span), append(m.Columns, column)
		}
	}
	for i, v := range found {
		if v.to-v.from > commonest {
			continue
		}
		for e := v.from; e < v.to; e++ {
			row, column := t.row(e), int(t.columns[e])
			alone := h.Columns[column].Unique
			for k := i - 1; k >= 0 && v.Start-found[k].End <= rowReach; k-- {
				alone = t.pair(row, column, v, found[k], put) || alone
			}
			for k := i + 1; k < len(found) && found[k].Start-v.End <= rowReach; k++ {
				alone = t.pair(row, column, v, found[k], put) || alone
			}
			if alone {
				put(row, v, column)
			}
		}
	}
	for i := first; i < len(out); i++ {
		out[i].sort()
	}
	return out
}

// pair puts other to the row where it is of another column of it and stands apart from v.
func (t *table) pair(row uint32, column int, v, other value, put func(uint32, value, int)) bool {
	if v.Start < other.End && other.Start < v.End {
		return false
	}
	i, ok := t.entry(other, row)
	if !ok || int(t.columns[i]) == column {
		return false
	}
	put(row, other, int(t.columns[i]))
	return true
}

// entry is the entry of a value in a row.
func (t *table) entry(v value, row uint32) (int, bool) {
	lo, hi := v.from, v.to
	for lo < hi {
		if mid := (lo + hi) / 2; t.row(mid) < row {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo, lo < v.to && t.row(lo) == row
}

func (m *Match) sort() {
	slices.SortFunc(m.Spans, func(a, b text.Span) int { return cmp.Compare(a.Start, b.Start) })
	slices.Sort(m.Columns)
	m.Columns = slices.Compact(m.Columns)
}
