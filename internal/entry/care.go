package entry

import "polku/internal/civil"

// Way in which the client was told something, or was asked how they are.
type Way string

// Ways.
const (
	WayFace     Way = "face"     // face to face, also by an interpreter
	WayPhone    Way = "phone"    // a call
	WayPaper    Way = "paper"    // a letter or a print
	WayApp      Way = "app"      // on the client's own page
	WayLink     Way = "link"     // by a one-time link, without signing in
	WayRegister Way = "register" // from a register; the text names it
)

// ToldAbout says what the client was told about.
type ToldAbout string

// What clients are told.
const (
	AboutVoluntary ToldAbout = "voluntary" // coming is voluntary (youth act 1285/2016 s. 10; the service's own promise)
	AboutNotice    ToldAbout = "notice"    // what is recorded, why, and the client's rights (GDPR 13–14)
	AboutBenefits  ToldAbout = "benefits"  // benefits and compensations (189/2001 s. 9.2)
	AboutHandoff   ToldAbout = "handoff"   // a step of a hand-off
	AboutFarewell  ToldAbout = "farewell"  // what was done together, and how to come back
)

// ToldClient is something that the client was told: the author told it, on the entry's day.
type ToldClient struct {
	About ToldAbout `json:"about"`
	Step  string    `json:"step,omitempty"` // of a hand-off: a HandoffStep, or of a passage "asked", "accepted" …
	Ref   string    `json:"ref,omitempty"`  // id of the hand-off or passage
	Way   Way       `json:"way"`
	Yes   bool      `json:"yes,omitempty"` // the client said yes; where nothing was asked, false
	Text  string    `json:"text,omitempty"`
}

// Circle says that somebody outside the staff helps the client (Ended false), or no longer does. A later entry with the
// same Member replaces what stood. Workers of Polku are in the circle by Relation, guardians by package closeperson.
type Circle struct {
	Member string     `json:"member"` // id of the member: the id of the entry that began it
	Name   string     `json:"name"`
	Part   string     `json:"part,omitempty"` // what they do for the client, in words
	Of     string     `json:"of,omitempty"`   // organisation
	Phone  string     `json:"phone,omitempty"`
	Until  civil.Date `json:"until,omitempty"`
	Ended  bool       `json:"ended,omitempty"`
	Why    string     `json:"why,omitempty"` // why it ended
}

// Wish of a client whose path is closed to come back: somebody answers.
type Wish struct {
	Text string `json:"text,omitempty"`
}

// Kind methods.
func (*ToldClient) Kind() Kind { return KindTold }
func (*Circle) Kind() Kind     { return KindCircle }
func (*Wish) Kind() Kind       { return KindWish }
