package web

import (
	"slices"
	"strconv"
	"time"

	"polku/internal/csvio"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/importing"
)

// answers are what a person has said about a held list so far.
type answers struct {
	opt     csvio.Options
	choices importing.Choices
	order   string // of names in one column: "", first or last
}

// readAnswers reads the preview's form into the answers, and tells which cells were put right in it. The columns, spellings, names and marks are numbered as
// the list was read before this answer.
func (q *request) readAnswers(h *held, a answers) (_ answers, mended []csvio.Ref, _ error) {
	var p *importing.Plan
	err := q.view(func(tx *db.Tx) (err error) {
		_, p, err = q.plan(tx, h, a)
		return err
	})
	if err != nil && !fault.Is(err, fault.Invalid) {
		return a, nil, err
	}
	v := q.PostFormValue
	a.choices.Service, a.choices.Whole = v("service"), v("whole") == "1"
	a.opt.Sheet, a.opt.MonthFirst = v("sheet"), v("days") == "month"
	if a.order = v("names"); a.order != "first" && a.order != "last" {
		a.order = ""
	}
	a.opt.Year, a.opt.Month = 0, 0
	if m, err := time.Parse("2006-01", v("month")); err == nil {
		a.opt.Year, a.opt.Month = m.Year(), int(m.Month())
	}
	a.opt.DayMinutes = 0
	if hours, err := strconv.Atoi(v("length")); err == nil && hours > 0 && hours <= longestDay {
		a.opt.DayMinutes = hours * 60
	}
	if p == nil {
		return a, nil, nil
	}
	mended = q.readCells(h, &a, p)
	q.readColumns(&a, p)
	if w := v("q_default"); w != "" {
		a.choices.DefaultWorker = w
	}
	switch u := v("q_unmatched"); u {
	case importing.Provisional, importing.Skip:
		a.choices.Unmatched = u
	default:
		a.choices.Unmatched = ""
	}
	a.choices.Workers, a.choices.Same, a.choices.Names = map[string]string{}, map[int]string{}, map[int]string{}
	for i, s := range p.Spelling {
		if _, told := q.PostForm["worker_"+strconv.Itoa(i)]; told {
			a.choices.Workers[s.Name] = v("worker_" + strconv.Itoa(i))
		}
	}
	n := 0
	for _, x := range p.People {
		if !x.Doubtful() {
			continue
		}
		if answer := v("name_" + strconv.Itoa(n)); answer != "" {
			a.choices.Names[x.Index] = answer
		}
		n++
	}
	for _, r := range p.Rows {
		if answer := v("q_same_" + strconv.Itoa(r.Index)); answer != "" {
			a.choices.Same[r.Index] = answer
		}
	}
	if p.List != nil {
		q.readMarks(&a, p)
	}
	return a, mended, nil
}

// readColumns keeps the meanings that the person changed.
func (q *request) readColumns(a *answers, p *importing.Plan) {
	own := map[string]csvio.Meaning{}
	for k, m := range a.opt.Columns {
		own[k] = m
	}
	for i, c := range columnsOf(p) {
		typed, told := q.PostForm["col_"+strconv.Itoa(i)]
		if !told {
			continue
		}
		m := csvio.Meaning(typed[0])
		switch {
		case m == "":
			m = csvio.Ignore
		case m == unknownMeaning:
			m = csvio.Unknown
		case !slices.Contains(meanings[p.Kind], m) && m != c.Meaning:
			continue
		}
		if m != c.Meaning {
			own[c.Key()] = m
		}
	}
	a.opt.Columns = own
}

func (q *request) readMarks(a *answers, p *importing.Plan) {
	marks := map[string]csvio.MarkMeaning{}
	for k, m := range a.opt.Marks {
		marks[k] = m
	}
	for i, m := range p.List.Marks {
		answer := q.PostFormValue("q_mark_" + strconv.Itoa(i))
		for _, w := range markWords {
			if !m.Sure && w.key == answer {
				marks[m.Mark] = w.mean
			}
		}
	}
	a.opt.Marks = marks
}
