package paraphrase

// A table adds weights eight at a time: a byte each in a machine word, which are added up
// in lanes of sixteen bits.
const (
	lanes = 8
	// nought is the byte of a weight of 0, as lanes know no sign.
	nought = 128
	// evenLanes are every other byte of a word.
	evenLanes = 0x00ff00ff00ff00ff
	// block is how many bytes can be added before a lane of sixteen bits may overflow.
	block = 256
	// maxWords bounds the words of a row.
	maxWords = (len(Kinds) + lanes - 1) / lanes
)

// table holds the weights of some kinds, those of a bucket side by side.
type table struct {
	from, to int // Kinds[from:to]
	words    int // of a row
	rows     []uint64
}

// newTable takes the kinds from from to to out of the weights of all, by bucket, then kind.
func newTable(weights []int8, from, to int) table {
	t := table{from: from, to: to, words: (to - from + lanes - 1) / lanes}
	t.rows = make([]uint64, t.words<<Bits)
	for b := range 1 << Bits {
		for i, w := range weights[b*len(Kinds):][from:to] {
			t.rows[b*t.words+i/lanes] |= uint64(int(w)+nought) << (8 * (i % lanes))
		}
	}
	return t
}

// weight is that of a bucket for one kind of the table.
func (t *table) weight(bucket uint32, kind int) int {
	i := kind - t.from
	return int(uint8(t.rows[int(bucket)*t.words+i/lanes]>>(8*(i%lanes)))) - nought
}

// sums adds up the weights of features for each kind of the table, group by group.
func (t *table) sums(features []Feature) (sums [groups][len(Kinds)]int) {
	for len(features) > 0 {
		n := min(block, len(features))
		t.block(features[:n], &sums)
		features = features[n:]
	}
	return sums
}

func (t *table) block(features []Feature, sums *[groups][len(Kinds)]int) {
	var even, odd [groups][maxWords]uint64
	var n [groups]int
	for _, f := range features {
		n[f.Group]++
		e, o := &even[f.Group], &odd[f.Group]
		for i, w := range t.rows[int(f.Bucket)*t.words:][:t.words] {
			e[i] += w & evenLanes
			o[i] += w >> 8 & evenLanes
		}
	}
	for g := range sums {
		for k := t.from; k < t.to; k++ {
			i := k - t.from
			word := even[g][i/lanes]
			if i%2 == 1 {
				word = odd[g][i/lanes]
			}
			sums[g][k] += int(uint16(word>>(8*(i%lanes&^1)))) - nought*n[g]
		}
	}
}
