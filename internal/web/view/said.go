package view

import (
	"strconv"
	"strings"

	"polku/internal/entry"
	"polku/internal/i18n"
)

// Said is an entry in words: a short title, a few marks, and the text that somebody wrote.
type Said struct {
	Title string
	Marks []string
	Text  string
}

// Names gives the words of ids that a body carries: ("worker", id), ("phase", id), ("topic", id), ("item", "work/cv"),
// ("area", id), ("offer", id), ("instrument", id), ("plan", id), ("exit", to), ("group", id), ("theme", id), ("placement", kind),
// ("source", id), ("outcome", word), ("span", "6 months"), ("model", id), ("scope", id), ("duty", id). It gives the id itself when it knows no better.
type Names func(what, id string) string

// Say puts an entry into words of a language.
func Say(l i18n.Lang, e *entry.Entry, names Names) Said {
	if e.Damaged {
		return Said{Title: l.T("said.damaged"), Text: l.T("said.damaged_text")}
	}
	s := saidBody(l, e, names)
	if e.Minutes > 0 {
		s.Marks = append(s.Marks, l.Length(e.Minutes))
	}
	if e.Mode == entry.Remote {
		s.Marks = append(s.Marks, l.T("said.mode.remote"))
	}
	return s
}

func saidBody(l i18n.Lang, e *entry.Entry, names Names) Said {
	name := func(what, id string) string {
		if id == "" {
			return ""
		}
		return names(what, id)
	}
	switch b := e.Body.(type) {
	case *entry.Contact:
		return saidContact(l, b, name)
	case *entry.Start:
		return Said{l.T("said.start", "what", name("model", b.Model)), some(name("phase", b.Phase), name("source", b.Source)), b.Text}
	case *entry.Attendance:
		return Said{l.T("said.attendance", "what", or(name("group", b.Group), l.T("said.group"))), some(name("theme", b.Theme)), b.Text}
	case *entry.Absence:
		return Said{l.T("said.absence", "what", or(name("group", b.Group), l.T("said.group"))), some(l.T("absence." + string(b.Reason))), saidTold(l, b.Told, b.Text)}
	case *entry.Task:
		if b.Form != "" {
			return saidMeeting(l, b, name)
		}
		return Said{l.T("said.task", "what", b.What), some(l.DayShort(b.By), ownerWord(l, b, name), b.Place), ""}
	case *entry.TaskEnd:
		return Said{l.T("said.task_end." + string(b.Outcome)), some(name("task", b.Task)), b.Why}
	case *entry.Excuse:
		if b.Waived {
			return Said{l.T("said.waived", "what", name("duty", b.Obligation)), nil, b.Why}
		}
		return Said{l.T("said.could_not", "what", name("duty", b.Obligation)), nil, b.Why}
	case *entry.Measure:
		return Said{l.T("said.measure", "what", name("instrument", b.Instrument)), figures(l, b), ""}
	case *entry.Plan:
		return saidPlan(l, b, name)
	case *entry.Review:
		return Said{l.T("said.review", "what", name("plan", b.Plan)), nil, strings.TrimSpace(b.Done + "\n" + b.GoesOn + "\n" + b.Text)}
	case *entry.Goal:
		return Said{l.T("said.goal."+string(b.State), "what", b.Words), nil, b.Why}
	case *entry.Checkpoint:
		marks := some(name("area", b.Area))
		if b.Evidence != "" {
			marks = append(marks, l.T("checkpoint.evidence."+string(b.Evidence)))
		}
		return Said{l.T("said.checkpoint."+string(b.State), "what", name("item", b.Area+"/"+b.Item)), marks, b.Text}
	case *entry.Offer:
		price := ""
		if b.Cents != 0 {
			price = l.Euro(b.Cents)
		}
		until := ""
		if !b.Expires.IsZero() {
			until = l.T("said.expires", "day", l.Day(b.Expires))
		}
		return Said{l.T("said.offer."+string(b.State), "what", name("offer", b.Offer)), some(b.What, price, until), strings.TrimSpace(b.Text + "\n" + b.Why)}
	case *entry.Placement:
		return Said{l.T("said.placement", "what", name("placement", b.Placement), "where", b.Where), some(l.Day(b.From) + "–" + l.Day(b.To)), b.Text}
	case *entry.WorkPeriod, *entry.WorkPeriodEnd, *entry.Incident:
		return saidWork(l, b)
	case *entry.Guidance:
		return Said{l.T("said.guidance", "what", b.Name), some(l.T("guidance.how."+string(b.How)), l.T("guidance.state."+string(b.State))), b.Text}
	case *entry.Note:
		if b.OwnView {
			return Said{l.T("said.own_view"), nil, strings.TrimSpace(b.Text + "\n" + refused(l, b.Refused))}
		}
		return Said{l.T("said.note"), nil, b.Text}
	}
	return saidDecision(l, e.Body, name)
}

