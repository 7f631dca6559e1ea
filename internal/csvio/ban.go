package csvio

import (
	"strings"

	"polku/internal/fault"
)

// Safety ban (turvakielto, Act 661/2009 s. 36): missing it can cost a life, so it is looked for in every cell of every
// row, and what is uncertain counts as a ban until a person says otherwise.

type banFound int

const (
	banNo     banFound = iota
	banYes             // said plainly
	banMaybe           // likely; counts and is asked about
	banDenied          // "ei turvakieltoa": does not count, told
)

var banStems = []string{"turvakiel", "turvakiet", "turvakielt", "sparrmark", "sparmark", "sekretessmark", "skyddadadress", "skyddadeadress",
	"skyddadepersonuppg", "skyddadepersonupp", "suojattuosoite", "suojatutyhteys", "salainenosoite", "salatutyhteystied", "salaisetyhteystied",
	"osoitteensalassa", "osoitesalainen", "eisaaantaaosoitetta", "osoitettaeisaa", "osoitettaeiluov", "eisaaluovuttaaosoite", "eiosoitetta",
	"eisaaantaayhteystie", "yhteystietojaeisaa", "yhteystietojaeiluov", "eisaaluovuttaayhteys", "eisaakertoaosoite", "farintelamnautadress", "adressenfarinte",
	"adressfarinte", "intelamnautadress", "safetyban", "nondisclosure", "protectedaddress", "donotdiscloseaddress", "confidentialaddress", "dontdisclose",
	"donotgiveaddress", "donotdisclose", "securityban", "personaldataban"}

// banDenials deny a ban when the text says little else: the whole text, or its beginning where it ends with "…".
// "TURVAKIELTO – ei osoitetta" is a ban, "Turvakielto: ei" is none.
var banDenials = []string{"eiturvakieltoa", "eioleturvakieltoa", "turvakieltoaeiole", "turvakieltoei", "turvakieltoeiole", "turvakieltoeivoimassa", "ingensparrmarkering",
	"ingensparr", "sparrmarkeringnej", "sparrmarkeringingen", "nosafetyban", "safetybanno", "nondisclosureno"}

var banEnded = []string{"paattyn", "poistettu", "poistunut", "purettu", "lakan", "kumottu", "upphort", "upphavd", "ended", "removed", "expired"}

// banRoots: one of these begins a word of every stem above, or "tk" stands alone. It only saves time.
var banRoots = []string{"tur", "sp", "se", "sk", "suo", "sal", "oso", "ei", "yht", "far", "int", "adr", "saf", "non", "pro", "do", "con", "sec", "per", "tk"}

func mayBan(folded string) bool {
	start := true
	for i := 0; i < len(folded); i++ {
		if start {
			for _, r := range banRoots {
				if strings.HasPrefix(folded[i:], r) {
					return true
				}
			}
		}
		start = folded[i] == ' '
	}
	return strings.Contains(folded, "turvakiel") || strings.Contains(folded, "sparrmark")
}

// banIn tells whether a text speaks of a safety ban.
func banIn(text string) banFound {
	if len(text) < 2 {
		return banNo
	}
	folded := fold(text)
	if !mayBan(folded) {
		return banNo
	}
	squeezed := strings.ReplaceAll(folded, " ", "")
	found := false
	for _, stem := range banStems {
		if strings.Contains(squeezed, stem) {
			found = true
			break
		}
	}
	if !found {
		switch squeezed {
		case "tk", "tkon", "tkvoimassa", "tkkylla": // alone in a cell it is hardly the health centre (terveyskeskus)
			return banMaybe
		}
		return banNo
	}
	for _, d := range banDenials {
		if squeezed == d {
			return banDenied
		}
		if strings.Contains(squeezed, d) && strings.HasPrefix(d, "ei") { // among other words: look again
			return banMaybe
		}
	}
	for _, e := range banEnded {
		if strings.Contains(squeezed, e) {
			return banMaybe
		}
	}
	return banYes
}

// ban looks at one cell; in the ban's own column short answers count too.
func (c *clientReader) ban(i int, cell Cell) {
	found := banIn(cell.Text)
	col := &c.t.cols[i]
	if col.Meaning == SafetyBanField {
		switch f := strings.ReplaceAll(fold(cell.Text), " ", ""); f {
		case "", "ei", "e", "0", "nej", "n", "no", "false", "eiole", "eikielto", "ingen", "none":
			if found == banNo || found == banDenied {
				return
			}
		case "x", "kylla", "k", "on", "1", "ja", "j", "yes", "y", "true", "tk", "voimassa", "joo":
			found = banYes
		default:
			if found == banNo {
				found = banMaybe
			}
		}
	}
	switch found {
	case banNo:
		return
	case banDenied:
		c.problem(Remark, i, "import.remark.ban_denied", nil)
		return
	case banMaybe:
		c.problem(Ask, i, "import.ask.ban", nil)
	case banYes:
		c.problem(Remark, i, "import.remark.ban", fault.Args{"column": col.Header})
	}
	c.out.SafetyBan = true
	where := col.Header
	if where == "" {
		where = ColumnName(i)
	}
	c.out.BanWhere = append(c.out.BanWhere, where)
}
