package workactivity

import (
	"encoding/json"

	"polku/internal/audit"
	"polku/internal/civil"
	"polku/internal/client"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/path"
)

// Receiver of an attendance extract.
type Receiver string

// Receivers: the client themselves, and whoever pays the benefit (Kela, an unemployment fund), for whom the client takes
// it along.
const (
	ForClient Receiver = "client"
	ForPayer  Receiver = "payer"
)

// Line is one day of an attendance extract: what was expected and how it went. Nothing that anybody wrote is in it.
type Line struct {
	Day     civil.Date   `json:"day"`
	Planned int          `json:"planned,omitempty"` // minutes agreed
	Came    bool         `json:"came,omitempty"`
	Minutes int          `json:"minutes,omitempty"`
	Remote  bool         `json:"remote,omitempty"`
	Reason  entry.Reason `json:"reason,omitempty"`
}

// Lines gives the lines of days that were expected or recorded.
func Lines(days []Day) []Line {
	lines := []Line{}
	for i := range days {
		d := &days[i]
		if !d.Expected() && !d.Recorded() {
			continue
		}
		line := Line{Day: d.Date, Came: d.Came, Minutes: d.Minutes, Remote: d.Mode == entry.Remote, Reason: d.Reason}
		if d.Expected() {
			line.Planned = d.Planned
		}
		lines = append(lines, line)
	}
	return lines
}

// Extract of a month's attendance, as it was given out.
type Extract struct {
	ID       string
	Month    civil.Date
	Receiver Receiver
	Lines    []Line
	MadeBy   string
	MadeAt   int64
}

// Difference between two extracts on one day; Was or Is nil: the day was not on the list.
type Difference struct {
	Day     civil.Date
	Was, Is *Line
}

// Differences tells what is otherwise now than it was, by day.
func Differences(was, is []Line) []Difference {
	var all []Difference
	i, j := 0, 0
	for i < len(was) || j < len(is) {
		switch {
		case j == len(is) || i < len(was) && was[i].Day < is[j].Day:
			all = append(all, Difference{was[i].Day, &was[i], nil})
			i++
		case i == len(was) || is[j].Day < was[i].Day:
			all = append(all, Difference{is[j].Day, nil, &is[j]})
			j++
		default:
			if was[i] != is[j] {
				all = append(all, Difference{was[i].Day, &was[i], &is[j]})
			}
			i++
			j++
		}
	}
	return all
}

// GiveExtract makes a month's extract and writes down that it was given out: what stood in it, to be compared with later,
// and the disclosure. earlier is the newest one of the month to the same receiver; its ID is empty when this is the first.
func GiveExtract(tx *db.Tx, book *path.Book, pathID string, month civil.Date, to Receiver, receiverName, purpose string) (now, earlier Extract, err error) {
	entries, p, err := read(tx, book, pathID)
	if err != nil {
		return now, earlier, err
	}
	month = month.MonthStart()
	wrong := map[string]string{}
	if month > tx.Today {
		wrong["month"] = "workactivity.month_ahead"
	}
	if to != ForClient && to != ForPayer {
		wrong["receiver"] = "error.needed"
	}
	if err := fault.Fields(wrong); err != nil {
		return now, earlier, err
	}
	all, err := Extracts(tx, p.Client, pathID)
	if err != nil {
		return now, earlier, err
	}
	for _, x := range all {
		if x.Month == month && x.Receiver == to {
			earlier = x
			break
		}
	}
	last := min(tx.Today, (month+31).MonthStart()-1)
	now = Extract{ID: ident.New(), Month: month, Receiver: to, Lines: Lines(Days(entries, book.Calendar, month, last)), MadeBy: tx.Who.Worker, MadeAt: tx.At}
	days, err := json.Marshal(now.Lines)
	if err != nil {
		return now, earlier, fault.Wrap(err, "workactivity.extract")
	}
	if _, err := tx.Exec(`insert into work_extract (tenant_id, extract_id, client_id, path_id, month, receiver, days, made_by, made_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, tx.Who.Tenant, now.ID, p.Client, pathID, month, string(to), string(days), tx.Who.Worker, tx.At); err != nil {
		return now, earlier, err
	}
	return now, earlier, audit.Disclose(tx, audit.Disclosure{Client: p.Client, Register: p.Register, ReceiverName: receiverName, What: "attendance",
		Purpose: purpose, Basis: audit.ToClient, AskedBy: receiverName})
}

// Extracts gives the extracts given out of a path, the newest first.
func Extracts(tx *db.Tx, clientID, pathID string) ([]Extract, error) {
	if err := client.Must(tx, clientID); err != nil {
		return nil, err
	}
	var all []Extract
	err := tx.Each(`select extract_id, month, receiver, days, made_by, made_at from work_extract where tenant_id = $1 and client_id = $2 and path_id = $3
		order by made_at desc, extract_id desc limit 200`, []any{tx.Who.Tenant, clientID, pathID}, func(row func(...any) error) error {
		var x Extract
		var days string
		if err := row(&x.ID, &x.Month, (*string)(&x.Receiver), &days, &x.MadeBy, &x.MadeAt); err != nil {
			return err
		}
		all = append(all, x)
		return fault.Wrap(json.Unmarshal([]byte(days), &all[len(all)-1].Lines), "workactivity.extract")
	})
	if err == nil && len(all) > 0 {
		tx.Saw(clientID)
	}
	return all, err
}
