package portal

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"polku/internal/civil"
)

func TestWhichPINsAreRefused(t *testing.T) {
	born := civil.New(2007, 4, 9)
	for pin, want := range map[string]string{
		"274951": "", "100200": "", "112358132134": "", "90407": "portal.pin_form", "": "portal.pin_form", "1234567890123": "portal.pin_form", "27495a": "portal.pin_form", "٢٧٤٩٥١": "portal.pin_form",
		"111111": "portal.pin_easy", "123456": "portal.pin_easy", "987654": "portal.pin_easy", "121212": "portal.pin_easy", "123123": "portal.pin_easy",
		"090407": "portal.pin_easy", "09042007": "portal.pin_easy", "070409": "portal.pin_easy", "20070409": "portal.pin_easy",
	} {
		if got := checkPIN(pin, born); got != want {
			t.Errorf("%q: %q, want %q", pin, got, want)
		}
	}
	if checkPIN("090407", 0) != "" {
		t.Error("a birthday is refused that is nobody's")
	}
}

// Whatever is typed: no panic, and only digits of the right number are taken.
func TestOnlyDigitsAreTaken(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		typed := rapid.OneOf(rapid.String(), rapid.StringMatching(`[0-9 ]{0,20}`)).Draw(t, "typed")
		pin := cleanPIN(typed)
		if checkPIN(pin, 0) == "" && (len(pin) < pinLeast || len(pin) > pinMost || strings.Trim(pin, "0123456789") != "") {
			t.Fatalf("%q was taken", pin)
		}
	})
}
