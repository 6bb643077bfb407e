package secret

import (
	"testing"

	"github.com/earshot/earshot/pkg/engine/internal/part/parttest"
)

func TestDoorCode(t *testing.T) {
	const rule = "secret.door-code"
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "door", Role: "clerk", Text: "forgot your badge? door code is 4471#", Rule: rule, Value: "4471#"},
		{Name: "room", Role: "clerk", Text: "the code to the server room is still 90210, nobody changed it", Rule: rule, Value: "90210"},
		{Name: "alarm", Role: "clerk", Text: "Alarm code: 55-81", Rule: rule, Value: "55-81"},
		{Name: "pin of a till", Role: "clerk", Text: "the pin is 8842 on every till, lol", Rule: rule, Value: "8842"},
		{Name: "German", Role: "clerk", Text: "Türcode ist 7741", Rule: rule, Value: "7741"},
		{Name: "Portuguese, a safe", Role: "encarregada", Text: "o cofre mudou: 6038 e tecla cardinal", Rule: rule, Value: "6038"},
		{Name: "French, a safe", Role: "vendeuse", Text: "le code du coffre est 6038, bonne nuit", Rule: rule, Value: "6038"},
		{Name: "German, a safe", Role: "Filialleiter", Text: "Tresor ab heute: 6038.", Rule: rule, Value: "6038"},
		{Name: "English, what changed", Role: "clerk", Text: "the safe is now 6038", Rule: rule, Value: "6038"},
		{Name: "what changed, further off", Role: "clerk", Text: "back gate code changed again, it's 6038# for lates", Rule: rule, Value: "6038#"},
		{Name: "by the turns of a dial", Role: "clerk", Text: "safe combo for Sunday: 11 right, 47 left, 23 right", Rule: rule, Value: "11 right, 47 left, 23 right"},
		{Name: "figures apart", Role: "clerk", Text: "digits for the stockroom are 7 0 3 8", Rule: rule, Value: "7 0 3 8"},
		{Name: "in words", Role: "clerk", Text: "code to the cash office: seven oh three eight", Rule: rule, Value: "seven oh three eight"},
		{Name: "in pairs", Role: "vendeuse", Text: "code du coffre: 31-75-08", Rule: rule, Value: "31-75-08"},
		{Name: "what it opens with", Role: "driver", Text: "yard gate opens with 60381, see you there", Rule: rule, Value: "60381"},
		{Name: "code first", Role: "guard", Text: "6038 to disarm, the panel is behind the door", Rule: rule, Value: "6038"},
		{Name: "by a hint that gives it", Role: "clerk", Text: "the alarm code is my mum's birth year, 1961", Rule: rule, Value: "1961"},
		{Name: "an alarm in passing, German", Role: "Filialleiter", Text: "Tresor macht Jana, Alarm wie immer 6038", Rule: rule, Value: "6038"},
		{Name: "Spanish", Role: "cajera", Text: "el código de la caja fuerte es 6038, chicas", Rule: rule, Value: "6038"},
		{Name: "Dutch", Role: "verpleegkundige", Text: "code van de medicijnkast is 6038", Rule: rule, Value: "6038"},
		{Name: "a card", Role: "driver", Text: "the fuel card pin is 6038 for the whole fleet", Rule: rule, Value: "6038"},
		{Name: "dial, the way first", Role: "clerk", Text: "safe: two turns left to 21, right to 40, left to 7", Rule: rule, Value: "two turns left to 21, right to 40, left to 7"},
		{Name: "tablets", Role: "teacher", Text: "the tablets unlock with 6038, all of them", Rule: rule, Value: "6038"},
		{Name: "Japanese", Role: "店員", Text: "金庫の暗証番号は 6038 です", Rule: rule, Value: "6038"},
		{Name: "Dutch, a till", Role: "kassier", Text: "kassacode is 6038, overal", Rule: rule, Value: "6038"},
		{Name: "Portuguese, an alarm", Role: "atendente", Text: "a senha do alarme é 6038", Rule: rule, Value: "6038"},
		{Name: "a pallet", Role: "driver", Text: "pallet code 603844 goes to door 6"},
		{Name: "an alarm clock", Role: "clerk", Text: "alarm is set to 0545 for the store opening"},
		{Name: "an alarm at night", Role: "guard", Text: "alarm went off at 0390 hrs, a moth"},
		{Name: "a lesson", Role: "engineer", Text: "if your door code is 1234 you deserve it"},
		{Name: "a gate", Role: "clerk", Text: "gate 5519 is a long walk"},
		{Name: "a till that is broken", Role: "clerk", Text: "till 4471 is broken, use the next one"},
		{Name: "a year", Role: "clerk", Text: "new keypad 2019 model for the door, finally"},
		{Name: "a quantity", Role: "clerk", Text: "the combination to 4000 people in the building is bad"},
		{Name: "no code told", Role: "nurse", Text: "they changed the door code and nobody told nights, 20 minutes outside"},
		{Name: "code first, a number", Role: "clerk", Text: "room 4471 opens the show on Friday"},
		{Name: "money in a safe", Role: "encarregada", Text: "no cofre: 6038 euros e uma banana"},
		{Name: "a safe from outside", Text: "o cofre mudou: 6038"},
		{Name: "promotion", Role: "clerk", Text: "code for the store discount is 2024"},
		{Name: "post code", Role: "clerk", Text: "pin: 110001 is the postal area of our office"},
		{Name: "no code", Role: "clerk", Text: "the combination is great, 100 people in the room"},
		{Name: "guests", Role: "host", Text: "guest door code is 1234 for customers"},
		{Name: "public", Text: "the door code is 4471"},
	})
}
