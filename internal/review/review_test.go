package review_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"polku/internal/actor"
	"polku/internal/civil"
	"polku/internal/db"
	. "polku/internal/polkutest"
	"polku/internal/review"
	"polku/internal/unit"
)

// today is the day of Noon.
var today = civil.New(2026, 3, 2)

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// What is on the list after a day, and what is not: the client's own workers at their work, coordinators at theirs.
func TestWhatIsUnusual(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := NewSample(t, w)
		plain, _ := s.Client(t, "Virtanen", "Ville")
		own, _ := s.Client(t, "Kollega", "Kalle")
		kin, _ := s.Client(t, "Kollega", "Kaisa")
		banned, _ := s.Client(t, "Salattu", "Saara")
		broken, _ := s.Client(t, "Lasinen", "Lasse")
		home, _ := s.Client(t, "Toinen", "Tiina")
		ok(t, s.DB.Update(t.Context(), actor.System(Tenant, actor.Sample, "test"), func(tx *db.Tx) error {
			if _, err := unit.AddWorker(tx, unit.Worker{ID: "kalle", Username: "kalle", Name: "Kalle Kollega", Phone: "+358401112223"}); err != nil {
				return err
			}
			if err := unit.Join(tx, unit.Member{Worker: "kalle", Register: Register, Unit: House, Role: unit.RoleWorker}); err != nil {
				return err
			}
			for _, sql := range []string{
				`update client set safety_ban = true where tenant_id = $1 and client_id = '` + banned + `'`,
				`update client set phone = '+358401112223', address = 'Kotikuja 1' where tenant_id = $1 and client_id = '` + own + `'`,
				`update client set address = 'KOTIKUJA 1' where tenant_id = $1 and client_id = '` + home + `'`,
				`insert into emergency (tenant_id, emergency_id, worker_id, client_id, register_id, why, opened_at, until_at, active, told)
					values ($1, 'e', 'kalle', '` + broken + `', '` + Register + `', 'hätä', ` + fmt.Sprint(Noon.UnixMicro()-1) + `, ` + fmt.Sprint(Noon.UnixMicro()+3_600_000_000) + `, true, '')`,
			} {
				if _, err := tx.Exec(sql, Tenant); err != nil {
					return err
				}
			}
			return nil
		}))
		see := func(worker string, clients ...string) {
			who := As(worker)
			who.Screen = "GET /c/{id}"
			ok(t, s.DB.View(t.Context(), who, func(tx *db.Tx) error { tx.Saw(clients...); return nil }))
		}
		for _, c := range []string{plain, own, kin, banned, broken, home} {
			see(Mia, c)  // their own worker
			see(Joni, c) // the coordinator
			see("kalle", c)
		}
		see("kalle", plain, kin) // a list is no opening
		w.DB.Now = func() time.Time { return Noon.Add(11 * time.Hour) }
		for range 6 {
			see(Mia, plain) // at eleven in the evening
		}
		for i := range 31 {
			see(Joni, fmt.Sprint("client-", i)) // a glance at everybody
		}
		// The day before, Kalle recorded for nobody; a second look finds the same rows.
		for range 2 {
			n, err := review.Find(t.Context(), w.Log, w.DB, Tenant, today)
			ok(t, err)
			if n != 12 {
				t.Error("found", n)
			}
		}
		ok(t, s.DB.Update(t.Context(), actor.System(Tenant, actor.Sample, "test"), func(tx *db.Tx) error {
			if _, err := unit.AddWorker(tx, unit.Worker{ID: "oili", Username: "oili", Name: "Oili Oikeus"}); err != nil {
				return err
			}
			return unit.Join(tx, unit.Member{Worker: "oili", Register: Register, Unit: House, Role: unit.RoleComplaints})
		}))
		var got []string
		names := map[string]string{plain: "plain", own: "own", kin: "kin", banned: "banned", broken: "broken", home: "home", "": "all"}
		ok(t, s.View("oili", func(tx *db.Tx) error {
			all, err := review.List(tx, today, today)
			for _, r := range all {
				got = append(got, fmt.Sprintf("%s %s %s %d", r.Worker, names[r.Client], r.Why, r.Reads))
			}
			return err
		}))
		slices.Sort(got)
		want := []string{"kalle banned banned 1", "kalle broken emergency 1", "kalle home no_relation 1", "kalle home same_address 1", "kalle kin no_relation 1",
			"kalle kin same_name 1", "kalle own no_relation 1", "kalle own own 1", "kalle plain no_relation 1", "worker-joni all many 31", "worker-joni all night 31", "worker-mia all night 6"}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s\nwant %s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		// Whom it is about sees none of it, nor does who keeps no rights in the register.
		for _, worker := range []string{"kalle", Mia, Joni, Essi} {
			ok(t, s.View(worker, func(tx *db.Tx) error {
				all, err := review.List(tx, today, today)
				if len(all) > 0 {
					t.Error(worker, len(all))
				}
				return err
			}))
		}
	})
}
