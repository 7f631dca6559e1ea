package demo

import (
	"strconv"
	"time"

	"polku/internal/civil"
	"polku/internal/entry"
	"polku/internal/ident"
	"polku/internal/model"
	"polku/internal/path"
)

// walk makes the entries of one path, day by day through its model. What is to happen stands in the agenda; each
// day's happenings put further ones there.
type walk struct {
	*dice
	w     *words
	m     *model.Model
	s     *service
	cal   *civil.Calendar
	zone  *time.Location
	p     plan
	who   person
	today civil.Date
	last  civil.Date // the last day on which anything happens

	pathID      string
	entries     []entry.Entry
	count       int
	responsible string // user name
	agenda      map[civil.Date][]happening
	meets       map[civil.Date]bool // days on which a meeting is planned in this stay
	stay        int
	since       civil.Date
	until       civil.Date
	topics      []string
	chosen      []entry.Checkpoint
	ability     float64
	weekday     int // of meetings
	groupDay    int // of groups
	clock       int // minute of the day of meetings
	step        string
	stepBy      civil.Date
	told        string // the contact recorded last; empty: its step is agreed already
	toldOn      civil.Date
	firstTime   string // hand-off that waits for its first contact
	waiting     bool   // a receiver has been asked
	over        bool
	straysFrom  civil.Date       // from here on the client stays away; zero: does not
	seen        civil.Date       // last two-way contact
	decks       map[string][]int // phrases not yet said, by key
	promised    []string         // open tasks of the client's
	stamp       int64
}

// happening is something to come. One that keeps is put off by a pause, others are dropped; one of a stay is
// dropped when the stay ends.
type happening struct {
	fn   func(day civil.Date)
	keep bool
	stay int // -1: of the whole path
}

const anyStay = -1

// workerID gives the id of a user name.
func workerID(username string) string { return ident.Of("demo", "worker", username) }

// start makes what the path starts with; run then gives the rest.
func (k *walk) start() path.Start {
	k.agenda, k.decks = map[civil.Date][]happening{}, map[string][]int{}
	k.weekday, k.groupDay, k.clock = k.between(1, 5), 2+len(k.s.ID)%3, 60*k.between(9, 15)+30*k.IntN(2)
	k.ability = float64(k.between(4, 9))
	k.responsible = k.p.worker
	if k.p.earlier != "" {
		k.responsible = k.p.earlier
	}
	k.p.start = k.workday(k.p.start)
	if k.p.start >= k.today {
		k.p.start = k.today - 2
	}
	k.last = k.today - 1
	source := pick(k.dice, k.m.Entry.Sources)
	return path.Start{ID: k.pathID, Service: serviceID(k.s.ID), Day: k.p.start, Source: source, Responsible: workerID(k.responsible),
		Author: workerID(k.responsible), RecordedAt: k.instant(k.p.start, 8*60)}
}

// run walks from the start to today and gives the entries after the start.
func (k *walk) run() []entry.Entry {
	k.cutShort()
	k.schedulePast()
	k.enter(0, k.p.start)
	k.setStep(k.p.start, k.say("step_first"))
	if k.p.fate == fateUntouched {
		k.untouched()
		return k.entries
	}
	k.beginning()
	for day := k.p.start; day <= k.last && !k.over; day++ {
		k.live(day)
	}
	if !k.p.closed {
		k.endToday()
	}
	return k.entries
}

// live lets a day's happenings happen.
func (k *walk) live(day civil.Date) {
	for i := 0; i < len(k.agenda[day]) && !k.over; i++ {
		h := k.agenda[day][i]
		if h.stay != anyStay && h.stay != k.stay {
			continue
		}
		if !k.p.away.IsZero() && day > k.p.away && day < k.p.back {
			if h.keep {
				k.put(k.workday(k.p.back+k.days(1, 4)), h)
			}
			continue
		}
		h.fn(day)
	}
	delete(k.agenda, day)
	k.keepInTouch(day)
}

func (k *walk) put(day civil.Date, h happening) { k.agenda[day] = append(k.agenda[day], h) }

// at plans something within the stay; surely plans something that a pause only puts off.
func (k *walk) at(day civil.Date, fn func(civil.Date)) {
	k.put(k.workday(day), happening{fn, false, k.stay})
}

func (k *walk) surely(day civil.Date, fn func(civil.Date)) {
	k.put(k.workday(day), happening{fn, true, k.stay})
}

// always plans something of the whole path.
func (k *walk) always(day civil.Date, fn func(civil.Date)) {
	k.put(k.workday(day), happening{fn, true, anyStay})
}

// workday gives the day itself or the next working day.
func (k *walk) workday(day civil.Date) civil.Date {
	for !k.cal.Working(day) {
		day++
	}
	return day
}

// say gives a phrase under a key: each once before any comes again, as in life.
func (k *walk) say(key string) string {
	list := k.w.list(k.who.lang, key)
	if len(list) == 0 {
		return ""
	}
	deck := k.decks[key]
	if len(deck) == 0 {
		deck = k.Perm(len(list))
	}
	k.decks[key] = deck[1:]
	return list[deck[0]]
}

