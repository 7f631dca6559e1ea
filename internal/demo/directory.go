package demo

import (
	"slices"
	"strconv"

	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/directory"
	"polku/internal/entry"
	"polku/internal/ident"
)

// listing of data/directory.yaml: a service of the directory. Months is how long ago its owner looked at it.
type listing struct {
	Name, Provider, Sector, Owner, Service string
	Themes, Towns, Langs                   []string
	Months                                 int
	Remote                                 bool
	AgeFrom                                int `yaml:"age_from"`
	AgeTo                                  int `yaml:"age_to"`
	Whom, Hours, Cost, Phone, Web, Address string
	Way, What, FI, SV, EN                  string
}

func listingID(i int) string { return ident.Of("demo", "listing", strconv.Itoa(i)) }

// makeDirectory makes the service directory: some of it has not been looked at for long, as in life.
func makeDirectory(tx *db.Tx, w *words, today civil.Date) error {
	for i, x := range w.listings {
		l := directory.Listing{ID: listingID(i), Name: x.Name, Provider: x.Provider, Sector: directory.Sector(x.Sector), Municipalities: x.Towns, ForWhom: x.Whom,
			AgeFrom: x.AgeFrom, AgeTo: x.AgeTo, Langs: x.Langs, What: x.What, EasyFI: x.FI, EasySV: x.SV, EasyEN: x.EN, WayIn: x.Way, Phone: x.Phone, Web: x.Web,
			Address: x.Address, Cost: x.Cost, Hours: x.Hours, Remote: x.Remote, Owner: workerID(x.Owner), Checked: today.AddMonths(-x.Months) - civil.Date(i%20)}
		if x.Service != "" {
			l.Service = serviceID(x.Service)
		}
		for _, t := range x.Themes {
			l.Themes = append(l.Themes, directory.Theme(t))
		}
		if err := directory.Bring(tx, l); err != nil {
			return err
		}
	}
	return nil
}

// guided is what the client of a walk that goes on has been guided to: every third to something near, of which half is
// known how it went.
func (k *walk) guided() []entry.Entry {
	d := newDice(uint64(k.p.start), "guided/"+k.pathID)
	if k.p.closed || k.over || k.today-k.p.start < 40 || !d.chance(33) {
		return nil
	}
	var near []int
	for i, x := range k.w.listings {
		if x.Sector != string(directory.Own) && slices.Contains(x.Towns, k.s.Town) && (x.AgeTo == 0 || k.s.Young) {
			near = append(near, i)
		}
	}
	if len(near) == 0 {
		return nil
	}
	i := pick(d, near)
	x := k.w.listings[i]
	id := ident.Of(k.pathID, "guidance")
	g := entry.Guidance{Guidance: id, Listing: listingID(i), Name: x.Name, Themes: x.Themes, How: pick(d, directory.Hows), State: entry.GuidanceOpen}
	told := k.workday(k.today - d.days(12, 38))
	entries := []entry.Entry{k.guidance(id, told, g)}
	if d.chance(50) {
		g.State = pick(d, directory.States)
		entries = append(entries, k.guidance(ident.Of(id, "answer"), k.workday(told+d.days(3, 7)), g))
	}
	return entries
}

func (k *walk) guidance(id string, day civil.Date, g entry.Guidance) entry.Entry {
	return entry.Entry{ID: id, Day: day, Minute: 14 * 60, Kind: entry.KindGuidance, Author: workerID(k.responsible), RecordedAt: k.instant(day, 14*60+10), Body: &g}
}
