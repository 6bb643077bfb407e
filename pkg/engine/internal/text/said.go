package text

import (
	"maps"
	"strconv"
	"strings"
)

// units are the figures in words, folded, by language: 0 to 9 in order. teens are 10 to
// 19, tens 20 to 90; "_" where units and tens say it in two words.
//
//nolint:misspell // several languages
var (
	units = []string{
		"zero one two three four five six seven eight nine",
		"null eins zwei drei vier fünf sechs sieben acht neun",
		"zéro un deux trois quatre cinq six sept huit neuf",
		"cero uno dos tres cuatro cinco seis siete ocho nueve",
		"zero uno due tre quattro cinque sei sette otto nove",
		"zero um dois três quatro cinco seis sete oito nove",
		"nul een twee drie vier vijf zes zeven acht negen",
	}
	teens = []string{
		"ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
		"zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn",
		"dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf",
		"diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve",
		"dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove",
		"dez onze doze treze catorze quinze dezesseis dezessete dezoito dezenove",
		"tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien",
	}
	tens = []string{
		"twenty thirty forty fifty sixty seventy eighty ninety",
		"zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig",
		"vingt trente quarante cinquante soixante septante quatre-vingt nonante",
		"veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
		"venti trenta quaranta cinquanta sessanta settanta ottanta novanta",
		"vinte trinta quarenta cinquenta sessenta setenta oitenta noventa",
		"twintig dertig veertig vijftig zestig zeventig tachtig negentig",
	}
	// hundreds are 200 to 900 where that is one word.
	hundreds = []string{"doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos"}
	others   = map[string]string{
		"oh": "0", "o": "0", "zwo": "2", "meia": "6", "nought": "0", "naught": "0", "quatre-vingts": "80", "dreissig": "30", "ciento": "100", "cien": "100", "dezasseis": "16", "dezassete": "17", "dezanove": "19",
	}
)

// tensStems begin the words for tens that announce a number in words with those of units.
//
//nolint:misspell // several languages
const tensStems = "twenty thirty forty fifty sixty seventy eighty ninety eleven twelve vingt trente quarante cinquante soixante douze treize quinze treinta cuarenta cincuenta sesenta setenta ochenta noventa veinti " +
	"trenta quaranta cinquanta sessanta settanta ottanta novanta trinta quarenta cinquenta sessenta oitenta einund seiscientos twaalf zwölf"

// hyphenated are the words for numbers that a hyphen does not end.
var hyphenated = []string{"quatre-vingts", "quatre-vingt", "dix-sept", "dix-huit", "dix-neuf"}

// said are the figures that a word says.
var said = func() map[string]string {
	out := map[string]string{}
	enter(out, units, 0, 1)
	enter(out, teens, 10, 1)
	enter(out, tens, 20, 10)
	enter(out, hundreds, 200, 100)
	maps.Copy(out, others)
	inOneWord(out)
	return out
}()

func enter(out map[string]string, rows []string, first, step int) {
	for _, row := range rows {
		for i, word := range strings.Fields(row) {
			out[word] = strconv.Itoa(first + i*step)
		}
	}
}

// inOneWord adds tens and units that are written in one: "vierunddreißig", "vierendertig",
// "ventidue", "veintidós".
func inOneWord(out map[string]string) {
	const german, italian, dutch = 1, 4, 6
	for n := 21; n <= 99; n++ {
		if n%10 == 0 {
			continue
		}
		digits := strconv.Itoa(n)
		word := func(rows []string, language, i int) string { return strings.Fields(rows[language])[i] }
		out[strings.TrimSuffix(word(units, german, n%10), "s")+"und"+word(tens, german, n/10-2)] = digits
		out["sechsund"+word(tens, german, n/10-2)] = strconv.Itoa(n/10*10 + 6)
		out[word(units, dutch, n%10)+"en"+word(tens, dutch, n/10-2)] = digits
		out[word(units, dutch, n%10)+"ën"+word(tens, dutch, n/10-2)] = digits
		ten := word(tens, italian, n/10-2)
		if n%10 == 1 || n%10 == 8 {
			ten = ten[:len(ten)-1]
		}
		out[ten+word(units, italian, n%10)] = digits
	}
	for i, word := range strings.Fields("veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete veintiocho veintinueve") {
		out[word] = strconv.Itoa(21 + i)
	}
}
