package pathway

import (
	"fmt"

	"pgregory.net/rapid"

	"polku/internal/civil"
	"polku/internal/entry"
)

var (
	genBase    = civil.MustParse("2025-03-03")
	genModels  = []string{"viikko@2026-1", "viikko@2026-2", "ryhma@2026-1", "palvelu@2026-1", "tyotoiminta@2026-1", "tyokykya-ja-hyvinvointia@2015-1", "reisjarvi-kuntouttava@2019-1", "none@1"}
	genPhases  = []string{"alku", "jatko", "aloitus", "paja", "kartoitus", "valmennus", "jakso", "tutustuminen", "tyopaja", "none"}
	genWorkers = []string{"mia", "sam", "kaj", ""}
	genKinds   = []string{"contact", "contact", "contact", "attendance", "attendance", "absence", "task", "task-end", "excuse", "measure", "plan", "review",
		"checkpoint", "offer", "phase", "pause", "resume", "relation", "handoff", "exit", "reopen", "follow-up", "model", "credit", "note", "period", "period-end"}
	// kinds that can meet obligations
	genMeeting = []string{"contact", "attendance", "measure", "offer", "follow-up", "plan", "review"}
)

func oneOf(t *rapid.T, name string, list ...string) string {
	return rapid.SampledFrom(list).Draw(t, name)
}

// genBody makes a body of any kind out of few words, so that they meet each other often.
func genBody(t *rapid.T, kind string) entry.Body {
	day := func() civil.Date { return genBase + civil.Date(rapid.IntRange(-5, 420).Draw(t, "day")) }
	switch kind {
	case "contact":
		b := &entry.Contact{Form: entry.Form(oneOf(t, "form", "meeting", "visit", "call", "message")),
			Result: entry.Result(oneOf(t, "result", "held", "held", "held", "no_show", "no_answer", "cancelled", "booked")), With: oneOf(t, "with", "", "", "", "employer")}
		if rapid.Bool().Draw(t, "topic") {
			b.Topics = []string{oneOf(t, "topics", "work-history", "next-step", "overall-situation")}
		}
		return b
	case "attendance":
		return &entry.Attendance{Theme: oneOf(t, "theme", "", "cooking", "workshop-tasks", "trips")}
	case "absence":
		return &entry.Absence{Reason: entry.Reason(oneOf(t, "reason", "unexplained", "unexplained", "sick", "service_cancelled_by_organiser"))}
	case "task":
		b := &entry.Task{Task: oneOf(t, "task", "", "t1", "t2"), Owner: entry.Owner(oneOf(t, "owner", "worker", "client", "")), From: entry.TaskFrom(oneOf(t, "from", "next_step", "home", "goal"))}
		if rapid.IntRange(0, 9).Draw(t, "dated") > 0 {
			b.By = day()
		}
		return b
	case "task-end":
		return &entry.TaskEnd{Task: oneOf(t, "task", "t1", "t2", "step"), Outcome: entry.Done}
	case "excuse":
		phase, week := oneOf(t, "phase", genPhases...), genBase+civil.Date(7*rapid.IntRange(0, 60).Draw(t, "week"))
		return &entry.Excuse{Waived: rapid.Bool().Draw(t, "waived"), Why: "x", Obligation: oneOf(t, "obligation", phase+"/yksilo/"+weekName(week),
			phase+"/topic/next-step", phase+"/phase_end", "review/coaching-plan/"+genBase.String(), "first_contact", "follow_up/1 month")}
	case "measure":
		return &entry.Measure{Instrument: oneOf(t, "instrument", "work-ability-now", "perceived-change"), When: oneOf(t, "when", "start", "end")}
	case "plan":
		return &entry.Plan{Plan: oneOf(t, "plan", "coaching-plan", "activation-plan")}
	case "review":
		return &entry.Review{Plan: oneOf(t, "plan", "coaching-plan", "activation-plan")}
	case "checkpoint":
		return &entry.Checkpoint{Area: "work", Item: oneOf(t, "item", "cv", "employer-visit"), State: entry.StationState(oneOf(t, "state", "chosen", "reached"))}
	case "offer":
		return &entry.Offer{Offer: oneOf(t, "offer", "laakari", "korttikoulutus"), State: entry.OfferState(oneOf(t, "state", "offered", "declined"))}
	case "phase":
		return &entry.Phase{Phase: oneOf(t, "phase", genPhases...)}
	case "pause":
		b := &entry.Pause{}
		if rapid.Bool().Draw(t, "check") {
			b.Check = day()
		}
		return b
	case "resume":
		return &entry.Resume{}
	case "relation":
		return &entry.Relation{Worker: oneOf(t, "worker", genWorkers...), Role: entry.Role(oneOf(t, "role", "responsible", "cover", "helper")),
			Ended: rapid.IntRange(0, 4).Draw(t, "ended") == 0}
	case "handoff":
		return &entry.Handoff{Handoff: oneOf(t, "handoff", "h1", "h2"), From: "mia", To: oneOf(t, "to", genWorkers...),
			Step: entry.HandoffStep(oneOf(t, "step", "offered", "offered", "accepted", "declined", "withdrawn", "first_contact"))}
	case "exit":
		return &entry.Exit{Step: entry.ExitStep(oneOf(t, "step", "asked", "withdrawn", "done")), To: oneOf(t, "to", "open-work", "died", "rehabilitation", "withdrew", "none"),
			Imported: rapid.IntRange(0, 5).Draw(t, "imported") == 0}
	case "reopen":
		return &entry.Reopen{Phase: oneOf(t, "phase", "", "jatko", "valmennus")}
	case "follow-up":
		return &entry.FollowUp{After: oneOf(t, "after", "1 month", "6 months", "x"), Outcome: "open-work"}
	case "model":
		return &entry.ModelMove{Model: "viikko", Version: oneOf(t, "version", "2026-1", "2026-2"), Phases: map[string]string{"alku": "aloitus"}}
	case "period":
		from := day()
		return &entry.WorkPeriod{Period: oneOf(t, "period", "p1", "p2"), From: from, To: from + civil.Date(rapid.IntRange(0, 800).Draw(t, "long"))}
	case "period-end":
		return &entry.WorkPeriodEnd{Period: oneOf(t, "period", "p1", "p2"), Last: day()}
	case "credit":
		return &entry.Credit{Satisfies: []string{oneOf(t, "phase", genPhases...)}}
	}
	return &entry.Note{Text: "x"}
}

