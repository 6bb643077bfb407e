package language

import "unicode"

type script uint8

const (
	cyrillic script = iota
	greek
	hebrew
	arabic
	devanagari
	bengali
	tamil
	thai
	han
	kana
	hangul
	scriptCount
)

// scriptLanguages are the languages that most posts in a script are written in.
var scriptLanguages = [scriptCount]string{
	greek: "el", hebrew: "he", arabic: "ar", devanagari: "hi", bengali: "bn", tamil: "ta", thai: "th", han: "zh", kana: "ja", hangul: "ko", cyrillic: Unknown,
}

var tables = [scriptCount][]*unicode.RangeTable{
	{unicode.Cyrillic},
	{unicode.Greek},
	{unicode.Hebrew},
	{unicode.Arabic},
	{unicode.Devanagari},
	{unicode.Bengali},
	{unicode.Tamil},
	{unicode.Thai},
	{unicode.Han},
	{unicode.Hiragana, unicode.Katakana},
	{unicode.Hangul},
}

func scriptOf(r rune) (script, bool) {
	for s, table := range tables {
		if unicode.In(r, table...) {
			return script(s), true
		}
	}
	return 0, false
}
