package wording

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"polku/internal/civil"
	"polku/internal/entry"
	"polku/internal/i18n"
	"polku/internal/model"
	"polku/internal/pathway"
	"polku/models"
	"polku/rules"
)

// Every key that the engine writes stands in the catalogue, and every state it knows has a word.
func TestEverythingTheEngineSaysHasWords(t *testing.T) {
	files, err := filepath.Glob("../pathway/*.go")
	if err != nil || len(files) == 0 {
		t.Fatal("no source", err)
	}
	keys := map[string]bool{}
	for _, f := range files {
		source, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		for _, k := range regexp.MustCompile(`"signal\.[a-z0-9_]+"`).FindAllString(string(source), -1) {
			keys[strings.Trim(k, `"`)] = true
		}
	}
	if len(keys) < 20 {
		t.Fatal("few signal keys found: ", keys)
	}
	for _, list := range [][]string{
		{"upcoming", "due", "late", "overdue", "missed", "met", "met_late", "excused", "could_not", "waived"},
		{pathway.WhyHoliday, pathway.WhyPaused, pathway.WhyPartWindow, pathway.WhyDeclined, pathway.WhyWithdrawn},
		{"done", "now", "ahead", "chosen", "reached", "dropped", "credited"},
		{"not_started", "open", "paused", "closed"}, {"now", "waiting", "soon", "calm", "none"},
	} {
		prefix := map[string]string{"upcoming": "duty_status.", "holiday": "why.", "done": "station.", "not_started": "status.", "now": "today.group."}[list[0]]
		for _, x := range list {
			keys[prefix+x] = true
		}
	}
	for k := range keys {
		if !i18n.Has(k) {
			t.Errorf("%s has no text", k)
		}
	}
}

func world(t *testing.T) (*model.Set, *model.Model) {
	t.Helper()
	set, err := models.Load()
	if err != nil {
		t.Fatal(err)
	}
	return set, set.Get("tyokykya-ja-hyvinvointia", "2015-1")
}

func TestSignalsReadAsAColleagueWouldSayThem(t *testing.T) {
	_, m := world(t)
	day := civil.MustParse
	missed := func(n int, first, last string) map[string]any {
		return map[string]any{"rule": "yksilo", "phase": "kartoitus", "every": "week", "misses": n, "first": day(first), "last": day(last)}
	}
	for _, c := range []struct {
		s    pathway.Signal
		lang i18n.Lang
		want string
	}{
		{pathway.Signal{Key: "signal.next_step_missing"}, i18n.FI, "ei seuraavaa askelta"},
		{pathway.Signal{Key: "signal.cadence_missed", Args: missed(1, "2016-03-21", "2016-03-21")}, i18n.FI, "yksilötapaaminen puuttuu, vko 12"},
		{pathway.Signal{Key: "signal.cadence_missed", Args: missed(3, "2016-03-07", "2016-03-21")}, i18n.FI, "yksilötapaaminen: viikot 10–12 jäivät väliin"},
		{pathway.Signal{Key: "signal.cadence_missed", Args: missed(3, "2016-03-07", "2016-03-21")}, i18n.EN, "individual meeting: missed in weeks 10–12"},
		{pathway.Signal{Key: "signal.next_step_overdue", Args: map[string]any{"day": day("2026-02-05")}}, i18n.SV, "dagen för nästa steg var 5.2."},
		{pathway.Signal{Key: "signal.absences_in_row", Args: map[string]any{"count": 3, "last": day("2026-02-05")}}, i18n.FI, "3 selvittämätöntä poissaoloa peräkkäin, viimeksi 5.2."},
		{pathway.Signal{Key: "signal.limit_short_day", Args: map[string]any{"day": day("2026-02-05"), "n": 180, "limit": 240}}, i18n.FI, "5.2. toimintaa vain 3 h, vähimmäisaika on 4 h"},
		{pathway.Signal{Key: "signal.offer_overdue", Args: map[string]any{"rule": "laakari", "phase": "kartoitus", "day": day("2016-03-30")}}, i18n.FI, "lääkärin arvio terveydestä ja hyvinvoinnista tarjoamatta, määräpäivä oli 30.3."},
		{pathway.Signal{Key: "signal.follow_up_overdue", Args: map[string]any{"rule": "6 months"}}, i18n.FI, "seuranta tekemättä: 6 kuukautta päättymisestä"},
	} {
		if got := Signal(c.s, m, c.lang); got != c.want {
			t.Errorf("%s: %q, want %q", c.s.Key, got, c.want)
		}
		data, _ := json.Marshal(c.s)
		var back pathway.Signal
		if err := json.Unmarshal(data, &back); err != nil || Signal(back, m, c.lang) != c.want {
			t.Errorf("%s through JSON: %q, %v", c.s.Key, Signal(back, m, c.lang), err)
		}
		if got := Signal(c.s, nil, c.lang); got == "" || strings.Contains(got, "{") {
			t.Errorf("%s without a model: %q", c.s.Key, got)
		}
	}
}

