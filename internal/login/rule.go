package login

import (
	"strings"
	"unicode/utf8"
)

// Lengths of a password, in characters. Length counts, composition does not: no rule about digits or signs
// (NIST SP 800-63B 3.1.1.2, OWASP ASVS 5.0 6.2).
const (
	PasswordLeast = 12
	PasswordMost  = 200
)

// CheckPassword gives the catalogue key of what is wrong with a new password, empty when it may be used. It
// must not be the user name, one of the commonest, or one short piece said again and again.
func CheckPassword(password, username string) string {
	folded := strings.ToLower(password)
	length := utf8.RuneCountInString(password)
	switch {
	case !utf8.ValidString(password) || length > PasswordMost:
		return "login.password_long"
	case length < PasswordLeast:
		return "login.password_short"
	case username != "" && strings.Contains(folded, strings.ToLower(username)) && length < PasswordLeast+len(username):
		return "login.password_name"
	case common(folded):
		return "login.password_common"
	}
	return ""
}

// commonest are the long passwords that lists of stolen ones begin with, Finnish ones among them, each without
// digits and signs at its end: those are tried with every ending.
var commonest = strings.Fields(`
	password passw0rd passwordpassword qwertyuiop qwertyuiopasdfghjkl qwertyqwerty asdfghjkl qazwsxedc qazwsxedcrfv 1q2w3e4r5t6y
	1qaz2wsx3edc letmein letmeinplease welcome welcomewelcome iloveyou iloveyouforever administrator adminadmin superman
	trustno1 changeme changemenow abcdefghijkl abcdefghijklm sunshine princess football baseball dragon monkey master
	salasana salasanasalasana salasanani salasanaonsalasana tervetuloa tervetuloatervetuloa kissakissa kissakoira perkele
	perkeleperkele saatana jumalauta rakastansinua minarakastansinua suomi suomifinland helsinki jaakiekko hattivatti
	muumipeikko paivaapaivaa sosiaalityo sosiaalitoimisto tyollisyys kuntouttava kuntouttavatyo polku polkupolku
	tyopaja hyvinvointialue kunta kaupunki kesa talvi syksy kevat losenord losenordlosenord valkommen hemligt`)

func common(folded string) bool {
	plain := strings.NewReplacer("ä", "a", "ö", "o", "å", "a", " ", "", "-", "", "_", "").Replace(folded)
	stem := strings.TrimRight(plain, "0123456789!.?*+#€$%&=")
	for _, w := range commonest {
		if stem == w || plain == w {
			return true
		}
	}
	return !enoughSigns(plain) || straight(plain)
}

// enoughSigns tells whether a text has five different characters or more.
func enoughSigns(s string) bool {
	seen := map[rune]bool{}
	for _, r := range s {
		seen[r] = true
	}
	return len(seen) >= 5
}

// straight tells whether each character follows the one before, as in 123456789012 or abcdefghijklm.
func straight(s string) bool {
	steps := 0
	runes := []rune(s)
	for i := 1; i < len(runes); i++ {
		if d := runes[i] - runes[i-1]; d == 1 || d == -1 || runes[i-1] == '9' && runes[i] == '0' || runes[i-1] == '0' && runes[i] == '1' {
			steps++
		}
	}
	return steps >= len(runes)-2
}
