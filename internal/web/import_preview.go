package web

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"polku/internal/civil"
	"polku/internal/csvio"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/i18n"
	"polku/internal/importing"
	"polku/internal/unit"
	"polku/internal/web/view"
)

func dayOf(t time.Time) civil.Date { return civil.New(t.Year(), int(t.Month()), t.Day()) }

// plan reads the list with the answers and tells what would be done. Without a service chosen the actor's first
// one is taken.
func (q *request) plan(tx *db.Tx, h *held, a answers) ([]unit.Service, *importing.Plan, error) {
	services, err := unit.Services(tx)
	if err != nil {
		return nil, nil, err
	}
	if len(services) == 0 {
		return nil, nil, fault.E(fault.Denied, "error.denied", nil)
	}
	if !slices.ContainsFunc(services, func(s unit.Service) bool { return s.ID == a.choices.Service }) {
		a.choices.Service = services[0].ID
	}
	a.choices.Say = func(key string) string { return i18n.FI.T(key) }
	a.opt.Today, a.opt.Calendar = tx.Today, q.s.Book.Calendar
	if a.order != "" {
		first := a.order == "first"
		a.opt.FirstNameFirst = &first
	}
	var p *importing.Plan
	if h.kind == importing.Clients {
		l, err := csvio.ReadClients(h.book, a.opt)
		if err != nil {
			return services, nil, err
		}
		p, err = q.importer().PlanClients(tx, l, a.choices)
		if err != nil {
			return services, nil, err
		}
	} else {
		l, err := csvio.ReadAttendance(h.book, a.opt)
		if err != nil {
			return services, nil, err
		}
		p, err = q.importer().PlanAttendance(tx, l, a.choices)
		if err != nil {
			return services, nil, err
		}
	}
	p.Hash = h.hash
	return services, p, nil
}

// previewRows is how many rows a page of the preview shows.
const previewRows = 50

// importPreview shows what was understood, before anything is stored.
func (q *request) importPreview(h *held, a answers, cause error, wrong view.Errors) error {
	sh := q.shell(view.NavMore)
	v := view.ImportPreview{ID: h.id, File: h.book.Name, Kind: q.lang.T("import." + h.kind), Whole: a.choices.Whole, Show: q.FormValue("show"), Errors: append(q.errorsOf(cause), wrong...)}
	err := q.view(func(tx *db.Tx) error {
		services, p, err := q.plan(tx, h, a)
		if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Denied) && len(services) > 0 {
			v.Errors = append(v.Errors, view.ErrorsOf(q.lang, err)...)
			v.Settings = q.importSettings(h, a)
			return q.counted(tx, &sh)
		}
		if err != nil {
			return err
		}
		for _, s := range services {
			v.Services = append(v.Services, view.Option{Value: s.ID, Text: s.Name, On: s.ID == p.Service.ID})
		}
		q.showPlan(&v, h, a, p)
		return q.counted(tx, &sh)
	})
	if err != nil {
		return err
	}
	v.Shell = sh
	status := statusFor(cause)
	if len(wrong) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return q.renderStatus(status, v)
}

func (q *request) showPlan(v *view.ImportPreview, h *held, a answers, p *importing.Plan) {
	c := p.Count
	skipped := p.Skipped()
	v.Sound, v.Asks, v.Left, v.Already, v.Fills, v.Mended = c.Will(), c.Asks, len(skipped), c.Already, c.Filled, len(a.opt.Cells)
	for _, r := range p.Rows {
		if left(r) {
			v.Left++
		}
	}
	v.Remarks = q.remarksOf(p)
	v.Settings, v.Columns = q.importSettings(h, a), q.importColumns(p)
	v.Workers, v.Names, v.Questions = q.spellings(p), q.shortNames(p), q.questions(p)
	if v.Show == "" {
		v.Show = "sound"
		if c.Asks > 0 {
			v.Show = "asks"
		}
	}
	v.Heads = q.previewHeads(p)
	after, _ := strconv.Atoi(q.FormValue("after")) // a wrong place is the beginning
	v.After = max(after, 0)
	for i, r := range p.Rows {
		if i < after || !shows(v.Show, p, r) {
			continue
		}
		if len(v.Rows) == previewRows {
			v.Next = fmt.Sprintf("/import/%s?show=%s&after=%d#rows", h.id, v.Show, i)
			break
		}
		row := q.previewRow(p, r)
		row.Mends = q.mendFields(h, a, mendsOf(p, a, r))
		v.Mendable = v.Mendable || len(row.Mends) > 0
		v.Rows = append(v.Rows, row)
	}
	if v.Show == "mended" && v.Next == "" {
		more := q.orphans(h, a, p)
		v.Rows, v.Mendable = append(v.Rows, more...), v.Mendable || len(more) > 0
	}
	if v.Show == "left" && v.Next == "" {
		for _, s := range skipped {
			v.Rows = append(v.Rows, view.ImportRow{Line: s.Row, State: "left", Cells: cellsOf(s.Raw, len(v.Heads)), Notes: []string{s.Say(q.lang)}})
		}
	}
}

