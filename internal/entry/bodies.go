package entry

import "polku/internal/civil"

// Start begins a path in a service under one version of a model.
type Start struct {
	Model   string `json:"model"`
	Version string `json:"version"`
	Phase   string `json:"phase"`            // first phase; empty: the model's first
	Source  string `json:"source,omitempty"` // who sent: a word of the model's entry.sources
	Text    string `json:"text,omitempty"`
	// Imported is the day a list brought the path in that had begun earlier: nothing is owed for the time
	// before, when what happened was not recorded here. Zero: the path begins here.
	Imported civil.Date `json:"imported,omitempty"`
}

// Form of a contact.
type Form string

// Forms of contact.
const (
	FormMeeting Form = "meeting" // face to face or by video, see Mode
	FormVisit   Form = "visit"   // home visit, going along to an office
	FormCall    Form = "call"
	FormMessage Form = "message"
	FormLetter  Form = "letter"
)

// Result of a contact.
type Result string

// Results of contact. Only Held is two-way and can meet a cadence.
const (
	Held      Result = "held"
	NoAnswer  Result = "no_answer" // called or written, nobody answered
	NoShow    Result = "no_show"   // agreed, the client did not come
	Cancelled Result = "cancelled" // called off beforehand
	Booked    Result = "booked"    // an agreed meeting still to come; it counts as a next step
)

// Contact with the client, or about the client with somebody else.
type Contact struct {
	Form   Form     `json:"form"`
	Result Result   `json:"result"`
	With   string   `json:"with,omitempty"` // empty: the client; else who (employer, doctor, guardian …)
	Topics []string `json:"topics,omitempty"`
	Text   string   `json:"text,omitempty"`
	Phrase string   `json:"phrase,omitempty"` // id of the ready phrase used, if any
	Mended string   `json:"mended,omitempty"` // of a correction: why
}

// Attendance at a group or a work day; hours are the entry's Minutes.
type Attendance struct {
	Group  string `json:"group,omitempty"` // name or id of the group
	Theme  string `json:"theme,omitempty"`
	Text   string `json:"text,omitempty"`
	Mended string `json:"mended,omitempty"` // of a correction: why
}

// Reason of an absence, as the benefit acts tell them apart (1290/2002 ch. 10 s. 3).
type Reason string

// Absence reasons.
const (
	Sick        Reason = "sick"
	ChildSick   Reason = "child_sick"
	Interview   Reason = "job_interview"
	OtherOK     Reason = "other_accepted"
	Unexplained Reason = "unexplained"
	ByOrganiser Reason = "service_cancelled_by_organiser"
)

// Absence from where the client was expected.
type Absence struct {
	Reason Reason `json:"reason"`
	Group  string `json:"group,omitempty"`
	Theme  string `json:"theme,omitempty"`
	Text   string `json:"text,omitempty"`
	Mended string `json:"mended,omitempty"` // of a correction: why
	Told   string `json:"told,omitempty"`   // the reason as the client told it
}

// TaskFrom tells where a task comes from.
type TaskFrom string

// Sources of tasks.
const (
	FromNextStep TaskFrom = "next_step"
	FromGoal     TaskFrom = "goal"
	FromOffer    TaskFrom = "offer"
	FromHome     TaskFrom = "home"
	FromReply    TaskFrom = "reply"
	FromReview   TaskFrom = "review"
	FromHandoff  TaskFrom = "handoff"
	FromImport   TaskFrom = "import" // "Tarkista tuonti"
	FromPause    TaskFrom = "pause"  // the day a pause is checked
	FromFollowUp TaskFrom = "follow_up"
)

// Owner of a task.
type Owner string

// Owners. A worker is named by Worker; the client and others need no id.
const (
	ByWorker Owner = "worker"
	ByClient Owner = "client"
	ByOther  Owner = "other"
)

// Task is one agreed thing. A later task entry with the same Task id replaces it (another day, owner or text).
type Task struct {
	Task   string     `json:"task"` // UUIDv7; the entry's own id will do
	What   string     `json:"what"`
	Owner  Owner      `json:"owner"`
	Worker string     `json:"worker,omitempty"` // when Owner is worker; empty: the responsible worker of the day
	By     civil.Date `json:"by"`
	Minute int        `json:"minute,omitempty"` // clock time of a booked meeting, minute of day; 0: none
	Place  string     `json:"place,omitempty"`
	From   TaskFrom   `json:"from"`
	Goal   string     `json:"goal,omitempty"` // the goal that it serves; empty: none
	Who    string     `json:"who,omitempty"`  // when Owner is other: who, in words
	// A booked meeting says more: how it is held and how long it is planned to take (minutes; 0: half an hour). A move is
	// the same task again, with who asked for it and why; why also tells on what purpose it was booked on top of another.
	Form    Form   `json:"form,omitempty"`
	Minutes int    `json:"minutes,omitempty"`
	Asked   Owner  `json:"asked,omitempty"`
	Why     string `json:"why,omitempty"`
	Offer   string `json:"offer,omitempty"` // offer of the model that it is booked for
}

