package plan

import (
	"cmp"
	"slices"

	"polku/internal/civil"
	"polku/internal/entry"
)

// Story is what a path's entries tell about its plan.
type Story struct {
	Goals    []Goal    // in the order in which they were first set
	Versions []Version // accepted plans, newest first
	Reviews  []Review  // newest first
	Stations []Station // checkpoints in the order in which they were first chosen
	Facts    []Fact    // what is known that a plan asks for, oldest first
}

// Goal of the client with what is done for it.
type Goal struct {
	ID, Theme, Words string
	State            entry.GoalState
	Why              string
	Set, Ended       civil.Date // Ended: reached or dropped
	Entry            string     // id of the newest entry about it
	Actions          []Action
}

// Action for a goal: a task of the path, open or ended.
type Action struct {
	entry.Task
	Outcome entry.TaskOutcome // empty: open
	Ended   civil.Date
	Why     string
}

// Version is an accepted plan.
type Version struct {
	*entry.Plan
	Entry  string // id
	Day    civil.Date
	Author string
}

// Review of a plan.
type Review struct {
	*entry.Review
	Entry  string
	Day    civil.Date
	Author string
}

// Station is a checkpoint as it stands.
type Station struct {
	*entry.Checkpoint            // the newest entry about it
	Entry             string     // its id: files are linked to it
	Chosen, Ended     civil.Date // zero: was not
}

// FactKind tells what a fact is about.
type FactKind string

// Facts that plans ask for.
const (
	FactTopic     FactKind = "topic"     // what was told when a topic was talked through; ID is the topic
	FactOffer     FactKind = "offer"     // ID is the offer, State its state
	FactPlacement FactKind = "placement" // ID is the kind, Text the place
	FactPlan      FactKind = "plan"      // an earlier plan or its review; ID is the kind
)

// Fact is something that the journal knows already.
type Fact struct {
	Kind      FactKind
	ID, State string
	Text      string
	Day       civil.Date
	To        civil.Date // placement: planned last day
}

// Read folds entries as they stand (corrections folded in, in the journal's order). Entries whose content is damaged are
// left out.
func Read(entries []*entry.Entry) Story {
	var s Story
	goal, task, station := map[string]int{}, map[string][2]int{}, map[string]int{}
	for _, e := range entries { // goals first: a task of the same day may stand before the goal that it serves
		if b, is := e.Body.(*entry.Goal); is && !e.Damaged {
			s.setGoal(goal, e, b)
		}
	}
	for _, e := range entries {
		if e.Damaged {
			continue
		}
		switch b := e.Body.(type) {
		case *entry.Task:
			s.setAction(goal, task, e, b)
		case *entry.TaskEnd:
			if at, known := task[b.Task]; known {
				a := &s.Goals[at[0]].Actions[at[1]]
				a.Outcome, a.Ended, a.Why = b.Outcome, e.Day, b.Why
			}
		case *entry.Plan:
			if b.Version > 0 {
				s.Versions = append(s.Versions, Version{b, e.ID, e.Day, e.Author})
			}
			s.Facts = append(s.Facts, Fact{Kind: FactPlan, ID: b.Plan, Day: e.Day, Text: b.Text})
		case *entry.Review:
			s.Reviews = append(s.Reviews, Review{b, e.ID, e.Day, e.Author})
			s.Facts = append(s.Facts, Fact{Kind: FactPlan, State: "review", ID: b.Plan, Day: e.Day, Text: cmp.Or(b.Done, b.Text)})
		case *entry.Checkpoint:
			s.setStation(station, e, b)
		case *entry.Contact:
			for _, topic := range b.Topics {
				if b.Result == entry.Held && b.With == "" && b.Text != "" {
					s.Facts = append(s.Facts, Fact{Kind: FactTopic, ID: topic, Day: e.Day, Text: b.Text})
				}
			}
		case *entry.Offer:
			s.setOffer(e, b)
		case *entry.Placement:
			s.Facts = append(s.Facts, Fact{Kind: FactPlacement, ID: b.Placement, Text: b.Where, Day: b.From, To: b.To})
		}
	}
	slices.Reverse(s.Versions)
	slices.Reverse(s.Reviews)
	return s
}

func (s *Story) setGoal(at map[string]int, e *entry.Entry, b *entry.Goal) {
	i, known := at[b.Goal]
	if !known {
		i = len(s.Goals)
		at[b.Goal] = i
		s.Goals = append(s.Goals, Goal{ID: b.Goal, Set: e.Day})
	}
	g := &s.Goals[i]
	g.Theme, g.Words, g.State, g.Why, g.Entry, g.Ended = b.Theme, b.Words, b.State, b.Why, e.ID, 0
	if b.State != entry.GoalSet {
		g.Ended = e.Day
	}
}

// setAction adds a task to its goal. A later entry of the task (moved to another day, given to somebody else) need not
// name the goal again.
func (s *Story) setAction(goal map[string]int, task map[string][2]int, e *entry.Entry, b *entry.Task) {
	t := *b
	t.Task = cmp.Or(t.Task, e.ID)
	if at, known := task[t.Task]; known {
		a := &s.Goals[at[0]].Actions[at[1]]
		t.Goal, t.Who = cmp.Or(t.Goal, a.Goal), cmp.Or(t.Who, a.Who)
		*a = Action{Task: t}
		return
	}
	i, known := goal[t.Goal]
	if !known {
		return
	}
	task[t.Task] = [2]int{i, len(s.Goals[i].Actions)}
	s.Goals[i].Actions = append(s.Goals[i].Actions, Action{Task: t})
}

func (s *Story) setStation(at map[string]int, e *entry.Entry, b *entry.Checkpoint) {
	key := b.Area + "/" + b.Item
	i, known := at[key]
	if !known {
		i = len(s.Stations)
		at[key] = i
		s.Stations = append(s.Stations, Station{})
	}
	x := &s.Stations[i]
	x.Checkpoint, x.Entry = b, e.ID
	if b.State == entry.Chosen {
		x.Chosen, x.Ended = e.Day, 0
	} else {
		x.Ended = e.Day
	}
}

// setOffer keeps the newest state of each offer.
func (s *Story) setOffer(e *entry.Entry, b *entry.Offer) {
	f := Fact{Kind: FactOffer, ID: b.Offer, State: string(b.State), Text: b.Text, Day: e.Day}
	i := slices.IndexFunc(s.Facts, func(x Fact) bool { return x.Kind == FactOffer && x.ID == b.Offer })
	if i >= 0 {
		s.Facts[i] = f
		return
	}
	s.Facts = append(s.Facts, f)
}

// Newest gives the newest version of a kind; of any kind when it is empty. Its Plan is nil when there is none.
func (s Story) Newest(kind string) Version {
	for _, v := range s.Versions {
		if kind == "" || v.Plan.Plan == kind {
			return v
		}
	}
	return Version{}
}

// Before gives the version of the same kind that came before one; its Plan is nil when there is none.
func (s Story) Before(v Version) Version {
	for _, x := range s.Versions {
		if x.Plan.Plan == v.Plan.Plan && x.Version == v.Version-1 {
			return x
		}
	}
	return Version{}
}

// Goal gives a goal; nil when there is none of that id.
func (s Story) Goal(id string) *Goal {
	for i := range s.Goals {
		if s.Goals[i].ID == id {
			return &s.Goals[i]
		}
	}
	return nil
}

// Station gives a checkpoint as it stands; its Checkpoint is nil when nobody has chosen it.
func (s Story) Station(area, item string) Station {
	for _, x := range s.Stations {
		if x.Area == area && x.Item == item {
			return x
		}
	}
	return Station{}
}
