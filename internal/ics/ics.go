// Package ics writes a worker's meetings as an iCalendar feed (RFC 5545), for the calendar on their phone. It is given no
// names and writes none: whoever sees the phone learns that there is a meeting, not with whom or in which service.
package ics

import (
	"time"

	ical "github.com/arran4/golang-ical"

	"polku/internal/booking"
	"polku/internal/civil"
)

// Feed writes events as a calendar. summary is what each is called; zone is that of the clock times; at is now.
func Feed(events []booking.Event, summary, name string, zone *time.Location, at time.Time) string {
	cal := ical.NewCalendarFor("polku")
	cal.SetMethod(ical.MethodPublish)
	cal.SetXWRCalName(name)
	cal.SetRefreshInterval("PT15M")
	for _, e := range events {
		v := cal.AddEvent(e.ID + "@polku")
		v.SetDtStampTime(at.UTC())
		v.SetStartAt(clock(e.Day, e.Span.From, zone).UTC())
		v.SetEndAt(clock(e.Day, e.Span.To, zone).UTC())
		v.SetSummary(summary)
		v.SetClass(ical.ClassificationPrivate)
	}
	return cal.Serialize(ical.WithNewLineWindows) // RFC 5545 3.1 asks for CRLF
}

// clock is a minute of a day on the wall; it is right on the days on which clocks are moved too.
func clock(day civil.Date, minute int, zone *time.Location) time.Time {
	y, m, d := day.Parts()
	return time.Date(y, time.Month(m), d, minute/60, minute%60, 0, 0, zone)
}