// TaskOutcome tells how a task ended.
type TaskOutcome string

// Outcomes of a task.
const (
	Done     TaskOutcome = "done"
	CouldNot TaskOutcome = "could_not"
	Dropped  TaskOutcome = "dropped"
)

// TaskEnd closes a task.
type TaskEnd struct {
	Task    string      `json:"task"`
	Outcome TaskOutcome `json:"outcome"`
	Why     string      `json:"why,omitempty"` // asked for when not done
}

// Excuse answers an obligation that was not met: nobody must record an untruth to empty a list.
type Excuse struct {
	Obligation string `json:"obligation"` // stable id, e.g. kartoitus/yksilo/2026-W07
	Waived     bool   `json:"waived"`     // true: it need not be done; false: it could not be done
	Why        string `json:"why"`
}

// Measure holds an instrument's values. Values are the raw answers by item id.
type Measure struct {
	Instrument string             `json:"instrument"`
	Version    string             `json:"version,omitempty"`
	When       string             `json:"when"` // start, middle, end, follow_up
	Values     map[string]float64 `json:"values,omitempty"`
	Helped     bool               `json:"helped,omitempty"` // filled in together
}

// OfferState of an offer.
type OfferState string

// States of an offer.
const (
	Offered       OfferState = "offered"
	OfferAccepted OfferState = "accepted"
	OfferBooked   OfferState = "booked" // at a time: see the task that names the offer
	OfferDone     OfferState = "done"
	OfferDeclined OfferState = "declined"
	OfferMissed   OfferState = "no_show" // booked, and the client did not come
)

// Offer that the model makes: card training, a doctor's assessment.
type Offer struct {
	Offer string     `json:"offer"` // id in the model's phase
	State OfferState `json:"state"`
	Cents int64      `json:"cents,omitempty"` // price in euro cents
	Text  string     `json:"text,omitempty"`
	// One offer may be made several times, each with an id of its own: the id of the entry that offered it. What was
	// recorded without one counts as one and the same.
	Round   string     `json:"round,omitempty"`
	What    string     `json:"what,omitempty"`    // e.g. the card: hygiene, hot work, occupational safety
	Expires civil.Date `json:"expires,omitempty"` // last day on which the certificate is valid
	Why     string     `json:"why,omitempty"`     // why it was declined, or planned past its budget
}

// Placement with an employer or another place.
type Placement struct {
	Placement string     `json:"placement"` // kind: work-trial, subsidised-job …
	Where     string     `json:"where"`
	From      civil.Date `json:"from"`
	To        civil.Date `json:"to"`
	Text      string     `json:"text,omitempty"`
}

// Consent given or withdrawn.
type Consent struct {
	Scope string     `json:"scope"`
	Given bool       `json:"given"`
	Until civil.Date `json:"until"`
	Text  string     `json:"text,omitempty"`
}

// Phase moves the path to another phase from the entry's day.
type Phase struct {
	Phase string `json:"phase"`
	Why   string `json:"why,omitempty"`
}

// Pause stops the clocks until Resume; Check is the day somebody looks again.
type Pause struct {
	Why   string     `json:"why"`
	Check civil.Date `json:"check"`
}

// Resume ends a pause from the entry's day.
type Resume struct {
	Why string `json:"why,omitempty"`
}

// Role of a relation.
type Role string

// Roles in a client's circle.
const (
	Responsible Role = "responsible"
	Helper      Role = "helper"  // works with the client beside the responsible worker
	Cover       Role = "cover"   // stands in for an absent colleague
	Watcher     Role = "watcher" // the sender of a hand-off, until the first contact
)

// Relation starts (Ended false) or ends somebody's part. A new responsible worker ends the earlier one's part.
type Relation struct {
	Worker string     `json:"worker"`
	Role   Role       `json:"role"`
	Ended  bool       `json:"ended,omitempty"`
	Until  civil.Date `json:"until,omitempty"` // planned last day, for cover
	Why    string     `json:"why,omitempty"`
}

// HandoffStep of a hand-off between workers.
type HandoffStep string

// Steps of a hand-off.
const (
	HandoffOffered      HandoffStep = "offered"
	HandoffAccepted     HandoffStep = "accepted"
	HandoffDeclined     HandoffStep = "declined"
	HandoffWithdrawn    HandoffStep = "withdrawn"
	HandoffFirstContact HandoffStep = "first_contact"
	HandoffMeeting      HandoffStep = "meeting" // a meeting of three is agreed: client, sender, receiver
	HandoffMet          HandoffStep = "met"     // it took place
)

// Handoff of the responsibility to another worker. Acceptance makes the receiver responsible.
type Handoff struct {
	Handoff string      `json:"handoff"` // id of the hand-off: the id of the entry that offered it
	Step    HandoffStep `json:"step"`
	From    string      `json:"from,omitempty"` // worker id
	To      string      `json:"to,omitempty"`   // worker id
	Why     string      `json:"why,omitempty"`
	Meeting civil.Date  `json:"meeting,omitempty"` // of the step meeting: its day
	Minute  int         `json:"minute,omitempty"`  // its clock time, minute of day; 0: none
	Place   string      `json:"place,omitempty"`   // a room, or how to join the call
}

