package retention_test

import (
	"context"
	"strings"
	"testing"

	"polku/internal/approval"
	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/journal"
	. "polku/internal/polkutest"
	"polku/internal/retention"
)

// An entry written down on the wrong person goes with its corrections when two people agree: its words are nowhere, the rest
// of the journal, the chain and the balances hold, and the proof says on what ground. What holds a path together does not
// go alone, and a hold stops it.
func TestASingleEntryIsErased(t *testing.T) {
	OnBoth(t, func(t *testing.T, base *World) {
		w := sample(t, base)
		id, pathID := w.Client(t, "Virtanen", "Aino")
		wrong, stays := ident.New(), ident.New()
		write := func(entries ...entry.Entry) {
			t.Helper()
			ok(t, w.Update(Mia, func(tx *db.Tx) error { _, err := w.Book.Append(tx, pathID, entries...); return err }))
		}
		note := func(id, corrects, text string) entry.Entry {
			return entry.Entry{ID: id, Day: civil.Of(Noon, base.DB.Zone), Minute: 600, Kind: entry.KindNote, Corrects: corrects, Body: &entry.Note{Text: text}}
		}
		write(note(wrong, "", canary+" ensin"))
		write(note(stays, "", "Tämä on Ainosta"))
		corrected := ident.New()
		write(note(corrected, wrong, canary+" korjattuna"))
		ask := func(worker, entryID string, ground retention.Ground, why string) (r approval.Request, err error) {
			err = w.Update(worker, func(tx *db.Tx) error {
				r, err = retention.AskSingle(tx, retention.NewSingle{Client: id, Entry: entryID, Ground: ground, Why: why})
				return err
			})
			return r, err
		}
		var start string
		ok(t, base.DB.Pool().QueryRow(`select entry_id from entry where client_id = $1 and kind = 'start'`, id).Scan(&start))
		for _, c := range []struct {
			what, worker, entry string
			ground              retention.Ground
			why, field          string
		}{{"what holds the path together", Joni, start, retention.WrongPerson, "x", "entry"}, {"another's entry", Joni, ident.New(), retention.WrongPerson, "x", "entry"},
			{"no ground", Joni, wrong, "wish", "x", "ground"}, {"no reason", Joni, wrong, retention.Unlawful, " ", "why"}} {
			if _, err := ask(c.worker, c.entry, c.ground, c.why); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), c.field) {
				t.Errorf("%s: %v", c.what, err)
			}
		}
		if _, err := ask(Mia, wrong, retention.WrongPerson, "Väärä henkilö"); !fault.Is(err, fault.Denied) {
			t.Error("a worker alone asks:", err)
		}
		if _, err := ask(Boss, wrong, retention.WrongPerson, "Väärä henkilö"); !fault.Is(err, fault.NotFound) {
			t.Error("who does not see the client asks:", err)
		}
		r, err := ask(Joni, corrected, retention.WrongPerson, "Väärä henkilö") // the correction stands for both
		ok(t, err)
		if retention.SingleOf(r) != id {
			t.Error(retention.SingleOf(r))
		}
		ok(t, w.Update(Boss, func(tx *db.Tx) error { return approval.Answer(tx, r.ID, true) }))
		hold := ""
		ok(t, w.Update(Joni, func(tx *db.Tx) (err error) {
			hold, err = retention.AddHold(tx, retention.Hold{Register: Register, Client: id, Why: "Kantelu"})
			return err
		}))
		if done := w.run(r.ID); done.Destroyed != 0 || done.Left != 1 {
			t.Errorf("under a hold: %+v", done)
		}
		ok(t, w.Update(Joni, func(tx *db.Tx) error { return retention.EndHold(tx, hold, id, "Ratkaistu") }))
		if done := w.run(r.ID); done.Destroyed != 1 || done.Rows["entry"] != 2 {
			t.Errorf("%+v", done)
		}
		if done := w.run(r.ID); done.Destroyed != 0 || done.Left != 1 {
			t.Errorf("done twice: %+v", done)
		}
		var left, words int
		ok(t, base.DB.Pool().QueryRow(`select count(*), coalesce(sum(case when body like '%`+canary+`%' then 1 else 0 end), 0) from entry
			where client_id = $1 and kind in ('note', 'start')`, id).Scan(&left, &words))
		if left != 2 || words != 0 {
			t.Errorf("%d entries stay, %d with the words", left, words)
		}
		ok(t, w.DB.View(context.Background(), owner, func(tx *db.Tx) error {
			proofs, err := journal.Proofs(tx, 10)
			if len(proofs) != 1 || proofs[0].Entries != 2 || !strings.Contains(proofs[0].Rule, "GDPR 5.1 d") || proofs[0].AskedBy != Joni || proofs[0].ApprovedBy != Boss || !proofs[0].Holds(w.Keys, Tenant) {
				t.Errorf("%+v", proofs)
			}
			return err
		}))
		w.sound()
	})
}
