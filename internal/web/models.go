package web

import (
	"sort"
	"strconv"

	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/i18n"
	"polku/internal/model"
	"polku/internal/ruleset"
	"polku/internal/unit"
	"polku/internal/web/view"
)

// models lists the service models: what each promises is open to everybody who is signed in.
func (q *request) models() error {
	p := view.Models{Shell: q.shell(view.NavMore)}
	return q.framed(&p.Shell, nil, func(tx *db.Tx) error {
		open := map[string]int{}
		if err := tx.Each(`select v.model, v.version, count(*) from standing s join service v on v.tenant_id = s.tenant_id and v.service_id = s.service_id
			where s.tenant_id = $1 and `+unit.Sees("s")+` and s.status <> 'closed' group by v.model, v.version`,
			[]any{tx.Who.Tenant, tx.Who.Worker}, func(row func(...any) error) error {
				var m, v string
				var n int
				err := row(&m, &v, &n)
				open[m+"@"+v] = n
				return err
			}); err != nil {
			return err
		}
		for _, m := range q.s.Book.Models.All() {
			p.Models = append(p.Models, view.ModelLine{Href: modelHref(m), Title: m.Title.In(string(q.lang)), For: m.For.In(string(q.lang)), Version: m.Version, Open: open[m.Key()]})
		}
		return nil
	}, func() page { return p })
}

func modelHref(m *model.Model) string { return "/models/" + m.Model + "/" + m.Version }

func (q *request) model() error {
	m := q.s.Book.Models.Get(q.PathValue("model"), q.PathValue("version"))
	if m == nil {
		return fault.E(fault.NotFound, "error.not_found", nil)
	}
	page := model.Describe(m, q.s.Book.Rules, q.lang)
	p := view.ModelPage{Shell: q.shell(view.NavMore), Title: page.Title, For: page.Lead, Version: m.Version, Register: m.Word(m.Register, string(q.lang))}
	for _, s := range page.Sections {
		v := view.Section{ID: s.ID, Title: s.Title, Paras: s.Paras, Items: s.Items, Level: s.Level}
		if s.Table != nil {
			v.Tables = []view.Table{{Head: s.Table.Head, Rows: s.Table.Rows}}
		}
		p.Sections = append(p.Sections, v)
	}
	for _, other := range q.s.Book.Models.All() {
		if other.Model == m.Model {
			p.Versions = append(p.Versions, view.PathTab{Href: modelHref(other), Name: other.Version, Current: other == m})
		}
	}
	return q.render(p)
}

// rules shows administrators every figure with its source, and which were not read there yet.
func (q *request) rules() error {
	p := view.Rules{Shell: q.shell(view.NavMore), Only: q.FormValue("show") == "unverified", Unverified: len(q.s.Book.Rules.Unverified())}
	for _, pack := range q.s.Book.Rules.Packs {
		v := view.Pack{ID: pack.ID, Title: q.packTitle(pack)}
		for _, version := range pack.Versions {
			if !p.Only && version.Note != "" || !version.Verified {
				v.Figures = append(v.Figures, view.Figure{Name: q.lang.T("rules.dates"), Source: version.Said.SourceIn(q.lang, version.Source),
					From: version.From, To: version.To, Verified: version.Verified, Note: version.Said.NoteIn(q.lang, version.Note)})
			}
			names := make([]string, 0, len(version.Figures))
			for name := range version.Figures {
				names = append(names, name)
			}
			sort.Strings(names)
			for _, name := range names {
				f := version.Figures[name]
				if p.Only && f.Verified {
					continue
				}
				v.Figures = append(v.Figures, view.Figure{Name: q.figureName(name), Value: q.figureValue(f), Source: f.Said.SourceIn(q.lang, f.Source),
					From: version.From, To: version.To, Verified: f.Verified, Note: f.Said.NoteIn(q.lang, f.Note)})
			}
		}
		for _, h := range pack.Holidays {
			if !p.Only || !h.Verified {
				name := model.Text{FI: h.FI, SV: h.SV, EN: h.EN}.In(string(q.lang))
				v.Figures = append(v.Figures, view.Figure{Name: name, Value: q.holidayDay(h), Source: h.Said.SourceIn(q.lang, h.Source), Verified: h.Verified})
			}
		}
		if len(v.Figures) > 0 {
			p.Packs = append(p.Packs, v)
		}
	}
	return q.render(p)
}

// holidayDay says on which day a holiday is this year.
func (q *request) holidayDay(h ruleset.Holiday) string {
	return q.lang.DayShort(h.On(civil.Of(q.at, q.s.DB.Zone).Year()))
}

func (q *request) packTitle(p *ruleset.Pack) string {
	return model.Text{FI: p.TitleFI, SV: p.TitleSV, EN: p.TitleEN}.In(string(q.lang))
}

func (q *request) figureName(name string) string {
	if key := "figure." + name; i18n.Has(key) {
		return q.lang.T(key)
	}
	return name
}

// figureValue writes a figure with its unit; steps as "1–100: 0 %".
func (q *request) figureValue(f ruleset.Figure) string {
	if f.Steps == nil {
		return q.unitText(f.Value, f.Unit)
	}
	out := ""
	for i, s := range f.Steps {
		if i > 0 {
			out += " · "
		}
		out += strconv.FormatInt(s.FromN, 10) + "–"
		if i+1 < len(f.Steps) {
			out += strconv.FormatInt(f.Steps[i+1].FromN-1, 10)
		}
		out += ": " + q.unitText(s.Value, f.Unit)
	}
	return out
}

func (q *request) unitText(v int64, unit string) string {
	switch unit {
	case "cents":
		return q.lang.Euro(v)
	case "basis-points":
		return strconv.FormatFloat(float64(v)/100, 'f', -1, 64) + "\u00a0%"
	case "minutes":
		return q.lang.Length(int(v))
	}
	if key := "unit." + unit; i18n.Has(key) {
		return q.lang.N(key, int(v))
	}
	return strconv.FormatInt(v, 10) + " " + unit
}
