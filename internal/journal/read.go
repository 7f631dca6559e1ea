package journal

import (
	"cmp"
	"strconv"
	"strings"

	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/entry"
)

const entryColumns = `entry_id, path_id, day, minute, recorded_at, kind, minutes, mode, author, session_id, corrects, body`

// entriesOf reads the entries of a query: text begins after the columns, with "from entry"; its first two arguments are the
// tenant and the client.
func entriesOf(tx *db.Tx, text string, args ...any) ([]entry.Entry, error) {
	var entries []entry.Entry
	client := args[1].(string)
	err := tx.Each(`select `+soundColumns+entryColumns+` `+text, args, func(row func(...any) error) error {
		entries = append(entries, entry.Entry{})
		return scanSound(row, tx.Who.Tenant, client, &entries[len(entries)-1])
	})
	return entries, err
}

// Path gives every entry of a client's path in the journal's order, corrected and retracted ones too: what
// the pathway engine reads.
func Path(tx *db.Tx, client, path string) ([]entry.Entry, error) {
	return entriesOf(tx, `from entry where tenant_id = $1 and client_id = $2 and path_id = $3
		order by day, minute, recorded_at, entry_id`, tx.Who.Tenant, client, path)
}

// Get reads one entry of a client; false when there is none.
func Get(tx *db.Tx, client, id string) (entry.Entry, bool, error) {
	var e entry.Entry
	found := false
	err := tx.Each(`select `+soundColumns+entryColumns+` from entry where tenant_id = $1 and entry_id = $2 and client_id = $3`,
		[]any{tx.Who.Tenant, id, client}, func(row func(...any) error) error {
			found = true
			return scanSound(row, tx.Who.Tenant, client, &e)
		})
	return e, found, err
}

// Place in a timeline: the keyset that a further page starts below.
type Place struct {
	Day        civil.Date
	Minute     int
	RecordedAt int64
	ID         string
}

// Top is above every entry.
var Top = Place{Day: 1 << 30}

// Timeline gives up to limit entries below a place, newest first, of the given kinds (none: all).
func Timeline(tx *db.Tx, client string, kinds []entry.Kind, below Place, limit int) ([]entry.Entry, error) {
	// A condition costs as much as a column: only those that are asked for.
	text := `from entry where tenant_id = $1 and client_id = $2`
	args := []any{tx.Who.Tenant, client, limit}
	if below != Top {
		text += ` and (day, minute, recorded_at, entry_id) < ($4, $5, $6, $7)`
		args = append(args, int64(below.Day), below.Minute, below.RecordedAt, below.ID)
	}
	if len(kinds) > 0 {
		words := make([]string, len(kinds))
		for i, k := range kinds {
			words[i] = string(k)
		}
		args = append(args, ","+strings.Join(words, ",")+",")
		text += ` and $` + strconv.Itoa(len(args)) + ` like '%,' || kind || ',%'`
	}
	return entriesOf(tx, text+` order by day desc, minute desc, recorded_at desc, entry_id desc limit $3`, args...)
}

// Landmarks is the condition that an entry e begins or ends a path, or tells of a plan or an offer: few do, and an
// index has just them.
const Landmarks = `e.kind in ('start', 'plan', 'offer', 'exit')`

// PlansAndOffers gives a client's entries of these two kinds, newest first: what a page tells beside the timeline. The
// plus keeps SQLite from walking the whole timeline to save itself the sorting of a few rows.
func PlansAndOffers(tx *db.Tx, client string, limit int) ([]entry.Entry, error) {
	return entriesOf(tx, `from entry e where tenant_id = $1 and client_id = $2 and `+Landmarks+` and kind in ('plan', 'offer')
		order by +day desc, minute desc, recorded_at desc, entry_id desc limit $3`, tx.Who.Tenant, client, limit)
}

// PlaceOf gives the place of an entry, to page on from.
func PlaceOf(e *entry.Entry) Place { return Place{e.Day, e.Minute, e.RecordedAt, e.ID} }

// Corrections gives, for each corrected or retracted entry of a client, the entry that stands for it now
// (the last of a chain of corrections).
func Corrections(tx *db.Tx, client string) (map[string]entry.Entry, error) {
	all, err := entriesOf(tx, `from entry where tenant_id = $1 and client_id = $2 and corrects <> '' and corrects > ''
		order by recorded_at, entry_id`, tx.Who.Tenant, client)
	return standFor(all), err
}

// standFor gives, by the id of what they correct, those corrections that came last.
func standFor(corrections []entry.Entry) map[string]entry.Entry {
	stands := make(map[string]entry.Entry, len(corrections))
	for _, e := range corrections {
		stands[e.Corrects] = e
	}
	return stands
}

// byRecording orders entries by when they were recorded.
func byRecording(a, b entry.Entry) int {
	return cmp.Or(cmp.Compare(a.RecordedAt, b.RecordedAt), cmp.Compare(a.ID, b.ID))
}
