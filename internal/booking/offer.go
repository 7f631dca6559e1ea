package booking

import (
	"cmp"
	"slices"
	"strings"

	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/model"
	"polku/internal/path"
	"polku/internal/unit"
)

// Offer is one round of an offer of the model to a client: from offered to its outcome.
type Offer struct {
	Round               string // id of the round; empty: recorded without one
	Offer               string // id in the model
	What                string // e.g. which card
	State               entry.OfferState
	Since               civil.Date // day of the state
	Cents               int64      // price said last
	Expires             civil.Date // last day of the certificate; zero: none
	Text, Why           string     // of the last step
	Client, Path        string
	LastName, FirstName string // for lists
	Service             string
	Model, Version      string
}

// Open tells whether somebody still waits for something.
func (o *Offer) Open() bool {
	return o.State == entry.Offered || o.State == entry.OfferAccepted || o.State == entry.OfferBooked
}

// costs tells whether the price of a round counts against a budget: until somebody says no.
func (o *Offer) costs() bool { return o.State != entry.OfferDeclined && o.State != entry.OfferMissed }

// take folds one entry into rounds, oldest first.
func take(all []Offer, day civil.Date, b *entry.Offer, more func(*Offer)) []Offer {
	i := slices.IndexFunc(all, func(o Offer) bool { return o.Offer == b.Offer && o.Round == b.Round })
	if i < 0 {
		i = len(all)
		all = append(all, Offer{Round: b.Round, Offer: b.Offer})
		if more != nil {
			more(&all[i])
		}
	}
	o := &all[i]
	o.State, o.Since, o.Text, o.Why = b.State, day, b.Text, b.Why
	o.What, o.Cents, o.Expires = cmp.Or(b.What, o.What), cmp.Or(b.Cents, o.Cents), cmp.Or(b.Expires, o.Expires)
	return all
}

// Offers folds entries as they stand into rounds, oldest first.
func Offers(entries []*entry.Entry) []Offer {
	var all []Offer
	for _, e := range entries {
		if b, is := e.Body.(*entry.Offer); is {
			all = take(all, e.Day, b, nil)
		}
	}
	return all
}

// Step is the next word on a round of an offer.
type Step struct {
	Round   string // empty: a new round
	Offer   string
	State   entry.OfferState
	What    string
	Cents   int64
	Expires civil.Date
	Text    string
	Why     string     // of a decline; or of planning past the budget
	Past    bool       // past the budget on purpose; Why tells the purpose
	Meeting *New       // when State is booked: the time
	Ends    string     // when State is done or no_show: the open task of the time that was booked
	Next    *path.Step // a next step, where the path needs one
}

// Budget is how an offer stands against the model's budget. Without a budget both figures are 0.
type Budget struct {
	Per    string // client: for each client; shared: of the whole service's appropriation; group, month as the model says
	Cents  int64  // what there is; 0: nobody has said how much
	Spent  int64  // what rounds have cost or will, but for declined and missed ones
	Shared string // the model's id of the appropriation
}

// Left is what can still be planned.
func (b Budget) Left() int64 { return b.Cents - b.Spent }

// ModelOffer finds an offer in any phase of a model; nil: none such.
func ModelOffer(m *model.Model, id string) *model.Offer {
	if m == nil {
		return nil
	}
	for i := range m.Phases {
		for k := range m.Phases[i].Offers {
			if m.Phases[i].Offers[k].ID == id {
				return &m.Phases[i].Offers[k]
			}
		}
	}
	return nil
}

// BudgetOf tells how an offer of a path stands, not counting one round.
func BudgetOf(tx *db.Tx, m *model.Model, p path.Path, rounds []Offer, offer, without string) (Budget, error) {
	rule := ModelOffer(m, offer)
	if rule == nil || rule.Budget.Cents == 0 && rule.Budget.Shared == "" {
		return Budget{}, nil
	}
	b := Budget{Per: cmp.Or(rule.Budget.Per, "client"), Cents: rule.Budget.Cents, Shared: rule.Budget.Shared}
	if b.Shared != "" {
		return sharedBudget(tx, m, p.Service, b.Shared, without)
	}
	for _, r := range rounds {
		if r.Offer == offer && r.costs() && (without == "" || r.Round != without) {
			b.Spent += r.Cents
		}
	}
	return b, nil
}

