package csvio

import (
	"strings"
	"unicode"

	"polku/internal/entry"
)

// MarkMeaning is what a mark of an attendance list says.
type MarkMeaning struct {
	Present bool
	Mode    entry.Mode   // remote, or on site; empty when it is not told
	Reason  entry.Reason // of an absence
	Minutes int          // length the legend tells for this mark; 0: none
	Hours   bool         // the legend's "number = hours"
}

// MarkRead is a mark and how it was understood, for the preview.
type MarkRead struct {
	Mark    string
	Meaning MarkMeaning
	Legend  bool // read from the sheet's own legend
	Sure    bool
	Count   int
}

// markText are words that explain a mark, in the legend or as the mark itself, the special before the common.
var markText = vocabulary{
	{"child", "lapsi sair|lapsen sair|lapsi kip|lapsi on sair|sjukt barn|barn sjuk|barnet sjuk|vard av barn|vab|child sick|sick child|child ill"},
	{"interview", "*haastattel|intervju|arbetsintervju|job interview|interview"},
	{"organiser", "peru|ei toimintaa|ei ryhmaa|kiinni|suljettu|installd|inhiberad|stangt|cancel|closed|no group"},
	{"unexplained", "luvaton|luvatta|luvattomasti|selvittam|ilmoittamat|ei ilmoit|ilman ilm|olovlig|oanmald|ogiltig|unexcus|unexplain|no show|unauthor"},
	{"sick", "sair|kipea|flunss|kuume|sjuk|sick|ill"},
	{"other", "luvalli|hyvaksytt|ilmoitet|ilmoitti|sovittu poissa|sovitusti|loma|lomalla|vapaa|laakari|hammas|tutkimu|neuvola|asiointi|lov|ledig|godkand|semester|lakare|tandlakare|anmald|excused|holiday|vacation|leave|doctor|appointment"},
	{"absent", "poissa|ei paikalla|ei lasna|ei tullut|ei saapunut|franvar|borta|inte pa plats|ej narvar|absent|away|not present|did not"},
	{"remote", "eta|etan|distans|pa distans|hemifran|remote|online|teams|verkossa|video|puhelimitse"},
	{"present", "lasna|paikalla|paikan paalla|osallist|mukana|tuli|toissa|narvar|deltog|deltagit|pa plats|present|attend|participat|came"},
}

// markWords understands an explanation in words; ok is false when it says nothing known.
func markWords(text string) (m MarkMeaning, ok bool) {
	switch markText.find(text) {
	case "child":
		m.Reason = entry.ChildSick
	case "interview":
		m.Reason = entry.Interview
	case "organiser":
		m.Reason = entry.ByOrganiser
	case "unexplained", "absent":
		m.Reason = entry.Unexplained
	case "sick":
		m.Reason = entry.Sick
	case "other":
		m.Reason = entry.OtherOK
	case "remote":
		m.Present, m.Mode = true, entry.Remote
	case "present":
		m.Present, m.Mode = true, entry.OnSite
	default:
		return m, false
	}
	if m.Present {
		m.Minutes = lengthIn(text)
	}
	return m, true
}

// lengthIn finds "4 h" or "4,5 tuntia" in a text, in minutes; 0 when there is none.
func lengthIn(text string) int {
	words := strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == '(' || r == ')' || r == '\u00a0' })
	for i, w := range words {
		if w == "" || !strings.ContainsAny(w[:1], "0123456789") {
			continue
		}
		if m, ok := readMinutes(Cell{Text: w}); ok && strings.ContainsAny(w, "htHT") {
			return m
		}
		if i+1 < len(words) {
			if m, ok := readMinutes(Cell{Text: w + " " + words[i+1]}); ok {
				return m
			}
		}
	}
	return 0
}

// usualMarks without a legend. Those that mean different things in different towns are not sure.
var usualMarks = func() map[string]struct {
	m    MarkMeaning
	sure bool
} {
	type usual = struct {
		m    MarkMeaning
		sure bool
	}
	here := MarkMeaning{Present: true}
	all := map[string]usual{}
	add := func(marks string, m MarkMeaning, sure bool) {
		for _, w := range strings.Fields(marks) {
			all[w] = usual{m, sure}
		}
	}
	add("x xx ok kylla k ja j yes y true + ✓ ✔ √ ☑ ☒ v", here, true)
	add("on pl läs o n", here, false)
	add("e et etä eta d dist r", MarkMeaning{Present: true, Mode: entry.Remote}, false)
	add("s sl sj", MarkMeaning{Reason: entry.Sick}, true)
	add("l ls lsa sb", MarkMeaning{Reason: entry.ChildSick}, false)
	add("- – — 0 ei nej no false poissa", MarkMeaning{Reason: entry.Unexplained}, true)
	add("p po f a / pp lp", MarkMeaning{Reason: entry.Unexplained}, false)
	add("h ha th i", MarkMeaning{Reason: entry.Interview}, false)
	add("lo ll lm va vp hp m", MarkMeaning{Reason: entry.OtherOK}, false)
	return all
}()

// marks resolves the marks of one table and remembers what it met.
type marks struct {
	own    map[string]MarkMeaning // the person's answers
	legend map[string]MarkMeaning
	yesNo  bool // the column says k/e, kyllä/ei: e is "no"
	ones   bool // every number is 1: it means "present", not one hour
	order  []string
	met    map[string]*MarkRead
}

func newMarks(opt Options) *marks {
	return &marks{own: opt.Marks, legend: map[string]MarkMeaning{}, met: map[string]*MarkRead{}}
}

