package booking

import (
	"cmp"
	"fmt"
	"strings"

	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/path"
	"polku/internal/pathway"
)

// New is a meeting to book.
type New struct {
	Task   string // id, made by whoever asks: sent twice it counts once; empty: made
	Path   string
	Worker string // whose meeting; empty: the actor's
	Day    civil.Date
	Span   Span
	Form   entry.Form // empty: meeting
	What   string
	Place  string
	Offer  string // offer of the model that it is for
	Ends   string // task that booking it fulfils ("sovi tapaaminen"); empty: none
	OnTop  bool   // on purpose though the worker has something else then, or is away; Why tells the purpose
	Why    string
}

// Book books meetings, all or none. Each is the task of a path, and so a next step. The worker's time is looked at within
// the transaction, which is serial: of two who book the same hour at the same moment one is refused. Wrong fields: day,
// time, minutes, what, why (followed by NumberOf when there are several); of a time that is
// taken, time says booking.clash, booking.busy or booking.away.
func Book(tx *db.Tx, b *path.Book, all ...New) error {
	wrong := map[string]string{}
	free := map[string]map[civil.Date][]taken{}
	for i := range all {
		n := &all[i]
		n.Worker, n.Form, n.Task = cmp.Or(n.Worker, tx.Who.Worker), cmp.Or(n.Form, entry.FormMeeting), cmp.Or(n.Task, ident.New())
		suffix := ""
		if len(all) > 1 {
			suffix = NumberOf(i)
		}
		for field, key := range n.check(tx) {
			wrong[field+suffix] = key
		}
		if free[n.Worker] == nil {
			first, last := daysOf(all, n.Worker)
			list, err := takenWith(tx, n.Worker, first, last)
			if err != nil {
				return err
			}
			free[n.Worker] = list
		}
		day := free[n.Worker]
		if key := clash(day[n.Day], n.Span, n.Task); key != "" && !n.OnTop {
			wrong["time"+suffix] = key
		}
		day[n.Day] = append(day[n.Day], taken{day: n.Day, span: n.Span, what: "clash", task: n.Task})
	}
	if err := fault.Fields(wrong); err != nil {
		return err
	}
	for _, n := range all {
		if _, err := b.Append(tx, n.Path, n.entries(tx)...); err != nil {
			return err
		}
	}
	return nil
}

// NumberOf is what follows a wrong field's name when several meetings are booked at once: i counts from 0.
func NumberOf(i int) string { return fmt.Sprintf(".%03d", i+1) }

func daysOf(all []New, worker string) (first, last civil.Date) {
	for _, n := range all {
		if n.Worker != worker && n.Worker != "" {
			continue
		}
		if first.IsZero() || n.Day < first {
			first = n.Day
		}
		last = max(last, n.Day)
	}
	return first, last
}

// takenWith is takenOf by day, with the worker's weekly blocks in it.
func takenWith(tx *db.Tx, worker string, from, to civil.Date) (map[civil.Date][]taken, error) {
	byDay := map[civil.Date][]taken{}
	if from.IsZero() || to-from > 500 {
		return byDay, nil // days that no meeting may have: refused by check
	}
	list, err := takenOf(tx, worker, from, to)
	if err != nil {
		return nil, err
	}
	for _, k := range list {
		byDay[k.day] = append(byDay[k.day], k)
	}
	blocks, err := BusyOf(tx, worker)
	for day := from; day <= to; day++ {
		for _, b := range blocks {
			if b.Weekday == day.Weekday() {
				byDay[day] = append(byDay[day], taken{day: day, span: b.Span, what: "busy"})
			}
		}
	}
	return byDay, err
}

// clash gives the key of what stands in the way of a span, other than the task itself; empty: nothing.
func clash(list []taken, s Span, task string) string {
	key := ""
	for _, k := range list {
		if k.span.Meets(s) && (k.task == "" || k.task != task) {
			switch {
			case k.what == "clash":
				return "booking.clash"
			case k.what == "away":
				key = "booking.away"
			case key == "":
				key = "booking.busy"
			}
		}
	}
	return key
}

