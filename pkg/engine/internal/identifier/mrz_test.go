package identifier

import (
	"testing"

	"github.com/earshot/earshot/pkg/engine/internal/part/parttest"
)

// TestMachineZone uses the specimens of ICAO Doc 9303.
func TestMachineZone(t *testing.T) {
	const rule = "pii.machine-readable-zone"
	const line = "L898902C36UTO7408122F1204159ZE184226B<<<<<10"
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "passport", Role: "clerk", Text: "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n" + line, Rule: rule, Value: line},
		{Name: "second line alone", Role: "clerk", Text: "who is " + line + " here?", Rule: rule, Value: line},
		{Name: "identity card", Role: "clerk", Text: "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<", Rule: rule, Value: "7408122F1204159UTO<<<<<<<<<<<6"},
		{Name: "wrong birth date", Role: "clerk", Text: "who is L898902C36UTO7408123F1204159ZE184226B<<<<<10 here?"},
		{Name: "arrows", Role: "clerk", Text: "look <<<<<< LEFT <<<<<<"},
	})
}

func TestDigit731(t *testing.T) {
	parttest.Each(t, map[string]byte{"520727": '3', "AB2134<<<": '5', "D23145890": '7', "740812": '2', "": '0'},
		func(field string) byte { return digit731([]byte(field)) })
}
