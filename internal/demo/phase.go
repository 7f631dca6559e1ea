package demo

import (
	"slices"

	"polku/internal/civil"
	"polku/internal/entry"
	"polku/internal/ident"
	"polku/internal/model"
	"polku/internal/ruleset"
)

// enter begins a stay and plans all of it.
func (k *walk) enter(i int, day civil.Date) {
	k.stay, k.since = i, day
	ph := k.p.stays[i].phase
	k.until = day + civil.Date(max(10, k.p.stays[i].days))
	k.meets = map[civil.Date]bool{}
	k.topics = slices.Clone(ph.Topics)
	k.Shuffle(len(k.topics), func(a, b int) { k.topics[a], k.topics[b] = k.topics[b], k.topics[a] })
	if i == 0 {
		k.meet(k.workday(day+k.days(1, 2)), firstContact(ph))
		k.planReviews(day)
	}
	k.planCadences(ph)
	k.planMeasures(ph)
	k.planOffers(ph)
	for d := day + 2; d < k.horizon(); d += 7 {
		for range k.p.dense / 10 {
			k.at(d+k.days(0, 6), k.chat)
		}
		if k.chance(k.p.dense % 10 * 10) {
			k.at(d+k.days(0, 6), k.chat)
		}
		if k.chance(12) {
			k.at(d+k.days(0, 6), k.checkpoint)
		}
	}
	k.surely(k.until, k.endPhase)
}

// horizon is how far a stay is planned.
func (k *walk) horizon() civil.Date { return min(k.until, k.today+45) }

// firstContact is the cadence that a first meeting stands for.
func firstContact(ph *model.Phase) *model.Cadence {
	for i := range ph.Cadences {
		if ph.Cadences[i].Do != model.DoAttendance {
			return &ph.Cadences[i]
		}
	}
	return nil
}

// planCadences plans the meetings and group days of every window of the stay.
func (k *walk) planCadences(ph *model.Phase) {
	group := map[civil.Date][]*model.Cadence{} // group days, and which cadences they serve
	var groupDays []civil.Date
	for i := range ph.Cadences {
		c := &ph.Cadences[i]
		for from := k.since; from < k.horizon(); {
			to := windowEnd(c.Every, from)
			days := k.choose(c, from, min(to, k.until-1))
			if c.Do == model.DoAttendance && k.joins(groupDays, from, to) {
				days = within(groupDays, from, to)[:min(c.AtLeast, len(within(groupDays, from, to)))]
			}
			for _, d := range days {
				switch {
				case c.Do == model.DoAttendance:
					if len(group[d]) == 0 {
						groupDays = append(groupDays, d)
					}
					group[d] = append(group[d], c)
				default:
					k.meet(d, c)
				}
			}
			from = to + 1
		}
	}
	slices.Sort(groupDays)
	for _, d := range groupDays {
		k.at(d, func(day civil.Date) { k.attend(day, group[d], false) })
	}
}

// joins tells whether a further group is held on the days of the first: where the act asks four hours a day, a
// short group of its own would be no day of activity (189/2001 s. 13b.2).
func (k *walk) joins(days []civil.Date, from, to civil.Date) bool {
	return slices.Contains(k.m.Rules, ruleset.WorkActivity) && len(within(days, from, to)) > 0
}

func within(days []civil.Date, from, to civil.Date) []civil.Date {
	var out []civil.Date
	for _, d := range days {
		if d >= from && d <= to {
			out = append(out, d)
		}
	}
	return out
}

func windowEnd(every model.Every, d civil.Date) civil.Date {
	if every == model.EveryWeek {
		return d.Monday() + 6
	}
	return (d.MonthStart() + 31).MonthStart() - 1
}

// choose picks the days of a window on which a cadence is met: on its usual weekday where there are enough.
func (k *walk) choose(c *model.Cadence, from, to civil.Date) []civil.Date {
	usual := k.weekday
	if c.Do == model.DoAttendance {
		usual = k.groupDay
	}
	var first, other []civil.Date
	for d := from; d <= to; d++ {
		switch {
		case !k.cal.Working(d) || d == k.since:
		case d.Weekday() == usual:
			first = append(first, d)
		default:
			other = append(other, d)
		}
	}
	n := c.AtLeast
	if c.Every == model.EveryMonth && to-from < 20 {
		n = (n*int(to-from+1) + 29) / 30
	}
	days := first
	if len(days) > n { // spread over the month, begun early so that an absence can be made up for
		step := len(days) / n
		spread := []civil.Date{}
		for i := range n {
			spread = append(spread, days[i*step])
		}
		return spread
	}
	for len(days) < n && len(other) > 0 {
		i := len(other) / 2
		days = append(days, other[i])
		other = slices.Delete(other, i, i+1)
	}
	return days
}

// planMeasures plans the instruments of the stay.
func (k *walk) planMeasures(ph *model.Phase) {
	for _, m := range ph.Measures {
		window := int(m.Window.After(k.since, k.cal) - k.since)
		day := k.since + k.days(2, max(2, min(9, window-4)))
		if m.When == "end" {
			day = k.until - k.days(2, max(2, min(8, window-3)))
		}
		k.surely(day, func(day civil.Date) {
			if k.p.fate != fateMeasure || m.When != "start" {
				k.measure(day, m.Instrument, m.When)
			}
		})
	}
}

