package demo

import (
	"fmt"
	"slices"

	"polku/internal/civil"
	"polku/internal/model"
)

// fate tells how a path stands today: most are calm, some have something that Today must show.
type fate string

const (
	fateCalm       fate = ""
	fateOverdue    fate = "overdue"    // the next step's day has gone by
	fateSilence    fate = "silence"    // no two-way contact for long
	fateMissed     fate = "missed"     // the last windows of a cadence went unmet
	fateAbsences   fate = "absences"   // unexplained absences in a row
	fateHandoff    fate = "handoff"    // a colleague has been asked to take over
	fateExit       fate = "exit"       // a receiver has been asked
	fatePaused     fate = "paused"     // with a day on which somebody looks again
	fateReview     fate = "review"     // a review is overdue
	fateMeasure    fate = "measure"    // the start measure was never taken
	fatePhaseOver  fate = "phase_over" // the phase has lasted longer than allowed
	fateUntouched  fate = "untouched"  // nobody has reached the client since the start
	fateUnheard    fate = "unheard"    // the colleague should have answered by now
	fateUnreceived fate = "unreceived" // the receiver should have answered by now
)

// fateDeck is dealt to forty open paths of a service after another, so that whatever the seed every kind is to be
// seen; the rest are calm. Hand-offs and exits that wait are dealt by fateOf.
var fateDeck = [40]fate{fateOverdue, fateOverdue, fateSilence, fateMissed, fateMissed, fateAbsences, fatePaused, fatePaused, fateReview,
	fateMeasure, fatePhaseOver, fateUntouched}

// stay is a phase that a client passes through, and how many days it takes.
type stay struct {
	phase *model.Phase
	days  int
}

// plan is what is decided of a path before it is walked.
type plan struct {
	name        string // service and number: the dice of the walk
	worker      string // user name of the one responsible today, or at the end
	earlier     string // the one before a hand-off; empty: none
	handoff     civil.Date
	start       civil.Date
	closed      bool
	leaves      civil.Date // when the client leaves before the path's end; zero: at its end
	stays       []stay
	exit        string
	fate        fate
	today       bool       // meets the worker today
	dense       int        // further contacts in ten weeks
	away, back  civil.Date // a pause in the past; zero: none
	left        bool       // the pause was an exit, reopened on back
	colleagues  []string
	groupLeader string
}

// showcase is the client of each service with a rich, long path; longest has entries of years.
const (
	showcase = 0
	longest  = "rautavaara"
)

// planOf decides the path of a service's i-th client. The first ones are open today, by worker.
func planOf(seed uint64, s *service, m *model.Model, i int, today civil.Date) plan {
	p := plan{name: fmt.Sprintf("%s/%d", s.ID, i), groupLeader: s.Group}
	r := newDice(seed, "plan/"+p.name)
	nth := 0
	p.worker, nth, p.closed = s.workerOf(r, i)
	p.colleagues = s.workers()
	p.dense = r.between(1, 6)
	for k := range m.Phases {
		p.stays = append(p.stays, stay{&m.Phases[k], lengthOf(r, &m.Phases[k], today)})
	}
	total := 0
	for _, st := range p.stays {
		total += st.days
	}
	p.exit = exitOf(r, m)
	switch {
	case p.closed:
		if r.chance(25) {
			total = total * r.between(20, 90) / 100
			p.exit = "withdrew"
		}
		end := today - r.days(22, max(60, 730-total))
		p.start = end - civil.Date(total)
		if p.exit == "withdrew" || p.exit == "died" || p.exit == "moved" {
			p.leaves = end
		}
	case i == showcase:
		p.rich(s, total, today)
	default:
		p.fate = fateOf(seed, s, i, p.worker, nth)
		p.begin(r, total, today)
		p.today = nth < 2 || nth < 4 && today.Weekday() > 5
	}
	p.past(r, today)
	return p
}

// begin sets the start of an open path so that it stands somewhere between its beginning and its end.
func (p *plan) begin(r *dice, total int, today civil.Date) {
	age := r.between(2, max(3, total-6))
	switch p.fate {
	case fateUntouched:
		age = r.between(9, 13)
	case fateOverdue, fateSilence, fateMissed, fateAbsences, fatePaused, fateHandoff, fateExit, fateUnheard, fateUnreceived:
		age = max(age, min(75, total-6))
	case fateReview:
		age = max(age, min(130, total-6))
	case fateMeasure:
		age = r.between(26, max(27, min(80, p.stays[0].days)))
		p.stays[0].days = max(p.stays[0].days, age+8)
	case fatePhaseOver:
		age = 0
		for k := range p.stays {
			if most := p.stays[k].phase.AtMost; !most.IsZero() && k == len(p.stays)-1 {
				p.stays[k].days = int(most.After(today, nil)-today) + 400
				age += int(most.After(today, nil)-today) + r.between(4, 20)
			} else {
				age += p.stays[k].days
			}
		}
	}
	p.start = today - civil.Date(age)
}

