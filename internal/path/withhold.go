package path

import (
	"cmp"
	"slices"
	"strings"

	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/journal"
)

// Grounds are the exceptions by which the law lets an entry be kept from the client: health (serious danger to their own
// health or care) and others (or to somebody else's rights), 1050/2018 s. 34.1(2); interest (a very important interest of a
// child or another private person), 621/1999 s. 11.2(1); inquiry (the inquiry of a crime would be harmed), 1050/2018 s. 34.1(1).
var Grounds = []string{"health", "others", "interest", "inquiry"}

// withholdMost is how long a reason may be, in bytes.
const withholdMost = 1000

// CheckWithhold tells what is wrong with a reason, as fields ground and why.
func CheckWithhold(ground, why string) map[string]string {
	wrong := map[string]string{}
	if !slices.Contains(Grounds, ground) {
		wrong["ground"] = "withhold.no_ground"
	}
	if why = strings.TrimSpace(why); why == "" || len(why) > withholdMost {
		wrong["withhold_why"] = "withhold.no_why"
	}
	return wrong
}

// WithholdEntry is the entry that keeps another from the client: for whoever records both at once.
func WithholdEntry(tx *db.Tx, of, ground, why string) entry.Entry {
	return entry.Entry{ID: ident.Beside(of, "withhold"), Day: tx.Today, Minute: tx.Minute(), Kind: entry.KindWithhold,
		Body: &entry.Withhold{Entry: of, Ground: ground, Why: strings.TrimSpace(why)}}
}

// Withhold keeps an entry of a path from the client, on a ground of the law and for a reason that the client is told.
func (b *Book) Withhold(tx *db.Tx, path, of, ground, why string) error {
	if err := fault.Fields(CheckWithhold(ground, why)); err != nil {
		return err
	}
	return b.withhold(tx, path, &entry.Withhold{Entry: of, Ground: ground, Why: strings.TrimSpace(why)})
}

// Show lets the client see an entry again.
func (b *Book) Show(tx *db.Tx, path, of string) error {
	return b.withhold(tx, path, &entry.Withhold{Entry: of, Shown: true})
}

func (b *Book) withhold(tx *db.Tx, path string, body *entry.Withhold) error {
	p, err := Get(tx, path)
	if err != nil {
		return err
	}
	e, found, err := journal.Get(tx, p.Client, body.Entry)
	if err != nil {
		return err
	}
	if !found || e.Path != p.ID || e.Kind == entry.KindWithhold || e.Kind == entry.KindRetraction || e.Kind == entry.KindErasure {
		return fault.E(fault.NotFound, "error.not_found", nil)
	}
	_, err = b.append(tx, p, "", []entry.Entry{{ID: ident.New(), Day: tx.Today, Minute: tx.Minute(), Kind: entry.KindWithhold, Body: body}})
	return err
}

// Withheld gives, by the id of an entry, why the client does not see it.
func (b *Book) Withheld(tx *db.Tx, client string) (map[string]*entry.Withhold, error) {
	all, err := b.Journal.All(tx, client)
	return WithheldAmong(all), err
}

// WithheldAmong gives the same as far as the entries at hand tell. All wordings of an entry are withheld together.
func WithheldAmong(entries []entry.Entry) map[string]*entry.Withhold {
	var decisions []*entry.Entry
	back := map[string]bool{}
	for i := range entries {
		switch e := &entries[i]; {
		case e.Kind == entry.KindWithhold && !e.Damaged:
			decisions = append(decisions, e)
		case e.Kind == entry.KindRetraction:
			back[e.Corrects] = true
		}
	}
	if len(decisions) == 0 {
		return nil
	}
	before := map[string]string{} // correction -> what it corrects
	for i := range entries {
		if entries[i].Corrects != "" {
			before[entries[i].ID] = entries[i].Corrects
		}
	}
	first := func(id string) string {
		for range len(before) {
			of, is := before[id]
			if !is {
				break
			}
			id = of
		}
		return id
	}
	slices.SortFunc(decisions, func(a, c *entry.Entry) int {
		return cmp.Or(cmp.Compare(a.RecordedAt, c.RecordedAt), cmp.Compare(a.ID, c.ID))
	})
	roots := map[string]*entry.Withhold{}
	for _, e := range decisions {
		w, is := e.Body.(*entry.Withhold)
		switch {
		case !is || back[e.ID]:
		case w.Shown:
			delete(roots, first(w.Entry))
		default:
			roots[first(w.Entry)] = w
		}
	}
	all := map[string]*entry.Withhold{}
	for i := range entries {
		if w := roots[first(entries[i].ID)]; w != nil {
			all[entries[i].ID] = w
		}
	}
	return all
}
