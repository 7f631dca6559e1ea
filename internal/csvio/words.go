package csvio

import (
	"strings"

	"polku/internal/entry"
)

// A vocabulary maps the words people write to Polku's words. Each line: Polku's word, then stems parted by |. A stem
// fits at the beginning of a word of the folded text; *stem fits inside a word too; =stem is the whole text. The first line that fits wins, so what is special
// stands before what is common.
type vocabulary [][2]string

func (v vocabulary) find(text string) string {
	f := fold(text)
	if f == "" {
		return ""
	}
	for _, line := range v {
		for _, stem := range strings.Split(line[1], "|") {
			if inside, ok := strings.CutPrefix(stem, "*"); ok && strings.Contains(f, inside) || !ok && hasWord(f, stem) {
				return line[0]
			}
			if whole, ok := strings.CutPrefix(stem, "="); ok && f == whole {
				return line[0]
			}
		}
	}
	return ""
}

// destinations are the destinations of models/words, which the models' exits use.
var destinations = vocabulary{
	{"died", "kuoli|kuoll|menehty|avled|avlid|dog|died|deceased|death"},
	{"job-seeking", "ei tyollisty|ei tyota|ei paassyt|inget arbete|no job"},
	{"moved", "muutti|muutto|muuttanut|flytt|moved"},
	{"apprenticeship", "*oppisop|laroavtal|larling|apprentice"},
	{"subsidised-work", "*palkkatu|*palkkatue|tuettu tyo|tuettuun tyo|tukityo|*lonesub|lonestod|*subvention|*subsidi|wage subsidy"},
	{"self-employment", "yrittaj|yritys|starttiraha|foretag|egenforetag|self employ|entrepreneur"},
	{"rehabilitative-work-activity", "kuntouttava tyotoim|kuntouttavaan tyotoim|kutyt|kutt|arbetsverksamhet|rehabilitative work"},
	{"social-rehabilitation", "sosiaalinen kuntoutus|sosiaaliseen kuntoutu|social rehab"},
	{"workshop", "tyopaja|paja|verkstad|workshop"},
	{"military-service", "armeija|varusmies|asepalvelu|siviilipalvelu|bevaring|civiltjanst|militar|military|civilian service"},
	{"parental-leave", "aitiysl|vanhempainv|hoitovapaa|perhevapaa|raskausv|foraldraled|familjeled|mammaled|parental|maternity|family leave"},
	{"another-service", "tyokokeilu|arbetsprovning|work trial"},
	{"job-seeking", "tyoton|tyottoma|tyottomy|tyonhak|tyonhaku|tyott|arbetslos|arbetssokande|unemploy|jobless|job seek"},
	{"pension", "*elak|*pension|kuntoutustuki|kuntoutustuel|retire"},
	{"open-work", "avoin tyo|avoimet tyo|avoimille|avoimiin|tyollisty|toihin|toissa|tyosuhde|tyopaik|tyoelama|palkkatyo|sai toita|sai tyota|sai tyon|tyohon|vakituinen|oppna arbetsm|arbete|fick jobb|jobb|anstall|sysselsatt|employ|work|job|open labour|=tyo"},
	{"education", "opinto|opinno|opiskel|koulutu|koulu|opisto|lukio|amis|ammattikoulu|stud|utbild|skola|kurs|education|training|school|course"},
	{"rehabilitation", "*kuntoutu|rehab"},
	{"health-care", "terveydenh|terveyspalv|hoito|hoidossa|sairaala|sairaus|sairasl|psykiatr|vard|sjukvard|sjukskriv|health|treatment|hospital"},
	{"volunteering", "vapaaeht|jarjestot|frivillig|volunt"},
	{"permanent-operation", "pysyva toiminta|pysyvaan toimin|vakiintunut toiminta|permanent"},
	{"another-service", "toinen palvelu|toiseen palvel|muu palvelu|muuhun palvel|muihin palvel|siirtyi|siirretty|siirto|siirtynyt|palveluun|palvelut|annan service|annan tjanst|overford|overgick|another service|other service|transferred"},
	{"withdrew", "keskey|lopetti|lopettanut|ei halun|ei halua|perui|perunut|jai pois|jattayty|poistui|erosi|avbr|slutade|hoppade|drog sig|avbojde|withdrew|interrupt|dropped|quit|left"},
}

// sources are the words of the models' entry.sources.
var sources = vocabulary{
	{"multi-agency-service", "typ|tyovoiman palvelukeskus|monialai|sektorsoverg|multi agency|multiagency|mangfack"},
	{"employment-office", "te tsto|te toim|te palv|=te|tetoim|tetsto|tyovoimatoim|arbets och nar|arbets o nar|te byra|tebyra|employment office"},
	{"employment-authority", "tyovoimaviran|tyovoimahall|tyollisyys|tyonvality|arbetskraft|arbetsmynd|sysselsattning|employment|job centre|jobcentre"},
	{"youth-work", "etsiva|nuorisotyo|nuorisotoimi|ohjaamo|uppsok|ungdoms|outreach|youth|navigatorn"},
	{"health-services", "terveys|terveyd|tk|psyk|mielenterv|paihde|neuvola|sairaal|halsov|sjukv|halso|health|hospital"},
	{"social-services", "sos|sosiaali|sostoim|aikuissos|hyvinvointialue|toimeentulo|lastensuoj|socialb|socialarb|socialtj|social|valfards|soc"},
	{"school", "koulu|oppilaitos|opo|opinto ohjaa|skola|laroanst|school"},
	{"previous-service", "edellinen palvelu|edellisesta|tyoklubi|aiempi palvelu|aikaisempi palvelu|toinen hanke|tidigare service|foregaende|previous"},
	{"defence-forces", "puolustusv|armeija|forsvars|defence"},
	{"civilian-service", "siviilip|civiltj|civilian"},
	{"workshop", "tyopaja|paja|verkstad|workshop"},
	{"association", "jarjesto|yhdistys|seurakunta|spr|organisation|forening|association"},
	{"family", "aiti|isa|vanhem|puoliso|laheinen|omainen|sukula|narstaende|mamma|pappa|family|mother|father|spouse"},
	{"self", "itse|omatoimi|oma aloit|oma yhteyden|oma hakeut|omasta|kaveri|kuuli|ystava|tuttava|lehti|lehdesta|mainos|facebook|some|sjalv|egen|kompis|van|self|friend|own"},
}

