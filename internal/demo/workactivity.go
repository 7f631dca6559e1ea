package demo

import (
	"slices"
	"strings"
	"time"

	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/ident"
	"polku/internal/ruleset"
	"polku/internal/workactivity"
)

// workLife adds to a finished walk what an activity by the act 189/2001 has beside its days: the period agreed, its end,
// and now and then an accident. It throws dice of its own, so that the rest of the demo stays as it is.
func (k *walk) workLife(seed uint64) {
	if !slices.Contains(k.m.Rules, ruleset.WorkActivity) {
		return
	}
	first, last, days := k.activityDays()
	if first.IsZero() {
		return
	}
	d := newDice(seed, "work/"+k.p.name)
	say := func(key string) string { return pick(d, k.w.notes["fi"]["work_"+key]) }
	from := first
	if !k.p.closed && from.AddMonths(24) < k.today+60 { // earlier periods were agreed before anybody wrote them down here
		from = (k.today - 300).Monday()
	}
	to := last
	for months := 6; months <= 24; months += 6 {
		if to = from.AddMonths(months) - 1; to >= last && (k.p.closed || to > k.today+60) {
			break
		}
	}
	place, _, _ := strings.Cut(k.s.Place, ",")
	b := entry.WorkPeriod{From: from, To: to, Days: days, Minutes: 240, Place: place, Provider: k.s.Town, Legal: entry.FormMunicipality, Goal: say("goal"),
		What: say("what"), Guidance: say("guidance"), Evaluate: to - 14}
	if k.s.ID == longest {
		b.Remote, b.Place, b.Tasks, b.Contact = days, say("place_remote"), say("tasks"), say("contact")
	}
	b.Period = ident.Of(k.pathID, "work")
	k.tell(b.Period, from, &b)
	if k.p.closed && last < to {
		why, known := endOfWork[k.p.exit]
		if !known {
			why = entry.PeriodOther
		}
		k.tell(ident.Of(k.pathID, "work end"), last, &entry.WorkPeriodEnd{Period: b.Period, Last: last, Why: why})
	}
	if d.chance(6) {
		id := ident.Of(k.pathID, "incident")
		x := entry.Incident{Incident: id, Type: entry.IncidentNearMiss, What: say("near"), Prevent: say("prevent")}
		if d.chance(40) {
			x.Type, x.What, x.Injury, x.Reported = entry.IncidentAccident, say("accident"), say("injury"), first
		}
		k.tell(id, first, &x)
	}
}

// tell writes an entry down on the afternoon of its day, in among those that the walk has made.
func (k *walk) tell(id string, day civil.Date, body entry.Body) {
	y, m, d := day.Parts()
	k.entries = append(k.entries, entry.Entry{ID: id, Day: day, Minute: -1, Kind: body.Kind(), Author: workerID(k.responsible),
		RecordedAt: time.Date(y, time.Month(m), d, 15, 30, 0, 0, k.zone).UnixMicro(), Body: body})
}

// activityDays gives the first and last day on which the client took part or was to, and the weekdays on which that was
// usual, four at most.
func (k *walk) activityDays() (first, last civil.Date, usual []int) {
	var by [8]int
	all := 0
	for i := range k.entries {
		e := &k.entries[i]
		if e.Kind != entry.KindAttendance && e.Kind != entry.KindAbsence {
			continue
		}
		if first.IsZero() || e.Day < first {
			first = e.Day
		}
		last = max(last, e.Day)
		by[e.Day.Weekday()]++
		all++
	}
	most := slices.Index(by[:], slices.Max(by[:]))
	for day := 1; day <= 5; day++ {
		if day == most || len(usual) < 3 && 4*by[day] > all {
			usual = append(usual, day)
		}
	}
	return first, last, usual
}

// endOfWork is why a period ended, by where the client went.
var endOfWork = map[string]entry.PeriodEnd{"open-work": entry.PeriodWork, "subsidised-work": entry.PeriodWork, "self-employment": entry.PeriodWork, "education": entry.PeriodStudies,
	"apprenticeship": entry.PeriodStudies, "rehabilitation": entry.PeriodHealth, "health-care": entry.PeriodHealth, "pension": entry.PeriodHealth, "moved": entry.PeriodMoved,
	"withdrew": entry.PeriodWish}

// workOrganisers says who arranges the activity and insures: remote days are in use where all is remote.
func workOrganisers(tx *db.Tx, w *words) error {
	for _, r := range w.world.Registers {
		if r.Kind != "work-activity-register" {
			continue
		}
		if err := workactivity.SaveOrganiser(tx, workactivity.Organiser{Register: r.ID, Remote: r.ID == longest, Insurer: w.notes["fi"]["work_insurer"][0],
			Policy: "KTT-0001", Contact: w.notes["fi"]["work_report_to"][0], Steward: w.notes["fi"]["work_steward"][0]}); err != nil {
			return err
		}
	}
	return nil
}
