package ruleset

import (
	"sort"

	"polku/internal/i18n"
)

// Finding is one thing in a pack that was not read in its source, for administrators.
type Finding struct {
	Pack, Version string // Version empty: a holiday
	Name          string // figure or holiday; "from"/"to" of a version: empty
	Source, Note  string
	Said          Said
}

// Unverified lists every figure, holiday and version span that is from memory, pack by pack in a fixed order.
func (s *Set) Unverified() []Finding {
	var out []Finding
	for _, p := range s.Packs {
		for _, v := range p.Versions {
			if !v.Verified {
				out = append(out, Finding{Pack: p.ID, Version: v.ID, Source: v.Source, Note: v.Note, Said: v.Said})
			}
			names := make([]string, 0, len(v.Figures))
			for name := range v.Figures {
				names = append(names, name)
			}
			sort.Strings(names)
			for _, name := range names {
				if g := v.Figures[name]; !g.Verified {
					out = append(out, Finding{p.ID, v.ID, name, g.Source, g.Note, g.Said})
				}
			}
		}
		for _, h := range p.Holidays {
			if !h.Verified {
				out = append(out, Finding{Pack: p.ID, Name: h.ID, Source: h.Source, Said: h.Said})
			}
		}
	}
	return out
}

// Line says the finding on one line: pack, version, figure, source, note.
func (f Finding) Line(lang i18n.Lang) string {
	name := f.Name
	if name == "" {
		name = lang.T("rules.unverified.dates")
	} else if key := "figure." + name; i18n.Has(key) {
		name = lang.T(key)
	}
	s := f.Pack
	if f.Version != "" {
		s += " " + f.Version
	}
	s += ": " + name + " – " + f.Said.SourceIn(lang, f.Source)
	if f.Note != "" {
		s += ". " + f.Said.NoteIn(lang, f.Note)
	}
	return s
}
