package retention_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"polku/internal/actor"
	"polku/internal/approval"
	"polku/internal/audit"
	"polku/internal/client"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/journal"
	"polku/internal/path"
	. "polku/internal/polkutest"
	"polku/internal/retention"
	"polku/internal/verify"
	"polku/rules"
)

// canary is a word that nobody writes by chance: wherever a client's own words may stand, it stands.
const canary = "Kanarialintu7351"

var owner = actor.Console(Tenant, actor.Admin, "retention run", "anna")

type world struct {
	*Sample
	t      *testing.T
	keeper retention.Keeper
}

// sample has a house with a county register (social rehabilitation), an outreach register and a project's.
func sample(t *testing.T, w *World) *world {
	s := NewSample(t, w)
	packs, err := rules.Load()
	ok(t, err)
	s.Book.Rules = packs
	return &world{s, t, retention.Keeper{DB: s.DB, Log: s.Log, Rules: packs, Keys: s.Keys}}
}

// kind makes the sample's register one of another kind: what its matters' retention goes by.
func (w *world) kind(kind string) {
	ok(w.t, w.DB.Update(context.Background(), owner, func(tx *db.Tx) error {
		_, err := tx.Exec(`update register set kind = $3 where tenant_id = $1 and register_id = $2`, Tenant, Register, kind)
		return err
	}))
}

