package entry

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"time"

	quick "github.com/go-json-experiment/json" // reads four times as fast: a page decodes hundreds of bodies

	"polku/internal/civil"
	"polku/internal/fault"
)

// newBody makes an empty body of each kind, so that a new kind is added in one place.
var newBody = map[Kind]func() Body{
	KindStart: func() Body { return new(Start) }, KindContact: func() Body { return new(Contact) },
	KindAttendance: func() Body { return new(Attendance) }, KindAbsence: func() Body { return new(Absence) },
	KindTask: func() Body { return new(Task) }, KindTaskEnd: func() Body { return new(TaskEnd) },
	KindExcuse: func() Body { return new(Excuse) }, KindMeasure: func() Body { return new(Measure) },
	KindPlan: func() Body { return new(Plan) }, KindReview: func() Body { return new(Review) },
	KindCheckpoint: func() Body { return new(Checkpoint) }, KindOffer: func() Body { return new(Offer) },
	KindPlacement: func() Body { return new(Placement) }, KindConsent: func() Body { return new(Consent) },
	KindPhase: func() Body { return new(Phase) }, KindPause: func() Body { return new(Pause) },
	KindResume: func() Body { return new(Resume) }, KindRelation: func() Body { return new(Relation) },
	KindHandoff: func() Body { return new(Handoff) }, KindExit: func() Body { return new(Exit) },
	KindReopen: func() Body { return new(Reopen) }, KindFollowUp: func() Body { return new(FollowUp) },
	KindModel: func() Body { return new(ModelMove) }, KindCredit: func() Body { return new(Credit) },
	KindNote: func() Body { return new(Note) }, KindRetraction: func() Body { return new(Retraction) },
	KindErasure: func() Body { return new(Erasure) },
	KindFile:    func() Body { return new(File) }, KindWithhold: func() Body { return new(Withhold) },
	KindGoal:       func() Body { return new(Goal) },
	KindWorkPeriod: func() Body { return new(WorkPeriod) }, KindWorkPeriodEnd: func() Body { return new(WorkPeriodEnd) }, KindIncident: func() Body { return new(Incident) },
	KindGuidance: func() Body { return new(Guidance) },
	KindTold:     func() Body { return new(ToldClient) }, KindCircle: func() Body { return new(Circle) }, KindWish: func() Body { return new(Wish) },
}

// Known tells whether kind is one of the kinds.
func Known(kind Kind) bool { return newBody[kind] != nil }

// DecodeBody reads the body of a kind from JSON. Fields it does not know are ignored, so that an older
// program reads what a newer one wrote.
func DecodeBody(kind Kind, data []byte) (Body, error) {
	make := newBody[kind]
	if make == nil {
		return nil, wrong("entry.no_kind", fault.Args{"kind": string(kind)})
	}
	b := make()
	if err := quick.Unmarshal(data, b); err != nil {
		return nil, &fault.Error{Kind: fault.Invalid, Key: "entry.bad_body", Args: fault.Args{"kind": string(kind)}, Cause: err}
	}
	return b, nil
}

// EncodeBody gives the body as compact JSON, the text that the journal keeps and hashes.
func EncodeBody(b Body) ([]byte, error) { return json.Marshal(b) }

// line is the JSONL form, documented in doc/api.md.
type line struct {
	ID         string          `json:"id"`
	Path       string          `json:"path,omitempty"`
	Day        string          `json:"day"`
	Minute     *int            `json:"minute,omitempty"`
	Kind       Kind            `json:"kind"`
	Minutes    int             `json:"minutes,omitempty"`
	Mode       Mode            `json:"mode,omitempty"`
	Author     string          `json:"author,omitempty"`
	RecordedAt string          `json:"recorded_at,omitempty"`
	Corrects   string          `json:"corrects,omitempty"`
	Session    string          `json:"session,omitempty"`
	Body       json.RawMessage `json:"body"`
}

