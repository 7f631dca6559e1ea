package web

import (
	"strings"

	"polku/internal/client"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/model"
	"polku/internal/path"
	"polku/internal/pathway"
	"polku/internal/unit"
	"polku/internal/web/view"
	"polku/internal/workactivity"
)

// onePath is a client with the path that a page is about: what every page below /c/ begins with.
type onePath struct {
	client     client.Client
	path       path.Path
	paths      []path.Path
	state      pathway.State
	model      *model.Model // nil when the version is not known any more
	service    unit.Service
	house      unit.House
	names      func(what, id string) string
	restricted map[string]bool            // entries whose processing is restricted; only the timeline asks
	withheld   map[string]*entry.Withhold // entries that the client is not shown; only the timeline asks
	id         string                     // as it stands in the URL: CLIENT, or CLIENT.PATH for another than the first path
}

// reach gives a command the path that the URL names: /c/CLIENT is the path that is open (or the newest), /c/CLIENT.PATH
// another one. A client without any path in reach is not found. Of the client only the id is filled in: nothing of
// them is shown, and the command's own log row tells what was done.
func (q *request) reach(tx *db.Tx) (onePath, error) {
	var o onePath
	var pathID string
	var err error
	o.client.ID, pathID, _ = strings.Cut(q.PathValue("id"), ".")
	if o.paths, err = path.OfClient(tx, o.client.ID); err != nil {
		return o, err
	}
	if err := q.choose(tx, &o, pathID); err != nil {
		return o, err
	}
	o.model = q.s.Book.Models.Get(o.state.Model, o.state.Version)
	return o, nil
}

// load reads for a page what reach finds, with the client and the names of things.
func (q *request) load(tx *db.Tx) (onePath, error) {
	o, err := q.reach(tx)
	if err != nil {
		return o, err
	}
	if o.client, err = client.Get(tx, o.client.ID); err != nil {
		return o, err
	}
	if o.house, err = q.house(tx); err != nil {
		return o, err
	}
	o.service = o.house.Services[o.path.Service]
	o.names = q.names(o.model, o.house.Workers, o.state)
	return o, nil
}

// choose finds the path named, or the one to show first.
func (q *request) choose(tx *db.Tx, o *onePath, pathID string) error {
	o.id = o.client.ID
	first := -1
	for i, p := range o.paths {
		if pathID != "" && p.ID != pathID {
			continue
		}
		s, err := q.s.Book.StateOf(tx, p)
		if err != nil {
			return err
		}
		if first < 0 || o.state.Status == pathway.Closed && s.Status != pathway.Closed {
			first = i
			o.path, o.state = p, s
		}
		if s.Status != pathway.Closed {
			break
		}
	}
	if first < 0 {
		return fault.E(fault.NotFound, "error.not_found", nil)
	}
	if pathID != "" {
		o.id += "." + pathID
	}
	return nil
}

// identity is the bar on every page of the client.
func (q *request) identity(sh view.Shell, o onePath) view.Identity {
	c := o.client
	id := view.Identity{
		ID: o.id, Name: c.Name(), Provisional: c.Provisional, Born: c.Born, Phone: phoneText(c.Phone), PhoneTel: c.Phone, Email: c.Email,
		Address: strings.Trim(c.Address+", "+c.Municipality, ", "), Language: q.language(c.Lang), Worker: o.house.Workers[o.state.Responsible],
		Service: o.service.Name, Phase: o.names("phase", o.state.Phase), Status: o.state.Status, PauseCheck: o.state.PauseCheck,
		Closed: o.state.Closed, Ban: c.SafetyBan, Restricted: c.Restricted,
		Work: workactivity.Concerns(o.model),
	}
	if o.state.ClosedTo != "" {
		id.ClosedTo = o.names("exit", o.state.ClosedTo)
	}
	if c.SafetyBan {
		id.Address, id.Email = "", ""
	}
	if !c.Born.IsZero() {
		id.Age = ageOn(c.Born, sh.Day)
		_, month, day := c.Born.Parts()
		year, _, _ := sh.Day.Parts()
		if next := birthday(year, month, day); next >= sh.Day && next <= sh.Day+7 {
			id.Birthday = next
		}
	}
	return id
}