// Clash tells what stands in the way of a time in a worker's calendar: booking.clash, booking.away, booking.busy, or
// empty. task is a meeting that is being moved.
func Clash(tx *db.Tx, worker string, day civil.Date, s Span, task string) (string, error) {
	list, err := takenWith(tx, worker, day, day)
	return clash(list[day], s, task), err
}

func (n *New) check(tx *db.Tx) map[string]string {
	wrong := map[string]string{}
	switch {
	case n.Day.IsZero():
		wrong["day"] = "step.no_day"
	case n.Day < tx.Today:
		wrong["day"] = "record.booked_past"
	case n.Day > tx.Today+400:
		wrong["day"] = "step.far_day"
	}
	if n.Span.From <= 0 || n.Span.From >= 24*60 {
		wrong["time"] = "booking.no_time"
	}
	if n.Span.To-n.Span.From < 5 || n.Span.To-n.Span.From > 10*60 || n.Span.To > 24*60 {
		wrong["minutes"] = "booking.bad_minutes"
	}
	if strings.TrimSpace(n.What) == "" {
		wrong["what"] = "step.no_what"
	}
	if len(n.What) > 2000 || len(n.Place) > 500 {
		wrong["what"] = "record.long_text"
	}
	if n.OnTop && strings.TrimSpace(n.Why) == "" {
		wrong["why"] = "booking.why_on_top"
	}
	switch n.Form {
	case entry.FormMeeting, entry.FormVisit, entry.FormCall:
	default:
		wrong["form"] = "record.no_form"
	}
	return wrong
}

// entries are the task, and the end of the one that it fulfils.
func (n *New) entries(tx *db.Tx) []entry.Entry {
	s := path.Step{What: n.What, Worker: n.Worker, By: n.Day, Minute: n.Span.From, Minutes: n.Span.To - n.Span.From, Place: n.Place, Form: n.Form, Offer: n.Offer}
	if n.OnTop {
		s.Why = n.Why
	}
	if n.Offer != "" {
		s.From = entry.FromOffer
	}
	e := s.Entry("", tx.Today)
	e.ID, e.Body.(*entry.Task).Task = n.Task, n.Task
	all := []entry.Entry{e}
	if n.Ends != "" {
		all = append(all, entry.Entry{ID: ident.Beside(n.Task, "ends"), Day: tx.Today, Minute: -1, Kind: entry.KindTaskEnd, Body: &entry.TaskEnd{Task: n.Ends, Outcome: entry.Done}})
	}
	return all
}

// find gives the open task of a path that is a booked meeting.
func find(tx *db.Tx, b *path.Book, pathID, task string) (pathway.OpenTask, error) {
	p, err := path.Get(tx, pathID)
	if err != nil {
		return pathway.OpenTask{}, err
	}
	s, err := b.StateOf(tx, p)
	if err != nil {
		return pathway.OpenTask{}, err
	}
	for _, t := range s.Tasks {
		if t.Task == task && t.Booked == "" && t.Minute > 0 {
			if t.Worker == "" {
				t.Worker = s.Responsible
			}
			return t, nil
		}
	}
	return pathway.OpenTask{}, fault.E(fault.NotFound, "error.not_found", nil)
}

// Move is another time, place or worker for a booked meeting, with who asked for it and why.
type Move struct {
	Day    civil.Date
	Span   Span
	Place  string
	Worker string // empty: as it was
	Asked  entry.Owner
	Why    string
	OnTop  bool // as in New
}

