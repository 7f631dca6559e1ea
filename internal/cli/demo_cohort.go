package cli

import (
	"bytes"
	"context"

	"polku/internal/actor"
	"polku/internal/csvio"
	"polku/internal/db"
	"polku/internal/demo"
	"polku/internal/i18n"
	"polku/internal/importing"
	"polku/samples"
)

// importCohorts brings the two published cohorts into the demo by the ordinary import, at their true dates: the
// figures that those projects published must come out of Polku's own reports.
func importCohorts(ctx context.Context, o *opened) error {
	for _, list := range []struct{ file, service string }{{samples.Rauma, demo.RaumaParty}, {samples.WorkAble, demo.S20058}} {
		if err := importSample(ctx, o, list.file, list.service, false); err != nil {
			return err
		}
	}
	return importSample(ctx, o, samples.Rauma, demo.RaumaParty, true)
}

// importSample imports the people of a list, or the attendance that the same file holds. Whom the list of people
// does not know is left out.
func importSample(ctx context.Context, o *opened, file, service string, attendance bool) error {
	data, err := samples.FS.ReadFile(file)
	if err != nil {
		return err
	}
	book, err := csvio.Read(file, bytes.NewReader(data))
	if err != nil {
		return err
	}
	im := &importing.Importer{Book: o.Book, Keys: o.Keys}
	choices := importing.Choices{Service: service, Unmatched: importing.Skip, Say: func(key string) string { return i18n.FI.T(key) }}
	me := who(actor.Sample, "demo")
	var plan *importing.Plan
	err = o.DB.View(ctx, me, func(tx *db.Tx) error {
		options := csvio.Options{Today: tx.Today, Calendar: o.Book.Calendar}
		if attendance {
			list, err := csvio.ReadAttendance(book, options)
			if err != nil {
				return err
			}
			plan, err = im.PlanAttendance(tx, list, choices)
			return err
		}
		list, err := csvio.ReadClients(book, options)
		if err != nil {
			return err
		}
		plan, err = im.PlanClients(tx, list, choices)
		return err
	})
	if err != nil {
		return err
	}
	_, err = im.Run(ctx, o.DB, me, plan, nil)
	return err
}
