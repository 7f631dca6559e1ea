package web

import (
	"slices"

	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/model"
	"polku/internal/pathway"
	"polku/internal/transfer"
	"polku/internal/unit"
	"polku/internal/web/view"
	"polku/internal/wording"
)

// modelNames gives the words of a model's ids.
func (q *request) modelNames(m *model.Model) func(what, id string) string {
	return q.names(m, nil, pathway.State{})
}

// owedWords are the obligations that are open or coming, each once, in words.
func (q *request) owedWords(all []pathway.Obligation, m *model.Model) []string {
	var out []string
	for _, o := range all {
		switch o.Status {
		case pathway.Due, pathway.Upcoming, pathway.Late, pathway.Overdue:
		default:
			continue
		}
		if o.Kind == pathway.OwesTopic {
			continue
		}
		if text := wording.Obligation(o, m, q.lang); !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	return out
}

// transferPath shows what moving changes for one client, as the engine would see it today.
func (q *request) transferPath() error {
	p := view.TransferRowPage{Shell: q.shell(view.NavMore)}
	err := q.view(func(tx *db.Tx) error {
		t, err := transfer.Get(tx, q.PathValue("id"))
		if err != nil {
			return err
		}
		rows, err := transfer.Rows(tx, t)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(rows, func(r transfer.Row) bool { return r.Path == q.PathValue("path") })
		if i < 0 || rows[i].Closed {
			return fault.E(fault.NotFound, "error.not_found", nil)
		}
		before, after, err := q.mover().Preview(tx, t, rows[i])
		if err != nil {
			return err
		}
		old, next, err := q.mover().Models(tx, t)
		if err != nil {
			return err
		}
		names, err := unit.Names(tx)
		if err != nil {
			return err
		}
		p.ID, p.Title, p.Name = t.ID, t.FromName+" → "+t.ToName, rows[i].Name
		p.Changes = q.movedChanges(t, rows[i], before, after, old, next, names)
		tx.Saw(rows[i].Client)
		return q.counted(tx, &p.Shell)
	})
	if err != nil {
		return err
	}
	return q.render(p)
}

func (q *request) movedChanges(t transfer.Transfer, r transfer.Row, before, after pathway.State, old, next *model.Model, names map[string]string) []view.Change {
	l := q.lang
	step := func(s pathway.State) string {
		if s.NextStep == nil {
			return "–"
		}
		return wording.Task(*s.NextStep, l) + " " + l.Day(s.NextStep.By)
	}
	list := []view.Change{{What: l.T("transfer.service"), Before: t.FromName, After: t.ToName}, {What: l.T("phase.phase"), Before: q.modelNames(old)("phase", before.Phase), After: q.modelNames(next)("phase", after.Phase)},
		{What: l.T("transfer.responsible"), Before: names[before.Responsible], After: names[after.Responsible]}, {What: l.T("transfer.step"), Before: step(before), After: step(after)}}
	if t.Crosses() {
		list = append(list, view.Change{What: l.T("transfer.register"), Before: t.RegisterName, After: t.ToRegisterName + ", " + t.ToController})
	}
	was, then := q.owedWords(before.Obligations, old), q.owedWords(after.Obligations, next)
	for _, text := range was {
		state := l.T("phase.not_owed")
		if slices.Contains(then, text) {
			state = l.T("phase.owed")
		}
		list = append(list, view.Change{What: text, Before: l.T("phase.owed"), After: state})
	}
	for _, text := range then {
		if !slices.Contains(was, text) {
			list = append(list, view.Change{What: text, Before: "–", After: l.T("phase.owed")})
		}
	}
	return list
}