// saidPlan tells of a plan in short: an accepted version has a page of its own.
func saidPlan(l i18n.Lang, b *entry.Plan, name Names) Said {
	if b.Version == 0 {
		return Said{l.T("said.plan", "what", name("plan", b.Plan)), nil, b.Text}
	}
	var marks, goals []string
	for _, a := range b.Accepted {
		marks = append(marks, l.T("plan.party."+string(a.Party))+" "+l.T("plan.how."+string(a.How)))
	}
	for _, g := range b.Goals {
		goals = append(goals, g.Words)
	}
	return Said{l.T("said.plan_version", "what", name("plan", b.Plan), "n", b.Version), marks, strings.Join(goals, "\n")}
}

// saidMeeting tells of a meeting that was booked, or moved: who asked for it and why.
func saidMeeting(l i18n.Lang, b *entry.Task, name Names) Said {
	key, asked := "said.booked", ""
	if b.Asked != "" {
		key, asked = "said.moved", l.T("said.asked", "who", l.T("asked."+string(b.Asked)))
	}
	return Said{l.T(key, "what", b.What), some(l.DayShort(b.By)+" "+l.T("when.clock", "t", l.Clock(b.Minute)), ownerWord(l, b, name), b.Place, asked), b.Why}
}

func saidContact(l i18n.Lang, b *entry.Contact, name Names) Said {
	var marks []string
	if b.Result != entry.Held {
		marks = append(marks, l.T("result."+string(b.Result)))
	}
	for _, t := range b.Topics {
		marks = append(marks, name("topic", t))
	}
	title := l.T("form." + string(b.Form))
	if b.With != "" {
		title += " – " + b.With
	}
	return Said{title, marks, b.Text}
}

func saidDecision(l i18n.Lang, body entry.Body, name Names) Said {
	switch b := body.(type) {
	case *entry.Consent:
		if b.Given {
			return Said{l.T("said.consent_given", "what", name("scope", b.Scope)), some(l.Day(b.Until)), b.Text}
		}
		return Said{l.T("said.consent_withdrawn", "what", name("scope", b.Scope)), nil, b.Text}
	case *entry.Phase:
		return Said{l.T("said.phase", "what", name("phase", b.Phase)), nil, b.Why}
	case *entry.Pause:
		return Said{l.T("said.pause"), some(l.T("said.check", "day", l.DayShort(b.Check))), b.Why}
	case *entry.Resume:
		return Said{l.T("said.resume"), nil, b.Why}
	case *entry.Relation:
		key := "said.relation." + string(b.Role)
		if b.Ended {
			key = "said.relation_end." + string(b.Role)
		}
		return Said{l.T(key, "who", name("worker", b.Worker)), nil, b.Why}
	case *entry.Handoff:
		return Said{l.T("said.handoff."+string(b.Step), "from", name("worker", b.From), "to", name("worker", b.To)), saidThree(l, b), b.Why}
	case *entry.Exit:
		marks := some(b.Receiver)
		if b.Unshared {
			marks = append(marks, l.T("said.unshared"))
		}
		return Said{l.T("said.exit."+string(b.Step), "what", name("exit", b.To)), marks, b.Text}
	case *entry.Reopen:
		return Said{l.T("said.reopen"), some(name("phase", b.Phase)), b.Why}
	case *entry.FollowUp:
		return Said{l.T("said.follow_up", "what", name("outcome", b.Outcome)), saidHow(l, b, name("span", b.After)), b.Text}
	case *entry.ModelMove:
		return Said{l.T("said.model", "version", b.Version), nil, b.Why}
	case *entry.Credit:
		marks := make([]string, 0, len(b.Satisfies))
		for _, p := range b.Satisfies {
			marks = append(marks, name("phase", p))
		}
		return Said{l.T("said.credit", "what", name("model", b.FromModel)), marks, b.Text}
	case *entry.ToldClient:
		return saidToldClient(l, b)
	case *entry.Circle:
		key := "said.circle"
		if b.Ended {
			key = "said.circle_end"
		}
		return Said{l.T(key, "who", b.Name), some(b.Part, b.Of), b.Why}
	case *entry.Wish:
		return Said{l.T("said.wish"), nil, b.Text}
	case *entry.Erasure:
		why := "said.erasure_why"
		if b.Class == "entry" {
			why = "said.erasure_single"
		}
		return Said{l.N("said.erasure", b.Entries), nil, l.T(why)}
	case *entry.File:
		return Said{l.T("said.file", "what", b.Title), some(l.T("file.kind."+b.Type), fileSize(l, b.Size)), ""}
	case *entry.Withhold:
		if b.Shown {
			return Said{l.T("said.shown_again"), nil, ""}
		}
		return Said{l.T("said.withheld"), some(l.T("withhold.ground." + b.Ground)), b.Why}
	case *entry.Retraction:
		return Said{l.T("said.retraction"), nil, b.Why}
	}
	return Said{Title: l.T("said.note")}
}

