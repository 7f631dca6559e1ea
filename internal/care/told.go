package care

import (
	"strings"

	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/path"
)

// Tell records that the client was told something by the actor today. That coming is voluntary counts only with the
// client's yes: without it nobody is put on a path. Mistakes by field: about, way, yes, text.
func Tell(tx *db.Tx, b *path.Book, pathID string, t entry.ToldClient) error {
	wrong := map[string]string{}
	switch t.About {
	case entry.AboutVoluntary:
		if !t.Yes {
			wrong["yes"] = "told.no_yes"
		}
	case entry.AboutNotice, entry.AboutBenefits, entry.AboutHandoff, entry.AboutFarewell:
	default:
		wrong["about"] = "error.needed"
	}
	switch t.Way {
	case entry.WayFace, entry.WayPhone, entry.WayPaper, entry.WayApp:
	default:
		wrong["way"] = "told.no_way"
	}
	t.Text = strings.TrimSpace(t.Text)
	if len(t.Text) > 5*textMost {
		wrong["text"] = "record.long_text"
	}
	if err := fault.Fields(wrong); err != nil {
		return err
	}
	_, err := b.Append(tx, pathID, ToldEntry(tx, t))
	return err
}

// ToldEntry is the entry of something told, for a command that tells the client of what it does.
func ToldEntry(tx *db.Tx, t entry.ToldClient) entry.Entry {
	return entry.Entry{ID: ident.New(), Day: tx.Today, Minute: tx.Minute(), Kind: entry.KindTold, Body: &t}
}

// Heard gives what the client was last told about something, nil when nothing. entries are those of a path as they stand.
func Heard(entries []*entry.Entry, about entry.ToldAbout) *entry.Entry {
	for i := len(entries) - 1; i >= 0; i-- {
		if b, is := entries[i].Body.(*entry.ToldClient); is && b.About == about {
			return entries[i]
		}
	}
	return nil
}
