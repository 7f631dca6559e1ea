package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"polku/internal/actor"
	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/path"
	"polku/internal/pathway"
)

// Work is what the commands of this package need beside the transaction.
type Work struct {
	Book  *path.Book
	Words Words
}

// Words are what the tasks are called that commands make, in the language of whoever does them.
type Words struct {
	Read     string // the client's: read the plan and answer
	Withdrew string // why that task was dropped when the offer was taken back
	Next     string // the worker's, when a path would else be left without a next step
	Wish     string // the worker's: the client would change something
}

// How long things may take.
const (
	readWithin = 7 // days that the client has to read and answer
	nextWithin = 5 // working days
	wishWithin = 2 // working days, as for every message (package portal)
)

// Digest names a plan by its content, so that who accepts it accepts what they read.
func Digest(p entry.Plan) string {
	p.Version, p.Accepted = 0, nil
	text, err := entry.EncodeBody(&p)
	if err != nil {
		return "" // a plan of texts always encodes; without a digest nobody can accept
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16])
}

// Ready gives the plan of a draft as both sides may accept it now. kind is the kind of plan. It is refused while it says
// nothing, or lacks what must be told before signing (fields by id).
func (d Draft) Ready(kind, register string, s Story) (entry.Plan, error) {
	if d.Offered != nil {
		return *d.Offered, nil
	}
	k := KindOf(kind)
	if k == nil {
		return entry.Plan{}, fault.Fields(map[string]string{"kind": "plan.no_kind"})
	}
	p := d.Content.Plan(k, register, s)
	if len(p.Goals) == 0 && len(p.Fields) == 0 && p.Strengths == "" {
		return p, fault.E(fault.Invalid, "plan.empty", nil)
	}
	wrong := map[string]string{}
	for _, a := range d.Content.Missing(k, register) {
		if a.Field.BeforeSigning {
			wrong[a.Name] = "plan.before_signing"
		}
	}
	return p, fault.Fields(wrong)
}

// state is what a command rests on.
type state struct {
	path    path.Path
	now     pathway.State
	story   Story
	kindReg string // kind of the path's register
}

func (w Work) load(tx *db.Tx, p path.Path) (state, error) {
	x := state{path: p}
	entries, err := w.Book.Entries(tx, p)
	if err != nil {
		return x, err
	}
	x.story = Read(entries)
	if x.now, err = w.Book.StateOf(tx, p); err != nil {
		return x, err
	}
	if x.now.Status == pathway.Closed {
		return x, fault.E(fault.Conflict, "plan.path_closed", nil)
	}
	x.kindReg, err = RegisterKind(tx, p.Register)
	return x, err
}

// RegisterKind gives the kind of a register.
func RegisterKind(tx *db.Tx, register string) (kind string, err error) {
	_, err = tx.One(`select kind from register where tenant_id = $1 and register_id = $2`, []any{tx.Who.Tenant, register}, &kind)
	return kind, err
}

// Offer shows the draft to the client on their own page, and asks them to answer: a task of theirs. Offering is the
// worker's acceptance. rev is the draft's number as the worker saw it.
func (w Work) Offer(tx *db.Tx, pathID, kind string, rev int) error {
	d, err := DraftOf(tx, pathID)
	if err != nil {
		return err
	}
	if d.Offered != nil {
		return fault.E(fault.Conflict, "plan.is_offered", nil)
	}
	if d.Rev != rev {
		return fault.E(fault.Conflict, "plan.changed", nil)
	}
	p, err := path.Get(tx, pathID)
	if err != nil {
		return err
	}
	x, err := w.load(tx, p)
	if err != nil {
		return err
	}
	offered, err := d.Ready(kind, x.kindReg, x.story)
	if err != nil {
		return err
	}
	offered.Accepted = []entry.Acceptance{{Party: entry.PartyWorker, How: entry.InApp, Worker: tx.Who.Worker, Day: tx.Today}}
	task := path.Step{What: w.Words.Read, Owner: entry.ByClient, By: tx.Today + readWithin, From: entry.FromReply}.Entry("", tx.Today)
	if _, err := w.Book.Append(tx, pathID, task); err != nil {
		return err
	}
	d.Kind, d.Offered, d.OfferedAt, d.OfferedBy, d.task, d.Answer, d.AnsweredAt = kind, &offered, tx.At, tx.Who.Worker, task.ID, "", 0
	_, err = write(tx, d)
	return err
}

