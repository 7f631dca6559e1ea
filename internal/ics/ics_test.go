package ics_test

import (
	"strings"
	"testing"
	"time"

	ical "github.com/arran4/golang-ical"

	"polku/internal/booking"
	"polku/internal/civil"
	"polku/internal/ics"
)

// A calendar program reads back what was booked, on the days on which clocks are moved too, and learns no more than that.
func TestFeedIsReadBack(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	events := []booking.Event{
		{ID: "a", Day: civil.New(2026, 3, 27), Span: booking.Span{From: 9 * 60, To: 10 * 60}},        // winter time
		{ID: "b", Day: civil.New(2026, 3, 30), Span: booking.Span{From: 9 * 60, To: 9*60 + 45}},      // summer time
		{ID: "c", Day: civil.New(2026, 10, 25), Span: booking.Span{From: 12*60 + 5, To: 12*60 + 35}}, // the day of the move back
	}
	text := ics.Feed(events, "Tapaaminen, \"oma\"; aika", "Omat", zone, at)
	for _, line := range strings.Split(strings.TrimSuffix(text, "\r\n"), "\r\n") {
		if len(line) > 75 || strings.ContainsAny(line, "\n\r") {
			t.Errorf("RFC 5545 3.1 allows lines of 75 bytes: %q", line)
		}
	}
	cal, err := ical.ParseCalendar(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	read := cal.Events()
	if len(read) != len(events) {
		t.Fatalf("%d events of %d", len(read), len(events))
	}
	for i, want := range []string{"2026-03-27T09:00+02:00", "2026-03-30T09:00+03:00", "2026-10-25T12:05+02:00"} {
		start, err := read[i].GetStartAt()
		if err != nil {
			t.Fatal(err)
		}
		end, err := read[i].GetEndAt()
		if err != nil {
			t.Fatal(err)
		}
		if got := start.In(zone).Format("2006-01-02T15:04-07:00"); got != want || int(end.Sub(start).Minutes()) != events[i].Span.To-events[i].Span.From {
			t.Errorf("event %d begins %s and lasts %v, want %s", i, got, end.Sub(start), want)
		}
	}
}
