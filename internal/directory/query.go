package directory

import (
	"slices"
	"strings"

	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/fold"
	"polku/internal/unit"
)

const columns = `d.listing_id, d.name, d.provider, d.sector, d.service_id, d.municipalities, d.themes, d.for_whom, d.age_from, d.age_to, d.langs, d.what,
	d.easy_fi, d.easy_sv, d.easy_en, d.way_in, d.contact, d.phone, d.email, d.web, d.address, d.cost, d.hours, d.remote, d.owner, d.checked_on,
	d.retired_on, d.retired_why, d.rev`

func scan(row func(...any) error, l *Listing) error {
	var municipalities, themes, langs string
	err := row(&l.ID, &l.Name, &l.Provider, (*string)(&l.Sector), &l.Service, &municipalities, &themes, &l.ForWhom, &l.AgeFrom, &l.AgeTo, &langs, &l.What,
		&l.EasyFI, &l.EasySV, &l.EasyEN, &l.WayIn, &l.Contact, &l.Phone, &l.Email, &l.Web, &l.Address, &l.Cost, &l.Hours, &l.Remote, &l.Owner, &l.Checked,
		&l.Retired, &l.RetiredWhy, &l.Rev)
	l.Municipalities, l.Langs = split(municipalities), split(langs)
	for _, t := range split(themes) {
		l.Themes = append(l.Themes, Theme(t))
	}
	return err
}

func split(kept string) []string {
	if kept == "" {
		return nil
	}
	return strings.Split(kept, ",")
}

// All gives every listing, by name, those that are no longer offered too. A directory has hundreds of listings, a great
// city's a few thousand: they are read whole and searched in memory.
func All(tx *db.Tx) ([]Listing, error) {
	var all []Listing
	err := tx.Each(`select `+columns+` from directory d where d.tenant_id = $1 order by d.name, d.listing_id`, []any{tx.Who.Tenant},
		func(row func(...any) error) error {
			var l Listing
			err := scan(row, &l)
			all = append(all, l)
			return err
		})
	return all, err
}

// Get gives a listing, or not found.
func Get(tx *db.Tx, id string) (Listing, error) {
	var l Listing
	found := false
	err := tx.Each(`select `+columns+` from directory d where d.tenant_id = $1 and d.listing_id = $2`, []any{tx.Who.Tenant, id},
		func(row func(...any) error) error {
			found = true
			return scan(row, &l)
		})
	if err == nil && !found {
		err = fault.E(fault.NotFound, "error.not_found", nil)
	}
	return l, err
}

// OwnServices gives the services that the actor works in, go on, and have no listing yet.
func OwnServices(tx *db.Tx, all []Listing) ([]unit.Service, error) {
	services, err := unit.Services(tx)
	return slices.DeleteFunc(services, func(s unit.Service) bool {
		return !s.Ended.IsZero() && s.Ended < tx.Today || slices.ContainsFunc(all, func(l Listing) bool { return l.Service == s.ID && l.Retired.IsZero() })
	}), err
}

// Filter chooses listings. Zero fields choose all that are offered.
type Filter struct {
	Text         string // words, each of which must stand somewhere; a beginning or a part of a word will do
	Municipality string
	Theme        Theme
	Lang         string
	Sector       Sector
	Remote       bool
	Owner        string // a worker's listings
	Stale        bool   // only those that nobody has looked at for half a year
	Retired      bool   // only those that are no longer offered
}

// Find chooses listings: those whose name has the words first, then those of the very municipality, then by name.
func Find(tx *db.Tx, all []Listing, f Filter) []Listing {
	words := fold.Parts(f.Text)
	type hit struct {
		Listing
		rank int
	}
	var hits []hit
	for _, l := range all {
		if l.Retired.IsZero() == f.Retired || f.Theme != "" && !slices.Contains(l.Themes, f.Theme) || f.Sector != "" && l.Sector != f.Sector ||
			f.Municipality != "" && !l.In(f.Municipality) || f.Lang != "" && !l.speaks(f.Lang) || f.Remote && !l.Remote ||
			f.Owner != "" && l.Owner != f.Owner || f.Stale && !l.Stale(tx.Today) {
			continue
		}
		rank, all := l.holds(words)
		if !all {
			continue
		}
		if f.Municipality != "" && !l.near(f.Municipality) {
			rank++
		}
		hits = append(hits, hit{l, rank})
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return a.rank - b.rank })
	out := make([]Listing, len(hits))
	for i, h := range hits {
		out[i] = h.Listing
	}
	return out
}

// holds tells whether all words stand in the listing, and 0 when all do in its name, else 2.
func (l Listing) holds(words []string) (rank int, all bool) {
	if len(words) == 0 {
		return 0, true
	}
	name := fold.Text(l.Name)
	rest := fold.Text(strings.Join([]string{l.Provider, l.ForWhom, l.What, l.EasyFI, l.EasySV, l.EasyEN, l.WayIn, l.Contact, l.Address,
		strings.Join(l.Municipalities, " ")}, " "))
	for _, w := range words {
		if strings.Contains(name, w) {
			continue
		}
		if rank = 2; !strings.Contains(rest, w) {
			return 2, false
		}
	}
	return rank, true
}

// near tells whether the listing is of the very municipality.
func (l Listing) near(municipality string) bool {
	return len(l.Municipalities) > 0 && Listing{Municipalities: l.Municipalities}.In(municipality)
}

func (l Listing) speaks(lang string) bool {
	return slices.Contains(l.Langs, lang) || len(l.Langs) == 0 && lang == "fi"
}

// Municipalities gives the names that listings have, in order.
func Municipalities(all []Listing) []string {
	var names []string
	for _, l := range all {
		for _, m := range l.Municipalities {
			if !slices.Contains(names, m) {
				names = append(names, m)
			}
		}
	}
	slices.Sort(names)
	return names
}

// ToCheck gives the listings of the actor's own that nobody has looked at for half a year.
func ToCheck(tx *db.Tx, all []Listing) []Listing {
	return Find(tx, all, Filter{Owner: tx.Who.Worker, Stale: true})
}
