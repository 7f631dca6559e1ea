// Package entry owns the words of the journal: what an entry is, its kinds and their typed bodies. It is
// pure: no database, no clock. The journal stores entries, the pathway engine reads them.
package entry

import (
	"cmp"

	"polku/internal/civil"
)

// Kind names what an entry records. The text is what the database and JSONL files hold.
type Kind string

// The kinds. Each has one body type in bodies.go or plan.go.
const (
	KindStart      Kind = "start"      // the path begins in a service
	KindContact    Kind = "contact"    // meeting, visit, call, message … with its result
	KindAttendance Kind = "attendance" // came to a group or a work day
	KindAbsence    Kind = "absence"    // was expected, did not come
	KindTask       Kind = "task"       // agreed: what, who, by when (the next step is one)
	KindTaskEnd    Kind = "task_end"   // done, could not, dropped
	KindExcuse     Kind = "excuse"     // an obligation could not be met, or is waived, because …
	KindMeasure    Kind = "measure"    // an instrument was filled in
	KindPlan       Kind = "plan"       // a plan was agreed
	KindReview     Kind = "review"     // a plan was reviewed
	KindGoal       Kind = "goal"       // a goal in the client's own words set, reached or dropped
	KindCheckpoint Kind = "checkpoint" // a station (rasti) chosen, reached or dropped
	KindOffer      Kind = "offer"      // something the model offers: offered … done
	KindPlacement  Kind = "placement"  // work trial, subsidised job … with an employer
	KindConsent    Kind = "consent"    // given or withdrawn
	KindPhase      Kind = "phase"      // moved to another phase
	KindPause      Kind = "pause"      // paused, with a day to check
	KindResume     Kind = "resume"     // the pause ended
	KindRelation   Kind = "relation"   // somebody started or stopped working with the client
	KindHandoff    Kind = "handoff"    // offered, accepted, declined, withdrawn, first contact
	KindExit       Kind = "exit"       // leaving: asked of a receiver, or done
	KindReopen     Kind = "reopen"     // the closed path goes on
	KindFollowUp   Kind = "follow_up"  // how it went after the exit
	KindModel      Kind = "model"      // moved to another version of the model
	KindCredit     Kind = "credit"     // what a previous service did satisfies phases here
	KindTold       Kind = "told"       // the client was told something: voluntary, notice, a step of a hand-off, farewell
	KindCircle     Kind = "circle"     // somebody outside the staff helps the client, or no longer does
	KindWish       Kind = "wish"       // the client wishes to come back to a closed path
	KindNote       Kind = "note"       // anything else worth telling
	KindFile       Kind = "file"       // a file that belongs to the client's story
	KindWithhold   Kind = "withhold"   // the client is not shown an entry, or is again
	KindRetraction Kind = "retraction" // the entry named by Corrects never happened
	KindGuidance   Kind = "guidance"   // guided to a service of the directory, and what became of it
	KindErasure    Kind = "erasure"    // what stood here was destroyed because the law says so

	// Bodies in workactivity.go.
	KindWorkPeriod    Kind = "work_period"     // a period of rehabilitative work activity was agreed or changed
	KindWorkPeriodEnd Kind = "work_period_end" // it ended, or was interrupted
	KindIncident      Kind = "incident"        // an accident or a near miss
)

// Mode tells how people were together. It is a column of the journal.
type Mode string

// Modes. Empty where it means nothing (a plan, an exit).
const (
	OnSite Mode = "on_site"
	Remote Mode = "remote" // video, or a remote activity day
	Phone  Mode = "phone"
	Text   Mode = "text" // SMS, message, letter, e-mail
)

// Entry is one journal entry of a client. Order is by day, minute, recorded_at, id.
type Entry struct {
	ID         string     // UUIDv7, made by whoever records
	Path       string     // the path it belongs to; empty: concerns the client as a whole
	Day        civil.Date // the day it happened, by the clock on the wall
	Minute     int        // minute of that day 0–1439; -1 when only the day is known
	Kind       Kind       // same as Body.Kind()
	Minutes    int        // how long it took; 0 when it means nothing
	Mode       Mode
	Author     string // worker id
	RecordedAt int64  // microseconds since 1970-01-01 UTC
	Corrects   string // id of the entry that this one replaces or retracts; empty: none
	Session    string // group session; empty: none
	Body       Body
	Damaged    bool // set by who reads: the content is not what was recorded, so nobody may take it for true
}

// Body is what a kind says beyond the columns. Each kind has one type, in bodies.go or plan.go.
type Body interface{ Kind() Kind }

// Compare orders entries by day, minute, recorded_at, id: the journal's order.
func Compare(a, b *Entry) int {
	return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Minute, b.Minute),
		cmp.Compare(a.RecordedAt, b.RecordedAt), cmp.Compare(a.ID, b.ID))
}