func genEntry(t *rapid.T, id string, kinds []string) entry.Entry {
	e := entry.Entry{ID: id, Day: genBase + civil.Date(rapid.IntRange(-3, 420).Draw(t, "day")), Minute: rapid.IntRange(-1, 2).Draw(t, "minute"),
		Minutes: 60 * rapid.IntRange(0, 9).Draw(t, "minutes"), Author: oneOf(t, "author", genWorkers...)}
	e.RecordedAt = (e.Day + civil.Date(rapid.IntRange(-20, 5).Draw(t, "recorded"))).Time().UnixMicro()
	e.Body = genBody(t, oneOf(t, "kind", kinds...))
	e.Kind = e.Body.Kind()
	return e
}

// genPath makes a path of up to 40 entries that begins around genBase; without names kinds that must not occur.
func genPath(t *rapid.T, without ...string) []entry.Entry {
	entries := path(fmt.Sprintf("%s from %s by mia", oneOf(t, "model", genModels...), genBase+civil.Date(rapid.IntRange(0, 6).Draw(t, "start"))))
	var kinds []string
	for _, k := range genKinds {
		if !contains(without, k) {
			kinds = append(kinds, k)
		}
	}
	for i := range rapid.IntRange(0, 40).Draw(t, "n") {
		entries = append(entries, genEntry(t, fmt.Sprintf("g%02d", i), kinds))
	}
	return entries
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func genToday(t *rapid.T) civil.Date {
	return genBase + civil.Date(rapid.IntRange(-2, 460).Draw(t, "today"))
}
