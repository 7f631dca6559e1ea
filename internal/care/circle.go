package care

import (
	"strings"

	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/path"
	"polku/internal/unit"
)

// Member of a client's circle (verkosto) who is not on the staff: a nurse, an adviser at Kela, an aunt.
type Member struct {
	ID, Name, Part, Of, Phone string
	From, Until, To           civil.Date // Until as planned; To: when it ended, zero: goes on
	Why                       string     // why it ended
}

// Circle folds a path's entries as they stand into the members outside the staff: those who help now first, in the order
// they came; then those whose part has ended, the newest first.
func Circle(entries []*entry.Entry) []Member {
	var now, gone []Member
	for _, e := range entries {
		b, is := e.Body.(*entry.Circle)
		if !is {
			continue
		}
		at := -1
		for i := range now {
			if now[i].ID == b.Member {
				at = i
			}
		}
		switch {
		case b.Ended && at >= 0:
			m := now[at]
			m.To, m.Why = e.Day, b.Why
			gone = append([]Member{m}, gone...)
			now = append(now[:at], now[at+1:]...)
		case b.Ended:
		case at >= 0:
			now[at].Name, now[at].Part, now[at].Of, now[at].Phone, now[at].Until = b.Name, b.Part, b.Of, b.Phone, b.Until
		default:
			now = append(now, Member{ID: b.Member, Name: b.Name, Part: b.Part, Of: b.Of, Phone: b.Phone, From: e.Day, Until: b.Until})
		}
	}
	return append(now, gone...)
}

// AddMember adds somebody outside the staff to a client's circle, or changes them (ID set). Mistakes by field: name, part, until.
func AddMember(tx *db.Tx, b *path.Book, pathID string, m Member) error {
	m.Name, m.Part = strings.TrimSpace(m.Name), strings.TrimSpace(m.Part)
	wrong := map[string]string{}
	if m.Name == "" {
		wrong["name"] = "error.needed"
	}
	if m.Part == "" {
		wrong["part"] = "circle.no_part"
	}
	if !m.Until.IsZero() && m.Until < tx.Today {
		wrong["until"] = "circle.past_day"
	}
	if len(m.Name)+len(m.Part)+len(m.Of)+len(m.Phone) > textMost {
		wrong["name"] = "record.long_text"
	}
	if err := fault.Fields(wrong); err != nil {
		return err
	}
	id := ident.New()
	if m.ID == "" {
		m.ID = id
	} else if _, err := memberOf(tx, b, pathID, m.ID); err != nil {
		return err
	}
	_, err := b.Append(tx, pathID, entry.Entry{ID: id, Day: tx.Today, Minute: tx.Minute(), Kind: entry.KindCircle,
		Body: &entry.Circle{Member: m.ID, Name: m.Name, Part: m.Part, Of: strings.TrimSpace(m.Of), Phone: strings.TrimSpace(m.Phone), Until: m.Until}})
	return err
}

// EndMember ends somebody's part, with a reason.
func EndMember(tx *db.Tx, b *path.Book, pathID, member, why string) error {
	if strings.TrimSpace(why) == "" {
		return fault.Fields(map[string]string{"why": "circle.no_why"})
	}
	m, err := memberOf(tx, b, pathID, member)
	if err != nil {
		return err
	}
	_, err = b.Append(tx, pathID, entry.Entry{ID: ident.New(), Day: tx.Today, Minute: tx.Minute(), Kind: entry.KindCircle,
		Body: &entry.Circle{Member: m.ID, Name: m.Name, Part: m.Part, Of: m.Of, Ended: true, Why: strings.TrimSpace(why)}})
	return err
}

// memberOf finds somebody who helps now.
func memberOf(tx *db.Tx, b *path.Book, pathID, member string) (Member, error) {
	p, err := path.Get(tx, pathID)
	if err != nil {
		return Member{}, err
	}
	entries, err := b.Entries(tx, p)
	if err != nil {
		return Member{}, err
	}
	for _, m := range Circle(entries) {
		if m.ID == member && m.To.IsZero() {
			return m, nil
		}
	}
	return Member{}, fault.E(fault.NotFound, "error.not_found", nil)
}

// AddHelper takes a colleague into the client's circle, beside the responsible worker. Mistakes by field: worker, why.
func AddHelper(tx *db.Tx, b *path.Book, pathID, worker string, until civil.Date, why string) error {
	p, err := path.Get(tx, pathID)
	if err != nil {
		return err
	}
	if err := unit.MustTakeCases(tx, worker, p.Register); err != nil {
		return err
	}
	wrong := map[string]string{}
	if strings.TrimSpace(why) == "" {
		wrong["why"] = "circle.no_part"
	}
	if !until.IsZero() && until < tx.Today {
		wrong["until"] = "circle.past_day"
	}
	relations, err := path.RelationsOf(tx, pathID)
	if err != nil {
		return err
	}
	for _, r := range relations {
		if r.Worker == worker && r.To.IsZero() && (r.Role == entry.Helper || r.Role == entry.Responsible) {
			wrong["worker"] = "circle.there"
		}
	}
	if err := fault.Fields(wrong); err != nil {
		return err
	}
	_, err = b.Append(tx, pathID, entry.Entry{ID: ident.New(), Day: tx.Today, Minute: tx.Minute(), Kind: entry.KindRelation,
		Body: &entry.Relation{Worker: worker, Role: entry.Helper, Until: until, Why: strings.TrimSpace(why)}})
	return err
}

// EndHelper ends a colleague's part beside the responsible worker, with a reason.
func EndHelper(tx *db.Tx, b *path.Book, pathID, worker, why string) error {
	if strings.TrimSpace(why) == "" {
		return fault.Fields(map[string]string{"why": "circle.no_why"})
	}
	_, err := b.Append(tx, pathID, entry.Entry{ID: ident.New(), Day: tx.Today, Minute: tx.Minute(), Kind: entry.KindRelation,
		Body: &entry.Relation{Worker: worker, Role: entry.Helper, Ended: true, Why: strings.TrimSpace(why)}})
	return err
}