// cellsOf gives the first cells of a row that hold something, as many as there are heads.
func cellsOf(raw []string, n int) []string {
	cells := make([]string, 0, n)
	for _, text := range raw {
		if letters := []rune(text); len(letters) > 80 {
			text = string(letters[:80]) + "…"
		}
		if text != "" && len(cells) < n {
			cells = append(cells, text)
		}
	}
	for len(cells) < n {
		cells = append(cells, "")
	}
	return cells
}

func shows(show string, p *importing.Plan, r importing.Row) bool {
	switch show {
	case "mended":
		return p.Clients != nil && p.Clients.Rows[r.Index].Mended || p.List != nil && p.List.Rows[r.Index].Mended
	case "asks":
		return r.Ask
	case "left":
		return left(r)
	}
	return r.Fate == importing.Added || r.Fate == importing.Joined || r.Fate == importing.Already
}

// whoIsIt is the reason of rows that go in once somebody has said who they are about.
const whoIsIt = "importing.left.who"

// left tells whether a row stays out whatever is answered about people.
func left(r importing.Row) bool {
	return r.Why != whoIsIt && (r.Fate == importing.Left || r.Fate == importing.Chosen || r.Fate == importing.Twin)
}

func (q *request) previewHeads(p *importing.Plan) []string {
	fields := []csvio.Meaning{csvio.Name, csvio.Birthday, csvio.Start, csvio.End, csvio.ExitReason, csvio.WorkerField}
	if p.List != nil {
		fields = []csvio.Meaning{csvio.Name, csvio.DayField, csvio.Mark, csvio.Hours, csvio.GroupField}
	}
	heads := make([]string, len(fields))
	for i, f := range fields {
		heads[i] = f.Say(q.lang)
	}
	return heads
}

// previewRow shows a row as it was understood. The identity code is not shown: it was read, or a note says why not.
func (q *request) previewRow(p *importing.Plan, r importing.Row) view.ImportRow {
	out := view.ImportRow{Line: r.No, State: "sound"}
	switch {
	case left(r):
		out.State = "left"
	case r.Ask:
		out.State = "asks"
	}
	if r.Fate == importing.Already { // what was asked of it was answered then
		out.Notes = append(out.Notes, q.lang.T("import.already"))
		r.Notes = slices.DeleteFunc(slices.Clone(r.Notes), func(n csvio.Problem) bool { return !importing.Compares(n.Key) })
	}
	for _, x := range r.Notes {
		out.Notes = append(out.Notes, x.Say(q.lang))
	}
	if why := (csvio.Problem{Key: r.Why, Args: r.Args}).Say(q.lang); r.Why != "" && !slices.Contains(out.Notes, why) {
		out.Notes = append(out.Notes, why)
	}
	if p.List != nil {
		x := p.List.Rows[r.Index]
		group := ""
		if x.Group >= 0 {
			group = p.List.Groups[x.Group].Name
		}
		length := ""
		if x.Minutes > 0 {
			length = q.lang.Length(x.Minutes)
		}
		out.Cells = []string{p.People[x.Person].Name, q.lang.Day(x.Day), q.markOf(x), length, group}
		return out
	}
	x := p.Clients.Rows[r.Index]
	exit := ""
	if x.ExitTo != "" {
		exit = q.s.Book.Models.Get(p.Service.Model, p.Service.Version).Word(x.ExitTo, string(q.lang))
	}
	worker := ""
	for _, w := range p.Staff {
		if w.ID == r.Worker {
			worker = w.Name
		}
	}
	out.Cells = []string{strings.TrimSpace(x.LastName + " " + x.FirstNames), q.lang.Day(x.Birthday), q.lang.Day(x.Start), q.lang.Day(x.End), exit, worker}
	return out
}

func (q *request) markOf(x csvio.AttendanceRow) string {
	switch {
	case x.Kind == entry.KindAttendance && x.Mode == entry.Remote:
		return q.lang.T("import.mark.remote")
	case x.Kind == entry.KindAttendance:
		return q.lang.T("import.mark.present")
	case x.Reason != "":
		return q.lang.T("import.mark." + string(x.Reason))
	}
	return q.lang.T("import.mark.unknown")
}

