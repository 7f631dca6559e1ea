package web

import (
	"strings"

	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/pathway"
	"polku/internal/plan"
	"polku/internal/web/view"
)

func (q *request) checkpointsPage() error { return q.checkpointsForm("", nil) }

// checkpointsForm shows the stations of the path's model by area. which is the station that a mistake is about.
func (q *request) checkpointsForm(which string, cause error) error {
	return q.form(func(tx *db.Tx, sh view.Shell, o onePath) (page, error) {
		sh.Tab = "/plan"
		p := view.Checkpoints{Shell: sh, Who: q.identity(sh, o), Picture: q.picture(o), Open: o.state.Status != pathway.Closed, Which: which,
			Errors: q.errorsOf(cause), Text: q.PostFormValue("text")}
		entries, err := q.s.Book.Entries(tx, o.path)
		if err != nil || o.model == nil {
			return p, err
		}
		story := plan.Read(entries)
		for _, area := range o.model.Areas {
			a := view.CheckArea{Name: o.names("area", area.ID)}
			for _, item := range area.Items {
				x := q.stationView(o, area.ID, item, story.Station(area.ID, item))
				if x.State == entry.Reached {
					a.Reached++
				}
				a.Stations = append(a.Stations, x)
			}
			p.Areas = append(p.Areas, a)
		}
		return p, nil
	}, cause)
}

func (q *request) stationView(o onePath, area, item string, s plan.Station) view.CheckStation {
	x := view.CheckStation{Item: area + "/" + item, Name: o.names("item", area+"/"+item), Chosen: s.Chosen, Ended: s.Ended, Entry: s.Entry}
	if s.Checkpoint != nil {
		x.State, x.Text = s.State, s.Text
		if s.Evidence != "" {
			x.Evidence = q.lang.T("checkpoint.evidence." + string(s.Evidence))
		}
	}
	return x
}

func (q *request) checkpoint() error {
	v := q.PostFormValue
	area, item, _ := strings.Cut(v("item"), "/")
	c := entry.Checkpoint{Area: area, Item: item, State: entry.StationState(v("state")), Evidence: entry.Evidence(v("evidence")), Text: v("text")}
	var id string
	o, err := q.onCase(func(tx *db.Tx, o onePath) error {
		var err error
		id, err = plan.SetStation(tx, q.s.Book, o.path.ID, c)
		return err
	})
	if fault.Is(err, fault.Invalid) {
		return q.checkpointsForm(v("item"), err)
	}
	if err != nil {
		return err
	}
	key := map[entry.StationState]string{entry.Chosen: "flash.station_chosen", entry.Reached: "flash.station_reached", entry.StationLeft: "flash.station_dropped"}[c.State]
	q.say(flash{Key: key, Undo: "/c/" + o.id + "/undo", Entry: id})
	return q.redirect("/c/" + o.id + "/checkpoints")
}
