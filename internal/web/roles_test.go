package web_test

import (
	"fmt"
	"strings"
	"testing"

	"polku/internal/db"
	. "polku/internal/polkutest"
	"polku/internal/unit"
)

// The form of an account offers five presets first; who has several roles keeps each, and what any of them opens is open.
func TestRolesOfAnAccount(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f := open(t, w)
		if err := f.Update(Boss, func(tx *db.Tx) error {
			return unit.Join(tx, unit.Member{Worker: Mia, Register: Walled, Unit: House, Role: unit.RoleManager})
		}); err != nil {
			t.Fatal(err)
		}
		roles := func() string {
			var all []string
			if err := f.View(Boss, func(tx *db.Tx) error {
				members, err := unit.Members(tx, Mia)
				for _, m := range members {
					all = append(all, fmt.Sprint(m.Register, " ", m.Role))
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return strings.Join(all, ", ")
		}
		both := Register + " worker, " + Walled + " manager"
		boss := f.as(Boss, "boss")
		page := boss.page("/users/" + Mia)
		order := []string{`value="keep"`, `value="worker"`, `value="instructor"`, `value="coordinator"`, `value="manager"`, `value="admin"`, "Lisää rooleja", `value="student"`, `value="employer"`}
		at := -1
		for _, word := range order {
			if i := strings.Index(page, word); i <= at {
				t.Error(word, "is not after the one before it")
			} else {
				at = i
			}
		}
		boss.says(page, "työntekijä", "esihenkilö", "Roolit säilyvät eri rekistereissä")
		boss.must("/users/"+Mia, "user", "mia", "name", "Mia Uusi", "role", "keep", "unit", House, "register", Register, "register", Walled)
		if got := roles(); got != both {
			t.Error("a new name changes the roles:", got)
		}
		boss.says(boss.page("/users"), "Mia Uusi", "työntekijä", "esihenkilö")
		mia := f.as(Mia, "mia")
		if status, _ := mia.get("/retention"); status == 403 { // by the second role, of less weight in the menus
			t.Error("a manager who does case work, too, may not look after keeping periods:", status)
		}
		if err := f.Update(Boss, func(tx *db.Tx) error {
			_, err := unit.AddRegister(tx, unit.Register{ID: "third", Kind: "employment-project", Name: "Kolmas", Controller: "Kunta"})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if status, body := boss.post("/users/"+Mia, "user", "mia", "name", "Mia", "role", "keep", "unit", House, "register", "third"); status != 422 || !strings.Contains(text(body), "tarvitsee roolin") {
			t.Error(status)
		}
		boss.must("/users/"+Mia, "user", "mia", "name", "Mia", "role", "keep", "unit", House, "register", Walled)
		if got := roles(); got != Walled+" manager" {
			t.Error("a register that was taken away:", got)
		}
	})
}
