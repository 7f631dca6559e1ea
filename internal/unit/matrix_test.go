package unit_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"polku/internal/actor"
	"polku/internal/client"
	"polku/internal/db"
	. "polku/internal/polkutest"
	"polku/internal/unit"
)

// bonds are what a worker may have to do with a client, and whether it is a current relationship.
var bonds = []struct {
	name    string
	current bool
}{{"none", false}, {"former", false}, {"answered", false}, {"responsible", true}, {"circle", true}, {"offered", true}, {"task", true}, {"cover", true},
	{"cover over", false}, {"emergency", true}, {"emergency over", false}}

// places are where a client is of, seen from the worker.
var places = []string{"own unit", "other unit", "other register"}

// Every role × way of the unit × place of the client × bond, on both databases: what Sees says is what the table says.
func TestAccessMatrix(t *testing.T) {
	expected := readTable(t)
	OnBoth(t, func(t *testing.T, w *World) {
		m := &matrix{NewSample(t, w), t}
		m.house()
		tried := 0
		for _, role := range unit.Roles {
			for _, way := range []string{"team", "own"} {
				worker := fmt.Sprint(role, "-", way)
				m.worker(worker, way, role)
				seen := m.seen(worker)
				for _, place := range places {
					for _, bond := range bonds {
						tried++
						id := m.id(worker, place, bond.name)
						want := may(expected, role, way, place, bond.current)
						if seen[id] != want {
							t.Errorf("%s in a unit %q, client of %s, bond %s: sees %v, the table says %v", role, way, place, bond.name, seen[id], want)
						}
						if must := m.View(worker, func(tx *db.Tx) error { return client.Must(tx, id) }) == nil; must != want {
							t.Errorf("%s in a unit %q, client of %s, bond %s: client.Must %v, the table says %v", role, way, place, bond.name, must, want)
						}
					}
				}
				m.clear(worker)
			}
		}
		if tried != len(unit.Roles)*2*len(places)*len(bonds) {
			t.Error("tried", tried)
		}
	})
}

// may reads the table.
func may(expected map[unit.Role]map[string]string, role unit.Role, way, place string, current bool) bool {
	if place == "other register" {
		return false
	}
	column := way
	if place == "other unit" {
		column = "other"
	}
	switch expected[role][column] {
	case "all":
		return true
	case "relation":
		return current
	}
	return false
}

func readTable(t *testing.T) map[unit.Role]map[string]string {
	t.Helper()
	text, err := os.ReadFile("testdata/access.txt")
	if err != nil {
		t.Fatal(err)
	}
	table := map[unit.Role]map[string]string{}
	for line := range strings.Lines(string(text)) {
		words := strings.Fields(line)
		if len(words) == 0 || words[0] == "#" || strings.HasPrefix(words[0], "#") {
			continue
		}
		if len(words) != 4 {
			t.Fatalf("a line of the table has four words: %q", line)
		}
		table[unit.Role(words[0])] = map[string]string{"team": words[1], "own": words[2], "other": words[3]}
	}
	for _, r := range unit.Roles {
		if table[r] == nil {
			t.Errorf("the table has no line for %s", r)
		}
	}
	if len(table) != len(unit.Roles) {
		t.Error("the table has a role that there is not")
	}
	return table
}

// matrix is a house of two units of a register each way, and the same in another register where nobody has a role.
type matrix struct {
	*Sample
	t *testing.T
}

func (m *matrix) do(fn func(tx *db.Tx) error) {
	m.t.Helper()
	if err := m.DB.Update(context.Background(), actor.System(Tenant, actor.Sample, "test"), fn); err != nil {
		m.t.Fatal(err)
	}
}

func exec(tx *db.Tx, sql string, args ...any) {
	if _, err := tx.Exec(sql, args...); err != nil {
		panic(err)
	}
}

func (m *matrix) house() {
	m.do(func(tx *db.Tx) error {
		for _, u := range []string{"team", "own", "elsewhere"} {
			if _, err := unit.AddUnit(tx, unit.Unit{ID: u, Name: u}); err != nil {
				return err
			}
			if _, err := unit.AddService(tx, m.Book.Models, unit.Service{ID: "service-" + u, Unit: u, Register: Register, Name: u, Model: "valmennus", Version: "1"}); err != nil {
				return err
			}
		}
		if _, err := unit.AddRegister(tx, unit.Register{ID: "closed", Kind: "employment-project", Name: "x", Controller: "x"}); err != nil {
			return err
		}
		if _, err := unit.AddService(tx, m.Book.Models, unit.Service{ID: "service-closed", Unit: "elsewhere", Register: "closed", Name: "x", Model: "valmennus", Version: "1"}); err != nil {
			return err
		}
		return unit.SetTeam(tx, "own", false)
	})
}

func (m *matrix) id(worker, place, bond string) string { return worker + "/" + place + "/" + bond }

