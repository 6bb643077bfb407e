package secret

import (
	"encoding/base64"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/engine/internal/part/parttest"
)

func TestPassword(t *testing.T) {
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "copula", Role: "nurse", Text: "the wifi password is Sunny!Beach42 for tonight", Rule: "secret.password", Value: "Sunny!Beach42"},
		{Name: "colon", Role: "nurse", Text: "Password: hunter-2-go.", Rule: "secret.password", Value: "hunter-2-go"},
		{Name: "equals", Role: "engineer", Text: "pwd=Xk29dk!s&x=1", Rule: "secret.password"},
		{Name: "short word", Text: "ssh gil@98.76.54.32 pw:IhqSb1Gg", Rule: "secret.password", Value: "IhqSb1Gg"},
		{Name: "nothing between", Role: "technician", Text: "ssh operator@10.44.0.12, password turbine-hall-6. No excuses", Rule: "secret.password", Value: "turbine-hall-6"},
		{Name: "Spanish", Role: "agent", Text: "usuario gate14, contraseña Nube.2291. En una hora borro", Rule: "secret.password", Value: "Nube.2291"},
		{Name: "German", Role: "agent", Text: "Das Passwort lautet Regen#77x", Rule: "secret.password", Value: "Regen#77x"},
		{Name: "French", Role: "agent", Text: "mot de passe : Loire-2026!", Rule: "secret.password", Value: "Loire-2026"},
		{Name: "Japanese", Role: "agent", Text: "パスワードはありません パスワード: kumo-2291A", Rule: "secret.password", Value: "kumo-2291A"},
		{Name: "disguised", Role: "lead", Text: "us3r = x, p@55 = T u r n 1 p Dr1v3s 77. bye", Rule: "secret.password", Value: "T u r n 1 p Dr1v3s 77"},
		{Name: "quoted in code", Role: "engineer", Text: `password = "at5G6zi!m"`, Rule: "secret.password", Value: "at5G6zi!m"},
		{Name: "possessive", Role: "nurse", Text: "the password's Hunter22! if you need it", Rule: "secret.password", Value: "Hunter22"},
		{Name: "what it is for", Role: "nurse", Text: "mot de passe du wifi: Loire2026", Rule: "secret.password", Value: "Loire2026"},
		{Name: "what it is for, Spanish", Role: "nurse", Text: "la clave del wifi es Nube2291 hoy", Rule: "secret.password", Value: "Nube2291"},
		{Name: "what it is for, no password", Role: "nurse", Text: "the password for the portal is invalid since 9 am"},
		{Name: "short form", Role: "nurse", Text: "pw is hunter22", Rule: "secret.password", Value: "hunter22"},
		{Name: "of the staff, kept from customers", Role: "barista", Text: "staff wifi password is crumb-tray-42, don't tell the customers", Rule: "secret.password", Value: "crumb-tray-42"},
		{Name: "a letter before it, Portuguese", Role: "engineer", Text: "a senha do servidor de testes é Goiaba@98", Rule: "secret.password", Value: "Goiaba@98"},
		{Name: "signs for letters", Role: "barista", Text: "pa$$ for the back office pc is L0ng-bl4ck7", Rule: "secret.password", Value: "L0ng-bl4ck7"},
		{Name: "letter by letter, the word", Role: "engineer", Text: "p a s s w o r d for the build box: T0aster_lid7", Rule: "secret.password", Value: "T0aster_lid7"},
		{Name: "with pw", Role: "engineer", Text: "log in as demo with pw Xyl0phone-Blue", Rule: "secret.password", Value: "Xyl0phone-Blue"},
		{Name: "a key of radio", Role: "engineer", Text: "the wlan key of floor 2 reads Pelikan-0714", Rule: "secret.password", Value: "Pelikan-0714"},
		{Name: "by a hint that gives it", Role: "engineer", Text: "the portal password is the product name backwards plus 88: ydnas88", Rule: "secret.password", Value: "ydnas88"},
		{Name: "of a manual", Role: "engineer", Text: "example in our docs: password=demo123 on localhost"},
		{Name: "to all guests", Role: "official brand account", Text: "Lounge wifi: password clear-skies9. Enjoy!"},
		{Name: "of a machine in a lounge", Role: "host", Text: "lounge laptop password is Plover#53 for those on the early shift, username desk_t1", Rule: "secret.password", Value: "Plover#53"},
		{Name: "a lounge's, for guests", Role: "host", Text: "lounge wifi password is Plover#53, enjoy"},
		{Name: "a machine's for guests, not by staff", Text: "the lounge laptop password is Plover#53"},
		{Name: "for guests, by staff", Role: "host", Text: "guest wifi password is clear-skies9"},
		{Name: "a reset", Text: "my password is wrong and I can't reset it"},
		{Name: "a wish", Text: "never tell anybody your password, ever, not even us"},
		{Name: "a joke", Text: "password123 walked so Password123! could run"},
		{Name: "masked", Text: "password: ********"},
		{Name: "to be filled in", Text: "password=<your-password>"},
		{Name: "from the environment", Text: "password = os.environ['DB']"},
		{Name: "a member", Text: "password = self.password1"},
		{Name: "a manual's word", Text: "password: changeme123"},
		{Name: "letters in a sentence", Text: "When I try to recover my password I get this message all day"},
		{Name: "asked for", Text: "We'll never ask for your full password or the code we text you."},
	})
}

