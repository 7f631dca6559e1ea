package view

import (
	"github.com/a-h/templ"

	"polku/internal/civil"
)

// QueueRow is somebody who waits, in a list.
type QueueRow struct {
	ID, Name, Service string
	From              string // who sent, in words
	Why               string // why they are where they are, in words
	Step              string // what is promised next, in words
	By                civil.Date
	Owner             string // who answers for them
	Free              bool   // nobody has taken them yet
	PhoneTel          string
	Tag               string // about an invitation, in words; empty: none
	Done              bool   // has ended
}

// Queue is everybody who waits in the reader's queues. GET /queue?service=&signal=waiting|contacted|ended&who=mine|team&after=.
type Queue struct {
	Shell
	Filter                     Filter
	Rows                       []QueueRow
	Next                       string
	Ended                      bool // the list is of those that have ended
	Waiting, Contacted, Broken int
	Unanswered                 []UnansweredInvite
}

// UnansweredInvite is an invitation on a client's path that nobody has answered.
type UnansweredInvite struct {
	Client, Name string
	Until        civil.Date
}

// Fact is one thing that is known, with its label.
type Fact struct{ Label, Value string }

// TrailLine is one line of what was done about a referral.
type TrailLine struct{ When, Who, What, Text string }

// Eligibility is what the model's rule says of a referral: ok, no, or ask.
type Eligibility struct {
	Verdict string
	Reasons []string
}

// AlikeReferral is another referral that may be of the same person.
type AlikeReferral struct {
	ID, Name, Service string
	Born, Arrived     civil.Date
}

// ReferralPage is one referral with what can be done about it. GET /r/{id}; POST /r/{id}/take, /give (worker), /try (reached,
// text, next), /lift (why, up), /same (client), /part, /decline (reason, answer), /reopen (next), /known.
type ReferralPage struct {
	Shell
	ID, Name, Service, From        string
	State                          string // word of referral.State
	StateText, Owner               string
	Free, Lifted, Mine             bool
	ArrivedOn, PromisedOn, FirstBy civil.Date
	Late                           bool
	Phone, PhoneTel                string
	Facts                          []Fact
	Rule                           *Eligibility // nil: the model asks nothing
	Duplicates                     []Hit
	Joined                         *Hit // the client whom it was joined to or began
	HasPath                        bool // the joined client has an open path in the service
	Others                         []AlikeReferral
	Invite                         string // how the newest invitation stands, in words; empty: none
	InviteID                       string // of one that can be taken back
	Trail                          []TrailLine
	Owners, Reasons                []Option
	Next, Text, Why, Answer        string // typed
	Ended                          civil.Date
	Outcome, OutcomeText           string // how it ended, in words, and what the sender was told
	Errors                         Errors
}

// AskedField is a question of a referral form.
type AskedField struct {
	Field   Field
	Options []Option // of a choice; empty: words
	Check   bool     // yes or nothing
	On      bool
}

// ReferralForm types a referral from a call or a paper, or is filled in by a partner who came by a link.
// GET and POST /queue/new: service, id, first, last, hetu, born, phone, email, municipality, language, source, sender,
// sender_org, sender_phone, answer_*; GET and POST /send/{token}: the same without service, source and sender_org.
type ReferralForm struct {
	Shell
	Token                                                   string // of a link; empty: staff
	To                                                      string // organisation that the link was given to
	Unit                                                    string
	ID, First, Last, Hetu, Born, Phone, Email, Municipality string
	SenderName, SenderOrg, SenderPhone                      string
	Languages, Services, Sources                            []Option
	Asks                                                    []AskedField
	Promised                                                civil.Date // last day of the first contact
	Errors                                                  Errors
}

// ReferralSent tells the sender, or whoever typed, the code by which they ask what became of it.
type ReferralSent struct {
	Shell
	ID       string // for staff: the referral; empty: a partner
	Code     string // empty: it had been sent already
	Promised civil.Date
}