// positions on the labour market, for before and after.
var positions = vocabulary{
	{"unemployed-over-500", "tyoton yli 500|yli 500|over 500|arbetslos over 500|500+"},
	{"unemployed-300-500", "tyoton 300 500|300 500|tyoton yli 300|yli 300|over 300"},
	{"unemployed-under-300", "tyoton alle 300|alle 300|under 300"},
	{"outside-labour-force", "tyovoiman ulkop|ulkopuolella|utanfor arbetsk|outside the labour|outside labour|out of labour"},
	{"unemployed", "tyoton|tyottoma|arbetslos|unemploy"},
}

func positionOf(text string) string {
	if p := positions.find(text); p != "" {
		return p
	}
	return destinations.find(text)
}

// modeOf reads how somebody takes part; "" when it is neither or both.
func modeOf(text string) entry.Mode {
	f := fold(text)
	remote := hasWord(f, "eta", "distans", "pa distans", "remote", "online", "verkko", "teams", "video", "puhelin", "hemifran")
	site := hasWord(f, "lahi", "paikan", "paikalla", "lasna", "toimip", "pa plats", "plats", "narv", "on site", "onsite", "in person", "site")
	switch {
	case remote && site:
		return ""
	case remote:
		return entry.Remote
	case site:
		return entry.OnSite
	}
	return ""
}

// languages by their names in Finnish, Swedish and English, as ISO 639 codes.
var languages = func() map[string]string {
	m := map[string]string{}
	for _, line := range strings.Split(`fi fin suomi finska finnish suomenkielinen finsk
sv swe se ruotsi svenska swedish ruotsinkielinen svensk
se-sa saame pohjoissaame samiska nordsamiska sami
smn inarinsaame enaresamiska
sms koltansaame skoltsamiska
en eng englanti engelska english
ru rus venaja ryska russian
uk ukr ua ukraina ukrainska ukrainian
et est viro eesti estniska estonian
ar ara arabia arabiska arabic
so som somali somaliska
ku kur kurdi kurdiska kurdish sorani kurmandzi
fa fas per persia farsi persiska persian
prs dari
ps pus pastu pashto pasto
vi vie vietnam vietnamesiska vietnamese
th tha thai thailandska
zh zho kiina kinesiska chinese mandariini
es spa espanja spanska spanish
fr fra ranska franska french
de deu saksa tyska german
pt por portugali portugisiska portuguese
it ita italia italienska italian
tr tur turkki turkiska turkish
sq sqi albania albanska albanian
ro ron romania rumanska romanian
rom romani romanikieli
pl pol puola polska polish
hu hun unkari ungerska hungarian
lv lav latvia lettiska latvian
lt lit liettua litauiska lithuanian
bg bul bulgaria bulgariska bulgarian
bs bos bosnia bosniska bosnian
sr srp serbia serbiska serbian
hr hrv kroatia kroatiska croatian
ti tir tigrinja tigrinska tigrinya
am amh amhara amhariska amharic
sw swa swahili suahili
rw kin kinyarwanda ruanda
ln lin lingala
bn ben bengali
ur urd urdu
hi hin hindi
ne nep nepali
ta tam tamili tamil
tl tgl tagalog filipino
ja jpn japani japanska japanese
ko kor korea koreanska korean
my mya burma burmesiska burmese
hy hye armenia armeniska armenian
ka kat georgia georgiska georgian
az aze azeri azerbaidzani
uz uzb uzbekki
el ell kreikka grekiska greek
he heb heprea hebreiska hebrew
nl nld hollanti nederlandska dutch
da dan tanska danska danish
no nor norja norska norwegian
fse suomalainen viittomakieli viittomakieli teckensprak signlanguage`, "\n") {
		words := strings.Fields(line)
		code := strings.TrimSuffix(words[0], "-sa")
		for _, w := range words {
			if m[w] == "" {
				m[w] = code
			}
		}
	}
	m["se"] = "sv" // in lists "se" means Swedish far oftener than Northern Sami
	return m
}()

// languageOf gives the ISO code of a language's name or code; "" when it is none known.
func languageOf(text string) string {
	f := fold(text)
	if code := languages[f]; code != "" {
		return code
	}
	f = strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(f, " kieli"), " language"), "n kieli")
	for _, w := range strings.Fields(f) { // "suomi, ruotsi": the first that is known
		if code := languages[strings.TrimSuffix(w, "kieli")]; code != "" {
			return code
		}
		if code := languages[w]; code != "" {
			return code
		}
	}
	return ""
}
