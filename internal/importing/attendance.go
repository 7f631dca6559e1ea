package importing

import (
	"slices"

	"polku/internal/civil"
	"polku/internal/csvio"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fold"
	"polku/internal/ident"
)

// Person is somebody as an attendance list names them, and whom that is taken to mean.
type Person struct {
	Index      int    // in csvio.AttendanceList.People
	Name       string // as the list writes it; the number where there is no name
	Rows       int
	Answer     string        // client id, Provisional or Skip; empty: nobody has said yet
	Sure       bool          // found without doubt
	Remembered bool          // answered in an earlier import
	Is         string        // name of the client whom Answer means
	Matches    []csvio.Match // clients whom the name can mean
	Names      []string      // of the matches
}

// Doubtful tells whether a person should look at whom the name is taken to mean: nobody, several, or one by a short
// name, which could be somebody else's too.
func (x Person) Doubtful() bool {
	if x.Rows == 0 {
		return false
	}
	return x.Remembered || !x.Sure || x.Matches[0].Why == csvio.MatchInitial || x.Matches[0].Why == csvio.MatchLast
}

// Unanswered tells whether nothing is said of a person one by one, so that Choices.Unmatched is for them.
func (x Person) Unanswered(c Choices) bool {
	return x.Rows > 0 && !x.Sure && !x.Remembered && c.Names[x.Index] == ""
}

// rosterMost is how many clients are offered to choose from by hand; of more, only those whom a name can mean are.
const rosterMost = 400

// PlanAttendance tells what would be done with an attendance list. It writes nothing.
func (im *Importer) PlanAttendance(tx *db.Tx, l *csvio.AttendanceList, c Choices) (*Plan, error) {
	p, err := im.begin(tx, Attendance, c)
	if err != nil {
		return nil, err
	}
	p.List, p.File = l, l.Summary.File
	ro := newRoster(tx, p.Service.ID)
	if err := im.whoIsWho(tx, p, ro); err != nil {
		return nil, err
	}
	mended, err := mendedMarks(tx, p.Service.ID)
	if err != nil {
		return nil, err
	}
	marks := map[string]map[markPlace]seen{} // by client
	for i := range l.Rows {
		row, err := im.judgeMark(tx, p, ro, marks, mended, i)
		if err != nil {
			return nil, err
		}
		p.Count.count(&row)
		p.Rows = append(p.Rows, row)
	}
	for _, person := range p.People {
		if person.Answer == Provisional && slices.ContainsFunc(p.Rows, func(r Row) bool { return r.Fate == Added && l.Rows[r.Index].Person == person.Index }) {
			p.Count.NewClients++
			p.Count.Open++
		}
	}
	return p, nil
}

// whoIsWho settles whom the people of the list mean.
func (im *Importer) whoIsWho(tx *db.Tx, p *Plan, ro *roster) error {
	remembered, err := rememberedNames(tx, p.Service.ID)
	if err != nil {
		return err
	}
	days := make([][]civil.Date, len(p.List.People))
	for i := range p.List.Rows {
		r := &p.List.Rows[i]
		days[r.Person] = append(days[r.Person], r.Day)
	}
	for i, a := range p.List.People {
		person := Person{Index: i, Name: a.Name, Rows: a.Marks}
		if person.Name == "" {
			person.Name = a.Number
		}
		if person.Matches, err = ro.find(im, p.Service.Register, a, days[i]); err != nil {
			return err
		}
		for _, m := range person.Matches {
			r, err := ro.of(m.ID)
			if err != nil {
				return err
			}
			person.Names = append(person.Names, r.name)
			tx.Saw(m.ID)
		}
		answer, before := p.Choices.Names[i], remembered[im.nameKey(p.Service.ID, a)]
		named, err := ro.of(answer)
		if err != nil {
			return err
		}
		still := false
		if before != "" {
			if still, err = ro.stillMeans(before, person.Matches, days[i]); err != nil {
				return err
			}
		}
		switch {
		case answer == Provisional, answer == Skip, len(named.stays) > 0:
			person.Answer = answer
		case len(person.Matches) == 1 && person.Matches[0].Sure && !byName(person.Matches[0]):
			person.Answer, person.Sure = person.Matches[0].ID, true
		case still:
			person.Answer, person.Remembered = before, true
		case len(person.Matches) == 1 && person.Matches[0].Sure:
			person.Answer, person.Sure = person.Matches[0].ID, true
		case p.Choices.Unmatched == Skip, p.Choices.Unmatched == Provisional && p.Choices.DefaultWorker != "":
			person.Answer = p.Choices.Unmatched
		}
		if is, err := ro.of(person.Answer); err != nil {
			return err
		} else if len(is.stays) > 0 {
			person.Is = is.name
			tx.Saw(person.Answer)
		}
		p.People = append(p.People, person)
	}
	if !slices.ContainsFunc(p.People, Person.Doubtful) {
		return nil
	}
	if err := ro.everybody(); err != nil || len(ro.names.People) > rosterMost {
		return err
	}
	p.Roster = ro.names.People
	for _, n := range p.Roster {
		tx.Saw(n.ID)
	}
	return nil
}

