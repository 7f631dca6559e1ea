package plan

import (
	"strings"

	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/path"
)

// wordsMost is how long a goal or an action may be, in bytes.
const wordsMost = 1000

// SetGoal sets a goal of the client's, changes its words or theme, or says that it was reached or dropped. Without an id
// it is a new one. It gives the id of the entry, for undo. Wrong fields: words, theme, state.
func SetGoal(tx *db.Tx, book *path.Book, pathID string, g entry.Goal) (string, error) {
	g.Words = tidy(g.Words)
	wrong := map[string]string{}
	if g.Words == "" || len(g.Words) > wordsMost {
		wrong["words"] = "plan.no_goal"
	}
	if g.Theme != "" && ThemeName(g.Theme, "en") == g.Theme {
		wrong["theme"] = "plan.no_theme"
	}
	switch g.State {
	case entry.GoalSet, entry.GoalReached, entry.GoalDropped:
	default:
		wrong["state"] = "error.invalid"
	}
	if err := fault.Fields(wrong); err != nil {
		return "", err
	}
	id := ident.New()
	if g.Goal == "" {
		g.Goal = id
	} else if known, err := hasGoal(tx, book, pathID, g.Goal); err != nil || !known {
		if err == nil {
			err = fault.E(fault.NotFound, "error.not_found", nil)
		}
		return "", err
	}
	_, err := book.Append(tx, pathID, entry.Entry{ID: id, Day: tx.Today, Minute: tx.Minute(), Kind: entry.KindGoal, Body: &g})
	return id, err
}

func hasGoal(tx *db.Tx, book *path.Book, pathID, goal string) (bool, error) {
	p, err := path.Get(tx, pathID)
	if err != nil {
		return false, err
	}
	entries, err := book.Entries(tx, p)
	return Read(entries).Goal(goal) != nil, err
}

// NewAction is what is agreed for a goal.
type NewAction struct {
	Goal   string // id
	What   string
	Owner  entry.Owner
	Worker string // when Owner is worker; empty: the responsible worker of the day
	Who    string // when Owner is other: who, in words
	By     civil.Date
}

// AddAction agrees something for a goal: a task of the path, so that it shows on Today and is done there or here. It gives
// the id of the entry, for undo. Wrong fields: what, owner, by.
func AddAction(tx *db.Tx, book *path.Book, pathID string, a NewAction) (string, error) {
	a.What = strings.TrimSpace(a.What)
	wrong := map[string]string{}
	if a.What == "" || len(a.What) > wordsMost {
		wrong["what"] = "plan.no_action"
	}
	switch a.Owner {
	case entry.ByClient, entry.ByWorker, entry.ByOther:
	default:
		wrong["owner"] = "plan.no_owner"
	}
	switch {
	case a.By.IsZero():
		wrong["by"] = "step.no_day"
	case a.By < tx.Today:
		wrong["by"] = "step.past_day"
	case a.By > tx.Today+400:
		wrong["by"] = "step.far_day"
	}
	if err := fault.Fields(wrong); err != nil {
		return "", err
	}
	if known, err := hasGoal(tx, book, pathID, a.Goal); err != nil {
		return "", err
	} else if !known {
		return "", fault.E(fault.NotFound, "error.not_found", nil)
	}
	id := ident.New()
	// Like every task without a minute: when it is moved to another day later today, that comes after.
	_, err := book.Append(tx, pathID, entry.Entry{ID: id, Day: tx.Today, Minute: -1, Kind: entry.KindTask,
		Body: &entry.Task{Task: id, What: a.What, Owner: a.Owner, Worker: a.Worker, Who: strings.TrimSpace(a.Who), By: a.By, From: entry.FromGoal, Goal: a.Goal}})
	return id, err
}

// Reviewed records that a plan was looked at again, which meets the engine's review of that kind. It gives the id of the
// entry. Wrong fields: kind, done, goes_on.
func Reviewed(tx *db.Tx, book *path.Book, pathID string, r entry.Review) (string, error) {
	r.Done, r.GoesOn, r.With = tidy(r.Done), tidy(r.GoesOn), tidy(r.With)
	wrong := map[string]string{}
	if KindOf(r.Plan) == nil {
		wrong["kind"] = "plan.no_kind"
	}
	if r.Done == "" || len(r.Done) > textMost {
		wrong["done"] = "plan.no_done"
	}
	if r.GoesOn == "" || len(r.GoesOn) > textMost {
		wrong["goes_on"] = "plan.no_goes_on"
	}
	if err := fault.Fields(wrong); err != nil {
		return "", err
	}
	id := ident.New()
	_, err := book.Append(tx, pathID, entry.Entry{ID: id, Day: tx.Today, Minute: tx.Minute(), Kind: entry.KindReview, Body: &r})
	return id, err
}

// SetStation chooses a checkpoint, or says that it was reached or dropped. It gives the id of the entry: undo takes it, and
// files of evidence are linked to it. Wrong fields: item, state, text.
func SetStation(tx *db.Tx, book *path.Book, pathID string, c entry.Checkpoint) (string, error) {
	c.Text = tidy(c.Text)
	p, err := path.Get(tx, pathID)
	if err != nil {
		return "", err
	}
	s, err := book.StateOf(tx, p)
	if err != nil {
		return "", err
	}
	wrong := map[string]string{"item": "plan.no_station"}
	if m := book.Models.Get(s.Model, s.Version); m != nil {
		for _, area := range m.Areas {
			for _, item := range area.Items {
				if area.ID == c.Area && item == c.Item {
					delete(wrong, "item")
				}
			}
		}
	}
	switch c.State {
	case entry.Chosen, entry.Reached, entry.StationLeft:
	default:
		wrong["state"] = "error.invalid"
	}
	switch c.Evidence {
	case "", entry.EvidenceNote, entry.EvidenceAttendance, entry.EvidenceCertificate:
	default:
		wrong["evidence"] = "error.invalid"
	}
	if len(c.Text) > textMost {
		wrong["text"] = "plan.long_text"
	}
	if err := fault.Fields(wrong); err != nil {
		return "", err
	}
	id := ident.New()
	_, err = book.Append(tx, pathID, entry.Entry{ID: id, Day: tx.Today, Minute: tx.Minute(), Kind: entry.KindCheckpoint, Body: &c})
	return id, err
}
