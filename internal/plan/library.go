package plan

import (
	"bytes"
	_ "embed"
	"fmt"

	"go.yaml.in/yaml/v3"

	"polku/internal/civil"
	"polku/internal/entry"
)

//go:embed data/actions.yaml
var actionsYAML []byte

// Ready is an action of the library.
type Ready struct {
	ID    string
	Theme string
	Owner entry.Owner
	Days  int    // the day that is proposed, from today
	Unit  string `yaml:"-"` // whose own it is; empty: everybody's
	Text  `yaml:",inline"`
}

// Theme of goals and ready actions.
type Theme struct {
	ID string
	Text
}

var library = mustLibrary()

type shelf struct {
	Themes  themes
	Actions []Ready
}

// themes keep the order of the file.
type themes []Theme

// UnmarshalYAML reads a mapping in its order.
func (t *themes) UnmarshalYAML(n *yaml.Node) error {
	for i := 0; i+1 < len(n.Content); i += 2 {
		x := Theme{ID: n.Content[i].Value}
		if err := n.Content[i+1].Decode(&x.Text); err != nil {
			return err
		}
		*t = append(*t, x)
	}
	return nil
}

func mustLibrary() shelf {
	var s shelf
	d := yaml.NewDecoder(bytes.NewReader(actionsYAML))
	d.KnownFields(true)
	if err := d.Decode(&s); err != nil {
		panic(fmt.Sprintf("plan/data/actions.yaml: %v", err))
	}
	return s
}

// Themes gives the themes of goals, in their order.
func Themes() []Theme { return library.Themes }

// ThemeName gives a theme's name in a language; empty for none, the id itself for one that nobody knows any more.
func ThemeName(id, lang string) string {
	for _, t := range library.Themes {
		if t.ID == id {
			return t.In(lang)
		}
	}
	return id
}

// Library gives the ready actions that come with the program.
func Library() []Ready { return library.Actions }

// ReadyOf gives the ready action of the program with an id, or not.
func ReadyOf(id string) (Ready, bool) {
	for _, r := range library.Actions {
		if r.ID == id {
			return r, true
		}
	}
	return Ready{}, false
}

// ToClient gives an action's words as the client reads them: easy Finnish where it is one of the library's.
func ToClient(what, lang string) string {
	for _, r := range library.Actions {
		if lang == "fi" && r.FI == what {
			return r.Text.ToClient(lang)
		}
	}
	return what
}

// By gives the day that a ready action proposes: days from today, moved on to a working day.
func (r Ready) By(today civil.Date, cal *civil.Calendar) civil.Date {
	day := today + civil.Date(r.Days)
	for cal != nil && !cal.Working(day) && day < today+400 {
		day++
	}
	return day
}
