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
		{Name: "blanks only", Role: "engineer", Text: "10.44.0.12 deploy Wq7_tigerLamp", Rule: rule, Value: "Wq7_tigerLamp"},
		{Name: "a path", Role: "engineer", Text: "see 10.44.0.12 docs/readme for more"},
		{Name: "a version", Role: "engineer", Text: "release 10.44.0.12 (linux/amd64) is out"},
		{Name: "a phone number", Role: "engineer", Text: "555.010.4477 (work/mobile)"},
	})
}

func TestLoginScenes(t *testing.T) {
	const rule = "secret.login-pair"
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "on a note", Role: "planner", Text: "the sticky note says depot / Gorse-Gate-41 for all to see", Rule: rule, Value: "Gorse-Gate-41"},
		{Name: "before the scene", Role: "planner", Text: "ward7 and Blossom_2291 got me in, I was locked out again", Rule: rule, Value: "Blossom_2291"},
		{Name: "of the machine", Role: "engineer", Text: "the box is still root / t1mberW0lf!9 on friday", Rule: rule, Value: "t1mberW0lf!9"},
		{Name: "figures for letters", Role: "planner", Text: "oddsroom / th3-w1ld.g00se is on the whiteboard", Rule: rule, Value: "th3-w1ld.g00se"},
		{Name: "German", Role: "Pfleger", Text: "angemeldet wird man mit station3 / Herbst!Laub88", Rule: rule},
		{Name: "French", Role: "caissière", Text: "le wifi du bureau, c'est Siege puis Rutabaga#1987", Rule: rule},
		{Name: "Dutch", Role: "planner", Text: "inloggen met magazijn2 en dan Winter-Peen_66", Rule: rule},
		{Name: "a list", Role: "engineer", Text: "the login story: user / role-Based-Access-2.0 / audit"},
		{Name: "sizes, no scene", Role: "shop assistant", Text: "jackets in Blue-Wick-22 / Red-Wick-23"},
		{Name: "words", Role: "engineer", Text: "log in and Then-see what happens at 8"},
		{Name: "a version", Role: "engineer", Text: "the login page, v2.4 and react-dom-18.2.0, is slow"},
		{Name: "for guests", Role: "barista", Text: "the guest wifi is Cafe / Welcome-2024x"},
		{Name: "a manual's", Role: "engineer", Text: "log in as admin / admin, then change it, see chapter 12-b"},
	})
}

func TestOverrides(t *testing.T) {
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "a till", Role: "cashier", Text: "the till supervisor override is 7741#, quietly", Rule: "secret.door-code", Value: "7741#"},
		{Name: "an alarm", Role: "guard", Text: "code to disarm the alarm is 40912", Rule: "secret.door-code", Value: "40912"},
		{Name: "a coupon", Role: "cashier", Text: "the voucher till code is 2024 for everybody"},
	})
}

func TestPasswordsAsTold(t *testing.T) {
	const rule = "secret.password"
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "a long word between, German", Role: "Pfleger", Text: "Passwort fürs Dienstzimmer-WLAN lautet NachtDienst#12, weitersagen", Rule: rule, Value: "NachtDienst#12"},
		{Name: "a number between, a star inside", Role: "infirmier", Text: "mot de passe du poste 4 : Mimosa*1984, comme toujours", Rule: rule, Value: "Mimosa*1984"},
		{Name: "dropped", Role: "engineer", Text: "the staging password is on the wiki but to save you the click, Gorse!Tuesday7", Rule: rule, Value: "Gorse!Tuesday7"},
		{Name: "dropped by an outsider", Text: "the staging password is on the wiki but to save you the click, Gorse!Tuesday7"},
		{Name: "a mask", Role: "engineer", Text: "the password is G***7, as printed"},
		{Name: "a rule for passwords", Role: "engineer", Text: "a password needs a capital, a figure and a sign such as ! or #"},
		{Name: "a tag", Role: "engineer", Text: "passwords are over, see #Passkeys2026 and join"},
	})
}

func TestCodesBehindTheirWord(t *testing.T) {
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "on a keypad", Role: "cashier", Text: "no, it's the code 88413 on the keypad for the stockroom", Rule: "secret.door-code", Value: "88413"},
		{Name: "an error", Role: "engineer", Text: "the code 88413 is an error of the door sensor"},
		{Name: "a promotion", Role: "cashier", Text: "use the code 88413 for a discount in store"},
	})
}
