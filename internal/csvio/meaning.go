package csvio

import (
	"strings"

	"polku/internal/i18n"
)

// Meaning is what a column holds. Its words stand in the catalogue under import.field.<meaning>.
type Meaning string

// Meanings of columns. Ignore is the person's own choice; Unknown columns are kept as extra text.
const (
	Unknown        Meaning = ""
	Ignore         Meaning = "ignore"
	Number         Meaning = "number" // client number in the list
	Name           Meaning = "name"   // whole name in one column
	LastName       Meaning = "last_name"
	FirstName      Meaning = "first_name"
	IdentityCode   Meaning = "identity_code"
	Birthday       Meaning = "birthday"
	Phone          Meaning = "phone"
	Email          Meaning = "email"
	Language       Meaning = "language"
	Municipality   Meaning = "municipality"
	Address        Meaning = "address"
	PostalCode     Meaning = "postal_code"
	Start          Meaning = "start"
	End            Meaning = "end"
	Period         Meaning = "period" // start and end in one cell
	ExitReason     Meaning = "exit_reason"
	WorkerField    Meaning = "worker"
	Source         Meaning = "source"
	DaysPerWeek    Meaning = "days_per_week"
	ModeField      Meaning = "mode"
	Notes          Meaning = "notes"
	SafetyBanField Meaning = "safety_ban"
	PhaseStart     Meaning = "phase_start" // the phase's word is in the header: "kartoitus alkoi"
	PositionBefore Meaning = "position_before"
	PositionAfter  Meaning = "position_after"
	Gender         Meaning = "gender"
	ServiceField   Meaning = "service"
	// of groups and attendance
	GroupField Meaning = "group"
	Theme      Meaning = "theme"
	ClientIdea Meaning = "client_idea"
	Leader     Meaning = "leader"
	Weekday    Meaning = "weekday"
	Clock      Meaning = "clock"
	Place      Meaning = "place"
	MaxSize    Meaning = "max"
	DayField   Meaning = "day"
	Mark       Meaning = "mark"
	Hours      Meaning = "hours"
	ReasonText Meaning = "reason"
)

// Say gives the meaning in words.
func (m Meaning) Say(l i18n.Lang) string {
	if m == Unknown {
		return l.T("import.field.unknown")
	}
	return l.T("import.field." + string(m))
}

// Meanings gives all meanings that a person may choose for a column, in the order of the list above.
func Meanings() []Meaning {
	return []Meaning{Ignore, Number, Name, LastName, FirstName, IdentityCode, Birthday, Phone, Email, Language, Municipality, Address,
		PostalCode, Start, End, Period, ExitReason, WorkerField, Source, DaysPerWeek, ModeField, Notes, SafetyBanField, PhaseStart, PositionBefore,
		PositionAfter, Gender, ServiceField, GroupField, Theme, ClientIdea, Leader, Weekday, Clock, Place, MaxSize, DayField, Mark, Hours, ReasonText}
}

