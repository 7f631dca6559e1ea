package demo_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"testing"
	"time"

	"polku/internal/actor"
	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/demo"
	"polku/internal/i18n"
	"polku/internal/path"
	"polku/internal/polkutest"
	"polku/internal/ruleset"
	"polku/internal/seal"
	"polku/models"
	"polku/rules"
)

var today = civil.Of(polkutest.Noon, time.UTC)

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

func makeDemo(t testing.TB, w *polkutest.World, o demo.Options) {
	t.Helper()
	keys, err := seal.LoadOrMake(t.TempDir())
	must(t, err)
	o.Today = today
	must(t, demo.Make(context.Background(), w.DB, book(t), keys, o))
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

func TestShow(t *testing.T) {
	w := polkutest.New(t, t.TempDir())
	begin := time.Now()
	makeDemo(t, w, demo.Options{Seed: 1})
	t.Log("made in", time.Since(begin))
	view(t, w, func(tx *db.Tx) error {
		for _, q := range []string{
			`select count(*)||' entries' from entry`,
			`select 'status '||status||' '||count(*) from standing group by status`,
			`select w.username||' open '||count(*)||' now '||sum(today_group=1)||' waiting '||sum(today_group=2)||' soon '||sum(today_group=3)||' calm '||sum(today_group=4)||' hung(1-7) '||sum(class<=7) from standing s join worker w on w.worker_id=s.responsible where status<>'closed' group by 1-1,w.username`,
			`select 'unit '||unit_id||' open '||sum(status<>'closed')||' class<=7: '||sum(class<=7 and status<>'closed') from standing group by unit_id`,
			`select coalesce(json_extract(nullif(reason,''),'$.key'),'-')||' '||status||' '||count(*) from standing group by json_extract(nullif(reason,''),'$.key'),status`,
			`select service_id||' '||coalesce(json_extract(nullif(reason,''),'$.key'),'-')||' '||coalesce(json_extract(nullif(reason,''),'$.args.rule'),'')||' '||count(*) from standing where class in (9,10,8,4) group by service_id,json_extract(nullif(reason,''),'$.key'), json_extract(nullif(reason,''),'$.args.rule')`,
			`select 'today meetings '||w.username||' '||count(*) from task join worker w on w.worker_id=task.worker_id where by_day=739677-739677+` + fmt.Sprint(int(today)) + ` and minute>0 group by w.username`,
			`select 'longest '||client_id||' '||count(*) from entry group by client_id order by count(*) desc limit 3`,
			`select 'handoffs '||step||' '||count(*) from handoff group by step`,
			`select kind||' '||count(*) from entry group by kind`,
		} {
			if err := tx.Each(q, nil, func(row func(...any) error) error {
				var s string
				err := row(&s)
				fmt.Println(s)
				return err
			}); err != nil {
				return err
			}
		}
		return nil
	})
	_ = os.Args
	_ = i18n.FI
	_, _, _ = sha256.New, hex.EncodeToString, json.Marshal
}
