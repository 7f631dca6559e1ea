package plan

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"polku/internal/audit"
	"polku/internal/civil"
	"polku/internal/client"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/path"
)

// textMost is how long one text of a plan may be, in bytes: about six pages.
const textMost = 20_000

// Draft is the plan that is worked on: the values of all fields, whatever kinds ask for them.
type Draft struct {
	Path, Client string
	Kind         string // id of the kind that is being made; empty: none chosen yet
	Content      Content
	Rev          int // 0: nobody has written anything
	ChangedAt    int64
	ChangedBy    string // worker id

	Offered    *entry.Plan // what the client reads; nil: not offered
	OfferedAt  int64
	OfferedBy  string
	task       string
	Answer     string // what the client would change of what was offered last
	AnsweredAt int64
}

// Content of a draft.
type Content struct {
	Strengths string            `json:"strengths,omitempty"` // one a line
	Values    map[string]string `json:"values,omitempty"`    // by field id
	Parts     map[string]bool   `json:"parts,omitempty"`     // by part id, where somebody has said
}

const draftColumns = `path_id, client_id, kind, content, rev, changed_at, changed_by, coalesce(offered, ''), coalesce(offered_at, 0), offered_by, offered_task, answer, coalesce(answered_at, 0)`

// DraftOf gives the draft of a path that the actor may see; with Rev 0 when there is none yet.
func DraftOf(tx *db.Tx, pathID string) (Draft, error) {
	p, err := path.Get(tx, pathID)
	if err != nil {
		return Draft{}, err
	}
	return draftOf(tx, p)
}

func draftOf(tx *db.Tx, p path.Path) (Draft, error) {
	tx.Saw(p.Client)
	return readDraft(tx, p, `select `+draftColumns+` from plan_draft where tenant_id = $1 and path_id = $2`, tx.Who.Tenant, p.ID)
}

// offeredTo gives the draft that waits for the participant's answer, with its path; the path is empty when none waits.
func offeredTo(tx *db.Tx) (Draft, path.Path, error) {
	own, err := path.Own(tx)
	if err != nil {
		return Draft{}, path.Path{}, err
	}
	tx.Saw(tx.Who.Client)
	d, err := readDraft(tx, path.Path{}, `select `+draftColumns+` from plan_draft where tenant_id = $1 and client_id = $2 and offered_at is not null
		order by offered_at desc, path_id limit 1`, tx.Who.Tenant, tx.Who.Client)
	for _, p := range own {
		if p.ID == d.Path {
			return d, p, err
		}
	}
	return Draft{}, path.Path{}, err
}

func readDraft(tx *db.Tx, p path.Path, text string, args ...any) (Draft, error) {
	d := Draft{Path: p.ID, Client: p.Client, Content: Content{Values: map[string]string{}, Parts: map[string]bool{}}}
	var content, offered []byte
	found, err := tx.One(text, args, &d.Path, &d.Client, &d.Kind, &content, &d.Rev, &d.ChangedAt, &d.ChangedBy, &offered, &d.OfferedAt, &d.OfferedBy, &d.task,
		&d.Answer, &d.AnsweredAt)
	if err != nil || !found {
		return d, err
	}
	if err := json.Unmarshal(content, &d.Content); err != nil {
		return d, fault.Wrap(err, "plan.decode")
	}
	if d.Content.Values == nil {
		d.Content.Values = map[string]string{}
	}
	if d.Content.Parts == nil {
		d.Content.Parts = map[string]bool{}
	}
	if d.OfferedAt != 0 {
		d.Offered = &entry.Plan{}
		err = fault.Wrap(json.Unmarshal(offered, d.Offered), "plan.decode")
	}
	return d, err
}

// Change is what a form sends: only what it has in it.
type Change struct {
	Rev       int               // of the draft that the form was made from
	Kind      string            // empty: as it was
	Strengths *string           // nil: as they were
	Values    map[string]string // by field id
	Parts     map[string]bool   // by part id
}

// Save keeps the draft. What somebody else has changed since Rev is a conflict; while the client is reading it, nobody
// changes it. Wrong fields are named by their ids.
func Save(tx *db.Tx, pathID string, c Change) (Draft, error) {
	d, err := DraftOf(tx, pathID)
	if err != nil {
		return d, err
	}
	if err := client.MustBeFree(tx, d.Client); err != nil {
		return d, err
	}
	if err := c.check(); err != nil {
		return d, err
	}
	switch {
	case d.Offered != nil:
		return d, fault.E(fault.Conflict, "plan.is_offered", nil)
	case d.Rev != c.Rev:
		return d, fault.E(fault.Conflict, "plan.changed", nil)
	}
	if c.Kind != "" {
		d.Kind = c.Kind
	}
	if c.Strengths != nil {
		d.Content.Strengths = tidy(*c.Strengths)
	}
	for id, text := range c.Values {
		d.Content.Values[id] = tidy(text) // empty stays too: somebody has said that there is nothing to tell
	}
	maps.Copy(d.Content.Parts, c.Parts)
	return write(tx, d)
}

