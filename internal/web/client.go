package web

import (
	"strconv"
	"strings"

	"polku/internal/actor"
	"polku/internal/care"
	"polku/internal/civil"
	"polku/internal/client"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/journal"
	"polku/internal/path"
	"polku/internal/pathway"
	"polku/internal/unit"
	"polku/internal/web/view"
	"polku/internal/wording"
)

// timelineMost is how many entries one part of the timeline has; wholeMost how many the whole has when it is asked for,
// for print and for reading from end to end.
const (
	timelineMost = 50
	wholeMost    = 5000
)

func (q *request) client() error {
	sh := q.shell(view.NavClients)
	before, err := placeInJournal(q.FormValue("before"))
	if err != nil {
		return err
	}
	strand := view.Strand(q.FormValue("strand"))
	var p view.Client
	part := q.Header.Get("Polku-Part") == "timeline"
	return q.toWall(q.show(func(tx *db.Tx) error {
		o, err := q.load(tx)
		if err != nil {
			return err
		}
		sh.Client = o.id
		timeline, err := q.timeline(tx, sh, o, strand, before)
		if err != nil {
			return err
		}
		if part {
			p.Timeline = timeline
			return nil
		}
		if err := q.counted(tx, &sh); err != nil {
			return err
		}
		p, err = q.clientPage(tx, sh, o)
		p.Shell, p.Timeline = sh, timeline
		return err
	}, func() page {
		if part {
			return p.Timeline
		}
		return p
	}))
}

func (q *request) clientPage(tx *db.Tx, sh view.Shell, o onePath) (view.Client, error) {
	s := o.state
	open := s.Status == pathway.Open
	p := view.Client{
		Who: q.identity(sh, o), Picture: q.picture(o),
		Allow: view.ClientCan{Record: true, HandOver: s.Status != pathway.Closed, Exit: s.Status != pathway.Closed, Pause: open,
			Resume: s.Status == pathway.Paused, Phase: open && o.model != nil && len(o.model.Phases) > 1, Reopen: s.Status == pathway.Closed},
	}
	if s.Status == pathway.Closed {
		s.NextStep, s.Tasks = nil, nil
	}
	if s.NextStep != nil {
		step := q.step(o, *s.NextStep)
		p.Next = &step
	}
	for _, t := range s.Tasks {
		if s.NextStep == nil || t.Task != s.NextStep.Task {
			p.Tasks = append(p.Tasks, q.step(o, t))
		}
	}
	for _, d := range s.Obligations {
		if duty, shown := q.duty(o, d); shown {
			p.Duties = append(p.Duties, duty)
		}
		if p.FollowUp == "" && followUpOpen(d) {
			p.FollowUp = d.ID
		}
	}
	var err error
	if p.Paths, err = q.pathTabs(tx, o); err != nil {
		return p, err
	}
	if p.Circle, err = q.circle(tx, o); err != nil {
		return p, err
	}
	if p.StartLeft, err = q.startLeft(tx, o); err != nil {
		return p, err
	}
	handoffs, err := path.HandoffsOf(tx, o.path.ID)
	for _, h := range handoffs {
		if h.Step == entry.HandoffOffered {
			p.Handoff, p.HandID = o.house.Workers[h.To], h.ID
		}
	}
	if err != nil {
		return p, err
	}
	return p, q.learned(tx, o, &p)
}

func (q *request) step(o onePath, t pathway.OpenTask) view.Step {
	owner := ""
	switch t.Owner {
	case entry.ByClient:
		owner = q.lang.T("owner.client")
	case entry.ByOther:
		owner = q.lang.T("owner.other")
	default:
		worker := t.Worker
		if worker == "" {
			worker = o.state.Responsible
		}
		owner = o.house.Workers[worker]
	}
	return view.Step{Task: t.Task, What: wording.Task(t, q.lang), Owner: owner, By: t.By, Minute: t.Minute, Place: t.Place}
}

