package directory

import (
	"slices"
	"strconv"
	"strings"

	"polku/internal/csvio"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/fold"
	"polku/internal/ident"
)

// rowsMost is how many listings one table may bring.
const rowsMost = 5000

// Column of a table of listings.
type Column struct {
	Name  string   // catalogue key is directory.col.NAME
	words []string // headers that mean it, folded, in the three languages
}

// Columns in the order they are exported.
var Columns = []Column{
	{"name", []string{"nimi", "palvelu", "palvelun nimi", "namn", "tjanst", "tjanstens namn", "name", "service"}},
	{"provider", []string{"jarjestaja", "tuottaja", "organisaatio", "ordnas av", "arrangor", "organisation", "provider", "organised by"}},
	{"sector", []string{"taho", "sektori", "aktor", "sektor", "sector"}},
	{"municipality", []string{"kunta", "kunnat", "alue", "paikkakunta", "kommun", "kommuner", "ort", "omrade", "municipality", "municipalities", "area"}},
	{"theme", []string{"teema", "teemat", "aihe", "aiheet", "tema", "teman", "theme", "themes", "topic"}},
	{"for_whom", []string{"kenelle", "kohderyhma", "for vem", "malgrupp", "for whom", "target group"}},
	{"age_from", []string{"ika vahintaan", "alaikaraja", "alder minst", "age from", "minimum age"}},
	{"age_to", []string{"ika enintaan", "ylaikaraja", "alder hogst", "age to", "maximum age"}},
	{"lang", []string{"kieli", "kielet", "palvelukielet", "sprak", "language", "languages"}},
	{"what", []string{"kuvaus", "mita saa", "sisalto", "beskrivning", "innehall", "description", "what you get"}},
	{"easy_fi", []string{"selkosuomi", "selkokieli", "asiakkaalle", "asiakkaalle suomeksi", "lattlast finska", "till klienten pa finska", "for the client in finnish"}},
	{"easy_sv", []string{"selkoruotsi", "asiakkaalle ruotsiksi", "lattlast svenska", "till klienten pa svenska", "for the client in swedish"}},
	{"easy_en", []string{"selkoenglanti", "asiakkaalle englanniksi", "lattlast engelska", "till klienten pa engelska", "for the client in english"}},
	{"way_in", []string{"miten paasee", "miten mukaan", "hakeutuminen", "hur man kommer med", "ansokan", "how to get in"}},
	{"contact", []string{"yhteyshenkilo", "yhteystieto", "kontaktperson", "kontakt", "contact", "contact person"}},
	{"phone", []string{"puhelin", "puhelinnumero", "puh", "telefon", "tfn", "phone", "telephone"}},
	{"email", []string{"sahkoposti", "e post", "epost", "email", "e mail"}},
	{"web", []string{"verkkosivu", "www", "kotisivu", "webbplats", "webbsida", "website", "web"}},
	{"address", []string{"osoite", "kayntiosoite", "adress", "besoksadress", "address"}},
	{"cost", []string{"hinta", "maksu", "pris", "avgift", "cost", "price"}},
	{"hours", []string{"aukiolo", "aukioloajat", "auki", "oppettider", "oppet", "opening hours", "open"}},
	{"remote", []string{"etana", "toimii etana", "pa distans", "distans", "remote", "works remotely"}},
	{"owner", []string{"yllapitaja", "vastuuhenkilo", "ansvarig", "uppdateras av", "owner", "kept by"}},
	{"checked", []string{"tarkistettu", "paivitetty", "kontrollerad", "uppdaterad", "checked", "updated"}},
}

var themeWords = map[Theme][]string{
	Work: {"tyo", "arbete", "work"}, Education: {"koulutus", "opiskelu", "utbildning", "studier", "education"},
	Everyday: {"arki", "vardag", "vardagen", "everyday life"}, Housing: {"asuminen", "boende", "housing"},
	Money:      {"raha", "talous", "velka", "raha ja velka", "pengar", "pengar och skulder", "ekonomi", "money", "money and debt"},
	Health:     {"terveys", "mielenterveys", "halsa", "health"},
	Substance:  {"paihteet", "paihde", "paihteet ja riippuvuudet", "rusmedel", "rusmedel och beroende", "substance use", "substance use and addiction"},
	Leisure:    {"vapaa aika", "yksinaisyys", "seura ja vapaa aika", "fritid", "ensamhet", "sallskap och fritid", "leisure", "loneliness", "company and leisure"},
	Immigrants: {"maahanmuuttajat", "kotoutuminen", "invandrare", "integration", "immigrants"},
	Young:      {"nuoret", "unga", "young people"}, Family: {"perhe", "perheet", "familj", "family"},
	Digital: {"digi", "digiasiat", "digitaidot", "sahkoinen asiointi", "det digitala", "digitalt", "digital life", "digital"},
}