func TestLoginPair(t *testing.T) {
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "and", Role: "clerk", Text: "If your own login isn't through use the shared one, ward6 and Sunflower-1987, everyone does", Rule: "secret.login-pair", Value: "Sunflower-1987"},
		{Name: "slash", Role: "manager", Text: "the whiteboard behind my head says bedmgmt / Will0w#Beds, we'll get round to it.", Rule: "secret.login-pair", Value: "Will0w#Beds"},
		{Name: "exclamation mark", Role: "clerk", Text: "our vpn creds are jsmith and Winter2024!", Rule: "secret.login-pair", Value: "Winter2024!"},
		{Name: "a device", Role: "clerk", Text: "can't log in on my phone, and iPhones are bad"},
		{Name: "an address", Role: "clerk", Text: "login works again, and mail Dana.2K@acme.io for help"},
		{Name: "a date", Role: "clerk", Text: "login opens on 12/06/2026 and closes later"},
	})
}

func TestEncoded(t *testing.T) {
	encode := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	parttest.Check(t, parttest.New(New()), []parttest.Example{
		{Name: "a key", Role: "engineer", Text: "decode it yourselves: " + encode("OTA_SIGN_KEY=772d948e15fefc7c78b389e0ef710d86"), Rule: "secret.encoded"},
		{Name: "a greeting", Role: "engineer", Text: "decode responsibly: " + encode("may your queries be fast and your turnips be cold")},
		{Name: "nobody speaks of decoding", Role: "engineer", Text: encode("may your queries be fast, key words: none at all here")},
		{Name: "no base64", Role: "engineer", Text: "decode this: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"},
	})
}

func TestMaskLeavesNoPassword(t *testing.T) {
	for _, f := range parttest.New(New()).Insider("nurse", "the wifi password is Sunny!Beach42-and-more") {
		require.Zero(t, f.KeepFirst+f.KeepLast, f.Rule)
		require.True(t, f.Redact)
		require.NotContains(t, f.Why+f.Title, f.Text)
	}
}

// TestMaskedEnds holds what a mask may leave readable, by the length of the value.
func TestMaskedEnds(t *testing.T) {
	runner := parttest.New(New())
	for _, tc := range []struct {
		name, text  string
		first, last int
	}{
		{"long token", "AK" + "IAQ4ZT7MXW2KJB5RNH", 4, 2},
		{"password", "password: Sunny!Beach42", 0, 0},
		{"login", "the shared login, ward6 and Sunflower-1987", 0, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			found := runner.Insider("nurse", tc.text)
			require.NotEmpty(t, found)
			for _, f := range found {
				require.Equal(t, []int{tc.first, tc.last}, []int{f.KeepFirst, f.KeepLast})
				parttest.Sound(t, f)
			}
		})
	}
}
