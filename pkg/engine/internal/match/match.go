// Package match finds thousands of literals in one pass over a text: an Aho-Corasick
// automaton over bytes (Aho and Corasick, CACM 18(6), 1975).
//
// It knows nothing of words, case or scripts; callers give it folded literals and
// folded text and check the places it names. Guarantee: time is linear in the text
// plus the hits, and finding does not allocate beyond the hits.
package match

import "sort"

// Hit is a literal at bytes [Start, End) of a text.
type Hit struct {
	Literal    int32
	Start, End int32
}

// Set collects literals for one Machine. The zero value is empty and ready.
type Set struct {
	ids      map[string]int32
	literals []string
}

// Add puts a literal into the set and returns its number, counted from 0; the same
// literal has one number. An empty literal is never found.
func (s *Set) Add(literal string) int32 {
	if id, ok := s.ids[literal]; ok {
		return id
	}
	if s.ids == nil {
		s.ids = make(map[string]int32)
	}
	id := int32(len(s.literals))
	s.ids[literal] = id
	s.literals = append(s.literals, literal)
	return id
}

// Len is the count of literals in the set.
func (s *Set) Len() int { return len(s.literals) }

// maxDense bounds the states that have a full row of transitions. Text spends nearly
// all its time in the shallow states; the deep ones keep their few children only.
const maxDense = 4096

// Machine is a compiled Set. It is immutable and safe for concurrent use.
//
// States are numbered in breadth-first order, so the children of a state follow each
// other and the shallow states come first; state 0 is the root. States below dense
// have a row of transitions by byte class; the others have children and fail.
type Machine struct {
	class   [256]uint16
	classes int32
	dense   int32
	rows    []int32
	first   []int32 // first child; the next state's first child ends the list
	label   []byte  // byte that leads into a state
	fail    []int32 // state of the longest proper suffix
	found   []int32 // literal that ends in a state, or -1
	emits   []int32 // nearest state of the suffix chain, itself included, with a literal; 0 for none
	length  []int32 // of each literal, bytes
}

// Compile builds the machine of the literals collected so far.
func (s *Set) Compile() *Machine {
	b := builder{literals: s.literals, order: make([]int32, 0, len(s.literals))}
	for i, l := range s.literals {
		b.m.length = append(b.m.length, int32(len(l)))
		if l != "" {
			b.order = append(b.order, int32(i))
		}
	}
	sort.Slice(b.order, func(i, j int) bool { return s.literals[b.order[i]] < s.literals[b.order[j]] })
	b.states()
	b.suffixes()
	b.classify()
	b.fillRows()
	return &b.m
}

// Find appends to hits every place of every literal in text, in order of their ends and
// longest first where they end together.
func (m *Machine) Find(text []byte, hits []Hit) []Hit {
	state := int32(0)
	for i, c := range text {
		state = m.next(state, c)
		for e := m.emits[state]; e != 0; e = m.emits[m.fail[e]] {
			literal := m.found[e]
			end := int32(i) + 1
			hits = append(hits, Hit{literal, end - m.length[literal], end})
		}
	}
	return hits
}

func (m *Machine) next(state int32, c byte) int32 {
	for state >= m.dense {
		if child := m.child(state, c); child != 0 {
			return child
		}
		state = m.fail[state]
	}
	return m.rows[state*m.classes+int32(m.class[c])]
}

func (m *Machine) child(state int32, c byte) int32 {
	for i := m.first[state]; i < m.first[state+1]; i++ {
		if m.label[i] == c {
			return i
		}
	}
	return 0
}

// builder holds the sorted literals while their automaton grows.
type builder struct {
	m        Machine
	literals []string
	order    []int32 // literal numbers, sorted by text
	deep     int32   // first state deeper than two bytes
}

// states numbers the prefixes of the sorted literals breadth first: a state is a range
// of the order whose literals share their first depth bytes.
func (b *builder) states() {
	type prefix struct{ lo, hi, depth int }
	queue := []prefix{{0, len(b.order), 0}}
	b.m.label = append(b.m.label, 0)
	for i := 0; i < len(queue); i++ {
		p := queue[i]
		if p.depth <= 2 {
			b.deep = int32(i) + 1
		}
		found := int32(-1)
		if p.lo < p.hi && len(b.literal(p.lo)) == p.depth {
			found = b.order[p.lo]
			p.lo++
		}
		b.m.found = append(b.m.found, found)
		b.m.first = append(b.m.first, int32(len(queue)))
		for p.lo < p.hi {
			c, end := b.literal(p.lo)[p.depth], p.lo+1
			for end < p.hi && b.literal(end)[p.depth] == c {
				end++
			}
			queue = append(queue, prefix{p.lo, end, p.depth + 1})
			b.m.label = append(b.m.label, c)
			p.lo = end
		}
	}
	b.m.first = append(b.m.first, int32(len(queue)))
}

func (b *builder) literal(i int) string { return b.literals[b.order[i]] }

// suffixes sets fail and emits. A state's suffix is shallower, so it is known already.
func (b *builder) suffixes() {
	m := &b.m
	m.fail = make([]int32, len(m.found))
	m.emits = make([]int32, len(m.found))
	for s := range int32(len(m.found)) {
		m.emits[s] = m.emits[m.fail[s]]
		if m.found[s] >= 0 {
			m.emits[s] = s
		}
		for child := m.first[s]; child < m.first[s+1]; child++ {
			m.fail[child] = b.suffix(s, m.label[child])
		}
	}
}

func (b *builder) suffix(s int32, c byte) int32 {
	for s != 0 {
		s = b.m.fail[s]
		if child := b.m.child(s, c); child != 0 {
			return child
		}
	}
	return 0
}

// classify gives every byte that occurs in a literal a class; the others share class 0.
func (b *builder) classify() {
	m := &b.m
	next := 1
	for _, c := range m.label[1:] {
		if m.class[c] == 0 {
			m.class[c] = uint16(next)
			next++
		}
	}
	m.classes = int32(next)
}

func (b *builder) fillRows() {
	m := &b.m
	m.dense = min(b.deep, maxDense)
	m.rows = make([]int32, m.dense*m.classes)
	for s := range m.dense {
		row := m.rows[s*m.classes:][:m.classes]
		if s > 0 {
			copy(row, m.rows[m.fail[s]*m.classes:])
		}
		for child := m.first[s]; child < m.first[s+1]; child++ {
			row[m.class[m.label[child]]] = child
		}
	}
}