var sectorWords = map[Sector][]string{
	Own: {"oma", "oma palvelu", "egen", "egen tjanst", "own", "our own"}, Public: {"julkinen", "viranomainen", "offentlig", "myndighet", "public", "authority"},
	Third:   {"kolmas sektori", "jarjesto", "yhdistys", "seurakunta", "tredje sektorn", "forening", "organisation", "third sector", "association"},
	Company: {"yritys", "foretag", "company"},
}

var langWords = map[string][]string{"fi": {"suomi", "finska", "finnish"}, "sv": {"ruotsi", "svenska", "swedish"}, "en": {"englanti", "engelska", "english"},
	"ru": {"venaja", "ryska", "russian"}, "ar": {"arabia", "arabiska", "arabic"}, "uk": {"ukraina", "ukrainska", "ukrainian"}, "et": {"viro", "estniska", "estonian"},
	"so": {"somali", "somaliska"}, "se": {"pohjoissaame", "nordsamiska", "northern sami"}}

var yesWords = []string{"kylla", "k", "x", "1", "on", "ja", "j", "yes", "y", "true"}

// Row of a table of listings, as it was understood.
type Row struct {
	No      int // as Excel shows it
	Listing Listing
	Known   bool              // the directory has it: it is changed; else it is added
	Same    bool              // it says just what the directory says
	Wrong   map[string]string // by column name: catalogue key; a row with any is left out
	Noted   map[string]string // what was left empty because it was not understood
}

// Read understands a table of listings and compares it with what the directory has: a listing of the same name and
// provider is the same. Nothing is written.
func Read(tx *db.Tx, book *csvio.Book) ([]Row, error) {
	all, err := All(tx)
	if err != nil {
		return nil, err
	}
	owners := map[string]string{} // worker id by folded name
	err = tx.Each(`select worker_id, name from worker where tenant_id = $1 and active`, []any{tx.Who.Tenant}, func(row func(...any) error) error {
		var id, name string
		err := row(&id, &name)
		owners[fold.Text(name)] = id
		return err
	})
	if err != nil {
		return nil, err
	}
	known := map[string]Listing{}
	for _, l := range all {
		known[key(l)] = l
	}
	for _, sheet := range book.Sheets {
		head, cols := header(sheet)
		if head < 0 {
			continue
		}
		if len(sheet.Rows)-head-1 > rowsMost {
			return nil, fault.E(fault.Invalid, "directory.too_many", fault.Args{"n": rowsMost})
		}
		var rows []Row
		seen := map[string]bool{}
		for _, r := range sheet.Rows[head+1:] {
			x := understand(tx, r, cols, owners, known)
			if k := key(x.Listing); seen[k] {
				x.Wrong["name"] = "directory.twice"
			} else {
				seen[k] = true
			}
			rows = append(rows, x)
		}
		return rows, nil
	}
	return nil, fault.Fields(map[string]string{"file": "directory.no_table"})
}

func key(l Listing) string { return fold.Text(l.Name) + "|" + fold.Text(l.Provider) }

// header finds the row that names the columns: the first with a name and two other known words.
func header(s csvio.Sheet) (row int, cols map[string]int) {
	for i, r := range s.Rows {
		cols := map[string]int{}
		for c, cell := range r.Cells {
			if name := columnOf(cell.Text); name != "" {
				if _, taken := cols[name]; !taken {
					cols[name] = c
				}
			}
		}
		if _, named := cols["name"]; named && len(cols) >= 3 {
			return i, cols
		}
		if i == 20 {
			break
		}
	}
	return -1, nil
}

func columnOf(text string) string {
	folded := fold.Text(text)
	for _, c := range Columns {
		if folded == c.Name || slices.Contains(c.words, folded) {
			return c.Name
		}
	}
	return ""
}

