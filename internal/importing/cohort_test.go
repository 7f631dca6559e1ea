package importing_test

import (
	"context"
	"testing"
	"time"

	"polku/internal/actor"
	"polku/internal/civil"
	"polku/internal/demo"
	"polku/internal/importing"
	"polku/internal/path"
	"polku/internal/polkutest"
	"polku/internal/ruleset"
	"polku/internal/seal"
	"polku/internal/verify"
	"polku/models"
	"polku/rules"
	"polku/samples"
)

// The demo's services hold the published cohorts with their figures, by the ordinary import.
func TestCohortsOfTheDemo(t *testing.T) {
	w := polkutest.New(t, t.TempDir())
	ctx := context.Background()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	set, err := models.Load()
	must(err)
	packs, err := rules.Load()
	must(err)
	keys, err := seal.LoadOrMake(t.TempDir())
	must(err)
	book := &path.Book{Models: set, Rules: packs, Calendar: ruleset.Calendar(packs, 2000, 2060, nil), Stamp: "test"}
	im := &importing.Importer{Book: book, Keys: keys}
	who := actor.System(demo.Tenant, actor.Sample, "test")
	var took time.Duration
	must(demo.Make(ctx, w.DB, book, keys, demo.Options{Seed: 1, Today: civil.Of(polkutest.Noon, w.DB.Zone), Share: 2, ImportCohorts: func(ctx context.Context) error {
		start := time.Now()
		defer func() { took = time.Since(start) }()
		return im.Cohorts(ctx, w.DB, who, []importing.Cohort{{File: samples.Rauma, Service: demo.RaumaParty, Attendance: true}, {File: samples.WorkAble, Service: demo.S20058}},
			func(key string) string { return key }, nil)
	}}))
	t.Logf("cohorts in %v", took)
	s := &world{&polkutest.Sample{World: w, Book: book, Keys: keys}, im, t}
	for service, want := range map[string]int{demo.RaumaParty: 250, demo.S20058: 270} {
		if n := s.systemNumber(`select count(distinct client_id) from path where service_id = $1`, service); n != want {
			t.Errorf("%d people, want %d", n, want)
		}
	}
	if n := s.systemNumber(`select count(*) from entry e join path p on p.path_id = e.path_id where p.service_id = $1 and e.kind = 'attendance'`, demo.RaumaParty); n != 3255 {
		t.Errorf("%d present in Rauma", n)
	}
	if n := s.systemNumber(`select count(*) from standing where status <> 'closed' and (responsible is null or step_by is null)`); n != 0 {
		t.Errorf("%d are left hanging", n)
	}
	r, err := verify.All(ctx, w.DB, demo.Tenant, book, keys, func(int, int) {})
	must(err)
	if len(r.Findings) > 0 {
		t.Errorf("verify: %+v", r.Findings[0])
	}
}
