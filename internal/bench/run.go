package bench

import (
	"context"
	"time"

	"polku/internal/db"
)

// Options of a run.
type Options struct {
	Clients int
	Seed    uint64
	Rows    []string      // names of rows; empty: all
	Time    time.Duration // of each measurement of a page
	Most    int           // requests of each measurement; 0: as many as fit in Time

	// Progress tells how far a step has come: "fill", or a row.
	Progress func(step string, done, total int)
}

// Result is one row's figures on one database.
type Result struct {
	Row     string    `json:"row"`
	Pages   []Figures `json:"pages,omitempty"` // at 1 and at 16 connections
	Value   float64   `json:"value,omitempty"`
	Unit    string    `json:"unit,omitempty"`
	Of      int       `json:"of,omitempty"` // entries, paths or rows that the figure is of
	Gate    Goal      `json:"gate"`
	Stretch Goal      `json:"stretch"`
}

// Report of one database.
type Report struct {
	Engine  db.Engine `json:"engine"`
	Size    Size      `json:"size"`
	Made    bool      `json:"made"` // the data set was made by this run
	FillSec float64   `json:"fill_seconds,omitempty"`
	Results []Result  `json:"results"`
}

// LeastClients that make a data set: one worker with a whole caseload.
const LeastClients = openEvery * caseload

// Connections at which pages are measured.
var Connections = []int{1, 16}

// signedIn is how many workers are signed in at once. The last one, who gets what is imported, is not among them.
const signedIn = 8

// Inside prepares the data set and times what needs no server. passwords are those of the workers who sign in next.
func Inside(ctx context.Context, d *Data, o Options) (r Report, passwords []string, err error) {
	r.Engine = d.DB.Engine
	before := time.Now()
	if r.Made, err = d.Prepare(ctx, o.Clients, o.Seed, func(done, total int) { o.Progress("fill", done, total) }); err != nil {
		return r, nil, err
	}
	if r.Made {
		r.FillSec = time.Since(before).Seconds()
	}
	s := d.set(o.Clients, o.Seed)
	for _, row := range chosen(o.Rows, inside) {
		o.Progress(row.id, 0, 1)
		value, of, err := d.inside(ctx, row.id, s, func(done, total int) { o.Progress(row.id, done, total) })
		if err != nil {
			return r, nil, err
		}
		r.add(Result{Row: row.id, Value: value, Unit: row.unit, Of: of}, row)
	}
	if r.Size, err = d.size(ctx, o.Clients); err != nil {
		return r, nil, err
	}
	if len(chosen(o.Rows, page))+len(chosen(o.Rows, beside)) > 0 {
		passwords, err = d.passwords(ctx, min(signedIn, max(1, Workers(o.Clients)-1)))
	}
	return r, passwords, err
}

// warm is how many unmeasured tries each of n connections makes first.
func warm(n int) int { return max(1, 32/n) }

func (r *Report) add(res Result, row rowKind) {
	res.Gate, res.Stretch = row.gate, row.stretch
	if r.Engine == db.Postgres {
		res.Gate, res.Stretch = res.Gate.halved(), res.Stretch.halved()
	}
	r.Results = append(r.Results, res)
}

// Pages asks a server for the pages and adds their figures.
func Pages(ctx context.Context, r *Report, s *Targets, address string, pid int, passwords []string, o Options) error {
	var sessions []*session
	for worker, password := range passwords {
		in, err := signIn(ctx, address, worker, password)
		if err != nil {
			return err
		}
		sessions = append(sessions, in)
	}
	for _, row := range chosen(o.Rows, page) {
		res := Result{Row: row.id}
		if row.id == "timeline" || row.id == "scroll" {
			res.Of = s.t.entries
		}
		for i, n := range Connections {
			o.Progress(row.id, i, len(Connections))
			most := o.Most
			if most == 0 {
				most = 1 << 30
			}
			before := cpuOf(pid)
			f, err := load(ctx, sessions, limits{connections: n, warm: warm(n), most: most, time: o.Time}, uint64(n), s.t.page(row.id))
			if err != nil {
				return err
			}
			f.CPU = ms(cpuOf(pid)-before) / float64(f.Requests+n*warm(n))
			res.Pages = append(res.Pages, f)
		}
		r.add(res, row)
	}
	return nil
}

// Memory adds what the server's process takes when all else has been measured.
func Memory(r *Report, pid int, o Options) {
	if now, peak, ok := memoryOf(pid); ok {
		for _, row := range chosen(o.Rows, after) {
			value := now
			if row.id == "peak" {
				value = peak
			}
			r.add(Result{Row: row.id, Value: value, Unit: row.unit}, row)
		}
	}
}

// Targets is what the pages are asked for.
type Targets struct{ t *targets }

// Targets chooses them; it needs the open database's clock.
func (d *Data) Targets(o Options) *Targets { return &Targets{d.set(o.Clients, o.Seed).targets()} }
