package web

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"polku/internal/booking"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/model"
	"polku/internal/path"
	"polku/internal/pathway"
	"polku/internal/unit"
	"polku/internal/web/view"
)

func (q *request) offersPage() error { return q.offersForm(nil) }

// offersForm is what has been offered to a client and what became of it, with what is left of each budget.
func (q *request) offersForm(cause error) error {
	return q.form(func(tx *db.Tx, sh view.Shell, o onePath) (page, error) {
		sh.Tab = "/offers"
		p := view.Offers{Shell: sh, Who: q.identity(sh, o), Open: o.state.Status == pathway.Open, Errors: q.errorsOf(cause), At: "new", Typed: map[string]string{}}
		if round := q.FormValue("round"); round != "" || cause != nil && q.FormValue("known") != "" {
			p.At = "r" + round
		}
		for _, field := range []string{"state", "card", "price", "day", "time", "minutes", "place", "expires", "text", "why", "why_top"} {
			p.Typed[field] = q.FormValue(field)
		}
		if cause == nil {
			p.Typed["minutes"] = "60"
		}
		p.Past = keyOf(cause, "price") == "offer.past_budget"
		p.OnTop = strings.HasPrefix(keyOf(cause, "time"), "booking.") && keyOf(cause, "time") != "booking.no_time"
		entries, err := q.s.Book.Entries(tx, o.path)
		if err != nil {
			return p, err
		}
		meetings, err := booking.OfClient(tx, o.client.ID)
		if err != nil {
			return p, err
		}
		rounds := booking.Offers(entries)
		for _, r := range slices.Backward(rounds) {
			row := q.offerRow(sh, r, o.model)
			for _, m := range meetings {
				if m.Offer == r.Offer && m.Path == o.path.ID && r.State == entry.OfferBooked {
					row.Task, row.When = m.Task, sh.At(m.Day, m.Span.From)
				}
			}
			p.Rows = append(p.Rows, row)
		}
		slices.SortStableFunc(p.Rows, func(a, b view.OfferRow) int { return boolean(b.Open) - boolean(a.Open) })
		if o.model == nil {
			return p, nil
		}
		seen := map[string]bool{}
		for _, phase := range o.model.Phases {
			for _, f := range phase.Offers {
				if seen[f.ID] {
					continue
				}
				seen[f.ID] = true
				if phase.ID == o.state.Phase {
					p.Choices = append(p.Choices, view.Option{Value: f.ID, Text: o.names("offer", f.ID), On: q.FormValue("offer") == f.ID})
				}
				b, err := booking.BudgetOf(tx, o.model, o.path, rounds, f.ID, "")
				if err != nil {
					return p, err
				}
				if b.Cents > 0 || b.Shared != "" {
					p.Budgets = append(p.Budgets, q.budgetRow(o.names("offer", f.ID), b))
				}
			}
		}
		return p, nil
	}, cause)
}

func boolean(b bool) int {
	if b {
		return 1
	}
	return 0
}

// nearDays is how long before its last day a certificate is brought up.
const nearDays = 60

func (q *request) offerRow(sh view.Shell, r booking.Offer, m *model.Model) view.OfferRow {
	row := view.OfferRow{Round: r.Round, Offer: r.Offer, Name: q.offerWord(r.Offer, m), What: r.What, State: q.lang.T("offer_state." + string(r.State)), Since: r.Since,
		Expires: r.Expires, Near: !r.Expires.IsZero() && r.Expires <= sh.Day+nearDays, Text: cmp.Or(r.Text, r.Why), Open: r.Open(), Booked: r.State == entry.OfferBooked,
		Client: r.Client, Who: strings.TrimSpace(r.FirstName + " " + r.LastName)}
	if r.Cents > 0 {
		row.Price = q.lang.Euro(r.Cents)
	}
	return row
}

// offerWord names an offer: the word of its kind.
func (q *request) offerWord(id string, m *model.Model) string {
	if m == nil {
		return id
	}
	for _, phase := range m.Phases {
		for _, f := range phase.Offers {
			if f.ID == id {
				return m.Word(f.Kind, string(q.lang))
			}
		}
	}
	return m.Word(id, string(q.lang))
}

func (q *request) budgetRow(name string, b booking.Budget) view.BudgetRow {
	row := view.BudgetRow{Name: name, Spent: q.lang.Euro(b.Spent), Shared: b.Shared, Over: b.Cents > 0 && b.Left() < 0}
	if b.Cents > 0 {
		row.Left = q.lang.Euro(b.Left())
	}
	return row
}

