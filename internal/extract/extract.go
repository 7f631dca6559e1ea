// Package extract reads everything that is kept of one client, for the client's own copy (GDPR 15, 20) and for the
// machine. It decides nothing about who may have it, and writes nothing: whoever gives it out writes the disclosure.
package extract

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"polku/internal/audit"
	"polku/internal/civil"
	"polku/internal/client"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/seal"
)

// Extract is everything that is kept of one client: table -> rows -> column -> value.
type Extract struct {
	Format string           `json:"format"`
	At     string           `json:"at"`
	Client string           `json:"client"`
	Tables map[string][]Row `json:"tables"`
}

// Row of a table: column -> value.
type Row = map[string]any

const format = "polku-client-1"

// table says which columns of a table belong to a client's extract. Columns are "name kind", kind being text
// when it is missing; where names the rows, $1 being the tenant and $2 the client. A test compares this list with
// the schema: a new table or column fails it until somebody has decided.
type table struct {
	name, where, order string
	columns            []string
}

const ofClient = "tenant_id = $1 and client_id = $2"

var tables = []table{
	{"client", ofClient, "client_id", []string{"client_id", "person_id", "register_id", "last_name", "first_name", "born day", "phone", "email", "address",
		"municipality", "lang", "number", "safety_ban bool", "provisional bool", "note", "joined_to", "created_at instant", "rev number", "restricted bool",
		"keep_until day"}},
	{"person", "tenant_id = $1 and person_id = (select person_id from client where tenant_id = $1 and client_id = $2)", "person_id",
		[]string{"person_id", "temp_id", "safety_ban bool"}},
	{"path", ofClient, "path_id", []string{"path_id", "client_id", "register_id", "service_id", "created_at instant"}},
	{"entry", ofClient, "day, minute, recorded_at, entry_id", []string{"entry_id", "path_id", "day day", "minute number", "recorded_at instant", "kind",
		"minutes number", "mode", "author", "session_id", "corrects", "body json", "seq number", "import_id", "commitment bytes", "salt bytes"}},
	{"chain", ofClient, "client_id", []string{"client_id", "seq number", "head bytes", "sealed_seq number"}},
	{"chain_seal", ofClient, "seq", []string{"client_id", "seq number", "head bytes", "day day", "signature bytes"}},
	{"standing", ofClient, "path_id", []string{"path_id", "client_id", "register_id", "unit_id", "service_id", "status", "responsible", "phase",
		"today_group number", "class number", "since day", "step_by day", "step_what", "step_task", "step_minute number", "step_owner", "step_from",
		"step_booked", "reason json", "evaluated_on day", "next_change day", "versions"}},
	{"task", "tenant_id = $1 and path_id in (select path_id from path where tenant_id = $1 and client_id = $2)", "path_id, task_id", []string{"task_id", "path_id", "client_id", "owner", "worker_id", "what", "by_day day", "minute number", "place", "beside bool",
		"source", "entry_id", "booked", "form", "minutes number", "offer"}},
	{"relation", ofClient, "path_id, relation_id", []string{"relation_id", "path_id", "client_id", "worker_id", "role", "from_day day", "to_day day", "why"}},
	{"handoff", ofClient, "handoff_id", []string{"handoff_id", "path_id", "client_id", "from_worker", "to_worker", "step", "offered_on day", "answered_on day", "why"}},
	{"plan_draft", ofClient, "path_id", []string{"path_id", "client_id", "kind", "content json", "rev number", "changed_at instant", "changed_by", "offered json",
		"offered_at instant", "offered_by", "offered_task", "answer", "answered_at instant"}},
	{"consent", ofClient, "given_at, consent_id", []string{"consent_id", "client_id", "register_id", "kind", "receiver", "receiver_name", "scope", "purpose",
		"from_day day", "to_day day", "given_by", "way", "told", "asked_by", "given_at instant", "withdrawn_at instant", "withdrawn_by"}},
	{"disclosure_log", ofClient, "at, log_id", []string{"log_id", "at instant", "client_id", "register_id", "worker_id", "receiver", "receiver_name", "what",
		"purpose", "basis", "section", "consent_id", "asked_by", "screen", "request", "batch number"}},
	{"emergency", ofClient, "opened_at, emergency_id", []string{"emergency_id", "worker_id", "client_id", "register_id", "why", "opened_at instant",
		"until_at instant", "active bool", "told", "read_at instant"}},
	{"close_person", ofClient, "close_person_id", []string{"close_person_id", "client_id", "kind", "name", "phone", "may_consent bool", "may_see bool", "why",
		"from_day day", "to_day day"}},
	{"client_care", ofClient, "client_id", []string{"client_id", "interpreter", "interpreter_way", "contact_name", "contact_phone", "contact_who", "contact_none bool",
		"visit_note", "visit_by", "visit_at instant", "rev number"}},
	{"ticket", ofClient, "made_at, ticket_id", []string{"ticket_id", "kind", "client_id", "path_id", "about", "made_by", "made_at instant", "until_at instant",
		"used_at instant", "ended_at instant"}},
	{"passage", ofClient, "made_at, passage_id", []string{"passage_id", "client_id", "path_id", "register_id", "exit_to", "service_id", "receiver_register",
		"receiver_name", "scope", "basis", "letter", "state", "made_by", "made_at instant", "answered_by", "answered_at instant", "why", "contact_on day",
		"met_on day"}},
	{"restriction", ofClient, "made_at, restriction_id", []string{"restriction_id", "client_id", "entry_id", "why", "made_by", "made_at instant",
		"lifted_at instant", "lifted_by", "lifted_why"}},
	{"legal_hold", ofClient, "made_at, hold_id", []string{"hold_id", "register_id", "client_id", "why", "from_day day", "to_day day", "made_by",
		"made_at instant", "ended_at instant", "ended_by", "ended_why"}},
	{"erasure", ofClient, "at, erasure_id", []string{"erasure_id", "client_id", "register_id", "class", "rule", "due_day day", "rows_gone json",
		"entries number", "digest bytes", "asked_by", "approved_by", "approval_id", "at instant", "signature bytes"}},
	{"name_alias", ofClient, "service_id, name_key", []string{"service_id", "client_id", "import_id"}},
	{"import_fill", ofClient, "import_id", []string{"import_id", "client_id", "fields", "rev number"}},
	{"referral", ofClient, "arrived_at, referral_id", []string{"referral_id", "service_id", "unit_id", "register_id", "source", "sender_name", "sender_org",
		"sender_phone", "link_id", "last_name", "first_name", "born day", "phone", "email", "municipality", "lang", "answers json", "state", "owner",
		"taken_at instant", "arrived_on day", "arrived_at instant", "first_by day", "promised_on day", "contacted_on day", "calls number", "lifted bool",
		"client_id", "path_id", "ended_on day", "reason", "answer"}},
	{"referral_trail", "tenant_id = $1 and referral_id in (select referral_id from referral where tenant_id = $1 and client_id = $2)", "referral_id, at, trail_id",
		[]string{"referral_id", "at instant", "trail_id", "day day", "worker_id", "what", "detail", "text"}},
	{"invitation", ofClient, "made_at, invitation_id", []string{"invitation_id", "referral_id", "client_id", "path_id", "register_id", "unit_id", "worker_id", "form",
		"place", "minutes number", "made_at instant", "remind_on day", "until_on day", "state", "day day", "minute number", "answered_at instant"}},
	{"invitation_slot", "tenant_id = $1 and invitation_id in (select invitation_id from invitation where tenant_id = $1 and client_id = $2)",
		"invitation_id, day, minute", []string{"invitation_id", "day day", "minute number"}},
	{"portal_access", ofClient, "client_id", []string{"client_id", "pin_at instant", "tries number", "tried_at instant", "lang", "opened_at instant", "opened_by", "closed_at instant"}},
	{"portal_link", ofClient, "made_at, link_id", []string{"link_id", "client_id", "made_by", "made_at instant", "until_at instant", "used_at instant", "ended_at instant"}},
	{"portal_device", ofClient, "made_at, device_id", []string{"device_id", "client_id", "agent", "made_at instant", "seen_at instant"}},
	{"portal_passkey", ofClient, "made_at, passkey_id", []string{"passkey_id", "client_id", "name", "made_at instant", "used_at instant"}},
	{"portal_session", ofClient, "created_at, session_id", []string{"client_id", "device_id", "session_id", "created_at instant", "seen_at instant", "expires_at instant",
		"strong_until instant", "pending_at instant"}},
	{"portal_draft", ofClient, "made_at, draft_id", []string{"draft_id", "client_id", "text", "made_at instant", "changed_at instant"}},
	{"command_log", ofClient, "at, log_id", []string{"log_id", "at instant", "worker_id", "purpose", "screen", "client_id", "what", "request", "batch number"}},
	{"transfer_row", ofClient, "transfer_id, path_id", []string{"transfer_id", "path_id", "client_id", "register_id", "from_worker", "state", "receiver", "basis", "why",
		"answered_by", "answered_at instant", "new_client", "new_path", "made_client bool", "entries number", "done_at instant"}},
	{"meeting_wish", ofClient, "client_id", []string{"client_id", "weekdays", "from_minute number", "to_minute number", "note"}},
	{"leave_meeting", ofClient, "leave_id, path_id, task_id", []string{"leave_id", "path_id", "task_id", "client_id", "way", "told_at instant"}},
	{"petition", ofClient, "came_on, petition_id", []string{"petition_id", "client_id", "register_id", "kind", "what", "way", "came_on day", "due_on day",
		"extended_why", "handler", "state", "answer", "appeal", "ended_on day", "made_by", "made_at instant", "rev number"}},
	{"unusual_read", ofClient, "day, worker_id, why", []string{"day day", "worker_id", "client_id", "why", "register_id", "reads number", "first_at instant",
		"last_at instant", "state", "note", "reviewer", "reviewed_at instant", "explanation", "explained_at instant"}},
	{"file", ofClient, "added_at, file_id", []string{"file_id", "client_id", "register_id", "hash bytes", "kind", "bytes number", "added_at instant"}},
	{"work_extract", ofClient, "made_at, extract_id", []string{"extract_id", "client_id", "path_id", "month day", "receiver", "days", "made_by", "made_at instant"}},
	{"use_log", "", "at, log_id", useLogColumns},
}

