package demo

import (
	"slices"

	"polku/internal/civil"
	"polku/internal/entry"
	"polku/internal/model"
	"polku/internal/ruleset"
)

// meet plans a meeting (or the call that a cadence asks for).
func (k *walk) meet(day civil.Date, c *model.Cadence) {
	if c == nil || k.meets[day] {
		return
	}
	k.meets[day] = true
	k.at(day, func(day civil.Date) { k.meeting(day, c, false) })
}

// recent tells whether a day is so near that what went wrong on it would still show on Today.
func (k *walk) recent(day civil.Date) bool { return day > k.today-45 && !k.p.closed }

// meeting happens, or does not. One that fell through is mostly made up for within days.
func (k *walk) meeting(day civil.Date, c *model.Cadence, again bool) {
	if k.skips(day, c) {
		k.contact(day, entry.FormMeeting, entry.Cancelled, "cancelled", 0)
		k.moveStep(day)
		return
	}
	roll := k.IntN(100)
	if k.strays(day) {
		roll = 3
	} else if again || len(k.entries) < 6 {
		roll = 99
	}
	form := k.formOf(c)
	switch {
	case roll < 6:
		key, result := "no_show", entry.NoShow
		if form == entry.FormCall {
			key, result = "no_answer", entry.NoAnswer
		}
		k.contact(day, form, result, key, 0)
		k.makeUp(day, c)
	case roll < 13:
		k.contact(day, form, entry.Cancelled, "cancelled", 0)
		k.makeUp(day, c)
	default:
		k.held(day, form, c)
		k.setStep(day, "")
	}
}

// makeUp plans another time for a meeting that fell through.
func (k *walk) makeUp(day civil.Date, c *model.Cadence) {
	if !k.strays(day) && (k.recent(day) || k.chance(75)) {
		next := k.workday(day + k.days(1, 2))
		if !k.meets[next] && next < k.until {
			k.meets[next] = true
			k.at(next, func(day civil.Date) { k.meeting(day, c, true) })
		}
	}
	k.moveStep(day)
}

// formOf gives how a cadence is met.
func (k *walk) formOf(c *model.Cadence) entry.Form {
	form := entry.FormMeeting
	roll := k.IntN(100)
	switch {
	case c.Do == model.DoContact && roll < 70:
		form = entry.FormCall
	case c.Do == model.DoContact && roll < 85:
		form = entry.FormMessage
	case roll >= 88:
		form = entry.FormVisit
	}
	if len(c.Forms) > 0 && !slices.Contains(c.Forms, string(form)) {
		return entry.Form(c.Forms[0])
	}
	return form
}

// held writes down a meeting that took place.
func (k *walk) held(day civil.Date, form entry.Form, c *model.Cadence) {
	minutes := max(10, c.Minutes+5*k.between(-3, 3))
	e := k.contact(day, form, entry.Held, k.noteKey(day, form), minutes)
	b := e.Body.(*entry.Contact)
	for range k.between(1, 2) {
		if len(k.topics) > 0 {
			b.Topics = append(b.Topics, k.topics[0])
			k.topics = k.topics[1:]
		}
	}
	if all := k.p.stays[k.stay].phase.Topics; len(b.Topics) == 0 && len(all) > 0 && k.chance(60) {
		b.Topics = []string{pick(k.dice, all)}
	}
	if k.chance(14) {
		k.promise(day)
	}
}

// noteKey gives which phrases tell of a meeting.
func (k *walk) noteKey(day civil.Date, form entry.Form) string {
	switch {
	case form == entry.FormVisit:
		return "visit"
	case form == entry.FormMessage:
		return "message"
	case k.stay == 0 && day < k.p.start+25:
		return "meeting_start"
	case form == entry.FormCall:
		return "meeting_remote"
	case k.stay == len(k.p.stays)-1 && k.until-day < 30 && k.chance(70):
		return "meeting_end"
	case k.s.Young && k.chance(60):
		return "meeting_young"
	}
	return "meeting_middle"
}

// contact writes a contact down, and the first one after a hand-off as such.
func (k *walk) contact(day civil.Date, form entry.Form, result entry.Result, note string, minutes int) *entry.Entry {
	mode, minute := entry.OnSite, k.clock
	switch form {
	case entry.FormCall:
		mode = entry.Phone
		if note != "meeting_remote" { // a weekly call has its hour
			minute = 60*k.between(8, 15) + 5*k.IntN(12)
		}
	case entry.FormMessage, entry.FormLetter:
		mode, minute = entry.Text, 60*k.between(8, 18)+k.IntN(60)
	case entry.FormMeeting:
		if k.chance(8) {
			mode = entry.Remote
		}
	}
	e := k.add(day, minute, minutes, mode, &entry.Contact{Form: form, Result: result, Text: k.say(note)})
	if result == entry.Held {
		k.seen = day
	}
	if k.firstTime != "" && result == entry.Held {
		k.add(day, minute, 0, "", &entry.Handoff{Handoff: k.firstTime, Step: entry.HandoffFirstContact,
			From: workerID(k.p.earlier), To: workerID(k.responsible)})
		k.firstTime = ""
		e = &k.entries[len(k.entries)-2]
	}
	return e
}

