package pathway

import (
	"polku/internal/civil"
	"polku/internal/entry"
)

// history is what the entries known on a day tell, sorted by theme; fold fills it. Its slices are kept
// between paths.
type history struct {
	today   civil.Date
	status  Status
	model   *compiled // of today; nil when not known
	modelID string
	version string
	started civil.Date
	clock   civil.Date // start, or the last reopening: promises to the client count from here

	visits []visit
	pauses []pause // closed time between an exit and a reopening is a pause too

	closed      civil.Date
	exit        *entry.Exit
	exitAsked   *entry.Exit
	exitAskedOn civil.Date
	pauseCheck  civil.Date
	pauseEntry  string
	exits       int          // how often the path has been closed
	wish        *entry.Entry // of a closed path: the client wishes to come back, and nobody has answered

	responsible      string
	responsibleSince civil.Date // day of the last change, also to nobody
	held             []holder   // who was responsible from when, and who covered
	handoffs         []handoff
	accepted         string // id of the hand-off accepted last

	contacts    []*entry.Entry // two-way, with the client
	attendances []*entry.Entry
	days        []workDay // attendance by day
	periods     []workPeriod
	lastContact civil.Date
	missed      []civil.Date // unexplained absences in a row

	tasks     []task
	stepEnded civil.Date // last day on which a task ended or a booked contact took place
	booked    []*entry.Entry
	outcomes  []outcome

	offers    []*entry.Entry
	measures  []*entry.Entry
	plans     []planDay
	followUps []*entry.Entry
	excuses   []excuse
	credited  []string
	marks     []mark
	unknown   []string
}

// visit is a stay in a phase under one version of a model. Moving to another version in the middle of a phase
// makes a new visit that carries the stay on: since stays, from is the day of the move.
type visit struct {
	phase      string
	model      *compiled
	rules      *phaseRules // nil when the model has no such phase
	since      civil.Date  // first day of the stay: clocks count from here
	from       civil.Date  // first day under this version
	to         civil.Date  // last day; zero: goes on
	plannedEnd civil.Date  // last day by the target length; zero: none, or the clock stands still
	lastEnd    civil.Date  // last day allowed; zero: none, or the clock stands still
	nth        int         // 1 for the first stay in this phase
	moved      bool        // a later version carries this stay on
	continues  bool        // carries on a stay under an earlier version
}

// pause: from its first day up to, not including, to. To zero: it goes on, and counts as going on for ever.
type pause struct {
	from, to civil.Date
	unseen   bool // the time before an import: nothing is owed for it, but phases grow older in it
}

type holder struct {
	worker string
	from   civil.Date
	until  civil.Date // of a cover: its last day; zero: none
	cover  bool
}

type handoff struct {
	id           string
	from, to     string
	offered      civil.Date
	accepted     civil.Date
	answered     civil.Date // accepted, declined or withdrawn
	answer       string     // the entry that did
	why          string     // WhyDeclined or WhyWithdrawn
	contact      civil.Date // of the step "first contact"
	contactEntry string
	open         bool // neither accepted, declined nor withdrawn
}

// workPeriod of rehabilitative work activity.
type workPeriod struct {
	id       string
	from, to civil.Date
	cut      bool // ended before the day agreed
}

type workDay struct {
	day     civil.Date
	minutes int
}

type task struct {
	t     *entry.Task
	id    string
	entry string
}

type outcome struct {
	with      string
	day       civil.Date
	cancelled bool
}

type planDay struct {
	plan string
	day  civil.Date
	id   string
}

type excuse struct {
	body *entry.Excuse
	day  civil.Date
}

type mark struct {
	id, state, phase string
	day              civil.Date
}

// reset empties the history but keeps its memory.
func (h *history) reset(today civil.Date) {
	*h = history{today: today, status: NotStarted,
		visits: h.visits[:0], pauses: h.pauses[:0], held: h.held[:0], handoffs: h.handoffs[:0],
		contacts: h.contacts[:0], attendances: h.attendances[:0], days: h.days[:0], periods: h.periods[:0], missed: h.missed[:0],
		tasks: h.tasks[:0], booked: h.booked[:0], outcomes: h.outcomes[:0],
		offers: h.offers[:0], measures: h.measures[:0], plans: h.plans[:0], followUps: h.followUps[:0],
		excuses: h.excuses[:0], credited: h.credited[:0], marks: h.marks[:0]}
}

// visit gives the stay that goes on, or the last one of a closed path.
func (h *history) now() *visit { return &h.visits[len(h.visits)-1] }

// paused tells whether a day lies in a pause.
func (h *history) paused(d civil.Date) bool {
	for _, p := range h.pauses {
		if p.from <= d && (p.to.IsZero() || d < p.to) {
			return true
		}
	}
	return false
}

// pausedDays counts the paused days from..to, both included.
func (h *history) pausedDays(from, to civil.Date) int {
	n := 0
	for _, p := range h.pauses {
		if p.unseen {
			continue
		}
		a, b := max(p.from, from), to+1
		if !p.to.IsZero() {
			b = min(b, p.to)
		}
		if b > a {
			n += int(b - a)
		}
	}
	return n
}

// excuse gives the last excuse for an obligation, nil when there is none.
func (h *history) excuse(id string) *entry.Excuse {
	for i := len(h.excuses) - 1; i >= 0; i-- {
		if h.excuses[i].body.Obligation == id {
			return h.excuses[i].body
		}
	}
	return nil
}

// standsFor tells whether a worker was responsible for the client on a day, or covered for the one who was.
// On the day of a change both count. An empty worker (an imported entry whose author nobody knows) counts.
func (h *history) standsFor(worker string, day civil.Date) bool {
	if worker == "" {
		return true
	}
	settled := false // whether the one responsible in the morning has been looked at
	for i := len(h.held) - 1; i >= 0; i-- {
		r := &h.held[i]
		switch {
		case r.from > day:
		case r.cover:
			if r.worker == worker && (r.until.IsZero() || day <= r.until) {
				return true
			}
		case settled:
		default:
			if r.worker == worker {
				return true
			}
			settled = r.from < day
		}
	}
	return false
}

// clock gives the day that lies a span after from, later by the days paused between. stopped is true while a
// pause that goes on keeps it from being reached: then there is no such day yet.
func (v *Evaluator) clock(from civil.Date, span civil.Span) (due civil.Date, stopped bool) {
	return v.clockOver(from, span, true)
}

// clockOver is clock; unseen tells whether the time before an import stops it too.
func (v *Evaluator) clockOver(from civil.Date, span civil.Span, unseen bool) (due civil.Date, stopped bool) {
	due = span.After(from, v.cal)
	for _, p := range v.h.pauses {
		if p.unseen && !unseen {
			continue
		}
		if !p.to.IsZero() && p.to <= from+1 || p.from > due {
			continue
		}
		if p.to.IsZero() {
			return 0, true
		}
		due += p.to - max(p.from, from+1)
	}
	if span.Unit == civil.WorkingDays && !v.cal.Working(due) {
		due = v.cal.AddWorking(due, 1)
	}
	return due, false
}