// headerWords are the headers people write, folded, one meaning a line. A header that is one of them means it
// surely; one that only begins with such a word means it probably.
var headerWords = []struct {
	meaning Meaning
	words   string // parted by |
}{
	{IdentityCode, "hetu|henkilotunnus|henkilotunnukset|sotu|sosiaaliturvatunnus|hlotunnus|hlo tunnus|henk tunnus|henkilo tunnus|htunnus|personbeteckning|personnummer|personsignum|pnr|socialskyddssignum|personal identity code|identity code|personal id|social security number|ssn|hetu tai syntymaaika"},
	{Birthday, "syntymaaika|synt aika|syntaika|syntymapaiva|synt pvm|syntpvm|synt|syntynyt|s aika|fodelsedatum|fodelsetid|fodelsedag|fodd|date of birth|birth date|birthdate|birthday|dob|born"},
	{LastName, "sukunimi|suku nimi|efternamn|slaktnamn|tillnamn|last name|surname|family name|lastname"},
	{FirstName, "etunimi|etunimet|kutsumanimi|etu nimi|fornamn|fornamnen|tilltalsnamn|first name|first names|given name|given names|firstname|forename"},
	{Name, "nimi|asiakkaan nimi|osallistujan nimi|osallistuja|kuntoutuja|valmentautuja|nuoren nimi|nuori|asiakas nimi|sukunimi etunimi|sukunimi ja etunimi|sukunimi etunimet|etunimi sukunimi|etunimi ja sukunimi|koko nimi|henkilo|henkilon nimi|namn|klientens namn|deltagare|deltagarens namn|klient|efternamn fornamn|efternamn och fornamn|fornamn efternamn|fornamn och efternamn|name|full name|client name|client|participant|participant name"},
	{Number, "as nro|asnro|asiakasnumero|asiakasnro|asiakas nro|asiakas numero|asiakas|asiakastunnus|asiakas id|nro|numero|nr|no|id|tunnus|jarj nro|jnro|klientnummer|klientnr|klient nr|kundnummer|kundnr|client number|client no|client id|client nr|number|participant id"},
	{Phone, "puhelin|puh|puhelinnumero|puh nro|puhnro|p|gsm|matkapuhelin|puhelinnro|puhelin nro|kannykka|kannykkanumero|telefon|tel|telefonnummer|tfn|tel nr|mobil|mobiltelefon|mobilnummer|phone|phone number|telephone|mobile|mobile phone|cell"},
	{Email, "sahkoposti|sahkopostiosoite|s posti|sposti|e posti|email|e mail|maili|mail|meili|e post|epost|e postadress|epostadress|email address|e mail address"},
	{Language, "kieli|aidinkieli|asiointikieli|palvelukieli|puhekieli|aid kieli|sprak|modersmal|kontaktsprak|servicesprak|language|mother tongue|native language|first language"},
	{Municipality, "kotikunta|kunta|asuinkunta|kotipaikka|kotipaikkakunta|paikkakunta|asuinpaikka|hemkommun|kommun|hemort|boningsort|ort|municipality|home municipality|town|city"},
	{PostalCode, "postinumero|postinro|pnro|postnummer|postnr|postal code|postcode|zip|zip code"},
	{Address, "osoite|kotiosoite|katuosoite|lahiosoite|postiosoite|postitoimipaikka|adress|hemadress|gatuadress|postadress|address|home address|street address|street"},
	{Period, "jakso|sopimusjakso|sopimuskausi|kausi|aktivointisuunnitelman kausi|ajalla|period|avtalsperiod|contract period"},
	{Start, "aloitus|aloitti|alku|alkoi|aloituspvm|aloituspaiva|aloitus pvm|alkupvm|alku pvm|alkamispvm|alkamispaiva|aloittanut|tuli asiakkaaksi|asiakkuus alkoi|asiakkuus alkanut|asiakkuuden alku|jakso alkoi|jakson alku|alkaen|tulopvm|startade|borjade|start|startdatum|borjan|inledd|inleddes|start date|started|start day|begin|began|from"},
	{End, "paattyi|lopetus|lopetti|loppui|loppu|loppupvm|loppu pvm|lopetuspvm|lopetus pvm|lopetuspaiva|paattymispvm|paattymispaiva|paattyen|paattynyt|lopettanut|asiakkuus paattyi|asiakkuus paattynyt|asiakkuuden loppu|jakso paattyi|jakson loppu|asti|slutade|slut|slutdatum|avslutad|avslutades|upphorde|end|end date|ended|finish date|finished|to|until|closed"},
	{ExitReason, "syy|paattymissyy|paattymisen syy|lopetussyy|lopetuksen syy|jatko|jatkopolku|jatkosuunnitelma|mihin siirtyi|mihin|minne|siirtyi|paattymisen peruste|tulos|lopputulos|sijoittuminen|sijoittui|jalkeen|orsak|avslutsorsak|orsak till avslut|fortsattning|resultat|vart|placering|exit reason|reason for leaving|reason for exit|end reason|destination|outcome|result|exit"},
	{WorkerField, "ohjaaja|vastuutyontekija|omatyontekija|tyontekija|vastuuohjaaja|vastuuhlo|vastuuhenkilo|oma ohjaaja|omaohjaaja|valmentaja|vastuuvalmentaja|yksilovalmentaja|sosiaaliohjaaja|palveluohjaaja|vt|tt|handledare|ansvarig|ansvarig arbetare|ansvarig handledare|egen arbetare|egenarbetare|arbetare|coach|worker|caseworker|case worker|responsible worker|responsible|key worker|instructor|advisor"},
	{Source, "ohjautui|ohjautunut|ohjaava taho|ohjannut taho|lahettava taho|lahettanyt taho|lahettaja|mista ohjautui|mista tuli|mista|ohjaus|tulotapa|lahete|lahetetty|ohjaaja taho|remitterad av|remitterad|hanvisad av|hanvisad|anvisad av|kom via|inremitterad|kanal|referred by|referral|referral source|source|source of referral|referrer"},
	{DaysPerWeek, "paivia vko|paivaa viikossa|paivia viikossa|pv vko|pv viikossa|pvvko|pv vk|paivat vko|paivaa vko|vkopaivat|tyopaivia|dagar vecka|dagar i veckan|dagar per vecka|dgr v|d v|days week|days a week|days per week|days wk"},
	{ModeField, "tapa|osallistumistapa|toteutus|toteutustapa|lasna eta|etana|muoto|osallistumismuoto|satt|form|sätt att delta|mode|way|attendance mode"},
	{Notes, "huom|huomio|huomiot|huomautus|huomautukset|huomautuksia|muistiinpanot|lisatiedot|lisatieto|lisatietoja|muuta|kommentti|kommentit|viesti|anteckningar|anmarkning|anmarkningar|obs|ovrigt|kommentar|tillaggsuppgifter|notes|note|comments|comment|remarks|remark|other|additional information"},
	{SafetyBanField, "turvakielto|tk|turva|sparrmarkering|spärr|sekretessmarkering|safety ban|non disclosure|protected address|security ban"},
	{PositionBefore, "tyomarkkina asema alussa|tyomarkkinaasema alussa|tm asema alussa|asema alussa|tilanne alussa|lahtotilanne|tyomarkkina asema ennen|tyomarkkina asema|tyollisyystilanne alussa|arbetsmarknadsposition i borjan|arbetsmarknadsstallning i borjan|stallning i borjan|arbetsmarknadsstallning fore|labour market position before|labour market position at start|labour market status before|labour market status at start|position before|position at start"},
	{PositionAfter, "tyomarkkina asema lopussa|tyomarkkinaasema lopussa|tm asema lopussa|asema lopussa|tilanne lopussa|lopputilanne|tyomarkkina asema jalkeen|tyollisyystilanne lopussa|arbetsmarknadsposition i slutet|arbetsmarknadsstallning i slutet|stallning i slutet|arbetsmarknadsstallning efter|labour market position after|labour market position at end|labour market status after|labour market status at end|position after|position at end"},
	{Gender, "sukupuoli|sp|kon|gender|sex"},
	{ServiceField, "palvelu|toimenpide|hanke|projekti|service|tjanst|atgard|projekt|project"},
	{GroupField, "ryhma|ryhman nimi|ryhma nimi|ryhmat|grupp|gruppen|gruppnamn|gruppens namn|group|group name"},
	{Theme, "teema|aihe|aihepiiri|sisalto|tema|innehall|theme|topic|subject"},
	{ClientIdea, "asiakkaiden idea|asiakkaan idea|asiakkailta|asiakkaiden toive|asiakaslahtoinen|asiakkaiden ehdotus|klienternas ide|klientens ide|deltagarnas ide|clients idea|client idea|idea from clients"},
	{Leader, "vetaja|ryhmanvetaja|ryhman vetaja|ryhmanohjaaja|ryhman ohjaaja|vetajat|ohjaajat|ledare|gruppledare|dragare|leader|group leader|leaders"},
	{Weekday, "viikonpaiva|vkopaiva|vk paiva|paiva viikonpaiva|veckodag|weekday|day of week|day of the week"},
	{Clock, "klo|kello|kellonaika|aika|ajat|klockan|kl|klockslag|tid|tider|time|times|hours of day"},
	{Place, "paikka|tila|kokoontumispaikka|toimipiste|plats|lokal|utrymme|stalle|place|room|location|venue"},
	{MaxSize, "max|maksimi|enintaan|maks|osallistujia max|paikkoja|koko|ryhmakoko|platser|hogst|maximum|size|capacity|group size"},
	{DayField, "pvm|paivamaara|paiva|pv|paivays|kayntipaiva|kaynti pvm|datum|dag|date|day"},
	{Mark, "lasna|lasnaolo|lasna poissa|paikalla|osallistui|merkinta|lasnaolot|tila lasna|status|narvaro|narvarande|deltog|present|attendance|attended|mark|presence"},
	{Hours, "tunnit|tunti|tuntia|h|tuntimaara|kesto|kesto h|tunteja|timmar|tim|antal timmar|langd|hours|duration|hrs"},
	{ReasonText, "poissaolon syy|poissaolosyy|poissaolo syy|poissaolo|poissa syy|franvaroorsak|orsak till franvaro|reason for absence|absence reason"},
}