// read understands a cell. ok is false when the mark is unknown.
func (k *marks) read(c Cell) (m MarkMeaning, minutes int, ok bool) {
	text := strings.TrimSpace(c.Text)
	m, minutes, legend, sure, ok := k.find(c, text)
	shown := strings.ToLower(text)
	if _, own := k.legend[text]; own {
		shown = text
	}
	if minutes > 0 && ok && strings.Trim(shown, "0123456789,.:") == "" {
		shown = "1…9"
	}
	seen := k.met[shown]
	if seen == nil {
		if len(k.order) > 200 {
			return m, minutes, ok
		}
		seen = &MarkRead{Mark: shown, Meaning: m, Legend: legend, Sure: sure && ok}
		k.met[shown] = seen
		k.order = append(k.order, shown)
	}
	seen.Count++
	return m, minutes, ok
}

func (k *marks) find(c Cell, text string) (m MarkMeaning, minutes int, legend, sure, ok bool) {
	low := strings.ToLower(strings.TrimRight(text, " .!?*"))
	if low == "" {
		low = strings.ToLower(text)
	}
	for _, key := range []string{text, low} {
		if m, ok := k.own[key]; ok {
			return m, m.Minutes, false, true, true
		}
		if m, ok := k.legend[key]; ok {
			return m, m.Minutes, true, true, true
		}
	}
	for key, m := range k.legend {
		if strings.ToLower(key) == low {
			return m, m.Minutes, true, true, true
		}
	}
	if k.ones && (low == "1" || c.Number && c.Value == 1) {
		return MarkMeaning{Present: true}, 0, false, true, true
	}
	if minutes, isLength := readMinutes(c); isLength {
		if minutes == 0 {
			return MarkMeaning{Reason: entry.Unexplained}, 0, false, false, true
		}
		return MarkMeaning{Present: true}, minutes, false, true, true
	}
	if k.yesNo && low == "e" {
		return MarkMeaning{Reason: entry.Unexplained}, 0, false, true, true
	}
	if u, ok := usualMarks[low]; ok {
		return u.m, 0, false, u.sure, true
	}
	if m, ok := markWords(text); ok {
		return m, m.Minutes, false, true, true
	}
	return k.mixed(text)
}

// mixed reads a mark with hours or a word beside it: "x 5", "E4,5", "5 e", "s (kuume)".
func (k *marks) mixed(text string) (m MarkMeaning, minutes int, legend, sure, ok bool) {
	var letters, digits strings.Builder
	for _, r := range text {
		switch {
		case unicode.IsLetter(r):
			letters.WriteRune(r)
		case unicode.IsDigit(r) || r == ',' || r == '.' || r == ':':
			digits.WriteRune(r)
		}
	}
	if l, d := letters.String(), strings.Trim(digits.String(), ",.:"); l != "" && d != "" && len(l) <= 4 && len(text) <= 12 {
		if length, isLength := readMinutes(Cell{Text: d}); isLength {
			m, _, legend, sure, ok = k.find(Cell{Text: l}, l)
			if ok && m.Present {
				return m, length, legend, sure, true
			}
		}
	}
	if first, rest, found := strings.Cut(text, " "); found && len(first) <= 3 && rest != "" && len(text) < 60 {
		return k.find(Cell{Text: first}, first)
	}
	if first, _, found := strings.Cut(text, "("); found && len(first) <= 3 && first != "" {
		return k.find(Cell{Text: first}, first)
	}
	return MarkMeaning{}, 0, false, false, false
}

// addLegend learns "x = läsnä (4 h), luku = tunnit, s = sairas" and "s: sairas"; it tells whether there was any.
func (k *marks) addLegend(text string) bool {
	if len(text) > 2000 {
		return false
	}
	text = strings.NewReplacer("\n", ", ", ";", ",", " – ", " = ", " — ", " = ", " - ", " = ", ": ", " = ").Replace(text)
	found := false
	parts := strings.Split(text, "=")
	for i := 0; i+1 < len(parts); i++ {
		left := strings.FieldsFunc(parts[i], func(r rune) bool { return r == ' ' || r == ',' || r == '(' || r == '"' || r == '”' || r == '\'' })
		if len(left) == 0 {
			continue
		}
		key := strings.Trim(left[len(left)-1], `"”'`)
		value := parts[i+1]
		if i+2 < len(parts) { // the next mark stands at this part's end
			value = strings.TrimRight(value, " ")
			if cut := strings.LastIndexAny(value, " ,"); cut > 0 {
				value = value[:cut]
			}
		}
		value = outsideCommas(value)
		if f := fold(key); f == "luku" || f == "numero" || f == "luvut" || f == "numerot" || f == "siffra" || f == "siffror" || f == "tal" || f == "number" || f == "numbers" {
			found = true
			continue
		}
		if len([]rune(key)) > 4 {
			continue
		}
		if m, ok := markWords(value); ok {
			k.legend[key] = m
			found = true
		}
	}
	return found
}

// outsideCommas gives the text before the first comma that is neither in brackets nor decimal.
func outsideCommas(s string) string {
	depth := 0
	for i, r := range s {
		switch r {
		case '(':
			depth++
		case ')':
			depth--
		case ',':
			decimal := i > 0 && i+1 < len(s) && s[i-1] >= '0' && s[i-1] <= '9' && s[i+1] >= '0' && s[i+1] <= '9'
			if depth <= 0 && !decimal {
				return s[:i]
			}
		}
	}
	return s
}
