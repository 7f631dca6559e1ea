package view

import (
	"github.com/a-h/templ"

	"polku/internal/civil"
	"polku/internal/entry"
)

// Checkpoints are the stations (rasti) of a path by area. GET and POST /c/{id}/checkpoints. Fields: item (area/id), state,
// evidence, text.
type Checkpoints struct {
	Shell
	Who     Identity
	Picture Picture
	Areas   []CheckArea
	Open    bool
	Which   string // item that a mistake is about
	Errors  Errors
	Text    string // as typed
}

// CheckArea is the stations of an area.
type CheckArea struct {
	Name     string
	Stations []CheckStation
	Reached  int
}

// CheckStation is one station.
type CheckStation struct {
	Item          string // area/id
	Name          string
	State         entry.StationState // empty: not chosen
	Chosen, Ended civil.Date
	Evidence      string // in words
	Text          string
	Entry         string // id of the newest entry about it: files are linked to it
}

// Page is the view.
func (p Checkpoints) Page() templ.Component { return checkpoints(p) }

func (p Checkpoints) evidence() []Option {
	var all []Option
	for _, e := range []entry.Evidence{entry.EvidenceNote, entry.EvidenceAttendance, entry.EvidenceCertificate} {
		all = append(all, Option{Value: string(e), Text: p.T("checkpoint.evidence." + string(e))})
	}
	return all
}