// ExitStep of leaving.
type ExitStep string

// Steps of an exit. A path is closed from ExitDone on.
const (
	ExitAsked     ExitStep = "asked"     // a receiver has been asked; the path stays open
	ExitAccepted  ExitStep = "accepted"  // the receiver said yes; the path stays open until they have met the client
	ExitWithdrawn ExitStep = "withdrawn" // the receiver declined, or the exit was called off
	ExitDone      ExitStep = "done"
)

// Exit to a destination of the model's exits.
type Exit struct {
	Step     ExitStep `json:"step"`
	To       string   `json:"to"`                 // destination, e.g. open-work, died, withdrew
	Receiver string   `json:"receiver,omitempty"` // who takes over, in words; accepted when Step is done
	Unshared bool     `json:"unshared,omitempty"` // the client left and did not want data to go on
	Imported bool     `json:"imported,omitempty"` // history from a list: asks nobody
	Text     string   `json:"text,omitempty"`
	// Contact is the day on which the receiver meets the client first, as they said when they accepted.
	Contact civil.Date `json:"contact,omitempty"`
	Passage string     `json:"passage,omitempty"` // id of the passage that this belongs to, see package passage
}

// Reopen makes a closed path go on in Phase.
type Reopen struct {
	Phase string `json:"phase,omitempty"` // empty: where it was
	Why   string `json:"why,omitempty"`
}

// FollowUp after an exit.
type FollowUp struct {
	After   string `json:"after"`   // the model's span, e.g. "6 months"
	Outcome string `json:"outcome"` // a destination word, "unknown" or "not_reached"
	Text    string `json:"text,omitempty"`
	How     Way    `json:"how,omitempty"`   // phone, face, link, register; empty: not told
	Tries   int    `json:"tries,omitempty"` // how often somebody tried before
	Feels   int    `json:"feels,omitempty"` // how the client says they are: 1 badly, 2 so-so, 3 well; 0: not asked
	Call    bool   `json:"call,omitempty"`  // the client wishes that somebody calls
}

// ModelMove pins the path to another version, from the entry's day.
type ModelMove struct {
	Model   string            `json:"model"`
	Version string            `json:"version"`
	Phases  map[string]string `json:"phases,omitempty"` // old phase -> new phase where ids differ
	Why     string            `json:"why,omitempty"`
}

// Credit lets a previous service's work satisfy phases of this model.
type Credit struct {
	FromModel string   `json:"from_model"`
	Satisfies []string `json:"satisfies"`
	Text      string   `json:"text,omitempty"`
}

// Note in words.
type Note struct {
	Text    string `json:"text"`
	OwnView bool   `json:"own_view,omitempty"` // the client's own view of what was recorded, as they gave it
	Refused string `json:"refused,omitempty"`  // why what they asked to be corrected was not (GDPR 16, 12.4); empty: nothing was refused
	Mended  string `json:"mended,omitempty"`   // of a correction: why
}

// Retraction takes back the entry named by Corrects.
type Retraction struct {
	Why string `json:"why,omitempty"`
}

// Erasure says that entries were destroyed; the proof has the entry's id.
type Erasure struct {
	Class   string `json:"class"`   // document class of package retention
	Entries int    `json:"entries"` // how many
}

// Kind methods: one per body.
func (*Start) Kind() Kind      { return KindStart }
func (*Contact) Kind() Kind    { return KindContact }
func (*Attendance) Kind() Kind { return KindAttendance }
func (*Absence) Kind() Kind    { return KindAbsence }
func (*Task) Kind() Kind       { return KindTask }
func (*TaskEnd) Kind() Kind    { return KindTaskEnd }
func (*Excuse) Kind() Kind     { return KindExcuse }
func (*Measure) Kind() Kind    { return KindMeasure }
func (*Offer) Kind() Kind      { return KindOffer }
func (*Placement) Kind() Kind  { return KindPlacement }
func (*Consent) Kind() Kind    { return KindConsent }
func (*Phase) Kind() Kind      { return KindPhase }
func (*Pause) Kind() Kind      { return KindPause }
func (*Resume) Kind() Kind     { return KindResume }
func (*Relation) Kind() Kind   { return KindRelation }
func (*Handoff) Kind() Kind    { return KindHandoff }
func (*Exit) Kind() Kind       { return KindExit }
func (*Reopen) Kind() Kind     { return KindReopen }
func (*FollowUp) Kind() Kind   { return KindFollowUp }
func (*ModelMove) Kind() Kind  { return KindModel }
func (*Credit) Kind() Kind     { return KindCredit }
func (*Note) Kind() Kind       { return KindNote }
func (*Retraction) Kind() Kind { return KindRetraction }
func (*Erasure) Kind() Kind    { return KindErasure }
