package booking

import (
	"cmp"
	"slices"
	"strings"

	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/model"
	"polku/internal/path"
	"polku/internal/pathway"
	"polku/internal/unit"
)

// minutesOf is how long a meeting is planned to take when the model does not say.
const ordinaryMinutes = 60

// WantsOf gives the meetings that a path's model asks for in windows that close by the day to, less those that took place
// or are booked. entries are the path's; booked are the client's coming clock times with the responsible worker. Windows
// of the coming weeks are judged by the engine as it will judge them then, if nothing else is recorded. It is pure.
func WantsOf(b *path.Book, p path.Path, entries []entry.Entry, booked []Meeting, today, to civil.Date) []Want {
	now := pathway.Evaluate(b.Models, b.Rules, b.Calendar, entries, today)
	m := b.Models.Get(now.Model, now.Version)
	if now.Status != pathway.Open || m == nil {
		return nil
	}
	var wants []Want
	seen := map[string]bool{}
	groups := groupDays(entries, m.Phase(now.Phase), today)
	for day := today; day <= to; day = (day + 7).Monday() {
		s := now
		if day > today {
			s = pathway.Evaluate(b.Models, b.Rules, b.Calendar, entries, day)
		}
		if s.Status != pathway.Open || s.Phase != now.Phase {
			break
		}
		for i := range s.Obligations {
			o := &s.Obligations[i]
			c := cadenceOf(m, o)
			if c == nil || seen[o.ID] {
				continue
			}
			w := Want{Client: p.Client, Path: p.ID, Obligation: o.ID, Rule: o.Rule, Phase: o.Phase, Model: m.Key(), Window: o.From, From: o.From, To: o.Due, Minutes: c.Minutes, Weekday: c.Day,
				Form: formOf(c), Weekly: groups}
			if o.Status == pathway.Late {
				if o.Until <= today {
					continue
				}
				w.CatchUp, w.From, w.To = true, today+1, o.Until
			}
			if w.Minutes == 0 {
				w.Minutes = ordinaryMinutes
			}
			if w.To > to || w.To <= today {
				continue
			}
			seen[o.ID] = true
			need := o.Asked - o.Done
			for _, k := range booked {
				if k.Path == p.ID && k.Day >= w.From && k.Day <= w.To && (k.Form != "" && k.Form != entry.FormCall || c.Do == model.DoContact) {
					need--
				}
			}
			for range need {
				wants = append(wants, w)
			}
		}
	}
	return wants
}

// cadenceOf gives the cadence that an obligation comes from when a meeting can meet it now or later; nil otherwise.
func cadenceOf(m *model.Model, o *pathway.Obligation) *model.Cadence {
	if o.Kind != pathway.OwesCadence || o.Status != pathway.Due && o.Status != pathway.Upcoming && o.Status != pathway.Late || o.Unit != "times" {
		return nil
	}
	phase := m.Phase(o.Phase)
	if phase == nil {
		return nil
	}
	for i := range phase.Cadences {
		if c := &phase.Cadences[i]; c.ID == o.Rule && c.Do != model.DoAttendance && c.Every != model.EveryPhase {
			return c
		}
	}
	return nil
}

// formOf is how a cadence's meeting is proposed: as its model says first, else face to face, a contact by phone.
func formOf(c *model.Cadence) entry.Form {
	if len(c.Forms) > 0 {
		switch f := entry.Form(c.Forms[0]); f {
		case entry.FormMeeting, entry.FormVisit, entry.FormCall:
			return f
		}
	}
	if c.Do == model.DoContact {
		return entry.FormCall
	}
	return entry.FormMeeting
}