// life makes a client whose every text holds the canary, with a path that ends today.
func (w *world) life(name string, to string) string {
	w.t.Helper()
	id, pathID := w.Client(w.t, name+canary, canary+"Aino")
	ok(w.t, w.Update(Mia, func(tx *db.Tx) error {
		c, err := client.Get(tx, id)
		if err != nil {
			return err
		}
		if err := client.Update(tx, id, client.Change{Rev: c.Rev, LastName: name + canary, FirstName: canary, Phone: "0401234567", Email: canary + "@example.fi",
			Address: canary + "katu 1", Note: "Muistio " + canary, Number: canary}); err != nil {
			return err
		}
		for n := range 30 {
			if _, err := w.Book.Record(tx, pathID, path.Record{ID: ident.New(), Day: tx.Today - 1, Minute: 60 * (n % 10), Mode: entry.Phone,
				Contact: entry.Contact{Form: entry.FormCall, Result: entry.Held, Text: strings.Repeat(canary+" kertoi. ", 40)},
				Next:    &path.Step{What: "Soita " + canary, By: tx.Today + 2, Place: canary}}); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(`insert into close_person (tenant_id, close_person_id, client_id, kind, name, phone, may_consent, may_see, why, from_day)
			values ($1, $2, $3, 'support', $4, '', false, true, $4, 1)`, Tenant, ident.New(), id, canary); err != nil {
			return err
		}
		if _, err := tx.Exec(`insert into consent (tenant_id, consent_id, client_id, register_id, kind, receiver, receiver_name, scope, purpose, from_day, given_by,
			way, told, asked_by, given_at, withdrawn_by) values ($1, $2, $3, $4, 'consent', '', $5, 'plan', $5, 1, 'client', 'face', $5, 'x', 1, '')`,
			Tenant, ident.New(), id, Register, canary); err != nil {
			return err
		}
		r, err := client.Restrict(tx, id, "", canary)
		if err != nil {
			return err
		}
		if err := client.Lift(tx, id, r, canary); err != nil {
			return err
		}
		_, err = w.Book.Append(tx, pathID, entry.Entry{ID: ident.New(), Day: tx.Today, Minute: -1, Kind: entry.KindExit,
			Body: &entry.Exit{Step: entry.ExitDone, To: to, Text: canary}})
		return err
	}))
	return id
}

func (w *world) plan() (due retention.Due) {
	w.t.Helper()
	ok(w.t, w.DB.View(context.Background(), owner, func(tx *db.Tx) (err error) {
		due, err = retention.Plan(tx, w.Book.Rules)
		return err
	}))
	return due
}

// agree asks as the machine's owner and lets the coordinator agree.
func (w *world) agree() string {
	w.t.Helper()
	var r approval.Request
	ok(w.t, w.DB.Update(context.Background(), owner, func(tx *db.Tx) (err error) {
		r, err = retention.Ask(tx, w.Book.Rules, "Säilytysaika on päättynyt", nil)
		return err
	}))
	ok(w.t, w.Update(Joni, func(tx *db.Tx) error { return approval.Answer(tx, r.ID, true) }))
	return r.ID
}

func (w *world) run(id string) retention.Done {
	w.t.Helper()
	done, err := w.keeper.Run(context.Background(), owner, id)
	ok(w.t, err)
	return done
}

func (w *world) sound() {
	w.t.Helper()
	r, err := verify.All(context.Background(), w.DB, Tenant, w.Book, w.Keys, nil)
	ok(w.t, err)
	if len(r.Findings) > 0 {
		w.t.Errorf("verify found %+v", r.Findings)
	}
}

func (w *world) later(years, days int) {
	w.DB.Now = func() time.Time { return Noon.AddDate(years, 0, days) }
	for { // the night's work: what changes by itself
		var all []path.Path
		ok(w.t, w.DB.Update(context.Background(), owner, func(tx *db.Tx) (err error) {
			if all, err = path.Stale(tx, 100); err == nil {
				err = w.Book.Refresh(tx, all)
			}
			return err
		}))
		if len(all) == 0 {
			return
		}
	}
}

// A project's client: after five years everything of them falls due at once. Destroyed by two people, nothing of what was
// written stands in any file of the database any more, their neighbour is untouched, and verify finds the chains whole.
func TestDestroyedIsGoneFromTheFiles(t *testing.T) {
	dir := t.TempDir()
	w := sample(t, New(t, dir))
	w.life("Yksi", "withdrew")
	ok(t, w.Update(Mia, func(tx *db.Tx) error { _, err := client.Find(tx, w.Keys, canary); return err })) // in the use log, by id only
	stays, _ := w.Client(t, "Naapuri", "Niilo")
	seals(t, w)
	w.later(5, -1)
	if due := w.plan(); len(due.Items) != 0 {
		t.Fatalf("due a day early: %+v", due.Items)
	}
	w.later(5, 0)
	due := w.plan()
	if len(due.Items) != 1 || due.Items[0].Class != retention.Matter || !strings.Contains(due.Items[0].Rule, "703/2023") {
		t.Fatalf("%+v", due)
	}
	if inFiles(t, dir) == 0 {
		t.Fatal("the canary was never there")
	}
	done := w.run(w.agree())
	if done.Destroyed != 1 || done.Rows["entry"] < 60 || done.Rows["client"] != 1 || done.Rows["person"] != 1 || done.Rows["consent"] != 1 || !done.Scrubbed {
		t.Errorf("%+v", done)
	}
	if n := inFiles(t, dir); n > 0 {
		t.Errorf("the canary stands in the files %d times", n)
	}
	w.sound()
	seals(t, w)
	w.sound()
	ok(t, w.View(Mia, func(tx *db.Tx) error {
		if hits, err := client.Find(tx, w.Keys, canary); len(hits) > 0 || err != nil {
			t.Error("they are still found", err)
		}
		_, err := client.Get(tx, stays)
		return err
	}))
	if due := w.plan(); len(due.Items) != 0 {
		t.Errorf("still due: %+v", due.Items)
	}
}

// inFiles counts the canary in every file of the database.
func inFiles(t *testing.T, dir string) (n int) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	ok(t, err)
	for _, name := range files {
		if data, err := os.ReadFile(name); err == nil {
			n += bytes.Count(data, []byte(canary))
		}
	}
	return n
}

func seals(t *testing.T, w *world) {
	t.Helper()
	ok(t, w.DB.Update(context.Background(), owner, func(tx *db.Tx) error { _, _, err := journal.Seal(tx, w.Keys, "", 100); return err }))
}

