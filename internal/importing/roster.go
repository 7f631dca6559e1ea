package importing

import (
	"slices"

	"github.com/go-json-experiment/json"

	"polku/internal/civil"
	"polku/internal/csvio"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/fold"
	"polku/internal/hetu"
	"polku/internal/journal"
)

// stay is a client's path in the service, from its start to its end.
type stay struct {
	client, path string
	start, end   civil.Date // end zero: it goes on
}

func (s stay) covers(d civil.Date) bool { return s.start <= d && (s.end.IsZero() || d <= s.end) }

// roster is everybody who is or was in a service, to find the people of an attendance list among.
type roster struct {
	names   []csvio.PersonName // one a client
	number  map[string]string  // folded client number -> client id; empty where two share it
	stays   map[string][]stay  // by client, oldest first
	nameOf  map[string]string
	persons map[string]string // person id -> client id
}

func readRoster(tx *db.Tx, service string) (*roster, error) {
	ro := &roster{number: map[string]string{}, stays: map[string][]stay{}, nameOf: map[string]string{}, persons: map[string]string{}}
	err := tx.Each(`select p.path_id, c.client_id, c.person_id, c.number, c.last_name, c.first_name,
		(select min(e.day) from entry e where e.tenant_id = p.tenant_id and e.client_id = p.client_id and e.path_id = p.path_id and `+journal.Landmarks+` and e.kind = 'start'),
		case when s.status = 'closed' then (select max(e.day) from entry e where e.tenant_id = p.tenant_id and e.client_id = p.client_id and e.path_id = p.path_id and `+journal.Landmarks+` and e.kind = 'exit') end
		from path p join client c on c.tenant_id = p.tenant_id and c.client_id = p.client_id
		join standing s on s.tenant_id = p.tenant_id and s.path_id = p.path_id
		where p.tenant_id = $1 and p.service_id = $2 and c.joined_to is null order by 7, p.path_id`, []any{tx.Who.Tenant, service},
		func(row func(...any) error) error {
			var st stay
			var person, number, last, first string
			if err := row(&st.path, &st.client, &person, &number, &last, &first, &st.start, &st.end); err != nil {
				return err
			}
			if ro.stays[st.client] == nil {
				ro.names = append(ro.names, csvio.PersonName{ID: st.client, Last: last, First: first})
				ro.nameOf[st.client] = last + " " + first
				ro.persons[person] = st.client
				if n := fold.Text(number); n != "" {
					if _, twice := ro.number[n]; twice {
						ro.number[n] = ""
					} else {
						ro.number[n] = st.client
					}
				}
			}
			ro.stays[st.client] = append(ro.stays[st.client], st)
			return nil
		})
	return ro, err
}

// pathOn gives the path that a day of a client belongs to: one that was going on then, else the one that had
// ended last, else the first. why is the remark when none was going on.
func (ro *roster) pathOn(client string, day civil.Date) (path, why string) {
	stays := ro.stays[client]
	for i := len(stays) - 1; i >= 0; i-- {
		if stays[i].covers(day) {
			return stays[i].path, ""
		}
	}
	for i := len(stays) - 1; i >= 0; i-- {
		if stays[i].start <= day {
			return stays[i].path, "importing.remark.ended"
		}
	}
	if len(stays) == 0 {
		return "", ""
	}
	return stays[0].path, "importing.remark.not_started"
}

// present gives those who were in the service on any of the days.
func (ro *roster) present(days []civil.Date) []csvio.PersonName {
	var some []csvio.PersonName
	for _, n := range ro.names {
		if slices.ContainsFunc(ro.stays[n.ID], func(s stay) bool { return slices.ContainsFunc(days, s.covers) }) {
			some = append(some, n)
		}
	}
	return some
}

// find looks for a person of an attendance list: by client number, by identity code, else by name among those who
// were in the service on the days, else among all.
func (ro *roster) find(tx *db.Tx, im *Importer, a csvio.Attendee, days []civil.Date) ([]csvio.Match, error) {
	if id := ro.number[fold.Text(a.Number)]; a.Number != "" && id != "" {
		return []csvio.Match{{ID: id, Sure: true, Why: "importing.match.number"}}, nil
	}
	if code, err := hetu.Parse(a.Code); err == nil {
		var person string
		if _, err := tx.One(`select person_id from person where tenant_id = $1 and code_index in ($2, $3)`,
			[]any{tx.Who.Tenant, im.Keys.Index(string(code)), im.Keys.OtherIndex(string(code))}, &person); err != nil {
			return nil, err
		}
		if id := ro.persons[person]; id != "" {
			return []csvio.Match{{ID: id, Sure: true, Why: "importing.match.code"}}, nil
		}
	}
	if found := csvio.MatchName(a.Name, ro.present(days)); len(found) > 0 {
		return found, nil
	}
	return csvio.MatchName(a.Name, ro.names), nil
}

// mark is an attendance or absence that stands in a journal.
type mark struct {
	kind    entry.Kind
	minutes int
	reason  entry.Reason
}

type markPlace struct {
	day   civil.Date
	group string // folded
}

// seen is a mark that the journal has, or had: gone tells that somebody took it back by hand, so that a list does
// not bring it in again. One that an undone import took back may come again.
type seen struct {
	mark
	gone bool
}

// marksOf gives the attendance of a client in a service, whoever recorded it and on whichever of their paths.
func marksOf(tx *db.Tx, client, service string) (map[markPlace]seen, error) {
	all := map[markPlace]seen{}
	err := tx.Each(`select e.day, e.kind, e.minutes, e.body, coalesce(x.kind, ''), x.import_id is not null from entry e
		join path p on p.tenant_id = e.tenant_id and p.path_id = e.path_id
		left join entry x on x.tenant_id = e.tenant_id and x.client_id = e.client_id and x.corrects = e.entry_id and x.corrects <> ''
		where e.tenant_id = $1 and e.client_id = $2 and p.service_id = $3 and e.kind in ('attendance', 'absence')`,
		[]any{tx.Who.Tenant, client, service}, func(row func(...any) error) error {
			var m seen
			var day civil.Date
			var body []byte
			var by entry.Kind
			var undone bool
			if err := row(&day, (*string)(&m.kind), &m.minutes, &body, (*string)(&by), &undone); err != nil {
				return err
			}
			var b struct {
				Group  string       `json:"group"`
				Reason entry.Reason `json:"reason"`
			}
			if err := json.Unmarshal(body, &b); err != nil {
				return fault.Wrap(err, "importing.decode")
			}
			m.reason, m.gone = b.Reason, by != ""
			place := markPlace{day, fold.Text(b.Group)}
			if before, there := all[place]; !undone && (!there || before.gone) {
				all[place] = m
			}
			return nil
		})
	return all, err
}