// offerSay records the next word on an offer.
func (q *request) offerSay() error {
	v := q.PostFormValue
	wrong := map[string]string{}
	s := booking.Step{Round: v("round"), Offer: v("offer"), State: entry.OfferState(v("state")), What: strings.TrimSpace(v("card")), Cents: q.cents("price", wrong),
		Expires: q.day("expires"), Text: strings.TrimSpace(v("text")), Why: strings.TrimSpace(v("why")), Past: v("past") != ""}
	o, err := q.onCase(func(tx *db.Tx, o onePath) error {
		if err := fault.Fields(wrong); err != nil {
			return err
		}
		name := q.offerWord(s.Offer, o.model)
		if s.State == entry.OfferBooked {
			n := q.newMeeting()
			n.Task, n.Ends, n.Form = "", "", entry.FormVisit
			n.What, n.Why = strings.TrimSpace(name+" "+s.What), v("why_top")
			s.Meeting = &n
		}
		if (s.State == entry.OfferDone || s.State == entry.OfferMissed || s.State == entry.OfferDeclined) && v("task") != "" {
			if slices.ContainsFunc(o.state.Tasks, func(t pathway.OpenTask) bool { return t.Task == v("task") && t.Offer == s.Offer }) {
				s.Ends = v("task")
			}
			if o.state.NextStep != nil && len(o.state.Tasks) == 1 && o.state.Tasks[0].Task == s.Ends { // nobody is left without a next step
				s.Next = &path.Step{What: q.lang.T("offers.after", "what", name), By: q.s.Book.Calendar.AddWorking(tx.Today, 5)}
			}
		}
		return booking.Answer(tx, q.s.Book, o.path.ID, s)
	})
	if fault.Is(err, fault.Invalid) {
		return q.offersForm(err)
	}
	if err != nil {
		return err
	}
	q.say(flash{Key: "flash.offer"})
	return q.redirect("/c/" + o.id + "/offers")
}

func (q *request) offersList() error { return q.offersListForm(nil) }

// offersListForm is what is offered to one's own clients, or in the units that one coordinates: what waits, what it costs,
// whose card runs out.
func (q *request) offersListForm(cause error) error {
	sh := q.shell(view.NavMore)
	team := q.coordinates() && q.FormValue("who") != "mine"
	p := view.OfferList{May: q.coordinates(), Errors: q.errorsOf(cause)}
	if q.coordinates() {
		p.Filter.Who = []view.Option{{Value: "team", Text: q.lang.T("filter.team"), On: team}, {Value: "mine", Text: q.lang.T("filter.mine"), On: !team}}
	}
	err := q.view(func(tx *db.Tx) error {
		h, err := q.house(tx)
		if err != nil {
			return err
		}
		all, err := booking.MyOffers(tx, team)
		if err != nil {
			return err
		}
		services := map[string]bool{}
		for _, r := range all {
			m := q.s.Book.Models.Get(r.Model, r.Version)
			row := q.offerRow(sh, r, m)
			row.Service = h.Services[r.Service].Name
			services[r.Service] = true
			switch {
			case r.Open():
				p.Waiting = append(p.Waiting, row)
			case row.Near && r.Expires >= sh.Day-nearDays:
				p.Near = append(p.Near, row)
			case r.State == entry.OfferDone && r.Since > sh.Day-120:
				p.Done = append(p.Done, row)
			}
		}
		slices.SortStableFunc(p.Waiting, func(a, b view.OfferRow) int { return int(a.Since - b.Since) })
		slices.SortStableFunc(p.Near, func(a, b view.OfferRow) int { return int(a.Expires - b.Expires) })
		slices.SortStableFunc(p.Done, func(a, b view.OfferRow) int { return int(b.Since - a.Since) })
		if p.Budgets, err = q.sharedBudgets(tx, h.Order, team); err != nil {
			return err
		}
		return q.counted(tx, &sh)
	})
	if err != nil {
		return err
	}
	p.Shell = sh
	return q.renderStatus(statusFor(cause), p)
}

// offerBudget says how much a service has of a shared appropriation.
func (q *request) offerBudget() error {
	wrong := map[string]string{}
	cents := q.cents("euros", wrong)
	err := fault.Fields(wrong)
	if err == nil {
		err = q.update(func(tx *db.Tx) error {
			return booking.SetAppropriation(tx, q.PostFormValue("service"), q.PostFormValue("shared"), cents)
		})
	}
	if fault.Is(err, fault.Invalid) {
		return q.offersListForm(err)
	}
	if err != nil {
		return err
	}
	q.say(flash{Key: "flash.budget"})
	return q.redirect("/offers")
}

// sharedBudgets are the shared appropriations of services, for whoever coordinates them.
func (q *request) sharedBudgets(tx *db.Tx, services []unit.Service, team bool) ([]view.BudgetRow, error) {
	var rows []view.BudgetRow
	if !team {
		return nil, nil
	}
	for _, v := range services {
		m := q.s.Book.Models.Get(v.Model, v.Version)
		list, err := booking.Appropriations(tx, m, v.ID)
		if err != nil {
			return nil, err
		}
		for _, b := range list {
			row := q.budgetRow(m.Word(b.Shared, string(q.lang))+", "+v.Name, b)
			row.Service = v.ID
			if b.Cents > 0 {
				row.Value = strconv.FormatInt(b.Cents/100, 10)
			}
			rows = append(rows, row)
		}
	}
	return rows, nil
}
