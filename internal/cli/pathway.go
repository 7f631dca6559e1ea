package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"polku/internal/civil"
	"polku/internal/entry"
	"polku/internal/i18n"
	"polku/internal/model"
	"polku/internal/pathway"
	"polku/internal/ruleset"
	"polku/internal/wording"
	"polku/models"
	"polku/rules"
)

// PathwayCmd holds the commands about the pathway engine.
type PathwayCmd struct {
	Evaluate PathwayEvaluateCmd `cmd:""`
}

// PathwayEvaluateCmd evaluates the paths of a journal file. What it prints is documented in doc/api.md and stable.
type PathwayEvaluateCmd struct {
	Model   []string `placeholder:"FILE"`
	Journal string   `required:"" placeholder:"FILE"`
	Today   string   `required:"" placeholder:"DAY"`
	Format  string   `enum:"json,text" default:"json"`
	Rules   string   `placeholder:"DIR"`
	All     bool
}

// Run prints one State a path, in the order in which the paths first appear in the file. Entries that name no
// path are left out when others do.
func (c *PathwayEvaluateCmd) Run(env *Env) error {
	today, err := civil.Parse(c.Today)
	if err != nil {
		fmt.Fprintln(env.Err, env.Lang.T("journal_file.bad_day", "value", c.Today))
		return Exit(2)
	}
	set, err := c.models(env)
	if err != nil {
		return err
	}
	packs, err := c.rules(env)
	if err != nil {
		return err
	}
	entries, err := readJournal(env, c.Journal)
	if err != nil {
		return err
	}
	first, last := today.Year(), today.Year()
	for i := range entries {
		first, last = min(first, entries[i].Day.Year()), max(last, entries[i].Day.Year())
	}
	cal := ruleset.Calendar(packs, first, last+2, nil)
	for i, p := range pathsOf(entries) {
		evaluate := pathway.Evaluate
		if c.All {
			evaluate = pathway.EvaluateAll
		}
		s := evaluate(set, packs, cal, p.entries, today)
		if c.Format == "text" {
			if i > 0 {
				fmt.Fprintln(env.Out)
			}
			tellPath(env.Out, p.path, &s, set.Get(s.Model, s.Version), env.Lang)
			continue
		}
		if err := json.NewEncoder(env.Out).Encode(pathState{p.path, s}); err != nil {
			return err
		}
	}
	return nil
}

// pathState is one line of the answer.
type pathState struct {
	Path string `json:"path"`
	pathway.State
}

type onePath struct {
	path    string
	entries []entry.Entry
}

func pathsOf(entries []entry.Entry) []onePath {
	var all []onePath
	place := map[string]int{}
	for _, e := range entries {
		i, known := place[e.Path]
		if !known {
			i = len(all)
			place[e.Path] = i
			all = append(all, onePath{path: e.Path})
		}
		all[i].entries = append(all[i].entries, e)
	}
	if i, some := place[""]; some && len(all) > 1 {
		all = append(all[:i], all[i+1:]...)
	}
	return all
}

func (c *PathwayEvaluateCmd) models(env *Env) (*model.Set, error) {
	if len(c.Model) == 0 {
		return models.Load()
	}
	var all []*model.Model
	wrong := false
	for _, file := range c.Model {
		m, mistakes := readModel(file)
		for _, x := range mistakes {
			fmt.Fprintln(env.Err, x.Render(env.Lang))
			wrong = true
		}
		all = append(all, m)
	}
	if wrong {
		return nil, Exit(1)
	}
	return model.NewSet(all...), nil
}

func (c *PathwayEvaluateCmd) rules(env *Env) (*ruleset.Set, error) {
	if c.Rules == "" {
		return rules.Load()
	}
	files, err := filepath.Glob(filepath.Join(c.Rules, "*.yaml"))
	if info, statErr := os.Stat(c.Rules); err != nil || statErr != nil || !info.IsDir() {
		fmt.Fprintln(env.Err, env.Lang.T("journal_file.rules_folder", "file", c.Rules))
		return nil, Exit(2)
	}
	set, wrong := &ruleset.Set{}, false
	for _, file := range files {
		data, mistake := readBounded(file)
		if mistake != nil {
			fmt.Fprintln(env.Err, mistake.Render(env.Lang))
			return nil, Exit(2)
		}
		p, mistakes := ruleset.Parse(file, data)
		for _, x := range mistakes {
			fmt.Fprintln(env.Err, x.Render(env.Lang))
			wrong = true
		}
		set.Packs = append(set.Packs, p)
	}
	if wrong {
		return nil, Exit(1)
	}
	return set, nil
}

// tellPath writes a State for people.
func tellPath(out io.Writer, path string, s *pathway.State, m *model.Model, lang i18n.Lang) {
	say := func(key string, args ...any) { fmt.Fprintln(out, lang.T("pathway."+key, args...)) }
	say("title", "path", path, "day", lang.Day(s.Today))
	title := s.Model
	if m != nil {
		title = m.Title.In(string(lang))
	}
	say("service", "model", title, "version", s.Version)
	say("status", "status", wording.PathStatus(s.Status, lang))
	if s.Phase != "" {
		phase := s.Phase
		if m != nil {
			phase = m.Word(phase, string(lang))
		}
		say("phase", "phase", phase, "n", s.PhaseDay)
	}
	if s.Responsible != "" {
		say("responsible", "worker", s.Responsible)
	}
	if s.NextStep != nil {
		say("next_step", "what", wording.Task(*s.NextStep, lang), "day", lang.Day(s.NextStep.By))
	}
	say("group", "group", wording.Group(s.Group, lang))
	if len(s.Signals) > 0 {
		say("signals")
	}
	for _, x := range s.Signals {
		fmt.Fprintf(out, "  %s (%s)\n", wording.Signal(x, m, lang), wording.Source(x.Source, m, lang))
	}
	if len(s.Obligations) > 0 {
		say("owed")
	}
	for _, o := range s.Obligations {
		status := wording.Status(o.Status, lang)
		if !o.Due.IsZero() && (o.Status == pathway.Upcoming || o.Status == pathway.Due || o.Status == pathway.Late || o.Status == pathway.Overdue) {
			status = lang.T("pathway.by", "status", status, "day", lang.Day(o.Due))
		}
		if why := wording.Why(o, lang); why != "" {
			status += ": " + why
		}
		fmt.Fprintf(out, "  %s (%s)\n", wording.Obligation(o, m, lang), status)
	}
	if len(s.Unknown) > 0 {
		say("unknown")
	}
	for _, x := range s.Unknown {
		fmt.Fprintf(out, "  %s\n", wording.Unknown(x, lang))
	}
	if s.NextChange.IsZero() {
		say("no_change")
	} else {
		say("next_change", "day", lang.Day(s.NextChange))
	}
}
