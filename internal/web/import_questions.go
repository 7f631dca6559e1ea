package web

import (
	"slices"
	"strconv"
	"strings"

	"polku/internal/csvio"
	"polku/internal/entry"
	"polku/internal/importing"
	"polku/internal/web/view"
)

func (q *request) spellings(p *importing.Plan) []view.Spelling {
	var all []view.Spelling
	for _, s := range p.Spelling {
		w := view.Spelling{Text: strings.Join(s.All, ", "), Rows: s.Rows, Remembered: s.Remembered, Options: []view.Option{{Text: q.lang.T("importing.nobody"), On: s.Worker == ""}}}
		for _, x := range p.Staff {
			w.Options = append(w.Options, view.Option{Value: x.ID, Text: x.Name, On: x.ID == s.Worker})
		}
		all = append(all, w)
	}
	return all
}

// shortNames are the people of an attendance list of whom it is not sure who they are, or only by a short name.
func (q *request) shortNames(p *importing.Plan) []view.Spelling {
	var all []view.Spelling
	for _, x := range p.People {
		if !x.Doubtful() {
			continue
		}
		s := view.Spelling{Text: x.Name, Rows: x.Rows, Remembered: x.Remembered}
		answer := p.Choices.Names[x.Index]
		if answer == "" && (x.Sure || x.Remembered) {
			answer = x.Answer
		}
		s.Options = []view.Option{{Text: q.lang.T("importing.choose"), On: answer == ""}}
		matched := map[string]bool{}
		for i, m := range x.Matches {
			matched[m.ID] = true
			s.Options = append(s.Options, view.Option{Value: m.ID, Text: q.lang.T("import.names_match", "name", x.Names[i]), On: answer == m.ID})
		}
		s.Options = append(s.Options, view.Option{Value: importing.Provisional, Text: q.lang.T("import.names_provisional"), On: answer == importing.Provisional},
			view.Option{Value: importing.Skip, Text: q.lang.T("import.names_skip"), On: answer == importing.Skip})
		if x.Is != "" && !matched[x.Answer] && !slices.ContainsFunc(p.Roster, func(c csvio.PersonName) bool { return c.ID == x.Answer }) {
			s.Options = append(s.Options, view.Option{Value: x.Answer, Text: x.Is, On: answer == x.Answer})
		}
		for _, c := range p.Roster {
			if !matched[c.ID] {
				s.Options = append(s.Options, view.Option{Value: c.ID, Text: c.Last + " " + c.First, On: answer == c.ID})
			}
		}
		all = append(all, s)
	}
	return all
}

// questions are what is asked about many rows, or about one person.
func (q *request) questions(p *importing.Plan) []view.Question {
	var all []view.Question
	if p.Kind == importing.Clients || len(q.shortNames(p)) > 0 {
		d := view.Question{ID: "default", Text: q.lang.T("importing.default_worker"), Hint: q.lang.T("importing.default_worker_hint")}
		for _, r := range p.Rows {
			if p.Kind == importing.Clients && r.Worker == p.Choices.DefaultWorker || p.Kind == importing.Attendance && r.Why == whoIsIt {
				d.Rows++
			}
		}
		for _, w := range p.Staff {
			d.Options = append(d.Options, view.Option{Value: w.ID, Text: w.Name, On: w.ID == p.Choices.DefaultWorker})
		}
		all = append(all, d)
	}
	unknown := 0
	for _, x := range p.People {
		if x.Unanswered(p.Choices) {
			unknown++
		}
	}
	if unknown > 1 {
		all = append(all, q.unmatchedQuestion(p, unknown))
	}
	for _, r := range p.Rows {
		for _, n := range r.Notes {
			if n.Key != "importing.ask.same_birthday" && n.Key != "importing.ask.same_phone" {
				continue
			}
			x := p.Clients.Rows[r.Index]
			one := view.Question{ID: "same_" + strconv.Itoa(r.Index), Text: strings.TrimSpace(x.LastName + " " + x.FirstNames), Hint: n.Say(q.lang), Rows: 1}
			for _, answer := range []string{importing.Same, importing.New, importing.Skip} {
				now := p.Choices.Same[r.Index]
				one.Options = append(one.Options, view.Option{Value: answer, Text: q.lang.T("importing.answer." + answer), On: answer == now || now == "" && answer == importing.Same})
			}
			all = append(all, one)
		}
	}
	return append(all, q.markQuestions(p)...)
}

// unmatchedQuestion asks at once about all short names that nothing is said of one by one.
func (q *request) unmatchedQuestion(p *importing.Plan, names int) view.Question {
	one := view.Question{ID: "unmatched", Text: q.lang.N("importing.unmatched", names), Hint: q.lang.T("importing.unmatched_hint")}
	for _, r := range p.Rows {
		if p.List != nil && p.People[p.List.Rows[r.Index].Person].Unanswered(p.Choices) {
			one.Rows++
		}
	}
	for _, x := range []struct{ value, key string }{{"ask", "importing.unmatched.ask"}, {importing.Provisional, "import.names_provisional"}, {importing.Skip, "import.names_skip"}} {
		one.Options = append(one.Options, view.Option{Value: x.value, Text: q.lang.T(x.key), On: x.value == p.Choices.Unmatched || x.value == "ask" && p.Choices.Unmatched == ""})
	}
	return one
}

// markWords are the meanings that an unknown mark may be given.
var markWords = []struct {
	key  string
	mean csvio.MarkMeaning
}{
	{"present", csvio.MarkMeaning{Present: true, Mode: entry.OnSite}}, {"remote", csvio.MarkMeaning{Present: true, Mode: entry.Remote}},
	{string(entry.Sick), csvio.MarkMeaning{Reason: entry.Sick}}, {string(entry.OtherOK), csvio.MarkMeaning{Reason: entry.OtherOK}},
	{string(entry.Unexplained), csvio.MarkMeaning{Reason: entry.Unexplained}}, {string(entry.ByOrganiser), csvio.MarkMeaning{Reason: entry.ByOrganiser}},
}

func (q *request) markQuestions(p *importing.Plan) []view.Question {
	if p.List == nil {
		return nil
	}
	var all []view.Question
	for i, m := range p.List.Marks {
		if m.Sure {
			continue
		}
		one := view.Question{ID: "mark_" + strconv.Itoa(i), Text: q.lang.T("importing.mark", "mark", m.Mark), Rows: m.Count}
		for _, w := range markWords {
			on := w.mean.Present == m.Meaning.Present && w.mean.Reason == m.Meaning.Reason && (w.mean.Mode == entry.Remote) == (m.Meaning.Mode == entry.Remote)
			one.Options = append(one.Options, view.Option{Value: w.key, Text: q.lang.T("import.mark." + w.key), On: on})
		}
		all = append(all, one)
	}
	return all
}
