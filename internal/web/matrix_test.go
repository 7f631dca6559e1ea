package web_test

import (
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"polku/internal/db"
	. "polku/internal/polkutest"
	"polku/internal/unit"
	"polku/rules"
)

// route is a line of access.txt.
type route struct{ method, pattern, permission string }

func routesOf(t *testing.T) (all []route) {
	t.Helper()
	text, err := os.ReadFile("access.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if words := strings.Fields(line); len(words) == 3 && words[0] != "#" {
			all = append(all, route{words[0], words[1], words[2]})
		}
	}
	if len(all) < 80 {
		t.Fatal("access.txt was not read:", len(all))
	}
	return all
}

// admitted reads testdata/roles.txt: permission -> roles.
func admitted(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile("testdata/roles.txt")
	if err != nil {
		t.Fatal(err)
	}
	table := map[string][]string{}
	for line := range strings.Lines(string(text)) {
		if words := strings.Fields(line); len(words) > 1 && !strings.HasPrefix(words[0], "#") {
			table[words[0]] = words[1:]
		}
	}
	return table
}

// without are routes that end or change the session of whoever asks, and are tried elsewhere.
var without = []string{"/sign-out", "/settings", "/settings/password", "/sign-in", "/sign-in/second", "/first", "/{$}", "/p/open", "/p/sign-in"}

var placeholder = regexp.MustCompile(`\{[a-z]+\}`)

// Every route as every role: admitted or refused as the table says. A page about a client is asked for three times: a
// client that the worker has a relation with, one behind a wall in the same register, one of another register. Whoever
// keeps clients' rights reaches the logs and requests of everybody in their register.
func TestEveryRouteAsEveryRole(t *testing.T) {
	table := admitted(t)
	OnBoth(t, func(t *testing.T, w *World) {
		f := open(t, w)
		packs, err := rules.Load()
		if err != nil {
			t.Fatal(err)
		}
		f.Book.Rules = packs
		mine, _ := f.Client(t, "Virtanen", "Aino")
		f.house(t)
		roles := []string{"", "administrator"}
		for _, r := range unit.Roles {
			roles = append(roles, string(r))
		}
		tried := 0
		for _, role := range roles {
			g := f.role(role)
			g.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
			g.relate(role, mine)
			for _, r := range routesOf(t) {
				if slices.Contains(without, r.pattern) || strings.HasPrefix(r.pattern, "/assets") {
					continue
				}
				who, known := table[r.permission]
				if !known {
					t.Fatalf("testdata/roles.txt has no line for %s", r.permission)
				}
				may := slices.Contains(who, "everybody") || role != "" && slices.Contains(who, "staff") || slices.Contains(who, role)
				for _, where := range []string{mine, "behind", "elsewhere"} {
					if !strings.HasPrefix(r.pattern, "/c/{id}") && where != mine {
						continue
					}
					tried++
					g.try(r, role, where, may, where == mine)
				}
			}
		}
		if tried < 1500 {
			t.Error("tried only", tried)
		}
	})
}

