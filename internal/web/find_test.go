package web_test

import (
	"net/http"
	"strings"
	"testing"

	. "polku/internal/polkutest"
)

// With each letter only what was found is fetched, even when it is one person; without the header it is a whole page.
func TestFoundWithEachLetter(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f := open(t, w)
		mia := f.as(Mia, "mia")
		mia.Client(t, "Åkerlund", "Öyvind")
		for q, want := range map[string]string{"ake": "Öyvind Åkerlund", "zz": "", "": ""} {
			r, err := http.NewRequest("POST", f.url+"/find", strings.NewReader("q="+q))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set("Polku-Part", "results")
			res, err := mia.http.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			if _, body := mia.read(res); !strings.HasPrefix(body, `<div id="results">`) || !strings.Contains(body, want) || strings.Contains(body, "<html") {
				t.Errorf("%q: %s", q, body)
			}
		}
		if body := mia.must("/find", "q", "a"); !strings.Contains(body, "<html") || !strings.Contains(body, `<div id="results">`) {
			t.Error("a whole page was asked for")
		}
	})
}
