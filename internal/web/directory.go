package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"polku/internal/csvio"
	"polku/internal/db"
	"polku/internal/directory"
	"polku/internal/fault"
	"polku/internal/i18n"
	"polku/internal/unit"
	"polku/internal/web/view"
)

// directoryLangs are the languages that a listing's form and search offer.
var directoryLangs = []string{"fi", "sv", "en", "ru", "uk", "ar", "et", "so", "se"}

func (q *request) directory() error { return q.directoryForm(nil) }

// directoryFilter reads what is searched for.
func (q *request) directoryFilter() directory.Filter {
	v := q.FormValue
	f := directory.Filter{Text: v("q"), Municipality: v("m"), Theme: directory.Theme(v("t")), Lang: v("lang"), Remote: v("remote") != ""}
	switch v("show") {
	case "mine":
		f.Owner = q.who.Worker
	case "stale":
		f.Stale = true
	case "retired":
		f.Retired = true
	case "own":
		f.Sector = directory.Own
	}
	return f
}

func (q *request) directoryForm(cause error) error {
	f := q.directoryFilter()
	p := view.Directory{Shell: q.shell(view.NavMore), Text: f.Text, Remote: f.Remote, ImportErrors: q.errorsOf(cause)}
	err := q.view(func(tx *db.Tx) error {
		all, err := directory.All(tx)
		if err != nil {
			return err
		}
		for _, l := range directory.Find(tx, all, f) {
			p.Lines = append(p.Lines, q.listingLine(l))
		}
		for _, l := range directory.ToCheck(tx, all) {
			p.ToCheck = append(p.ToCheck, q.listingLine(l))
		}
		p.Towns = []view.Option{{Text: q.lang.T("directory.any_town")}}
		for _, m := range directory.Municipalities(all) {
			p.Towns = append(p.Towns, view.Option{Value: m, Text: m, On: m == f.Municipality})
		}
		missing, err := directory.OwnServices(tx, all)
		for _, s := range missing {
			p.Missing = append(p.Missing, view.Option{Value: s.ID, Text: s.Name})
		}
		if err != nil {
			return err
		}
		return q.counted(tx, &p.Shell)
	})
	if err != nil {
		return err
	}
	p.Themes = append([]view.Option{{Text: q.lang.T("directory.any_theme")}}, q.themeOptions([]directory.Theme{f.Theme})...)
	p.Langs = append([]view.Option{{Text: q.lang.T("directory.any_lang")}}, q.langOptions([]string{f.Lang})...)
	for _, s := range []string{"all", "own", "mine", "stale", "retired"} {
		value := s
		if s == "all" {
			value = ""
		}
		p.Shows = append(p.Shows, view.Option{Value: value, Text: q.lang.T("directory.show." + s), On: q.FormValue("show") == value})
	}
	if q.URL.RawQuery != "" {
		p.Query = "?" + url.Values{"q": {f.Text}, "m": {f.Municipality}, "t": {string(f.Theme)}, "lang": {f.Lang}, "remote": {q.FormValue("remote")}, "show": {q.FormValue("show")}}.Encode()
	}
	return q.renderStatus(statusFor(cause), p)
}

func (q *request) themeOptions(on []directory.Theme) []view.Option {
	var out []view.Option
	for _, t := range directory.Themes {
		out = append(out, view.Option{Value: string(t), Text: q.lang.T("directory.theme." + string(t)), On: slices.Contains(on, t)})
	}
	return out
}

func (q *request) langOptions(on []string) []view.Option {
	var out []view.Option
	for _, l := range directoryLangs {
		out = append(out, view.Option{Value: l, Text: q.language(l), On: slices.Contains(on, l)})
	}
	return out
}

// listingLine puts a listing into the reader's words.
func (q *request) listingLine(l directory.Listing) view.ListingLine {
	x := view.ListingLine{ID: l.ID, Name: l.Name, Provider: l.Provider, Sector: q.lang.T("directory.sector." + string(l.Sector)), What: l.What,
		Where: strings.Join(l.Municipalities, ", "), Remote: l.Remote, Own: l.Sector == directory.Own, Stale: l.Stale(dayOf(q.at.In(q.s.DB.Zone))), Checked: l.Checked, Retired: l.Retired}
	if x.Where == "" {
		x.Where = q.lang.T("directory.everywhere")
	}
	for _, t := range l.Themes {
		x.Themes = append(x.Themes, q.lang.T("directory.theme."+string(t)))
	}
	return x
}

func (q *request) listing() error { return q.listingShown(nil) }

