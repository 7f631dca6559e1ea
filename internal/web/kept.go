package web

import (
	"polku/internal/caseload"
	"polku/internal/db"
	"polku/internal/unit"
	"polku/internal/web/view"
)

// seesFigures tells whether the person answers for more than their own clients.
func (q *request) seesFigures() bool {
	return q.me.Worker.Admin || q.me.Figures
}

// kept shows how the promise stands, in figures.
func (q *request) kept() error {
	p := view.Promises{Shell: q.shell(view.NavMore)}
	return q.framed(&p.Shell, nil, func(tx *db.Tx) error {
		kept, err := caseload.Promises(tx)
		if err != nil {
			return err
		}
		workers, err := unit.Names(tx)
		if err != nil {
			return err
		}
		services, err := unit.ServiceNames(tx)
		if err != nil {
			return err
		}
		for _, k := range kept {
			n := len(p.Services)
			if n == 0 || p.Services[n-1].Total.Name != services[k.Service] {
				p.Services = append(p.Services, view.KeptService{Total: view.KeptLine{Name: services[k.Service]}})
				n++
			}
			s := &p.Services[n-1]
			s.Workers = append(s.Workers, view.KeptLine{Name: workers[k.Worker], Open: k.Open, Paused: k.Paused, Now: k.Now, Hanging: k.Hanging, Unset: k.Unset})
			s.Total.Open += k.Open
			s.Total.Paused += k.Paused
			s.Total.Now += k.Now
			s.Total.Hanging += k.Hanging
			s.Total.Unset += k.Unset
		}
		return nil
	}, func() page { return p })
}