func (f *face) try(r route, role, client string, may, near bool) {
	f.t.Helper()
	path := placeholder.ReplaceAllString(r.pattern, client)
	ask, err := http.NewRequest(r.method, f.url+path, strings.NewReader("outcome=done&duty=x&together=true&absent=one-"+role))
	if err != nil {
		f.t.Fatal(err)
	}
	if r.method == "POST" {
		ask.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := f.http.Do(ask)
	if err != nil {
		f.t.Fatal(err)
	}
	status, body := f.read(res)
	aboutClient := strings.HasPrefix(r.pattern, "/c/{id}")
	toWall := r.pattern == "/c/{id}" && r.method == "GET" && client == "behind"
	atWall := strings.HasSuffix(r.pattern, "/emergency")
	refused := status == 401 || status == 403 || status == 404 || strings.HasPrefix(res.Header.Get("Location"), "/sign-in") ||
		r.permission != "anyone" && res.Header.Get("Location") == "/p/"
	named := strings.Count(r.pattern, "{") > 1 // it names something of the client's beside them
	if aboutClient && near && !atWall && (r.method == "POST" || named) || !aboutClient {
		refused = refused && status != 404 // the form is empty: what it names is not there
	}
	var want bool
	switch {
	case !may:
		want = false
	case !aboutClient:
		want = true
	case r.permission == "casesRights" && role == string(unit.RoleComplaints):
		want = client != "elsewhere" // everybody of the register
	case atWall:
		want = client == "behind" // a wall stands only there
	default:
		want = near || toWall
	}
	if refused == want {
		f.t.Errorf("%s %s as %q, client %q: status %d, the tables say admitted=%v", r.method, r.pattern, role, client, status, want)
	}
	if toWall && may && status != 303 {
		f.t.Errorf("%s as %q: a client behind a wall leads to the wall, not %d", r.pattern, role, status)
	}
	if status >= 500 {
		f.t.Errorf("%s %s as %q: %d\n%s\n%s", r.method, r.pattern, role, status, text(body)[:80], f.logs.String()[max(0, f.logs.Len()-500):])
	}
}

// house makes each unit's workers see only their own clients, a client of a colleague's, and one of another register.
func (f *face) house(t *testing.T) {
	behind := func(id, register, service string) func(tx *db.Tx) error {
		return func(tx *db.Tx) error {
			for _, sql := range []string{
				`insert into person (tenant_id, person_id, temp_id, safety_ban) values ($1, $2, $2, false)`,
				`insert into client (tenant_id, client_id, person_id, register_id, last_name, first_name, phone, email, address, municipality, lang, number,
					safety_ban, provisional, note, created_at, rev) values ($1, $2, $2, $3, 'Salattu', 'Saara', '', '', '', '', 'fi', '', false, false, '', 0, 1)`,
				`insert into path (tenant_id, path_id, client_id, register_id, service_id, created_at) values ($1, $2, $2, $3, $4, 0)`} {
				args := []any{Tenant, id, register, service}[:2+min(2, strings.Count(sql, "$3")+strings.Count(sql, "$4"))]
				if _, err := tx.Exec(sql, args...); err != nil {
					return err
				}
			}
			return nil
		}
	}
	for _, fn := range []func(tx *db.Tx) error{
		func(tx *db.Tx) error {
			if _, err := unit.AddUnit(tx, unit.Unit{ID: "next-door", Name: "Naapuri"}); err != nil {
				return err
			}
			_, err := unit.AddService(tx, f.Book.Models, unit.Service{ID: "service-next", Unit: "next-door", Register: Register, Name: "Naapuri", Model: "valmennus", Version: "1"})
			return err
		},
		behind("behind", Register, "service-next"), behind("elsewhere", Walled, "service-next")} {
		if err := f.Update(Boss, fn); err != nil {
			t.Fatal(err)
		}
	}
}

// role signs somebody of a role in; nobody for an empty one.
func (f *face) role(role string) *face {
	f.t.Helper()
	if role == "" {
		g := *f
		g.http = &http.Client{}
		return &g
	}
	id := "one-" + role
	if err := f.Update(Boss, func(tx *db.Tx) error {
		if _, err := unit.AddWorker(tx, unit.Worker{ID: id, Username: id, Name: "Roni Rooli", Admin: role == "administrator"}); err != nil || role == "administrator" {
			return err
		}
		return unit.Join(tx, unit.Member{Worker: id, Register: Register, Unit: House, Role: unit.Role(role)})
	}); err != nil {
		f.t.Fatal(err)
	}
	return f.as(id, id)
}

// relate puts whoever may work with clients into the client's circle.
func (f *face) relate(role, client string) {
	f.t.Helper()
	if !unit.Role(role).About().Cases {
		return
	}
	if err := f.Update(Boss, func(tx *db.Tx) error {
		_, err := tx.Exec(`insert into relation (tenant_id, relation_id, path_id, client_id, worker_id, role, from_day, to_day, why)
			select tenant_id, $2, path_id, client_id, $3, 'instructor', 1, null, '' from path where tenant_id = $1 and client_id = $4`,
			Tenant, "in-circle-"+role, "one-"+role, client)
		return err
	}); err != nil {
		f.t.Fatal(err)
	}
}
