package path

import (
	"fmt"
	"slices"
	"strings"

	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/journal"
	"polku/internal/pathway"
)

// Names of balances that Rebuild finds different from what the entries give.
const (
	BalanceMissing     = "missing"     // no standing at all
	BalanceStanding    = "standing"    // status, phase, signals, next step …
	BalanceTasks       = "tasks"       // open tasks
	BalanceRelations   = "relations"   // who works with the client
	BalanceHandoffs    = "handoffs"    // hand-offs
	BalanceResponsible = "responsible" // open, and nobody is responsible
	BalanceStep        = "step"        // open, and no dated next step
)

// Rebuilt is what Rebuild found for one path.
type Rebuilt struct {
	Differences []string // Balance words, in their order above; empty: all fits
	Outdated    bool     // evaluated with other models, rules or calendar: the standing's figures could not be compared
}

// Rebuild evaluates a path from its entries as of the day that its balance was evaluated on, and compares the
// balances with what comes out. It writes nothing.
func (b *Book) Rebuild(tx *db.Tx, p Path) (Rebuilt, error) {
	var out Rebuilt
	differ := func(what string) { out.Differences = append(out.Differences, what) }
	kept, found, err := keptStanding(tx, p)
	if err != nil {
		return out, err
	}
	if !found {
		differ(BalanceMissing)
		return out, nil
	}
	entries, err := journal.Path(tx, p.Client, p.ID)
	if err != nil {
		return out, err
	}
	s := pathway.Evaluate(b.Models, b.Rules, b.Calendar, entries, kept.evaluated)
	out.Outdated = !strings.HasSuffix(kept.versions, " "+b.Stamp)
	same, err := b.sameStanding(tx, p, kept, s, out.Outdated)
	if err != nil {
		return out, err
	}
	if !same {
		differ(BalanceStanding)
	}
	standing := pathway.Effective(entries)
	for _, c := range []struct {
		what string
		same func() (bool, error)
	}{
		{BalanceTasks, func() (bool, error) { return sameTasks(tx, p, s) }},
		{BalanceRelations, func() (bool, error) { return sameRelations(tx, p, Circle(standing)) }},
		{BalanceHandoffs, func() (bool, error) { return sameHandoffs(tx, p, Handoffs(standing)) }},
	} {
		same, err := c.same()
		if err != nil {
			return out, err
		}
		if !same {
			differ(c.what)
		}
	}
	if s.Status != pathway.Closed && s.Responsible == "" {
		differ(BalanceResponsible)
	}
	if s.Status != pathway.Closed && (s.NextStep == nil || s.NextStep.By.IsZero()) {
		differ(BalanceStep)
	}
	return out, nil
}

// standingColumns is a standing as the database keeps it, as words that can be compared.
type standingColumns struct {
	words     string // every column that does not hang on models and rules: whose, where, status, responsible
	judged    string // every column that does
	versions  string
	evaluated civil.Date
}

func keptStanding(tx *db.Tx, p Path) (standingColumns, bool, error) {
	var k standingColumns
	var client, register, service, unit, status, responsible, phase, what, task, owner, from, booked, reason string
	var group, class, minute int
	var since int64
	var by, next civil.Date
	found, err := tx.One(`select s.client_id, s.register_id, s.service_id, s.unit_id, s.status, coalesce(s.responsible, ''), s.phase, s.today_group, s.class, s.since,
		s.step_by, s.step_what, s.step_task, s.step_minute, s.step_owner, s.step_from, s.step_booked, s.reason, s.next_change, s.versions, s.evaluated_on
		from standing s where s.tenant_id = $1 and s.path_id = $2`, []any{tx.Who.Tenant, p.ID}, &client, &register, &service, &unit, &status, &responsible, &phase,
		&group, &class, &since, &by, &what, &task, &minute, &owner, &from, &booked, &reason, &next, &k.versions, &k.evaluated)
	if err != nil || !found {
		return k, false, err
	}
	k.words = words(client, register, service, unit, status, responsible)
	k.judged = words(phase, group, class, since, by, what, task, minute, owner, from, booked, reason, next, k.versions)
	return k, true, nil
}

func words(values ...any) string { return fmt.Sprintf("%q", values) }

func (b *Book) sameStanding(tx *db.Tx, p Path, k standingColumns, s pathway.State, outdated bool) (bool, error) {
	var unit string
	if _, err := tx.One(`select unit_id from service where tenant_id = $1 and service_id = $2`, []any{tx.Who.Tenant, p.Service}, &unit); err != nil {
		return false, err
	}
	row, err := b.standingRow(s)
	if err != nil {
		return false, err
	}
	if k.words != words(p.Client, p.Register, p.Service, unit, row.status, s.Responsible) {
		return false, nil
	}
	if outdated {
		return true, nil // the night's work evaluates it again
	}
	t := row.step
	return k.judged == words(s.Phase, row.group, int(s.Rank.Class), int64(s.Rank.Since), t.By, t.What, t.Task, t.Minute, string(t.Owner), string(t.From),
		string(t.Booked), row.reason, row.nextChange, b.versions(s)), nil
}

func sameRelations(tx *db.Tx, p Path, want []Relation) (bool, error) {
	kept, err := RelationsOf(tx, p.ID)
	order := func(a, b Relation) int { return strings.Compare(a.ID, b.ID) }
	slices.SortFunc(kept, order)
	slices.SortFunc(want, order)
	return slices.Equal(kept, want), err
}

func sameHandoffs(tx *db.Tx, p Path, want []Handoff) (bool, error) {
	kept, err := HandoffsOf(tx, p.ID)
	for i := range want {
		want[i].Meeting = Meeting{} // the journal alone tells of it
	}
	order := func(a, b Handoff) int { return strings.Compare(a.ID, b.ID) }
	slices.SortFunc(kept, order)
	slices.SortFunc(want, order)
	return slices.Equal(kept, want), err
}

// After gives up to limit paths of the whole organisation after one, in order: for walks over all.
func After(tx *db.Tx, after string, limit int) ([]Path, error) {
	var all []Path
	err := tx.Each(`select path_id, client_id, register_id, service_id from path where tenant_id = $1 and path_id > $2
		order by path_id limit $3`, []any{tx.Who.Tenant, after, limit}, func(row func(...any) error) error {
		var p Path
		err := row(&p.ID, &p.Client, &p.Register, &p.Service)
		all = append(all, p)
		return err
	})
	return all, err
}