// byName tells whether a match rests on a name, which two people can share.
func byName(m csvio.Match) bool {
	return m.Why != "importing.match.number" && m.Why != "importing.match.code"
}

// judgeMark tells what becomes of one day of one person.
func (im *Importer) judgeMark(tx *db.Tx, p *Plan, ro *roster, marks map[string]map[markPlace]seen, mended map[string]bool, i int) (Row, error) {
	r := &p.List.Rows[i]
	row := Row{Index: i, Sheet: r.Sheet, No: r.Row, Notes: r.Problems, Fate: Added}
	left := func(fate Fate, why string) (Row, error) {
		row.Fate, row.Why = fate, why
		return row, nil
	}
	if len(mended) > 0 && mended[im.markKey(p, r)] {
		row.Fate = Already
		return row, nil
	}
	for _, problem := range r.Problems {
		row.Ask = row.Ask || problem.Level == csvio.Ask
		if problem.Level == csvio.Blocked {
			row.Args = problem.Args
			return left(Left, problem.Key)
		}
	}
	person := &p.People[r.Person]
	switch {
	case r.Day.IsZero() || r.Kind == "":
		return left(Left, "importing.left.blocked")
	case r.Day > tx.Today:
		return left(Left, "importing.left.future")
	case r.Duplicate && row.Ask:
		return left(Left, "importing.left.twice")
	case r.Duplicate:
		return left(Twin, "importing.left.twin")
	case person.Answer == Skip:
		return left(Chosen, "importing.left.chosen")
	case person.Answer == "":
		row.Ask = true
		return left(Left, "importing.left.who")
	case person.Answer == Provisional:
		return row, nil
	}
	row.Client = person.Answer
	is, err := ro.of(row.Client)
	if err != nil {
		return row, err
	}
	path, why := is.pathOn(r.Day)
	row.Path = path
	if why != "" {
		row.Notes = append(slices.Clip(row.Notes), csvio.Problem{Level: csvio.Remark, Sheet: r.Sheet, Row: r.Row, Col: r.Col, Key: why})
	}
	if marks[row.Client] == nil {
		if marks[row.Client], err = marksOf(tx, row.Client, p.Service.ID); err != nil {
			return row, err
		}
	}
	if m, there := marks[row.Client][p.placeOf(r)]; there {
		if !m.gone && m.mark != (mark{r.Kind, r.Minutes, r.Reason}) {
			return left(Left, "importing.left.differs")
		}
		row.Fate, row.Ask = Already, false
	}
	return row, nil
}

func (p *Plan) groupOf(r *csvio.AttendanceRow) csvio.Group {
	if r.Group < 0 {
		return csvio.Group{}
	}
	return p.List.Groups[r.Group]
}

// placeOf names a person's day in a group.
func (p *Plan) placeOf(r *csvio.AttendanceRow) markPlace {
	return markPlace{r.Day, fold.Text(p.groupOf(r).Name)}
}

// markEntry gives the journal entry of a day.
func (p *Plan) markEntry(r *csvio.AttendanceRow) entry.Entry {
	g := p.groupOf(r)
	e := entry.Entry{ID: ident.New(), Day: r.Day, Minute: -1, Kind: r.Kind, Minutes: r.Minutes, Mode: r.Mode}
	if g.To > g.From {
		e.Minute = g.From
	}
	if r.Kind == entry.KindAbsence {
		e.Minutes, e.Mode = 0, ""
		e.Body = &entry.Absence{Reason: r.Reason, Group: g.Name, Theme: g.Theme, Text: p.labelled("import.field.leader", g.Leader)}
	} else {
		e.Body = &entry.Attendance{Group: g.Name, Theme: g.Theme, Text: p.labelled("import.field.leader", g.Leader)}
	}
	return e
}
