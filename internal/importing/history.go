package importing

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"polku/internal/civil"
	"polku/internal/csvio"
	"polku/internal/entry"
	"polku/internal/fold"
	"polku/internal/ident"
	"polku/internal/model"
)

// history is what a row tells of a path.
type history struct {
	start  civil.Date
	phase  string // at the start; empty: the model's first
	phases []csvio.PhaseDay
	end    civil.Date // zero: it goes on
	exit   string
}

func (h history) closed() bool { return !h.end.IsZero() }

// unknownExit stands where a list tells that somebody left and not where to.
const unknownExit = "unknown"

// historyOf reads a row. What is not certain leaves the path open, with "Tarkista tuonti": better one look too
// many than somebody left hanging. An end in the future, an end before the start and a destination without an
// end day are such.
func historyOf(r *csvio.ClientRow, m *model.Model, today civil.Date) history {
	h := history{start: r.Start}
	phases := phaseDays(r.Phases, m)
	if h.start.IsZero() && len(phases) > 0 {
		h.start = phases[0].Day
	}
	if h.start.IsZero() && r.End <= today {
		h.start = r.End
	}
	if h.start.IsZero() || h.start > today {
		h.start = today // who is only coming is looked after from now on
	}
	if !r.End.IsZero() && r.End <= today && r.End >= h.start {
		h.end, h.exit = r.End, cmp.Or(r.ExitTo, unknownExit)
	}
	for _, p := range phases {
		switch {
		case p.Day <= h.start:
			h.phase = p.Phase
		case p.Day <= today && (h.end.IsZero() || p.Day <= h.end):
			h.phases = append(h.phases, p)
		}
	}
	return h
}

// phaseDays puts the phase words of a list's headers to the model's phases: by id or title where one begins like
// the other, else by order when there are as many.
func phaseDays(days []csvio.PhaseDay, m *model.Model) []csvio.PhaseDay {
	var out []csvio.PhaseDay
	for i, d := range days {
		id := ""
		word := fold.Text(d.Phase)
		for _, ph := range m.Phases {
			title := fold.Text(ph.Title.FI)
			if id == "" && word != "" && (fold.Text(ph.ID) == word || strings.HasPrefix(title, word) || strings.HasPrefix(word, fold.Text(ph.ID)) || slices.Contains(strings.Fields(title), word)) {
				id = ph.ID
			}
		}
		if id == "" && len(days) == len(m.Phases) {
			id = m.Phases[i].ID
		}
		if id != "" && !d.Day.IsZero() {
			out = append(out, csvio.PhaseDay{Phase: id, Day: d.Day})
		}
	}
	slices.SortStableFunc(out, func(a, b csvio.PhaseDay) int { return cmp.Compare(a.Day, b.Day) })
	return out
}

// entriesOf gives what comes after the start of a path, in order: note, further workers, phases, exit. at is the
// recording time of the start; each entry is recorded after the one before, so that a day's order is the list's.
func (p *Plan) entriesOf(r *csvio.ClientRow, h history, responsible string, at int64) []entry.Entry {
	var all []entry.Entry
	add := func(day civil.Date, body entry.Body) {
		all = append(all, entry.Entry{ID: ident.New(), Day: day, Minute: -1, Kind: body.Kind(), RecordedAt: at + 1 + int64(len(all)), Body: body})
	}
	if text := p.noteOf(r, h); text != "" {
		add(h.start, &entry.Note{Text: text})
	}
	helpers := map[string]bool{responsible: true, "": true}
	for _, name := range r.OtherWorkers {
		if w := p.mapped(name); !helpers[w] {
			helpers[w] = true
			add(h.start, &entry.Relation{Worker: w, Role: entry.Helper})
		}
	}
	for _, ph := range h.phases {
		add(ph.Day, &entry.Phase{Phase: ph.Phase})
	}
	if text := p.labelled("import.field.position_after", r.PositionAfterText); text != "" && h.closed() {
		add(h.end, &entry.Note{Text: text})
	}
	if h.closed() {
		add(h.end, &entry.Exit{Step: entry.ExitDone, To: h.exit, Imported: true, Text: r.ExitText})
	}
	return all
}

// mapped gives the worker whom a name means, empty when nobody of the service.
func (p *Plan) mapped(name string) string {
	for _, s := range p.Spelling {
		if s.Name == name {
			return s.Worker
		}
	}
	return ""
}

func (p *Plan) labelled(key, text string) string {
	if text == "" {
		return ""
	}
	return p.Choices.Say(key) + ": " + text
}

// noteOf puts into words whatever the row told and no other entry holds: nothing of the list is lost.
func (p *Plan) noteOf(r *csvio.ClientRow, h history) string {
	lines := []string{r.Notes, p.labelled("import.field.position_before", r.PositionBeforeText)}
	if !h.closed() {
		lines = append(lines, p.labelled("import.field.position_after", r.PositionAfterText), p.labelled("import.field.exit_reason", r.ExitText))
		if !r.End.IsZero() {
			lines = append(lines, p.labelled("import.field.end", r.End.String()))
		}
	}
	if r.Start != h.start && !r.Start.IsZero() {
		lines = append(lines, p.labelled("import.field.start", r.Start.String()))
	}
	if r.Source == "" {
		lines = append(lines, p.labelled("import.field.source", r.SourceText))
	}
	if r.Language == "" {
		lines = append(lines, p.labelled("import.field.language", r.LanguageText))
	}
	if r.DaysPerWeek > 0 {
		lines = append(lines, p.labelled("import.field.days_per_week", strconv.Itoa(r.DaysPerWeek)))
	}
	if r.Mode != "" {
		lines = append(lines, p.labelled("import.field.mode", p.Choices.Say("mode."+string(r.Mode))))
	}
	if len(r.OtherPhones) > 0 {
		lines = append(lines, p.labelled("import.field.phone", strings.Join(r.OtherPhones, ", ")))
	}
	if p.mapped(r.Worker) == "" {
		lines = append(lines, p.labelled("import.field.worker", r.Worker))
	}
	for _, x := range r.Extra {
		lines = append(lines, x.Header+": "+x.Text)
	}
	lines = slices.DeleteFunc(lines, func(s string) bool { return s == "" })
	return strings.Join(lines, "\n")
}
