package directory

import (
	"cmp"
	"slices"
	"strings"

	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/path"
)

// Hows and States in the order they are offered.
var (
	Hows   = []entry.GuidanceHow{entry.Told, entry.ContactedIt, entry.WentAlong, entry.BookedIn}
	States = []entry.GuidanceState{entry.GuidanceIn, entry.GuidanceQueue, entry.GuidanceNotIn, entry.GuidanceNoWant}
)

// themeOf tells which theme an area of checkpoints, or a topic of conversation, is about.
var themeOf = map[string]Theme{"work": Work, "education": Education, "group": Leisure, "everyday": Everyday, "rehabilitation": Health, "housing": Housing,
	"local-employers": Work, "job-search-coaching": Work, "work-history": Work, "supported-employment": Work, "job-coaching": Work, "work-or-study-search": Work,
	"education-history": Education, "education-plans": Education, "everyday-life": Everyday, "guidance-to-care": Health, "rehabilitation-need": Health,
	"money": Money, "e-services": Digital, "network": Leisure}

// ThemesOf gives the themes that a client's path has touched lately: checkpoints that are chosen and not reached, goals'
// areas, topics of contacts since a day; the newest first. What a plan says of itself, its area, comes through area.
func ThemesOf(entries []*entry.Entry, since civil.Date) []Theme {
	var out []Theme
	add := func(word string) {
		t, known := themeOf[word]
		if !known && slices.Contains(Themes, Theme(word)) {
			t, known = Theme(word), true
		}
		if known && !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	for _, e := range slices.Backward(entries) {
		if e.Day < since {
			break
		}
		switch b := e.Body.(type) {
		case *entry.Checkpoint:
			if b.State == entry.Chosen {
				add(b.Area)
			}
		case *entry.Contact:
			for _, t := range b.Topics {
				add(t)
			}
		}
	}
	return out
}

// Proposal is a listing that may suit a client, with what speaks for it.
type Proposal struct {
	Listing
	Near   bool    // in the client's own municipality
	Shared []Theme // themes that the client's path has touched
}

// ForClient is what proposals are chosen by.
type ForClient struct {
	Municipality string
	Age          int // years; below 0: not known
	Lang         string
	Themes       []Theme
	Guided       []Guided // what the client has been guided to is not proposed again
}

// Propose gives the listings that suit a client, best first: those that share most themes, serve in the client's
// language, are near and fresh. Without themes it proposes what is near.
func Propose(today civil.Date, all []Listing, c ForClient) []Proposal {
	var out []Proposal
	rank := map[string]int{}
	for _, l := range all {
		if !l.Retired.IsZero() || !l.In(c.Municipality) || !l.FitsAge(c.Age) ||
			slices.ContainsFunc(c.Guided, func(g Guided) bool { return g.Listing == l.ID && g.Open() }) {
			continue
		}
		p := Proposal{Listing: l, Near: l.near(c.Municipality)}
		for _, t := range c.Themes {
			if slices.Contains(l.Themes, t) {
				p.Shared = append(p.Shared, t)
			}
		}
		if len(c.Themes) > 0 && len(p.Shared) == 0 {
			continue
		}
		n := 8 * len(p.Shared)
		for _, plus := range []struct {
			is bool
			n  int
		}{{p.Near, 4}, {c.Lang != "" && l.speaks(c.Lang), 2}, {!l.Stale(today), 2}, {l.Sector == Own, 1}} {
			if plus.is {
				n += plus.n
			}
		}
		rank[l.ID] = n
		out = append(out, p)
	}
	slices.SortStableFunc(out, func(a, b Proposal) int {
		return cmp.Or(cmp.Compare(rank[b.ID], rank[a.ID]), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// Guided is guidance of a client as it stands now.
type Guided struct {
	ID, Listing, Name string
	Themes            []string
	How               entry.GuidanceHow
	State             entry.GuidanceState
	Day, Answered     civil.Date // Answered: when the state was last told; zero: not yet
	Text, Answer      string
	Author            string
}

// Open tells whether it is not known yet how it ended.
func (g Guided) Open() bool { return g.State == entry.GuidanceOpen || g.State == entry.GuidanceQueue }

// Of folds a path's entries as they stand into guidance, the newest first.
func Of(entries []*entry.Entry) []Guided {
	var all []Guided
	for _, e := range entries {
		b, is := e.Body.(*entry.Guidance)
		if !is || e.Damaged {
			continue
		}
		i := slices.IndexFunc(all, func(g Guided) bool { return g.ID == b.Guidance })
		if i < 0 {
			all = append(all, Guided{ID: b.Guidance, Listing: b.Listing, Name: b.Name, Themes: b.Themes, How: b.How, State: b.State, Day: e.Day, Text: b.Text, Author: e.Author})
			continue
		}
		all[i].State, all[i].Answered, all[i].Answer = b.State, e.Day, b.Text
	}
	slices.Reverse(all)
	return all
}

// Guide is what guiding a client to a listing is recorded with.
type Guide struct {
	ID      string // of the entry, made by whoever records; sent twice it counts once
	Listing string
	How     entry.GuidanceHow
	Text    string     // what was agreed
	Next    *path.Step // nil: the step that stands goes on
}

// Record writes guidance into the journal of a path, with the next step that it sets. Mistakes come back by field:
// how, text, step_what, step_by.
func Record(tx *db.Tx, b *path.Book, pathID string, g Guide) error {
	l, err := Get(tx, g.Listing)
	if err != nil {
		return err
	}
	wrong := map[string]string{}
	if !slices.Contains(Hows, g.How) {
		wrong["how"] = "guidance.no_how"
	}
	if !l.Retired.IsZero() {
		wrong["listing"] = "guidance.retired"
	}
	if len(g.Text) > 4*textMost {
		wrong["text"] = "directory.too_long"
	}
	if err := fault.Fields(wrong); err != nil {
		return err
	}
	g.ID = cmp.Or(g.ID, ident.New())
	themes := make([]string, len(l.Themes))
	for i, t := range l.Themes {
		themes[i] = string(t)
	}
	_, err = b.RecordOther(tx, pathID, []entry.Entry{{ID: g.ID, Day: tx.Today, Minute: tx.Minute(), Kind: entry.KindGuidance,
		Body: &entry.Guidance{Guidance: g.ID, Listing: l.ID, Name: l.Name, Themes: themes, How: g.How, State: entry.GuidanceOpen, Text: strings.TrimSpace(g.Text)}}}, "", g.Next)
	return err
}

// Answer records what became of guidance, with the next step that it sets. It may be told again when it changes.
func Answer(tx *db.Tx, b *path.Book, pathID, id string, state entry.GuidanceState, text string, next *path.Step) (entryID string, err error) {
	p, err := path.Get(tx, pathID)
	if err != nil {
		return "", err
	}
	if !slices.Contains(States, state) {
		return "", fault.Fields(map[string]string{"state": "guidance.no_state"})
	}
	entries, err := b.Entries(tx, p)
	if err != nil {
		return "", err
	}
	all := Of(entries)
	i := slices.IndexFunc(all, func(g Guided) bool { return g.ID == id })
	if i < 0 {
		return "", fault.E(fault.NotFound, "error.not_found", nil)
	}
	g := all[i]
	entryID = ident.New()
	_, err = b.RecordOther(tx, pathID, []entry.Entry{{ID: entryID, Day: tx.Today, Minute: tx.Minute(), Kind: entry.KindGuidance,
		Body: &entry.Guidance{Guidance: g.ID, Listing: g.Listing, Name: g.Name, Themes: g.Themes, How: g.How, State: state, Text: strings.TrimSpace(text)}}}, "", next)
	return entryID, err
}
