package file

import (
	"polku/internal/civil"
	"polku/internal/client"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/path"
)

// Paper is a file with the day on which it was added.
type Paper struct {
	File File
	Day  civil.Date
}

// ForClient gives a client's files as they are given to the client: each once, the oldest first, without those that were
// taken back or are withheld from them.
func ForClient(tx *db.Tx, book *path.Book, clientID string) ([]Paper, error) {
	if err := client.Must(tx, clientID); err != nil {
		return nil, err
	}
	tx.Saw(clientID)
	entries, err := book.Journal.All(tx, clientID)
	if err != nil {
		return nil, err
	}
	all, err := OfClient(tx, clientID)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	withheld, back := path.WithheldAmong(entries), map[string]bool{}
	for i := range entries {
		if entries[i].Kind == entry.KindRetraction {
			back[entries[i].Corrects] = true
		}
	}
	var papers []Paper
	given := map[string]bool{}
	for i := range entries {
		e := &entries[i]
		b, is := e.Body.(*entry.File)
		if !is || e.Damaged || back[e.ID] || withheld[e.ID] != nil || given[b.File] {
			continue
		}
		if f, there := all[b.File]; there {
			given[b.File] = true
			papers = append(papers, Paper{f, e.Day})
		}
	}
	return papers, nil
}
