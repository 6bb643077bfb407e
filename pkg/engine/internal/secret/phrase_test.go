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
		{Name: "money in a safe", Role: "encarregada", Text: "no cofre: 6038 euros e uma banana"},
		{Name: "a safe from outside", Text: "o cofre mudou: 6038"},
		{Name: "promotion", Role: "clerk", Text: "code for the store discount is 2024"},
		{Name: "post code", Role: "clerk", Text: "pin: 110001 is the postal area of our office"},
		{Name: "no code", Role: "clerk", Text: "the combination is great, 100 people in the room"},
		{Name: "guests", Role: "host", Text: "guest door code is 1234 for customers"},
		{Name: "public", Text: "the door code is 4471"},
	})
}

func TestSeedPhrase(t *testing.T) {
	const words = "zebra lamp orbit cabin frost melody anchor puzzle velvet timber galaxy spoon"
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "twelve words", Text: "my seed phrase: " + words + ". help", Rule: "secret.seed-phrase", Value: words},
		{Name: "numbered", Text: "recovery phrase\n1. zebra 2. lamp 3. orbit 4. cabin 5. frost 6. melody 7. anchor 8. puzzle 9. velvet 10. timber 11. galaxy 12. spoon", Rule: "secret.seed-phrase"},
		{Name: "a warning", Text: "never share your seed phrase with anyone because they will take all the coins you ever bought"},
		{Name: "too few", Text: "seed phrase zebra lamp orbit cabin frost melody"},
		{Name: "no phrase", Text: words},
	})
}

func TestWebhook(t *testing.T) {
	const key = "q7Gd02mQzP1xk29Rt4Lw"
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "host of hooks", Text: "https://hooks.acme.io/in/8841/" + key, Rule: "secret.webhook-address", Value: key},
		{Name: "path", Text: "post to https://acme.io/in/hooks/" + key + " and it shows", Rule: "secret.webhook-address", Value: key},
		{Name: "documentation", Text: "see https://acme.io/webhooks/getting-started-with-webhooks"},
		{Name: "stand-in", Text: "https://hooks.acme.io/in/your-secret-token-here1"},
	})
}
