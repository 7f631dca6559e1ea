package web

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"

	"polku/internal/civil"
	"polku/internal/fault"
	"polku/internal/i18n"
	"polku/internal/logview"
	"polku/internal/petition"
	"polku/internal/web/view"

	"polku/internal/db"
)

// logMonths is how much of the log a page shows at first.
const logMonths = 3

// clientLog shows who has used a client's data, for worker and client to read side by side: in the client's language
// when the reader chooses it.
func (q *request) clientLog() error {
	sh := q.shell(view.NavClients)
	own, p, err := q.ownLog()
	if err != nil {
		return err
	}
	p.Shell, p.Text = sh, own.Words(p.In, q.s.DB.Zone)
	if err := q.view(func(tx *db.Tx) error { return q.counted(tx, &p.Shell) }); err != nil {
		return err
	}
	return q.render(p)
}

// clientLogPDF is the same as a document to take along.
func (q *request) clientLogPDF() error {
	own, p, err := q.ownLog()
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := own.PDF(&out, p.In, q.at, q.s.DB.Zone); err != nil {
		return err
	}
	return q.document("polku-log", &out)
}

// document sends a PDF. Its name tells nothing of anybody.
func (q *request) document(name string, out *bytes.Buffer) error {
	h := q.w.Header()
	h.Set("Content-Length", strconv.Itoa(out.Len()))
	h.Set("Content-Type", "application/pdf")
	h.Set("Content-Disposition", `attachment; filename="`+name+`.pdf"`)
	h.Set("Cache-Control", "no-store")
	q.w.WriteHeader(http.StatusOK)
	q.w.Write(out.Bytes()) // a reader who has gone is no fault of ours
	return nil
}

// ownLog reads a client's log as the URL asks: months back (3, at most two years), in=LANGUAGE. What is older needs a
// petition about the log that is still open (703/2023 s. 11): petition=ID.
func (q *request) ownLog() (logview.Own, view.ClientLog, error) {
	client, _, _ := strings.Cut(q.PathValue("id"), ".")
	today := civil.Of(q.at, q.s.DB.Zone)
	p := view.ClientLog{ID: q.PathValue("id"), In: q.lang, Months: logMonths}
	if q.FormValue("in") != "" {
		p.In = i18n.ParseLang(q.FormValue("in"))
	}
	if n, err := strconv.Atoi(q.FormValue("months")); err == nil && n > 0 {
		p.Months = min(n, 12*logview.YearsOpen)
	}
	from := today.AddMonths(-p.Months)
	p.Petition = q.FormValue("petition")
	if p.Petition != "" {
		from = today.AddMonths(-12 * logview.YearsKept)
	}
	own, err := logview.Read(q.Context(), q.s.Audit, q.s.DB, q.who, client, from, today, func(tx *db.Tx) error {
		if err := logview.MayRead(tx, client); err != nil || p.Petition == "" {
			return err
		}
		asked, err := petition.Get(tx, p.Petition)
		if err == nil && (asked.Client != client || asked.State != petition.Open || asked.Kind != petition.Log && asked.Kind != petition.Why) {
			err = fault.E(fault.NotFound, "error.not_found", nil)
		}
		return err
	})
	p.Name = own.Name
	return own, p, err
}
