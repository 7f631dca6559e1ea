package directory_test

import (
	"bytes"
	"strings"
	"testing"

	"polku/internal/civil"
	"polku/internal/csvio"
	"polku/internal/db"
	"polku/internal/directory"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/i18n"
	"polku/internal/path"
	. "polku/internal/polkutest"
)

// debt is a listing as somebody types it.
func debt() directory.Listing {
	return directory.Listing{Name: "Talous- ja velkaneuvonta", Provider: "Testilän oikeusaputoimisto", Sector: directory.Public, Municipalities: []string{" Testilä ", "Naapurila"},
		Themes: []directory.Theme{directory.Money}, What: "Apua, kun laskut kasaantuvat.", Phone: "040 0000 001", Langs: []string{"fi", "sv"}, Remote: true}
}

func save(s *Sample, worker string, l directory.Listing) (id, change string, err error) {
	err = s.Update(worker, func(tx *db.Tx) error {
		id, change, err = directory.Save(tx, l)
		return err
	})
	return id, change, err
}

func get(t *testing.T, s *Sample, id string) (l directory.Listing) {
	t.Helper()
	must(t, s.View(Mia, func(tx *db.Tx) (err error) {
		l, err = directory.Get(tx, id)
		return err
	}))
	return l
}

func find(t *testing.T, s *Sample, f directory.Filter) string {
	t.Helper()
	var names []string
	must(t, s.View(Mia, func(tx *db.Tx) error {
		all, err := directory.All(tx)
		for _, l := range directory.Find(tx, all, f) {
			names = append(names, l.Name)
		}
		return err
	}))
	return strings.Join(names, "; ")
}

// today is the day of the fixed clock.
var today = civil.New(2026, 3, 2)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// A listing lives: added, changed, checked, retired, offered again; each change is told and the newest can be undone.
func TestLifeOfAListing(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := NewSample(t, w)
		id, _, err := save(s, Mia, debt())
		must(t, err)
		l := get(t, s, id)
		if l.Owner != Mia || l.Rev != 1 || strings.Join(l.Municipalities, "|") != "Testilä|Naapurila" {
			t.Fatalf("%+v", l)
		}
		changed := l
		changed.Phone = "040 0000 002"
		_, change, err := save(s, Joni, changed)
		must(t, err)
		if _, _, err := save(s, Mia, changed); !fault.Is(err, fault.Conflict) {
			t.Errorf("a change begun before another's: %v", err)
		}
		must(t, s.Update(Mia, func(tx *db.Tx) error {
			n, err := directory.Undo(tx, change)
			if n != 1 {
				t.Errorf("%d undone", n)
			}
			return err
		}))
		if l = get(t, s, id); l.Phone != "040 0000 001" || l.Rev != 3 {
			t.Errorf("after undo: %s, rev %d", l.Phone, l.Rev)
		}
		if err := s.Update(Mia, func(tx *db.Tx) error { _, err := directory.Undo(tx, change); return err }); !fault.Is(err, fault.Conflict) {
			t.Errorf("undone twice: %v", err)
		}
		if err := s.Update(Mia, func(tx *db.Tx) error { _, err := directory.Retire(tx, id, " "); return err }); !fault.Is(err, fault.Invalid) {
			t.Errorf("retired without a reason: %v", err)
		}
		must(t, s.Update(Mia, func(tx *db.Tx) error { _, err := directory.Retire(tx, id, "loppui"); return err }))
		if got := find(t, s, directory.Filter{}); got != "" {
			t.Errorf("a retired listing is found: %s", got)
		}
		must(t, s.Update(Mia, func(tx *db.Tx) error { _, err := directory.Restore(tx, id); return err }))
		must(t, s.View(Mia, func(tx *db.Tx) error {
			all, err := directory.History(tx, id)
			var what []string
			for _, c := range all {
				what = append(what, c.What)
			}
			if got := strings.Join(what, " "); got != "restored retired undone changed added" {
				t.Error(got)
			}
			return err
		}))
	})
}

// Whoever has no clients keeps no directory; what is wrong comes back by field.
func TestWhatIsRefused(t *testing.T) {
	s := NewSample(t, New(t, t.TempDir()))
	if _, _, err := save(s, Boss, debt()); !fault.Is(err, fault.Denied) {
		t.Errorf("without clients: %v", err)
	}
	bad := directory.Listing{What: "soita 010190-900P", AgeFrom: 30, AgeTo: 20, Web: "javascript://x", Owner: "nobody"}
	_, _, err := save(s, Mia, bad)
	f, is := err.(*fault.Error)
	if !is {
		t.Fatal(err)
	}
	for _, field := range []string{"name", "sector", "themes", "age_from", "web", "owner"} {
		if f.Fields[field] == "" {
			t.Errorf("%s is not refused", field)
		}
	}
}