// groupDays are the client's known group days: those that the model sets on a weekday, and the weekdays on which they
// came to a group at least twice in the last four weeks.
func groupDays(entries []entry.Entry, phase *model.Phase, today civil.Date) [8][]Span {
	var days [8][]Span
	if phase != nil {
		for _, c := range phase.Cadences {
			if c.Do == model.DoAttendance && c.Day > 0 {
				days[c.Day] = append(days[c.Day], Span{9 * 60, 9*60 + max(c.Hours, c.Minutes, 60)})
			}
		}
	}
	var times [8]int
	var span [8]Span
	for i := range entries {
		e := &entries[i]
		if e.Kind != entry.KindAttendance || e.Day <= today-28 || e.Day > today {
			continue
		}
		from := e.Minute
		if from < 0 {
			from = 9 * 60
		}
		d := e.Day.Weekday()
		times[d]++
		if span[d].Empty() {
			span[d] = Span{from, from + max(e.Minutes, 60)}
		}
		span[d].From, span[d].To = min(span[d].From, from), max(span[d].To, from+max(e.Minutes, 60))
	}
	for d, n := range times {
		if n >= 2 {
			days[d] = append(days[d], span[d])
		}
	}
	return days
}

// wants gives what the models ask of the actor's own open paths (or of one path) in windows that close by the day to. It
// reads in a few queries; the entries of clients whom somebody is working with are at hand.
func wants(tx *db.Tx, b *path.Book, to civil.Date, only string) ([]Want, error) {
	var paths []path.Path
	if err := tx.Each(`select s.path_id, s.client_id, s.register_id, s.service_id, s.unit_id from standing s join client c on c.tenant_id = s.tenant_id and c.client_id = s.client_id
		where s.tenant_id = $1 and `+whose(only)+` and s.status = 'open' and not c.restricted and `+unit.Sees("s")+` order by s.path_id`,
		[]any{tx.Who.Tenant, tx.Who.Worker, only}, func(row func(...any) error) error {
			var p path.Path
			err := row(&p.ID, &p.Client, &p.Register, &p.Service, &p.Unit)
			paths = append(paths, p)
			tx.Saw(p.Client)
			return err
		}); err != nil {
		return nil, err
	}
	booked, wishes, err := theirs(tx, only)
	if err != nil {
		return nil, err
	}
	var all []Want
	for _, p := range paths {
		entries, err := b.Journal.Path(tx, p.Client, p.ID)
		if err != nil {
			return nil, err
		}
		list := WantsOf(b, p, entries, booked[p.Client], tx.Today, to)
		if len(list) == 0 {
			continue
		}
		busy := map[civil.Date][]Span{}
		for _, k := range booked[p.Client] {
			busy[k.Day] = append(busy[k.Day], k.Span)
		}
		for _, w := range list {
			w.Wish, w.Busy = wishes[p.Client], busy
			all = append(all, w)
		}
	}
	return all, nil
}

// whose is the condition that a standing is the actor's ($3 being empty), or of one path ($3): each by its own index.
func whose(only string) string {
	if only == "" {
		return `s.responsible = $2 and $3 = ''`
	}
	return `s.path_id = $3`
}

// theirs gives the coming clock times and wishes of the actor's clients (or of one path's client), by client.
func theirs(tx *db.Tx, only string) (map[string][]Meeting, map[string]Wish, error) {
	const ofMine = ` from standing s join client c on c.tenant_id = s.tenant_id and c.client_id = s.client_id `
	mine := ` where s.tenant_id = $1 and ` + whose(only) + ` and s.status = 'open' and `
	booked, wishes := map[string][]Meeting{}, map[string]Wish{}
	if err := tx.Each(`select `+meetingColumns+ofMine+`join path p on p.tenant_id = s.tenant_id and p.client_id = s.client_id
		join task t on t.tenant_id = p.tenant_id and t.path_id = p.path_id and t.minute > 0`+mine+unit.Sees("s"),
		[]any{tx.Who.Tenant, tx.Who.Worker, only}, func(row func(...any) error) error {
			var m Meeting
			err := scanMeeting(row, &m)
			booked[m.Client] = append(booked[m.Client], m)
			return err
		}); err != nil {
		return nil, nil, err
	}
	err := tx.Each(`select s.client_id, w.weekdays, w.from_minute, w.to_minute, w.note`+ofMine+`join meeting_wish w on w.tenant_id = s.tenant_id and w.client_id = s.client_id`+mine+unit.Sees("s"),
		[]any{tx.Who.Tenant, tx.Who.Worker, only}, func(row func(...any) error) error {
			var id string
			var w Wish
			err := row(&id, &w.Weekdays, &w.Hours.From, &w.Hours.To, &w.Note)
			wishes[id] = w
			return err
		})
	return booked, wishes, err
}

