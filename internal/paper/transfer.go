package paper

import (
	"io"
	"strconv"
	"time"

	"polku/internal/civil"
	"polku/internal/consent"
	"polku/internal/i18n"
	"polku/internal/pdf"
	"polku/internal/transfer"
)

// Transfer is what the record of a transfer is made of.
type Transfer struct {
	transfer.Transfer
	Rows    []transfer.Row
	Sum     transfer.Sum
	Workers map[string]string // name by id
	Zone    *time.Location
	At      time.Time
}

// Ground says by what right a path moved or may move, in words.
func Ground(l i18n.Lang, basis string) string {
	switch basis {
	case "":
		return ""
	case transfer.Same:
		return l.T("transfer.ground.same")
	}
	for _, s := range consent.Statutes {
		if s.ID == basis {
			return s.Section
		}
	}
	return l.T("transfer.ground.consent")
}

// Table gives the record as cells under a head: who moved on what ground and to whom, who stayed and with whom.
func (t Transfer) Table(l i18n.Lang) [][]string {
	rows := [][]string{{l.T("transfer.col.client"), l.T("transfer.col.end"), l.T("transfer.col.with"), l.T("transfer.col.ground"), l.T("transfer.col.day"), l.T("transfer.col.why")}}
	for _, r := range t.Rows {
		with, basis, day := t.Workers[r.Worker], "", ""
		switch r.End() {
		case transfer.IsMoved:
			with, basis = t.Workers[r.Receiver], Ground(l, r.Basis)
		case transfer.IsExited:
			with = ""
		case transfer.IsWaiting:
			basis = Ground(l, r.Ground.Basis)
		}
		if r.DoneAt > 0 {
			day = l.Day(civil.Of(time.UnixMicro(r.DoneAt), t.Zone))
		}
		rows = append(rows, []string{r.Name, l.T("transfer.end." + string(r.End())), with, basis, day, t.why(l, r)})
	}
	return rows
}

// why tells what keeps a row or why it was declined.
func (t Transfer) why(l i18n.Lang, r transfer.Row) string {
	switch {
	case i18n.Has(r.Why):
		return l.T(r.Why)
	case r.Why != "":
		return r.Why
	case r.End() == transfer.IsWaiting && r.State == transfer.Open && r.Missing() != "":
		return l.T(r.Missing())
	}
	return ""
}

// Facts are the heads of the record: the services, the ground, the sums that equal all open paths.
func (t Transfer) Facts(l i18n.Lang) [][2]string {
	facts := [][2]string{{l.T("transfer.from"), t.FromName + " (" + t.RegisterName + ")"}, {l.T("transfer.to"), t.ToName + " (" + t.ToRegisterName + ", " + t.ToController + ")"},
		{l.T("transfer.why"), t.Why}, {l.T("transfer.state"), l.T("transfer.state." + string(t.State))}}
	for _, e := range transfer.Ends {
		facts = append(facts, [2]string{l.T("transfer.end." + string(e)), strconv.Itoa(t.Sum.Of[e])})
	}
	return append(facts, [2]string{l.T("transfer.all"), strconv.Itoa(t.Sum.All)})
}

// PDF writes the record as a document.
func (t Transfer) PDF(w io.Writer, l i18n.Lang) error {
	d := pdf.New(pdf.Options{Lang: string(l), Title: l.T("transfer.report"), Author: t.ToController, Footer: t.FromName, Page: l.T("paper.page"), At: t.At})
	d.Facts(t.Facts(l)...)
	if !t.Sum.Whole() {
		d.Paragraph(l.T("transfer.not_whole"))
	}
	rows := t.Table(l)
	d.Table(pdf.Table{Caption: l.T("transfer.rows"), Head: rows[0], Rows: rows[1:], Weights: []float64{2.2, 1.2, 2, 1.6, 1.2, 2}, RowHeads: true})
	return d.Write(w)
}