// The search finds by parts of words in any form, by municipality, theme and language; what serves everywhere serves here.
func TestFind(t *testing.T) {
	s := NewSample(t, New(t, t.TempDir()))
	for _, l := range []directory.Listing{debt(),
		{Name: "Olohuone", Sector: directory.Third, Municipalities: []string{"Testilä"}, Themes: []directory.Theme{directory.Leisure}, What: "Kahvia ja velkaa vailla", WayIn: "Tule käymään"},
		{Name: "Kaukokylän kerho", Sector: directory.Third, Municipalities: []string{"Kaukokylä"}, Themes: []directory.Theme{directory.Leisure}, WayIn: "Soita"},
		{Name: "Kriisipuhelin", Sector: directory.Third, Themes: []directory.Theme{directory.Health}, WayIn: "Soita", Langs: []string{"fi", "en"}}} {
		_, _, err := save(s, Mia, l)
		must(t, err)
	}
	for want, f := range map[string]directory.Filter{
		"Talous- ja velkaneuvonta; Olohuone":                {Text: "VELKA"},
		"Talous- ja velkaneuvonta":                          {Text: "velka laskut"},
		"Olohuone; Talous- ja velkaneuvonta; Kriisipuhelin": {Municipality: "testila"},
		"Kaukokylän kerho; Olohuone":                        {Theme: directory.Leisure},
		"Kriisipuhelin":                                     {Lang: "en"},
		"":                                                  {Stale: true},
	} {
		if got := find(t, s, f); got != want {
			t.Errorf("%+v: %q, want %q", f, got, want)
		}
	}
}

// Nothing shows as fresh that is not: half a year after its check a listing waits for its owner.
func TestFreshness(t *testing.T) {
	s := NewSample(t, New(t, t.TempDir()))
	id, _, err := save(s, Mia, debt())
	must(t, err)
	l := get(t, s, id)
	last := l.Checked.AddMonths(6)
	if l.Stale(last) || !l.Stale(last+1) {
		t.Error("fresh for exactly six months")
	}
	waits := func(worker string) (n int) {
		must(t, s.View(worker, func(tx *db.Tx) error {
			all, err := directory.All(tx)
			tx.Today = last + 1
			n = len(directory.ToCheck(tx, all))
			return err
		}))
		return n
	}
	if waits(Mia) != 1 || waits(Joni) != 0 {
		t.Error("the owner is asked, others are not")
	}
}

// What is exported in any of the languages is understood again, unchanged; a changed row changes its listing, a new one
// is added, a wrong one left out; the whole can be undone.
func TestExportIsImported(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := NewSample(t, w)
		l := debt()
		l.ForWhom, l.AgeFrom, l.AgeTo, l.EasyFI, l.EasySV, l.EasyEN = "velkaantuneet", 18, 64, "Saat apua.", "Du får hjälp.", "You get help."
		l.WayIn, l.Contact, l.Email, l.Web, l.Address, l.Cost, l.Hours = "Soita", "Neuvonta", "a@example.invalid", "https://example.invalid/x", "Tie 1", "maksuton", "ma–pe 9–15"
		id, _, err := save(s, Mia, l)
		must(t, err)
		names := map[string]string{Mia: "Mia Mallikas"}
		for _, lang := range []i18n.Lang{i18n.FI, i18n.SV, i18n.EN} {
			rows := directory.Table([]directory.Listing{get(t, s, id)}, names, func(key string) string { return lang.T(key) })
			read := func(rows [][]string) []directory.Row {
				var b bytes.Buffer
				out := csvio.NewWriter(&b)
				for _, r := range rows {
					out.Write(r...)
				}
				must(t, out.Flush())
				book, err := csvio.ReadBytes("x.csv", b.Bytes())
				must(t, err)
				var got []directory.Row
				must(t, s.View(Joni, func(tx *db.Tx) (err error) {
					got, err = directory.Read(tx, book)
					return err
				}))
				return got
			}
			got := read(rows)
			if len(got) != 1 || !got[0].Same || len(got[0].Wrong)+len(got[0].Noted) > 0 {
				t.Fatalf("%s: %+v", lang, got)
			}
			changed := append([]string(nil), rows[1]...)
			changed[15] = "040 0000 009"
			fresh, wrong := append([]string(nil), rows[1]...), append([]string(nil), rows[1]...)
			fresh[0], wrong[0], wrong[4] = "Uusi "+string(lang), "Teematon", "hölynpöly"
			got = read([][]string{rows[0], changed, fresh, wrong})
			if !got[0].Known || got[0].Same || got[1].Known || len(got[2].Wrong) == 0 {
				t.Fatalf("%s: %+v", lang, got)
			}
			must(t, s.Update(Joni, func(tx *db.Tx) error {
				batch, added, changed, err := directory.Import(tx, got)
				if err != nil || added != 1 || changed != 1 {
					t.Fatal(added, changed, err)
				}
				n, err := directory.Undo(tx, batch)
				if n != 2 {
					t.Errorf("%d undone", n)
				}
				return err
			}))
			if l := get(t, s, id); l.Phone != "040 0000 001" {
				t.Error(l.Phone)
			}
		}
	})
}

