package view

import (
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"polku/internal/browser"
	"polku/internal/web/asset"
)

func TestMain(m *testing.M) { os.Exit(browser.Main(m)) }

func serve(t testing.TB) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle(asset.Prefix, asset.Handler())
	mux.Handle("/", StorybookHandler())
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s.URL
}

// Every view in every state, loaded once: nothing sticks out at 320 px, nothing offends axe on a laptop in light and on a
// narrow phone in dark (full and empty views by all rules, the others by those about colours), and nothing breaks the content security policy (the
// tab fails its test when the console complains).
func TestStoriesAreAccessible(t *testing.T) {
	url := serve(t)
	narrow := browser.View{Name: "narrow", Width: 320, Height: 800, Touch: true}
	for _, st := range Stories() {
		t.Run(st.Name, func(t *testing.T) {
			t.Parallel()
			tab := browser.Open(t, browser.Laptop)
			for _, state := range st.States {
				if state.Name == "part" {
					continue // a part of a page, not a page
				}
				tab.Go(url + "/?lang=fi&view=" + st.Name + "&state=" + state.Name)
				look(t, state.Name+" wide, light", tab.Violations())
				tab.Fits()
				tab.Become(narrow.InDark())
				if state.Name == "full" || state.Name == "empty" {
					look(t, state.Name+" narrow, dark", tab.Violations())
				} else {
					look(t, state.Name+" narrow, dark", tab.ColourViolations())
				}
				tab.Fits()
				tab.Become(browser.Laptop)
			}
		})
	}
}

func look(t *testing.T, where string, violations []string) {
	t.Helper()
	for _, v := range violations {
		t.Errorf("%s: %s", where, v)
	}
}

// What is typed comes back after the page was left, and goes when the server says it is saved or one signs out.
func TestDraftsLiveAndDie(t *testing.T) {
	url := serve(t)
	tab := browser.Open(t, browser.Laptop)
	record := url + "/?lang=fi&view=record&state=empty"
	tab.Go(record)
	tab.Fill("Omin sanoin", "Kävimme kirjastossa.")
	tab.Go(url + "/?lang=fi&view=help&state=full")
	tab.Go(record)
	tab.Sees("Keskeneräinen tekstisi palautettiin.")
	tab.Go(url + "/?lang=fi&view=today&state=undo")
	tab.Go(record)
	tab.Misses("Keskeneräinen tekstisi palautettiin.")
	tab.Fill("Omin sanoin", "Toinen teksti.")
	tab.Go(url + "/?lang=fi&view=sign-in&state=left")
	tab.Go(record)
	tab.Misses("Keskeneräinen tekstisi palautettiin.")
}

// Single keys open finding and help, do nothing while one types, and can be switched off.
func TestKeys(t *testing.T) {
	url := serve(t)
	tab := browser.Open(t, browser.Laptop)
	tab.Go(url + "/?lang=fi&view=today&state=full")
	tab.Press("n")
	if got := tab.Focused(); got != "Virtanen, Jaana" {
		t.Errorf("n focuses %q", got)
	}
	tab.Press("/")
	if got := tab.Focused(); got != "Etsi asiakas" {
		t.Errorf("/ focuses %q", got)
	}
	tab.Type("n/")
	if got := tab.Focused(); got != "Etsi asiakas" {
		t.Errorf("typing moved the focus to %q", got)
	}
	tab.Go(url + "/?lang=fi&view=today&state=keys-off")
	tab.Press("n")
	if got := tab.Focused(); got != "" {
		t.Errorf("keys are off, but n focuses %q", got)
	}
}
