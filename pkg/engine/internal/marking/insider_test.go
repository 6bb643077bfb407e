package marking

import (
	"testing"

	"github.com/earshot/earshot/pkg/engine/internal/part/parttest"
)

func TestTold(t *testing.T) {
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "a deal", Role: "director", Text: "toast to the signed term sheet in Basel. Lawyers say sit on it until after the holidays", Rule: "leak.unpublished-figures"},
		{Name: "a customer", Role: "executive", Text: "Signed! The biggest fashion group is moving its checkout to us. We can't say the name until their press day", Rule: "leak.unannounced-customer"},
		{Name: "a product", Role: "brand manager", Text: "the label proofs, out the first week of January, and I'm going to get fired for saying so", Rule: "leak.unannounced-plan"},
		{Name: "against plan", Role: "executive", Text: "closing the quarter nine percent under plan and the all hands is at noon", Rule: "leak.period-against-plan"},
		{Name: "below a marking", Text: `Friend sent: "INTERNAL USE ONLY. Knitwear to 60% from 4 Nov, prices drop from 11"`, Rule: "leak.unannounced-plan"},
		{Name: "told by a relative", Text: "My cousin is in delivery ops there. 41,200 cars in Q4, not what they guided to.", Rule: "leak.unpublished-figures"},
		{Name: "secrecy about nothing", Role: "nurse", Text: "don't tell my mum I had cake for breakfast"},
		{Name: "results that are out", Role: "executive", Text: "Third-quarter results are out: we beat the quarter's plan and I can't say more, see the investor page"},
		{Name: "the brand itself", Role: "official brand account", Text: "shhh, our new app launches next week"},
		{Name: "a household", Text: "We closed the quarter 9% under budget!! (The household one.)"},
		{Name: "a stranger", Text: "I can't say when the next release comes"},
		{Name: "an outsider's model", Text: "My model has them missing on margin this quarter, short of consensus"},
	})
}

func TestCodename(t *testing.T) {
	runner := parttest.New(NewCodenames([]string{"Bobbin", "Project Keel", "ZV-118", "Ochre"}))
	parttest.Check(t, runner, []parttest.Example{
		{Name: "with a plan", Role: "product manager", Text: "pricing call ran long. Bobbin lands at nine dollars from 1 March", Rule: "leak.codename"},
		{Name: "the plan itself", Role: "product manager", Text: "pricing call ran long. Bobbin lands at nine dollars from 1 March", Rule: "leak.codename-plan"},
		{Name: "in a sentence", Role: "engineer", Text: "two hours of 403s on Bobbin again", Rule: "leak.codename"},
		{Name: "two words", Role: "engineer", Text: "project keel eats my weekend", Rule: "leak.codename", Value: "project keel"},
		{Name: "with figures", Role: "associate", Text: "ZV-118 slipped", Rule: "leak.codename"},
		{Name: "told from outside", Text: "they call it Project Keel and it will launch in May", Rule: "leak.codename"},
		{Name: "figures for letters", Role: "producer", Text: "B0bbin opens on the 14th", Rule: "leak.codename"},
		{Name: "the everyday word", Role: "office manager", Text: "does anyone sell bobbins? the bobbin winder works"},
		{Name: "another name", Role: "merchandiser", Text: "painted my hallway in Ochre Dusk"},
		{Name: "start of a sentence", Role: "engineer", Text: "Bobbin broke, sewing is hard"},
		{Name: "the brand itself", Role: "official brand account", Text: "Meet Project Keel, launching today"},
		{Name: "a stranger's everyday word", Text: "I lost a Bobbin of thread"},
	})
}
