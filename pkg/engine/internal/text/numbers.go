package text

// Numbers appends to out the longest runs of at least least digits, with at most one of
// " .-/" or two blanks between two digits: what may be a card, an account or a phone.
func (t *Text) Numbers(least int, out []Span) []Span {
	if t.Digits < least {
		return out
	}
	f := t.Folded
	for i := 0; i < len(f); i++ {
		if !digit(f[i]) {
			continue
		}
		start, end, count := i, i+1, 1
		for j := i + 1; j < len(f); j++ {
			if digit(f[j]) {
				end, count = j+1, count+1
				continue
			}
			if gap := j - end; gap > 1 || gap == 1 && (f[j] != ' ' || f[j-1] != ' ') || !joins(f[j]) {
				break
			}
		}
		if count >= least {
			out = append(out, Span{start, end})
		}
		i = end - 1
	}
	return out
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

func joins(c byte) bool { return c == ' ' || c == '.' || c == '-' || c == '/' }
