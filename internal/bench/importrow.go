package bench

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"polku/internal/civil"
	"polku/internal/csvio"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/hetu"
	"polku/internal/importing"
)

// Sizes of the imported lists: people with a service each, and their days.
const (
	importPeople = 1000
	importDays   = 20 // of each
)

// importPeople gives rows a second of importing a list of people, from the bytes of the file to the last commit. The
// import is undone, so that the data set stays what it was.
func (d *Data) importPeople(ctx context.Context, s *set) (rate float64, rows int, err error) {
	first, err := d.unused(ctx)
	if err != nil {
		return 0, 0, err
	}
	id, rate, err := d.bringIn(ctx, s, "people.csv", peopleFile(first, d.today()), importPeople)
	if err != nil {
		return 0, 0, err
	}
	_, err = d.importer().Undo(ctx, d.DB, system(), id)
	return rate, importPeople, err
}

// importDays gives rows a second of importing an attendance list of people who have just been imported. They stay:
// an import of people with whom somebody has worked since is not undone.
func (d *Data) importDays(ctx context.Context, s *set) (rate float64, rows int, err error) {
	first, err := d.unused(ctx)
	if err != nil {
		return 0, 0, err
	}
	if _, _, err := d.bringIn(ctx, s, "people.csv", peopleFile(first, d.today()), importPeople); err != nil {
		return 0, 0, err
	}
	_, rate, err = d.bringIn(ctx, s, "days.csv", dayFile(first, d.today()), importPeople*importDays)
	return rate, importPeople * importDays, err
}

// unused gives the number of the first person whom no earlier import has brought in.
func (d *Data) unused(ctx context.Context) (int, error) {
	first := 0
	err := d.DB.View(ctx, system(), func(tx *db.Tx) error {
		earlier, err := importing.List(tx, 1<<30)
		first = len(earlier) * importPeople
		return err
	})
	return first, err
}

// bringIn imports a list of which every row must go in.
func (d *Data) bringIn(ctx context.Context, s *set, name string, file []byte, rows int) (id string, rate float64, err error) {
	before := time.Now()
	plan, err := d.plan(ctx, s, name, file)
	if err != nil {
		return "", 0, err
	}
	if plan.Count.Added != rows {
		return "", 0, fault.E(fault.Internal, "bench.import_left", fault.Args{"added": plan.Count.Added, "rows": len(plan.Rows)})
	}
	id, err = d.importer().Run(ctx, d.DB, system(), plan, nil)
	return id, float64(rows) / time.Since(before).Seconds(), err
}

func (d *Data) importer() *importing.Importer {
	return &importing.Importer{Book: d.Book, Keys: d.Keys}
}

func (d *Data) plan(ctx context.Context, s *set, name string, file []byte) (*importing.Plan, error) {
	book, err := csvio.ReadBytes(name, file)
	if err != nil {
		return nil, err
	}
	choices := importing.Choices{Service: serviceID(0), DefaultWorker: WorkerID(Workers(s.clients) - 1)}
	var plan *importing.Plan
	days, notDays := csvio.ReadAttendance(book, csvio.Options{})
	people, err := csvio.ReadClients(book, csvio.Options{})
	if notDays != nil && err != nil {
		return nil, err
	}
	err = d.DB.View(ctx, system(), func(tx *db.Tx) (err error) {
		if notDays == nil {
			plan, err = d.importer().PlanAttendance(tx, days, choices)
		} else {
			plan, err = d.importer().PlanClients(tx, people, choices)
		}
		return err
	})
	return plan, err
}

// importedCode gives the identity code of the i-th person of the lists: nobody of the data set has it, as all of them
// were born after 1954.
func importedCode(i int) string {
	code, err := hetu.Make(civil.New(1930, 1, 1)+civil.Date(i%9000), '-', 900+i/9000%100)
	if err != nil {
		return ""
	}
	return string(code)
}

func peopleFile(first int, today civil.Date) []byte {
	var b bytes.Buffer
	b.WriteString("Sukunimi;Etunimi;Henkilötunnus;Puhelin;Aloituspäivä\n")
	for i := range importPeople {
		fmt.Fprintf(&b, "Tuotu%s;Asiakas;%s;+35841%07d;%s\n", letters(first+i), importedCode(first+i), first+i, finnish(today-civil.Date(60)))
	}
	return b.Bytes()
}

func dayFile(first int, today civil.Date) []byte {
	var b bytes.Buffer
	b.WriteString("Sukunimi;Etunimi;Henkilötunnus;Päivä;Läsnä;Tunnit\n")
	for k := range importDays {
		for i := range importPeople {
			fmt.Fprintf(&b, "Tuotu%s;Asiakas;%s;%s;x;4\n", letters(first+i), importedCode(first+i), finnish(today-civil.Date(1+2*k)))
		}
	}
	return b.Bytes()
}

// letters makes a number a word: names have no digits.
func letters(i int) string {
	word := ""
	for ; i > 0 || word == ""; i /= 20 {
		word += string(rune('a' + i%20))
	}
	return word
}

func finnish(d civil.Date) string {
	y, m, day := d.Parts()
	return fmt.Sprintf("%d.%d.%d", day, m, y)
}
