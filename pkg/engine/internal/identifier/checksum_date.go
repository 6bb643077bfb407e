package identifier

// two is the number that two digits of s write from i on.
func two(s []byte, i int) int { return int(s[i]-'0')*10 + int(s[i+1]-'0') }

// dated tells whether s has a day of the calendar: two digits each of year, month and day
// from the given places on. Years that have not begun are of the last century.
func dated(s []byte, year, month, day int) bool {
	return calendar(two(s, year), two(s, month), two(s, day))
}

func calendar(year, month, day int) bool {
	days := [...]int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}
	if month < 1 || month > 12 || day < 1 {
		return false
	}
	leap := 0
	if month == 2 && year%4 == 0 {
		leap = 1
	}
	return day <= days[month-1]+leap
}

// mod1110 is ISO 7064 MOD 11,10 over all digits, the last of which is the check.
func mod1110(s []byte) bool {
	product := 10
	last := len(s) - 1
	for _, c := range s[:last] {
		sum := (int(c-'0') + product) % 10
		if sum == 0 {
			sum = 10
		}
		product = sum * 2 % 11
	}
	return (11-product)%10 == int(s[last]-'0')
}

// crossed is the sum of the digits of each product of digits and weights.
func crossed(digits []byte, weights ...int) int {
	sum := 0
	for i, w := range weights {
		product := int(digits[i]-'0') * w
		sum += product/10 + product%10
	}
	return sum
}

// spelledOut replaces the letter at i by its two digits, A being 01.
func spelledOut(s []byte, i int) []byte {
	n := s[i] - 'A' + 1
	out := append(make([]byte, 0, len(s)+1), s[:i]...)
	return append(append(out, '0'+n/10, '0'+n%10), s[i+1:]...)
}

// mixed tells a code with four digits and a letter or more, and no run of one digit.
func mixed(s []byte) bool {
	digits := 0
	for _, c := range s {
		if c <= '9' {
			digits++
		}
	}
	return digits >= 4 && digits < len(s)
}

func varied(s []byte) bool { return !same(s) }
