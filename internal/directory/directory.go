// Package directory owns the service directory (palveluhakemisto): what else there is for a client: own services, other
// authorities, associations, by municipality and theme. Each listing has an owner who looks at it at least every half
// year; one that nobody has looked at is shown as old. It knows no clients, but for guidance: a client told about a
// listing is an entry of their journal.
package directory

import (
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"polku/internal/civil"
	"polku/internal/fault"
	"polku/internal/fold"
	"polku/internal/hetu"
)

// Sector tells whose service a listing is.
type Sector string

// Sectors.
const (
	Own     Sector = "own"     // of this house
	Public  Sector = "public"  // another authority: county, municipality, Kela, a school
	Third   Sector = "third"   // association, parish, foundation
	Company Sector = "company" // a business
)

// Sectors in the order they are offered.
var Sectors = []Sector{Own, Public, Third, Company}

// Theme is what a listing helps with.
type Theme string

// Themes of listings and of guidance.
const (
	Work       Theme = "work"
	Education  Theme = "education"
	Everyday   Theme = "everyday"
	Housing    Theme = "housing"
	Money      Theme = "money"
	Health     Theme = "health"
	Substance  Theme = "substance"
	Leisure    Theme = "leisure" // loneliness, free time, being with people
	Immigrants Theme = "immigrants"
	Young      Theme = "young"
	Family     Theme = "family"
	Digital    Theme = "digital"
)

// Themes in the order they are offered.
var Themes = []Theme{Work, Education, Everyday, Housing, Money, Health, Substance, Leisure, Immigrants, Young, Family, Digital}

// Fresh is how many months a listing is taken to hold after it was looked at.
const Fresh = 6

// Limits in characters.
const (
	nameMost = 120
	lineMost = 300
	textMost = 2000
)

// Listing is one service of the directory.
type Listing struct {
	ID             string     `json:"id"`
	Name           string     `json:"name"`
	Provider       string     `json:"provider"` // who arranges it
	Sector         Sector     `json:"sector"`
	Service        string     `json:"service"`        // own service of this house; empty: somebody else's
	Municipalities []string   `json:"municipalities"` // empty: everywhere
	Themes         []Theme    `json:"themes"`
	ForWhom        string     `json:"for_whom"`
	AgeFrom        int        `json:"age_from"` // years; 0: no limit
	AgeTo          int        `json:"age_to"`
	Langs          []string   `json:"langs"` // ISO 639 codes; empty: Finnish
	What           string     `json:"what"`  // for workers
	EasyFI         string     `json:"easy_fi"`
	EasySV         string     `json:"easy_sv"`
	EasyEN         string     `json:"easy_en"` // for the client, in easy language
	WayIn          string     `json:"way_in"`  // how to get in
	Contact        string     `json:"contact"`
	Phone          string     `json:"phone"`
	Email          string     `json:"email"`
	Web            string     `json:"web"`
	Address        string     `json:"address"`
	Cost           string     `json:"cost"`
	Hours          string     `json:"hours"`
	Remote         bool       `json:"remote"` // works at a distance
	Owner          string     `json:"owner"`  // worker id
	Checked        civil.Date `json:"checked"`
	Retired        civil.Date `json:"retired"` // zero: offered
	RetiredWhy     string     `json:"retired_why"`
	Rev            int64      `json:"rev"`
}

// Stale tells whether nobody has looked at the listing for half a year: what it says may no longer hold.
func (l Listing) Stale(today civil.Date) bool { return l.Checked.AddMonths(Fresh) < today }

// Easy gives the words for the client in a language, and whether they are in that language: else they are Finnish.
func (l Listing) Easy(lang string) (text string, there bool) {
	own := map[string]string{"fi": l.EasyFI, "sv": l.EasySV, "en": l.EasyEN}[lang]
	if own != "" {
		return own, true
	}
	if l.EasyFI != "" {
		return l.EasyFI, lang == "fi"
	}
	return l.What, lang == "fi"
}

// In tells whether the listing serves somebody of a municipality: there, or everywhere. At a distance it serves all.
func (l Listing) In(municipality string) bool {
	if len(l.Municipalities) == 0 || l.Remote {
		return true
	}
	want := fold.Text(municipality)
	return slices.ContainsFunc(l.Municipalities, func(m string) bool { return fold.Text(m) == want })
}

// FitsAge tells whether somebody of an age is let in; age below 0 is not known and fits.
func (l Listing) FitsAge(age int) bool {
	return age < 0 || age >= l.AgeFrom && (l.AgeTo == 0 || age <= l.AgeTo)
}

// tidy trims what was typed and puts lists in order.
func (l *Listing) tidy() {
	for _, p := range l.lines() {
		*p.text = strings.TrimSpace(*p.text)
	}
	var themes []Theme
	for _, t := range Themes {
		if slices.Contains(l.Themes, t) {
			themes = append(themes, t)
		}
	}
	l.Themes = themes
	l.Municipalities = tidyList(l.Municipalities)
	l.Langs = tidyList(l.Langs)
	if l.Web != "" && !strings.Contains(l.Web, "://") {
		l.Web = "https://" + l.Web
	}
}

func tidyList(words []string) []string {
	var out []string
	for _, w := range words {
		w = strings.TrimSpace(strings.ReplaceAll(w, ",", " "))
		if w != "" && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

// textField is a text of a listing with its form field and its limit in characters.
type textField struct {
	name string
	text *string
	most int
}

func (l *Listing) lines() []textField {
	return []textField{{"name", &l.Name, nameMost}, {"provider", &l.Provider, lineMost}, {"for_whom", &l.ForWhom, lineMost}, {"what", &l.What, textMost},
		{"easy_fi", &l.EasyFI, textMost}, {"easy_sv", &l.EasySV, textMost}, {"easy_en", &l.EasyEN, textMost}, {"way_in", &l.WayIn, textMost},
		{"contact", &l.Contact, lineMost}, {"phone", &l.Phone, lineMost}, {"email", &l.Email, lineMost}, {"web", &l.Web, lineMost},
		{"address", &l.Address, lineMost}, {"cost", &l.Cost, lineMost}, {"hours", &l.Hours, lineMost}}
}

// wrong gives the wrong fields of a tidied listing and what is wrong in each. A directory holds no data of clients, so
// an identity code in it is a mistake.
func (l *Listing) wrong() map[string]string {
	wrong := map[string]string{}
	for _, f := range l.lines() {
		switch {
		case utf8.RuneCountInString(*f.text) > f.most:
			wrong[f.name] = "directory.too_long"
		case hetu.Within(*f.text):
			wrong[f.name] = "directory.has_code"
		}
	}
	if l.Name == "" {
		wrong["name"] = "directory.no_name"
	}
	if !slices.Contains(Sectors, l.Sector) {
		wrong["sector"] = "directory.no_sector"
	}
	if len(l.Themes) == 0 {
		wrong["themes"] = "directory.no_theme"
	}
	if l.Phone == "" && l.Email == "" && l.Web == "" && l.Address == "" && l.WayIn == "" {
		wrong["way_in"] = "directory.no_way_in"
	}
	if l.AgeFrom < 0 || l.AgeTo < 0 || l.AgeFrom > 120 || l.AgeTo > 120 || l.AgeTo != 0 && l.AgeTo < l.AgeFrom {
		wrong["age_from"] = "directory.bad_age"
	}
	if u, err := url.Parse(l.Web); l.Web != "" && (err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http") {
		wrong["web"] = "directory.bad_web"
	}
	return wrong
}

// mistake gives the fault of a listing; nil when it is fine.
func (l *Listing) mistake() error { return fault.Fields(l.wrong()) }
