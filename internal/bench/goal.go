package bench

import "slices"

// Goal of a row: what must be reached (gate) or is welcome (stretch). Zero: no goal.
type Goal struct {
	P50   float64 `json:"p50_ms,omitempty"`      // at one connection, milliseconds, at most
	P95   float64 `json:"p95_ms,omitempty"`      // at one connection, milliseconds, at most
	Rate  float64 `json:"rate,omitempty"`        // answers a second at 16 connections, at least
	Value float64 `json:"value,omitempty"`       // in the row's unit
	Least bool    `json:"value_least,omitempty"` // Value is a least, not a most
}

// halved is the goal on PostgreSQL: the same at half the rate.
func (g Goal) halved() Goal {
	g.Rate /= 2
	if g.Least {
		g.Value /= 2
	}
	return g
}

// Kinds of rows.
const (
	page   = "page"   // asked for over HTTP at 1 and 16 connections
	inside = "inside" // timed in the program itself
	beside = "beside" // pages while lists are imported, see Beside
	after  = "after"  // read from the server when all pages have been asked for
)

// besidePrefix stands before the page's name in a row of that kind.
const besidePrefix = "import+"

type rowKind struct {
	id, kind, unit string
	gate, stretch  Goal
}

// rows in the order in which they run; pages that write come last, so that the others see the same data.
var rows = []rowKind{
	{"path200", inside, "µs", Goal{Value: 20}, Goal{}},
	{"million", inside, "s", Goal{Value: 30}, Goal{}},
	{"day", inside, "s", Goal{Value: 10}, Goal{}},
	{"all", inside, "s", Goal{}, Goal{}},
	{"import", inside, "rows/s", Goal{Value: 20000, Least: true}, Goal{Value: 50000, Least: true}},
	{"people", inside, "rows/s", Goal{}, Goal{}},
	{"timeline", page, "", Goal{P50: 5, Rate: 300}, Goal{P50: 1.7, Rate: 1100}},
	{"scroll", page, "", Goal{}, Goal{}},
	{"client", page, "", Goal{P50: 1.8, P95: 5}, Goal{P50: 1, P95: 2.5}},
	{"caseload", page, "", Goal{P50: 1.4, Rate: 1400}, Goal{P50: 0.5, Rate: 5500}},
	{"today", page, "", Goal{P50: 1.4, Rate: 1400}, Goal{P50: 0.5, Rate: 5500}},
	{"search", page, "", Goal{P50: 0.5, Rate: 4000}, Goal{P50: 0.2, Rate: 10000}},
	{"record", page, "", Goal{P50: 1, Rate: 3000}, Goal{P50: 0.5, Rate: 6000}},
	{besidePrefix + "caseload", beside, "×", Goal{Value: 3}, Goal{}},
	{besidePrefix + "record", beside, "×", Goal{Value: 3}, Goal{}},
	{"memory", after, "MB", Goal{Value: 450}, Goal{Value: 300}},
	{"peak", after, "MB", Goal{Value: 600}, Goal{}},
}

// RowNames gives the rows that can be asked for.
func RowNames() []string {
	var names []string
	for _, r := range rows {
		names = append(names, r.id)
	}
	return names
}

// chosen gives the rows of some names; all of them without names.
func chosen(names []string, kind string) []rowKind {
	var some []rowKind
	for _, r := range rows {
		if r.kind == kind && (len(names) == 0 || slices.Contains(names, r.id)) {
			some = append(some, r)
		}
	}
	return some
}
