package policy

import (
	_ "embed"
	"fmt"
	"regexp"
	"strings"
	"time"
)

//go:embed template.yaml
var template string

var packName = regexp.MustCompile(`^[a-z][a-z0-9-]{0,31}$`)

// New is the text of a first pack: one rule that works, with its examples.
func New(name string, now time.Time) (string, error) {
	if !packName.MatchString(name) {
		return "", fmt.Errorf("name %q: lower-case letters, digits and dashes, a letter first", name)
	}
	return strings.NewReplacer("NAME", name, "TODAY", now.Format(time.DateOnly)).Replace(template), nil
}