// Rebook moves a booked meeting. The old time stays in the journal. Wrong fields as in Book, and asked and why.
func Rebook(tx *db.Tx, b *path.Book, pathID, task string, m Move) error {
	t, err := find(tx, b, pathID, task)
	if err != nil {
		return err
	}
	n := New{Task: task, Path: pathID, Worker: cmp.Or(m.Worker, t.Worker), Day: m.Day, Span: m.Span, Form: cmp.Or(t.Form, entry.FormMeeting),
		What: cmp.Or(t.What, "–"), Place: m.Place, OnTop: m.OnTop, Why: m.Why}
	wrong := n.check(tx)
	switch m.Asked {
	case entry.ByClient, entry.ByWorker, entry.ByOther:
	default:
		wrong["asked"] = "booking.who_asked"
	}
	if strings.TrimSpace(m.Why) == "" {
		wrong["why"] = "booking.why_moved"
	}
	key, err := Clash(tx, n.Worker, n.Day, n.Span, task)
	if err != nil {
		return err
	}
	if key != "" && !m.OnTop {
		wrong["time"] = key
	}
	if err := fault.Fields(wrong); err != nil {
		return err
	}
	_, err = b.Append(tx, pathID, entry.Entry{ID: ident.New(), Day: tx.Today, Minute: tx.Minute(), Kind: entry.KindTask, Body: &entry.Task{Task: task,
		What: t.What, Owner: entry.ByWorker, Worker: n.Worker, By: n.Day, Minute: n.Span.From, Minutes: n.Span.To - n.Span.From, Place: n.Place, From: t.From,
		Form: n.Form, Offer: t.Offer, Asked: m.Asked, Why: m.Why}})
	return err
}

// Fell tells why a booked meeting did not take place, and what comes next: another meeting, or another step.
type Fell struct {
	Result entry.Result // entry.NoShow or entry.Cancelled
	Text   string
	Again  *New       // catching up
	Step   *path.Step // or something else
}

// FallThrough ends a booked meeting that did not, or will not, take place. On its day or later that is a contact of the
// client's story; called off before its day, the task ends with the reason. What comes next is asked for at once: with
// Again the meeting is caught up. A meeting still to come cannot be a no-show. Wrong fields: result, why, and those of
// Book or of a step.
func FallThrough(tx *db.Tx, b *path.Book, pathID, task string, f Fell) error {
	t, err := find(tx, b, pathID, task)
	if err != nil {
		return err
	}
	past := t.By < tx.Today || t.By == tx.Today && t.Minute <= tx.Minute()
	wrong := map[string]string{}
	switch {
	case f.Result != entry.NoShow && f.Result != entry.Cancelled:
		wrong["result"] = "record.no_result"
	case f.Result == entry.NoShow && !past:
		wrong["result"] = "booking.not_yet"
	case f.Result == entry.Cancelled && strings.TrimSpace(f.Text) == "":
		wrong["text"] = "booking.why_cancelled"
	}
	if len(f.Text) > 20_000 {
		wrong["text"] = "record.long_text"
	}
	if err := fault.Fields(wrong); err != nil {
		return err
	}
	cause := ident.New()
	var entries []entry.Entry
	if past || t.By == tx.Today {
		day, minute := t.By, t.Minute
		mode := entry.OnSite
		if t.Form == entry.FormCall {
			mode = entry.Phone
		}
		entries = append(entries, entry.Entry{ID: cause, Day: day, Minute: minute, Kind: entry.KindContact, Mode: mode,
			Body: &entry.Contact{Form: cmp.Or(t.Form, entry.FormMeeting), Result: f.Result, Text: f.Text}})
	}
	entries = append(entries, entry.Entry{ID: ident.Beside(cause, "end"), Day: tx.Today, Minute: tx.Minute(), Kind: entry.KindTaskEnd,
		Body: &entry.TaskEnd{Task: task, Outcome: entry.CouldNot, Why: f.Text}})
	switch {
	case f.Again != nil:
		n := f.Again
		n.Path, n.Worker, n.Form, n.Task = pathID, cmp.Or(n.Worker, t.Worker), cmp.Or(n.Form, t.Form, entry.FormMeeting), cmp.Or(n.Task, ident.New())
		n.Offer = cmp.Or(n.Offer, t.Offer)
		wrong := n.check(tx)
		key, err := Clash(tx, n.Worker, n.Day, n.Span, task)
		if err != nil {
			return err
		}
		if key != "" && !n.OnTop {
			wrong["time"] = key
		}
		if err := fault.Fields(wrong); err != nil {
			return err
		}
		entries = append(entries, n.entries(tx)...)
	case f.Step != nil:
		if err := f.Step.Check(tx); err != nil {
			return err
		}
		entries = append(entries, f.Step.Entry("", tx.Today))
	}
	_, err = b.Append(tx, pathID, entries...)
	return err
}