// Withdraw takes an offer back, so that the draft can be worked on again.
func (w Work) Withdraw(tx *db.Tx, pathID string) error {
	d, err := DraftOf(tx, pathID)
	if err != nil {
		return err
	}
	if d.Offered == nil {
		return fault.E(fault.Conflict, "plan.not_offered", nil)
	}
	p, err := path.Get(tx, pathID)
	if err != nil {
		return err
	}
	x, err := w.load(tx, p)
	if err != nil {
		return err
	}
	if end := w.endTask(tx, x, d.task, entry.Dropped, w.Words.Withdrew); len(end) > 0 {
		if _, err := w.Book.Append(tx, pathID, end...); err != nil {
			return err
		}
	}
	d.Offered = nil
	_, err = write(tx, d)
	return err
}

// endTask gives the entries that end the client's task to answer; and a task of the worker's, when nothing dated would be
// left: nobody is left hanging because they have answered.
func (w Work) endTask(tx *db.Tx, x state, task string, outcome entry.TaskOutcome, why string) []entry.Entry {
	open, other := false, false
	for _, t := range x.now.Tasks {
		open = open || t.Task == task
		other = other || t.Task != task && !t.By.IsZero()
	}
	if !open {
		return nil // somebody has ended it on Today
	}
	entries := []entry.Entry{{ID: ident.New(), Day: tx.Today, Minute: tx.Minute(), Kind: entry.KindTaskEnd,
		Body: &entry.TaskEnd{Task: task, Outcome: outcome, Why: why}}}
	if !other {
		entries = append(entries, path.Step{What: w.Words.Next, By: w.Book.Calendar.AddWorking(tx.Today, nextWithin)}.Entry("", tx.Today))
	}
	return entries
}

// Signing is how both sides accept at a table: the client on the screen or on paper, the worker by doing it.
type Signing struct {
	Kind    string
	Digest  string // of the plan that was read
	How     entry.How
	Name    string     // of the client, as they wrote it
	Strokes string     // drawn signature, may be empty: a name and a press of the button will do
	Day     civil.Date // on paper: when; on screen it is today
	Others  []entry.Acceptance
}

// Sign makes the plan a version: an entry of the journal, which nobody may change. It gives the entry's id. Wrong fields:
// name, day, strokes, and by id the fields that must be told before signing.
func (w Work) Sign(tx *db.Tx, pathID string, s Signing) (string, error) {
	d, err := DraftOf(tx, pathID)
	if err != nil {
		return "", err
	}
	p, err := path.Get(tx, pathID)
	if err != nil {
		return "", err
	}
	x, err := w.load(tx, p)
	if err != nil {
		return "", err
	}
	plan, err := d.Ready(s.Kind, x.kindReg, x.story)
	if err != nil {
		return "", err
	}
	if Digest(plan) != s.Digest {
		return "", fault.E(fault.Conflict, "plan.changed", nil)
	}
	if err := s.check(tx); err != nil {
		return "", err
	}
	plan.Accepted = append([]entry.Acceptance{
		{Party: entry.PartyClient, How: s.How, Name: strings.TrimSpace(s.Name), Day: s.Day, Strokes: s.Strokes},
		{Party: entry.PartyWorker, How: s.How, Worker: tx.Who.Worker, Day: s.Day}}, s.Others...)
	return w.accepted(tx, d, x, plan, w.Book.Append)
}

func (s *Signing) check(tx *db.Tx) error {
	wrong := map[string]string{}
	if name := strings.TrimSpace(s.Name); name == "" || len(name) > 200 {
		wrong["name"] = "plan.no_name"
	}
	switch s.How {
	case entry.OnScreen:
		s.Day = tx.Today
		strokes, ok := CleanStrokes(s.Strokes)
		if !ok {
			wrong["strokes"] = "plan.bad_strokes"
		}
		s.Strokes = strokes
	case entry.OnPaper:
		s.Strokes = ""
		if s.Day.IsZero() || s.Day > tx.Today || s.Day < tx.Today-paperMost {
			wrong["day"] = "plan.bad_paper_day"
		}
	default:
		wrong["how"] = "plan.no_how"
	}
	for _, o := range s.Others {
		if strings.TrimSpace(o.Name) == "" || o.Day.IsZero() || o.Day > tx.Today || len(o.Name) > 200 {
			wrong[string(o.Party)] = "plan.bad_party"
		}
	}
	return fault.Fields(wrong)
}

// paperMost is how many days ago a paper may have been signed that is recorded now.
const paperMost = 400

