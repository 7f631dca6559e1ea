package importing

import (
	"slices"
	"strings"

	"polku/internal/audit"
	"polku/internal/client"
	"polku/internal/csvio"
	"polku/internal/db"
	"polku/internal/fold"
	"polku/internal/phone"
)

// A list often knows what the register lacks. Contact data that stand empty with a known client are filled from
// the list; what differs is told and left as it is, since a list says nothing of which is the newer one. The fill
// is logged like an edit, and undone with its import while nobody has changed the client since.

// contact is one field that a list may fill: how it stands with the client and in the list, and where a change puts it.
type contact struct {
	field       csvio.Meaning
	now, listed string
	to          func(*client.Change) *string
}

func contacts(c *client.Client, r *csvio.ClientRow) []contact {
	now := c.Phone
	if n, ok := phone.Parse(now); ok {
		now = string(n)
	}
	return []contact{
		{csvio.Phone, now, string(r.Phone), func(ch *client.Change) *string { return &ch.Phone }},
		{csvio.Email, c.Email, r.Email, func(ch *client.Change) *string { return &ch.Email }},
		{csvio.Address, c.Address, r.Address, func(ch *client.Change) *string { return &ch.Address }},
		{csvio.Municipality, c.Municipality, r.Municipality, func(ch *client.Change) *string { return &ch.Municipality }},
		{csvio.Language, c.Lang, r.Language, func(ch *client.Change) *string { return &ch.Lang }},
		{csvio.Number, c.Number, r.No, func(ch *client.Change) *string { return &ch.Number }},
	}
}

// gaps tells what of a row a known client lacks, and what stands otherwise with them.
func gaps(c *client.Client, r *csvio.ClientRow) (fills, differs []csvio.Meaning) {
	for _, x := range contacts(c, r) {
		switch {
		case x.listed == "":
		case x.now == "":
			fills = append(fills, x.field)
		case fold.Text(x.now) != fold.Text(x.listed):
			differs = append(differs, x.field)
		}
	}
	if r.Code != "" && !c.HasCode {
		fills = append(fills, csvio.IdentityCode)
	}
	if r.SafetyBan && !c.SafetyBan {
		fills = append(fills, csvio.SafetyBanField)
	}
	return fills, differs
}

// compare tells in a plan what a row would fill with a known client and in what it differs.
func compare(tx *db.Tx, row *Row, r *csvio.ClientRow) error {
	c, err := client.Get(tx, row.Client)
	if err != nil {
		return err
	}
	row.found = true
	row.Fills, row.Differs = gaps(&c, r)
	remark := func(key string, fields []csvio.Meaning) {
		if len(fields) > 0 {
			row.Notes = append(slices.Clip(row.Notes), csvio.Problem{Level: csvio.Remark, Sheet: r.Sheet, Row: r.Row, Col: -1, Key: key, Args: map[string]any{"fields": fields}})
		}
	}
	remark(remarkFills, row.Fills)
	remark(RemarkDiffers, row.Differs)
	return nil
}

// Remarks about a client whom the register knows already; fields says which fields.
const (
	remarkFills   = "importing.remark.fills"
	RemarkDiffers = "importing.remark.differs"
)

// Compares tells whether a remark is one about a client whom the register knows already.
func Compares(key string) bool { return key == remarkFills || key == RemarkDiffers }

// fill completes a known client from a row, and tells whether there was anything to.
func (im *Importer) fill(tx *db.Tx, r *csvio.ClientRow, importID, id string) (bool, error) {
	c, err := client.Get(tx, id)
	if err != nil {
		return false, err
	}
	fills, _ := gaps(&c, r)
	if len(fills) == 0 {
		return false, nil
	}
	ch := changeOf(&c)
	for _, x := range contacts(&c, r) {
		if slices.Contains(fills, x.field) {
			*x.to(&ch) = x.listed
		}
	}
	ch.SafetyBan = c.SafetyBan || r.SafetyBan
	if err := client.Update(tx, id, ch); err != nil {
		return false, err
	}
	if slices.Contains(fills, csvio.IdentityCode) {
		if c.Born.IsZero() {
			fills = append(fills, csvio.Birthday) // comes with the code, and goes with it
		}
		if err := client.AddCode(tx, im.Keys, id, r.Code); err != nil {
			return false, err
		}
	}
	words := make([]string, len(fills))
	for i, f := range fills {
		words[i] = string(f)
	}
	if _, err := tx.Exec(`insert into import_fill (tenant_id, import_id, client_id, fields, rev) select $1, $2, $3, $4, rev from client where tenant_id = $1 and client_id = $3
		on conflict (tenant_id, import_id, client_id) do update set fields = import_fill.fields || ',' || excluded.fields, rev = excluded.rev`,
		tx.Who.Tenant, importID, id, strings.Join(words, ",")); err != nil {
		return false, err
	}
	return true, audit.Command(tx, id, "import fill")
}

// changeOf is a change that changes nothing yet.
func changeOf(c *client.Client) client.Change {
	return client.Change{Rev: c.Rev, LastName: c.LastName, FirstName: c.FirstName, Phone: c.Phone, Email: c.Email, Address: c.Address,
		Municipality: c.Municipality, Lang: c.Lang, Number: c.Number, Note: c.Note, SafetyBan: c.SafetyBan}
}

// unfill empties again what an import filled in. When somebody has changed the client since, everything stays. A safety
// ban stays always: protecting somebody too long harms less than uncovering them.
func (im *Importer) unfill(tx *db.Tx, importID, id string) (stayed bool, err error) {
	var text string
	var rev int64
	found, err := tx.One(`select fields, rev from import_fill where tenant_id = $1 and import_id = $2 and client_id = $3`, []any{tx.Who.Tenant, importID, id}, &text, &rev)
	if err != nil || !found {
		return false, err
	}
	c, err := client.Get(tx, id)
	if err != nil || c.Rev != rev {
		return true, err
	}
	ch := changeOf(&c)
	filled := strings.Split(text, ",")
	for _, x := range contacts(&c, &csvio.ClientRow{}) {
		if slices.Contains(filled, string(x.field)) {
			*x.to(&ch) = ""
		}
	}
	if err := client.Update(tx, id, ch); err != nil {
		return false, err
	}
	if slices.Contains(filled, string(csvio.IdentityCode)) {
		if err := client.RemoveCode(tx, id, slices.Contains(filled, string(csvio.Birthday))); err != nil {
			return false, err
		}
	}
	if _, err := tx.Exec(`delete from import_fill where tenant_id = $1 and import_id = $2 and client_id = $3`, tx.Who.Tenant, importID, id); err != nil {
		return false, err
	}
	return false, audit.Command(tx, id, "import undo fill")
}
