package pathway

import (
	"fmt"
	"strconv"
	"strings"

	"polku/internal/civil"
	"polku/internal/entry"
)

// words reads one line of a scenario: plain words, "words in quotes", and named ones such as `by mia`.
type words struct{ list []string }

func split(line string) words {
	var w words
	for line = strings.TrimSpace(line); line != ""; line = strings.TrimSpace(line) {
		if line[0] == '"' {
			text, rest, _ := strings.Cut(line[1:], `"`)
			w.list, line = append(w.list, text), rest
			continue
		}
		text, rest, _ := strings.Cut(line, " ")
		w.list, line = append(w.list, text), rest
	}
	return w
}

// next takes the first word.
func (w *words) next() string {
	if len(w.list) == 0 {
		return ""
	}
	s := w.list[0]
	w.list = w.list[1:]
	return s
}

// after takes `name value` out of the line and gives the value, "" when the name is not there.
func (w *words) after(name string) string {
	for i := 0; i+1 < len(w.list); i++ {
		if w.list[i] == name {
			s := w.list[i+1]
			w.list = append(w.list[:i:i], w.list[i+2:]...)
			return s
		}
	}
	return ""
}

func (w *words) day(name string) civil.Date {
	s := w.after(name)
	if s == "" {
		return 0
	}
	return civil.MustParse(s)
}

// minutes takes `60 min`.
func (w *words) minutes() int {
	for i := 1; i < len(w.list); i++ {
		if w.list[i] == "min" {
			n, err := strconv.Atoi(w.list[i-1])
			if err != nil {
				panic(err)
			}
			w.list = append(w.list[:i-1:i-1], w.list[i+1:]...)
			return n
		}
	}
	return 0
}

// given reads `2026-02-03 contact meeting held by mia 60 min topics work-history,next-step id m1`. Every line may end
// with `id NAME` and `recorded DAY`; entries without a name are called e1, e2 … in the order of the file, and
// recorded on their day.
func given(line string, n int) entry.Entry {
	w := split(line)
	e := entry.Entry{Day: civil.MustParse(w.next()), Minute: -1}
	e.ID = w.after("id")
	if e.ID == "" {
		e.ID = fmt.Sprintf("e%d", n)
	}
	recorded := e.Day
	if d := w.day("recorded"); !d.IsZero() {
		recorded = d
	}
	e.RecordedAt = recorded.Time().UnixMicro() + int64(n)
	e.Minutes = w.minutes()
	e.Author = w.after("by")
	kind := w.next()
	if kind == "correct" {
		e.Corrects = w.next()
		kind = w.next()
	}
	e.Body = body(kind, &w, &e)
	e.Kind = e.Body.Kind()
	if len(w.list) > 0 {
		panic(fmt.Sprintf("%q: not understood: %v", line, w.list))
	}
	return e
}

func list(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ",")
}

func body(kind string, w *words, e *entry.Entry) entry.Body {
	switch kind {
	case "start":
		b := &entry.Start{Phase: w.after("phase"), Imported: w.day("imported")}
		b.Model, b.Version, _ = strings.Cut(w.next(), "@")
		return b
	case "contact":
		return &entry.Contact{With: w.after("with"), Topics: list(w.after("topics")), Form: entry.Form(w.next()), Result: entry.Result(w.next())}
	case "attendance":
		return &entry.Attendance{Theme: w.after("theme")}
	case "absence":
		return &entry.Absence{Reason: entry.Reason(w.next())}
	case "task":
		b := &entry.Task{Task: e.ID, By: w.day("due"), From: entry.TaskFrom(w.after("from")), Owner: entry.Owner(w.after("owner")), Worker: w.after("worker"), What: w.next()}
		if b.From == "" {
			b.From = entry.FromNextStep
		}
		if b.Owner == "" {
			b.Owner = entry.ByWorker
		}
		if again := w.after("again"); again != "" {
			b.Task = again
		}
		return b
	case "task-end":
		return &entry.TaskEnd{Task: w.next(), Outcome: entry.TaskOutcome(w.next())}
	case "excuse":
		b := &entry.Excuse{Obligation: w.next()}
		b.Waived = w.next() == "waived"
		b.Why = w.next()
		return b
	case "measure":
		return &entry.Measure{Instrument: w.next(), When: w.next()}
	case "plan":
		return &entry.Plan{Plan: w.next()}
	case "review":
		return &entry.Review{Plan: w.next()}
	case "checkpoint":
		b := &entry.Checkpoint{}
		b.Area, b.Item, _ = strings.Cut(w.next(), "/")
		b.State = entry.StationState(w.next())
		return b
	case "offer":
		return &entry.Offer{Offer: w.next(), State: entry.OfferState(w.next())}
	case "phase":
		return &entry.Phase{Phase: w.next()}
	case "pause":
		return &entry.Pause{Check: w.day("check")}
	case "resume":
		return &entry.Resume{}
	case "relation":
		return &entry.Relation{Until: w.day("until"), Role: entry.Role(w.next()), Worker: w.next(), Ended: w.next() == "ended"}
	case "handoff":
		return &entry.Handoff{From: w.after("from"), To: w.after("to"), Handoff: w.next(), Step: entry.HandoffStep(w.next())}
	case "exit":
		b := &entry.Exit{Step: entry.ExitStep(w.next()), To: w.next()}
		b.Imported = w.next() == "imported"
		return b
	case "reopen":
		return &entry.Reopen{Phase: w.next()}
	case "follow-up":
		return &entry.FollowUp{After: w.next(), Outcome: w.next()}
	case "model":
		b := &entry.ModelMove{}
		b.Model, b.Version, _ = strings.Cut(w.next(), "@")
		for _, pair := range list(w.after("phases")) {
			if b.Phases == nil {
				b.Phases = map[string]string{}
			}
			old, now, _ := strings.Cut(pair, "=")
			b.Phases[old] = now
		}
		return b
	case "period":
		return &entry.WorkPeriod{Period: w.next(), From: w.day("from"), To: w.day("to")}
	case "period-end":
		return &entry.WorkPeriodEnd{Period: w.next(), Last: w.day("last")}
	case "credit":
		return &entry.Credit{Satisfies: list(w.next())}
	case "note":
		return &entry.Note{Text: w.next()}
	case "retract":
		e.Corrects = w.next()
		return &entry.Retraction{}
	}
	panic("unknown kind " + kind)
}

// path makes the usual beginning: `MODEL@VERSION from DAY by WORKER [phase PHASE]` starts the path, names the
// responsible worker and sets a next step so far off that it never matters.
func path(line string) []entry.Entry {
	w := split(line)
	m := w.next()
	day, worker := w.after("from"), w.after("by")
	start := day + " start " + m + " id start"
	if p := w.after("phase"); p != "" {
		start += " phase " + p
	}
	return []entry.Entry{
		given(start, 1),
		given(day+" relation responsible "+worker+" id resp", 2),
		given(day+` task "Seuraava askel" due 2099-12-31 id step`, 3),
	}
}