var headerIndex = func() map[string]Meaning {
	index := map[string]Meaning{}
	for _, line := range headerWords {
		for _, w := range strings.Split(line.words, "|") {
			if index[fold(w)] == "" {
				index[fold(w)] = line.meaning
			}
		}
	}
	return index
}()

// phaseWords begin or end a header that tells when a phase began: "kartoitus alkoi", "valmennusjakson alku".
var phaseWords = []string{"kartoitus", "valmennus", "kartlaggning", "traning", "coachning", "mapping", "coaching", "jalkiseuranta", "seuranta", "tyokokeilu", "orientaatio", "alkukartoitus"}

// meaningOf tells what a header means; sure when the header is a known one word for word.
func meaningOf(header string) (m Meaning, sure bool) {
	f := fold(header)
	if f == "" || len(f) > 80 {
		return Unknown, false
	}
	if m := headerIndex[f]; m != "" {
		return m, true
	}
	if strings.HasPrefix(fold(strings.NewReplacer("%", "", "*", "").Replace(header)), "klo") {
		return Clock, true
	}
	if phaseOf(header) != "" {
		return PhaseStart, true
	}
	// "Puhelin (oma)", "Sukunimi *", "Aloituspvm (pp.kk.vvvv)": what stands in brackets explains
	if i := strings.IndexAny(header, "(["); i > 0 {
		if m := headerIndex[fold(header[:i])]; m != "" {
			return m, true
		}
	}
	// "Sukunimi, Etunimi" and the like are in the list; else the longest known word that begins or ends the header
	best := ""
	for w, meaning := range headerIndex {
		if len(w) < 4 || len(w) < len(best) || len(w) == len(best) && w > best {
			continue
		}
		if strings.HasPrefix(f, w+" ") || strings.HasSuffix(f, " "+w) {
			best, m = w, meaning
		}
	}
	return m, false
}

// phaseOf gives the phase's word of a header such as "kartoitus alkoi", "" when it is none.
func phaseOf(header string) string {
	f := fold(header)
	for _, w := range phaseWords {
		if strings.HasPrefix(f, w) && hasWord(f, "alkoi", "alku", "alkaen", "aloitus", "pvm", "borjade", "startade", "start", "began", "from") {
			return w
		}
	}
	return ""
}
