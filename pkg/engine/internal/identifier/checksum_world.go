package identifier

import "strings"

// npi is Luhn with the prefix of American health cards.
func npi(s []byte) bool { return luhn(append([]byte("80840"), s...)) }

// aba is 3-7-1 mod 10 behind the number of a Federal Reserve district.
func aba(s []byte) bool {
	district := two(s, 0)
	known := district >= 1 && district <= 12 || district >= 21 && district <= 32 || district >= 61 && district <= 72 || district == 80
	return known && weighted(s, 3, 7, 1, 3, 7, 1, 3, 7, 1)%10 == 0
}

// curp counts letters behind N one higher, as the Spanish alphabet does.
func curp(s []byte) bool {
	sum := 0
	for i, c := range s[:17] {
		v := int(c - '0')
		if c >= 'A' {
			v = int(c-'A') + 10
			if c > 'N' {
				v++
			}
		}
		sum += (18 - i) * v
	}
	return (10-sum%10)%10 == int(s[17]-'0') && dated(s, 4, 6, 8)
}

// rfc holds the birth or founding date.
func rfc(s []byte) bool {
	at := len(s) - 9
	return dated(s, at, at+2, at+4)
}

func cnpj(s []byte) bool {
	digit := func(sum int) int {
		if sum%11 < 2 {
			return 0
		}
		return 11 - sum%11
	}
	return !same(s) && digit(weighted(s, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)) == int(s[12]-'0') &&
		digit(weighted(s, 6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)) == int(s[13]-'0')
}

func cuit(s []byte) bool {
	check := 11 - weighted(s, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)%11
	if check == 10 {
		check = 9
	}
	return check%11 == int(s[10]-'0')
}

// chileanRUT weights from the right 2 to 7; 10 is K.
func chileanRUT(s []byte) bool {
	sum, weight := 0, 2
	for i := len(s) - 2; i >= 0; i-- {
		if s[i] > '9' {
			return false
		}
		sum += weight * int(s[i]-'0')
		if weight++; weight > 7 {
			weight = 2
		}
	}
	return "0K987654321"[sum%11] == s[len(s)-1]
}

// chineseID is ISO 7064 MOD 11-2 behind a region and a date (GB 11643).
func chineseID(s []byte) bool {
	sum := weighted(s, 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
	century := two(s, 6)
	return s[0] != '0' && (century == 19 || century == 20) && dated(s, 8, 10, 12) && "10X98765432"[sum%11] == s[17]
}

// taiwanID turns its letter into a region's two digits.
func taiwanID(s []byte) bool {
	const regions = "ABCDEFGHJKLMNPQRSTUVXYWZIO" // from 10 on
	n := strings.IndexByte(regions, s[0]) + 10
	return (n/10+n%10*9+weighted(s[1:], 8, 7, 6, 5, 4, 3, 2, 1, 1))%10 == 0
}

// hongKongID is mod 11 over one letter or two and six digits; 10 is A.
func hongKongID(s []byte) bool {
	sum, at := 36*9, 0
	if s[1] >= 'A' {
		sum, at = (int(s[0]-'A')+10)*9, 1
	}
	sum += (int(s[at]-'A') + 10) * 8
	sum += weighted(s[at+1:], 7, 6, 5, 4, 3, 2)
	last := s[len(s)-1]
	check := int(last - '0')
	if last == 'A' {
		check = 10
	}
	return len(s) == at+8 && (sum+check)%11 == 0
}

// koreanID holds a date; its check was given up in 2020.
func koreanID(s []byte) bool { return dated(s, 0, 2, 4) }

// thaiID has a province behind its first digit.
func thaiID(s []byte) bool {
	switch province := two(s, 1); {
	case province < 10, province == 28, province == 29, province == 59, province == 68, province == 69, province == 78, province == 79, province >= 87 && province <= 89, province > 96:
		return false
	}
	return (11-weighted(s, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2)%11)%10 == int(s[12]-'0')
}

// turkishID has two check digits.
func turkishID(s []byte) bool {
	odd, even := weighted(s, 1, 0, 1, 0, 1, 0, 1, 0, 1), weighted(s, 0, 1, 0, 1, 0, 1, 0, 1)
	return ((odd*7-even)%10+10)%10 == int(s[9]-'0') && (odd+even+int(s[9]-'0'))%10 == int(s[10]-'0')
}

func philippineTIN(s []byte) bool {
	return weighted(s, 9, 8, 7, 6, 5, 4, 3, 2)%11 == int(s[8]-'0')
}

// southAfricanID is Luhn behind a date; its eleventh digit tells the citizenship.
func southAfricanID(s []byte) bool { return dated(s, 0, 2, 4) && s[10] <= '2' && luhn(s) }

func nigerianNIN(s []byte) bool { return verhoeff(s) && !same(s) }

func australianMedicare(s []byte) bool {
	return s[0] >= '2' && s[0] <= '6' && weighted(s, 1, 3, 7, 9, 1, 3, 7, 9)%10 == int(s[8]-'0')
}

// abn takes one off its first digit and is a multiple of 89 then.
func abn(s []byte) bool {
	return (weighted(s, 10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19)-10)%89 == 0
}

func acn(s []byte) bool {
	return (10-weighted(s, 8, 7, 6, 5, 4, 3, 2, 1)%10)%10 == int(s[8]-'0')
}

// vin is the check digit of ISO 3779 as North America demands it, in the ninth place.
func vin(s []byte) bool {
	weights := [...]int{8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2}
	const letters = "12345678.12345.7.923456789" // of A to Z
	sum, digits := 0, 0
	for i, c := range s {
		v := int(c - '0')
		if c >= 'A' {
			v = int(letters[c-'A'] - '0')
		} else {
			digits++
		}
		sum += weights[i] * v
	}
	return "0123456789X"[sum%11] == s[8] && digits >= 6 && digits < len(s)
}

func tfn(s []byte) bool { return weighted(s, 1, 4, 3, 7, 5, 8, 6, 9, 10)%11 == 0 && !same(s) }

// myNumber is Japan's twelfth digit, weights 6 5 4 3 2 7 6 5 4 3 2.
func myNumber(s []byte) bool {
	check := 11 - weighted(s, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)%11
	if check > 9 {
		check = 0
	}
	return check == int(s[11]-'0')
}

// ahv is the Swiss EAN-13 under 756.
func ahv(s []byte) bool {
	return (10-weighted(s, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3)%10)%10 == int(s[12]-'0')
}

// nric is Singapore's weighted letter.
func nric(s []byte) bool {
	sum := weighted(s[1:8], 2, 7, 6, 5, 4, 3, 2)
	letters := "JZIHGFEDCBA"
	switch s[0] {
	case 'T':
		sum += 4
	case 'F':
		letters = "XWUTRQPNMLK"
	case 'G':
		sum, letters = sum+4, "XWUTRQPNMLK"
	}
	return letters[sum%11] == s[8]
}

// brazilianPIS is the number of a worker: mod 11, where 10 and 11 are 0.
func brazilianPIS(s []byte) bool {
	check := 11 - weighted(s, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)%11
	return check%11%10 == int(s[10]-'0') && !same(s)
}
