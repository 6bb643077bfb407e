package identifier

// The checks of Europe, each as its authority or the python-stdnum documentation of it
// gives; the samples that they were tried on are in the tests.

// utr has its check digit first.
func utr(s []byte) bool {
	return "21987654321"[weighted(s[1:], 6, 7, 8, 9, 10, 5, 4, 3, 2)%11] == s[0]
}

// svnr is the German pension insurance number: area, birth date, initial, serial, check.
func svnr(s []byte) bool {
	day := two(s, 2) % 50 // foreign insured count from 51 on
	if !calendar(two(s, 6), two(s, 4), day) || s[8] < 'A' {
		return false
	}
	return crossed(spelledOut(s, 8), 2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)%10 == int(s[11]-'0')
}

// kvnr is the German health insurance number: an initial, eight digits and a check.
func kvnr(s []byte) bool {
	return s[0] >= 'A' && crossed(spelledOut(s, 0), 1, 2, 1, 2, 1, 2, 1, 2, 1, 2)%10 == int(s[9]-'0')
}

// belgianID is 97 minus the first nine digits mod 97, with a 2 before them from 2000 on.
func belgianID(s []byte) bool {
	check := two(s, 9)
	month, day := two(s, 2)%20, two(s, 4)
	later := append([]byte{'2'}, s[:9]...)
	return month <= 12 && day <= 31 && (97-mod97(s[:9]) == check || 97-mod97(later) == check)
}

func portugueseNIF(s []byte) bool {
	check := 11 - weighted(s, 9, 8, 7, 6, 5, 4, 3, 2)%11
	return check%11%10 == int(s[8]-'0') && !same(s)
}

// austrianID has its check digit fourth and ends with the birth date.
func austrianID(s []byte) bool {
	check := (weighted(s, 3, 7, 9) + weighted(s[4:], 5, 8, 4, 2, 1, 6)) % 11
	return check == int(s[3]-'0') && dated(s, 8, 6, 4)
}

// pps is seven digits and a letter mod 23, which a second letter takes part in.
func pps(s []byte) bool {
	sum := weighted(s, 8, 7, 6, 5, 4, 3, 2)
	if len(s) == 9 && s[8] != 'W' {
		sum += 9 * int(s[8]-'A'+1)
	}
	return "WABCDEFGHIJKLMNOPQRSTUV"[sum%23] == s[7]
}

// personnummer is Luhn over ten digits that start with a date; 60 is added to the day of
// people who only stay.
func personnummer(s []byte) bool {
	if len(s) == 11 || len(s) == 12 && (two(s, 0) < 18 || two(s, 0) > 20) {
		return false
	}
	s = s[len(s)-10:]
	day := two(s, 4)
	if day > 60 {
		day -= 60
	}
	return calendar(two(s, 0), two(s, 2), day) && luhn(s)
}

// hetu is a date, a sign of the century that may be a letter, a serial and a letter mod 31.
func hetu(s []byte) bool {
	n := 0
	for _, c := range s[:6] {
		n = n*10 + int(c-'0')
	}
	for _, c := range s[len(s)-4 : len(s)-1] {
		n = n*10 + int(c-'0')
	}
	return dated(s, 4, 2, 0) && n%1000 > 1 && "0123456789ABCDEFHJKLMNPRSTUVWXY"[n%31] == s[len(s)-1]
}

// cpr holds a date; its check was given up in 2007.
func cpr(s []byte) bool { return dated(s, 4, 2, 0) }

// norwegianID has two check digits; 40 is added to the day or the month of some.
func norwegianID(s []byte) bool {
	return weighted(s, 3, 7, 6, 1, 8, 9, 4, 5, 2, 1)%11 == 0 && weighted(s, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)%11 == 0 &&
		calendar(two(s, 4), two(s, 2)%40, two(s, 0)%40)
}

// czechID is a multiple of 11; 50 is added to the month of women, 20 where serials ran out.
func czechID(s []byte) bool {
	rest := 0
	for _, c := range s {
		rest = (rest*10 + int(c-'0')) % 11
	}
	return rest == 0 && calendar(two(s, 0), two(s, 2)%50%20, two(s, 4))
}

func romanianID(s []byte) bool {
	check := weighted(s, 2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9) % 11
	return check%10+check/10 == int(s[12]-'0') && dated(s, 1, 3, 5)
}

// bulgarianID adds 20 or 40 to the month of other centuries.
func bulgarianID(s []byte) bool {
	return weighted(s, 2, 4, 8, 5, 10, 9, 7, 3, 6)%11%10 == int(s[9]-'0') && calendar(two(s, 0), two(s, 2)%20, two(s, 4))
}

func greekAFM(s []byte) bool {
	return weighted(s, 256, 128, 64, 32, 16, 8, 4, 2)%11%10 == int(s[8]-'0') && !same(s)
}

// spanishNSS is province and serial, with their remainder by 97 behind.
func spanishNSS(s []byte) bool { return mod97(s[:10]) == two(s, 10) && two(s, 0) > 0 }

// portugueseNISS weights the first ten digits by the primes from 29 down.
func portugueseNISS(s []byte) bool {
	return 9-weighted(s, 29, 23, 19, 17, 13, 11, 7, 5, 3, 2)%10 == int(s[10]-'0')
}
