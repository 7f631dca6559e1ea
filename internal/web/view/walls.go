package view

import (
	"strings"

	"github.com/a-h/templ"

	"polku/internal/civil"
)

// Decision is a consent, permit or block of the client's, in words.
type Decision struct {
	ID, Kind, Receiver, Purpose, Told, By, Way string
	Scopes                                     []string
	From, To                                   civil.Date // To zero: until withdrawn
	Withdrawn                                  civil.Date // zero: not withdrawn
	Holds, Block                               bool
}

// ClosePerson is a guardian, trustee or support person.
type ClosePerson struct {
	ID, Name, Phone, PhoneTel, Kind, Why string
	MayConsent, MaySee                   bool
	From                                 civil.Date
	In                                   bool // has their part today
	Grown                                bool // guardian of somebody who is of age now
}

// Walls is what a client has allowed and blocked, and who stands beside them. GET /c/{id}/walls; POST /c/{id}/consent (kind,
// receiver, receiver_name, scope…, purpose, to, given_by, way, told), /c/{id}/consent/withdraw (consent), /c/{id}/tell
// (receiver, receiver_name, scope…, purpose, asked_by, basis), /c/{id}/close-person (kind, name, phone, may_consent, may_see,
// why), /c/{id}/close-person/end (person).
type Walls struct {
	Shell
	Who                          Identity
	Register, Controller, Notice string
	Youth                        bool // outreach youth work: nothing leaves without the young person's consent
	Decisions                    []Decision
	People                       []ClosePerson

	Receivers, Kinds, Scopes, Givers, Ways, Grounds, PersonKinds []Option

	Which  string // which form has mistakes: consent, tell, person
	V      func(field string) string
	Errors Errors
}

// value is what was typed into a field of a form that has mistakes; empty for the others.
func (p Walls) value(form, field string) string {
	if p.Which != form {
		return ""
	}
	return p.V(field)
}

// errors are the mistakes of a form.
func (p Walls) errors(form string) Errors {
	if p.Which != form {
		return nil
	}
	return p.Errors
}

// JointPath is an open path of another register.
type JointPath struct {
	Service, Worker, Step string
	By                    civil.Date
}

// JointPart is what one other register shows, by which decision.
type JointPart struct {
	Register, Kind, Purpose      string
	Scopes                       []string
	Name, Phone, PhoneTel, Email string
	Paths                        []JointPath
	Timeline                     Timeline
}

// Joint is a person across registers, as far as they have allowed. GET /c/{id}/joint.
type Joint struct {
	Shell
	Who   Identity
	Parts []JointPart
}

// Emergency stands before a client whom the reader has no relation with. GET and POST /c/{id}/emergency: why.
type Emergency struct {
	Shell
	Client, Responsible, Why string
	Errors                   Errors
}

// Opened is one use of break-glass.
type Opened struct {
	ID, Client, Name, Worker, Why, At string
	Unread                            bool // the reader was told of it and has not said that they read it
}

// Emergencies lists the uses of break-glass that concern the reader. GET /emergencies; POST /emergencies/read (id).
type Emergencies struct {
	Shell
	List []Opened
}

// Page is the view.
func (p Walls) Page() templ.Component { return walls(p) }

// Page is the view.
func (p Joint) Page() templ.Component { return joint(p) }

// Page is the view.
func (p Emergency) Page() templ.Component { return emergency(p) }

// Page is the view.
func (p Emergencies) Page() templ.Component { return emergencies(p) }

// Notices lists the registers' privacy notices. GET /notices.
type Notices struct {
	Shell
	List []Option // value: path of the notice
}

// NoticePoint is one point of a privacy notice.
type NoticePoint struct{ Title, Text string }

// Notice is a register's privacy notice. GET /notices/{id}?easy=1.
type Notice struct {
	Shell
	ID, Name string
	Easy     bool
	Points   []NoticePoint
}

// Page is the view.
func (p Notices) Page() templ.Component { return notices(p) }

// Page is the view.
func (p Notice) Page() templ.Component { return notice(p) }

func joinWords(words []string) string { return strings.Join(words, ", ") }