// duty is an open obligation in words; met and far ones are not shown.
func (q *request) duty(o onePath, d pathway.Obligation) (view.Duty, bool) {
	switch d.Status {
	case pathway.Due, pathway.Late, pathway.Overdue, pathway.Missed:
	default:
		return view.Duty{}, false
	}
	if d.Kind == pathway.OwesTopic {
		return view.Duty{}, false // topics have a list of their own
	}
	v := view.Duty{ID: d.ID, What: wording.Obligation(d, o.model, q.lang), Status: d.Status, From: d.From, Due: d.Due,
		Source: q.source(d, o), Law: strings.HasPrefix(d.Source, "law:"),
		Closable: d.Kind == pathway.OwesCadence || d.Kind == pathway.OwesOffer || d.Kind == pathway.OwesMeasure || d.Kind == pathway.OwesReview || d.Kind == pathway.OwesFollowUp || d.Kind == pathway.OwesReturn}
	if d.Who != "" {
		v.Who = o.house.Workers[d.Who]
	}
	if d.Asked > 1 {
		v.Progress = strconv.Itoa(d.Done) + "/" + strconv.Itoa(d.Asked)
		if d.Unit == "minutes" {
			v.Progress = q.lang.Length(d.Done) + " / " + q.lang.Length(d.Asked)
		}
	}
	return v, true
}

// followUpOpen tells whether somebody whose path has ended is to be asked how things are.
func followUpOpen(d pathway.Obligation) bool {
	return d.Kind == pathway.OwesFollowUp && (d.Status == pathway.Due || d.Status == pathway.Late || d.Status == pathway.Overdue)
}

// source says where an obligation comes from: the statute's section, or that the service has promised it. The
// model's own line is for service developers: the command line tells it.
func (q *request) source(d pathway.Obligation, o onePath) string {
	if strings.HasPrefix(d.Source, "model:") {
		return q.lang.T("duty.promised")
	}
	return wording.Source(d.Source, o.model, q.lang)
}

func (q *request) pathTabs(tx *db.Tx, o onePath) ([]view.PathTab, error) {
	var tabs []view.PathTab
	for _, p := range o.paths {
		s, err := o.state, error(nil)
		if p.ID != o.path.ID {
			s, err = q.s.Book.StateOf(tx, p)
		}
		if err != nil {
			return nil, err
		}
		tabs = append(tabs, view.PathTab{Href: "/c/" + p.Client + "." + p.ID, Name: o.house.Services[p.Service].Name,
			State: q.lang.T("status." + string(s.Status)), Current: p.ID == o.path.ID})
	}
	return tabs, nil
}

func (q *request) circle(tx *db.Tx, o onePath) ([]view.Person, error) {
	relations, err := path.RelationsOf(tx, o.path.ID)
	var people []view.Person
	for _, r := range relations {
		if !r.To.IsZero() {
			continue
		}
		person := view.Person{Name: o.house.Workers[r.Worker], Role: q.lang.T("role." + string(r.Role)), Since: r.From}
		if w, err := unit.GetWorker(tx, r.Worker); err == nil && w.Phone != "" {
			person.Phone, person.PhoneTel = phoneText(w.Phone), w.Phone
		}
		people = append(people, person)
	}
	if err != nil {
		return people, err
	}
	entries, err := q.s.Book.Entries(tx, o.path)
	for _, m := range care.Circle(entries) {
		if m.To.IsZero() {
			x := outsideMember(m)
			people = append(people, view.Person{Name: x.Name, Role: joined(x.Part, x.Of), Phone: x.Phone, PhoneTel: x.PhoneTel, Since: x.From, Until: x.Until})
		}
	}
	return people, err
}

