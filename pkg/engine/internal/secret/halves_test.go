package secret

import (
	"testing"

	"github.com/earshot/earshot/pkg/engine/internal/part/parttest"
)

func TestPasswordInParts(t *testing.T) {
	const rule = "secret.password-in-parts"
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "two sentences", Role: "engineer", Text: "part one of the password: Falcon. part two: -2093k", Rule: rule, Value: "-2093k"},
		{Name: "halves", Role: "engineer", Text: `half of the wifi key is "elmbark" and the other half is the desk number, 118`, Rule: rule},
		{Name: "Spanish", Role: "cajera", Text: "la mitad de la contraseña es Roble y la otra mitad es 'nube'", Rule: rule},
		{Name: "an outsider", Text: "part one of the password: Falcon. part two: -2093k"},
		{Name: "a series of posts", Role: "engineer", Text: "part one was about password managers. part two is out on Friday"},
		{Name: "a match", Role: "engineer", Text: "first half 1:0, second half: 2 more goals"},
	})
}

func TestRecoveryKey(t *testing.T) {
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "groups of eleven", Text: "bitlocker recovery key 471207-093412-556138-204985-117634-662981-340021-559911", Rule: "secret.disk-recovery-key", Value: "471207-093412-556138-204985-117634-662981-340021-559911"},
		{Name: "too few groups", Text: "recovery key 471207-093412-556138"},
		{Name: "no key told", Text: "lost my bitlocker recovery key again"},
	})
}
