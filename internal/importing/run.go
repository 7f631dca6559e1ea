package importing

import (
	"context"
	"encoding/json"
	"slices"

	"polku/internal/actor"
	"polku/internal/audit"
	"polku/internal/csvio"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/ident"
)

// Statuses of an import.
const (
	Running = "running"
	Done    = "done"
	Undone  = "undone"
	Failed  = "failed"
)

// LeftRow is a row that was left out, and why. It holds no text of a cell.
type LeftRow struct {
	Sheet string     `json:"sheet,omitempty"`
	No    int        `json:"row"` // as Excel shows it
	Key   string     `json:"key"`
	Args  fault.Args `json:"args,omitempty"`
}

// leftMost is how many rows the report keeps by number; the rest are counted.
const leftMost = 2000

// Report is what an import did.
type Report struct {
	Joined   int       `json:"joined"`
	Twins    int       `json:"twins"`
	People   int       `json:"people"`           // clients made
	Open     int       `json:"open"`             // open paths begun
	Total    int       `json:"total"`            // rows of the list
	Filled   int       `json:"filled,omitempty"` // known clients whose empty contact data were filled in
	Differs  []Differ  `json:"differs,omitempty"`
	Left     []LeftRow `json:"left,omitempty"`
	LeftMore int       `json:"left_more,omitempty"`
	Kept     int       `json:"kept,omitempty"` // after an undo: clients of the import who stay, since somebody has worked with them
}

// Differ is a row that tells otherwise than the register of a client whom it knows. The register's word stood.
type Differ struct {
	Sheet  string          `json:"sheet,omitempty"`
	No     int             `json:"row"`
	Client string          `json:"client"`
	Fields []csvio.Meaning `json:"fields"`
}

func reportOf(p *Plan) Report {
	r := Report{Twins: p.Count.Twins, Total: len(p.Rows)}
	for i := range p.Rows {
		row := &p.Rows[i]
		if row.Fate == Left || row.Fate == Chosen || row.Fate == Twin {
			r.leave(LeftRow{row.Sheet, row.No, row.Why, row.Args})
		}
		if len(row.Differs) > 0 && row.Fate != Chosen && len(r.Differs) < leftMost {
			r.Differs = append(r.Differs, Differ{row.Sheet, row.No, row.Client, row.Differs})
		}
	}
	for _, s := range p.Skipped() {
		r.leave(LeftRow{s.Sheet, s.Row, s.Key, s.Args})
	}
	return r
}

func (r *Report) leave(l LeftRow) {
	if len(r.Left) == leftMost {
		r.LeftMore++
		return
	}
	r.Left = append(r.Left, l)
}

// Skipped gives the rows of the list that tell of nobody: totals, headings, footnotes. Empty rows are not worth telling.
func (p *Plan) Skipped() []csvio.Skipped {
	all := []csvio.Skipped(nil)
	if p.Clients != nil {
		all = p.Clients.Skipped
	} else {
		all = p.List.Skipped
	}
	return slices.DeleteFunc(slices.Clone(all), func(s csvio.Skipped) bool { return s.Key == "import.skip.empty" })
}

// tally is what a transaction added; it is thrown away when the transaction is.
type tally struct{ added, joined, already, clients, open, filled int }

func (t *tally) add(o tally) {
	t.added += o.added
	t.joined += o.joined
	t.already += o.already
	t.clients += o.clients
	t.open += o.open
	t.filled += o.filled
}

// tellEvery is how many rows of a single transaction go by between two words of progress.
const tellEvery = 100

// job is a piece of a plan that goes into one transaction with others: a row of people, or all days of a person.
type job struct {
	rows int
	do   func(tx *db.Tx, importID string, t *tally) error
}

