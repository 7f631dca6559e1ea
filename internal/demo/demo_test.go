package demo_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"regexp"
	"slices"
	"testing"

	"polku/internal/actor"
	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/demo"
	"polku/internal/entry"
	"polku/internal/i18n"
	"polku/internal/journal"
	"polku/internal/path"
	"polku/internal/polkutest"
	"polku/internal/ruleset"
	"polku/internal/seal"
	"polku/internal/verify"
	"polku/models"
	"polku/rules"
)

// small is the share of clients that tests make.
const small = 8

func book(t testing.TB) *path.Book {
	t.Helper()
	m, err := models.Load()
	must(t, err)
	r, err := rules.Load()
	must(t, err)
	var closed []civil.Date
	for y := 2015; y <= 2030; y++ {
		closed = append(closed, ruleset.HolidayDates(r.Pack(ruleset.Holidays), y)...)
	}
	return &path.Book{Models: m, Rules: r, Calendar: civil.NewCalendar(closed), Stamp: "demo-test"}
}

func makeDemo(t testing.TB, w *polkutest.World, o demo.Options) (*path.Book, *seal.Keys) {
	t.Helper()
	keys, err := seal.LoadOrMake(t.TempDir())
	must(t, err)
	o.Today = civil.Of(polkutest.Noon, w.DB.Zone)
	b := book(t)
	must(t, demo.Make(context.Background(), w.DB, b, keys, o))
	return b, keys
}

