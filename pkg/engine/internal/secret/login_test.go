package secret

import (
	"testing"

	"github.com/earshot/earshot/pkg/engine/internal/part/parttest"
)

func TestAnnouncedPair(t *testing.T) {
	const rule = "secret.login-pair"
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "brackets", Role: "engineer", Text: "ID/PW master(Nq4hSb1Gg)", Rule: rule, Value: "Nq4hSb1Gg"},
		{Name: "slash", Role: "engineer", Text: "ID/Pass: ward6 / Nq4hSb1Gg", Rule: rule, Value: "Nq4hSb1Gg"},
		{Name: "with the machine", Role: "engineer", Text: "IP/ID/PW 10.20.0.1/master/Nq4hSb1Gg", Rule: rule, Value: "Nq4hSb1Gg"},
		{Name: "words", Role: "engineer", Text: "send me your id/pw combination please"},
		{Name: "a manual's", Role: "engineer", Text: "ID/PW admin/password"},
	})
}

func TestHostLogin(t *testing.T) {
	const rule = "secret.login-pair"
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "brackets", Role: "engineer", Text: "10.44.0.12 (master/Nq4hSb1Gg)", Rule: rule, Value: "Nq4hSb1Gg"},
		{Name: "blank", Role: "engineer", Text: "go to 10.44.0.12 master/Nq4hSb1Gg and look", Rule: rule, Value: "Nq4hSb1Gg"},
		{Name: "a path", Role: "engineer", Text: "see 10.44.0.12 docs/readme for more"},
		{Name: "a version", Role: "engineer", Text: "release 10.44.0.12 (linux/amd64) is out"},
		{Name: "a phone number", Role: "engineer", Text: "555.010.4477 (work/mobile)"},
	})
}
