package identifier

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/part/parttest"
)

func TestNetwork(t *testing.T) {
	tests := []struct{ name, digits, want string }{
		{"Visa 16", "4111111111111111", "Visa"},
		{"Visa 13", "4222222222222", "Visa"},
		{"Visa 15 does not exist", "411111111111111", ""},
		{"Mastercard 5", "5555555555554444", "Mastercard"},
		{"Mastercard 2", "2223003122003222", "Mastercard"},
		{"below Mastercard 2", "2220993122003222", ""},
		{"American Express", "378282246310005", "American Express"},
		{"Discover", "6011111111111117", "Discover"},
		{"JCB", "3530111333300000", "JCB"},
		{"Diners Club", "30569309025904", "Diners Club"},
		{"UnionPay", "6200000000000005", "UnionPay"},
		{"Maestro 12", "501864667909", "Maestro"},
		{"a parcel", "7003118410842210", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			require.Equal(t, test.want, network([]byte(test.digits)))
		})
	}
}

func TestCardNumber(t *testing.T) {
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "in groups", Text: "four declines. The card is 4819 0967 4468 5992, exp 09/28", Rule: "pii.card", Value: "4819 0967 4468 5992"},
		{Name: "German", Text: "Meine Kreditkarte: 5198 0941 7859 1552, gültig bis 04/27", Rule: "pii.card"},
		{Name: "bare, no context", Text: "here you go 4819096744685992", Rule: "pii.card"},
		{Name: "figures of full width", Text: "try it your end: ４９３２－１２２２－５５１５－４９３９ valid to ０１／２９", Rule: "pii.card"},
		{Name: "figure by figure", Text: "have it this way, 4 5 7 8 9 0 2 9 1 4 4 6 7 9 4 0, three on the back are 391", Rule: "pii.card"},
		{Name: "in words", Text: "slowly for you. five five seven nine three two six one two one eight nine five seven six six. Same", Rule: "pii.card"},
		{Name: "beside other digits", Text: "card 4819 0967 4468 5992 0928", Rule: "pii.card", Value: "4819 0967 4468 5992"},
		{Name: "Maestro of twelve", Text: "What is the limit for card 501864667909?", Rule: "pii.card"},
		{Name: "test cards", Role: "engineer", Text: "Use 4000 0000 0000 0002 or 4242 4242 4242 4242 with any date"},
		{Name: "wrong check digit", Text: "card 4819 0967 4468 5993"},
		{Name: "tracking", Text: "Tracking 4819 0967 4468 5992 says out for delivery"},
		{Name: "another network's range", Text: "Tracking 7003 1184 1084 2210 is late"},
		{Name: "lottery", Text: "my numbers since 1998, lottery: 4 8 1 5 1 6 2 3 4 2 1 1 0 9 3 7"},
		{Name: "last four", Text: "the card ending 4417 got charged"},
		{Name: "few words", Text: "one two three four"},
		{Name: "words of no card", Text: "one one one one one one one one one one one one one one one one"},
	})
}

func TestCardMask(t *testing.T) {
	for _, f := range parttest.New(New()).Public("card 4819 0967 4468 5992") {
		require.Zero(t, f.KeepFirst)
		require.Equal(t, 4, f.KeepLast)
		require.Equal(t, "4819096744685992", string(f.Value))
		require.NotContains(t, f.Title+f.Why, "4819")
	}
}

func TestGroups(t *testing.T) {
	text := []byte("12-345 6")
	got := groups(text, detect.Span{Start: 0, End: len(text)}, 2)
	require.Equal(t, []detect.Span{{Start: 0, End: 2}, {Start: 3, End: 6}}, got)
}

func TestAccount(t *testing.T) {
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "German", Text: "zum dritten Mal: IBAN DE28 2344 4232 4576 7992 99, steht so auch", Rule: "pii.iban", Value: "DE28 2344 4232 4576 7992 99"},
		{Name: "British with letters", Role: "operations", Text: "had typed GB83 NBRK 5646 9282 5463 62 where the wrapper number goes", Rule: "pii.iban", Value: "GB83 NBRK 5646 9282 5463 62"},
		{Name: "Dutch in one piece", Text: "geïncasseerd van NL79OSTB2561770803. Eén keer", Rule: "pii.iban", Value: "NL79OSTB2561770803"},
		{Name: "Italian", Text: "scuse: IT40 C813 3575 3487 4320 9010 038. Voglio", Rule: "pii.iban"},
		{Name: "French", Text: "mon IBAN, FR69 3027 0844 2508 3548 3627 130, au nom de", Rule: "pii.iban"},
		{Name: "dots between", Text: "go to D.E.3.4.8.3.7.0.6.6.2.9.8.0.2.2.9.8.8.9.6.1 and it's been", Rule: "pii.iban"},
		{Name: "wrong check digits", Text: "IBAN DE29 2344 4232 4576 7992 99"},
		{Name: "too short", Text: "IBAN DE28 2344 4232 4576 7992"},
		{Name: "textbook", Text: "Textbook one: DE89 3704 0044 0532 0130 00."},
		{Name: "charity", Role: "official brand account", Text: "Donations to the Foundation, IBAN GB83 NBRK 5646 9282 5463 62"},
		{Name: "securities number", Role: "accountant", Text: "IE00Q7X2LM49 is a valid thing to read aloud"},
		{Name: "no such country", Text: "XX28 2344 4232 4576 7992 99"},
	})
}
