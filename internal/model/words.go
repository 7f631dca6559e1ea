package model

import (
	"fmt"
	"sort"
	"unicode"

	"polku/internal/i18n"
	"polku/internal/yamlfile"
	"polku/models/words"
)

// Kinds of words in the shared vocabulary.
const (
	KindRegister    = "registers"
	KindSource      = "sources"
	KindQuestion    = "questions"
	KindReason      = "reasons"
	KindBenefit     = "benefits"
	KindTopic       = "topics"
	KindTheme       = "themes"
	KindOffer       = "offer_kinds"
	KindBudget      = "budgets"
	KindInstrument  = "instruments"
	KindPlan        = "plans"
	KindArea        = "areas"
	KindItem        = "items"
	KindDestination = "destinations"
	KindStaff       = "staff"
	KindTask        = "tasks"
	KindHouse       = "houses"
	KindService     = "services" // earlier services: each model names those it knows among its own words
)

// vocabulary is the shared words: texts by id, and the ids of each kind in their order.
type vocabulary struct {
	text  map[string]Text
	kinds map[string][]string
}

var shared = mustShared(words.YAML)

func mustShared(data []byte) vocabulary {
	v, mistakes := readWords("words.yaml", data)
	if len(mistakes) > 0 {
		panic(mistakes[0].Error()) // the file is part of the program; its test shows every mistake
	}
	return v
}

// readWords reads the vocabulary. An id under two kinds must have the same texts.
func readWords(name string, data []byte) (vocabulary, []Mistake) {
	v := vocabulary{text: map[string]Text{}, kinds: map[string][]string{}}
	f, root, ok := yamlfile.Open(name, data)
	if !ok {
		return v, f.Mistakes
	}
	kinds := root.AnyMap()
	for _, kind := range kinds.Names {
		n, _ := kinds.Opt(kind)
		ids := n.AnyMap()
		for _, id := range ids.Names {
			at, _ := ids.Opt(id)
			t := readText(at)
			if before, twice := v.text[id]; twice && before != t {
				at.Wrong("model.twice", "value", id)
			}
			v.text[id] = t
			v.kinds[kind] = append(v.kinds[kind], id)
		}
	}
	return v, f.Mistakes
}

// readText reads {fi, sv, en}; all three are asked, Finnish being what the others fall back to.
func readText(n yamlfile.Node) Text {
	f := n.Map("fi", "sv", "en")
	var t Text
	if !n.IsMap() {
		return t
	}
	for _, l := range []struct {
		name string
		to   *string
	}{{"fi", &t.FI}, {"sv", &t.SV}, {"en", &t.EN}} {
		if at, ok := f.Opt(l.name); ok {
			*l.to = at.Text()
		} else {
			n.Wrong("model.text_missing", "lang", l.name)
		}
	}
	return t
}

// SharedWord gives a word of the shared vocabulary in "fi", "sv" or "en"; the id itself when it is not there.
func SharedWord(id, lang string) string {
	if t, ok := shared.text[id]; ok {
		return t.In(lang)
	}
	return id
}

// SharedIDs gives the ids of one kind (KindDestination …) in the vocabulary's order.
func SharedIDs(kind string) []string { return append([]string(nil), shared.kinds[kind]...) }

// RegisterKinds are the kinds of register that a model may name.
func RegisterKinds() []string { return SharedIDs(KindRegister) }

// Word names an id in "fi", "sv" or "en": the model's own words first, then its phases, cadences and offers (the
// first phase that has such an id; see Phase.Word), then the shared vocabulary; the id itself when nobody names it.
func (m *Model) Word(id, lang string) string {
	if t, ok := m.Words[id]; ok {
		return t.In(lang)
	}
	if p := m.Phase(id); p != nil {
		return p.Title.In(lang)
	}
	for i := range m.Phases {
		if name := m.Phases[i].Word(id, lang); name != "" {
			return name
		}
	}
	return SharedWord(id, lang)
}

// Word names a cadence or an offer of the phase: the cadence's title or else what it asks for, the offer's kind.
// "" when the phase has none such. An offer of a kind that only the model's words name is told by Model.Word.
func (p *Phase) Word(id, lang string) string {
	for i := range p.Cadences {
		if p.Cadences[i].ID == id {
			return p.Cadences[i].Name(i18n.Lang(lang))
		}
	}
	for _, o := range p.Offers {
		if t, ok := shared.text[o.Kind]; ok && o.ID == id {
			return t.In(lang)
		}
	}
	return ""
}

// Name of a cadence: its own title, else what it asks for.
func (c *Cadence) Name(lang i18n.Lang) string {
	if t := c.Title.In(string(lang)); t != "" {
		return t
	}
	return lang.T("describe.do." + string(c.Do))
}

// InSentence gives a word as it stands within a sentence: "CV" and "Defence Forces" as they are, others in small letters.
func InSentence(word string) string {
	letters := []rune(word)
	for _, r := range letters[min(1, len(letters)):] {
		if unicode.IsUpper(r) {
			return word
		}
	}
	if len(letters) > 0 {
		letters[0] = unicode.ToLower(letters[0])
	}
	return string(letters)
}

// need checks that id is a word of one of the kinds, or one of the model's own. It returns id as it is.
func (r *reading) need(n yamlfile.Node, kinds ...string) string {
	id := n.ID()
	if id == "" {
		return ""
	}
	if _, own := r.m.Words[id]; own {
		r.used[id] = true
		return id
	}
	var known []string
	for _, k := range kinds {
		known = append(known, shared.kinds[k]...)
	}
	for _, k := range known {
		if k == id {
			return id
		}
	}
	if r.file.Full() {
		return id
	}
	for own := range r.m.Words {
		known = append(known, own)
	}
	sort.Strings(known)
	if near := yamlfile.Nearest(id, known); near != "" {
		n.Wrong("model.no_word_near", "value", id, "nearest", near)
	} else {
		n.Wrong("model.no_word", "value", id)
	}
	return id
}

// wordList reads a list of words of the kinds, each once.
func (r *reading) wordList(n yamlfile.Node, kinds ...string) []string {
	var out []string
	for _, at := range n.List() {
		id := r.need(at, kinds...)
		if id == "" {
			continue
		}
		if has(out, id) {
			at.Wrong("model.twice", "value", id)
			continue
		}
		out = append(out, id)
	}
	return out
}

func has(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func path(parts ...any) string {
	s := fmt.Sprint(parts[0])
	for _, p := range parts[1:] {
		s += fmt.Sprintf("/%v", p)
	}
	return s
}
