package secret

import (
	"testing"

	"github.com/earshot/earshot/pkg/engine/internal/part/parttest"
)

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