// worker makes a worker of a role with one client for each place and bond.
func (m *matrix) worker(worker, way string, role unit.Role) {
	m.do(func(tx *db.Tx) error {
		for _, id := range []string{worker, worker + "-away"} {
			if _, err := unit.AddWorker(tx, unit.Worker{ID: id, Username: id, Name: "Maija Malli"}); err != nil {
				return err
			}
			if err := unit.Join(tx, unit.Member{Worker: id, Register: Register, Unit: way, Role: role}); err != nil {
				return err
			}
		}
		for _, place := range places {
			service, register := "service-"+way, Register
			switch place {
			case "other unit":
				service = "service-elsewhere"
			case "other register":
				service, register = "service-closed", "closed"
			}
			for _, bond := range bonds {
				m.client(tx, worker, m.id(worker, place, bond.name), service, register, bond.name)
			}
		}
		return nil
	})
}

func (m *matrix) client(tx *db.Tx, worker, id, service, register, bond string) {
	exec(tx, `insert into person (tenant_id, person_id, temp_id, safety_ban) values ($1, $2, $2, false)`, Tenant, id)
	exec(tx, `insert into client (tenant_id, client_id, person_id, register_id, last_name, first_name, phone, email, address, municipality, lang, number,
		safety_ban, provisional, note, created_at, rev) values ($1, $2, $2, $3, 'Malli', 'Matti', '', '', '', '', 'fi', '', false, false, '', 0, 1)`, Tenant, id, register)
	exec(tx, `insert into path (tenant_id, path_id, client_id, register_id, service_id, created_at) values ($1, $2, $2, $3, $4, 0)`, Tenant, id, register, service)
	relation := func(who, role string, to any) {
		exec(tx, `insert into relation (tenant_id, relation_id, path_id, client_id, worker_id, role, from_day, to_day, why) values ($1, $2, $3, $3, $4, $5, 1, $6, '')`,
			Tenant, id+role, id, who, role, to)
	}
	switch bond {
	case "former":
		relation(worker, "responsible", int64(tx.Today))
	case "responsible":
		relation(worker, "responsible", nil)
	case "circle":
		relation(worker, "instructor", nil)
	case "offered", "answered":
		step := map[string]string{"offered": "offered", "answered": "declined"}[bond]
		exec(tx, `insert into handoff (tenant_id, handoff_id, path_id, client_id, from_worker, to_worker, step, offered_on, why) values ($1, $2, $2, $2, 'x', $3, $4, 1, '')`,
			Tenant, id, worker, step)
	case "task":
		exec(tx, `insert into task (tenant_id, task_id, path_id, client_id, owner, worker_id, what, by_day, minute, place, source, entry_id, booked, beside)
			values ($1, $2, $2, $2, 'worker', $3, 'x', 1, -1, '', '', '', '', true)`, Tenant, id, worker)
	case "cover", "cover over":
		away := worker + "-away"
		if bond == "cover over" {
			away = worker + "-back"
		}
		relation(away, "responsible", nil)
		to := tx.Today
		if bond == "cover over" {
			to = tx.Today - 1
		}
		exec(tx, `insert into cover (tenant_id, cover_id, absent, cover, from_day, to_day) values ($1, $2, $3, $4, $5, $6)`, Tenant, id, away, worker, tx.Today-5, to)
	case "emergency", "emergency over":
		until := tx.At + 1
		if bond == "emergency over" {
			until = tx.At
		}
		exec(tx, `insert into emergency (tenant_id, emergency_id, worker_id, client_id, register_id, why, opened_at, until_at, active, told)
			values ($1, $2, $3, $2, $4, 'x', 1, $5, true, '')`, Tenant, id, worker, register, until)
	}
	if err := unit.Settle(tx); err != nil {
		panic(err)
	}
}

// seen gives the clients that a list of the worker's would show.
func (m *matrix) seen(worker string) map[string]bool {
	m.t.Helper()
	seen := map[string]bool{}
	if err := m.View(worker, func(tx *db.Tx) error {
		return tx.Each(`select c.client_id from client c where c.tenant_id = $1 and `+unit.Sees("c"), []any{Tenant, worker}, func(row func(...any) error) error {
			var id string
			err := row(&id)
			seen[id] = true
			return err
		})
	}); err != nil {
		m.t.Fatal(err)
	}
	return seen
}

func (m *matrix) clear(worker string) {
	m.do(func(tx *db.Tx) error {
		exec(tx, `delete from cover where tenant_id = $1 and cover = $2`, Tenant, worker)
		return nil
	})
}

// The duty holder of a unit where each works only their own sees all its clients, from the moment they accept.
func TestTheDutyHolderSeesTheUnit(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		m := &matrix{NewSample(t, w), t}
		m.house()
		m.worker("w", "own", unit.RoleWorker)
		id := m.id("w", "own unit", "none")
		if m.seen("w")[id] {
			t.Fatal("before the duty")
		}
		m.do(func(tx *db.Tx) error { return unit.AcceptDuty(tx, "own", "w") })
		if seen := m.seen("w"); !seen[id] || seen[m.id("w", "other unit", "none")] || seen[m.id("w", "other register", "responsible")] {
			t.Error("the own unit, and nothing else")
		}
	})
}