// The county's client: the matter goes ten years after its end, the basic data two years after death, permits twelve.
func TestClassesOfTheCounty(t *testing.T) {
	OnBoth(t, func(t *testing.T, base *World) {
		w := sample(t, base)
		w.kind("social-rehabilitation-register")
		id := w.life("Kaksi", "died")
		w.later(9, 364)
		if due := w.plan(); len(due.Items) != 0 {
			t.Fatalf("%+v", due.Items)
		}
		w.later(10, 3)
		if done := w.run(w.agree()); done.Destroyed != 1 || done.Rows["client"] != 0 || done.Rows["path"] != 1 {
			t.Fatalf("%+v", done)
		}
		ok(t, w.View(actor.SystemWorker, func(tx *db.Tx) error {
			c, err := client.Get(tx, id)
			if c.LastName != "Kaksi"+canary || c.Note != "" {
				t.Errorf("%+v", c)
			}
			return err
		}))
		// Death was ten years ago: the basic data are due at once, permits in two more years.
		if done := w.run(w.agree()); done.Destroyed != 1 || done.Rows["client"] != 1 || done.Rows["client_key"] == 0 {
			t.Fatalf("%+v", done)
		}
		w.sound()
		if due := w.plan(); len(due.Items) != 0 {
			t.Fatalf("%+v", due.Items)
		}
		w.later(12, 3)
		found := false
		for _, i := range w.plan().Items {
			found = found || i.Class == retention.Permit && i.Client == id
		}
		if !found {
			t.Error("the consent is never due")
		}
		if done := w.run(w.agree()); done.Rows["consent"] != 1 {
			t.Errorf("%+v", done)
		}
		w.sound()
	})
}

// Outreach youth work destroys at once when nothing is expected any more: not while a follow-up is promised.
func TestOutreachAtOnce(t *testing.T) {
	w := sample(t, New(t, t.TempDir()))
	w.kind("outreach-register")
	w.life("Nuori", "withdrew") // this exit promises no follow-up
	promised := w.life("Toinen", "open-work")
	due := w.plan()
	if len(due.Items) != 1 || due.Items[0].Client == promised {
		t.Errorf("%+v", due.Items)
	}
	open, _ := w.Client(t, "Avoin", "Anna")
	w.later(30, 0)
	for _, i := range w.plan().Items {
		if i.Client == open {
			t.Error("an open path fell due")
		}
	}
}

// A hold on the client or the register, and a restriction, stop what two people have agreed to, even after they agreed.
func TestHoldsAndRestrictionsStop(t *testing.T) {
	OnBoth(t, func(t *testing.T, base *World) {
		w := sample(t, base)
		id := w.life("Kolme", "withdrew")
		w.later(5, 1)
		approved := w.agree()
		var hold string
		ok(t, w.Update(Joni, func(tx *db.Tx) (err error) {
			hold, err = retention.AddHold(tx, retention.Hold{Register: Register, Client: id, Why: "Valitus hallinto-oikeudessa"})
			return err
		}))
		if due := w.plan(); len(due.Items) != 1 || !due.Items[0].Held || due.Items[0].Free() {
			t.Fatalf("%+v", due.Items)
		}
		if done := w.run(approved); done.Destroyed != 0 || done.Left != 1 {
			t.Fatalf("destroyed under a hold: %+v", done)
		}
		ok(t, w.Update(Joni, func(tx *db.Tx) error { return retention.EndHold(tx, hold, id, "Asia ratkaistu") }))
		ok(t, w.DB.Update(context.Background(), owner, func(tx *db.Tx) (err error) {
			hold, err = retention.AddHold(tx, retention.Hold{Register: Register, Why: "Tilintarkastus", To: tx.Today + 10})
			return err
		}))
		if done := w.run(approved); done.Destroyed != 0 {
			t.Fatalf("destroyed under the register's hold: %+v", done)
		}
		w.later(5, 20) // past the hold's last day, and past the approval
		ok(t, w.Update(Joni, func(tx *db.Tx) error { _, err := client.Restrict(tx, id, "", "Asiakas tarvitsee tietoja"); return err }))
		if due := w.plan(); len(due.Items) != 1 || due.Items[0].Held || !due.Items[0].Marked {
			t.Fatalf("%+v", due.Items)
		}
		if _, err := w.keeper.Run(context.Background(), owner, approved); !fault.Is(err, fault.Gone) {
			t.Error("an approval that is over was used:", err)
		}
	})
}