// chat is a call or a message between meetings, or a call about the client with somebody else.
func (k *walk) chat(day civil.Date) {
	if k.strays(day) || k.waiting {
		return
	}
	switch roll := k.IntN(100); {
	case roll < 38:
		k.contact(day, entry.FormCall, entry.Held, "call", k.between(5, 20))
	case roll < 80:
		k.contact(day, entry.FormMessage, entry.Held, "message", 5)
	case roll < 88:
		k.contact(day, entry.FormCall, entry.NoAnswer, "no_answer", 0)
	case roll < 95:
		k.add(day, k.clock, 15, entry.Phone, &entry.Contact{Form: entry.FormCall, Result: entry.Held, With: "työvoimapalvelut", Text: k.say("with_other")})
	default:
		k.home(day)
	}
}

// keepInTouch calls before the silence grows longer than the model promises; in the past it was sometimes forgotten.
func (k *walk) keepInTouch(day civil.Date) {
	silence := k.m.Promises.Silence
	away := k.p.away != 0 && day > k.p.away && day < k.p.back
	if silence.IsZero() || k.over || away || k.strays(day) || !k.cal.Working(day) || !k.recent(day) && k.chance(70) {
		return
	}
	if day+4 >= silence.After(max(k.seen, k.p.start), k.cal) {
		k.contact(day, entry.FormCall, entry.Held, "call", k.between(5, 15))
	}
}

// promise is something that the client does; it ends some days later.
func (k *walk) promise(day civil.Date) {
	k.task(day, k.say("step_client"), entry.FromGoal, k.days(4, 10))
}

// home is a task of the home programme.
func (k *walk) home(day civil.Date) { k.task(day, k.say("home_task"), entry.FromHome, k.days(5, 9)) }

func (k *walk) task(day civil.Date, what string, from entry.TaskFrom, in civil.Date) {
	by := k.workday(day + in)
	e := k.add(day, -1, 0, "", &entry.Task{What: what, Owner: entry.ByClient, By: by, From: from})
	id := e.ID
	e.Body.(*entry.Task).Task = id
	k.promised = append(k.promised, id)
	k.always(by, func(day civil.Date) {
		k.promised = without(k.promised, id)
		end := entry.TaskEnd{Task: id, Outcome: entry.Done}
		if k.chance(15) {
			end.Outcome, end.Why = entry.CouldNot, k.say("could_not")
		}
		k.add(day, -1, 0, "", &end)
	})
}

// absences by how often each reason is given.
var absences = []entry.Reason{entry.Sick, entry.Sick, entry.Sick, entry.Sick, entry.Unexplained, entry.Unexplained, entry.ChildSick,
	entry.Interview, entry.OtherOK, entry.OtherOK, entry.ByOrganiser}

// attend is a group day, which may serve several cadences one after another.
func (k *walk) attend(day civil.Date, cadences []*model.Cadence, again bool) {
	wanted := slices.DeleteFunc(slices.Clone(cadences), func(c *model.Cadence) bool { return k.skips(day, c) })
	if len(wanted) == 0 || k.waiting {
		return
	}
	leader := k.p.groupLeader
	group := wanted[0].Title.FI
	if k.strays(day) || !again && k.chance(14) {
		reason := pick(k.dice, absences)
		if k.strays(day) {
			reason = entry.Unexplained
		}
		k.addBy(leader, day, 9*60, 0, "", &entry.Absence{Reason: reason, Group: group, Text: k.say("absence_" + string(reason))})
		if next := k.workday(day + k.days(1, 2)); !k.strays(day) && (k.recent(day) || k.chance(40)) && next < k.until {
			k.at(next, func(day civil.Date) { k.attend(day, wanted, true) })
		}
		return
	}
	minute := 9 * 60
	for i, c := range wanted {
		minutes := max(c.Minutes, c.Hours/c.AtLeast, 60)
		if i == 0 && slices.Contains(k.m.Rules, ruleset.WorkActivity) {
			minutes = max(minutes, 4*60)
		}
		theme := ""
		if len(c.Themes) > 0 {
			theme = pick(k.dice, c.Themes)
		}
		mode := entry.OnSite
		if k.s.ID == longest {
			mode = entry.Remote
		}
		k.seen = day
		k.addBy(leader, day, minute, minutes, mode, &entry.Attendance{Group: c.Title.FI, Theme: theme, Text: k.dayNote(theme, mode)})
		minute += minutes
	}
}

// dayNote tells of a group day: of its theme, or in general; often there is nothing to tell.
func (k *walk) dayNote(theme string, mode entry.Mode) string {
	switch key := "attendance_" + theme; {
	case k.w.has(key) && k.chance(45):
		return k.say(key)
	case mode == entry.Remote:
		return k.say("attendance_remote")
	}
	return k.say("attendance")
}
