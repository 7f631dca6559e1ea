package csvio

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// looksLikeName tells whether a text can be a person's name: one to five words of letters, the first with a capital.
func looksLikeName(s string) bool {
	words := strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == ',' || r == '\n' })
	if len(words) == 0 || len(words) > 5 || len(s) > 80 {
		return false
	}
	for i, w := range words {
		r, _ := utf8.DecodeRuneInString(w)
		if !unicode.IsLetter(r) || i == 0 && unicode.IsLower(r) && !isParticle(w) {
			return false
		}
		for _, r := range w {
			if !unicode.IsLetter(r) && r != '-' && r != '\'' && r != '’' && r != '.' && !unicode.IsMark(r) {
				return false
			}
		}
	}
	return true
}

func isParticle(w string) bool {
	switch strings.ToLower(w) {
	case "von", "af", "de", "der", "van", "al", "el", "da", "di", "la", "le", "bin", "ibn", "abu", "ben", "mac", "st":
		return true
	}
	return false
}

// splitName parts a whole name in one column. "Sukunimi, Etunimi" is sure; else the order is what the column uses.
func splitName(s string, firstFirst bool) (last, first string) {
	s = strings.Join(strings.Fields(s), " ")
	if a, b, ok := strings.Cut(s, ","); ok {
		return titleCase(strings.TrimSpace(a)), titleCase(strings.TrimSpace(b))
	}
	words := strings.Fields(s)
	if len(words) < 2 {
		return titleCase(s), ""
	}
	if firstFirst {
		cut := len(words) - 1
		for cut > 1 && isParticle(words[cut-1]) {
			cut--
		}
		return titleCase(strings.Join(words[cut:], " ")), titleCase(strings.Join(words[:cut], " "))
	}
	cut := 1
	for cut < len(words)-1 && isParticle(words[cut-1]) {
		cut++
	}
	return titleCase(strings.Join(words[:cut], " ")), titleCase(strings.Join(words[cut:], " "))
}

// commonFirstNames serve only to tell the order of names in a column, by majority.
var commonFirstNames = func() map[string]bool {
	m := map[string]bool{}
	for _, n := range strings.Fields(`aino amina anna anne anneli anni antti ari arto aleksi alexander abdi ahmed ali asa ake britt carl christian
		daniel eero eeva elina emma erik erkki eva eveliina fadumo fatima gunnar hanna hannu hans hassan heidi heikki helena helmi henri henrik
		hussein ida iida ilkka inkeri irina ismo jaakko janne jani jari jarmo jenni jenna joonas johanna johan jonna jorma jouni juha juhani juho jukka
		jussi jyrki kaarina kai kaisa kalle kari karin karl katariina katja kati kimmo kirsi kristiina lars lasse laura lauri lea leena liisa linda
		maija maarit maria marika marja marjatta marko markku martti mari matias matti merja mia mika mikael mikko minna mira mirja mohamed muhammad
		natalia niina niko nina oleksandr olena olga olli onni oskari outi paivi pasi paula pauli pekka pentti per petra petri petteri pia piia pirjo
		raija raimo reijo riikka riina riitta risto ritva roope saara saana sakari salla sami samuel sanna sara sari satu seija seppo sergei simo sini
		sirpa sirkka soile sofia stefan susanna svetlana tanja tapani tapio tarja tatiana teemu tero terhi terttu tiina timo toni topi tuija tuomas tuomo
		tuula ulla urpo vahid veera veikko venla vesa viivi ville virpi yusuf zahra zainab`) {
		m[n] = true
	}
	return m
}()

func soundsLikeLastName(f string) bool {
	for _, end := range []string{"nen", "strom", "qvist", "kvist", "berg", "lund", "gren", "sson", "holm", "man", "mäki", "maki", "lainen", "la"} {
		if len(f) > len(end)+2 && strings.HasSuffix(f, end) {
			return true
		}
	}
	return false
}

// firstNameFirst tells by the names of a column whether they are written "Etunimi Sukunimi". sure is false when
// the names do not tell; then they are taken as "Sukunimi Etunimi", the habit of lists.
func firstNameFirst(names []string) (yes, sure bool) {
	votes := 0
	for _, n := range names {
		words := strings.Fields(n)
		if strings.Contains(n, ",") || len(words) < 2 {
			continue
		}
		a, b := fold(words[0]), fold(words[len(words)-1])
		switch {
		case commonFirstNames[a] && !commonFirstNames[b]:
			votes++
		case commonFirstNames[b] && !commonFirstNames[a]:
			votes--
		case soundsLikeLastName(b) && !soundsLikeLastName(a):
			votes++
		case soundsLikeLastName(a) && !soundsLikeLastName(b):
			votes--
		}
	}
	limit := max(1, len(names)/20)
	return votes > 0 && votes >= limit, votes >= limit || -votes >= limit
}