// importSettings are what may be put right of how the file was read.
func (q *request) importSettings(h *held, a answers) []view.Setting {
	var all []view.Setting
	if len(h.book.Sheets) > 1 {
		s := view.Setting{Name: "sheet", Label: q.lang.T("import.sheet"), Options: []view.Option{{Text: q.lang.T("importing.set.all_sheets"), On: a.opt.Sheet == ""}}}
		for _, sheet := range h.book.Sheets {
			s.Options = append(s.Options, view.Option{Value: sheet.Name, Text: sheet.Name, On: sheet.Name == a.opt.Sheet})
		}
		all = append(all, s)
	}
	choice := func(name, now string, values ...string) {
		s := view.Setting{Name: name, Label: q.lang.T("importing.set." + name)}
		for _, v := range values {
			s.Options = append(s.Options, view.Option{Value: v, Text: q.lang.T("importing.set." + name + "." + v), On: v == now})
		}
		all = append(all, s)
	}
	order := "day"
	if a.opt.MonthFirst {
		order = "month"
	}
	choice("days", order, "day", "month")
	if h.kind == importing.Clients {
		names := a.order
		if names == "" {
			names = "told"
		}
		choice("names", names, "told", "last", "first")
		return all
	}
	s := view.Setting{Name: "month", Label: q.lang.T("importing.set.month"), Options: []view.Option{{Text: q.lang.T("importing.set.month.told"), On: a.opt.Month == 0}}}
	for i := range 18 {
		y, m, _ := dayOf(q.at.In(q.s.DB.Zone)).MonthStart().AddMonths(-i).Parts()
		s.Options = append(s.Options, view.Option{Value: fmt.Sprintf("%d-%02d", y, m), Text: fmt.Sprintf("%s %d", q.lang.MonthName(m), y), On: a.opt.Year == y && a.opt.Month == m})
	}
	all = append(all, s)
	s = view.Setting{Name: "length", Label: q.lang.T("importing.set.length"), Options: []view.Option{{Text: q.lang.T("importing.set.month.told"), On: a.opt.DayMinutes == 0}}}
	for hours := 1; hours <= longestDay; hours++ {
		s.Options = append(s.Options, view.Option{Value: strconv.Itoa(hours), Text: q.lang.Length(hours * 60), On: a.opt.DayMinutes == hours*60})
	}
	return append(all, s)
}

// longestDay is the longest day, in hours, that a sheet of bare marks may be told to mean.
const longestDay = 8

// remarksOf are what is worth telling about the file as a whole: hidden sheets, comments that are not read, a safety ban
// in a title. What the page asks or shows elsewhere is left out.
func (q *request) remarksOf(p *importing.Plan) []string {
	var problems []csvio.Problem
	if p.List != nil {
		problems = p.List.Questions
	} else {
		problems = p.Clients.Questions
	}
	var all []string
	for _, x := range problems {
		elsewhere := x.Key == "import.ask.mark_guessed" || x.Key == "import.ask.mark_unknown" || x.Key == "import.ask.column_guessed" || x.Key == "import.ask.worker_joined"
		text := x.Say(q.lang)
		if x.Row > 0 && x.Args["row"] != x.Row {
			text = q.lang.T("importing.still_wrong", "row", x.Row, "why", text)
		}
		if x.Sheet != "" && x.Args["sheet"] == nil {
			text = x.Sheet + ": " + text
		}
		if !elsewhere && !slices.Contains(all, text) && len(all) < remarksMost {
			all = append(all, text)
		}
	}
	return all
}

// remarksMost is how many remarks about the file are shown.
const remarksMost = 30

// meanings that a column may be given, by kind of list.
var meanings = map[string][]csvio.Meaning{
	importing.Clients: {csvio.Number, csvio.Name, csvio.LastName, csvio.FirstName, csvio.IdentityCode, csvio.Birthday, csvio.Phone, csvio.Email, csvio.Language,
		csvio.Municipality, csvio.Address, csvio.Start, csvio.End, csvio.Period, csvio.ExitReason, csvio.WorkerField, csvio.Source, csvio.DaysPerWeek, csvio.ModeField, csvio.Notes,
		csvio.SafetyBanField, csvio.PhaseStart, csvio.PositionBefore, csvio.PositionAfter},
	importing.Attendance: {csvio.Number, csvio.Name, csvio.LastName, csvio.FirstName, csvio.IdentityCode, csvio.DayField, csvio.Mark, csvio.Hours, csvio.ReasonText, csvio.ModeField,
		csvio.GroupField, csvio.Theme, csvio.Leader, csvio.Weekday, csvio.Clock, csvio.Place, csvio.Start, csvio.End, csvio.MaxSize, csvio.ClientIdea},
}

// unknownMeaning is the value of "not recognised, kept as text": the empty value leaves the column out.
const unknownMeaning = "unknown"

func columnsOf(p *importing.Plan) []csvio.Column {
	if p.List != nil {
		return p.List.Columns
	}
	return p.Clients.Columns
}

func (q *request) importColumns(p *importing.Plan) []view.Column {
	var all []view.Column
	for _, c := range columnsOf(p) {
		head := c.Header
		if head == "" {
			head = csvio.ColumnName(c.Col)
		}
		col := view.Column{Head: head, Sure: c.Sure || c.Meaning == csvio.Unknown || c.Meaning == csvio.Ignore}
		if c.Sample != "" && c.Meaning != csvio.IdentityCode {
			col.Samples = []string{c.Sample}
		}
		col.Options = []view.Option{{Text: q.lang.T("import.field.ignore"), On: c.Meaning == csvio.Ignore},
			{Value: unknownMeaning, Text: q.lang.T("import.field.unknown"), On: c.Meaning == csvio.Unknown}}
		for _, m := range meanings[p.Kind] {
			col.Options = append(col.Options, view.Option{Value: string(m), Text: m.Say(q.lang), On: m == c.Meaning})
		}
		all = append(all, col)
	}
	return all
}