// learned fills in what the journal tells beside the timeline: plans, offers, topics of the phase.
func (q *request) learned(tx *db.Tx, o onePath, p *view.Client) error {
	if o.model == nil {
		return nil
	}
	entries, err := journal.PlansAndOffers(tx, o.client.ID, 40)
	if err != nil {
		return err
	}
	plans, offers := map[string]bool{}, map[string]bool{}
	for _, e := range entries {
		if e.Damaged {
			continue // the timeline says so in its place
		}
		switch b := e.Body.(type) {
		case *entry.Plan:
			if !plans[b.Plan] {
				text := b.Text
				if b.Version > 0 {
					text = q.lang.T("plan.version", "n", b.Version)
				}
				p.Plans = append(p.Plans, view.PlanLine{Name: o.names("plan", b.Plan), Text: text, Agreed: e.Day, Review: reviewOf(o.state, b.Plan)})
			}
			plans[b.Plan] = true
		case *entry.Offer:
			if !offers[b.Offer] {
				p.Offers = append(p.Offers, view.OfferLine{Name: o.names("offer", b.Offer), State: q.lang.T("offer_state." + string(b.State))})
			}
			offers[b.Offer] = true
		}
	}
	phase := o.model.Phase(o.state.Phase)
	if phase == nil || o.state.Status == pathway.Closed {
		return nil
	}
	for _, f := range phase.Offers {
		if !offers[f.ID] {
			p.Offers = append(p.Offers, view.OfferLine{Name: o.names("offer", f.ID), State: q.lang.T("offer_state.open")})
		}
	}
	for _, id := range phase.Topics {
		t := view.Topic{Name: o.names("topic", id)}
		for _, d := range o.state.Obligations {
			if d.Kind == pathway.OwesTopic && d.Rule == id && d.Phase == phase.ID && d.Status == pathway.Met {
				t.Day = d.From
			}
		}
		p.Topics = append(p.Topics, t)
	}
	return nil
}

func reviewOf(s pathway.State, plan string) civil.Date {
	for _, d := range s.Obligations {
		if d.Kind == pathway.OwesReview && d.Rule == plan {
			return d.Due
		}
	}
	return 0
}

// timeline is one part of the journal, newest first, corrections folded into what they correct.
func (q *request) timeline(tx *db.Tx, sh view.Shell, o onePath, strand view.Strand, before journal.Place) (view.Timeline, error) {
	t := view.Timeline{Shell: sh, Client: o.id, Strand: strand}
	most, all := timelineMost, q.FormValue("all")
	if all != "" {
		most, all = wholeMost, "1"
	}
	entries, err := q.s.Book.Journal.Timeline(tx, o.client.ID, view.StrandKinds(strand), before, most+1)
	if err != nil {
		return t, err
	}
	if o.restricted, err = client.RestrictedEntries(tx, o.client.ID); err != nil {
		return t, err
	}
	corrections, err := q.s.Book.Journal.Corrections(tx, o.client.ID)
	if err != nil {
		return t, err
	}
	if len(entries) > most {
		entries = entries[:most]
		t.Next = "/c/" + o.id + "?" + q.query("strand", string(strand), "all", all, "before", placeWord(journal.PlaceOf(&entries[most-1])))
	}
	o.withheld = path.WithheldAmong(entries)
	steps := stepsOf(entries, corrections)
	t.Items = make([]view.Item, 0, len(entries))
	for i := range entries {
		e := &entries[i]
		if _, folded := steps[e.ID]; folded || e.Corrects != "" {
			continue
		}
		it := q.item(e, corrections, o)
		if step := steps[ident.Beside(e.ID, "next")]; step != nil {
			said := view.Say(q.lang, step, o.names)
			it.Step, it.StepID = &said, step.ID
		}
		t.Items = append(t.Items, it)
	}
	return t, nil
}

// stepsOf finds the entries that were recorded with a contact by one form and are read with it: the step agreed, and that
// the step before was done. What was taken back, put right or went otherwise stands for itself.
func stepsOf(entries []entry.Entry, corrections map[string]entry.Entry) map[string]*entry.Entry {
	with := map[string]bool{}
	for i := range entries {
		if e := &entries[i]; e.Kind == entry.KindContact {
			if _, changed := corrections[e.ID]; !changed {
				with[ident.Beside(e.ID, "next")], with[ident.Beside(e.ID, "end")] = true, true
			}
		}
	}
	steps := map[string]*entry.Entry{}
	for i := range entries {
		e := &entries[i]
		if _, changed := corrections[e.ID]; changed || !with[e.ID] || e.Damaged {
			continue
		}
		if b, is := e.Body.(*entry.TaskEnd); is && (b.Outcome != entry.Done || b.Why != "") {
			continue
		}
		steps[e.ID] = e
	}
	return steps
}