// Guidance is an entry of the journal: it may set the next step, its outcome comes later, and it can be undone.
func TestGuidance(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := NewSample(t, w)
		_, p := s.Client(t, "Meri", "Aino")
		id, _, err := save(s, Mia, debt())
		must(t, err)
		guide := func(g directory.Guide) error {
			return s.Update(Mia, func(tx *db.Tx) error { return directory.Record(tx, s.Book, p, g) })
		}
		now := func() (all []directory.Guided) {
			must(t, s.View(Mia, func(tx *db.Tx) error {
				x, err := path.Get(tx, p)
				if err != nil {
					return err
				}
				entries, err := s.Book.Entries(tx, x)
				all = directory.Of(entries)
				return err
			}))
			return all
		}
		if err := guide(directory.Guide{Listing: id, How: "prayed"}); !fault.Is(err, fault.Invalid) {
			t.Error(err)
		}
		const entryID = "01957b00-0000-7000-8000-000000000001"
		g := directory.Guide{ID: entryID, Listing: id, How: entry.Told, Text: "soittaa itse", Next: &path.Step{What: "Kysy, miten kävi", By: today + 7}}
		must(t, guide(g))
		if all := now(); len(all) != 1 || !all[0].Open() || all[0].Name != debt().Name {
			t.Fatalf("%+v", all)
		}
		var answer string
		must(t, s.Update(Mia, func(tx *db.Tx) (err error) {
			answer, err = directory.Answer(tx, s.Book, p, entryID, entry.GuidanceIn, "aika ensi viikolla", nil)
			return err
		}))
		if all := now(); len(all) != 1 || all[0].State != entry.GuidanceIn || all[0].Text != "soittaa itse" || all[0].Answer == "" {
			t.Fatalf("%+v", all)
		}
		must(t, s.Update(Mia, func(tx *db.Tx) error {
			_, err := s.Book.Undo(tx, p, path.RecordParts(answer)...)
			return err
		}))
		if all := now(); len(all) != 1 || !all[0].Open() {
			t.Fatalf("after undo: %+v", all)
		}
	})
}

// What is proposed shares a theme, serves where the client lives and lets their age in; the nearest and best first, and
// nothing that they are being guided to already.
func TestPropose(t *testing.T) {
	listing := func(id string, themes []directory.Theme, towns ...string) directory.Listing {
		return directory.Listing{ID: id, Name: id, Themes: themes, Municipalities: towns, Checked: today}
	}
	young := listing("young", []directory.Theme{directory.Work}, "Kuusamo")
	young.AgeTo = 29
	all := []directory.Listing{young, listing("near", []directory.Theme{directory.Work}, "Kuusamo"), listing("country", []directory.Theme{directory.Work}),
		listing("both", []directory.Theme{directory.Work, directory.Money}), listing("far", []directory.Theme{directory.Work}, "Rauma"), listing("other", []directory.Theme{directory.Family}, "Kuusamo")}
	propose := func(c directory.ForClient) string {
		var ids []string
		for _, p := range directory.Propose(today, all, c) {
			ids = append(ids, p.ID)
		}
		return strings.Join(ids, " ")
	}
	c := directory.ForClient{Municipality: "kuusamo", Age: 45, Themes: []directory.Theme{directory.Work, directory.Money}}
	if got := propose(c); got != "both near country" {
		t.Error(got)
	}
	c.Guided = []directory.Guided{{Listing: "both", State: entry.GuidanceOpen}}
	if got := propose(c); got != "near country" {
		t.Error(got)
	}
	c.Themes, c.Guided, c.Age = nil, nil, 20
	if got := propose(c); got != "near other young both country" {
		t.Error(got)
	}
}
