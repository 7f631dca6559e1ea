package cli

import (
	"fmt"
	"strings"

	"polku/internal/i18n"
	"polku/internal/model"
	"polku/models"
	"polku/rules"
)

// ModelCmd holds the commands about service models.
type ModelCmd struct {
	Check ModelCheckCmd `cmd:""`
	Show  ModelShowCmd  `cmd:""`
}

// ModelCheckCmd checks files; exit status 1 when any has a mistake.
type ModelCheckCmd struct {
	Files []string `arg:"" name:"file"`
}

// Run prints FILE:LINE: what and how to mend, a line per mistake, or that the file is sound.
func (c *ModelCheckCmd) Run(env *Env) error {
	wrong := false
	seen := map[string]string{} // model@version -> file
	for _, file := range c.Files {
		m, mistakes := readModel(file)
		if m != nil {
			if other, twice := seen[m.Key()]; twice {
				mistakes = append(mistakes, model.Mistake{File: file, Line: m.Line("model"), Key: "model.key_twice",
					Args: map[string]any{"value": m.Key(), "other": other}})
			}
			seen[m.Key()] = file
		}
		for _, x := range mistakes {
			fmt.Fprintln(env.Out, x.Render(env.Lang))
			wrong = true
		}
		if len(mistakes) == 0 {
			fmt.Fprintln(env.Out, env.Lang.T("model.check.ok", "file", file, "title", m.Title.In(string(env.Lang)), "version", m.Version))
		}
	}
	if wrong {
		return Exit(1)
	}
	return nil
}

// readModel reads and checks a file; one that cannot be read is a mistake too.
func readModel(file string) (*model.Model, []model.Mistake) {
	data, mistake := readBounded(file)
	if mistake != nil {
		return nil, []model.Mistake{*mistake}
	}
	return model.Parse(file, data)
}

// ModelShowCmd prints the page of a shipped model or of a file.
type ModelShowCmd struct {
	Model   string `arg:""`
	Version string
	In      string `name:"lang" enum:"fi,sv,en," default:""`
}

// Run prints the page as Markdown.
func (c *ModelShowCmd) Run(env *Env) error {
	lang := env.Lang
	if c.In != "" {
		lang = i18n.Lang(c.In)
	}
	m, err := c.find(env, lang)
	if err != nil {
		return err
	}
	packs, err := rules.Load()
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(env.Out, model.Describe(m, packs, lang).Markdown())
	return err
}

func (c *ModelShowCmd) find(env *Env, lang i18n.Lang) (*model.Model, error) {
	set, err := models.Load()
	if err != nil {
		return nil, err
	}
	m := set.Newest(c.Model)
	if c.Version != "" {
		m = set.Get(c.Model, c.Version)
	}
	if m != nil {
		return m, nil
	}
	if !strings.ContainsAny(c.Model, `./\`) {
		var known []string
		for _, k := range set.All() {
			known = append(known, k.Model+" "+k.Version)
		}
		fmt.Fprintln(env.Err, lang.T("model.unknown", "value", strings.TrimSpace(c.Model+" "+c.Version), "known", strings.Join(known, ", ")))
		return nil, Exit(2)
	}
	m, mistakes := readModel(c.Model)
	for _, x := range mistakes {
		fmt.Fprintln(env.Err, x.Render(lang))
	}
	if m == nil {
		return nil, Exit(1)
	}
	return m, nil
}
