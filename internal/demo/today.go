package demo

import (
	"polku/internal/civil"
	"polku/internal/entry"
	"polku/internal/ident"
	"polku/internal/model"
)

// cutShort sets the last day of happenings for fates in which somebody has dropped out of sight.
func (k *walk) cutShort() {
	switch k.p.fate {
	case fateOverdue:
		k.last = k.today - k.days(3, 8)
	case fateSilence:
		silence := k.m.Promises.Silence
		k.last = k.today - (silence.After(k.today, k.cal) - k.today) - k.days(2, 8)
	case fatePaused:
		k.last = k.today - k.days(7, 40)
	}
	if k.p.fate == fateAbsences {
		k.stray()
	}
	k.last = max(k.last, k.p.start+6)
	k.last = min(k.last, k.today-1)
}

// strays tells whether the client stays away, unexplained, these days.
func (k *walk) strays(day civil.Date) bool { return k.straysFrom != 0 && day > k.straysFrom }

// stray makes the client stay away from a last call on, for less time than the silence that is promised.
func (k *walk) stray() {
	if k.m.Promises.AbsencesInRow == 0 {
		return
	}
	silence := k.m.Promises.Silence.After(k.today, k.cal) - k.today
	from := k.workday(k.today - min(silence-2, 18))
	k.always(from, func(day civil.Date) {
		k.contact(day, entry.FormCall, entry.Held, "call", 10)
		k.straysFrom = day
	})
}

// strayed sees that the absences are as many as the model notices.
func (k *walk) strayed() {
	day := k.straysFrom
	for range k.m.Promises.AbsencesInRow {
		day = k.workday(day + 1)
		if day < k.today {
			k.addBy(k.p.groupLeader, day, 9*60, 0, "", &entry.Absence{Reason: entry.Unexplained, Text: k.say("absence_unexplained")})
		}
	}
}

// skips tells whether a cadence is left unmet these days: from the beginning of the window before the last that
// can no longer be made up for.
func (k *walk) skips(day civil.Date, c *model.Cadence) bool {
	if k.p.fate != fateMissed || c != &k.p.stays[k.stay].phase.Cadences[0] {
		return false
	}
	if c.Every == model.EveryWeek {
		return day >= k.today.Monday()-14
	}
	return day >= (k.today - 12).MonthStart().AddMonths(-1)
}

// untouched is a new client whom nobody has reached.
func (k *walk) untouched() {
	for day := k.workday(k.p.start + 1); day < k.today; day = k.workday(day + k.days(3, 4)) {
		k.contact(day, entry.FormCall, entry.NoAnswer, "no_answer", 0)
		k.agree(day, entry.Task{Owner: entry.ByWorker, From: entry.FromNextStep, What: k.say("step_retry"), By: k.workday(max(k.today, day+3))})
	}
}

// endToday leaves an open path as today finds it.
func (k *walk) endToday() {
	if k.over {
		return
	}
	yesterday := k.last
	for !k.cal.Working(yesterday) && yesterday > k.p.start {
		yesterday--
	}
	if k.last < k.today-1 { // what the client had promised is not what Today is to show
		for _, id := range k.promised {
			k.add(yesterday, -1, 0, "", &entry.TaskEnd{Task: id, Outcome: entry.Done})
		}
	}
	switch k.p.fate {
	case fateOverdue:
		if k.stepBy >= k.today {
			k.agree(yesterday, entry.Task{Owner: entry.ByWorker, From: entry.FromNextStep, What: k.say("step_retry"), By: k.today - k.days(1, 2)})
		}
	case fateSilence:
		for day := k.workday(yesterday + 4); day < k.today; day = k.workday(day + k.days(5, 8)) {
			k.contact(day, entry.FormCall, entry.NoAnswer, "no_answer", 0)
			yesterday = day
		}
		k.agree(yesterday, entry.Task{Owner: entry.ByWorker, From: entry.FromNextStep, What: k.say("step_retry"), By: k.workday(k.today + k.days(1, 4))})
	case fateAbsences:
		if k.straysFrom != 0 {
			k.strayed()
		}
	case fateHandoff:
		k.offerToday(k.days(1, 2))
	case fateExit:
		k.askToday(k.days(1, 3))
	case fateUnheard:
		k.offerToday(k.answerDays() + k.days(1, 3))
	case fateUnreceived:
		k.askToday(k.answerDays() + k.days(1, 4))
	case fatePaused:
		k.add(yesterday, 14*60, 0, "", &entry.Pause{Why: k.say("pause"), Check: k.today + k.days(3, 30)})
	case fateCalm:
		if k.p.today && k.stepBy > k.today && !k.waiting {
			k.agree(yesterday, entry.Task{Owner: entry.ByWorker, From: entry.FromNextStep, What: k.say(k.stepKey()), By: k.today, Minute: k.clock, Place: k.s.Place})
		}
	}
}

// answerDays is how many days the model gives for an answer.
func (k *walk) answerDays() civil.Date {
	return k.m.Promises.HandoffAnswer.After(k.today, k.cal) - k.today
}

// offerToday asks a colleague some days ago, who has not answered yet.
func (k *walk) offerToday(ago civil.Date) {
	others := without(k.p.colleagues, k.responsible)
	if len(others) == 0 {
		return
	}
	to := others[0] // the next in the row of colleagues, so that everybody is asked
	for _, o := range others {
		if o > k.responsible {
			to = o
			break
		}
	}
	id := ident.Of(k.pathID, "handoff", "today")
	k.add(k.today-ago, 13*60, 0, "", &entry.Handoff{Handoff: id, Step: entry.HandoffOffered, From: workerID(k.responsible),
		To: workerID(to), Why: k.say("handoff")}).ID = id
}

// askToday asks a receiver some days ago, who has not answered yet.
func (k *walk) askToday(ago civil.Date) {
	for _, x := range k.m.Exits {
		if x.Receiver {
			day := k.today - ago
			k.ask(day, x.To)
			k.agree(day, entry.Task{Owner: entry.ByWorker, From: entry.FromNextStep, What: k.say("step_receiver"), By: k.workday(k.today + k.days(1, 5))})
			return
		}
	}
}
