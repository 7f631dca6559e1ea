package cli

import (
	"context"
	"fmt"

	"polku/internal/actor"
	"polku/internal/caseload"
	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/pathway"
	"polku/internal/wording"
)

// LoadCmd prints a worker's caseload in the order in which the clients call.
type LoadCmd struct {
	Database  `embed:""`
	Worker    string `required:"" placeholder:"USERNAME"`
	TodayOnly bool   `name:"today-only"`
	Format    string `enum:"text,json" default:"text"`
}

// loadRow is one client of the list; its JSON form is part of the documented interface.
type loadRow struct {
	Client string         `json:"client"`
	Path   string         `json:"path"`
	Name   string         `json:"name"`
	Status pathway.Status `json:"status"`
	Group  pathway.Group  `json:"group"`
	Class  int            `json:"class"` // 99: no signal
	Since  civil.Date     `json:"since"`
	Signal string         `json:"signal,omitempty"` // key of the first signal
	Reason string         `json:"reason,omitempty"` // the same in words
	Step   string         `json:"step,omitempty"`
	By     civil.Date     `json:"by"`
	More   int            `json:"more,omitempty"` // further paths of the same client
}

// Run reads as the worker would: within their registers, and into the use log.
func (c *LoadCmd) Run(ctx context.Context, env *Env) error {
	return c.with(ctx, func(o *opened) error {
		rows := []loadRow{}
		me, err := c.actor(ctx, o)
		if err != nil {
			return err
		}
		err = o.DB.View(ctx, me, func(tx *db.Tx) error {
			lines, err := c.lines(tx, o)
			for _, l := range lines {
				rows = append(rows, c.row(env, o, l))
			}
			return err
		})
		if err != nil {
			return err
		}
		if c.Format == "json" {
			return printJSON(env, rows)
		}
		group := pathway.Group("")
		for _, r := range rows {
			if r.Group != group {
				group = r.Group
				fmt.Fprintln(env.Out, wording.Group(group, env.Lang))
			}
			by := ""
			if !r.By.IsZero() {
				by = env.Lang.Day(r.By)
			}
			fmt.Fprintf(env.Out, "  %-26s %-44s %s %s\n", r.Name, r.Reason, by, r.Step)
		}
		fmt.Fprintln(env.Out, env.Lang.N("cli.caseload", len(rows)))
		return nil
	})
}

// actor is the worker whose list it is. Only somebody who may read the database's files can run this; the use log
// says that it was read here and not on a screen.
func (c *LoadCmd) actor(ctx context.Context, o *opened) (actor.Actor, error) {
	me := actor.Actor{Tenant: Tenant, Purpose: actor.Service, Screen: "polku caseload"}
	err := o.view(ctx, "caseload", func(tx *db.Tx) error {
		w, err := workerNamed(tx, c.Worker)
		if err == nil && !w.Active {
			err = fault.E(fault.NotFound, "cli.no_user", fault.Args{"user": c.Worker})
		}
		me.Worker = w.ID
		return err
	})
	return me, err
}

// pageOf is how many lines are read at a time.
const pageOf = 500

func (c *LoadCmd) lines(tx *db.Tx, o *opened) ([]caseload.Line, error) {
	mine := caseload.Filter{Whose: caseload.Mine}
	if c.TodayOnly {
		return caseload.Today(tx, o.Book, mine)
	}
	var all []caseload.Line
	for after, more := (caseload.Place{}), true; more; {
		var lines []caseload.Line
		var err error
		lines, after, more, err = caseload.All(tx, o.Book, mine, after, pageOf)
		if err != nil {
			return nil, err
		}
		all = append(all, lines...)
	}
	return all, nil
}

func (c *LoadCmd) row(env *Env, o *opened, l caseload.Line) loadRow {
	r := loadRow{Client: l.Client, Path: l.Path, Name: l.Name(), Status: l.Status, Group: l.Group, Class: int(l.Rank.Class), Since: l.Rank.Since,
		Step: wording.Task(l.Step, env.Lang), By: l.Step.By, More: l.More}
	if l.Step.What == "" && l.Step.Booked == "" {
		r.Step = ""
	}
	if l.Reason != nil {
		r.Signal = l.Reason.Key
		r.Reason = wording.Signal(*l.Reason, o.Book.Models.Get(l.Model, l.Version), env.Lang)
	}
	return r
}