func (q *request) listingShown(cause error) error {
	p := view.ListingPage{Shell: q.shell(view.NavMore), Why: q.PostFormValue("why"), Errors: q.errorsOf(cause)}
	err := q.view(func(tx *db.Tx) error {
		l, err := directory.Get(tx, q.PathValue("id"))
		if err != nil {
			return err
		}
		names, err := unit.Names(tx)
		if err != nil {
			return err
		}
		owner, err := unit.GetWorker(tx, l.Owner)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		p.Line, p.OwnerGone = q.listingLine(l), !owner.Active
		p.ForWhom, p.WayIn, p.Contact, p.Phone, p.Tel = forWhom(q.lang, l), l.WayIn, l.Contact, l.Phone, strings.ReplaceAll(l.Phone, " ", "")
		p.Email, p.Web, p.Address, p.Cost, p.Hours, p.Owner, p.RetiredWhy = l.Email, l.Web, l.Address, l.Cost, l.Hours, names[l.Owner], l.RetiredWhy
		var langs []string
		for _, code := range l.Langs {
			langs = append(langs, q.language(code))
		}
		p.Langs = strings.Join(langs, ", ")
		for _, x := range []view.EasyText{{Lang: "fi", Text: l.EasyFI}, {Lang: "sv", Text: l.EasySV}, {Lang: "en", Text: l.EasyEN}} {
			if x.Text != "" {
				x.Name = q.language(x.Lang)
				p.Easy = append(p.Easy, x)
			}
		}
		if p.History, err = q.listingHistory(tx, l, names); err != nil {
			return err
		}
		return q.counted(tx, &p.Shell)
	})
	if err != nil {
		return err
	}
	return q.renderStatus(statusFor(cause), p)
}

// forWhom says in words whom a listing is for, with its limits of age.
func forWhom(l i18n.Lang, x directory.Listing) string {
	age := ""
	switch {
	case x.AgeFrom > 0 && x.AgeTo > 0:
		age = l.T("directory.ages", "from", x.AgeFrom, "to", x.AgeTo)
	case x.AgeFrom > 0:
		age = l.T("directory.age_over", "from", x.AgeFrom)
	case x.AgeTo > 0:
		age = l.T("directory.age_under", "to", x.AgeTo)
	}
	return strings.Trim(x.ForWhom+", "+age, ", ")
}

// listingHistory tells each change with what was different before. The newest can be undone.
func (q *request) listingHistory(tx *db.Tx, now directory.Listing, names map[string]string) ([]view.ListingChange, error) {
	all, err := directory.History(tx, now.ID)
	var lines []view.ListingChange
	after := now
	for i, c := range all {
		line := view.ListingChange{When: q.momentOf(c.At), Who: names[c.Worker], What: q.lang.T("directory.change." + c.What)}
		if line.Who == "" {
			line.Who = "Polku"
		}
		if i == 0 {
			line.Undo = c.ID
		}
		if c.Before != nil {
			then := directory.Table([]directory.Listing{*c.Before, after}, names, func(key string) string { return q.lang.T(key) })
			for col, head := range then[0] {
				if then[1][col] != then[2][col] {
					line.Fields = append(line.Fields, view.Change{What: head, Before: then[1][col], After: then[2][col]})
				}
			}
			after = *c.Before
		}
		lines = append(lines, line)
	}
	return lines, err
}

// listingDone answers a command on a listing: to the listing or the list, with a word and undo.
func (q *request) listingDone(change string, err error, key string) error {
	if fault.Is(err, fault.Invalid) {
		return q.listingShown(err)
	}
	if err != nil {
		return err
	}
	q.say(flash{Key: key, Undo: "/directory/undo", Entry: change})
	if q.PostFormValue("back") == "list" {
		return q.redirect("/directory")
	}
	return q.redirect("/directory/" + q.PathValue("id"))
}

func (q *request) listingCheck() error {
	var change string
	err := q.update(func(tx *db.Tx) (err error) {
		change, err = directory.Check(tx, q.PathValue("id"))
		return err
	})
	return q.listingDone(change, err, "flash.listing_checked")
}

func (q *request) listingRetire() error {
	var change string
	err := q.update(func(tx *db.Tx) (err error) {
		change, err = directory.Retire(tx, q.PathValue("id"), q.PostFormValue("why"))
		return err
	})
	return q.listingDone(change, err, "flash.listing_retired")
}

func (q *request) listingRestore() error {
	var change string
	err := q.update(func(tx *db.Tx) (err error) {
		change, err = directory.Restore(tx, q.PathValue("id"))
		return err
	})
	return q.listingDone(change, err, "flash.listing_restored")
}

func (q *request) directoryUndo() error {
	if err := q.update(func(tx *db.Tx) error {
		_, err := directory.Undo(tx, q.PostFormValue("entry"))
		return err
	}); err != nil {
		return err
	}
	q.say(flash{Key: "flash.undone"})
	return q.redirect("/directory")
}

// directoryExport gives the listings that the search chooses as a table that can be read in again.
func (q *request) directoryExport() error {
	var rows [][]string
	err := q.view(func(tx *db.Tx) error {
		all, err := directory.All(tx)
		if err != nil {
			return err
		}
		names, err := unit.Names(tx)
		rows = directory.Table(directory.Find(tx, all, q.directoryFilter()), names, func(key string) string { return q.lang.T(key) })
		return err
	})
	if err != nil {
		return err
	}
	return q.table("polku-"+q.lang.T("directory.file_name"), rows)
}

