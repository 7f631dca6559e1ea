package workactivity_test

import (
	"testing"

	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/path"
	. "polku/internal/polkutest"
	"polku/internal/workactivity"
)

func pathOf(tx *db.Tx, id string) (path.Path, error) { return path.Get(tx, id) }

func (h *house) give(month string) (now, earlier workactivity.Extract, err error) {
	err = h.Update(Mia, func(tx *db.Tx) error {
		now, earlier, err = workactivity.GiveExtract(tx, h.Book, h.path, civil.MustParse(month), workactivity.ForPayer, "Kela", "etuuden hakeminen")
		return err
	})
	return now, earlier, err
}

// An extract tells the days of a month; what is corrected after it was given is told as differences the next time, and
// each giving is in the log of disclosures.
func TestCorrectionsAfterAnExtractAreDifferences(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		h := newHouse(t, w)
		p := good()
		p.From = civil.MustParse("2026-02-02")
		must(t, h.agree(p))
		if _, err := h.mark(h.recorded("2026-02-09", workactivity.CameWord, 300), h.recorded("2026-02-11", string(entry.Sick), 0)); err != nil {
			t.Fatal(err)
		}
		first, earlier, err := h.give("2026-02-01")
		if err != nil || earlier.ID != "" || len(first.Lines) != 8 {
			t.Fatal(err, earlier, first)
		}
		if _, err := h.mark(h.recorded("2026-02-09", workactivity.CameWord, 240), h.recorded("2026-02-11", workactivity.CameWord, 300), h.recorded("2026-02-12", workactivity.CameWord, 240)); err != nil {
			t.Fatal(err)
		}
		now, earlier, err := h.give("2026-02-17") // any day names its month
		if err != nil || earlier.ID != first.ID {
			t.Fatal(err, earlier)
		}
		diffs := workactivity.Differences(earlier.Lines, now.Lines)
		if len(diffs) != 3 || diffs[0].Was.Minutes != 300 || diffs[0].Is.Minutes != 240 || diffs[1].Was.Reason != entry.Sick || !diffs[1].Is.Came || diffs[2].Was != nil || diffs[2].Is.Day != civil.MustParse("2026-02-12") {
			t.Errorf("%+v", diffs)
		}
		if d := workactivity.Differences(now.Lines, now.Lines); len(d) != 0 {
			t.Error("the same differs:", d)
		}
		var n int
		must(t, h.View(Mia, func(tx *db.Tx) error {
			_, err := tx.One(`select count(*) from disclosure_log where tenant_id = $1 and client_id = $2 and what = 'attendance'`, []any{Tenant, h.client}, &n)
			return err
		}))
		if n != 2 {
			t.Errorf("%d disclosures", n)
		}
		if _, _, err := h.give("2026-04-01"); !fault.Is(err, fault.Invalid) {
			t.Error("a month to come:", err)
		}
		if err := h.View(Essi, func(tx *db.Tx) error { _, err := workactivity.Extracts(tx, h.client, h.path); return err }); !fault.Is(err, fault.NotFound) {
			t.Error("another register reads it:", err)
		}
	})
}

// Facts are what was agreed, what happened, what the client told and who tried to reach them; what staff wrote is not there.
func TestFacts(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		h := newHouse(t, w)
		p := good()
		p.From = civil.MustParse("2026-02-02")
		must(t, h.agree(p))
		sick := h.recorded("2026-02-11", string(entry.Sick), 0)
		sick.Told = "Kuume"
		if _, err := h.mark(h.recorded("2026-02-09", workactivity.CameWord, 300), sick, h.recorded("2026-02-16", string(entry.Unexplained), 0)); err != nil {
			t.Fatal(err)
		}
		h.do(Mia, func(tx *db.Tx) error {
			if _, err := h.Book.Record(tx, h.path, path.Record{Day: civil.MustParse("2026-02-17"), Minute: -1, Mode: entry.Phone, Contact: entry.Contact{Form: entry.FormCall, Result: entry.NoAnswer, Text: "Ei vastannut"}}); err != nil {
				return err
			}
			_, err := h.Book.Append(tx, h.path, entry.Entry{ID: "018f0000-0000-7000-8000-000000000001", Day: civil.MustParse("2026-02-20"), Minute: -1, Kind: entry.KindNote, Body: &entry.Note{Text: "En saanut bussia", OwnView: true}},
				entry.Entry{ID: "018f0000-0000-7000-8000-000000000002", Day: civil.MustParse("2026-02-20"), Minute: -1, Kind: entry.KindNote, Body: &entry.Note{Text: "Työntekijän muistiinpano"}})
			return err
		})
		f := workactivity.FactsOf(h.entries(), h.Book.Calendar, civil.MustParse("2026-02-02"), civil.MustParse("2026-02-28"), civil.MustParse("2026-03-02"))
		if len(f.Periods) != 1 || f.Expected != 8 || f.Came != 1 || f.Minutes != 300 || len(f.Absences) != 2 || f.Absences[0].Told != "Kuume" || f.Count[entry.Unexplained] != 1 ||
			len(f.Silent) != 5 || len(f.Tried) != 1 || len(f.Views) != 1 {
			t.Errorf("%+v", f)
		}
	})
}

// An accident is told once and completed later; a near miss needs no injury, and what is to be done becomes a task.
func TestIncident(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		h := newHouse(t, w)
		day := civil.MustParse("2026-02-27")
		tell := func(b entry.Incident, task string) error {
			return h.Update(Mia, func(tx *db.Tx) error { return workactivity.Tell(tx, h.Book, h.path, "", day, 600, b, task, tx.Today+5) })
		}
		if err := tell(entry.Incident{Type: entry.IncidentAccident, What: "Liukastui"}, ""); !fault.Is(err, fault.Invalid) {
			t.Error("an accident without an injury:", err)
		}
		must(t, tell(entry.Incident{Type: entry.IncidentNearMiss, What: "Hylly kaatui, kukaan ei ollut alla"}, ""))
		must(t, tell(entry.Incident{Type: entry.IncidentAccident, What: "Liukastui", Injury: "Ranne"}, "Ilmoita vakuutusyhtiöön"))
		all := workactivity.Incidents(h.entries())
		if len(all) != 2 || all[1].Injury != "Ranne" {
			t.Fatalf("%+v", all)
		}
		more := all[1].Incident
		more.Treatment, more.Reported = "Terveysasema", civil.MustParse("2026-03-02")
		must(t, tell(more, ""))
		if all := workactivity.Incidents(h.entries()); len(all) != 2 || all[1].Treatment != "Terveysasema" {
			t.Errorf("%+v", all)
		}
		must(t, h.View(Mia, func(tx *db.Tx) error {
			p, err := pathOf(tx, h.path)
			if err != nil {
				return err
			}
			s, err := h.Book.StateOf(tx, p)
			if len(s.Tasks) != 2 || s.Tasks[1].What != "Ilmoita vakuutusyhtiöön" {
				t.Errorf("%+v", s.Tasks)
			}
			return err
		}))
		if by, f, ok := workactivity.ReportBy(h.Book, day); !ok || by.String() != "2026-03-13" || f.Verified {
			t.Error(by, f, ok)
		}
	})
}
