package secret

import (
	"math/rand/v2"
	"testing"

	"github.com/earshot/earshot/pkg/engine/internal/part/parttest"
)

// talk is prose in which the words of the detector stand without a secret.
var talk = []string{
	"the key to a good flight is a window seat", "can you reset my password? I tried 3 times", "their secret sauce is the crew", "got a token of appreciation from @acmebank", "paid with PayPal on Facebook, Instagram is next",
	"my access was denied at the gate, login page is down since 9:40", "the author of that article is right", "Slack and Zoom are down again, so is GitHub", "turkey sandwich and a monkey on the keyboard", "wifi on board costs 12 dollars",
	"basic economy is a private joke", "the capital of Spain, inside and outside", "pin this tweet: https://t.co/aB3dE9fGh1", "free webinar about API security on 12/06", "sign in to win, use code SUMMER20",
}

// BenchmarkTalk judges posts of three sentences of talk: what the detector costs where its
// words stand and nothing is found.
func BenchmarkTalk(b *testing.B) {
	random := rand.New(rand.NewPCG(6, 6))
	posts := make([]string, 500)
	for i := range posts {
		posts[i] = talk[random.IntN(len(talk))] + ". " + talk[random.IntN(len(talk))] + ", " + talk[random.IntN(len(talk))]
	}
	runner := parttest.New(New())
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		runner.Public(posts[i%len(posts)])
	}
}