// Whatever the engine owes has a title without gaps in every language, and its id alone is enough to say it.
// A list adds since when somebody is there only where the reason itself tells no day or week.
func TestSignalsThatTellWhen(t *testing.T) {
	for key, want := range map[string]bool{"signal.next_step_missing": false, "signal.next_step_overdue": true, "signal.silence": true, "signal.absences_in_row": true,
		"signal.cadence_missed": true, "signal.limit_days_a_week": true, "signal.limit_days_in_12_months": false, "signal.follow_up_overdue": false} {
		if got := TellsWhen(pathway.Signal{Key: key}); got != want {
			t.Errorf("%s (%s): %v", key, i18n.FI.T(key), got)
		}
	}
}

func TestObligationsHaveTitlesAndIDsSayTheSame(t *testing.T) {
	set, m := world(t)
	packs, err := rules.Load()
	if err != nil {
		t.Fatal(err)
	}
	day := civil.MustParse("2016-02-01")
	start := func(id string, d civil.Date, b entry.Body) entry.Entry {
		return entry.Entry{ID: id, Day: d, Minute: -1, Kind: b.Kind(), Body: b}
	}
	entries := []entry.Entry{start("a", day, &entry.Start{Model: m.Model, Version: m.Version}),
		start("b", day+30, &entry.Handoff{Handoff: "h", Step: entry.HandoffOffered, To: "sam"}),
		start("c", day+35, &entry.Handoff{Handoff: "h", Step: entry.HandoffAccepted}),
		start("d", day+40, &entry.Exit{Step: entry.ExitAsked, To: "rehabilitation"}),
		start("e", day+90, &entry.Phase{Phase: "valmennus"}), start("f", day+460, &entry.Exit{Step: entry.ExitDone, To: "open-work"})}
	seen := map[pathway.ObligationKind]bool{}
	for _, today := range []civil.Date{day + 41, day + 450, day + 900} {
		for _, o := range pathway.EvaluateAll(set, packs, nil, entries, today).Obligations {
			seen[o.Kind] = true
			for _, lang := range i18n.Langs {
				got := Obligation(o, m, lang)
				if strings.ContainsAny(got, "{}") || strings.HasPrefix(got, "obligation.") || got != ObligationID(o.ID, m, lang) {
					t.Errorf("%s: %q, by its id %q", o.ID, got, ObligationID(o.ID, m, lang))
				}
				if s := Source(o.Source, m, lang); strings.HasPrefix(o.Source, "model:") && !strings.ContainsAny(s, "0123456789") {
					t.Errorf("%s: the model has no line for its source %s", o.ID, o.Source)
				}
			}
		}
	}
	for _, k := range []pathway.ObligationKind{pathway.OwesCadence, pathway.OwesTopic, pathway.OwesOffer, pathway.OwesMeasure, pathway.OwesReview,
		pathway.OwesPhaseEnd, pathway.OwesFollowUp, pathway.OwesHandoff, pathway.OwesExit, pathway.OwesContact} {
		if !seen[k] {
			t.Errorf("no %s was owed in this test", k)
		}
	}
	if got := ObligationID("kartoitus/yksilo/2016-W07", m, i18n.FI); got != "Yksilötapaaminen, vko 7" {
		t.Error(got)
	}
	if got := ObligationID("anything else", m, i18n.FI); got != "anything else" {
		t.Error(got)
	}
}

func TestUnknownNamesWhatIsMissing(t *testing.T) {
	for item, want := range map[string]string{
		"rules/rehabilitative-work-activity@2027-01-01": "raja ei ole tiedossa 1.1.2027 alkaen: rehabilitative-work-activity",
		"rules/rehabilitative-work-activity@":           "raja ei ole tiedossa tälle ajalle: rehabilitative-work-activity",
		"model/x@1":                                     "palvelumallia x@1 ei ole", "phase/x": "palvelumallissa ei ole vaihetta x",
	} {
		if got := Unknown(item, i18n.FI); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestSourceNamesTheSectionAsEachLanguageWritesIt(t *testing.T) {
	_, m := world(t)
	for _, c := range []struct {
		source string
		lang   i18n.Lang
		want   string
	}{
		{"law:189/2001 s. 13b.2 (702/2020)", i18n.FI, "laki 189/2001 13b.2 § (702/2020)"},
		{"law:189/2001 s. 9.3", i18n.EN, "act 189/2001 s. 9.3"},
		{"model:nowhere", i18n.FI, "palvelumalli, nowhere"},
	} {
		if got := Source(c.source, m, c.lang); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