// Run does what a plan says and gives the import's id. Up to WholeMost rows go in together or not at all; more go
// in batches, so that others keep working meanwhile, and an interrupted import is finished by running the list
// again. progress may be nil; it is called with rows done: between
// transactions, or now and then within the only one, which may still fail or begin again. It must only show them.
func (im *Importer) Run(ctx context.Context, d *db.DB, who actor.Actor, p *Plan, progress func(done, total int)) (string, error) {
	if p.Choices.Whole && p.Count.Left > 0 {
		return "", fault.E(fault.Invalid, "importing.refused_whole", fault.Args{"n": p.Count.Left})
	}
	if p.Count.Nothing() {
		return "", fault.E(fault.Invalid, "importing.nothing", fault.Args{"already": p.Count.Already, "left": p.Count.Left})
	}
	var jobs []job
	if p.Kind == Clients {
		jobs = im.clientJobs(p)
	} else {
		jobs = im.attendanceJobs(p)
	}
	id := ident.New()
	most, whole := Batch, len(p.Rows) <= WholeMost
	if whole {
		most = WholeMost
	}
	report := reportOf(p)
	var sum tally
	done := 0
	for first := true; first || len(jobs) > 0; first = false {
		n, rows := 0, 0
		for n < len(jobs) && (n == 0 || rows+jobs[n].rows <= most) {
			rows += jobs[n].rows
			n++
		}
		var t tally
		err := d.Update(ctx, who, func(tx *db.Tx) error {
			t = tally{}
			if first {
				if err := im.open(tx, p, id, report); err != nil {
					return err
				}
			}
			at, told := 0, 0
			for _, j := range jobs[:n] {
				if err := j.do(tx, id, &t); err != nil {
					return err
				}
				if at += j.rows; whole && progress != nil && at-told >= tellEvery && at < rows {
					told = at
					progress(at, len(p.Rows))
				}
			}
			all := sum
			all.add(t)
			status := Running
			if n == len(jobs) {
				status = Done
			}
			return saveRun(tx, id, status, all, report)
		})
		if err != nil {
			if done > 0 {
				err = im.interrupted(ctx, d, who, id, err)
			}
			return id, err
		}
		sum.add(t)
		jobs = jobs[n:]
		done += rows
		if progress != nil {
			progress(done, len(p.Rows))
		}
	}
	return id, nil
}

// open writes the import's row and remembers whom the spellings and the short names mean.
func (im *Importer) open(tx *db.Tx, p *Plan, id string, r Report) error {
	hash := p.Hash
	if hash == nil {
		hash = []byte{}
	}
	if _, err := tx.Exec(`insert into import_run (tenant_id, import_id, kind, service_id, file_name, file_hash, worker_id, at, status, added, known, left_out, report)
		values ($1, $2, $3, $4, $5, $6, $7, $8, 'running', 0, 0, $9, '{}')`,
		tx.Who.Tenant, id, p.Kind, p.Service.ID, p.File, hash, tx.Who.Worker, tx.At, len(r.Left)+r.LeftMore); err != nil {
		return err
	}
	if err := p.remember(tx); err != nil {
		return err
	}
	if err := im.rememberNames(tx, p, id); err != nil {
		return err
	}
	return audit.Command(tx, "", "import "+p.Kind)
}

// saveRun writes the figures of an import so far.
func saveRun(tx *db.Tx, id, status string, t tally, r Report) error {
	r.Joined, r.People, r.Open, r.Filled = t.joined, t.clients, t.open, t.filled
	text, err := json.Marshal(r)
	if err != nil {
		return fault.Wrap(err, "importing.encode")
	}
	_, err = tx.Exec(`update import_run set status = $3, added = $4, known = $5, report = $6 where tenant_id = $1 and import_id = $2`,
		tx.Who.Tenant, id, status, t.added, t.already, string(text))
	return err
}

// interrupted marks an import that stopped between batches: what went in stays, and can be undone.
func (im *Importer) interrupted(ctx context.Context, d *db.DB, who actor.Actor, id string, cause error) error {
	err := d.Update(context.WithoutCancel(ctx), who, func(tx *db.Tx) error {
		_, err := tx.Exec(`update import_run set status = 'failed' where tenant_id = $1 and import_id = $2`, tx.Who.Tenant, id)
		return err
	})
	if err != nil {
		return err
	}
	return cause
}