var useLogColumns = []string{"log_id", "at instant", "worker_id", "purpose", "screen", "standing", "request", "batch number"}

// Tables gives the names of the tables, in their order.
func Tables() []string {
	var names []string
	for _, t := range tables {
		names = append(names, t.name)
	}
	return names
}

// Read reads all that the database keeps of a client whom the actor may see, and notes that it was seen. The use log may
// stand in a file of its own: see UseLog.
func Read(tx *db.Tx, keys *seal.Keys, id string) (Extract, error) {
	x := Extract{Format: format, At: Instant(tx.At), Client: id, Tables: map[string][]Row{}}
	if err := client.Must(tx, id); err != nil {
		return x, err
	}
	tx.Saw(id)
	for _, t := range tables {
		if t.where == "" {
			continue
		}
		names, kinds := t.split()
		x.Tables[t.name] = []Row{}
		err := tx.Each("select "+strings.Join(names, ", ")+" from "+t.name+" where "+t.where+" order by "+t.order, []any{tx.Who.Tenant, id},
			func(row func(...any) error) error {
				values, err := Scan(row, kinds)
				if err != nil {
					return err
				}
				x.Tables[t.name] = append(x.Tables[t.name], asMap(names, values))
				return nil
			})
		if err != nil {
			return x, err
		}
	}
	code, err := client.Code(tx, keys, id)
	for _, row := range x.Tables["client"] {
		row["identity_code"] = string(code)
	}
	return x, err
}

