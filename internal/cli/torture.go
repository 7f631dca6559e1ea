package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"polku/internal/bench"
	"polku/internal/fault"
	"polku/internal/torture"
)

// TortureCmd injects faults into this very program, as a process of its own on a throw-away folder, and counts what was lost.
type TortureCmd struct {
	Fault  string `arg:""`
	Rounds int    `default:"50"`
	Seed   uint64 `default:"1"`
	Rate   int    `default:"50"`
	Dir    string `placeholder:"DIR"`
	Keep   bool
	Format string `enum:"text,json" default:"text"`
}

// tortureReport is what torture prints as JSON; its form is part of the documented interface.
type tortureReport struct {
	Day     string        `json:"day"`
	Command string        `json:"command"`
	Machine bench.Machine `json:"machine"`
	torture.Report
}

// Run injects the faults; exit status 1 when something did not hold.
func (c *TortureCmd) Run(ctx context.Context, env *Env) error {
	if !slices.Contains(torture.Kinds, c.Fault) {
		return fault.E(fault.Invalid, "torture.no_kind", fault.Args{"kind": c.Fault, "kinds": strings.Join(torture.Kinds, ", ")})
	}
	program, err := os.Executable()
	if err != nil {
		return fault.Wrap(err, "cli.program")
	}
	book, err := Book()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp(c.Dir, "polku-torture-")
	if err == nil {
		dir, err = filepath.Abs(dir)
	}
	if err != nil {
		return &fault.Error{Kind: fault.Unavailable, Key: "torture.no_folder", Args: fault.Args{"dir": c.Dir}, Cause: err}
	}
	if c.Keep {
		fmt.Fprintln(env.Err, env.Lang.T("torture.kept", "dir", dir))
	} else {
		defer os.RemoveAll(dir)
	}
	p := newProgress(env, "torture.working")
	defer p.end()
	out := tortureReport{Day: time.Now().Format("2006-01-02"), Command: "polku " + strings.Join(os.Args[1:], " "), Machine: bench.ThisMachine()}
	out.Report, err = torture.Run(ctx, c.Fault, torture.Options{Program: program, Book: book, Dir: dir, Rounds: c.Rounds, Seed: c.Seed, Rate: c.Rate, Progress: p.step})
	if err != nil {
		return err
	}
	p.end()
	if c.Format == "json" {
		err = printJSON(env, out)
	} else {
		printTorture(env, out)
	}
	if err == nil && !out.Held() {
		err = Exit(1)
	}
	return err
}

func printTorture(env *Env, r tortureReport) {
	m := r.Machine
	say := func(key string, args ...any) { fmt.Fprintln(env.Out, env.Lang.T(key, args...)) }
	say("bench.machine", "day", r.Day, "cores", m.Cores, "memory", m.Memory, "cpu", m.CPU, "system", m.System, "go", m.Go, "commit", m.Commit)
	say("bench.command", "command", r.Command)
	say("torture.rounds", "rounds", r.Rounds, "seconds", int(r.Seconds), "seed", r.Seed)
	say("torture.writes", "sent", r.Sent, "acknowledged", r.Acknowledged, "refused", r.Refused, "unanswered", r.Unanswered)
	say("torture.lost", "lost", r.Lost, "doubled", r.Doubled, "unsound", r.Unsound)
	say("torture.pages", "pages", r.Pages, "unlogged", r.Unlogged)
	if r.ReadyMax > 0 {
		say("torture.ready", "p50", int(r.ReadyP50), "max", int(r.ReadyMax))
	}
	for _, s := range r.States {
		say("torture.state", "name", env.Lang.T("torture.state."+s.Name), "seen", s.Seen, "want", s.Want)
	}
	for _, p := range r.Places {
		say("torture.place", "name", env.Lang.T("torture.place."+p.Name), "flips", p.Flips, "found", p.Found, "shown", p.Shown, "harmless", p.Harmless, "missed", p.Missed)
	}
	for _, n := range r.Notes {
		fmt.Fprintln(env.Out, "  "+n)
	}
	if r.Held() {
		say("torture.held")
	} else {
		say("torture.not_held")
	}
}
