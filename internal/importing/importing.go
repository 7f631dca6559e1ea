// Package importing owns the bringing in of lists that a service kept elsewhere: what would be done with each
// row of a list that csvio has read (a plan, which writes nothing), doing it under one import id, undoing it
// whole, and joining a person known only by a short name with the real client later.
//
// It does not read files, and it speaks in catalogue keys (texts/importing.yaml); words come with Choices.Say.
// Nothing it keeps about an import holds a cell's text: rows are named by sheet and number.
package importing

import (
	"encoding/hex"
	"strings"

	"polku/internal/civil"
	"polku/internal/csvio"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/path"
	"polku/internal/seal"
	"polku/internal/unit"
)

// Kinds of import, as import_run names them.
const (
	Clients    = "clients"
	Attendance = "attendance"
)

// Limits of one transaction.
const (
	WholeMost = 5000 // rows that go in together or not at all
	Batch     = 500  // rows of a transaction beyond that, so that others keep working
)

// checkWithin is by when somebody looks through what was imported (engine.md 4).
var checkWithin = civil.Span{N: 5, Unit: civil.WorkingDays}

// Choices are what a person answered at the preview. The zero value of each field asks for the usual.
type Choices struct {
	Service       string
	Workers       map[string]string   // name as csvio.ClientList.Workers gives it -> worker id
	DefaultWorker string              // for rows without a known worker; empty: the actor, else the unit's duty holder
	Same          map[int]string      // index of a row -> what to do when somebody like them is known: Same, New or Skip; empty: Same
	Names         map[int]string      // index of a person of an attendance list -> client id, Provisional or Skip
	Unmatched     string              // people whom nothing was answered about: Provisional, Skip, or empty: they are asked about
	Whole         bool                // import nothing when any row is unsound
	Say           func(string) string // catalogue texts in the language in which the journal is kept
}

// Answers of Choices.Same, Choices.Names and Choices.Unmatched.
const (
	Same        = "same"
	New         = "new"
	Provisional = "provisional"
	Skip        = "skip"
)

// Fate tells what a plan does with a row.
type Fate string

// Fates.
const (
	Added   Fate = "added"   // a new client, or a new attendance entry
	Joined  Fate = "joined"  // a further path of a client whom the register knows
	Already Fate = "already" // it is there: nothing is written
	Twin    Fate = "twin"    // the same as an earlier row of the file
	Left    Fate = "left"    // cannot be imported as it is; Why tells
	Chosen  Fate = "chosen"  // left out because the person said so
)

// Row is what a plan does with one row of the list. Index is its place in the list.
type Row struct {
	Index  int
	Sheet  string
	No     int // as Excel shows it
	Fate   Fate
	Why    string     // catalogue key, for Left, Chosen, Twin
	Args   fault.Args // of Why: figures and days, no names
	Notes  []csvio.Problem
	Client string // the known client, for Joined and Already
	Worker string // the responsible worker, of a row of people
	Path   string // the path that a day belongs to, of a row of attendance
	Ask    bool   // a guess was made: worth a look, and imported as guessed

	Fills, Differs []csvio.Meaning // of a known client: what the row fills in, and what stands otherwise and is left
	found          bool            // the client was known before, and not by this row of an earlier import
}

// Count are a plan's or a report's figures.
type Count struct {
	Added, Joined, Already, Twins, Left, Chosen, Asks int
	NewClients                                        int // provisional ones of an attendance list too
	Filled                                            int // known clients whose empty contact data are filled in
	Open                                              int // new open paths, each with "Tarkista tuonti"
}

// Will is how many rows go in.
func (c Count) Will() int { return c.Added + c.Joined }

// Nothing tells whether there is nothing to do.
func (c Count) Nothing() bool { return c.Will() == 0 && c.Filled == 0 }

// count adds a row to the figures.
func (c *Count) count(r *Row) {
	switch r.Fate {
	case Added:
		c.Added++
	case Joined:
		c.Joined++
	case Already:
		c.Already++
	case Twin:
		c.Twins++
	case Left:
		c.Left++
	case Chosen:
		c.Chosen++
	}
	if r.Ask {
		c.Asks++
	}
	if len(r.Fills) > 0 {
		c.Filled++
	}
}