// MarshalJSON gives one line of a journal file.
func (e Entry) MarshalJSON() ([]byte, error) {
	body, err := EncodeBody(e.Body)
	if err != nil {
		return nil, err
	}
	l := line{ID: e.ID, Path: e.Path, Day: e.Day.String(), Kind: e.Kind, Minutes: e.Minutes, Mode: e.Mode, Author: e.Author,
		Corrects: e.Corrects, Session: e.Session, Body: body}
	if e.Minute >= 0 {
		l.Minute = &e.Minute
	}
	if e.RecordedAt != 0 {
		l.RecordedAt = time.UnixMicro(e.RecordedAt).UTC().Format(time.RFC3339Nano)
	}
	return json.Marshal(l)
}

// UnmarshalJSON reads one line of a journal file; it refuses what the journal would refuse.
func (e *Entry) UnmarshalJSON(data []byte) error {
	var l line
	if err := json.Unmarshal(data, &l); err != nil {
		return err
	}
	day, err := civil.Parse(l.Day)
	if err != nil && l.Day != "" {
		return wrong("entry.bad_day", fault.Args{"day": l.Day})
	}
	*e = Entry{ID: l.ID, Path: l.Path, Day: day, Minute: -1, Kind: l.Kind, Minutes: l.Minutes, Mode: l.Mode, Author: l.Author,
		Corrects: l.Corrects, Session: l.Session}
	if l.Minute != nil {
		e.Minute = *l.Minute
	}
	if l.RecordedAt != "" {
		at, err := time.Parse(time.RFC3339Nano, l.RecordedAt)
		if err != nil {
			return wrong("entry.bad_recorded_at", nil)
		}
		e.RecordedAt = at.UnixMicro()
	}
	if len(bytes.TrimSpace(l.Body)) == 0 {
		l.Body = json.RawMessage("{}")
	}
	body, err := DecodeBody(l.Kind, l.Body)
	if err != nil {
		return err
	}
	e.Body = body
	return e.Check()
}

// wrong is what an entry may not be: an Invalid fault, so that a face can say it in the reader's language.
func wrong(key string, args fault.Args) error { return fault.E(fault.Invalid, key, args) }

// Check tells what is wrong with the columns of an entry, nil when nothing is. Bodies are judged by the
// use case that makes them; this is what every entry must satisfy.
func (e *Entry) Check() error {
	switch {
	case e.ID == "":
		return wrong("entry.no_id", nil)
	case e.Day.IsZero():
		return wrong("entry.no_day", nil)
	case e.Day < firstDay || e.Day > lastDay:
		return wrong("entry.far_day", fault.Args{"day": e.Day.String()})
	case e.Minute < -1 || e.Minute > 1439:
		return wrong("entry.bad_minute", fault.Args{"n": e.Minute})
	case e.Minutes < 0 || e.Minutes > 24*60:
		return wrong("entry.bad_minutes", fault.Args{"n": e.Minutes})
	case e.Body == nil:
		return wrong("entry.no_body", nil)
	case e.Kind != e.Body.Kind():
		return wrong("entry.other_body", fault.Args{"kind": string(e.Kind), "body": string(e.Body.Kind())})
	case e.Kind == KindRetraction && e.Corrects == "":
		return wrong("entry.retracts_nothing", nil)
	case e.Corrects == e.ID:
		return wrong("entry.corrects_itself", nil)
	}
	return nil
}

var (
	firstDay = civil.New(1900, 1, 1)
	lastDay  = civil.New(2199, 12, 31)
)

// ReadLines reads a journal file of one entry a line; empty lines and lines that begin with # are passed
// over. The error names the line. A line may have at most 1 MB.
func ReadLines(r io.Reader) ([]Entry, error) {
	var entries []Entry
	err := eachLine(r, func(n int, text []byte) error {
		var e Entry
		if err := json.Unmarshal(text, &e); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
		entries = append(entries, e)
		return nil
	})
	return entries, err
}
