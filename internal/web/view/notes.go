package view

import "github.com/a-h/templ"

// HintLine is one thing in a text that could be plainer, in words.
type HintLine struct {
	Kind string
	Text string
}

// Hints stand beside a note while it is written: what could be plainer, and topics that its words speak of. POST /hints (text,
// topic_id many) gives this part alone.
type Hints struct {
	Shell
	Lines  []HintLine
	Topics []Option // suggested, not yet chosen
}

// Page is the part alone.
func (p Hints) Page() templ.Component { return hints(p) }

// templates and sentences of the phrases offered.
func (p Record) phrases(template bool) []Phrase {
	var all []Phrase
	for _, x := range p.Phrases {
		if x.Template == template {
			all = append(all, x)
		}
	}
	return all
}