// ProposalsFor gives proposals for all of the actor's clients in windows that close by the day to, and the actor's own time.
func ProposalsFor(tx *db.Tx, b *path.Book, to civil.Date) ([]Proposal, Free, error) {
	return proposals(tx, b, to, "")
}

// ProposalsOfPath is ProposalsFor for one path.
func ProposalsOfPath(tx *db.Tx, b *path.Book, pathID string, to civil.Date) ([]Proposal, Free, error) {
	return proposals(tx, b, to, pathID)
}

func proposals(tx *db.Tx, b *path.Book, to civil.Date, only string) ([]Proposal, Free, error) {
	list, err := wants(tx, b, to, only)
	if err != nil {
		return nil, Free{}, err
	}
	free, err := FreeOf(tx, b.Calendar, tx.Who.Worker, tx.Today, to)
	return Propose(list, free, tx.Today), free, err
}

// Names gives the names of the actor's own clients on open paths, by client.
func Names(tx *db.Tx) (map[string]string, error) {
	names := map[string]string{}
	err := tx.Each(`select c.client_id, c.last_name, c.first_name from standing s join client c on c.tenant_id = s.tenant_id and c.client_id = s.client_id
		where s.tenant_id = $1 and s.responsible = $2 and s.status = 'open' and `+unit.Sees("s"), []any{tx.Who.Tenant, tx.Who.Worker}, func(row func(...any) error) error {
		var id, last, first string
		err := row(&id, &last, &first)
		names[id] = strings.TrimSpace(first + " " + last)
		tx.Saw(id)
		return err
	})
	return names, err
}

// Alternatives gives up to n other times for a proposal, at most two a day, with what has been proposed to others taken.
func Alternatives(p Proposal, all []Proposal, free Free, today civil.Date, n int) []Proposal {
	f := free
	f.Taken = map[civil.Date][]Span{}
	for day, list := range free.Taken {
		f.Taken[day] = slices.Clone(list)
	}
	for _, o := range all {
		if !o.Day.IsZero() {
			f.Take(o.Day, o.Span)
		}
	}
	var out []Proposal
	for day := max(p.From, today+1); day <= p.To && len(out) < n; day++ {
		for k := 0; k < 2; k++ {
			span, found := f.on(&p.Want, day, true)
			if !found {
				break
			}
			other := p
			other.Day, other.Span = day, span
			out = append(out, other)
			f.Take(day, Span{span.From, max(span.To, noon)}) // the second one is in the afternoon
		}
	}
	return out
}

// CatchUp proposes another time for a meeting that falls through: in its own cadence's window or the grace after it, else
// in the next ten working days. A zero day: there is none.
func CatchUp(tx *db.Tx, b *path.Book, p path.Path, m Meeting) (civil.Date, Span, error) {
	last := b.Calendar.AddWorking(tx.Today, 10)
	free, err := FreeOf(tx, b.Calendar, cmp.Or(m.Worker, tx.Who.Worker), tx.Today, last)
	if err != nil {
		return 0, Span{}, err
	}
	wish, err := WishOf(tx, p.Client)
	if err != nil {
		return 0, Span{}, err
	}
	entries, err := b.Journal.Path(tx, p.Client, p.ID)
	if err != nil {
		return 0, Span{}, err
	}
	w := Want{Client: p.Client, Path: p.ID, From: tx.Today + 1, To: last, Minutes: m.Span.To - m.Span.From, Form: m.Form, Wish: wish}
	s := pathway.Evaluate(b.Models, b.Rules, b.Calendar, entries, tx.Today)
	if mo := b.Models.Get(s.Model, s.Version); mo != nil {
		w.Weekly = groupDays(entries, mo.Phase(s.Phase), tx.Today)
		for i := range s.Obligations {
			o := &s.Obligations[i]
			if c := cadenceOf(mo, o); c != nil && m.Day >= o.From && m.Day <= o.Due && o.Until > tx.Today {
				soon := w
				soon.To = min(last, o.Until)
				if got := Propose([]Want{soon}, free, tx.Today); !got[0].Day.IsZero() {
					return got[0].Day, got[0].Span, nil
				}
			}
		}
	}
	got := Propose([]Want{w}, free, tx.Today)
	return got[0].Day, got[0].Span, nil
}
