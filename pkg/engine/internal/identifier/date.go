package identifier

import (
	"regexp"
	"strconv"
	"strings"
)

const month = `(?:jan(?:uary|uar)?|feb(?:ruary|ruar)?|mar(?:ch)?|märz|apr(?:il)?|may|mai|june?|juni|july?|juli|aug(?:ust)?|sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?)`

const ordinalWord = `(?:(?:twenty|thirty)[ -])?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth)`

// day is a day of the month in figures or in words, monthOrNth a month by name or number.
const (
	day        = `(?:\d{1,2}(?:st|nd|rd|th)?|` + ordinalWord + `)`
	monthOrNth = `(?:` + month + `|the ` + day + `)`
)

// yearSaid is a year in words of several languages: "nineteen sixty-two", "two thousand and
// three", "neunzehnhundertachtundsechzig".
const yearSaid = `(nineteen[ -](?:hundred[ -](?:and )?)?(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?|ten|eleven|twelve|\p{L}{3,5}teen)` +
	`|two thousand(?: and)?(?: (?:one|two|three|four|five|six|seven|eight|nine|ten))?|twenty[ -]oh[ -]\p{L}{3,5}|neunzehnhundert\p{L}+|negentien(?:honderd)? ?\p{L}+|millenovecento\p{L}+` +
	`|mil novecientos \p{L}+(?: y \p{L}+)?|mil novecentos e \p{L}+(?: e \p{L}+)?|(?:mille neuf|dix-neuf)[ -]cents?[ -][\p{L}-]+(?: et \p{L}+)?)`

var dateShape = regexp.MustCompile(`\b(?:\d{1,2}[./-]\d{1,2}[./-](\d{4}|\d{2})|(\d{4})[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}(?:st|nd|rd|th|\.|er|º)? (?:of |de )?\p{L}{3,10}` +
	`,? (?:de )?(\d{4})|` + month + ` (?:the )?` + day + `,? (\d{4})|\d{1,2}-` + month + `-(\d{4})|\d{1,2}(?:st|nd|rd|th)?[ -](?:of )?` + month + `,?[ -]'?(\d{2})|` + ordinalWord + ` (?:of )?` + month + `,? (\d{4}))\b`)

// saidShape is a date as people tell it: the month by its number, the year in words, or
// figures in groups without a sign between them. Only a word for birth makes one of it.
var saidShape = regexp.MustCompile(`\b(?:` + day + ` (?:of )?` + monthOrNth + `,? (?:of )?(?:'?(\d{4}|\d{2})|` + yearSaid + `)|` + month + ` (?:the )?` + day + `,? ` + yearSaid +
	`|\d{1,2}(?:st|nd|rd|th|\.|er|º)? (?:of |de )?\p{L}{3,10}(?: de| of)?,? ` + yearSaid + `|\d{1,2} \d{1,2} ((?:19|20)\d{2})|[0-3]\d[01]\d((?:19|20)\d{2}))\b`)

// signedShape is a date with the signs of East Asia for year, month and day.
var signedShape = regexp.MustCompile(`(\d{4}) ?[年년] ?\d{1,2} ?[月월] ?\d{1,2} ?[日일号]`)

// yearIn is the year that the groups of a date's shape hold; of one in words it is only
// the century that matters.
func yearIn(window []byte, at []int) int {
	for k := 2; k < len(at); k += 2 {
		if at[k] < 0 {
			continue
		}
		text := string(window[at[k]:at[k+1]])
		year, err := strconv.Atoi(text)
		switch {
		case err != nil && strings.HasPrefix(text, "tw"):
			return 2005
		case err != nil:
			return 1950
		case year < 100:
			return century(year)
		}
		return year
	}
	return 0
}

// century puts a year of two figures into the past.
func century(year int) int {
	const now = 26 // the year of this table
	if year <= now {
		return 2000 + year
	}
	return 1900 + year
}

// livingYear tells the birth years of people who may be alive.
func livingYear(year int) bool { return year >= 1908 && year <= 2024 }

func looksLikeDate(text []byte) bool {
	at := dateShape.FindIndex(text)
	return at != nil && at[0] == 0 && at[1] == len(text)
}