// The night asks two people by itself about what has fallen due: once, again when a refusal has run out, and never about
// what is stopped. Nothing is destroyed by asking.
func TestTheNightAsks(t *testing.T) {
	OnBoth(t, func(t *testing.T, base *World) {
		w := sample(t, base)
		w.life("Yö", "withdrew")
		night := func() (people int) {
			t.Helper()
			ok(t, w.DB.Update(context.Background(), actor.System(Tenant, actor.Checking, "night work"), func(tx *db.Tx) (err error) {
				people, err = retention.Propose(tx, w.Book.Rules)
				return err
			}))
			return people
		}
		waits := func() approval.Request {
			t.Helper()
			var all []approval.Request
			ok(t, w.View(Boss, func(tx *db.Tx) (err error) {
				if n, err := approval.Waiting(tx); n != 1 || err != nil {
					t.Error("it is not in anybody's menu:", n, err)
				}
				all, err = approval.Living(tx, approval.Erasure)
				return err
			}))
			return all[len(all)-1]
		}
		if n := night(); n != 0 {
			t.Fatal("nothing is due yet:", n)
		}
		w.later(5, 0)
		if n, again := night(), night(); n != 1 || again != 0 {
			t.Fatal("asked for", n, "and", again)
		}
		if due := w.plan(); len(due.Items) != 1 {
			t.Error("asking destroyed something")
		}
		r := waits()
		ok(t, w.Update(Joni, func(tx *db.Tx) error { return approval.Answer(tx, r.ID, false) }))
		if n := night(); n != 0 {
			t.Error("a refusal is asked about again the next night")
		}
		w.later(5, 15)
		if n := night(); n != 1 {
			t.Error("a refusal that has run out:", n)
		}
		r = waits()
		for _, worker := range []string{Boss, Joni} {
			ok(t, w.Update(worker, func(tx *db.Tx) error { return approval.Answer(tx, r.ID, true) }))
		}
		if done := w.run(r.ID); done.Destroyed != 1 || night() != 0 {
			t.Errorf("%+v", done)
		}
		w.sound()
	})
}

// Nothing is destroyed on one person's word, and every proof names who asked and who agreed.
func TestTwoPeopleAndTheProof(t *testing.T) {
	w := sample(t, New(t, t.TempDir()))
	id := w.life("Neljä", "withdrew")
	w.later(5, 1)
	var r approval.Request
	ok(t, w.DB.Update(context.Background(), owner, func(tx *db.Tx) (err error) {
		r, err = retention.Ask(tx, w.Book.Rules, "Aika päättynyt", nil)
		return err
	}))
	if _, err := w.keeper.Run(context.Background(), owner, r.ID); !fault.Is(err, fault.Denied) {
		t.Fatal("one person was enough:", err)
	}
	ok(t, w.Update(Joni, func(tx *db.Tx) error { return approval.Answer(tx, r.ID, true) }))
	w.run(r.ID)
	ok(t, w.DB.View(context.Background(), owner, func(tx *db.Tx) error {
		proofs, err := journal.Proofs(tx, 10)
		if len(proofs) != 1 || proofs[0].Client != id || proofs[0].AskedBy != owner.Screen || proofs[0].ApprovedBy != Joni || proofs[0].Entries < 60 ||
			!proofs[0].Holds(w.Keys, Tenant) || proofs[0].Rows["task"] != 0 {
			t.Errorf("%+v", proofs)
		}
		return err
	}))
	// A proof that somebody has changed, or an entry that vanished without one, is found.
	for _, forge := range []string{`update erasure set approved_by = 'x'`, `update erased_entry set commitment = salt from (select x'01' as salt)`,
		`insert into erased_entry (tenant_id, client_id, seq, commitment, erasure_id) values (1, 'c', 1, x'01', 'none')`} {
		func() {
			base := t.TempDir()
			_, err := w.DB.Pool().Exec(`vacuum into '` + filepath.Join(base, db.SQLiteFile) + `'`)
			ok(t, err)
			other := New(t, base)
			_, err = other.DB.Pool().Exec(forge)
			ok(t, err)
			_, err = other.DB.Pool().Exec(`insert into chain (tenant_id, client_id, seq, head, sealed_seq) select 1, 'c', 1, x'01', 0`)
			ok(t, err)
			report, err := verify.All(context.Background(), other.DB, Tenant, w.Book, w.Keys, nil)
			ok(t, err)
			found := false
			for _, f := range report.Findings {
				found = found || f.What == "verify.erasure"
			}
			if !found {
				t.Errorf("%s: %+v", forge, report.Findings)
			}
		}()
	}
}