// sharedBudget sums what all clients of a service have of an appropriation.
func sharedBudget(tx *db.Tx, m *model.Model, service, shared, without string) (Budget, error) {
	b := Budget{Per: "shared", Shared: shared}
	if _, err := tx.One(`select cents from appropriation where tenant_id = $1 and service_id = $2 and shared = $3`, []any{tx.Who.Tenant, service, shared}, &b.Cents); err != nil {
		return b, err
	}
	// The sum is the service's: it names nobody, so whose clients they are is not asked.
	all, err := offers(tx, `where p.tenant_id = $1 and p.service_id = $2`, tx.Who.Tenant, service)
	for _, o := range all {
		rule := ModelOffer(m, o.Offer)
		if rule != nil && rule.Budget.Shared == shared && o.costs() && (without == "" || o.Round != without) {
			b.Spent += o.Cents
		}
	}
	return b, err
}

// SetAppropriation keeps what a service has of a shared appropriation: by whoever coordinates its unit or administers.
func SetAppropriation(tx *db.Tx, service, shared string, cents int64) error {
	var may int
	if _, err := tx.One(`select count(*) from service v where v.tenant_id = $1 and v.service_id = $3 and `+unit.Coordinates("v"), []any{tx.Who.Tenant, tx.Who.Worker, service}, &may); err != nil {
		return err
	}
	if may == 0 && !tx.Who.Admin {
		return fault.E(fault.NotFound, "error.not_found", nil)
	}
	if cents < 0 {
		return fault.Fields(map[string]string{"cents": "record.bad_euros"})
	}
	_, err := tx.Exec(`insert into appropriation (tenant_id, service_id, shared, cents, set_by, set_at) values ($1, $2, $3, $4, $5, $6)
		on conflict (tenant_id, service_id, shared) do update set cents = excluded.cents, set_by = excluded.set_by, set_at = excluded.set_at`,
		tx.Who.Tenant, service, shared, cents, tx.Who.Worker, tx.At)
	return err
}

// Answer records the next word on an offer. Planning past its budget (offered, accepted, booked) is refused softly: with
// Past and a reason it goes. What has happened is never refused. Wrong fields: offer, state, why, price, and those of Book.
func Answer(tx *db.Tx, b *path.Book, pathID string, s Step) error {
	p, err := path.Get(tx, pathID)
	if err != nil {
		return err
	}
	standing, err := b.Entries(tx, p)
	if err != nil {
		return err
	}
	state, err := b.StateOf(tx, p)
	if err != nil {
		return err
	}
	rounds, m := Offers(standing), b.Models.Get(state.Model, state.Version)
	wrong := map[string]string{}
	if ModelOffer(m, s.Offer) == nil {
		wrong["offer"] = "record.no_offer"
	}
	planning := false
	switch s.State {
	case entry.Offered, entry.OfferAccepted, entry.OfferBooked:
		planning = true
	case entry.OfferDeclined:
		if strings.TrimSpace(s.Why) == "" {
			wrong["why"] = "offer.why_declined"
		}
	case entry.OfferDone, entry.OfferMissed:
	default:
		wrong["state"] = "offer.no_state"
	}
	if s.State == entry.OfferBooked && s.Meeting == nil {
		wrong["time"] = "booking.no_time"
	}
	if len(s.Text) > 20_000 || len(s.What) > 500 || len(s.Why) > 2000 {
		wrong["text"] = "record.long_text"
	}
	if err := fault.Fields(wrong); err != nil {
		return err
	}
	id := ident.New()
	round := s.Round
	cents := s.Cents
	if i := slices.IndexFunc(rounds, func(o Offer) bool { return o.Offer == s.Offer && o.Round == s.Round }); i >= 0 && (s.Round != "" || s.State != entry.Offered) {
		cents = cmp.Or(s.Cents, rounds[i].Cents)
	} else {
		round = id
	}
	if planning && cents > 0 {
		budget, err := BudgetOf(tx, m, p, rounds, s.Offer, round)
		if err != nil {
			return err
		}
		if budget.Cents > 0 && cents > budget.Left() && (!s.Past || strings.TrimSpace(s.Why) == "") {
			return fault.Fields(map[string]string{"price": "offer.past_budget"})
		}
	}
	entries := []entry.Entry{{ID: id, Day: tx.Today, Minute: tx.Minute(), Kind: entry.KindOffer, Body: &entry.Offer{Offer: s.Offer, State: s.State, Cents: s.Cents,
		Text: s.Text, Round: round, What: s.What, Expires: s.Expires, Why: s.Why}}}
	if s.State == entry.OfferBooked {
		n := s.Meeting
		n.Path, n.Offer, n.Worker, n.Task, n.Form = pathID, s.Offer, cmp.Or(n.Worker, tx.Who.Worker), cmp.Or(n.Task, ident.New()), cmp.Or(n.Form, entry.FormVisit)
		for field, key := range n.check(tx) {
			wrong[field] = key
		}
		key, err := Clash(tx, n.Worker, n.Day, n.Span, n.Task)
		if err != nil {
			return err
		}
		if key != "" && !n.OnTop {
			wrong["time"] = key
		}
		if err := fault.Fields(wrong); err != nil {
			return err
		}
		entries = append(entries, n.entries(tx)...)
	}
	if s.Ends != "" {
		outcome := entry.Done
		if s.State == entry.OfferMissed {
			outcome = entry.CouldNot
		}
		entries = append(entries, entry.Entry{ID: ident.Beside(id, "end"), Day: tx.Today, Minute: tx.Minute(), Kind: entry.KindTaskEnd, Body: &entry.TaskEnd{Task: s.Ends, Outcome: outcome}})
	}
	if s.Next != nil {
		if err := s.Next.Check(tx); err != nil {
			return err
		}
		entries = append(entries, s.Next.Entry("", tx.Today))
	}
	_, err = b.Append(tx, pathID, entries...)
	return err
}

