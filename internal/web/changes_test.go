package web_test

import (
	"slices"
	"testing"

	. "polku/internal/polkutest"
	"polku/internal/unit"
)

// Whoever gives an account or a role, ends one, opens a unit's cases to its team, changes a client's basic data or lifts a safety
// ban has a row in the command log: otherwise nobody could show later who had which right, or who uncovered somebody.
func TestChangesOfRightsAndBasicDataLeaveARow(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f := open(t, w)
		id, _ := f.Client(t, "Virtanen", "Aino")
		boss, mia := f.as(Boss, "boss"), f.as(Mia, "mia")
		boss.must("/users/new", "user", "uusi", "name", "Uusi Uunonen", "role", string(unit.RoleWorker), "unit", House, "register", Register)
		boss.must("/users/"+Joni, "user", "joni", "name", "Joni Johdattaja", "role", string(unit.RoleWorker), "unit", House, "register", Register)
		boss.must("/services/team", "unit", House, "together", "true")
		rev := func() (n string) {
			if err := w.DB.Pool().QueryRow(`select rev from client where client_id = $1`, id).Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		mia.must("/c/"+id+"/edit", "first", "Aino", "last", "Virtanen", "language", "fi", "ban", "on", "rev", rev())
		mia.must("/c/"+id+"/edit", "first", "Aino", "last", "Virtanen", "language", "fi", "rev", rev())

		rows := func(worker, client string) (all []string) {
			got, err := w.DB.Pool().Query(`select what from command_log where worker_id = $1 and coalesce(client_id, '') = $2`, worker, client)
			if err != nil {
				t.Fatal(err)
			}
			defer got.Close()
			for got.Next() {
				var what string
				if err := got.Scan(&what); err != nil {
					t.Fatal(err)
				}
				all = append(all, what)
			}
			return all
		}
		var uusi string
		if err := w.DB.Pool().QueryRow(`select worker_id from worker where username = 'uusi'`).Scan(&uusi); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"user.add " + uusi + " worker", "user.rights " + Joni + " worker", "unit.team true"} {
			if all := rows(Boss, ""); !slices.Contains(all, want) {
				t.Errorf("no row %q: %q", want, all)
			}
		}
		for _, want := range []string{"client.ban_set", "client.ban_lifted", "client.edit"} {
			if all := rows(Mia, id); !slices.Contains(all, want) {
				t.Errorf("no row %q: %q", want, all)
			}
		}
	})
}