// Plan is what would be done. It writes nothing; Run does it.
type Plan struct {
	Kind     string
	Service  unit.Service
	File     string // name of the file, without folders
	Hash     []byte // of the file's content
	Choices  Choices
	Clients  *csvio.ClientList     // of a plan of clients
	List     *csvio.AttendanceList // of a plan of attendance
	Rows     []Row
	Spelling []Spelling         // workers of the list, with what they are taken to mean
	People   []Person           // people of an attendance list, with whom they are taken to be
	Staff    []unit.Worker      // who may take cases of the service
	Roster   []csvio.PersonName // of a plan of attendance: clients of the service, to choose from by hand
	Count    Count
}

// Importer is what an import needs beside the database.
type Importer struct {
	Book *path.Book
	Keys *seal.Keys
}

// rowKey names a row by its content, so that running a list again adds nothing twice. The key is keyed like the
// blind index: whoever reads the table cannot try codes against it.
func (im *Importer) rowKey(parts ...string) string {
	return hex.EncodeToString(im.Keys.RowHash("row\x1f" + strings.Join(parts, "\x1f"))[:20])
}

// known tells whether an import has brought in a row of people already, and which client it made or touched.
func known(tx *db.Tx, rowKey string) (client string, found bool, err error) {
	found, err = tx.One(`select coalesce(p.client_id, i.thing_id) from import_item i
		left join path p on p.tenant_id = i.tenant_id and p.path_id = i.thing_id and i.thing = 'path'
		where i.tenant_id = $1 and i.row_key = $2 order by i.thing limit 1`, []any{tx.Who.Tenant, rowKey}, &client)
	return client, found, err
}

// keep remembers what a row made.
func keep(tx *db.Tx, importID, rowKey, thing, id string) error {
	_, err := tx.Exec(`insert into import_item (tenant_id, row_key, import_id, thing, thing_id) values ($1, $2, $3, $4, $5) on conflict do nothing`,
		tx.Who.Tenant, rowKey, importID, thing, id)
	return err
}

// Things of import_item. Entries need no row of their own: each carries its import's id.
const (
	thingClient = "client" // made
	thingPath   = "path"   // begun
	thingMarks  = "marks"  // a path that attendance was added to
	thingMended = "mended" // path or client that a row went to because of what was mended in the preview
)

// begin reads what every plan needs: the service within the actor's reach, and who may take its cases.
func (im *Importer) begin(tx *db.Tx, kind string, c Choices) (*Plan, error) {
	service, err := unit.GetService(tx, c.Service)
	if err != nil {
		return nil, err
	}
	p := &Plan{Kind: kind, Service: service, Choices: c}
	p.Staff, err = unit.Colleagues(tx, service.Register)
	if err != nil {
		return nil, err
	}
	if p.Choices.Say == nil {
		p.Choices.Say = func(key string) string { return key }
	}
	return p, p.defaultWorker(tx)
}

// defaultWorker settles who answers for rows that name nobody: who was chosen, else the actor, else the unit's
// duty holder. Empty when none of them may take cases: then such rows are left out.
func (p *Plan) defaultWorker(tx *db.Tx) error {
	var duty string
	if _, err := tx.One(`select coalesce(duty_worker, '') from unit where tenant_id = $1 and unit_id = $2`, []any{tx.Who.Tenant, p.Service.Unit}, &duty); err != nil {
		return err
	}
	chosen := p.Choices.DefaultWorker
	p.Choices.DefaultWorker = ""
	for _, w := range []string{chosen, tx.Who.Worker, duty} {
		if p.Choices.DefaultWorker == "" && p.takes(w) {
			p.Choices.DefaultWorker = w
		}
	}
	if chosen != "" && p.Choices.DefaultWorker != chosen {
		return fault.Fields(map[string]string{"worker": "worker.no_access"})
	}
	return nil
}

// takes tells whether a worker may take cases of the plan's service.
func (p *Plan) takes(worker string) bool {
	for _, w := range p.Staff {
		if w.ID == worker {
			return true
		}
	}
	return false
}
