package importing

import (
	"polku/internal/audit"
	"polku/internal/client"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/path"
	"polku/internal/pathway"
)

// joinedExit is the destination of a provisional client's path once it is known who they are.
const joinedExit = "joined"

// Join tells who somebody known only by a short name is. What was recorded of them is recorded anew in the real
// client's journal, under ids that follow from the old ones, and taken back in theirs; their path is closed, and
// they vanish from lists and search. The real client must have a path in the same service.
func Join(tx *db.Tx, book *path.Book, provisional, real string) error {
	from, err := client.Get(tx, provisional)
	if err != nil {
		return err
	}
	to, err := client.Get(tx, real)
	if err != nil {
		return err
	}
	if !from.Provisional || from.ID == to.ID || from.Register != to.Register || to.Provisional {
		return fault.E(fault.Invalid, "importing.join.wrong", nil)
	}
	paths, err := path.OfClient(tx, from.ID)
	if err != nil {
		return err
	}
	for _, p := range paths {
		there, err := newRoster(tx, p.Service).of(to.ID)
		if err != nil {
			return err
		}
		if err := movePath(tx, book, there, p); err != nil {
			return err
		}
	}
	n, err := tx.Exec(`update client set joined_to = $3, rev = rev + 1 where tenant_id = $1 and client_id = $2 and joined_to is null`, tx.Who.Tenant, from.ID, to.ID)
	if err == nil && n == 0 {
		err = fault.E(fault.Conflict, "client.changed", fault.Args{"client": from.ID})
	}
	if err != nil {
		return err
	}
	if _, err := tx.Exec(`delete from client_key where tenant_id = $1 and client_id = $2`, tx.Who.Tenant, from.ID); err != nil {
		return err
	}
	if _, err := tx.Exec(`update name_alias set client_id = $3 where tenant_id = $1 and client_id = $2`, tx.Who.Tenant, from.ID, to.ID); err != nil {
		return err
	}
	return audit.Command(tx, from.ID, "client.join")
}

// movePath records a path's facts in the real client's path and closes it.
func movePath(tx *db.Tx, book *path.Book, real *resident, p path.Path) error {
	entries, err := book.Entries(tx, p)
	if err != nil {
		return err
	}
	state, err := book.Evaluate(tx, p)
	if err != nil {
		return err
	}
	open := map[string]bool{}
	for _, t := range state.Tasks {
		open[t.Entry] = t.From != entry.FromImport
	}
	moved := map[string][]entry.Entry{} // by the real client's path
	var back []entry.Entry
	for _, e := range entries {
		fact := isFact(e.Kind)
		if fact || open[e.ID] {
			target, _ := real.pathOn(e.Day)
			if target == "" {
				return fault.E(fault.Invalid, "importing.join.no_path", nil)
			}
			again := *e
			again.ID, again.Path, again.RecordedAt, again.Corrects = ident.Of(e.ID, "joined"), target, 0, ""
			if t, ok := again.Body.(*entry.Task); ok {
				copied := *t
				copied.Task, copied.Worker = again.ID, ""
				again.Body = &copied
			}
			moved[target] = append(moved[target], again)
		}
		if (fact || e.Kind == entry.KindTask) && !e.Stays() {
			back = append(back, entry.Entry{ID: ident.Of(e.ID, "joined back"), Day: e.Day, Minute: e.Minute, Kind: entry.KindRetraction, Corrects: e.ID, Body: &entry.Retraction{}})
		}
	}
	for target, list := range moved {
		if _, err := book.Append(tx, target, list...); err != nil {
			return err
		}
	}
	if state.Status != pathway.Closed {
		back = append(back, entry.Entry{ID: ident.New(), Day: tx.Today, Minute: tx.Minute(), Kind: entry.KindExit,
			Body: &entry.Exit{Step: entry.ExitDone, To: joinedExit, Imported: true}})
	}
	if len(back) == 0 {
		return nil
	}
	_, err = book.Append(tx, p.ID, back...)
	return err
}

// isFact tells whether an entry says something of the person, rather than of the path's course.
func isFact(k entry.Kind) bool {
	switch k {
	case entry.KindAttendance, entry.KindAbsence, entry.KindContact, entry.KindMeasure, entry.KindPlan, entry.KindReview, entry.KindGoal, entry.KindCheckpoint,
		entry.KindOffer, entry.KindPlacement, entry.KindConsent, entry.KindNote, entry.KindTold, entry.KindCircle,
		entry.KindWorkPeriod, entry.KindWorkPeriodEnd, entry.KindIncident, entry.KindGuidance:
		return true
	}
	return false
}
