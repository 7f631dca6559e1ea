package web

import (
	"math"
	"strconv"
	"strings"

	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/ident"
	"polku/internal/path"
	"polku/internal/web/view"
)

// readEntry reads the entry of the form. Wrong fields are added to wrong.
func (q *request) readEntry(tx *db.Tx, o onePath, wrong map[string]string) entry.Entry {
	v := q.PostFormValue
	e := entry.Entry{ID: v("id"), Minute: -1, Mode: entry.Mode(v("mode"))}
	if !ident.Valid(e.ID) {
		e.ID = ident.New()
	}
	switch v("when") {
	case "yesterday":
		e.Day = tx.Today - 1
	case "other":
		if e.Day = q.day("day"); e.Day.IsZero() {
			wrong["day"] = "record.no_day"
		}
	default:
		e.Day = tx.Today
	}
	if e.Day > tx.Today {
		wrong["day"] = "record.future_day"
	}
	if t := v("time"); t != "" {
		if e.Minute = parseClock(t); e.Minute < 0 {
			wrong["time"] = "record.bad_time"
		}
	}
	if m := strings.TrimSpace(v("minutes")); m != "" {
		n, err := strconv.Atoi(m)
		if err != nil || n < 0 || n > 24*60 {
			wrong["minutes"] = "record.bad_minutes"
		} else {
			e.Minutes = n
		}
	}
	e.Body = q.readBody(o, &e, wrong)
	if e.Body != nil {
		e.Kind = e.Body.Kind()
	}
	return e
}

// readBody reads the part of the form that belongs to what was chosen.
func (q *request) readBody(o onePath, e *entry.Entry, wrong map[string]string) entry.Body {
	v := q.PostFormValue
	need := func(field, key string) string {
		if v(field) == "" {
			wrong[field] = key
		}
		return v(field)
	}
	text := v("text")
	switch what := view.What(v("what")); what {
	case view.WhatCall, view.WhatMeeting, view.WhatVisit, view.WhatMessage, view.WhatLetter:
		switch what {
		case view.WhatCall:
			e.Mode = entry.Phone
		case view.WhatMessage, view.WhatLetter:
			e.Mode = entry.Text
		}
		return &entry.Contact{Form: entry.Form(what), Result: entry.Result(need("result", "record.no_result")), With: v("with"), Topics: q.PostForm["topic"], Text: text}
	case view.WhatAttendance:
		return &entry.Attendance{Group: v("group"), Theme: v("theme"), Text: text}
	case view.WhatAbsence:
		e.Minutes = 0
		return &entry.Absence{Reason: entry.Reason(need("reason", "record.no_reason")), Group: v("group"), Theme: v("theme"), Text: text}
	case view.WhatNote:
		return &entry.Note{Text: need("text", "record.no_text")}
	case view.WhatCheckpoint:
		area, item, _ := strings.Cut(need("item", "record.no_item"), "/")
		return &entry.Checkpoint{Area: area, Item: item, State: entry.StationState(v("item_state")), Text: text}
	case view.WhatOffer:
		return &entry.Offer{Offer: need("offer", "record.no_offer"), State: entry.OfferState(v("offer_state")), Cents: q.cents("price", wrong), Text: text}
	case view.WhatPlan:
		return &entry.Plan{Plan: need("plan", "record.no_plan"), Text: text}
	case view.WhatReview:
		return &entry.Review{Plan: need("plan", "record.no_plan"), Text: text}
	case view.WhatMeasure:
		return q.readMeasure(o, wrong)
	case view.WhatPlacement:
		return &entry.Placement{Placement: v("place"), Where: need("where", "record.no_where"), From: q.day("from"), To: q.day("to"), Text: text}
	case view.WhatFollowUp:
		return &entry.FollowUp{After: need("after", "record.no_after"), Outcome: need("outcome", "record.no_outcome"), Text: text}
	}
	wrong["what"] = "record.no_what"
	return nil
}

// readMeasure reads the first instrument that was filled in; readMeasures gives the others.
func (q *request) readMeasure(o onePath, wrong map[string]string) entry.Body {
	all := q.readMeasures(o, wrong)
	if len(all) == 0 {
		if len(wrong) == 0 {
			wrong["what"] = "record.no_values"
		}
		return nil
	}
	return all[0]
}

// readMeasures reads every instrument of which some item was filled in.
func (q *request) readMeasures(o onePath, wrong map[string]string) []*entry.Measure {
	var all []*entry.Measure
	for _, in := range q.instruments(o) {
		b := &entry.Measure{Instrument: in.ID, When: q.PostFormValue("measure_when"), Helped: q.PostFormValue("helped") != "", Values: map[string]float64{}}
		for _, item := range in.Items {
			field := "m_" + in.ID + "." + item.ID
			typed := strings.TrimSpace(q.PostFormValue(field))
			if typed == "" {
				continue
			}
			x, err := strconv.ParseFloat(strings.Replace(typed, ",", ".", 1), 64)
			if err != nil || math.IsNaN(x) || x < float64(item.Min) || x > float64(item.Max) {
				wrong[field] = "record.bad_value"
				continue
			}
			b.Values[item.ID] = x
		}
		if len(b.Values) > 0 {
			all = append(all, b)
		}
	}
	return all
}

// cents reads euros such as 120 or 119,50 as whole cents.
func (q *request) cents(field string, wrong map[string]string) int64 {
	typed := strings.NewReplacer(" ", "", "\u00a0", "", "€", "", ",", ".").Replace(q.PostFormValue(field))
	if typed == "" {
		return 0
	}
	x, err := strconv.ParseFloat(typed, 64)
	if err != nil || math.IsNaN(x) || x < 0 || x > 1e7 {
		wrong[field] = "record.bad_euros"
		return 0
	}
	return int64(math.Round(x * 100))
}

// readStep reads the fields of a next step.
func (q *request) readStep(wrong map[string]string) path.Step {
	v := q.PostFormValue
	s := path.Step{What: strings.TrimSpace(v("step_what")), Owner: entry.Owner(v("step_who")), Worker: v("step_worker"), By: q.day("step_by"), Place: v("step_place")}
	if s.Owner != entry.ByClient && s.Owner != entry.ByOther {
		s.Owner = entry.ByWorker
	}
	if t := v("step_time"); t != "" {
		if s.Minute = parseClock(t); s.Minute < 0 {
			wrong["step_time"] = "record.bad_time"
			s.Minute = 0
		}
	}
	return s
}

// parseClock reads 9.30, 9:30 or 9 as a minute of the day; -1 when it is no time.
func parseClock(s string) int {
	h, m, _ := strings.Cut(strings.NewReplacer(":", ".", " ", "", "klo", "").Replace(strings.ToLower(s)), ".")
	hour, err := strconv.Atoi(h)
	if err != nil || hour < 0 || hour > 23 {
		return -1
	}
	if m == "" {
		return hour * 60
	}
	minute, err := strconv.Atoi(m)
	if err != nil || minute < 0 || minute > 59 {
		return -1
	}
	return hour*60 + minute
}
