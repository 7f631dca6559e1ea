package entry

import "polku/internal/civil"

// LegalForm of who provides an activity. Rehabilitative work activity may not be bought from a business; support and
// guidance may (189/2001 s. 13.2).
type LegalForm string

// Legal forms.
const (
	FormCounty       LegalForm = "county"
	FormMunicipality LegalForm = "municipality"
	FormJoint        LegalForm = "joint_authority" // of municipalities
	FormState        LegalForm = "state"
	FormAssociation  LegalForm = "association"
	FormFoundation   LegalForm = "foundation"
	FormParish       LegalForm = "parish" // or another religious community
	FormBusiness     LegalForm = "business"
)

// LegalForms in the order they are offered.
var LegalForms = []LegalForm{FormCounty, FormMunicipality, FormJoint, FormState, FormAssociation, FormFoundation, FormParish, FormBusiness}

// WorkPeriod agrees a period of rehabilitative work activity: what the plan tells of it (189/2001 s. 9.1) and where,
// when and how long each week. A later entry with the same Period changes it: the new week holds from Since on.
type WorkPeriod struct {
	Period   string     `json:"period"` // id of the entry that first agreed it
	From     civil.Date `json:"from"`
	To       civil.Date `json:"to"`              // last day
	Since    civil.Date `json:"since,omitempty"` // first day of this week; zero: From
	Days     []int      `json:"days"`            // weekdays, 1 Monday – 7 Sunday, rising
	Remote   []int      `json:"remote,omitempty"`
	Minutes  int        `json:"minutes"` // of a day; travel is not counted
	Place    string     `json:"place,omitempty"`
	Provider string     `json:"provider,omitempty"`
	Legal    LegalForm  `json:"legal,omitempty"`
	Support  bool       `json:"support_only,omitempty"` // the provider gives support and guidance only
	Goal     string     `json:"goal"`
	What     string     `json:"what,omitempty"`     // what is done
	Guidance string     `json:"guidance,omitempty"` // support and guidance given
	Beside   string     `json:"beside,omitempty"`   // other services alongside
	Evaluate civil.Date `json:"evaluate,omitempty"` // last day to judge the effect and decide what is next
	Tasks    string     `json:"tasks,omitempty"`    // what is done on remote days
	Contact  string     `json:"contact,omitempty"`  // who is reached on remote days
	Why      string     `json:"why,omitempty"`      // of a change
}

// PeriodEnd tells why a period was over.
type PeriodEnd string

// Ways in which a period ends. Ended: as agreed, or its goal was reached; the others interrupt it.
const (
	PeriodEnded     PeriodEnd = "ended"
	PeriodWork      PeriodEnd = "work"
	PeriodStudies   PeriodEnd = "studies"
	PeriodHealth    PeriodEnd = "health"
	PeriodMoved     PeriodEnd = "moved"
	PeriodWish      PeriodEnd = "client_wish"
	PeriodOrganiser PeriodEnd = "organiser"
	PeriodOther     PeriodEnd = "other"
)

// PeriodEnds in the order they are offered.
var PeriodEnds = []PeriodEnd{PeriodEnded, PeriodWork, PeriodStudies, PeriodHealth, PeriodMoved, PeriodWish, PeriodOrganiser, PeriodOther}

// WorkPeriodEnd ends a period, before its time when Last is earlier than agreed.
type WorkPeriodEnd struct {
	Period string     `json:"period"`
	Last   civil.Date `json:"last"` // last day of the period; the day before From: it never began
	Why    PeriodEnd  `json:"why"`
	Told   string     `json:"told,omitempty"` // the reason as the client told it
	Text   string     `json:"text,omitempty"`
}

// IncidentType tells what an incident was.
type IncidentType string

// Types of incidents.
const (
	IncidentAccident IncidentType = "accident"
	IncidentTravel   IncidentType = "travel"    // on the way there or back
	IncidentNearMiss IncidentType = "near_miss" // nobody was hurt
)

// IncidentTypes in the order they are offered.
var IncidentTypes = []IncidentType{IncidentAccident, IncidentTravel, IncidentNearMiss}

// Incident in an activity: an accident or a near miss. A later entry with the same Incident replaces it.
type Incident struct {
	Incident  string       `json:"incident"` // id of the entry that first told of it
	Type      IncidentType `json:"type"`
	Place     string       `json:"place,omitempty"`
	What      string       `json:"what"`                // what happened
	Injury    string       `json:"injury,omitempty"`    // what was hurt
	Treatment string       `json:"treatment,omitempty"` // where and when it was treated
	Witness   string       `json:"witness,omitempty"`
	Prevent   string       `json:"prevent,omitempty"`  // what is done so that it does not happen again
	Reported  civil.Date   `json:"reported,omitempty"` // day the insurance company was told; zero: not, or not needed
}

// Kind methods: one per body.
func (*WorkPeriod) Kind() Kind    { return KindWorkPeriod }
func (*WorkPeriodEnd) Kind() Kind { return KindWorkPeriodEnd }
func (*Incident) Kind() Kind      { return KindIncident }
