package engine

import (
	"strings"

	"github.com/earshot/earshot/pkg/engine/internal/voice"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// outsiders are the roles of people outside whose word weighs more (domain guide 1.4).
//
//nolint:misspell // several languages
var outsiders = []struct {
	value float64
	words []string
}{
	{.95, []string{"regulator*", "elected", "senator*", "minister", "ministre", "ministra", "ministro"}},
	{.9, []string{"journalis*", "reporter*", "press", "presse", "prensa", "news", "newspaper", "newsroom", "editor*", "periodista", "giornalista", "jornalista", "redakteur*"}},
}

// authority is the impact driver "author role" of a category, 0 to 1.
func authority(c earshotv1.Category, who string, author *earshotv1.Author) float64 {
	value := 0.0
	switch {
	case who == "pub":
		value = prominence(author.GetRole())
	case who == "paid":
		value = .8
	case who == "emp" && c == earshotv1.Category_CATEGORY_COMPLIANCE:
		value = .5
	case who == "emp":
		value = .8
	default: // own, rep, exec
		value = 1
	}
	if author.GetVerified() {
		value += .05
	}
	return min(value, 1)
}

// prominence is the authority of somebody outside.
func prominence(role string) float64 {
	for _, o := range outsiders {
		if voice.Named(role, o.words) {
			return o.value
		}
	}
	return .1
}

// channel is the impact driver "channel permanence and openness", 0 to 1. A leak counts
// as open wherever strangers read.
func channel(c earshotv1.Category, post *earshotv1.Post, insider bool) float64 {
	switch {
	case post.GetVisibility() == earshotv1.Visibility_VISIBILITY_DIRECT:
		return .1
	case post.GetVisibility() == earshotv1.Visibility_VISIBILITY_GROUP:
		return .3
	case c == earshotv1.Category_CATEGORY_LEAKAGE, post.GetPlatform() == "news":
		return 1
	case post.GetVisibility() == earshotv1.Visibility_VISIBILITY_FORUM:
		return .5
	case insider:
		return .8
	}
	return .5
}

// regimes are the kinds under a named regime or contract, and how much of one.
var regimes = map[string]float64{
	"phi": 1, "pii.card": 1, "financials": 1, "customer": 1, "pii.national_id": .8, "pii.passport": .8, "pii.iban": .6, "pii.dob": .6,
	"pii.phone": .6, "pii.email": .6, "pii.address": .6, "secret": .3, "credential": .3, "codename": .3, "marking": .3, "roadmap": .3,
}

// language is the primary language of a BCP 47 tag: "en-US" is "en".
func language(tag string) string {
	primary, _, _ := strings.Cut(strings.ReplaceAll(tag, "_", "-"), "-")
	return strings.ToLower(primary)
}
