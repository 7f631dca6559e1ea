package hetu

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"polku/internal/civil"
	"polku/internal/fault"
)

func TestParse(t *testing.T) {
	for _, c := range []struct{ in, birthday, key string }{
		{"091095-915W", "1995-10-09", ""},
		{" 091095-915w ", "1995-10-09", ""},
		{"091095\u2013915W", "1995-10-09", ""}, // the dash a word processor makes
		{"091095 -\u00a0915W", "1995-10-09", ""},
		{"200580U934P", "1980-05-20", ""},
		{"140659Y937B", "", KeyCheck},
		{"160805A917M", "2005-08-16", ""},
		{"", "", KeyEmpty},
		{"091095-915", "", KeyLength},
		{"09101995-915W", "", KeyLength},
		{"0910G5-915W", "", KeyForm},
		{"091095å915W", "", KeyForm},
		{"091095G915W", "", KeySign},
		{"310295-915W", "", KeyDate},
		{"290200-915W", "", KeyDate}, // 1900 was no leap year
		{"091095-915X", "", KeyCheck},
		{"091095-001C", "", KeyNumber},
	} {
		got, err := Parse(c.in)
		if c.key != "" {
			var f *fault.Error
			if !errors.As(err, &f) || f.Key != c.key {
				t.Errorf("%q: %v, want %s", c.in, err, c.key)
			}
			continue
		}
		if err != nil || got.Birthday().String() != c.birthday {
			t.Errorf("%q: %v %v", c.in, got.Birthday(), err)
		}
		if !got.IsTest() {
			t.Errorf("%q: not seen as a test code", c.in)
		}
	}
}

func TestEpochDayIsARealBirthday(t *testing.T) {
	c, err := Make(civil.New(1970, 1, 1), '-', 901)
	if err != nil || c.Birthday().IsZero() || c.Birthday().String() != "1970-01-01" {
		t.Fatal(c, err)
	}
}

func genCode(t *rapid.T) Code {
	sign := rapid.SampledFrom([]byte("+-YXWVUABCDEF")).Draw(t, "sign")
	first := civil.New(century(sign), 1, 1)
	day := first + civil.Date(rapid.IntRange(0, 36523).Draw(t, "day"))
	c, err := Make(day, sign, rapid.IntRange(2, 999).Draw(t, "number"))
	if err != nil {
		t.Fatal(err)
	}
	if c.Birthday() != day {
		t.Fatalf("%v, want %v", c.Birthday(), day)
	}
	return c
}

func TestEveryMadeCodeIsReadInAnyCase(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := genCode(t)
		got, err := Parse("\t" + strings.ToLower(string(c)) + " ")
		if err != nil || got != c {
			t.Fatalf("%v", err)
		}
	})
}

func TestOneWrongDigitIsAlwaysCaught(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := []byte(genCode(t))
		i := rapid.SampledFrom([]int{0, 1, 2, 3, 4, 5, 7, 8, 9}).Draw(t, "place")
		other := byte('0' + rapid.IntRange(0, 9).Draw(t, "digit"))
		if other == c[i] {
			return
		}
		c[i] = other
		if _, err := Parse(string(c)); err == nil {
			t.Fatal("accepted")
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"091095-915W", "200580U934P", "", "+++++++++++", "ååååååååååå"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := Parse(s)
		if err != nil {
			if len(Clean(s)) > 8 && strings.Contains(err.Error(), Clean(s)) {
				t.Fatal("the error repeats the code")
			}
			return
		}
		if again, err := Parse(string(c)); err != nil || again != c {
			t.Fatal("a checked code does not check")
		}
	})
}