// saidToldClient says what the client was told: the whole of it is the text, so that both read the same words.
func saidToldClient(l i18n.Lang, b *entry.ToldClient) Said {
	marks := some(l.T("told.way." + string(b.Way)))
	if b.Yes {
		marks = append(marks, l.T("told.yes"))
	}
	return Said{l.T("told.about." + string(b.About)), marks, b.Text}
}

// saidHow tells how a follow-up was asked and what else was answered.
func saidHow(l i18n.Lang, b *entry.FollowUp, span string) []string {
	marks := some(span)
	if b.How != "" {
		marks = append(marks, l.T("told.way."+string(b.How)))
	}
	if b.Tries > 0 {
		marks = append(marks, l.N("said.tries", b.Tries))
	}
	if b.Feels > 0 {
		marks = append(marks, l.T("feels."+strconv.Itoa(b.Feels)))
	}
	if b.Call {
		marks = append(marks, l.T("said.call"))
	}
	return marks
}

// saidThree tells when and where a meeting of three is.
func saidThree(l i18n.Lang, b *entry.Handoff) []string {
	if b.Meeting.IsZero() {
		return nil
	}
	clock := ""
	if b.Minute > 0 {
		clock = l.Clock(b.Minute)
	}
	return some(l.DayShort(b.Meeting), clock, b.Place)
}

func ownerWord(l i18n.Lang, b *entry.Task, name Names) string {
	if b.Owner == entry.ByWorker && b.Worker != "" {
		return name("worker", b.Worker)
	}
	return l.T("owner." + string(b.Owner))
}

// figures shows an instrument's values: the single one as a figure, more of them as a mean of so many answers.
func figures(l i18n.Lang, b *entry.Measure) []string {
	sum := 0.0
	for _, v := range b.Values {
		sum += v
	}
	marks := some(l.T("measure." + b.When))
	switch n := len(b.Values); {
	case n == 1:
		marks = append(marks, decimal(l, sum))
	case n > 1:
		marks = append(marks, l.T("said.mean", "mean", decimal(l, sum/float64(n)), "n", n))
	}
	if b.Helped {
		marks = append(marks, l.T("said.helped"))
	}
	return marks
}

func decimal(l i18n.Lang, v float64) string {
	t := strings.TrimSuffix(strconv.FormatFloat(v, 'f', 1, 64), ".0")
	if l != i18n.EN {
		t = strings.Replace(t, ".", ",", 1)
	}
	return t
}

// some keeps the words that say something.
func some(words ...string) []string {
	var kept []string
	for _, w := range words {
		if w != "" && w != "–" {
			kept = append(kept, w)
		}
	}
	return kept
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// refused tells why what the client asked to be corrected was not.
func refused(l i18n.Lang, why string) string {
	if why == "" {
		return ""
	}
	return l.T("said.refused", "why", why)
}
