package cli

import (
	"fmt"
	"strings"

	"polku/internal/bench"
)

// printBench prints the figures as a table for each database.
func printBench(env *Env, b benchReport) {
	m := b.Machine
	say := func(key string, args ...any) { fmt.Fprintln(env.Out, env.Lang.T(key, args...)) }
	say("bench.machine", "day", b.Day, "cores", m.Cores, "memory", m.Memory, "cpu", m.CPU, "system", m.System, "go", m.Go, "commit", m.Commit)
	say("bench.command", "command", b.Command)
	if m.Load > 0.5 {
		say("bench.busy", "load", fmt.Sprintf("%.1f", m.Load))
	}
	for _, r := range b.Reports {
		fmt.Fprintln(env.Out)
		say("bench.size", "engine", string(r.Engine), "clients", env.Lang.Int(r.Size.Clients), "paths", env.Lang.Int(r.Size.Paths),
			"open", env.Lang.Int(r.Size.Open), "entries", env.Lang.Int(r.Size.Entries), "workers", r.Size.Workers)
		if r.Made {
			say("bench.made", "seconds", int(r.FillSec))
		}
		printPages(env, r)
		printValues(env, r)
	}
}

func printPages(env *Env, r bench.Report) {
	head := false
	for _, x := range r.Results {
		if len(x.Pages) < 2 || x.Value > 0 {
			continue
		}
		if !head {
			fmt.Fprintln(env.Out, env.Lang.T("bench.head"))
			head = true
		}
		one, many := x.Pages[0], x.Pages[1]
		fmt.Fprintf(env.Out, "%-34s %8.2f %8.2f %8.0f | %8.2f %8.2f %8.0f | %8.2f | %s\n", benchName(env, x), one.P50, one.P95, one.Rate,
			many.P50, many.P95, many.Rate, many.CPU, benchGoal(env, x, one, many))
	}
}

func benchName(env *Env, x bench.Result) string {
	return env.Lang.T("bench.row."+x.Row, "n", env.Lang.Int(x.Of))
}

// benchGoal says gate and stretch, and which of them was reached.
func benchGoal(env *Env, x bench.Result, one, many bench.Figures) string {
	text := func(g bench.Goal) string {
		var parts []string
		if g.P50 > 0 {
			parts = append(parts, fmt.Sprintf("p50 %g", g.P50))
		}
		if g.P95 > 0 {
			parts = append(parts, fmt.Sprintf("p95 %g", g.P95))
		}
		if g.Rate > 0 {
			parts = append(parts, fmt.Sprintf("%g/s", g.Rate))
		}
		return strings.Join(parts, ", ")
	}
	reached := func(g bench.Goal) bool {
		return (g.P50 == 0 || one.P50 <= g.P50) && (g.P95 == 0 || one.P95 <= g.P95) && (g.Rate == 0 || many.Rate >= g.Rate)
	}
	if x.Gate == (bench.Goal{}) {
		return ""
	}
	return env.Lang.T("bench.goal", "gate", text(x.Gate), "stretch", text(x.Stretch), "verdict", verdict(env, reached(x.Gate), reached(x.Stretch)))
}

func printValues(env *Env, r bench.Report) {
	for _, x := range r.Results {
		if len(x.Pages) > 0 && x.Value == 0 {
			continue
		}
		reached := func(g bench.Goal) bool {
			return g.Value > 0 && (g.Least && x.Value >= g.Value || !g.Least && x.Value <= g.Value)
		}
		goal := ""
		if x.Gate.Value > 0 {
			stretch := "–"
			if x.Stretch.Value > 0 {
				stretch = fmt.Sprintf("%g", x.Stretch.Value)
			}
			goal = env.Lang.T("bench.goal", "gate", fmt.Sprintf("%g", x.Gate.Value), "stretch", stretch,
				"verdict", verdict(env, reached(x.Gate), reached(x.Stretch)))
		}
		if len(x.Pages) == 2 {
			goal += fmt.Sprintf("; p95 %.2f → %.2f ms", x.Pages[0].P95, x.Pages[1].P95)
		}
		fmt.Fprintf(env.Out, "%-52s %10.*f %-7s | %s\n", benchName(env, x), benchDigits(x.Value), x.Value, x.Unit, goal)
	}
}

func benchDigits(v float64) int {
	if v >= 100 {
		return 0
	}
	return 2
}

func verdict(env *Env, gate, stretch bool) string {
	switch {
	case gate && stretch:
		return env.Lang.T("bench.stretch")
	case gate:
		return env.Lang.T("bench.gate")
	}
	return env.Lang.T("bench.missed")
}
