// Package torture injects faults into the real program and counts what was lost. It runs the program as a process of its
// own on a throw-away folder, lets signed-in workers record contacts over HTTP, keeps outside a ledger of what was
// acknowledged, and afterwards looks for every acknowledged entry. SQLite only: PostgreSQL has its own proofs.
//
// It owns the injections and the counting; what must hold is the table of doc/reliability.md.
package torture

import (
	"context"
	"slices"
	"time"

	"polku/internal/fault"
	"polku/internal/path"
)

// Kinds are the faults that can be injected, by the names of the command line.
var Kinds = []string{"kill", "stop", "power", "io-error", "disk-full", "bitflip"}

// Options of one run.
type Options struct {
	Program  string     // the real binary, which is started as "Program serve ..."
	Book     *path.Book // the shipped models, as the program has them
	Dir      string     // an empty folder for databases and traces; the caller removes it
	Rounds   int        // kills, cuts, errors or flips; of disk-full, fillings
	Seed     uint64     // the same seed draws the same moments and places; what the machine does meanwhile differs
	Rate     int        // writes a second that are attempted under load
	Progress func(done, all int)
}

// Report is what a run found; its form is part of the documented interface.
type Report struct {
	Fault        string  `json:"fault"`
	Rounds       int     `json:"rounds"`
	Seed         uint64  `json:"seed"`
	Seconds      float64 `json:"seconds"`
	Sent         int     `json:"sent"`         // writes that were sent
	Acknowledged int     `json:"acknowledged"` // answered as saved
	Refused      int     `json:"refused"`      // answered as not saved
	Unanswered   int     `json:"unanswered"`   // the program was gone before it answered: either is right
	Lost         int     `json:"lost"`         // acknowledged and not there afterwards: the false "saved"
	Doubled      int     `json:"doubled"`      // there more than once
	Pages        int     `json:"pages"`        // pages of clients shown under load
	Unlogged     int     `json:"unlogged"`     // of these, shown without a row of the use log
	Unsound      int     `json:"unsound"`      // rounds after which verify found something, or the database did not open
	ReadyP50     float64 `json:"ready_p50_ms"` // from the start of the process until /ready said so
	ReadyMax     float64 `json:"ready_max_ms"`

	Notes  []string `json:"notes,omitempty"`  // sentences of what did not hold, at most notesMost
	Places []Place  `json:"places,omitempty"` // bitflip only
	States []State  `json:"states,omitempty"` // io-error and disk-full: what the program said of itself
}

// Place counts what became of flipped bits in one kind of file.
type Place struct {
	Name     string `json:"name"`
	Flips    int    `json:"flips"`
	Found    int    `json:"found"`    // by the start, by verify, or before a restore
	Shown    int    `json:"shown"`    // of these, on a page that said so in place of the changed text
	Harmless int    `json:"harmless"` // nothing that the program reads had changed
	Missed   int    `json:"missed"`   // content had changed and nothing said so
}

// State counts how often the program was seen in a state that it must be in.
type State struct {
	Name string `json:"name"`
	Want int    `json:"want"`
	Seen int    `json:"seen"`
}

// Held tells whether everything held that must.
func (r Report) Held() bool {
	states := slices.ContainsFunc(r.States, func(s State) bool { return s.Seen != s.Want })
	missed := slices.ContainsFunc(r.Places, func(p Place) bool {
		return covered[p.Name] && p.Missed > 0 || p.Name == placeEntries && p.Shown < p.Found
	})
	return r.Lost == 0 && r.Doubled == 0 && r.Unlogged == 0 && r.Unsound == 0 && !states && !missed
}

// notesMost is how many sentences a report has; the counts tell the rest.
const notesMost = 20

func (r *Report) note(text string) {
	if len(r.Notes) < notesMost {
		r.Notes = append(r.Notes, text)
	}
}

// ready notes how long starts took.
func (r *Report) ready(took []time.Duration) {
	if len(took) == 0 {
		return
	}
	slices.Sort(took)
	r.ReadyP50, r.ReadyMax = ms(took[len(took)/2]), ms(took[len(took)-1])
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// Run injects one kind of fault. Options.Dir stays as it was found when everything held, for who wants to look.
func Run(ctx context.Context, kind string, o Options) (Report, error) {
	run := map[string]func(context.Context, Options, *Report) error{
		"kill": kill, "stop": stop, "power": power, "io-error": ioError, "disk-full": diskFull, "bitflip": bitflip,
	}[kind]
	if run == nil || o.Rounds < 1 || o.Rate < 1 {
		return Report{}, fault.E(fault.Invalid, "torture.bad_options", nil)
	}
	if o.Progress == nil {
		o.Progress = func(int, int) {}
	}
	r := Report{Fault: kind, Seed: o.Seed}
	began := time.Now()
	err := run(ctx, o, &r)
	r.Seconds = time.Since(began).Seconds()
	return r, err
}
