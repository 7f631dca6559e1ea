package retention

import (
	"encoding/json"
	"slices"
	"strings"

	"polku/internal/actor"
	"polku/internal/approval"
	"polku/internal/audit"
	"polku/internal/client"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/journal"
	"polku/internal/path"
	"polku/internal/petition"
)

// Single is one entry that is destroyed before its time because the law asks it, with its corrections.
const Single Class = "entry"

// Ground on which a single entry is destroyed (GDPR art. 17.1). What an authority must keep is not erased because somebody
// wishes it (17.3 b): it is corrected, or marked.
type Ground string

// The grounds.
const (
	WrongPerson Ground = "wrong_person" // it is about somebody else: 5.1 d, 17.1 d
	Unlawful    Ground = "unlawful"     // it should never have been recorded: 17.1 d
	ByLaw       Ground = "by_law"       // a law or a decision obliges to: 17.1 e
)

// Grounds in the order they are offered.
var Grounds = []Ground{WrongPerson, Unlawful, ByLaw}

var articles = map[Ground]string{WrongPerson: "5.1 d, 17.1 d", Unlawful: "17.1 d", ByLaw: "17.1 e"}

// erasable are the kinds of entries that may go alone: what somebody wrote of a day. What holds a path together (its
// start, phases, tasks, relations, exit) is retracted or corrected instead, or goes with the matter.
var erasable = []entry.Kind{entry.KindContact, entry.KindAttendance, entry.KindAbsence, entry.KindMeasure, entry.KindPlan, entry.KindReview,
	entry.KindCheckpoint, entry.KindExcuse, entry.KindFollowUp, entry.KindNote}

// Erasable tells whether an entry of a kind may be destroyed alone.
func Erasable(k entry.Kind) bool { return slices.Contains(erasable, k) }

// NewSingle is what a single entry's destruction is asked for with.
type NewSingle struct {
	Client, Entry string
	Ground        Ground
	Why           string

	Petition, Answer string // the client's request that it answers when it is done, and the words; empty: none
}

// AskSingle asks for another person's agreement to destroy one entry of a client whom the actor sees. Fields: entry,
// ground, why.
func AskSingle(tx *db.Tx, n NewSingle) (approval.Request, error) {
	if err := client.Must(tx, n.Client); err != nil {
		return approval.Request{}, err
	}
	wrong := map[string]string{}
	var kind string
	found, err := tx.One(`select kind from entry where tenant_id = $1 and entry_id = $2 and client_id = $3`, []any{tx.Who.Tenant, n.Entry, n.Client}, &kind)
	if err != nil {
		return approval.Request{}, err
	}
	if !found {
		wrong["entry"] = "error.needed"
	} else if !Erasable(entry.Kind(kind)) {
		wrong["entry"] = "single.not_alone"
	}
	if !slices.Contains(Grounds, n.Ground) {
		wrong["ground"] = "error.needed"
	}
	if strings.TrimSpace(n.Why) == "" {
		wrong["why"] = "approval.no_why"
	}
	if err := fault.Fields(wrong); err != nil {
		return approval.Request{}, err
	}
	what, err := json.Marshal([]wanted{{Client: n.Client, Class: Single, Entry: n.Entry, Ground: n.Ground, Petition: n.Petition, Answer: n.Answer}})
	if err != nil {
		return approval.Request{}, fault.Wrap(err, "retention.encode")
	}
	return approval.Ask(tx, approval.Request{Kind: approval.Erasure, What: string(what), Amount: 1, Why: n.Why})
}

// SingleOf gives the client whom a request about a single entry is about; empty for other requests. Whoever answers looks
// at the client's page, if they may.
func SingleOf(r approval.Request) string {
	var all []wanted
	if r.Kind == approval.Erasure && json.Unmarshal([]byte(r.What), &all) == nil && len(all) == 1 && all[0].Class == Single {
		return all[0].Client
	}
	return ""
}

// single destroys the entry that an approval names, with its corrections, and evaluates the client's paths anew; nil: it
// is gone already, or a hold or a restriction stands in the way.
func (k Keeper) single(tx *db.Tx, r approval.Request, w wanted) (map[string]int, error) {
	p := journal.Proof{Client: w.Client, Class: string(Single), Rule: "GDPR " + articles[w.Ground] + ", " + string(w.Ground), Due: tx.Today, Rows: map[string]int{},
		AskedBy: r.Asker(), ApprovedBy: approver(r), Approval: r.ID}
	var stopped bool
	found, err := tx.One(`select c.register_id, c.restricted or `+held("c")+` from client c join entry e on e.tenant_id = c.tenant_id and e.client_id = c.client_id
		where c.tenant_id = $1 and c.client_id = $2 and e.entry_id = $4`, []any{tx.Who.Tenant, w.Client, int64(tx.Today), w.Entry}, &p.Register, &stopped)
	if err != nil || !found || stopped {
		return nil, err
	}
	n, err := tx.Exec(`delete from import_item where tenant_id = $1 and thing_id = $2`, tx.Who.Tenant, w.Entry)
	if err != nil {
		return nil, err
	}
	p.Rows["import_item"] = int(n)
	if err := journal.EraseFamily(tx, k.Keys, &p, w.Entry); err != nil {
		return nil, err
	}
	who := tx.Who
	tx.Who = actor.System(who.Tenant, who.Purpose, who.Screen) // the balances are the program's own work
	paths, err := path.OfClient(tx, w.Client)
	if err == nil {
		err = k.Book.Refresh(tx, paths)
	}
	tx.Who = who
	if err != nil {
		return nil, err
	}
	if err := petition.Done(tx, w.Client, w.Petition, w.Answer); err != nil && !fault.Is(err, fault.NotFound) { // somebody has answered it meanwhile
		return nil, err
	}
	return p.Rows, audit.Command(tx, w.Client, "retention.destroy "+string(Single))
}
