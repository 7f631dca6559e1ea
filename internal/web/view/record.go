package view

import (
	"slices"

	"github.com/a-h/templ"

	"polku/internal/civil"
	"polku/internal/entry"
	"polku/internal/pathway"
)

// What names what is recorded: the choice of the record form. Value of the field "what".
type What string

// What can be recorded from the one screen. The first five are contacts by form.
const (
	WhatCall       What = "call"
	WhatMeeting    What = "meeting"
	WhatVisit      What = "visit"
	WhatMessage    What = "message"
	WhatLetter     What = "letter"
	WhatAttendance What = "attendance"
	WhatAbsence    What = "absence"
	WhatNote       What = "note"
	WhatCheckpoint What = "checkpoint"
	WhatOffer      What = "offer"
	WhatPlan       What = "plan"
	WhatReview     What = "review"
	WhatMeasure    What = "measure"
	WhatPlacement  What = "placement"
	WhatConsent    What = "consent"
	WhatFollowUp   What = "follow_up"
)

// Whats in the order they are offered.
var Whats = []What{WhatCall, WhatMeeting, WhatVisit, WhatMessage, WhatLetter, WhatAttendance, WhatAbsence, WhatNote}

// MoreWhats are the rarer ones, behind "muu".
var MoreWhats = []What{WhatCheckpoint, WhatOffer, WhatPlan, WhatReview, WhatMeasure, WhatPlacement, WhatConsent, WhatFollowUp}

// Conflict is shown when somebody else wrote meanwhile: both texts, and the own one still in the form.
type Conflict struct {
	Who  string // who wrote
	When string // when, in words
	Said Said   // what they wrote
}

// Item of an instrument that is filled in on the record form.
type MeasureItem struct {
	ID, Text string
	Min, Max int
	Value    string // as typed
}

// Instrument that may be filled in.
type Instrument struct {
	ID, Name string
	Items    []MeasureItem
}

// Record is the one screen for recording with the next step. GET and POST /c/{id}/record.
//
// Fields sent: id (the entry's id, made by the server at GET: sending twice is harmless), step_id (likewise for
// the task), corrects, duty, what, when (today|yesterday|other), day (2026-03-18), time (9.30), minutes,
// result, mode, with, topic (many), group, theme, reason, item (area/item), item_state, offer, offer_state, cents as
// euros, plan, instrument, m_ITEM, measure_when, helped, place, where, from, to, scope, given, until, after, outcome, text,
// phrase (put that ready phrase into the text, save nothing), step (keep|done|new), step_what, step_who (worker|client|other), step_worker, step_by, step_time, step_place.
type Record struct {
	Shell
	Who      Identity
	ID       string // new entry's id
	StepID   string // new task's id
	Corrects string // id of the entry that is corrected; empty: a new one
	Duty     string // obligation that the recording is for; prefilled
	DutyWhat string // in words

	What     What
	When     string     // today, yesterday, other
	On       civil.Date // the day it happened, when it is neither today nor yesterday
	DayTyped string     // as typed, when it could not be read
	Time     string
	Minutes  string
	Result   entry.Result
	Mode     entry.Mode
	With     string
	Topics   []Option
	Groups   []Option
	Themes   []Option
	Reasons  []Option
	Items    []Option // checkpoints, value area/item
	Offers   []Option
	Plans    []Option
	Measures []Instrument
	Places   []Option // kinds of placement
	Scopes   []Option
	Afters   []Option // follow-ups asked for
	Outcomes []Option // destinations
	Text     string
	Phrases  []Phrase          // ready phrases, offered under the text
	Rest     map[string]string // the rarer fields as typed: item_state, offer_state, price, measure_when, helped, where, from, to, given, until

	Now         *Step // the next step as it stands
	StepDo      string
	StepWhat    string
	StepWho     entry.Owner
	StepBy      string // 2006-01-02, or as typed
	StepTime    string
	StepPlace   string
	StepTaken   string   // the hour that was found taken when the form was sent: sent again, it is meant
	Suggestions []string // what the next step might be
	Errors      Errors
	Conflict    *Conflict
}

// ClosedWhats are offered of a path that has ended: how things are, first of all.
var ClosedWhats = []What{WhatFollowUp, WhatCall, WhatMeeting, WhatMessage, WhatLetter, WhatNote}

