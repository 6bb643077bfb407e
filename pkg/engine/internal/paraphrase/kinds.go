package paraphrase

import (
	"github.com/earshot/earshot/pkg/engine/internal/risk"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// Kind is one thing that the model listens for: what a reader needs to know of it. Law is
// the family of rules that it usually falls under; which of them, a reviewer decides.
type Kind struct {
	// Name is the kind of the risk taxonomy.
	Name string
	// Title and Why are for a reader at 3 am.
	Title, Why string
	// Cite and Mitigate follow the packs' rules of the kind.
	Cite, Mitigate string
	// Severity is 1 to 5, the usual one of the kind's rules.
	Severity int
	// Cap bounds the impact as the kind's rules do; 0 does not.
	Cap float64
}

// Head is a family of kinds that exclude each other and "nothing": one softmax.
type Head struct {
	Category earshotv1.Category
	// From and To bound its kinds: Kinds[From:To].
	From, To int
	// Public heads judge the posts of the public, the others those of insiders and paid
	// voices.
	Public bool
}

// Has tells whether a kind, by its place in Kinds, belongs to the head.
func (h *Head) Has(kind int) bool { return kind >= h.From && kind < h.To }

// Heads judge a post for their category each.
var Heads = [...]Head{
	{earshotv1.Category_CATEGORY_COMPLIANCE, 0, 20, false},
	{earshotv1.Category_CATEGORY_LEAKAGE, 20, firstPublic, false},
	{earshotv1.Category_CATEGORY_REPUTATION, firstPublic, firstGrievance, true},
	{earshotv1.Category_CATEGORY_REPUTATION, firstGrievance, len(Kinds), true},
}

// Insiders are the heads for insiders and paid voices.
var Insiders = Heads[:2]

// Places in Heads: Leakage weighs readings, Scams and Grievances are of the public.
const (
	Leakage = iota + 1
	Scams
	Grievances
)

// The first kinds of the heads for the public, which stand last.
const (
	firstPublic    = 25
	firstGrievance = 26
)

// Lures are words without one of which, or an amount or ticker in dollars, few swindles do:
// what makes the posts of the public worth the model's time. They were counted on the
// training posts of Janitr.
var Lures = []string{
	"$", "deploy", "free", "nft", "mint", "airdrop", "giveaway", "crypto", "token", "coin", "wallet", "metamask", "usdt", "bitcoin",
	"t.me", "wa.me", "telegram", "whatsapp", "dm me", "pump.fun", "whitelist", "presale", "claim your", "recover", "signals", "1000x", "100x",
}

// Kinds are the kinds in the order of the weights.
var Kinds = [...]Kind{
	{"promissory", "Reads like a promise of results", "It sounds as if an outcome were certain.", "FINRA Rule 2210(d)(1)(B); 15 USC 45", "Take the promise out, say what is uncertain.", 5, 0},
	{"performance", "Reads like performance used as a promise", "Past, selected or invented results stand in for what comes next.", "FINRA Rule 2210(d)(1)(F); 17 CFR 275.206(4)-1(d)", "Show net results over the prescribed periods with the usual warning, or take it down.", 4, 0},
	{"testimonial", "Reads like a customer's praise used as an advertisement", "Somebody's happy story stands for what others will get.", "16 CFR 255.2(b); FINRA Rule 2210(d)(6)(B)", "Say whether it is typical and whether it was paid for, or take it down.", 4, 0},
	{"unbalanced", "Reads like a benefit without its risk", "The good side of a product is told without the other one.", "FINRA Rule 2210(d)(1)(A) and (D); 21 CFR 202.1(e)(5)", "Tell risks as clearly as benefits in the same post.", 4, 0},
	{"advice", "Reads like advice to buy or sell", "Readers are told what to do with their money.", "FINRA Rule 2210(d)(7); 17 CFR 240.15l-1", "Take it down, and talk to clients one by one on a recorded channel.", 4, 0},
	{"selective_disclosure", "Reads like inside information", "It hints at something about the company that the market may not know yet.", "Regulation FD, 17 CFR 243.100; MAR art. 10 and 14", "Take it down, tell legal at once: prompt public disclosure may be due.", 5, 0},
	{"undisclosed_relationship", "Reads like praise by somebody who does not say that they belong to the company", "A tie to the brand is not told.", "16 CFR 255.5(a)", "Say in the post that you work for, or are paid by, the company.", 3, 0},
	{"fake_review", "Reads like reviews made, bought or hidden", "Opinions of customers seem to be staged.", "16 CFR 465.2 to 465.7; Directive 2005/29/EC annex I 23b, 23c", "Stop it, have the reviews taken down, tell legal.", 5, 0},
	{"off_label", "Reads like a medical product praised for a use that is not approved", "A use, age or dose beyond the approval is talked up.", "21 USC 331(a); 21 CFR 202.1(e)", "Take it down, send questions to medical information.", 5, 0},
	{"health_claim", "Reads like a health claim without proof", "A product is said to heal or prevent.", "16 CFR 255.1(a); 15 USC 52; Regulation (EC) 1924/2006 art. 10", "Take the claim out, or use the authorised wording.", 4, 0},
	{"phi_disclosure", "Reads as if a patient could be recognized", "A person's health is told in a way that others may recognize them.", "45 CFR 164.502(a); 45 CFR 164.514(b)", "Take it down, tell the privacy officer.", 5, 0},
	{"personal_data", "Reads like somebody's private matters made public", "A customer or colleague can be recognized.", "GDPR article 5(1) and 6; 15 USC 45", "Take it down, tell the data protection officer.", 4, 0},
	{"children", "Reads like an appeal to children, or taking their data", "Children are urged to buy or to tell about themselves.", "15 USC 6502; Directive 2005/29/EC annex I 28", "Take it down, address the parents, ask them for consent.", 5, 0},
	{"green_claim", "Reads like a green claim without proof", "A product is said to be good for nature without saying how.", "16 CFR 260.4; Directive (EU) 2024/825", "Say exactly what is better, by how much and who checked it.", 3, 0},
	{"fin_promotion", "Reads like a financial promotion without its warning", "Readers are urged to invest or borrow and the warning is missing.", "FSMA 2000 s.21; COBS 4; 17 CFR 230.502(c)", "Take it down until approved and with its warning.", 4, 0},
	{"disparagement", "Reads like an unfair claim about a competitor", "A rival is run down without proof.", "15 USC 1125(a); Directive 2006/114/EC art. 4", "Take it down, compare only what can be checked.", 3, 0},
	{"harassment", "Reads like harassment of a person", "Somebody is belittled, threatened or made an object.", "42 USC 2000e-2; 29 CFR 1604.11; company policy", "Take it down, tell human resources, look after the person.", 4, 0},
	{"off_channel", "Reads like business moved to a channel without records", "Clients are led where nothing is kept.", "17 CFR 240.17a-4(b)(4); FINRA Rule 4511", "Move the talk back to a recorded channel, keep what was said.", 3, 0},
	{"age_restricted", "Reads like alcohol, betting or nicotine made light of, or for the young", "It may reach the young or urge excess.", "CAP Code rules 16, 18 and 22; 21 CFR 1143", "Take it down, restrict the audience by age.", 4, 0},
	{"sanctions", "Reads like a way around sanctions or export control", "Goods, money or knowledge may go where they must not.", "50 USC 1705; 15 CFR 736; Regulation (EU) 833/2014 art. 12", "Take it down, stop the transaction, tell trade compliance.", 5, 0},
	{"roadmap", "Reads like something that is not announced yet", "It tells of a product, price or date of change that the company has not made public.", "Company confidentiality policy; Directive (EU) 2016/943", "Take it down until it is announced.", 3, 0},
	{"customer", "Reads like a customer or partner that is not public yet", "It tells of a deal that the company has not made public.", "Non-disclosure agreement with the customer; Directive (EU) 2016/943", "Take it down, tell the account's owner.", 3, 0},
	{"financials", "Reads like results or deals that are not published", "It tells of figures or a deal before the company does.", "Regulation FD, 17 CFR 243.100; MAR art. 10 and 14", "Take it down, tell legal at once.", 5, 0},
	{"marking", "Reads like a document that was not meant to leave", "It shows or quotes what is marked for a closed circle.", "Company confidentiality policy; Directive (EU) 2016/943", "Take it down, find out where the document went.", 4, 0},
	{"phi", "Reads as if a patient could be recognized", "A person's health is told in a way that others may recognize them.", "45 CFR 164.502(a); 45 CFR 164.514(b)", "Take it down, tell the privacy officer.", 5, 0},
	{"impersonation", "Reads like a token, giveaway or recovery scam", "It sounds like the posts with which swindlers use a name that others trust.", "Reputation taxonomy, REP-SCAM", "Report the post; warn customers.", 4, 0},
	{"complaint", "Reads like a complaint", "Somebody outside is let down by the brand.", "Reputation taxonomy, REP-COMPLAINT", "Answer within the care team's time limit.", 1, risk.LowReachCap},
	{"outage", "Reads like a service that is down", "It sounds as if it did not work now, for more than one.", "Reputation taxonomy, REP-OUTAGE", "Ask operations; one holding reply for all channels.", 2, 0},
	{"boycott", "Reads like a call to leave", "Others are told to turn away from the brand.", "Reputation taxonomy, REP-BOYCOTT", "Find the cause; watch whether others take it up.", 3, 0},
	{"safety", "Reads like harm by a product or place", "Somebody was, or may be, hurt.", "Reputation taxonomy, REP-SAFETY", "Tell product safety at once; keep the post.", 5, 0},
	{"misconduct", "Reads like an allegation of misconduct", "The company or its people are said to have done wrong.", "Reputation taxonomy, REP-EXEC", "Tell Legal before any answer; keep the post.", 4, 0},
	{"discrimination", "Reads like an allegation of discrimination", "Somebody is said to have been treated worse for who they are.", "Reputation taxonomy, REP-DISCRIM", "Tell Legal and the inclusion lead; hear the person.", 4, 0},
	{"breach_rumor", "Reads like a rumour of leaked data", "Data are said to have got out.", "Reputation taxonomy, REP-BREACH", "Tell security; check where it was first seen.", 5, 0},
	{"coordinated", "Reads like a campaign against the brand", "Others are told to post, rate or call in numbers.", "Reputation taxonomy, REP-COORD", "Keep the evidence; do not answer the accounts one by one.", 4, 0},
	{"legal", "Reads like a suit, fine or investigation", "A court or a regulator is said to be after the brand.", "Reputation taxonomy, REP-LEGAL", "Tell Legal; hold scheduled posts.", 4, 0},
	{"labor", "Reads like trouble over working conditions", "It tells how the brand treats those who work for it.", "Reputation taxonomy, REP-LABOUR; employee speech is protected", "Aggregate only; do not identify or answer authors.", 3, 0},
	{"environment", "Reads like harm to nature", "The brand is said to pollute, or to be less green than it says.", "Reputation taxonomy, REP-ENV", "Tell the environment lead; no claim without figures.", 3, 0},
	{"abuse", "Reads like insults or threats", "People of the brand are insulted or threatened.", "Reputation taxonomy, REP-HATE", "Look after the people aimed at; do not answer in kind.", 3, 0},
}

// Index is the place of a kind in Kinds, -1 where there is none of that name.
func Index(name string) int {
	for i := range Kinds {
		if Kinds[i].Name == name {
			return i
		}
	}
	return -1
}
