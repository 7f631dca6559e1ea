package portal

import (
	"encoding/base64"
	"fmt"
	"strings"

	"polku/internal/civil"
	"polku/internal/login"
)

// Lengths of a PIN, in digits.
const (
	pinLeast = 6
	pinMost  = 12
)

// cleanPIN takes away the blanks that people write between digits.
func cleanPIN(pin string) string { return strings.Join(strings.Fields(pin), "") }

// checkPIN gives the key of what is wrong with a new PIN; empty when it is good. Only those are refused that somebody
// who knows the person, or nothing at all, would try among five: there is no second list, since five tries lock.
func checkPIN(pin string, born civil.Date) (key string) {
	switch {
	case strings.Trim(pin, "0123456789") != "" || len(pin) < pinLeast || len(pin) > pinMost:
		return "portal.pin_form"
	case isRow(pin) || strings.Count(pin, pin[:2])*2 == len(pin) || pin[:len(pin)/2] == pin[len(pin)/2:]:
		return "portal.pin_easy"
	}
	if !born.IsZero() {
		y, m, d := born.Parts()
		for _, form := range []string{fmt.Sprintf("%02d%02d%02d", d, m, y%100), fmt.Sprintf("%02d%02d%04d", d, m, y),
			fmt.Sprintf("%02d%02d%02d", y%100, m, d), fmt.Sprintf("%04d%02d%02d", y, m, d)} {
			if pin == form {
				return "portal.pin_easy"
			}
		}
	}
	return ""
}

// isRow tells 111111, 123456 and 987654.
func isRow(pin string) bool {
	step := int(pin[1]) - int(pin[0])
	if step < -1 || step > 1 {
		return false
	}
	for i := 1; i < len(pin); i++ {
		if int(pin[i])-int(pin[i-1]) != step {
			return false
		}
	}
	return true
}

// keyed is what is hashed in place of a PIN: a digest with the key that is kept outside the database, tied to the
// client. A million PINs are tried in a night by whoever has a stolen database; without the key they try nothing.
func (s *Service) keyed(client, pin string) string {
	return base64.RawStdEncoding.EncodeToString(s.keys.Index("pin " + client + " " + pin))
}

// HashPIN gives what is kept of a client's PIN. It takes a tenth of a second: not within a transaction.
func (s *Service) HashPIN(client, pin string) (string, error) {
	return login.Hash(s.keyed(client, cleanPIN(pin)))
}
