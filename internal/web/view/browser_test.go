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

// Every view in every state: nothing sticks out at 320 px, nothing offends axe in light and dark, and nothing
// breaks the content security policy (the tab fails its test when the console complains).
func TestStoriesAreAccessible(t *testing.T) {
	url := serve(t)
	narrow := browser.Open(t, browser.View{Name: "narrow", Width: 320, Height: 800, Touch: true})
	wide := browser.Open(t, browser.Laptop)
	for _, st := range Stories() {
		for _, state := range st.States {
			if state.Name == "part" {
				continue // a part of a page, not a page
			}
			at := url + "/?lang=fi&view=" + st.Name + "&state=" + state.Name
			narrow.Go(at + "&theme=dark")
			narrow.Fits()
			if state.Name == "full" || state.Name == "empty" {
				look(t, narrow, st.Name+"/"+state.Name+" narrow, dark")
			}
			wide.Go(at + "&theme=light")
			if state.Name != "empty" {
				look(t, wide, st.Name+"/"+state.Name+" wide, light")
			}
			wide.Fits()
		}
	}
}

// look fails for what offends axe: full views in both themes, empty ones in the dark, the others in the light.
func look(t *testing.T, tab *browser.Tab, name string) {
	t.Helper()
	if v := tab.Violations(); len(v) > 0 {
		t.Errorf("%s: %v", name, v)
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