// write keeps a changed draft under its next number.
func write(tx *db.Tx, d Draft) (Draft, error) {
	content, err := json.Marshal(d.Content)
	if err != nil {
		return d, fault.Wrap(err, "plan.encode")
	}
	var offered, offeredAt, answeredAt any
	if d.Offered != nil {
		text, err := json.Marshal(d.Offered)
		if err != nil {
			return d, fault.Wrap(err, "plan.encode")
		}
		offered, offeredAt = string(text), d.OfferedAt
	} else {
		d.OfferedAt, d.OfferedBy, d.task = 0, "", ""
	}
	if d.AnsweredAt != 0 {
		answeredAt = d.AnsweredAt
	}
	d.ChangedAt, d.ChangedBy = tx.At, tx.Who.Worker
	n, err := tx.Exec(`insert into plan_draft (tenant_id, path_id, client_id, kind, content, rev, changed_at, changed_by, offered, offered_at, offered_by,
		offered_task, answer, answered_at) values ($1, $2, $3, $4, $5, $6 + 1, $7, $8, $9, $10, $11, $12, $13, $14)
		on conflict (tenant_id, path_id) do update set kind = excluded.kind, content = excluded.content, rev = excluded.rev, changed_at = excluded.changed_at,
		changed_by = excluded.changed_by, offered = excluded.offered, offered_at = excluded.offered_at, offered_by = excluded.offered_by,
		offered_task = excluded.offered_task, answer = excluded.answer, answered_at = excluded.answered_at where plan_draft.rev = $6`,
		tx.Who.Tenant, d.Path, d.Client, d.Kind, string(content), d.Rev, d.ChangedAt, d.ChangedBy, offered, offeredAt, d.OfferedBy, d.task, d.Answer, answeredAt)
	if err == nil && n == 0 {
		err = fault.E(fault.Conflict, "plan.changed", nil)
	}
	if err != nil {
		return d, err
	}
	d.Rev++
	return d, audit.Command(tx, d.Client, "plan.save")
}

// check names the wrong fields.
func (c Change) check() error {
	wrong := map[string]string{}
	if c.Kind != "" && KindOf(c.Kind) == nil {
		wrong["kind"] = "plan.no_kind"
	}
	if c.Strengths != nil && len(*c.Strengths) > textMost {
		wrong["strengths"] = "plan.long_text"
	}
	for id, text := range c.Values {
		f := FieldOf(id)
		switch {
		case f == nil:
			return fault.E(fault.Invalid, "error.invalid", nil)
		case len(text) > textMost:
			wrong[id] = "plan.long_text"
		case f.Type == TypeDay && strings.TrimSpace(text) != "":
			if _, err := civil.Parse(strings.TrimSpace(text)); err != nil {
				wrong[id] = "plan.bad_day"
			}
		}
	}
	for id := range c.Parts {
		if PartOf(id) == nil {
			return fault.E(fault.Invalid, "error.invalid", nil)
		}
	}
	return fault.Fields(wrong)
}

// tidy takes spaces at the ends away, and carriage returns that browsers send.
func tidy(text string) string { return strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n")) }

// Has tells whether a part is in the plan: as somebody has said, else by the kind of register.
func (c Content) Has(p *Part, register string) bool {
	if said, known := c.Parts[p.ID]; known {
		return said
	}
	return slices.Contains(p.Registers, register)
}

// Asks gives the fields that a kind asks for with these parts in the plan. register is the kind of the path's register.
func (c Content) Asks(k *Kind, register string) []Asked {
	var all []Asked
	for _, a := range k.Fields {
		if p := PartOf(a.Part); p == nil || c.Has(p, register) {
			all = append(all, a)
		}
	}
	return all
}

// Missing gives the fields that a kind asks for and that say nothing yet.
func (c Content) Missing(k *Kind, register string) []Asked {
	return slices.DeleteFunc(c.Asks(k, register), func(a Asked) bool { return c.Values[a.Name] != "" })
}

// Plan makes the plan as it is now: the kind's fields, strengths and goals. Version and Accepted are empty.
func (c Content) Plan(k *Kind, register string, s Story) entry.Plan {
	p := entry.Plan{Plan: k.ID, Strengths: c.Strengths}
	for _, a := range c.Asks(k, register) {
		if text := c.Values[a.Name]; text != "" {
			p.Fields = append(p.Fields, entry.PlanField{Field: a.Name, Text: text})
		}
	}
	for _, g := range s.Goals {
		if g.State == entry.GoalDropped {
			continue
		}
		x := entry.PlanGoal{Goal: g.ID, Theme: g.Theme, Words: g.Words, Reached: g.State == entry.GoalReached}
		for _, a := range g.Actions {
			if a.Outcome == "" || a.Outcome == entry.Done {
				x.Actions = append(x.Actions, entry.PlanAction{Task: a.Task.Task, What: a.What, Owner: a.Owner, Worker: a.Worker, Who: a.Who, By: a.By, Done: a.Outcome == entry.Done})
			}
		}
		p.Goals = append(p.Goals, x)
	}
	return p
}
