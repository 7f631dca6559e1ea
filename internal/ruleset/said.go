package ruleset

import (
	"regexp"

	"polku/internal/i18n"
	"polku/internal/yamlfile"
)

// Said is the source and the note of a figure, version or holiday in Finnish and Swedish, as administrators read them.
// What is empty is said as in English: most sources are statutes, and those Statute writes in each language.
type Said struct{ SourceFI, SourceSV, NoteFI, NoteSV string }

// SourceIn gives the source in a language; source is the English one.
func (s Said) SourceIn(lang i18n.Lang, source string) string {
	switch {
	case lang == i18n.FI && s.SourceFI != "":
		return s.SourceFI
	case lang == i18n.SV && s.SourceSV != "":
		return s.SourceSV
	}
	return Statute(source, lang)
}

// NoteIn gives the note in a language; note is the English one.
func (s Said) NoteIn(lang i18n.Lang, note string) string {
	switch {
	case lang == i18n.FI && s.NoteFI != "":
		return s.NoteFI
	case lang == i18n.SV && s.NoteSV != "":
		return s.NoteSV
	}
	return note
}

// sayings reads a text that may be one for all languages, or one for each.
func sayings(n yamlfile.Node) (fi, sv, en string) {
	if n.IsMap() {
		return threeTexts(n)
	}
	return "", "", n.Text()
}

const oneSection = `[0-9]+[a-z]?(?:\.[0-9]+)?`

// The parts of a reference to a statute as files write it: "1290/2002 ch. 14 s. 3a (385/2023)", "189/2001 s. 5.1 and 9.3".
var (
	chapterAndSection = regexp.MustCompile(`\bch\. ([0-9]+[a-z]?) s\. (` + oneSection + `)`)
	chapter           = regexp.MustCompile(`\bch\. ([0-9]+[a-z]?)`)
	sections          = regexp.MustCompile(`\bs\. (` + oneSection + `(?:(?:-| and )` + oneSection + `)*)`)
	and               = regexp.MustCompile(`([0-9a-z]) and ([0-9])`)
	to                = regexp.MustCompile(`([0-9])-([0-9]+ §)`)
)

// Statute writes a reference to a statute as a language does: "189/2001 s. 13b.2" is "189/2001 13b.2 §" in Finnish and
// Swedish, "ch. 10 s. 6.2" is "10 luvun 6.2 §" and "10 kap. 6.2 §". English stays as it is.
func Statute(source string, lang i18n.Lang) string {
	words := map[i18n.Lang][3]string{i18n.FI: {" luvun ", " luku", " ja "}, i18n.SV: {" kap. ", " kap.", " och "}}
	w, known := words[lang]
	if !known {
		return source
	}
	s := chapterAndSection.ReplaceAllString(source, "${1}"+w[0]+"${2} §")
	s = chapter.ReplaceAllString(s, "${1}"+w[1])
	s = sections.ReplaceAllString(s, "${1} §")
	s = to.ReplaceAllString(s, "${1}–${2}")
	return and.ReplaceAllString(s, "${1}"+w[2]+"${2}")
}
