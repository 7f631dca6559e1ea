package view

import (
	"bytes"
	"context"
	"regexp"
	"strings"
	"testing"

	"polku/internal/civil"
	"polku/internal/i18n"
)

var (
	tag    = regexp.MustCompile(`<[a-z][^>]*>`)
	styled = regexp.MustCompile(`(?i)\sstyle\s*=|\son[a-z]+\s*=\s*"|<style|javascript:`)
	script = regexp.MustCompile(`<script[^>]*>([^<]*)</script>`)
	word   = regexp.MustCompile(`[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+`)
	areas  = func() map[string]bool {
		m := map[string]bool{}
		for _, k := range i18n.Keys() {
			m[strings.SplitN(k, ".", 2)[0]] = true
		}
		return m
	}()
)

func render(t *testing.T, p Page) string {
	t.Helper()
	var b bytes.Buffer
	if err := Render(context.Background(), &b, p); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Every view, in every state and language: it renders, shows no raw key, and breaks no content security policy.
func TestEveryStoryIsSound(t *testing.T) {
	for _, st := range Stories() {
		for _, state := range st.States {
			for _, l := range i18n.Langs {
				name := st.Name + "/" + state.Name + "/" + string(l)
				page := render(t, state.Make(l))
				for _, x := range tag.FindAllString(page, -1) {
					if styled.MatchString(x) {
						t.Errorf("%s: inline style or script: %s", name, x)
					}
				}
				for _, m := range script.FindAllStringSubmatch(page, -1) {
					if m[1] != "" {
						t.Errorf("%s: inline script", name)
					}
				}
				for _, w := range word.FindAllString(page, -1) {
					if areas[strings.SplitN(w, ".", 2)[0]] && !fileLike(w) {
						t.Errorf("%s: raw key %s", name, w)
					}
				}
				if strings.Contains(page, "{n}") || strings.Contains(page, "{day}") || strings.Contains(page, "!(") {
					t.Errorf("%s: an unfilled place in a text", name)
				}
				for _, missing := range unlabelled(page) {
					t.Errorf("%s: no label for %s", name, missing)
				}
				for _, id := range doubled(page) {
					t.Errorf("%s: id %s stands twice", name, id)
				}
			}
		}
	}
}

// Since is said as a person would: never a bare day after a reason.
func TestSinceReadsAsAPersonWouldSayIt(t *testing.T) {
	for days, want := range map[int][3]string{
		0: {"uusi tänään", "ny i dag", "new today"}, 1: {"listalla eilisestä", "på listan sedan i går", "listed since yesterday"},
		2: {"listalla 2 päivää", "på listan i 2 dagar", "listed for 2 days"}, 60: {"listalla 60 päivää", "på listan i 60 dagar", "listed for 60 days"},
		61: {"listalla 31.12.2025 lähtien", "på listan sedan 31.12.2025", "listed since 31 December 2025"}, -1: {"", "", ""},
	} {
		for i, l := range i18n.Langs {
			s := Shell{Lang: l, Day: civil.New(2026, 3, 2)}
			if got := s.Since(s.Day - civil.Date(days)); got != want[i] {
				t.Errorf("%d days, %s: %q, want %q", days, l, got, want[i])
			}
		}
	}
}

func fileLike(w string) bool {
	return strings.HasSuffix(w, ".css") || strings.HasSuffix(w, ".js") || strings.HasSuffix(w, ".svg") || strings.HasSuffix(w, ".csv") || strings.HasSuffix(w, ".xlsx") || i18nName(w)
}

// i18nName tells dotted words of made-up data (an account name) from catalogue keys.
func i18nName(w string) bool { return strings.HasPrefix(w, "anna.") }

var (
	control = regexp.MustCompile(`<(?:input|select|textarea)\b[^>]*>`)
	attr    = func(tag, name string) string {
		if m := regexp.MustCompile(`\s` + name + `="([^"]*)"`).FindStringSubmatch(tag); m != nil {
			return m[1]
		}
		return ""
	}
	idAttr = regexp.MustCompile(`\sid="([^"]*)"`)
)

// unlabelled finds form controls that no label names: neither for=, nor a label around, nor aria-label.
func unlabelled(page string) []string {
	var bad []string
	for _, at := range control.FindAllStringIndex(page, -1) {
		c := page[at[0]:at[1]]
		if attr(c, "type") == "hidden" || attr(c, "aria-label") != "" || attr(c, "aria-labelledby") != "" {
			continue
		}
		if id := attr(c, "id"); id != "" && strings.Contains(page, `for="`+id+`"`) {
			continue
		}
		before := page[:at[0]]
		if strings.LastIndex(before, "<label") > strings.LastIndex(before, "</label>") {
			continue
		}
		bad = append(bad, c)
	}
	return bad
}

func doubled(page string) []string {
	seen, bad := map[string]bool{}, []string(nil)
	for _, m := range idAttr.FindAllStringSubmatch(page, -1) {
		if seen[m[1]] {
			bad = append(bad, m[1])
		}
		seen[m[1]] = true
	}
	return bad
}

// A caseload of 40 is the page that workers open most: small, and rendered in a fraction of a millisecond.
func TestCaseloadIsSmall(t *testing.T) {
	if n := len(render(t, Caseload{Shell: storyShell(i18n.FI, NavClients), Rows: manyRows(i18n.FI, 40)})); n > 60_000 {
		t.Errorf("a caseload of 40 is %d bytes", n)
	}
}

func BenchmarkCaseload40(b *testing.B) {
	p := Caseload{Shell: storyShell(i18n.FI, NavClients), Rows: manyRows(i18n.FI, 40), Filter: storyFilter(i18n.FI)}
	var buf bytes.Buffer
	for b.Loop() {
		buf.Reset()
		if err := Render(context.Background(), &buf, p); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(buf.Len()), "bytes/page")
}

func BenchmarkClient(b *testing.B) {
	p := storyClient(i18n.FI)
	for len(p.Timeline.Items) < 50 {
		p.Timeline.Items = append(p.Timeline.Items, p.Timeline.Items[:min(9, 50-len(p.Timeline.Items))]...)
	}
	var buf bytes.Buffer
	for b.Loop() {
		buf.Reset()
		if err := Render(context.Background(), &buf, p); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(buf.Len()), "bytes/page")
}
