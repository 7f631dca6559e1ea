package journal

import (
	"bytes"

	"polku/internal/entry"
)

// soundColumns come before entryColumns wherever entries are read to be shown or evaluated.
const soundColumns = `salt, commitment, `

// scanSound reads soundColumns and entryColumns. An entry whose content is not what its commitment was made over (a flipped
// bit, a hand in the file) comes back marked, so that nobody takes for true what it says; one that cannot be decoded any more
// comes back as an empty note. An entry without a salt has been erased by law and is what it is.
func scanSound(row func(...any) error, tenant int64, client string, e *entry.Entry) error {
	var salt, commitment, body []byte
	if err := row(&salt, &commitment, &e.ID, &e.Path, &e.Day, &e.Minute, &e.RecordedAt, (*string)(&e.Kind), &e.Minutes, (*string)(&e.Mode),
		&e.Author, &e.Session, &e.Corrects, &body); err != nil {
		return err
	}
	e.Damaged = len(salt) > 0 && !bytes.Equal(commit(tenant, client, e, body, salt), commitment)
	b, err := entry.DecodeBody(e.Kind, body)
	if err != nil && e.Damaged {
		b, err = &entry.Note{}, nil
		e.Kind = entry.KindNote
	}
	e.Body = b
	return err
}
