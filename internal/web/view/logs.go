package view

import (
	"strconv"

	"github.com/a-h/templ"

	"polku/internal/i18n"
	"polku/internal/logview"
)

// ClientLog is who has used a client's data. GET /c/{id}/log?months=&in=&petition=, and the same as PDF at log.pdf.
type ClientLog struct {
	Shell
	ID, Name string
	In       i18n.Lang // language of the text, which may be another than the page's
	Months   int
	Petition string // id of the petition that lets older rows be read; empty: none
	Text     logview.Text
}

// Page is the view.
func (p ClientLog) Page() templ.Component { return clientLog(p) }

// Path of the same log with other choices; where is "" or ".pdf".
func (p ClientLog) path(where string, in i18n.Lang, months int) string {
	if p.Petition != "" {
		return "/c/" + p.ID + "/log" + where + "?in=" + string(in) + "&petition=" + p.Petition
	}
	return "/c/" + p.ID + "/log" + where + "?in=" + string(in) + "&months=" + strconv.Itoa(months)
}

// joinDots puts texts beside each other; empty ones are left out.
func joinDots(texts ...string) string {
	out := ""
	for _, t := range texts {
		if t != "" && out != "" {
			out += " · "
		}
		out += t
	}
	return out
}
