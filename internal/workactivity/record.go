package workactivity

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/path"
)

// CameWord is the word of the week form for a day taken part in; an absence has its reason, and "" is no record.
const CameWord = "present"

// Mark is how a day went, as the week form sends it.
type Mark struct {
	Day     civil.Date
	State   string // CameWord, a reason of absence, or empty: nothing is recorded of the day
	Minutes int    // of a day taken part in
	Remote  bool
	Told    string // the reason of an absence as the client told it
	Text    string // what was done
	Seen    string // Day.Seen of the day as the form showed it
	ID      string // of the entry, when a new one is needed; sent twice it counts once
}

// RecordWeek writes how days went. Nothing is refused because a limit is broken: that is what Recorded warns of. What was
// recorded before is corrected, and its history stays. A day that somebody else has recorded meanwhile is a conflict.
// Wrong fields are named with the day: state_2026-03-02, minutes_2026-03-02.
func RecordWeek(tx *db.Tx, book *path.Book, pathID string, marks []Mark) (changed int, err error) {
	entries, p, err := read(tx, book, pathID)
	if err != nil {
		return 0, err
	}
	corrections, err := book.Journal.Corrections(tx, p.Client)
	if err != nil {
		return 0, err
	}
	wrong := map[string]string{}
	var put []entry.Entry
	for _, m := range marks {
		m.Told, m.Text = strings.TrimSpace(m.Told), strings.TrimSpace(m.Text)
		day := Days(entries, nil, m.Day, m.Day)[0]
		if len(day.Entries) > 0 && m.same(&day) || len(day.Entries) == 0 && m.State == "" {
			continue
		}
		if day.Seen != m.Seen {
			return 0, fault.E(fault.Conflict, "workactivity.seen_other", nil)
		}
		switch {
		case m.State != "" && m.State != CameWord && !slices.Contains(Reasons, entry.Reason(m.State)):
			wrong["state_"+m.Day.String()] = "record.no_reason"
		case m.Day > tx.Today:
			wrong["state_"+m.Day.String()] = "record.future_day"
		case m.State == CameWord && (m.Minutes < 0 || m.Minutes > 24*60):
			wrong["minutes_"+m.Day.String()] = "record.bad_minutes"
		case len(m.Text) > planMost || len(m.Told) > planMost:
			wrong["text_"+m.Day.String()] = "record.long_text"
		default:
			put = append(put, m.entries(&day, corrections)...)
		}
	}
	if err := fault.Fields(wrong); err != nil || len(put) == 0 {
		return 0, err
	}
	_, err = book.Append(tx, pathID, put...)
	return len(put), err
}

// same tells whether the form says of a day what stands already.
func (m *Mark) same(d *Day) bool {
	switch b := d.Main().Body.(type) {
	case *entry.Attendance:
		return m.State == CameWord && m.Minutes == d.Main().Minutes && m.Remote == (d.Main().Mode == entry.Remote) && m.Text == b.Text
	case *entry.Absence:
		return m.State == string(b.Reason) && m.Told == b.Told && m.Text == b.Text
	}
	return false
}

// entries gives what must be written so that the day is as the form says: a new entry, a correction of the one that
// stands, or a retraction, with a new entry when it was of the other kind.
func (m *Mark) entries(d *Day, corrections map[string]entry.Entry) []entry.Entry {
	if !ident.Valid(m.ID) {
		m.ID = ident.New()
	}
	e := entry.Entry{ID: m.ID, Day: m.Day, Minute: -1}
	old := d.Main()
	switch {
	case m.State == CameWord:
		b := &entry.Attendance{Text: m.Text}
		if old != nil {
			if was, is := old.Body.(*entry.Attendance); is {
				b.Group, b.Theme = was.Group, was.Theme
			}
		}
		e.Minutes, e.Mode, e.Body = m.Minutes, entry.OnSite, b
		if m.Remote {
			e.Mode = entry.Remote
		}
	case m.State != "":
		b := &entry.Absence{Reason: entry.Reason(m.State), Told: m.Told, Text: m.Text}
		if old != nil {
			if was, is := old.Body.(*entry.Absence); is {
				b.Group, b.Theme = was.Group, was.Theme
			}
		}
		e.Body = b
	}
	if e.Body != nil {
		e.Kind = e.Body.Kind()
	}
	if old == nil {
		return []entry.Entry{e}
	}
	e.Minute = old.Minute
	if e.Kind == old.Kind {
		e.Corrects = newest(old.ID, corrections)
		return []entry.Entry{e}
	}
	taken := entry.Entry{ID: ident.Beside(m.ID, "instead"), Day: old.Day, Minute: old.Minute, Kind: entry.KindRetraction, Corrects: old.ID, Body: &entry.Retraction{}}
	if e.Body == nil {
		return []entry.Entry{taken}
	}
	return []entry.Entry{taken, e}
}

// newest gives the last correction of an entry, itself when it was never corrected.
func newest(id string, corrections map[string]entry.Entry) string {
	for range len(corrections) {
		c, there := corrections[id]
		if !there || c.Kind == entry.KindRetraction {
			break
		}
		id = c.ID
	}
	return id
}

// seen names an entry as it stands: its id and what it says.
func seen(e *entry.Entry) string {
	body, err := entry.EncodeBody(e.Body)
	if err != nil {
		return e.ID
	}
	sum := sha256.Sum256([]byte(e.ID + "\x1f" + string(e.Mode) + "\x1f" + strconv.Itoa(e.Minutes) + "\x1f" + string(body)))
	return hex.EncodeToString(sum[:6])
}