// Logs are kept for twelve years, those of the use log too, whatever becomes of the client.
func TestLogsByAge(t *testing.T) {
	OnBoth(t, func(t *testing.T, base *World) {
		w := sample(t, base)
		id, _ := w.Client(t, "Viisi", "Ville")
		ok(t, w.View(Mia, func(tx *db.Tx) error { _, err := client.Get(tx, id); return err }))
		ok(t, w.Update(Mia, func(tx *db.Tx) error {
			return audit.Disclose(tx, audit.Disclosure{Client: id, Register: Register, What: "all", Basis: audit.ToClient})
		}))
		w.Log.UseKeys(w.Keys)
		ok(t, w.Log.CatchUp(context.Background(), Tenant))
		count := func() (n int) {
			ok(t, w.Log.Pool().QueryRow(`select count(*) from use_log`).Scan(&n))
			return n
		}
		w.later(11, 360)
		if due := w.plan(); len(due.Items) != 0 {
			t.Fatalf("%+v", due.Items)
		}
		before := count()
		w.later(12, 2)
		due := w.plan()
		if len(due.Items) != 1 || due.Items[0].Class != retention.Logs || due.Items[0].Rows < 2 {
			t.Fatalf("%+v", due.Items)
		}
		done := w.run(w.agree())
		if done.Rows["disclosure_log"] != 1 || done.Rows["use_log"] == 0 || count() >= before+1 {
			t.Errorf("%+v, %d of %d", done, count(), before)
		}
		ok(t, w.Log.CatchUp(context.Background(), Tenant))
		if found, _, err := w.Log.Verify(context.Background(), Tenant, w.Keys); err != nil || len(found) != 0 {
			t.Errorf("what is left of the logs is sound: %+v %v", found, err)
		}
		w.sound()
	})
}

// A kind of register without a rule is named, and nothing of it falls due.
func TestUnknownKindsAreNamed(t *testing.T) {
	w := sample(t, New(t, t.TempDir()))
	w.kind("unheard-of")
	w.life("Kuusi", "withdrew")
	w.later(50, 0)
	due := w.plan()
	for _, i := range due.Items {
		if i.Class == retention.Matter {
			t.Errorf("%+v", i)
		}
	}
	if len(due.Unknown) != 1 || due.Unknown[0] != Register {
		t.Errorf("%v", due.Unknown)
	}
}

// Who reads along while a client is destroyed: kept entries are dropped with the chain's head.
func TestKeptEntriesAreForgotten(t *testing.T) {
	w := sample(t, New(t, t.TempDir()))
	id := w.life("Seitsemän", "withdrew")
	w.later(5, 1)
	all := func() (n int) {
		ok(t, w.View(Mia, func(tx *db.Tx) error {
			entries, err := w.Book.Journal.All(tx, id)
			n = len(entries)
			return err
		}))
		return n
	}
	if all() < 60 {
		t.Fatal("nothing was kept")
	}
	w.run(w.agree())
	if n := all(); n != 1 {
		t.Errorf("%d entries are still read, not the one that tells of the destruction", n)
	}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
