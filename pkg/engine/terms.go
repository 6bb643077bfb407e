package engine

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"

	"github.com/earshot/earshot/pkg/engine/internal/pack"
)

// Terms are what a source's terms of use forbid to look for in its posts (domain guide
// 6.1). A kind that is off gives no finding, moves no score and leaves no trace: that it
// would have spoken is itself what the terms forbid to know.
type Terms struct {
	// Off are the kinds of findings that no post of the source gets, "sentiment" or "second_opinion".
	Off []string `yaml:"off"`
	// OffPublic are those that posts of outsiders do not get.
	OffPublic []string `yaml:"off_public"`
}

// termSentiment stands for the feeling toward a brand, which is no kind of finding.
const termSentiment = "sentiment"

// DefaultTerms returns by platform what terms forbid that no company can agree away: X
// bars tracking unions and inferring health of its users, YouTube counts sentiment as a
// derived metric that needs an amendment (domain guide 6.1, 6.5).
func DefaultTerms() map[string]Terms {
	return map[string]Terms{
		"x":       {Off: []string{"labor"}, OffPublic: []string{"phi"}},
		"youtube": {Off: []string{termSentiment}},
	}
}

var platformName = regexp.MustCompile(`^[a-z0-9][a-z0-9_.-]*$`)

// checkTerms names the platform or the kind that cannot be: what is misspelt would go on.
func checkTerms(terms map[string]Terms) error {
	for _, platform := range slices.Sorted(maps.Keys(terms)) {
		if !platformName.MatchString(platform) {
			return fmt.Errorf("terms: platform %q: in lower case, as posts name it", platform)
		}
		t := terms[platform]
		for _, kind := range slices.Concat(t.Off, t.OffPublic) {
			if !pack.Kinds[kind] && kind != termSentiment && kind != termOpinion {
				return fmt.Errorf("terms: %s: %q is no kind of finding", platform, kind)
			}
		}
	}
	return nil
}

// termsVersion is a short hash over terms, part of every judgement's versions.
func termsVersion(terms map[string]Terms) string {
	data, err := json.Marshal(terms) // with its keys in order
	if err != nil {
		panic(err) // strings in slices in a map cannot fail
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:4])
}

// forbidden tells whether the source's terms bar a kind in a post; public is true where an
// outsider wrote it.
func (t *Terms) forbidden(kind string, public bool) bool {
	return slices.Contains(t.Off, kind) || public && slices.Contains(t.OffPublic, kind)
}
