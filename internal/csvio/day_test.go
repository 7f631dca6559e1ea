package csvio

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"polku/internal/civil"
)

func TestReadDay(t *testing.T) {
	for in, want := range map[string]string{
		"14.3.2016": "2016-03-14 dots", "14.03.16": "2016-03-14 dots", "1.3.20": "2020-03-01 dots", "14-3-2016": "2016-03-14 dots", " 14. 3. 2016 ": "2016-03-14 dots",
		"ma 14.3.2016 klo 10.00": "2016-03-14 dots", "2016-03-14": "2016-03-14 iso", "2016-03-14T00:00:00": "2016-03-14 iso", "20160314": "2016-03-14 iso",
		"14. maaliskuuta 2016": "2016-03-14 words", "14 mars 2016": "2016-03-14 words", "March 14, 2016": "2016-03-14 words", "14 Oct 2016": "2016-10-14 words",
		"14/3/2016": "2016-03-14 slash", "3/14/2016": "2016-03-14 us", "3/4/2016": "2016-04-03 ambiguous", "4/4/2016": "2016-04-04 slash",
		"kesäkuu 2020": "2020-06-01 month", "6/2020": "2020-06-01 month", "juni 2020": "2020-06-01 month", "2020-06": "2020-06-01 month",
		"vko 12/2016": "2016-03-21 week", "v. 53/2020": "2020-12-28 week", "2016": "2016-01-01 year", "42443": "2016-03-14 serial",
		"14.3.": " no_year", "n. 14.3.2016": "2016-03-14 rough", "14.3.2016 alkaen": "2016-03-14 rough",
		"31.2.2016": " impossible", "29.2.2015": " impossible", "14.13.2016": " impossible", "": " ", "kevät": " ", "ei tiedossa": " ", "040 123 4567": " ", "elokuva": " ", "marjat": " ",
	} {
		d, form := readDayText(in, dayHints{})
		if got := fmt.Sprint(d, " ", form); got != want {
			t.Errorf("%q: %s, want %s", in, got, want)
		}
	}
	if d, _ := readDayText("3/4/2016", dayHints{monthFirst: true}); d != civil.New(2016, 3, 4) {
		t.Error(d)
	}
	for in, want := range map[string]civil.Date{"1.2.79": civil.New(1979, 2, 1), "1.2.05": civil.New(2005, 2, 1), "1.1.1970": civil.New(1970, 1, 1)} {
		if d, _ := readDayText(in, dayHints{birth: true, pivot: 26}); d != want {
			t.Errorf("%s: %v", in, d)
		}
	}
}

func TestADayIsReadInEveryUsualForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := civil.New(1900, 3, 1) + civil.Date(rapid.IntRange(0, 80_000).Draw(t, "day"))
		y, m, day := d.Parts()
		for _, s := range []string{d.String(), finnish(d), fmt.Sprintf("%02d.%02d.%d", day, m, y), fmt.Sprintf("%04d%02d%02d", y, m, day)} {
			if got, form := readDayText(s, dayHints{}); got != d || !form.sure() {
				t.Fatalf("%q: %v %s", s, got, form)
			}
		}
		if got, ok := serialDay(float64(d-civil.New(1899, 12, 30)), false); !ok || got != d {
			t.Fatalf("serial: %v", got)
		}
	})
}
