package importing

import (
	"context"

	"polku/internal/actor"
	"polku/internal/csvio"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/samples"
)

// Cohort is a published sample list and the service that it goes into.
type Cohort struct {
	File       string // of package samples
	Service    string // id
	Attendance bool   // the file tells of attendance too
}

// Cohorts brings published sample lists in at their true dates, as the ordinary import does. Whoever has no worker of
// the service answers to the unit's duty holder. say gives catalogue texts in the journal's language; progress may
// be nil.
func (im *Importer) Cohorts(ctx context.Context, d *db.DB, who actor.Actor, cohorts []Cohort, say func(key string) string, progress func(done, total int)) error {
	for _, c := range cohorts {
		data, err := samples.FS.ReadFile(c.File)
		if err != nil {
			return fault.Wrap(err, "importing.sample")
		}
		b, err := csvio.ReadBytes(c.File, data)
		if err != nil {
			return err
		}
		plans := []func(tx *db.Tx, ch Choices) (*Plan, error){func(tx *db.Tx, ch Choices) (*Plan, error) {
			l, err := csvio.ReadClients(b, csvio.Options{Today: tx.Today})
			if err != nil {
				return nil, err
			}
			return im.PlanClients(tx, l, ch)
		}}
		if c.Attendance {
			plans = append(plans, func(tx *db.Tx, ch Choices) (*Plan, error) {
				l, err := csvio.ReadAttendance(b, csvio.Options{Today: tx.Today, Calendar: im.Book.Calendar})
				if err != nil {
					return nil, err
				}
				return im.PlanAttendance(tx, l, ch)
			})
		}
		for _, plan := range plans {
			if err := im.planAndRun(ctx, d, who, Choices{Service: c.Service, Say: say}, plan, progress); err != nil {
				return err
			}
		}
	}
	return nil
}

func (im *Importer) planAndRun(ctx context.Context, d *db.DB, who actor.Actor, ch Choices, plan func(*db.Tx, Choices) (*Plan, error), progress func(done, total int)) error {
	var p *Plan
	err := d.View(ctx, who, func(tx *db.Tx) (err error) {
		p, err = plan(tx, ch)
		return err
	})
	if err != nil || p.Count.Nothing() {
		return err
	}
	_, err = im.Run(ctx, d, who, p, progress)
	return err
}
