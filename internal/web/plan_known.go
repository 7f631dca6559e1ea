package web

import (
	"cmp"
	"slices"
	"strings"

	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/pathway"
	"polku/internal/plan"
	"polku/internal/web/view"
)

// knownMost is how long a text is that is brought from the journal, in characters.
const knownMost = 2000

// topicFields are the topics whose notes tell what a field asks for.
var topicFields = map[string]string{"education-history": "education_history", "work-history": "work_history", "overall-situation": "situation",
	"job-search-coaching": "job_search", "own-goals": "client_view", "network": "partners"}

// known gives, by field, what is known already on all of the client's paths that the actor sees: what an earlier plan said,
// and what was recorded since. No field is asked for twice.
func (q *request) known(tx *db.Tx, o onePath, x onePlan) (map[string]string, error) {
	all, err := q.s.Book.Journal.All(tx, o.client.ID)
	if err != nil {
		return nil, err
	}
	story := plan.Read(pathway.Effective(all))
	lines := map[string][]string{}
	add := func(field, line string) {
		if line = strings.TrimSpace(line); line != "" {
			lines[field] = append(lines[field], line)
		}
	}
	for _, f := range story.Facts {
		switch f.Kind {
		case plan.FactTopic:
			if field := topicFields[f.ID]; field != "" {
				add(field, f.Text)
			}
		case plan.FactOffer:
			add("services_tried", o.names("offer", f.ID)+": "+strings.ToLower(q.lang.T("offer_state."+f.State))+" "+q.lang.Day(f.Day))
		case plan.FactPlacement:
			add("services_tried", o.names("placement", f.ID)+", "+f.Text+" "+q.lang.Day(f.Day)+"–"+q.dayOrNone(f.To))
		case plan.FactPlan:
			key := "plan.known_plan"
			if f.State == "review" {
				key = "plan.known_review"
			}
			add("earlier_plans", strings.TrimSpace(q.lang.T(key, "what", kindOrWord(o, f.ID, string(q.lang)), "day", q.lang.Day(f.Day))+" "+f.Text))
		}
	}
	if from, to := phaseDays(o.state); !from.IsZero() {
		add("length", q.lang.Day(from)+"–"+q.dayOrNone(to))
	}
	known := map[string]string{}
	for field, list := range lines {
		known[field] = newestThat(list, knownMost)
	}
	for _, v := range slices.Backward(story.Versions) { // the newest version says it last, and holds
		known["strengths"] = cmp.Or(v.Strengths, known["strengths"])
		for _, f := range v.Fields {
			known[f.Field] = f.Text
		}
	}
	return known, nil
}

func (q *request) dayOrNone(d civil.Date) string {
	if d.IsZero() {
		return ""
	}
	return q.lang.Day(d)
}

// kindOrWord names a plan kind by our table, or by the model's word.
func kindOrWord(o onePath, id, lang string) string {
	if k := plan.KindOf(id); k != nil {
		return k.Title.In(lang)
	}
	return o.names("plan", id)
}

// phaseDays gives the first and the planned last day of the phase that is now.
func phaseDays(s pathway.State) (from, to civil.Date) {
	for _, st := range s.Stations {
		if st.Kind == pathway.StationPhase && st.State == "now" {
			return st.From, st.To
		}
	}
	return 0, 0
}

// newestThat joins the newest lines that fit, in their order.
func newestThat(lines []string, most int) string {
	from, sum := len(lines), 0
	for from > 0 {
		sum += len([]rune(lines[from-1])) + 1
		if sum > most && from < len(lines) {
			break
		}
		from--
	}
	return strings.Join(lines[from:], "\n")
}

// planLine puts a field of a plan into words. To a client it says no section.
func (q *request) planLine(kind string, f entry.PlanField) view.PlanField {
	l := view.PlanField{ID: f.Field, Title: f.Field, Text: f.Text}
	x := plan.FieldOf(f.Field)
	if x == nil {
		return l
	}
	l.Title = x.Title.In(string(q.lang))
	if q.portal {
		l.Title = x.Title.ToClient(string(q.lang))
	}
	if day, err := civil.Parse(f.Text); err == nil && x.Type == plan.TypeDay {
		l.Text = q.lang.Day(day)
	}
	if k := plan.KindOf(kind); k != nil && !q.portal {
		for _, a := range k.Fields {
			if a.Name == f.Field {
				l.Law = q.statute(a.Law)
			}
		}
	}
	return l
}
