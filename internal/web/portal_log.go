package web

import (
	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/logview"
	"polku/internal/web/view"
)

// portalLog is who has used the participant's data, why and when: their own log (703/2023 s. 11), three months of it or
// as far back as they see without asking in writing.
func (q *request) portalLog() error {
	p := view.PortalLog{Portal: q.frame("strong"), Longest: q.FormValue("all") != ""}
	today := civil.Of(q.at, q.s.DB.Zone)
	from := today.AddMonths(-logMonths)
	if p.Longest {
		from = today.AddMonths(-12 * logview.YearsOpen)
	}
	own, err := logview.Read(q.Context(), q.s.Audit, q.s.DB, q.who, q.own.Client, from, today, func(tx *db.Tx) error { return nil })
	if err != nil {
		return err
	}
	p.Text = own.Words(q.lang, q.s.DB.Zone)
	return q.render(p)
}
