package view

import "polku/internal/civil"

// Three is the meeting of three of a hand-off, and what the client is told. POST /h/{id}/meeting: day, clock, place, remote;
// /h/{id}/met: text, minutes, step_what, step_by; /h/{id}/told: way.
type Three struct {
	Day    civil.Date // zero: none is agreed
	Minute int
	Place  string
	Met    civil.Date // zero: it has not taken place
	Over   bool       // the hand-off has been answered and the first contact held
	Client string     // what the client is told, in their language
	Told   []string   // when and how they were told, in words
	Step   string     // which step the text is about
	StepBy string     // proposed day of the next step
	Which  string     // form with a mistake
}