// UseLog gives who saw the client's data, when and why (703/2023 s. 10). Other clients of the same page are not named.
// Whether the reader may see the client must have been asked before.
func UseLog(ctx context.Context, log *audit.Log, tenant int64, id string) ([]Row, error) {
	names, kinds := table{columns: useLogColumns}.split()
	if err := log.CatchUp(ctx, tenant); err != nil {
		return nil, err
	}
	rows, err := log.Pool().QueryContext(ctx, "select l."+strings.Join(names, ", l.")+` from use_log_client k
		join use_log l on l.tenant_id = k.tenant_id and l.log_id = k.log_id
		where k.tenant_id = $1 and k.client_id = $2 order by k.at, k.log_id`, tenant, id)
	if err != nil {
		return nil, fault.Wrap(err, "extract.use_log")
	}
	defer rows.Close()
	all := []Row{}
	for rows.Next() {
		values, err := Scan(rows.Scan, kinds)
		if err != nil {
			return nil, fault.Wrap(err, "extract.use_log")
		}
		all = append(all, asMap(names, values))
	}
	return all, fault.Wrap(rows.Err(), "extract.use_log")
}

// split gives the columns' names and kinds.
func (t table) split() (names, kinds []string) {
	for _, c := range t.columns {
		name, kind, _ := strings.Cut(c, " ")
		names, kinds = append(names, name), append(kinds, kind)
	}
	return names, kinds
}

// Scan reads a row into plain values: text, number, bool, days and instants as ISO text, bytes in hex, JSON as it
// is. Missing values are nil.
func Scan(row func(...any) error, kinds []string) ([]any, error) {
	dest := make([]any, len(kinds))
	for i, kind := range kinds {
		switch kind {
		case "day":
			dest[i] = new(civil.Date)
		case "number", "instant":
			dest[i] = new(*int64)
		case "bool":
			dest[i] = new(bool)
		case "bytes", "json":
			dest[i] = new([]byte)
		default:
			dest[i] = new(*string)
		}
	}
	if err := row(dest...); err != nil {
		return nil, err
	}
	for i, kind := range kinds {
		dest[i] = plain(dest[i], kind)
	}
	return dest, nil
}

func plain(v any, kind string) any {
	switch v := v.(type) {
	case *civil.Date:
		if *v == 0 {
			return nil
		}
		return v.String()
	case **int64:
		if *v == nil {
			return nil
		}
		if kind == "instant" {
			return Instant(**v)
		}
		return **v
	case *bool:
		return *v
	case **string:
		if *v == nil {
			return nil
		}
		return **v
	case *[]byte:
		if kind == "bytes" {
			return hex.EncodeToString(*v)
		}
		var decoded any
		if len(*v) == 0 || json.Unmarshal(*v, &decoded) != nil {
			return string(*v)
		}
		return decoded
	}
	return v
}

// Instant writes microseconds UTC as ISO text.
func Instant(micros int64) string {
	return time.UnixMicro(micros).UTC().Format("2006-01-02T15:04:05.000000Z")
}

func asMap(names []string, values []any) map[string]any {
	m := make(map[string]any, len(names))
	for i, name := range names {
		m[name] = values[i]
	}
	return m
}

// Flat gives a value as one cell's text.
func Flat(v any) any {
	switch v.(type) {
	case map[string]any, []any:
		text, err := json.Marshal(v)
		if err != nil {
			return fmt.Sprint(v)
		}
		return string(text)
	}
	return v
}