// measure takes an instrument. Work ability rises by about half a point on the way, as S20058 published.
func (k *walk) measure(day civil.Date, instrument, when string) {
	values := map[string]float64{}
	switch instrument {
	case "perceived-change":
		for _, item := range []string{"psychic", "physical", "social"} {
			values[item] = pick(k.dice, []float64{2, 3, 3, 3, 3, 4, 4, 4, 5})
		}
	case "sovari-invited":
		values["invited"] = 1
	case "feedback":
		values["score"] = pick(k.dice, []float64{3, 4, 4, 5, 5})
	case "loneliness-now":
		values["score"] = float64(k.between(2, 9))
	default:
		if when == "end" {
			k.ability = min(10, max(0, k.ability+pick(k.dice, []float64{-2, -1, 0, 0, 0, 1, 1, 1, 2, 2})))
		}
		values["score"] = k.ability
	}
	k.add(day, -1, 0, "", &entry.Measure{Instrument: instrument, Version: "1", When: when, Values: values, Helped: k.chance(60)})
}

// planOffers plans the offers of the stay: those with a date surely, others for some.
func (k *walk) planOffers(ph *model.Phase) {
	for _, o := range ph.Offers {
		first := k.since + k.days(4, 12)
		if o.By.IsZero() {
			if !k.chance(30) {
				continue
			}
			first = k.since + k.days(10, max(11, k.p.stays[k.stay].days-30))
		}
		states := []entry.OfferState{entry.Offered, entry.OfferAccepted, entry.OfferDone}
		if k.chance(20) {
			states = []entry.OfferState{entry.Offered, entry.OfferDeclined}
		}
		round := ident.Of(k.pathID, "offer", ph.ID, o.ID, first.String())
		for i, state := range states {
			k.surely(first, func(day civil.Date) { k.offer(day, o, state, i, round) })
			first += k.days(8, 25)
		}
	}
}

func (k *walk) offer(day civil.Date, o model.Offer, state entry.OfferState, nth int, round string) {
	b := entry.Offer{Offer: o.ID, State: state, Round: round}
	if o.Kind == "card-training" {
		card := newDice(0, round) // dice of its own: what else happens to the client stays as it is
		b.What = pick(card, k.w.list(k.who.lang, "card"))
		if state == entry.OfferDone {
			b.Expires = day.AddMonths(12*card.between(3, 5)) - 1
			if card.chance(25) { // an older card, which runs out soon
				b.Expires = k.today + card.days(5, 50)
			}
		}
	}
	if texts := k.w.notes["fi"]["offer"]; state == entry.OfferDeclined {
		b.Text = texts[3]
	} else {
		b.Text = texts[nth]
	}
	if state == entry.OfferDone && o.Budget.Cents > 0 {
		b.Cents = o.Budget.Cents * int64(k.between(60, 100)) / 100
	}
	k.add(day, -1, 0, "", &b)
	if state == entry.OfferAccepted && !o.AtMost.IsZero() {
		k.add(day, -1, 0, "", &entry.Placement{Placement: o.Kind, Where: k.say("employer"), From: day + 7, To: day + 7 + k.days(30, 90)})
	}
}

// checkpoint chooses a station, or reaches the one chosen longest ago.
func (k *walk) checkpoint(day civil.Date) {
	if len(k.chosen) > 1 || len(k.chosen) == 1 && k.chance(50) {
		c := k.chosen[0]
		c.State = entry.Reached
		if k.chance(8) {
			c.State = entry.StationLeft
		}
		k.chosen = k.chosen[1:]
		k.add(day, -1, 0, "", &c)
		return
	}
	for range 4 {
		area := pick(k.dice, k.m.Areas)
		c := entry.Checkpoint{Area: area.ID, Item: pick(k.dice, area.Items), State: entry.Chosen}
		known := slices.ContainsFunc(k.entries, func(e entry.Entry) bool {
			b, ok := e.Body.(*entry.Checkpoint)
			return ok && b.Area == c.Area && b.Item == c.Item
		})
		if !known {
			k.chosen = append(k.chosen, c)
			k.add(day, -1, 0, "", &c)
			return
		}
	}
}

// planReviews plans the plan and its reviews, each counted from the one before.
func (k *walk) planReviews(start civil.Date) {
	for _, rv := range k.m.Reviews {
		var review func(day civil.Date)
		again := func(day civil.Date) {
			k.always(rv.Every.After(day, k.cal)-k.days(5, 10), review)
		}
		review = func(day civil.Date) {
			if k.p.fate == fateReview && day > k.today-120 {
				return
			}
			k.add(day, -1, 0, "", &entry.Review{Plan: rv.Plan, Text: k.say("review")})
			again(day)
		}
		k.always(start+k.days(10, 20), func(day civil.Date) {
			k.add(day, -1, 0, "", &entry.Plan{Plan: rv.Plan, Text: k.say("plan")})
			again(day)
		})
	}
}

// endPhase moves on, or out.
func (k *walk) endPhase(day civil.Date) {
	if k.stay+1 < len(k.p.stays) {
		k.add(day, -1, 0, "", &entry.Phase{Phase: k.p.stays[k.stay+1].phase.ID, Why: k.say("phase")})
		k.enter(k.stay+1, day)
		k.setStep(day, "")
		return
	}
	k.leave(day, k.p.exit)
}
