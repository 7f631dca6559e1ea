package importing_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"polku/internal/csvio"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/ident"
	"polku/internal/importing"
	"polku/internal/polkutest"
)

// daysOf plans an attendance list of so many rows: the people of a service, a hundred days each, the last the rest.
func (w *world) daysOf(rows int) *importing.Plan {
	w.t.Helper()
	var text strings.Builder
	text.WriteString("Asiakas;Ryhmä;Päivä;Läsnä\n")
	for i := range rows {
		person, day := i/100, i%100
		name := fmt.Sprintf("Testi%c%c", 'a'+person%26, 'a'+person/26)
		if day == 0 {
			w.Client(w.t, name, "Tiina")
		}
		fmt.Fprintf(&text, "%s Tiina;Puu;%s;x\n", name, time.Date(2025, 9, 1+day, 0, 0, 0, 0, time.UTC).Format("2.1.2006"))
	}
	p := w.planAttendance(w.sheet("raja.csv", text.String()), csvio.Options{}, choices())
	if p.Count.Added != rows {
		w.t.Fatalf("%+v", p.Count)
	}
	return p
}

// spoil makes the last person's days fail to be stored, as if their path had gone after the preview.
func spoil(p *importing.Plan) {
	last := p.Rows[len(p.Rows)-1].Client
	for i := range p.Rows {
		if p.Rows[i].Client == last {
			p.Rows[i].Path = ident.New()
		}
	}
}

func (w *world) days() int {
	return w.number(`select count(*) from entry where kind = 'attendance'`)
}

// 5 000 rows are one transaction: a failure at the last person leaves nothing at all.
func TestFiveThousandRowsGoInTogetherOrNotAtAll(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		p := w.daysOf(importing.WholeMost)
		before := w.dump()
		spoil(p)
		reached := 0
		_, err := w.im.Run(context.Background(), w.DB, polkutest.As(polkutest.Mia), p, func(done, _ int) { reached = done })
		if err == nil || reached < importing.WholeMost-200 {
			t.Fatalf("it was to fail at the last person: %v after %d rows", err, reached)
		}
		if n := w.days() + w.number(`select count(*) from import_run`) + w.number(`select count(*) from import_item`) + w.number(`select count(*) from name_alias`); n != 0 || w.dump() != before {
			t.Errorf("%d rows are left of a failed import", n)
		}
		w.verified()
	})
}

// One row more goes in batches of at most 500 under one import id: between any two of them a colleague's record goes
// through, a failure keeps what went in before it, and the whole is undone as one.
func TestMoreRowsLetOthersWorkInBetween(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		_, hers := w.Client(t, "Virtanen", "Ville")
		p := w.daysOf(importing.WholeMost + 1)
		spoil(p)
		var seen []int
		id, err := w.im.Run(context.Background(), w.DB, polkutest.As(polkutest.Mia), p, func(done, total int) {
			w.must(w.Update(polkutest.Joni, func(tx *db.Tx) error {
				_, err := w.Book.Append(tx, hers, entry.Entry{ID: ident.New(), Day: tx.Today, Minute: -1, Kind: entry.KindNote, Body: &entry.Note{Text: "väliin"}})
				return err
			}))
			seen = append(seen, w.days())
		})
		if err == nil {
			t.Fatal("the last batch was to fail")
		}
		if !slices.Equal(seen, []int{500, 1000, 1500, 2000, 2500, 3000, 3500, 4000, 4500, 5000}) {
			t.Errorf("days that stood when a colleague recorded: %v", seen)
		}
		if n := w.number(`select count(*) from entry where kind = 'note' and path_id = $1`, hers); n != 10 {
			t.Errorf("%d of 10 records of the colleague", n)
		}
		if n := w.number(`select count(*) from entry where kind = 'attendance' and import_id = $1`, id); n != 5000 || w.number(`select count(*) from import_run where status = 'failed'`) != 1 {
			t.Errorf("%d days stand under the import's id", n)
		}
		if kept := w.undo(id); kept != 0 || w.standingDays() != 0 {
			t.Errorf("undone: %d clients kept something, %d days stand", kept, w.standingDays())
		}
	})
}

// standingDays counts the days that nobody has taken back.
func (w *world) standingDays() int {
	return w.number(`select count(*) from entry e where e.kind = 'attendance' and not exists (select 1 from entry x where x.tenant_id = e.tenant_id and x.client_id = e.client_id and x.corrects = e.entry_id and x.corrects <> '')`)
}