// understand reads one row. What the table does not tell of a known listing stays as the directory has it.
func understand(tx *db.Tx, r csvio.Row, cols map[string]int, owners map[string]string, known map[string]Listing) Row {
	x := Row{No: r.No, Noted: map[string]string{}}
	cell := func(name string) string {
		c, there := cols[name]
		if !there {
			return ""
		}
		return r.Cell(c).Text
	}
	l := Listing{Name: cell("name"), Provider: cell("provider")}
	l.tidy()
	before, there := known[key(l)]
	if there {
		l = before
		x.Known = true
	} else {
		l.Sector, l.Owner, l.Checked = Public, tx.Who.Worker, tx.Today
	}
	for name, text := range map[string]*string{"for_whom": &l.ForWhom, "what": &l.What, "easy_fi": &l.EasyFI, "easy_sv": &l.EasySV, "easy_en": &l.EasyEN,
		"way_in": &l.WayIn, "contact": &l.Contact, "phone": &l.Phone, "email": &l.Email, "web": &l.Web, "address": &l.Address, "cost": &l.Cost, "hours": &l.Hours} {
		if _, there := cols[name]; there {
			*text = cell(name)
		}
	}
	if _, there := cols["municipality"]; there {
		l.Municipalities = list(cell("municipality"))
	}
	if words := list(cell("theme")); len(words) > 0 {
		l.Themes = nil
		for _, w := range words {
			if t := meant(themeWords, w); t != "" {
				l.Themes = append(l.Themes, t)
			} else {
				x.Noted["theme"] = "directory.odd_theme"
			}
		}
	}
	if text := cell("sector"); text != "" {
		if s := meant(sectorWords, text); s != "" {
			l.Sector = s
		} else {
			x.Noted["sector"] = "directory.odd_sector"
		}
	}
	if words := list(cell("lang")); len(words) > 0 {
		l.Langs = nil
		for _, w := range words {
			code := fold.Text(w)
			if len(code) != 2 {
				code = meant(langWords, w)
			}
			if code != "" {
				l.Langs = append(l.Langs, code)
			} else {
				x.Noted["lang"] = "directory.odd_lang"
			}
		}
	}
	for name, age := range map[string]*int{"age_from": &l.AgeFrom, "age_to": &l.AgeTo} {
		if text := strings.TrimSuffix(cell(name), " v"); text != "" {
			n, err := strconv.Atoi(text)
			if err != nil {
				x.Noted[name] = "directory.odd_age"
				continue
			}
			*age = n
		}
	}
	if _, there := cols["remote"]; there {
		l.Remote = slices.Contains(yesWords, fold.Text(cell("remote")))
	}
	if name := cell("owner"); name != "" {
		if id := owners[fold.Text(name)]; id != "" {
			l.Owner = id
		} else {
			x.Noted["owner"] = "directory.odd_owner"
		}
	}
	if c, there := cols["checked"]; there && r.Cell(c).Text != "" {
		if d := csvio.DayOf(r.Cell(c)); !d.IsZero() && d <= tx.Today {
			l.Checked = d
		} else {
			x.Noted["checked"] = "directory.odd_day"
		}
	}
	l.Retired, l.RetiredWhy = 0, ""
	l.tidy()
	x.Listing, x.Wrong = l, l.wrong()
	x.Same = there && before.Retired.IsZero() && slices.EqualFunc(before.values(), l.values(), func(a, b any) bool { return a == b })
	return x
}

func list(text string) []string {
	return tidyList(strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' || r == '/' || r == '\n' || r == '|' }))
}

// meant finds whose words a text is, by itself or as its folded name.
func meant[K ~string](words map[K][]string, text string) K {
	folded := fold.Text(text)
	for k, all := range words {
		if folded == string(k) || slices.Contains(all, folded) {
			return k
		}
	}
	return ""
}

// Import writes the rows that are right and new or changed, as one change that Undo takes back whole.
func Import(tx *db.Tx, rows []Row) (batch string, added, changed int, err error) {
	batch = ident.New()
	for _, r := range rows {
		if len(r.Wrong) > 0 || r.Same {
			continue
		}
		if _, _, err := save(tx, r.Listing, batch); err != nil {
			return "", 0, 0, err
		}
		if r.Known {
			changed++
		} else {
			added++
		}
	}
	return batch, added, changed, nil
}

// Table gives listings as cells under Columns, in words of the caller's language: what Read understands again.
func Table(listings []Listing, workers map[string]string, say func(key string) string) [][]string {
	rows := [][]string{{}}
	for _, c := range Columns {
		rows[0] = append(rows[0], say("directory.col."+c.Name))
	}
	age := func(n int) string {
		if n == 0 {
			return ""
		}
		return strconv.Itoa(n)
	}
	for _, l := range listings {
		themes := make([]string, len(l.Themes))
		for i, t := range l.Themes {
			themes[i] = say("directory.theme." + string(t))
		}
		remote := ""
		if l.Remote {
			remote = say("directory.yes")
		}
		rows = append(rows, []string{l.Name, l.Provider, say("directory.sector." + string(l.Sector)), strings.Join(l.Municipalities, ", "), strings.Join(themes, ", "),
			l.ForWhom, age(l.AgeFrom), age(l.AgeTo), strings.Join(l.Langs, ", "), l.What, l.EasyFI, l.EasySV, l.EasyEN, l.WayIn, l.Contact, l.Phone, l.Email,
			l.Web, l.Address, l.Cost, l.Hours, remote, workers[l.Owner], l.Checked.String()})
	}
	return rows
}
