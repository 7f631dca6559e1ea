package web

import (
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/journal"
	"polku/internal/web/view"
)

func (q *request) withholdPage() error { return q.withholdAsk(nil) }

// withholdAsk shows whether the client sees an entry, and asks why not.
func (q *request) withholdAsk(cause error) error {
	return q.form(func(tx *db.Tx, sh view.Shell, o onePath) (page, error) {
		e, found, err := journal.Get(tx, o.client.ID, q.PathValue("entry"))
		if err == nil && (!found || e.Kind == entry.KindWithhold || e.Kind == entry.KindRetraction) {
			err = fault.E(fault.NotFound, "error.not_found", nil)
		}
		if err != nil {
			return nil, err
		}
		p := view.Withhold{Shell: sh, Who: q.identity(sh, o), Entry: e.ID, Said: view.Say(q.lang, &e, o.names), When: q.lang.Day(e.Day) + " · " + o.names("worker", e.Author), Form: q.withholdForm(cause)}
		p.Form.Errors = q.errorsOf(cause)
		withheld, err := q.s.Book.Withheld(tx, o.client.ID)
		if w := withheld[e.ID]; w != nil {
			p.Now = q.hidden(w)
		}
		return p, err
	}, cause)
}

// withhold keeps an entry from the client, or lets them see it again.
func (q *request) withhold() error {
	v, said := q.PostFormValue, "withhold.done"
	o, err := q.onCase(func(tx *db.Tx, o onePath) error {
		if v("do") == "show" {
			said = "withhold.shown"
			return q.s.Book.Show(tx, o.path.ID, q.PathValue("entry"))
		}
		return q.s.Book.Withhold(tx, o.path.ID, q.PathValue("entry"), v("ground"), v("withhold_why"))
	})
	if fault.Is(err, fault.Invalid) {
		return q.withholdAsk(err)
	}
	if err != nil {
		return err
	}
	q.say(flash{Key: said})
	return q.redirect("/c/" + o.id)
}