// table sends rows as a CSV.
func (q *request) table(name string, rows [][]string) error {
	h := q.w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="`+name+`.csv"`)
	h.Set("Cache-Control", "no-store")
	q.w.WriteHeader(http.StatusOK)
	out := csvio.NewWriter(q.w)
	for _, r := range rows {
		out.Write(r...)
	}
	out.Flush() // a reader who has gone is no fault of ours
	return nil
}

func (q *request) listingNew() error  { return q.listingForm(nil) }
func (q *request) listingEdit() error { return q.listingForm(nil) }

// listingForm is the form of a new or a known listing; after a mistake as it was sent, after a conflict with the newest rev.
func (q *request) listingForm(cause error) error {
	p := view.ListingForm{Shell: q.shell(view.NavMore), ID: q.PathValue("id"), Errors: q.errorsOf(cause)}
	err := q.view(func(tx *db.Tx) error {
		l := directory.Listing{Sector: directory.Public, Owner: q.who.Worker}
		if p.ID != "" {
			var err error
			if l, err = directory.Get(tx, p.ID); err != nil {
				return err
			}
		} else if id := q.FormValue("service"); id != "" {
			if s, err := unit.GetService(tx, id); err == nil {
				l.Service, l.Name, l.Sector = s.ID, s.Name, directory.Own
			}
		}
		rev := l.Rev
		if cause != nil {
			l = q.sentListing()
		}
		if fault.Is(cause, fault.Conflict) {
			p.Now = q.lang.T("directory.changed")
		}
		p.Rev, p.Service, p.Remote = strconv.FormatInt(rev, 10), l.Service, l.Remote
		age := func(n int) string { return strings.TrimPrefix(strconv.Itoa(n), "0") }
		p.Value = map[string]string{"name": l.Name, "provider": l.Provider, "municipality": strings.Join(l.Municipalities, ", "), "what": l.What, "way_in": l.WayIn,
			"phone": l.Phone, "email": l.Email, "web": l.Web, "contact": l.Contact, "address": l.Address, "hours": l.Hours, "cost": l.Cost, "for_whom": l.ForWhom,
			"age_from": age(l.AgeFrom), "age_to": age(l.AgeTo), "easy_fi": l.EasyFI, "easy_sv": l.EasySV, "easy_en": l.EasyEN}
		for _, s := range directory.Sectors {
			p.Sectors = append(p.Sectors, view.Option{Value: string(s), Text: q.lang.T("directory.sector." + string(s)), On: s == l.Sector})
		}
		p.Themes, p.Langs = q.themeOptions(l.Themes), q.langOptions(l.Langs)
		workers, err := unit.Workers(tx)
		for _, w := range workers {
			if w.Active {
				p.Owners = append(p.Owners, view.Option{Value: w.ID, Text: w.Name, On: w.ID == l.Owner})
			}
		}
		if err != nil {
			return err
		}
		return q.counted(tx, &p.Shell)
	})
	if err != nil {
		return err
	}
	return q.renderStatus(statusFor(cause), p)
}

// sentListing reads the form of a listing.
func (q *request) sentListing() directory.Listing {
	v := q.PostFormValue
	number := func(field string) int {
		if v(field) == "" {
			return 0
		}
		n, err := strconv.Atoi(strings.TrimSpace(v(field)))
		if err != nil {
			return -1 // no age: the slice says so
		}
		return n
	}
	rev, _ := strconv.ParseInt(v("rev"), 10, 64) // what is no number fits no listing
	l := directory.Listing{ID: q.PathValue("id"), Rev: rev, Name: v("name"), Provider: v("provider"), Sector: directory.Sector(v("sector")), Service: v("service"),
		Municipalities: strings.Split(v("municipality"), ","), ForWhom: v("for_whom"), AgeFrom: number("age_from"), AgeTo: number("age_to"), Langs: q.PostForm["langs"],
		What: v("what"), EasyFI: v("easy_fi"), EasySV: v("easy_sv"), EasyEN: v("easy_en"), WayIn: v("way_in"), Contact: v("contact"), Phone: v("phone"),
		Email: v("email"), Web: v("web"), Address: v("address"), Cost: v("cost"), Hours: v("hours"), Remote: v("remote") != "", Owner: v("owner")}
	for _, t := range q.PostForm["themes"] {
		l.Themes = append(l.Themes, directory.Theme(t))
	}
	return l
}

func (q *request) listingSave() error {
	var id, change string
	err := q.update(func(tx *db.Tx) (err error) {
		id, change, err = directory.Save(tx, q.sentListing())
		return err
	})
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		return q.listingForm(err)
	}
	if err != nil {
		return err
	}
	q.say(flash{Key: "flash.listing_saved", Undo: "/directory/undo", Entry: change, Saved: "listing:" + q.PathValue("id")})
	return q.redirect("/directory/" + id)
}