// PersonName is a name to match short names against.
type PersonName struct {
	ID    string // whatever the caller knows the person by
	Last  string
	First string // first names; the first of them counts, and others as second choice
}

// Match is a person that a short name can mean.
type Match struct {
	ID   string
	Sure bool // the only one, by a rule that leaves little room for error
	Why  string
}

// Ways in which a short name matched, from the strongest.
const (
	MatchFull    = "import.match.full"    // whole name, in either order
	MatchInitial = "import.match.initial" // first name and the beginning of the last: "Pekka K.", "Pekka Ko"
	MatchLast    = "import.match.last"    // last name and the beginning of the first: "P. Korhonen", "Korhonen P"
	MatchFirst   = "import.match.first"   // only a first name: "Pekka"
	MatchOnly    = "import.match.surname" // only a last name
)

// MatchName finds the people that a short name of an attendance list can mean, by the strongest rule that anybody
// meets. One match by a first name with an initial, or better, is Sure; several, or a bare first name, are not.
func MatchName(short string, people []PersonName) []Match {
	words := strings.Fields(fold(short))
	if len(words) == 0 {
		return nil
	}
	rules := []struct {
		why  string
		sure bool
		fits func(last, first []string) bool
	}{
		{MatchFull, true, func(l, f []string) bool {
			return len(f) > 0 && len(l) > 0 && (equal(words, f[:1], l) || equal(words, l, f[:1]) || equal(words, f, l) || equal(words, l, f))
		}},
		{MatchInitial, true, func(l, f []string) bool {
			n := len(words)
			return n >= 2 && len(f) > 0 && len(l) > 0 && begins(f, words[:n-1]) && strings.HasPrefix(l[len(l)-1], words[n-1]) ||
				n >= 2 && len(f) > 0 && len(l) > 0 && begins(f, words[:n-1]) && strings.HasPrefix(l[0], words[n-1])
		}},
		{MatchLast, true, func(l, f []string) bool {
			n := len(words)
			return n >= 2 && len(f) > 0 && (begins(l, words[1:]) && strings.HasPrefix(f[0], words[0]) || begins(l, words[:n-1]) && strings.HasPrefix(f[0], words[n-1]))
		}},
		{MatchFirst, false, func(l, f []string) bool { return len(words) == 1 && len(f) > 0 && f[0] == words[0] }},
		{MatchOnly, false, func(l, f []string) bool { return len(words) == 1 && len(l) > 0 && l[0] == words[0] }},
	}
	for _, rule := range rules {
		var found []Match
		for _, p := range people {
			if rule.fits(strings.Fields(fold(p.Last)), strings.Fields(fold(p.First))) {
				found = append(found, Match{ID: p.ID, Why: rule.why})
			}
		}
		if len(found) == 1 {
			found[0].Sure = rule.sure
		}
		if len(found) > 0 {
			return found
		}
	}
	return nil
}

// NameIndex finds among many people those whom a short name can mean.
type NameIndex struct {
	People []PersonName
	byWord map[string][]int // by each word of the name, in order
}

// NewNameIndex reads the people's names once.
func NewNameIndex(people []PersonName) *NameIndex {
	x := &NameIndex{people, make(map[string][]int, 2*len(people))}
	for i, p := range people {
		for _, w := range strings.Fields(fold(p.Last) + " " + fold(p.First)) {
			if all := x.byWord[w]; len(all) == 0 || all[len(all)-1] != i {
				x.byWord[w] = append(all, i)
			}
		}
	}
	return x
}

// Like gives everybody whom a short name can mean by any rule of MatchName, in the people's order: each rule asks for the
// first or the last word as it stands in the name.
func (x *NameIndex) Like(short string) []PersonName {
	words := strings.Fields(fold(short))
	if len(words) == 0 {
		return nil
	}
	places := slices.Concat(x.byWord[words[0]], x.byWord[words[len(words)-1]])
	slices.Sort(places)
	var like []PersonName
	for _, i := range slices.Compact(places) {
		like = append(like, x.People[i])
	}
	return like
}

// begins tells whether want, in order, begins the words of have ("Anna Maria" of "Anna Maria Helena").
func begins(have, want []string) bool {
	if len(want) > len(have) {
		return false
	}
	for i := range want {
		if have[i] != want[i] {
			return false
		}
	}
	return len(want) > 0
}

func equal(words, a, b []string) bool {
	if len(words) != len(a)+len(b) {
		return false
	}
	return begins(words, a) && begins(words[len(a):], b)
}