// instant gives when something of a day and minute was written down.
func (k *walk) instant(day civil.Date, minute int) int64 {
	y, m, d := day.Parts()
	at := time.Date(y, time.Month(m), d, 0, minute, 0, 0, k.zone).UnixMicro()
	if at <= k.stamp {
		at = k.stamp + 1
	}
	k.stamp = at
	return at
}

// add writes an entry down by the responsible worker. minute -1: of no certain time.
func (k *walk) add(day civil.Date, minute, minutes int, mode entry.Mode, body entry.Body) *entry.Entry {
	return k.addBy(k.responsible, day, minute, minutes, mode, body)
}

func (k *walk) addBy(username string, day civil.Date, minute, minutes int, mode entry.Mode, body entry.Body) *entry.Entry {
	k.count++
	written := 15 * 60
	if minute >= 0 {
		written = min(minute+minutes+10, 1435)
	}
	k.entries = append(k.entries, entry.Entry{ID: k.newID(day, body), Day: day, Minute: minute, Minutes: minutes, Mode: mode,
		Kind: body.Kind(), Author: workerID(username), RecordedAt: k.instant(day, written), Body: body})
	return &k.entries[len(k.entries)-1]
}

// newID gives an entry's id. The step done and the step agreed on the day of a contact get theirs from it, as the form that
// records all three gives them (see path.Record).
func (k *walk) newID(day civil.Date, body entry.Body) string {
	id := ident.Of(k.pathID, strconv.Itoa(k.count))
	switch b := body.(type) {
	case *entry.Contact:
		k.told, k.toldOn = id, day
	case *entry.TaskEnd:
		if k.told != "" && k.toldOn == day && b.Task == k.step {
			return ident.Beside(k.told, "end")
		}
	case *entry.Task:
		if k.told != "" && k.toldOn == day && b.Task == k.step {
			id, k.told = ident.Beside(k.told, "next"), ""
		}
	}
	return id
}

// nextMeet gives the next planned meeting after a day; zero when there is none within ten weeks.
func (k *walk) nextMeet(day civil.Date) civil.Date {
	for d := day + 1; d < day+70; d++ {
		if k.meets[d] && !(d > k.p.away && d < k.p.back) {
			return d
		}
	}
	return 0
}

// setStep ends the step that stands and agrees the next: the next meeting, or something the worker does.
func (k *walk) setStep(day civil.Date, what string) {
	k.endStep(day)
	t := entry.Task{Owner: entry.ByWorker, From: entry.FromNextStep, What: what, By: k.nextMeet(day)}
	if t.By.IsZero() {
		t.By = k.workday(day + k.days(6, 14))
		if t.What == "" {
			t.What = k.say("step_worker")
		}
		k.always(t.By, k.doStep)
	} else {
		t.Minute = k.clock
		key := k.stepKey()
		switch {
		case key == "step_meeting" && k.chance(15):
			key = "step_visit"
		case key == "step_meeting" && k.chance(70):
			t.Place = k.s.Place
		}
		if t.What == "" {
			t.What = k.say(key)
		}
	}
	k.agree(day, t)
}

// agree writes the next step down.
func (k *walk) agree(day civil.Date, t entry.Task) {
	if k.step == "" {
		k.step = ident.Of(k.pathID, "step", strconv.Itoa(k.count))
	}
	t.Task = k.step
	if t.Minute > 0 { // a meeting, or the call that the service has instead
		t.Form, t.Minutes = entry.FormMeeting, 60
		if k.stepKey() == "step_call" {
			t.Form, t.Minutes = entry.FormCall, 30
		}
	}
	k.stepBy = t.By
	k.add(day, -1, 0, "", &t)
}

// moveStep gives the step that stands another day, the next meeting's.
func (k *walk) moveStep(day civil.Date) {
	by := k.nextMeet(day)
	if by.IsZero() {
		k.setStep(day, "")
		return
	}
	k.agree(day, entry.Task{Owner: entry.ByWorker, From: entry.FromNextStep, What: k.say(k.stepKey()), By: by, Minute: k.clock})
}

func (k *walk) endStep(day civil.Date) {
	if k.step != "" {
		k.add(day, -1, 0, "", &entry.TaskEnd{Task: k.step, Outcome: entry.Done})
		k.step = ""
	}
}

func (k *walk) stepKey() string {
	if c := k.p.stays[k.stay].phase.Cadences; len(c) > 0 && c[0].Do == model.DoContact || k.s.ID == longest && k.stay%2 == 1 {
		return "step_call"
	}
	return "step_meeting"
}

// doStep does what the worker had promised, and agrees the next step.
func (k *walk) doStep(day civil.Date) {
	if k.stepBy != day || k.over || k.waiting {
		return
	}
	k.contact(day, entry.FormCall, entry.Held, "call", 10)
	k.setStep(day, "")
}
