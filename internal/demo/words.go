package demo

import (
	"embed"
	"sync"

	"go.yaml.in/yaml/v3"

	"polku/internal/fault"
)

//go:embed data/*.yaml
var data embed.FS

// worldFile is data/world.yaml: the organisation.
type worldFile struct {
	Tenant    string
	Units     []struct{ ID, Name, Duty string }
	Registers []struct {
		ID, Kind, Name, Controller, Retention string
		LegalBasis                            string `yaml:"legal_basis"`
		ServiceTask                           string `yaml:"service_task"`
	}
	Services []service
	Workers  []struct {
		Username, Name, Title, Lang string
		Persona, Admin              bool
		Roles                       map[string]string // by register
	}
	Leaves []struct {
		Absent, StandIn, Kind string
		From, To              int // working days from today
		Agreed                bool
	}
	Covers []struct {
		Absent, Cover string
		From, To      int // days from today
	}
}

// service of data/world.yaml. Open tells how many clients each worker has open today; Total how many the
// service has had in two years. A service without Total waits for an imported cohort.
type service struct {
	ID, Unit, Register, Name, Model, Ended string
	Total                                  int
	Open                                   map[string]int
	Group                                  string // worker who leads the groups
	Town, Place                            string
	Shares                                 string // service with which it has people in common
	Young                                  bool
	Strained                               bool // more than elsewhere is about to slip
}

// names of data/names.yaml: one language's, with its share of clients in per cent.
type names struct {
	Lang             string
	Share            int
	Women, Men, Last []string
}

// phrases of data/notes.yaml by language and key.
type phrases map[string]map[string][]string

// words is everything in data/.
type words struct {
	world worldFile
	names []names
	notes phrases

	listings []listing
}

var loadWords = sync.OnceValues(func() (*words, error) {
	w := &words{}
	for name, into := range map[string]any{"data/world.yaml": &w.world, "data/names.yaml": &w.names, "data/notes.yaml": &w.notes, "data/directory.yaml": &w.listings} {
		text, err := data.ReadFile(name)
		if err != nil {
			return nil, fault.Wrap(err, "demo.read")
		}
		if err := yaml.Unmarshal(text, into); err != nil {
			return nil, fault.Wrap(err, "demo.read")
		}
	}
	return w, nil
})

// list gives the phrases under a key; Swedish ones where the client's language is Swedish and there are any.
func (w *words) list(lang, key string) []string {
	if lang == "sv" && len(w.notes["sv"][key]) > 0 {
		return w.notes["sv"][key]
	}
	return w.notes["fi"][key]
}

// has tells whether there are phrases under a key.
func (w *words) has(key string) bool { return len(w.notes["fi"][key]) > 0 }
