package importing

import (
	"cmp"
	"slices"
	"strings"

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

// roster is everybody who is or was in a service, to find the people of an attendance list among. Who is known by a code
// is looked up one by one; all names are read when the first name or number must be looked for.
type roster struct {
	tx      *db.Tx
	service string
	met     map[string]*resident // by client
	names   *csvio.NameIndex     // one a client, by name; nil until asked for
	number  map[string]string    // folded client number -> client id; empty where two share it
}

// resident is a client and their stays in the service, oldest first; without any they are not of the service.
type resident struct {
	name  string
	stays []stay
}

func newRoster(tx *db.Tx, service string) *roster {
	return &roster{tx: tx, service: service, met: map[string]*resident{}}
}

// of gives a client as the service knows them. The joined text keeps the planner from walking the whole service.
func (ro *roster) of(client string) (*resident, error) {
	if r := ro.met[client]; r != nil {
		return r, nil
	}
	r := &resident{}
	ro.met[client] = r
	return r, ro.tx.Each(`select p.path_id, c.last_name, c.first_name,
		(select min(e.day) from entry e where e.tenant_id = p.tenant_id and e.client_id = p.client_id and e.path_id = p.path_id and `+journal.Landmarks+` and e.kind = 'start'),
		case when s.status = 'closed' then (select max(e.day) from entry e where e.tenant_id = p.tenant_id and e.client_id = p.client_id and e.path_id = p.path_id and `+journal.Landmarks+` and e.kind = 'exit') end
		from path p join client c on c.tenant_id = p.tenant_id and c.client_id = p.client_id
		join standing s on s.tenant_id = p.tenant_id and s.path_id = p.path_id
		where p.tenant_id = $1 and p.client_id = $2 and p.service_id || '' = $3 and c.joined_to is null order by 4, p.path_id`,
		[]any{ro.tx.Who.Tenant, client, ro.service}, func(row func(...any) error) error {
			st := stay{client: client}
			var last, first string
			err := row(&st.path, &last, &first, &st.start, &st.end)
			r.name = last + " " + first
			r.stays = append(r.stays, st)
			return err
		})
}

// everybody reads the names and numbers of all.
func (ro *roster) everybody() error {
	if ro.names != nil {
		return nil
	}
	var people []csvio.PersonName
	ro.number = map[string]string{}
	there := map[string]bool{}
	err := ro.tx.Each(`select c.client_id, c.number, c.last_name, c.first_name from path p
		join client c on c.tenant_id = p.tenant_id and c.client_id = p.client_id
		where p.tenant_id = $1 and p.service_id = $2 and c.joined_to is null`, []any{ro.tx.Who.Tenant, ro.service}, func(row func(...any) error) error {
		var p csvio.PersonName
		var number string
		if err := row(&p.ID, &number, &p.Last, &p.First); err != nil || there[p.ID] {
			return err
		}
		there[p.ID] = true
		people = append(people, p)
		if n := fold.Text(number); n != "" {
			if _, twice := ro.number[n]; twice {
				ro.number[n] = ""
			} else {
				ro.number[n] = p.ID
			}
		}
		return nil
	})
	slices.SortFunc(people, func(a, b csvio.PersonName) int {
		return cmp.Or(strings.Compare(a.Last, b.Last), strings.Compare(a.First, b.First), strings.Compare(a.ID, b.ID))
	})
	ro.names = csvio.NewNameIndex(people)
	return err
}

// pathOn gives the path that a day belongs to: one that was going on then, else the one that had ended last, else the
// first. why is the remark when none was going on.
func (r *resident) pathOn(day civil.Date) (path, why string) {
	for i := len(r.stays) - 1; i >= 0; i-- {
		if r.stays[i].covers(day) {
			return r.stays[i].path, ""
		}
	}
	for i := len(r.stays) - 1; i >= 0; i-- {
		if r.stays[i].start <= day {
			return r.stays[i].path, "importing.remark.ended"
		}
	}
	if len(r.stays) == 0 {
		return "", ""
	}
	return r.stays[0].path, "importing.remark.not_started"
}

// present tells whether they were in the service on any of the days.
func (r *resident) present(days []civil.Date) bool {
	return slices.ContainsFunc(r.stays, func(s stay) bool { return slices.ContainsFunc(days, s.covers) })
}

// find looks for a person of an attendance list: by client number, by identity code, else by name among those who
// were in the service on the days, else among all.
func (ro *roster) find(im *Importer, register string, a csvio.Attendee, days []civil.Date) ([]csvio.Match, error) {
	if a.Number != "" {
		if err := ro.everybody(); err != nil {
			return nil, err
		}
		if id := ro.number[fold.Text(a.Number)]; id != "" {
			return []csvio.Match{{ID: id, Sure: true, Why: "importing.match.number"}}, nil
		}
	}
	if code, err := hetu.Parse(a.Code); err == nil {
		var id string
		if _, err := ro.tx.One(`select c.client_id from person p join client c on c.tenant_id = p.tenant_id and c.person_id = p.person_id
			where p.tenant_id = $1 and p.code_index in ($2, $3) and c.register_id = $4 and c.joined_to is null`,
			[]any{ro.tx.Who.Tenant, im.Keys.Index(string(code)), im.Keys.OtherIndex(string(code)), register}, &id); err != nil {
			return nil, err
		}
		if r, err := ro.of(id); err != nil {
			return nil, err
		} else if len(r.stays) > 0 {
			return []csvio.Match{{ID: id, Sure: true, Why: "importing.match.code"}}, nil
		}
	}
	if err := ro.everybody(); err != nil {
		return nil, err
	}
	like := ro.names.Like(a.Name)
	var present []csvio.PersonName
	for _, p := range like {
		r, err := ro.of(p.ID)
		if err != nil {
			return nil, err
		}
		if r.present(days) {
			present = append(present, p)
		}
	}
	if found := csvio.MatchName(a.Name, present); len(found) > 0 {
		return found, nil
	}
	return csvio.MatchName(a.Name, like), nil
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
