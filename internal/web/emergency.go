package web

import (
	"strings"

	"polku/internal/db"
	"polku/internal/emergency"
	"polku/internal/fault"
	"polku/internal/web/view"
)

func (q *request) emergencyPage() error { return q.emergencyForm(nil) }

// emergencyForm stands before a client whom the reader has no relation with: whom to ask, and the way in when there is
// no time to ask. It names nobody but the responsible worker.
func (q *request) emergencyForm(cause error) error {
	id, _, _ := strings.Cut(q.PathValue("id"), ".")
	p := view.Emergency{Shell: q.shell(view.NavClients), Client: id, Why: q.PostFormValue("why"), Errors: q.errorsOf(cause)}
	err := q.view(func(tx *db.Tx) error {
		if err := q.counted(tx, &p.Shell); err != nil {
			return err
		}
		w, err := emergency.Wall(tx, id)
		if err != nil {
			return err
		}
		tx.Saw(id) // that somebody is a client here is seen
		house, err := q.house(tx)
		p.Responsible = house.Workers[w.Responsible]
		return err
	})
	if err != nil {
		return err
	}
	return q.renderStatus(statusFor(cause), p)
}

func (q *request) emergencyOpen() error {
	id, _, _ := strings.Cut(q.PathValue("id"), ".")
	err := q.update(func(tx *db.Tx) error {
		_, err := emergency.Open(tx, id, q.PostFormValue("why"))
		return err
	})
	if fault.Is(err, fault.Invalid) {
		return q.emergencyForm(err)
	}
	if err != nil {
		return err
	}
	q.say(flash{Key: "flash.emergency"})
	return q.redirect("/c/" + id)
}

// toWall leads somebody who asked for a client behind a wall to the way in; err stays when there is no such client.
func (q *request) toWall(err error) error {
	if !fault.Is(err, fault.NotFound) {
		return err
	}
	id, _, _ := strings.Cut(q.PathValue("id"), ".")
	behind := q.view(func(tx *db.Tx) error {
		_, err := emergency.Wall(tx, id)
		return err
	})
	if behind != nil {
		return err
	}
	return q.redirect("/c/" + id + "/emergency")
}

func (q *request) emergencies() error {
	p := view.Emergencies{Shell: q.shell(view.NavMore)}
	err := q.view(func(tx *db.Tx) error {
		if err := q.counted(tx, &p.Shell); err != nil {
			return err
		}
		house, err := q.house(tx)
		if err != nil {
			return err
		}
		all, err := emergency.Openings(tx)
		for _, o := range all {
			p.List = append(p.List, view.Opened{ID: o.ID, Client: o.Client, Name: o.Name, Worker: house.Workers[o.Worker], Why: o.Why, At: q.when(o.OpenedAt),
				Unread: o.Own && o.ReadAt == 0})
		}
		return err
	})
	if err != nil {
		return err
	}
	return q.render(p)
}

func (q *request) emergencyRead() error {
	if err := q.update(func(tx *db.Tx) error { return emergency.Read(tx, q.PostFormValue("id")) }); err != nil {
		return err
	}
	return q.redirect("/emergencies")
}