// item is an entry with what has become of it: the newest correction is shown, earlier wordings stay readable.
func (q *request) item(e *entry.Entry, corrections map[string]entry.Entry, o onePath) view.Item {
	var old []view.Old
	shown, retracted := e, false
	for range len(corrections) {
		c, there := corrections[shown.ID]
		if !there {
			break
		}
		if c.Kind == entry.KindRetraction {
			retracted = true
			break
		}
		old = append([]view.Old{{Said: view.Say(q.lang, shown, o.names), Author: o.names("worker", shown.Author), When: q.when(shown.RecordedAt)}}, old...)
		next := c
		shown = &next
	}
	it := view.Item{ID: shown.ID, Day: shown.Day, Minute: shown.Minute, Kind: shown.Kind, Said: view.Say(q.lang, shown, o.names),
		Author: o.names("worker", shown.Author), Old: old, Retract: retracted, Mended: entry.Mended(shown.Body)}
	it.Correct = !retracted && !shown.Damaged && e.Path == o.path.ID && correctable[e.Kind] && e.Author != actor.ParticipantWorker // their words stay theirs
	it.File = e.Kind == entry.KindFile && !e.Damaged && e.Path == o.path.ID
	if w := o.withheld[e.ID]; w != nil && !retracted {
		it.Hidden = q.hidden(w)
	}
	if o.restricted[e.ID] || o.restricted[shown.ID] {
		it.Correct, it.Said.Marks = false, append(it.Said.Marks, q.lang.T("restriction.hidden"))
	}
	return it
}

// correctable are the kinds that the record form can correct.
var correctable = map[entry.Kind]bool{entry.KindContact: true, entry.KindAttendance: true, entry.KindAbsence: true, entry.KindNote: true}

// when says an instant in words: day and clock.
func (q *request) when(micros int64) string {
	day, minute := wall(q, micros)
	return q.lang.Day(day) + " " + q.lang.Clock(minute)
}

// placeWord writes a place of the journal for a URL: figures and an entry's id.
func placeWord(p journal.Place) string {
	return strconv.Itoa(int(p.Day)) + "." + strconv.Itoa(p.Minute) + "." + strconv.FormatInt(p.RecordedAt, 10) + "." + p.ID
}

func placeInJournal(text string) (journal.Place, error) {
	if text == "" {
		return journal.Top, nil
	}
	parts := strings.SplitN(text, ".", 4)
	if len(parts) == 4 {
		day, err1 := strconv.Atoi(parts[0])
		minute, err2 := strconv.Atoi(parts[1])
		at, err3 := strconv.ParseInt(parts[2], 10, 64)
		if err1 == nil && err2 == nil && err3 == nil {
			return journal.Place{Day: civil.Date(day), Minute: minute, RecordedAt: at, ID: parts[3]}, nil
		}
	}
	return journal.Place{}, fault.E(fault.NotFound, "error.not_found", nil)
}

// nameOf gives a client's name for a list.
func (q *request) nameOf(tx *db.Tx, id string) (string, error) {
	c, err := client.Get(tx, id)
	return c.Name(), err
}

// picture is the path as a line with stations, from the engine's stations.
func (q *request) picture(o onePath) view.Picture {
	p := view.Picture{Left: o.state.Status == pathway.Closed, Paused: o.state.Status == pathway.Paused}
	legs := map[string]int{}
	for _, st := range o.state.Stations {
		switch st.Kind {
		case pathway.StationPhase:
			leg := view.Leg{Title: o.names("phase", st.ID), State: st.State, From: st.From, To: st.To}
			if st.State == "now" {
				leg.Day = o.state.PhaseDay
				if m := o.model; m != nil && m.Phase(st.ID) != nil && !m.Phase(st.ID).Target.IsZero() {
					leg.Of = int(m.Phase(st.ID).Target.After(st.From, q.s.Book.Calendar) - st.From)
				}
			}
			legs[st.ID] = len(p.Legs)
			p.Legs = append(p.Legs, leg)
		case pathway.StationCheckpoint:
			area, _, _ := strings.Cut(st.ID, "/")
			state := st.State
			if state == "done" {
				state = "reached"
			}
			p.Stops = append(p.Stops, view.Stop{Name: o.names("item", st.ID), Area: o.names("area", area), State: state, Day: st.From, Leg: legs[st.Phase]})
		case pathway.StationExit:
			if st.State == "done" {
				p.Exit = o.names("exit", st.ID)
			}
		}
	}
	return p
}