// usual are the kinds that are offered at once, and further those behind "muu".
func (p Record) usual() []Option {
	if p.Who.Status == pathway.Closed {
		return p.whats(ClosedWhats)
	}
	return p.whats(Whats)
}

func (p Record) further() []Option {
	if p.Who.Status == pathway.Closed {
		return nil
	}
	return p.whats(MoreWhats)
}

func (p Record) whats(list []What) []Option {
	all := make([]Option, 0, len(list))
	for _, w := range list {
		all = append(all, Option{Value: string(w), Text: p.T("what." + string(w)), On: p.What == w})
	}
	return all
}

// rare tells whether one of the rarer kinds is chosen, so that their row stands open.
func (p Record) rare() bool {
	for _, w := range MoreWhats {
		if p.What == w {
			return true
		}
	}
	return false
}

func (p Record) whens() []Option {
	all := []Option{}
	for _, w := range []string{"today", "yesterday", "other"} {
		all = append(all, Option{Value: w, Text: p.T("record.when." + w), On: or(p.When, "today") == w})
	}
	return all
}

func (p Record) results() []Option {
	all := []Option{}
	for _, r := range []entry.Result{entry.Held, entry.NoAnswer, entry.NoShow, entry.Cancelled} {
		chosen := p.Result
		if chosen == "" {
			chosen = entry.Held
		}
		all = append(all, Option{Value: string(r), Text: p.T("result." + string(r)), On: chosen == r})
	}
	return all
}

func (p Record) modes() []Option {
	all := []Option{}
	for _, m := range []entry.Mode{entry.OnSite, entry.Remote} {
		chosen := p.Mode
		if chosen == "" {
			chosen = entry.OnSite
		}
		all = append(all, Option{Value: string(m), Text: p.T("mode." + string(m)), On: chosen == m})
	}
	return all
}

// words makes options of catalogue keys prefix+word; the chosen one is on, else the first.
func (s Shell) words(prefix, chosen string, list ...string) []Option {
	if !slices.Contains(list, chosen) {
		chosen = list[0]
	}
	all := make([]Option, 0, len(list))
	for _, w := range list {
		all = append(all, Option{Value: w, Text: s.T(prefix + w), On: w == chosen})
	}
	return all
}

func (p Record) stepChoices() []Option {
	if p.Now == nil {
		return nil
	}
	do := or(p.StepDo, "keep")
	if p.IsLate(p.Now.By) && p.StepDo == "" {
		do = "done"
	}
	return []Option{
		{Value: "keep", Text: p.T("record.step.keep"), On: do == "keep"},
		{Value: "done", Text: p.T("record.step.done"), On: do == "done"},
		{Value: "new", Text: p.T("record.step.new"), On: do == "new"},
	}
}

func (p Record) stepOwners() []Option {
	all := []Option{}
	who := p.StepWho
	if who == "" {
		who = entry.ByWorker
	}
	for _, o := range []entry.Owner{entry.ByWorker, entry.ByClient, entry.ByOther} {
		text := p.T("record.step_who." + string(o))
		all = append(all, Option{Value: string(o), Text: text, On: who == o})
	}
	return all
}

// soon are days that are one tap away: label and day.
func (s Shell) soonDays() []Option {
	all := []Option{}
	for _, n := range []struct {
		key  string
		days civil.Date
	}{{"record.in_1", 1}, {"record.in_7", 7}, {"record.in_14", 14}, {"record.in_28", 28}} {
		d := s.Day + n.days
		if d.Weekday() > 5 {
			d = d + civil.Date(8-d.Weekday()) // weekends move to Monday
		}
		all = append(all, Option{Value: d.String(), Text: s.T(n.key), Hint: s.Lang.DayShort(d)})
	}
	return all
}

func (p Record) dayValue() string {
	if p.DayTyped != "" {
		return p.DayTyped
	}
	if p.On.IsZero() {
		return p.Day.String()
	}
	return p.On.String()
}

// Page is the view.
func (p Record) Page() templ.Component { return record(p) }

func (p Record) recordTitle() string {
	if p.Corrects != "" {
		return p.T("record.correct")
	}
	return p.T("record.title")
}

// StepForm holds the fields of a next step: step_what, step_who, step_by, step_time, step_place.
type StepForm struct {
	What, By, Time, Place string
	Owners                []Option
	Suggestions           []string
	Errors                Errors
}