// rich makes the showcase: nearly the whole path with many contacts; in one service years of it.
func (p *plan) rich(s *service, total int, today civil.Date) {
	p.dense, p.today = 22, true
	if s.ID == longest {
		p.dense = 34
		for total < 1900 {
			p.stays = append(p.stays, p.stays[1], p.stays[2])
			total += p.stays[1].days + p.stays[2].days
		}
	}
	p.start = today - civil.Date(total-25)
}

// past adds what may have happened on the way: a hand-off, a pause, a leaving and a return.
func (p *plan) past(r *dice, today civil.Date) {
	end := today
	if !p.leaves.IsZero() {
		end = p.leaves
	}
	long := int(end - p.start)
	if long < 100 || p.fate == fateReview {
		return
	}
	if others := without(p.colleagues, p.worker); len(others) > 0 && r.chance(16) {
		p.earlier, p.handoff = pick(r, others), p.start+r.days(25, long-50)
	}
	if r.chance(20) && (!p.closed || !p.leaves.IsZero()) { // a pause puts the path's end off
		from := p.start + r.days(30, long-60)
		if p.handoff.IsZero() || from > p.handoff+20 {
			p.away, p.back = from, from+r.days(14, 45)
			p.left = !p.closed && r.chance(45)
			if p.back > end-45 {
				p.away, p.back, p.left = 0, 0, false
			}
		}
	}
}

func lengthOf(r *dice, ph *model.Phase, today civil.Date) int {
	days := int(ph.Target.After(today, nil) - today)
	if days == 0 {
		days = 180
	}
	if r.chance(85) {
		return days * r.between(75, 100) / 100
	}
	return days * r.between(100, 118) / 100
}

// fateOf decides how a service's i-th open path, its worker's nth, stands today: each worker has one who is to be handed over, if there is
// a colleague; in the larger services one waits for a receiver.
func fateOf(seed uint64, s *service, i int, worker string, nth int) fate {
	if s.Strained && nth >= 4 && nth <= 10 {
		return []fate{fateUnheard, fateOverdue, fateCalm, fateOverdue, fateCalm, fateUntouched, fateUnreceived}[nth-4]
	}
	switch {
	case nth == 3 && len(s.Open) > 1:
		return fateHandoff
	case nth == 11 && s.Total >= 140 && worker == s.Group:
		return fateExit
	}
	deck := fateDeck
	r := newDice(seed, "fates/"+s.ID)
	r.Shuffle(len(deck), func(a, b int) { deck[a], deck[b] = deck[b], deck[a] })
	return deck[i%len(deck)]
}

// exitWeights tell how often paths end where.
var exitWeights = map[string]int{"open-work": 14, "subsidised-work": 11, "self-employment": 2, "education": 14, "apprenticeship": 3,
	"rehabilitation": 7, "health-care": 4, "another-service": 6, "rehabilitative-work-activity": 6, "social-rehabilitation": 4,
	"volunteering": 4, "meaningful-everyday": 6, "job-seeking": 6, "workshop": 5, "military-service": 2, "parental-leave": 2,
	"pension": 5, "moved": 4, "withdrew": 8, "died": 1}

func exitOf(r *dice, m *model.Model) string {
	sum := 0
	for _, x := range m.Exits {
		sum += exitWeights[x.To]
	}
	roll := r.IntN(sum)
	for _, x := range m.Exits {
		if roll -= exitWeights[x.To]; roll < 0 {
			return x.To
		}
	}
	return m.Exits[0].To
}

// workers of a service who have clients, in order of their names.
func (s *service) workers() []string {
	var all []string
	for w := range s.Open {
		all = append(all, w)
	}
	slices.Sort(all)
	return all
}

// workerOf gives whose client the i-th is and the how manieth of theirs; past the open ones the client is a
// former one of somebody's.
func (s *service) workerOf(r *dice, i int) (worker string, nth int, closed bool) {
	all := s.workers()
	for _, w := range all {
		if i < s.Open[w] {
			return w, i, false
		}
		i -= s.Open[w]
	}
	return pick(r, all), i, true
}

func without(list []string, word string) []string {
	var out []string
	for _, w := range list {
		if w != word {
			out = append(out, w)
		}
	}
	return out
}
