package web

import (
	"time"

	"polku/internal/civil"
)

// wall gives the day and minute that Finnish clocks showed at an instant.
func wall(q *request, micros int64) (civil.Date, int) {
	at := time.UnixMicro(micros).In(q.s.DB.Zone)
	return civil.Of(at, q.s.DB.Zone), at.Hour()*60 + at.Minute()
}

// ageOn is the age in full years.
func ageOn(born, day civil.Date) int {
	by, bm, bd := born.Parts()
	y, m, d := day.Parts()
	age := y - by
	if m < bm || m == bm && d < bd {
		age--
	}
	return age
}

// birthday in a year; born on 29 February, 1 March in other years.
func birthday(year, month, day int) civil.Date { return civil.New(year, month, day) }