// ReferralAnswer is what a sender asks and learns. GET and POST /answer: code.
type ReferralAnswer struct {
	Shell
	Code    string
	Known   bool
	Unit    string
	Lines   []TrailLine // What and When
	Outcome string
	Text    string
	Errors  Errors
}

// SenderLinks are the links of partners, and the addresses of the public pages. GET and POST /queue/links: service, source,
// organisation, standing; POST /queue/links/{id}/end.
type SenderLinks struct {
	Shell
	Links             []SenderLink
	Services, Sources []Option
	Public            []Fact // service -> address of the public page
	Organisation      string
	Errors            Errors
}

// SenderLink is one link.
type SenderLink struct {
	ID, Organisation, Service, Source, Made, By, Until, Used string
	Standing, Ended                                          bool
}

// SecretLink shows a link that was just made, once, with its code to print.
type SecretLink struct {
	Shell
	Title, Lead, Address string
	Code                 Code
	Notes                []string
	Back                 string
}

// ReferralStart begins a path from a referral. GET and POST /r/{id}/start: responsible, phase, told, the fields of StepForm.
type ReferralStart struct {
	Shell
	ID, Name, Service string
	Joined            string // name of the client whom it was joined to; empty: a new client
	Of, Phases        []Option
	Told              string
	Meeting           string // chosen time that becomes the booked next step; empty: none
	Step              StepForm
	Errors            Errors
}

// InviteForm offers times. GET and POST /r/{id}/invite and /c/{id}/invite: worker, form, place, minutes, slot (many), extra_day,
// extra_time, until, remind.
type InviteForm struct {
	Shell
	Action, Back, Name    string
	Workers, Forms, Slots []Option
	Place, Minutes        string
	ExtraDay, ExtraTime   string
	Until, Remind         string
	Errors                Errors
}

// BenefitUpload brings a benefit authority's list into a queue. GET and POST /queue/list: service, threshold, file.
type BenefitUpload struct {
	Shell
	Services  []Option
	Threshold string
	Done      []string // what became of the list, in words
	Errors    Errors
}

// DueReferral is somebody who waits and is to hear something soon, for Today and the coordinator's list.
type DueReferral struct {
	ID, Name, Service, Owner, Step string
	By                             civil.Date
	Late                           bool
}

// JoinPage is the public page. GET and POST /join/{service}: name, phone, best, website (nobody fills it in), id, made.
type JoinPage struct {
	Shell
	Service, Unit     string
	ID, Made          string
	Name, Phone, Best string
	Sent              bool
	Promised          civil.Date // when somebody calls at the latest
	Errors            Errors
}

// MeetPage is an invitation as the invited person sees it. GET and POST /meet/{token}: slot, or none.
type MeetPage struct {
	Shell
	Token, Worker, Unit, Form, Place string
	Minutes                          int
	Until                            civil.Date
	Days                             []MeetDay
	Chosen                           string // in words; empty: not chosen
	None                             bool   // said that no time suits
	Errors                           Errors
}

// MeetDay is a day with its times.
type MeetDay struct {
	Day   string
	Slots []Option
}

// Page is the view.
func (p Queue) Page() templ.Component          { return queuePage(p) }
func (p ReferralPage) Page() templ.Component   { return referralPage(p) }
func (p ReferralForm) Page() templ.Component   { return referralForm(p) }
func (p ReferralSent) Page() templ.Component   { return referralSent(p) }
func (p ReferralAnswer) Page() templ.Component { return referralAnswer(p) }
func (p SenderLinks) Page() templ.Component    { return senderLinks(p) }
func (p SecretLink) Page() templ.Component     { return secretLink(p) }
func (p ReferralStart) Page() templ.Component  { return referralStart(p) }
func (p InviteForm) Page() templ.Component     { return inviteForm(p) }
func (p BenefitUpload) Page() templ.Component  { return benefitUpload(p) }
func (p JoinPage) Page() templ.Component       { return joinPage(p) }
func (p MeetPage) Page() templ.Component       { return meetPage(p) }