// offers reads rounds of many paths. The condition names p (path), c (client), v (service), s (standing).
func offers(tx *db.Tx, where string, args ...any) ([]Offer, error) {
	var all []Offer
	var ofPath []Offer
	last := ""
	err := tx.Each(`select e.body, e.day, p.path_id, p.client_id, c.last_name, c.first_name, p.service_id, v.model, v.version
		from path p join service v on v.tenant_id = p.tenant_id and v.service_id = p.service_id
		join client c on c.tenant_id = p.tenant_id and c.client_id = p.client_id
		join entry e on e.tenant_id = p.tenant_id and e.client_id = p.client_id and e.kind = 'offer' and e.path_id = p.path_id
		`+where+` and not exists (select 1 from entry x where x.tenant_id = e.tenant_id and x.client_id = e.client_id and x.corrects = e.entry_id)
		order by p.path_id, e.day, e.minute, e.recorded_at, e.entry_id`, args, func(row func(...any) error) error {
		var body string
		var day civil.Date
		var o Offer
		if err := row(&body, &day, &o.Path, &o.Client, &o.LastName, &o.FirstName, &o.Service, &o.Model, &o.Version); err != nil {
			return err
		}
		read, err := entry.DecodeBody(entry.KindOffer, []byte(body))
		if err != nil {
			return err
		}
		if o.Path != last {
			all, ofPath, last = append(all, ofPath...), nil, o.Path
		}
		ofPath = take(ofPath, day, read.(*entry.Offer), func(to *Offer) {
			to.Client, to.Path, to.LastName, to.FirstName, to.Service, to.Model, to.Version = o.Client, o.Path, o.LastName, o.FirstName, o.Service, o.Model, o.Version
		})
		return nil
	})
	return append(all, ofPath...), err
}

// MyOffers gives the rounds of the actor's own clients; everybody's of the units that they coordinate when team is true.
func MyOffers(tx *db.Tx, team bool) ([]Offer, error) {
	where := `join standing s on s.tenant_id = p.tenant_id and s.path_id = p.path_id where p.tenant_id = $1 and s.responsible = $2 and ` + unit.Sees("p")
	if team {
		where = `where p.tenant_id = $1 and ` + unit.Coordinates("v") + ` and ` + unit.Sees("p")
	}
	all, err := offers(tx, where, tx.Who.Tenant, tx.Who.Worker)
	for _, o := range all {
		tx.Saw(o.Client)
	}
	return all, err
}

// Appropriations gives, by the model's id, how the shared appropriations of a service stand.
func Appropriations(tx *db.Tx, m *model.Model, service string) ([]Budget, error) {
	var all []Budget
	if m == nil {
		return nil, nil
	}
	for _, phase := range m.Phases {
		for _, o := range phase.Offers {
			if o.Budget.Shared == "" || slices.ContainsFunc(all, func(b Budget) bool { return b.Shared == o.Budget.Shared }) {
				continue
			}
			b, err := sharedBudget(tx, m, service, o.Budget.Shared, "")
			if err != nil {
				return nil, err
			}
			all = append(all, b)
		}
	}
	return all, nil
}
