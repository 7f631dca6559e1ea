package bench

import (
	"context"
	"errors"
)

// Beside measures pages while another process, this one, imports lists into the same database: how many times longer the
// slowest twentieth of the answers takes than without the import. d is the same database, opened beside the server.
func Beside(ctx context.Context, d *Data, r *Report, s *Targets, address string, passwords []string, o Options) error {
	in, err := signIn(ctx, address, 0, passwords[0])
	if err != nil {
		return err
	}
	for _, row := range chosen(o.Rows, beside) {
		o.Progress(row.id, 0, 2)
		one := limits{connections: 1, warm: warm(1), most: 1 << 30, time: o.Time}
		if o.Most > 0 {
			one.most = o.Most
		}
		ask := s.t.page(row.id[len(besidePrefix):])
		alone, err := load(ctx, []*session{in}, one, 1, ask)
		if err != nil {
			return err
		}
		o.Progress(row.id, 1, 2)
		stop, ended := make(chan struct{}), make(chan error)
		go func() { ended <- d.importUntil(ctx, d.set(o.Clients, o.Seed), stop) }()
		during, err := load(ctx, []*session{in}, one, 1, ask)
		close(stop)
		if err = errors.Join(err, <-ended); err != nil {
			return err
		}
		r.add(Result{Row: row.id, Value: during.P95 / alone.P95, Unit: row.unit, Pages: []Figures{alone, during}}, row)
	}
	return nil
}

// importUntil imports one list after another until it is told to stop; the list under way is finished.
func (d *Data) importUntil(ctx context.Context, s *set, stop <-chan struct{}) error {
	for {
		if _, _, err := d.importDays(ctx, s); err != nil {
			return err
		}
		select {
		case <-stop:
			return nil
		default:
		}
	}
}
