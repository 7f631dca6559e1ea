package care

import (
	"slices"

	"polku/internal/consent"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/model"
	"polku/internal/path"
	"polku/internal/pathway"
)

// Credit is what the same person did in a previous service, and what it satisfies here by the model's starts_from.
type Credit struct {
	Path, Model, Service string   // of the previous path; Service is its name
	Phases               []string // done there
	Satisfies            []string // phases here
	Across               bool     // of another register: the client's decision opened it
}

// Credits gives what could be credited to a path: earlier paths of the client in this register, and in other registers
// those that a decision of the client's opens for plans. What was credited already is not offered again. A reader calls
// consent.Cross before, so that the disclosure stands in the log.
func Credits(tx *db.Tx, b *path.Book, p path.Path) ([]Credit, error) {
	s, err := b.StateOf(tx, p)
	if err != nil {
		return nil, err
	}
	m := b.Models.Get(s.Model, s.Version)
	if m == nil || len(m.StartsFrom) == 0 || s.Status == pathway.Closed {
		return nil, nil
	}
	entries, err := b.Entries(tx, p)
	if err != nil {
		return nil, err
	}
	taken := map[string]bool{}
	for _, e := range entries {
		if c, is := e.Body.(*entry.Credit); is {
			taken[c.FromModel] = true
		}
	}
	earlier, err := path.OfClient(tx, p.Client)
	if err != nil {
		return nil, err
	}
	across := map[string]bool{}
	opened, err := Opened(tx, p.Client)
	if err != nil {
		return nil, err
	}
	for _, o := range opened {
		across[o.ID] = true
	}
	var all []Credit
	for _, o := range append(earlier, opened...) {
		if o.ID == p.ID {
			continue
		}
		was, err := b.StateOf(tx, o)
		if err != nil {
			return nil, err
		}
		if c := satisfied(m, was); len(c.Satisfies) > 0 && !taken[c.Model] {
			c.Path, c.Across = o.ID, across[o.ID]
			if _, err := tx.One(`select name from service where tenant_id = $1 and service_id = $2`, []any{tx.Who.Tenant, o.Service}, &c.Service); err != nil {
				return nil, err
			}
			all, taken[c.Model] = append(all, c), true
		}
	}
	return all, nil
}

// satisfied tells what a previous path's phases, done or left when the path closed, satisfy in a model.
func satisfied(m *model.Model, was pathway.State) Credit {
	c := Credit{Model: was.Model}
	for _, f := range m.StartsFrom {
		if f.Model != was.Model {
			continue
		}
		done := slices.ContainsFunc(was.Stations, func(st pathway.Station) bool {
			return st.Kind == pathway.StationPhase && st.ID == f.Phase && (st.State == "done" || st.State == "credited")
		})
		if !done {
			continue
		}
		c.Phases = append(c.Phases, f.Phase)
		for _, id := range f.Satisfies {
			if !slices.Contains(c.Satisfies, id) {
				c.Satisfies = append(c.Satisfies, id)
			}
		}
	}
	return c
}

// Opened gives the same person's paths in other registers that a decision of theirs opens for plans.
func Opened(tx *db.Tx, clientID string) ([]path.Path, error) {
	crossings, err := consent.Open(tx, clientID)
	if err != nil {
		return nil, err
	}
	var all []path.Path
	for _, x := range crossings { // as many as there are registers in the house: a few
		if !slices.Contains(x.Scopes, consent.Plan) {
			continue
		}
		if err := tx.Each(`select p.path_id, p.client_id, p.register_id, p.service_id, v.unit_id from path p
			join service v on v.tenant_id = p.tenant_id and v.service_id = p.service_id
			where p.tenant_id = $1 and p.client_id = $2 order by p.created_at desc, p.path_id`, []any{tx.Who.Tenant, x.Client}, func(row func(...any) error) error {
			var o path.Path
			err := row(&o.ID, &o.Client, &o.Register, &o.Service, &o.Unit)
			all = append(all, o)
			return err
		}); err != nil {
			return nil, err
		}
		tx.Saw(x.Client)
	}
	return all, nil
}

// TakeCredit lets a previous path's work satisfy what it satisfies here.
func TakeCredit(tx *db.Tx, b *path.Book, p path.Path, previous string) (pathway.State, error) {
	e, err := creditEntry(tx, b, p, previous)
	if err != nil {
		return pathway.State{}, err
	}
	return b.Append(tx, p.ID, e)
}

// PreviewCredit gives the state that TakeCredit would lead to.
func PreviewCredit(tx *db.Tx, b *path.Book, p path.Path, previous string) (pathway.State, error) {
	e, err := creditEntry(tx, b, p, previous)
	if err != nil {
		return pathway.State{}, err
	}
	e.RecordedAt = tx.At
	entries, err := b.Journal.Path(tx, p.Client, p.ID)
	if err != nil {
		return pathway.State{}, err
	}
	return pathway.Evaluate(b.Models, b.Rules, b.Calendar, append(slices.Clip(entries), e), tx.Today), nil
}

func creditEntry(tx *db.Tx, b *path.Book, p path.Path, previous string) (entry.Entry, error) {
	all, err := Credits(tx, b, p)
	if err != nil {
		return entry.Entry{}, err
	}
	for _, c := range all {
		if c.Path == previous {
			return entry.Entry{ID: ident.New(), Day: tx.Today, Minute: tx.Minute(), Kind: entry.KindCredit,
				Body: &entry.Credit{FromModel: c.Model, Satisfies: c.Satisfies, Text: c.Service}}, nil
		}
	}
	return entry.Entry{}, fault.E(fault.NotFound, "error.not_found", nil)
}
