package cli

import (
	"fmt"

	"polku/internal/ruleset"
	"polku/rules"
)

// RulesCmd holds the commands about rule packs.
type RulesCmd struct {
	Check RulesCheckCmd `cmd:""`
}

// RulesCheckCmd checks the given files, or the shipped packs when none is given.
type RulesCheckCmd struct {
	Files []string `arg:"" optional:"" name:"file"`
}

// Run prints a line per mistake, then the unverified figures. An unverified figure is not a mistake: exit status 0.
func (c *RulesCheckCmd) Run(env *Env) error {
	set, wrong, err := c.read(env)
	if err != nil {
		return err
	}
	found := set.Unverified()
	if len(found) == 0 && !wrong {
		fmt.Fprintln(env.Out, env.Lang.T("rules.unverified.none"))
	}
	if len(found) > 0 {
		fmt.Fprintln(env.Out, env.Lang.N("rules.unverified.title", len(found)))
	}
	for _, f := range found {
		fmt.Fprintln(env.Out, "  "+f.Line(env.Lang))
	}
	if wrong {
		return Exit(1)
	}
	return nil
}

func (c *RulesCheckCmd) read(env *Env) (set *ruleset.Set, wrong bool, err error) {
	set = &ruleset.Set{}
	take := func(name string, data []byte) {
		p, mistakes := ruleset.Parse(name, data)
		for _, m := range mistakes {
			fmt.Fprintln(env.Out, m.Render(env.Lang))
			wrong = true
		}
		if p != nil {
			fmt.Fprintln(env.Out, env.Lang.T("rules.check.ok", "file", name))
			set.Packs = append(set.Packs, p)
		}
	}
	for _, file := range c.Files {
		data, mistake := readBounded(file)
		if mistake != nil {
			fmt.Fprintln(env.Out, mistake.Render(env.Lang))
			wrong = true
			continue
		}
		take(file, data)
	}
	if len(c.Files) > 0 {
		return set, wrong, nil
	}
	for _, id := range rules.IDs() {
		data, err := rules.FS.ReadFile(id + ".yaml")
		if err != nil {
			return nil, false, fmt.Errorf("%s: %w", id, err)
		}
		take("rules/"+id+".yaml", data)
	}
	return set, wrong, nil
}
