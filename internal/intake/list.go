package intake

import (
	"strconv"

	"polku/internal/csvio"
	"polku/internal/db"
	"polku/internal/referral"
)

// Listed tells what became of a benefit authority's list.
type Listed struct {
	Added   int   // new in the queue
	Known   int   // there already: the same row, or the same person waits
	Outside int   // the day count did not pass the threshold this month
	LeftOut []int // rows without an identity code that checks
}

// List brings the people of a benefit authority's monthly list into a service's queue who passed a number of paid days that
// month (60: 48/2026 s. 48; rows that tell no days all count). The same list again adds nothing twice.
func (in *Intake) List(tx *db.Tx, service string, l *csvio.BenefitList, threshold int) (Listed, error) {
	done := Listed{LeftOut: l.LeftOut}
	waiting, err := referral.WaitingCodes(tx, service)
	if err != nil {
		return done, err
	}
	for _, row := range l.Rows {
		if row.Days >= 0 && (row.Days < threshold || row.MonthDays >= 0 && row.Days-row.MonthDays >= threshold) {
			done.Outside++
			continue
		}
		if waiting[string(in.Keys.Index(string(row.Code)))] || waiting[string(in.Keys.OtherIndex(string(row.Code)))] {
			done.Known++
			continue
		}
		answers := map[string]string{"benefit": row.Benefit}
		if row.Days >= 0 {
			answers["unemployed_days"] = strconv.Itoa(row.Days)
		}
		_, code, err := referral.Add(tx, in.Book, in.Keys, referral.New{Service: service, Source: referral.FromLists, LastName: row.LastName, FirstName: row.FirstName,
			Code: row.Code, Municipality: row.Municipality, Answers: answers, RowKey: in.Keys.RowHash(service + "\n" + string(row.Code) + "\n" + row.Month)})
		if err != nil {
			return done, err
		}
		if code == "" {
			done.Known++
			continue
		}
		waiting[string(in.Keys.Index(string(row.Code)))] = true
		done.Added++
	}
	return done, nil
}