// accepted writes a plan as a version, ends the client's task to answer, and lets the draft go on from it.
func (w Work) accepted(tx *db.Tx, d Draft, x state, p entry.Plan, appendTo func(tx *db.Tx, id string, entries ...entry.Entry) (pathway.State, error)) (string, error) {
	p.Version = 1
	if last := x.story.Newest(p.Plan); last.Plan != nil {
		p.Version = last.Version + 1
	}
	e := entry.Entry{ID: ident.New(), Day: tx.Today, Minute: tx.Minute(), Kind: entry.KindPlan, Body: &p}
	if _, err := appendTo(tx, x.path.ID, append([]entry.Entry{e}, w.endTask(tx, x, d.task, entry.Done, "")...)...); err != nil {
		return "", err
	}
	d.Kind, d.Offered, d.Answer, d.AnsweredAt = p.Plan, nil, "", 0
	_, err := write(tx, d)
	return e.ID, err
}

// Waiting gives the plan that waits for the participant's answer; nil when none does.
func Waiting(tx *db.Tx) (*entry.Plan, error) {
	d, _, err := offeredTo(tx)
	return d.Offered, err
}

// Answer is the participant's own: they accept what they read (digest), or say what they would change. Then the worker has
// a task, and the draft is open again.
func (w Work) Answer(tx *db.Tx, digest string, accept bool, words string) error {
	if tx.Who.Client == "" {
		return fault.E(fault.Denied, "error.denied", nil)
	}
	d, p, err := offeredTo(tx)
	if err != nil {
		return err
	}
	if d.Offered == nil || Digest(*d.Offered) != digest {
		return fault.E(fault.Conflict, "portal.plan.changed", nil)
	}
	x, err := w.load(tx, p)
	if err != nil {
		return err
	}
	own := func(tx *db.Tx, _ string, entries ...entry.Entry) (pathway.State, error) {
		return w.Book.AppendOwn(tx, p, entries...)
	}
	if accept {
		plan := *d.Offered
		plan.Accepted = append(slices.Clone(plan.Accepted), entry.Acceptance{Party: entry.PartyClient, How: entry.InApp, Day: tx.Today})
		_, err := w.accepted(tx, d, x, plan, own)
		return err
	}
	words = tidy(words)
	if words == "" || len(words) > textMost {
		return fault.Fields(map[string]string{"words": "portal.plan.no_words"})
	}
	entries := append(w.endTask(tx, x, d.task, entry.Done, ""),
		entry.Entry{ID: ident.New(), Day: tx.Today, Minute: tx.Minute(), Kind: entry.KindNote, Mode: entry.Text, Body: &entry.Note{Text: words}},
		path.Step{What: w.Words.Wish, By: w.Book.Calendar.AddWorking(tx.Today, wishWithin), From: entry.FromReply}.Entry(actor.ParticipantWorker, tx.Today))
	if _, err := own(tx, "", entries...); err != nil {
		return err
	}
	d.Offered, d.Answer, d.AnsweredAt = nil, words, tx.At
	_, err = write(tx, d)
	return err
}

// Accepted tells whether both sides have accepted a plan.
func Accepted(p *entry.Plan) bool {
	by := func(party entry.Party) bool {
		return slices.ContainsFunc(p.Accepted, func(a entry.Acceptance) bool { return a.Party == party })
	}
	return by(entry.PartyClient) && by(entry.PartyWorker)
}

// StrokesBox is the box in which a signature is drawn.
const (
	StrokesWidth  = 600
	StrokesHeight = 200
	strokesMost   = 20_000 // bytes
)

// CleanStrokes reads path data of M and L with whole numbers within the box and writes it anew, so that nothing else
// comes through; false when it is anything else. Empty is nothing drawn.
func CleanStrokes(text string) (string, bool) {
	if len(text) > strokesMost {
		return "", false
	}
	var b strings.Builder
	for _, word := range strings.Fields(strings.NewReplacer("M", " M", "L", " L").Replace(text)) {
		letter, rest := word[0], word[1:]
		x, y, both := strings.Cut(rest, ",")
		if letter != 'M' && letter != 'L' || !both || b.Len() == 0 && letter != 'M' {
			return "", false
		}
		across, err1 := strconv.Atoi(x)
		down, err2 := strconv.Atoi(y)
		if err1 != nil || err2 != nil || across < 0 || across > StrokesWidth || down < 0 || down > StrokesHeight {
			return "", false
		}
		b.WriteByte(letter)
		b.WriteString(strconv.Itoa(across) + "," + strconv.Itoa(down))
	}
	return b.String(), true
}
