package identifier

import "github.com/earshot/earshot/pkg/engine/internal/part"

// Every check takes what Compact gives: ASCII digits and capitals without separators.

// luhn is ISO/IEC 7812-1 annex B.
func luhn(s []byte) bool {
	sum := 0
	for i, c := range s {
		d := int(c - '0')
		if (len(s)-i)%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// mod97 is the remainder of s read as a number in which A is 10 and Z is 35 (ISO 7064).
func mod97(s []byte) int {
	n := 0
	for _, c := range s {
		if part.Digit(c) {
			n = (n*10 + int(c-'0')) % 97
		} else {
			n = (n*100 + int(c-'A') + 10) % 97
		}
	}
	return n
}

// weighted is the sum of the digits times weights.
func weighted(s []byte, weights ...int) int {
	sum := 0
	for i, w := range weights {
		sum += w * int(s[i]-'0')
	}
	return sum
}

var verhoeffTimes = [10][10]byte{
	{0, 1, 2, 3, 4, 5, 6, 7, 8, 9},
	{1, 2, 3, 4, 0, 6, 7, 8, 9, 5},
	{2, 3, 4, 0, 1, 7, 8, 9, 5, 6},
	{3, 4, 0, 1, 2, 8, 9, 5, 6, 7},
	{4, 0, 1, 2, 3, 9, 5, 6, 7, 8},
	{5, 9, 8, 7, 6, 0, 4, 3, 2, 1},
	{6, 5, 9, 8, 7, 1, 0, 4, 3, 2},
	{7, 6, 5, 9, 8, 2, 1, 0, 4, 3},
	{8, 7, 6, 5, 9, 3, 2, 1, 0, 4},
	{9, 8, 7, 6, 5, 4, 3, 2, 1, 0},
}

var verhoeffTurn = [8][10]byte{
	{0, 1, 2, 3, 4, 5, 6, 7, 8, 9},
	{1, 5, 7, 6, 2, 8, 3, 0, 9, 4},
	{5, 8, 0, 3, 7, 9, 6, 1, 4, 2},
	{8, 9, 1, 6, 0, 4, 3, 5, 2, 7},
	{9, 4, 5, 3, 1, 2, 6, 8, 7, 0},
	{4, 2, 8, 6, 5, 7, 3, 9, 0, 1},
	{2, 7, 9, 3, 8, 0, 6, 4, 1, 5},
	{7, 0, 4, 6, 9, 1, 3, 2, 5, 8},
}

// verhoeff is the dihedral check of Aadhaar (Verhoeff 1969).
func verhoeff(s []byte) bool {
	var c byte
	for i := range s {
		c = verhoeffTimes[c][verhoeffTurn[i%8][s[len(s)-1-i]-'0']]
	}
	return c == 0
}

// aadhaar has 12 digits, the first over 1, and is no palindrome.
func aadhaar(s []byte) bool {
	palindrome := true
	for i := range s {
		palindrome = palindrome && s[i] == s[len(s)-1-i]
	}
	return s[0] >= '2' && !palindrome && verhoeff(s)
}

// steuerID is ISO 7064 MOD 11,10; among the first ten digits exactly one stands twice or
// three times.
func steuerID(s []byte) bool {
	var count [10]int
	for _, c := range s[:10] {
		count[c-'0']++
	}
	repeated := 0
	for _, n := range count {
		if n > 3 {
			return false
		}
		if n > 1 {
			repeated++
		}
	}
	return s[0] != '0' && repeated == 1 && mod1110(s)
}

// nhs weights ten digits 10 to 2; a check of 10 is never issued.
func nhs(s []byte) bool {
	check := 11 - weighted(s, 10, 9, 8, 7, 6, 5, 4, 3, 2)%11
	return check%11 == int(s[9]-'0') && check != 10
}

// nino knows the prefixes that are never given; there is no checksum.
func nino(s []byte) bool {
	switch string(s[:2]) {
	case "BG", "GB", "KN", "NK", "NT", "TN", "ZZ":
		return false
	}
	return !among(s[0], "DFIQUV") && !among(s[1], "DFIQUVO")
}

func among(c byte, set string) bool {
	for i := range len(set) {
		if set[i] == c {
			return true
		}
	}
	return false
}

// ssn refuses the areas, groups and serials that are never issued, and the numbers that
// became famous.
func ssn(s []byte) bool {
	area, group, serial := string(s[:3]), string(s[3:5]), string(s[5:])
	if area == "000" || area == "666" || group == "00" || serial == "0000" {
		return false
	}
	if s[0] == '9' {
		return itinGroup(group)
	}
	switch string(s) {
	case "078051120", "219099999", "123456789", "111111111", "987654321":
		return false
	}
	return true
}

// itinGroup tells the groups of taxpayer numbers 9xx-GG-xxxx.
func itinGroup(g string) bool {
	return g >= "50" && g <= "65" || g >= "70" && g <= "88" || g >= "90" && g <= "92" || g >= "94" && g <= "99"
}

func sin(s []byte) bool { return s[0] != '0' && s[0] != '8' && luhn(s) }

// nir is 97 minus the first 13 digits mod 97; Corsica's 2A and 2B count as 19 and 18.
func nir(s []byte) bool {
	body := make([]byte, 0, 15)
	body = append(body, s...)
	if s[5] == '2' && (s[6] == 'A' || s[6] == 'B') {
		body[5], body[6] = '1', '9'-(s[6]-'A')
	}
	for _, c := range body {
		if !part.Digit(c) {
			return false
		}
	}
	return 97-mod97(body[:13]) == int(s[13]-'0')*10+int(s[14]-'0')
}

// dni is the remainder mod 23 as a letter; X, Y and Z of a NIE count as 0, 1 and 2.
func dni(s []byte) bool {
	n := 0
	for i, c := range s[:8] {
		switch {
		case i == 0 && c >= 'X' && c <= 'Z':
			c -= 'X' - '0'
		case !part.Digit(c):
			return false
		}
		n = n*10 + int(c-'0')
	}
	return "TRWAGMYFPDXBNJZSQVHLCKE"[n%23] == s[8]
}

// shortDNI is a dni that is written without its leading zero.
func shortDNI(s []byte) bool { return dni(append([]byte{'0'}, s...)) }

// codiceFiscale adds the values of odd and even places mod 26.
func codiceFiscale(s []byte) bool {
	const odd = "BAKPLCQDREVOSFTGUHMINJWZYX" // place of a letter is its value at an odd place
	sum := 0
	for i, c := range s[:15] {
		v := int(c - 'A')
		if part.Digit(c) {
			v = int(c - '0')
		}
		if i%2 == 0 {
			v = indexOf(odd, byte('A'+v))
		}
		sum += v
	}
	return byte('A'+sum%26) == s[15]
}

func indexOf(s string, c byte) int {
	for i := range len(s) {
		if s[i] == c {
			return i
		}
	}
	return 0
}

// bsn is the Dutch eleven test.
func bsn(s []byte) bool {
	return weighted(s, 9, 8, 7, 6, 5, 4, 3, 2, -1)%11 == 0 && s[0] != '0'
}

// pesel weights 1 3 7 9 and holds a date.
func pesel(s []byte) bool {
	month, day := (s[2]-'0')*10+s[3]-'0', (s[4]-'0')*10+s[5]-'0'
	return weighted(s, 1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)%10 == 0 && month%20 >= 1 && month%20 <= 12 && day >= 1 && day <= 31
}

// cpf has two mod-11 digits; all digits alike is refused.
func cpf(s []byte) bool {
	check := func(n int) bool {
		sum := 0
		for i := range n {
			sum += (n + 1 - i) * int(s[i]-'0')
		}
		return sum*10%11%10 == int(s[n]-'0')
	}
	return check(9) && check(10) && !same(s)
}

func same(s []byte) bool {
	for _, c := range s {
		if c != s[0] {
			return false
		}
	}
	return true
}