func view(t testing.TB, w *polkutest.World, fn func(tx *db.Tx) error) {
	t.Helper()
	must(t, w.DB.View(context.Background(), actor.System(demo.Tenant, actor.Checking, "test"), fn))
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// The balances of the demo are the engine's, each journal's chain is whole, and each persona with cases has
// somebody to meet today.
func TestMake(t *testing.T) {
	polkutest.OnBoth(t, func(t *testing.T, w *polkutest.World) {
		progress, cohorts := 0, false
		b, keys := makeDemo(t, w, demo.Options{Seed: 1, Share: small, Progress: func(done, total int) { progress = 100 * done / total },
			ImportCohorts: func(context.Context) error { cohorts = true; return nil }})
		if progress != 100 || !cohorts {
			t.Errorf("progress %d %%, cohorts asked for: %v", progress, cohorts)
		}
		report, err := verify.All(context.Background(), w.DB, demo.Tenant, b, keys, nil)
		must(t, err)
		if len(report.Findings) > 0 || report.Outdated > 0 || report.Clients < 40 {
			t.Errorf("verify: %d clients, %d outdated, findings %v", report.Clients, report.Outdated, report.Findings)
		}
		personas, err := demo.Personas()
		must(t, err)
		for _, p := range personas {
			view(t, w, func(tx *db.Tx) error {
				var cases, meetings int
				_, err := tx.One(`select count(*) filter (where s.today_group in (1, 2, 3)), (select count(*) from task t where t.tenant_id = $1
					and t.worker_id = max(s.responsible) and t.by_day = $3 and t.minute > 0)
					from standing s join worker w on w.tenant_id = s.tenant_id and w.worker_id = s.responsible
					where s.tenant_id = $1 and w.username = $2 and s.status <> 'closed'`, []any{demo.Tenant, p.Username, tx.Today}, &cases, &meetings)
				withCases := !slices.Contains([]string{"satu", "outi", "aila", "riitta"}, p.Username)
				if withCases && (cases == 0 || meetings == 0) {
					t.Errorf("%s has %d people on Today and %d meetings today", p.Username, cases, meetings)
				}
				return err
			})
		}
	})
}

// The whole demo, once, is as the tour tells it: every worker has a caseload, people are seen to be about to be left
// hanging, hand-offs and exits wait, and one timeline is long.
func TestWholeDemo(t *testing.T) {
	if testing.Short() {
		t.Log("the whole demo is made in the long run only")
		return
	}
	w := polkutest.New(t, t.TempDir())
	makeDemo(t, w, demo.Options{Seed: 1})
	figure := func(what string, least, most int, query string) {
		view(t, w, func(tx *db.Tx) error {
			var n int
			_, err := tx.One(query, []any{demo.Tenant}, &n)
			if n < least || n > most {
				t.Errorf("%s: %d, expected %d–%d", what, n, least, most)
			}
			return err
		})
	}
	figure("clients", 590, 610, `select count(*) from client where tenant_id = $1`)
	figure("people in two registers", 3, 10, `select count(*) from (select person_id from client where tenant_id = $1 group by person_id having count(*) > 1) as twice`)
	figure("open paths", 320, 360, `select count(*) from standing where tenant_id = $1 and status <> 'closed'`)
	figure("largest caseload", 25, 40, `select max(n) from (select count(*) as n from standing where tenant_id = $1 and status <> 'closed' group by responsible) as loads`)
	figure("about to be left hanging in Kuusamo", 8, 15, `select count(*) from standing where tenant_id = $1 and unit_id = 'kuusamo' and status <> 'closed' and class <= 3`)
	figure("hand-offs waiting", 8, 18, `select count(*) from handoff where tenant_id = $1 and step = 'offered'`)
	figure("longest timeline", 2000, 4000, `select max(n) from (select count(*) as n from entry where tenant_id = $1 group by client_id) as long`)
	figure("reopened paths", 2, 20, `select count(*) from entry where tenant_id = $1 and kind = 'reopen'`)
	figure("safety bans", 2, 15, `select count(*) from client where tenant_id = $1 and safety_ban`)
	figure("without identity code", 10, 45, `select count(*) from client where tenant_id = $1 and code_sealed is null`)
}

// The same seed and day give the same entries; another seed gives others.
func TestSameSeedSameDemo(t *testing.T) {
	one, two, other := contentOf(t, 1), contentOf(t, 1), contentOf(t, 2)
	if one != two {
		t.Error("two runs with the same seed differ")
	}
	if one == other {
		t.Error("another seed gives the same")
	}
}

// contentOf gives the hash of all entries of a demo. path.Start gives the entries that it makes itself new ids.
// byTheClock are ids made as people record (UUIDv7, and what stands beside one): they differ in every run.
var byTheClock = regexp.MustCompile(`01[0-9a-f]{6}-[0-9a-f]{4}-[78][0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}`)

func contentOf(t *testing.T, seed uint64) string {
	w := polkutest.New(t, t.TempDir())
	makeDemo(t, w, demo.Options{Seed: seed, Share: small})
	sum := sha256.New()
	view(t, w, func(tx *db.Tx) error {
		var paths []path.Path
		if err := tx.Each(`select path_id, client_id from path where tenant_id = $1 order by path_id`, []any{demo.Tenant}, func(row func(...any) error) error {
			var p path.Path
			err := row(&p.ID, &p.Client)
			paths = append(paths, p)
			return err
		}); err != nil {
			return err
		}
		for _, p := range paths {
			entries, err := journal.Path(tx, p.Client, p.ID)
			if err != nil {
				return err
			}
			var lines []string
			for i := range entries {
				if k := entries[i].Kind; k == entry.KindStart || k == entry.KindRelation {
					entries[i].ID = string(k)
				}
				line, err := json.Marshal(entries[i])
				if err != nil {
					return err
				}
				lines = append(lines, byTheClock.ReplaceAllString(string(line), "new"))
			}
			slices.Sort(lines)
			for _, l := range lines {
				sum.Write([]byte(l))
			}
		}
		return nil
	})
	return hex.EncodeToString(sum.Sum(nil))
}

// Each persona's sentence stands in the catalogue, and each kind of role has one.
func TestPersonas(t *testing.T) {
	personas, err := demo.Personas()
	must(t, err)
	if len(personas) < 8 {
		t.Errorf("%d personas", len(personas))
	}
	for _, p := range personas {
		if !i18n.Has(p.Key) {
			t.Errorf("%s is not in the catalogue", p.Key)
		}
	}
	w := polkutest.New(t, t.TempDir())
	makeDemo(t, w, demo.Options{Seed: 1, Share: 1})
	for _, role := range []string{"worker", "instructor", "coordinator", "manager"} {
		view(t, w, func(tx *db.Tx) error {
			var n int
			_, err := tx.One(`select count(*) from member m join worker w on w.tenant_id = m.tenant_id and w.worker_id = m.worker_id
				where m.tenant_id = $1 and m.role = $2 and w.demo`, []any{demo.Tenant, role}, &n)
			if n == 0 {
				t.Errorf("no persona is %s", role)
			}
			return err
		})
	}
}
