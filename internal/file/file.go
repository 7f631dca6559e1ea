// Package file owns the files of clients: what belongs to which client, and the keys by which they are read. That a file
// was added, what it is and what it belongs to is an entry of the journal; its sealed content is in a place outside the
// database (package vault).
//
// The content is in its place, durable, before the entry that tells of it is committed. What a broken-off command left there
// is collected later (Collect). Destroying a client's files destroys their keys in the same transaction: whatever copy of
// the sealed content is left somewhere cannot be read any more.
package file

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	"polku/internal/client"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/journal"
	"polku/internal/path"
	"polku/internal/seal"
	"polku/internal/sieve"
	"polku/internal/vault"
)

// Store is where files are kept and how they are sealed.
type Store struct {
	Place vault.Place
	Keys  *seal.Keys
}

// File is one file of a client.
type File struct {
	ID, Client, Register string
	Hash                 []byte
	Kind                 sieve.Kind
	Bytes                int64
	Thumb                []byte // sealed; nil: none
	AddedAt              int64

	key []byte // sealed
}

// name is what the file is called in its place.
func (f *File) name(tenant int64) string {
	return hex.EncodeToString(f.Hash) + "-" + f.ID + "-" + strconv.FormatInt(tenant, 10)
}

// about ties content and key to whose they are.
func about(tenant int64, clientID, id string) string {
	return "file " + strconv.FormatInt(tenant, 10) + " " + clientID + " " + id
}

// hashOf commits to a client's content without telling whether another client has the same.
func (s *Store) hashOf(tenant int64, clientID string, content []byte) []byte {
	sum := sha256.Sum256(content)
	return s.Keys.RowHash("file " + strconv.FormatInt(tenant, 10) + " " + clientID + " " + hex.EncodeToString(sum[:]))
}

// Kept is a file whose content is in its place and of which nothing has been recorded yet.
type Kept struct {
	file  File
	pages int
}

// Keep seals a file of a client and puts it into its place: what Add then records. It is done before the transaction: a
// command that is thought through twice writes it once.
func (s *Store) Keep(tenant int64, clientID string, k sieve.Kept) (Kept, error) {
	f := File{ID: ident.New(), Client: clientID, Hash: s.hashOf(tenant, clientID, k.Data), Kind: k.Kind, Bytes: int64(len(k.Data))}
	key := vault.NewKey()
	sealed, err := vault.Seal(key, about(tenant, clientID, f.ID), k.Data)
	if err != nil {
		return Kept{}, err
	}
	if len(k.Thumb) > 0 {
		if f.Thumb, err = vault.Seal(key, about(tenant, clientID, f.ID)+" thumb", k.Thumb); err != nil {
			return Kept{}, err
		}
	}
	if f.key, err = s.Keys.Seal(key, seal.FileKey.About([]string{f.ID})); err != nil {
		return Kept{}, err
	}
	return Kept{f, k.Pages}, s.Place.Put(f.name(tenant), sealed)
}

// New is what is told of a file that is added.
type New struct {
	ID    string // of its entry, made by whoever adds; empty: made
	Kept  Kept
	Title string
	To    string // entry that it is evidence of; empty: of the client
}

// titleMost is how long a title may be, in bytes.
const titleMost = 200

// Add records a file on a path: the entry, and the row by which it is found and read. The same content twice is kept once.
// more are entries that go with it (why the client does not see it). It gives the id of the file's entry.
func Add(tx *db.Tx, book *path.Book, pathID string, n New, more ...entry.Entry) (string, error) {
	p, err := path.Get(tx, pathID)
	if err != nil {
		return "", err
	}
	if p.Client != n.Kept.file.Client {
		return "", fault.E(fault.NotFound, "error.not_found", nil)
	}
	n.Title = strings.TrimSpace(n.Title)
	if n.Title == "" || len(n.Title) > titleMost {
		return "", fault.Fields(map[string]string{"title": "file.bad_title"})
	}
	if n.To != "" {
		if _, found, err := journal.Get(tx, p.Client, n.To); err != nil {
			return "", err
		} else if !found {
			return "", fault.E(fault.NotFound, "error.not_found", nil)
		}
	}
	if n.ID == "" {
		n.ID = ident.New()
	} else if was, found, err := journal.Get(tx, p.Client, n.ID); err != nil || found && was.Kind == entry.KindFile {
		return n.ID, err // sent twice
	}
	f := n.Kept.file
	if _, err := tx.One(`select file_id from file where tenant_id = $1 and client_id = $2 and hash = $3`, []any{tx.Who.Tenant, f.Client, f.Hash}, &f.ID); err != nil {
		return "", err
	}
	if f.ID == n.Kept.file.ID {
		if _, err := tx.Exec(`insert into file (tenant_id, file_id, client_id, register_id, hash, kind, bytes, thumb, key_sealed, added_at)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, tx.Who.Tenant, f.ID, f.Client, p.Register, f.Hash, string(f.Kind), f.Bytes, f.Thumb, f.key, tx.At); err != nil {
			return "", err
		}
	}
	body := entry.File{File: f.ID, Title: n.Title, Type: string(f.Kind), Size: f.Bytes, Hash: hex.EncodeToString(f.Hash), Pages: n.Kept.pages, To: n.To}
	e := entry.Entry{ID: n.ID, Day: tx.Today, Minute: tx.Minute(), Kind: entry.KindFile, Body: &body}
	_, err = book.Append(tx, p.ID, append([]entry.Entry{e}, more...)...)
	return n.ID, err
}

// Hide takes a file back: it is shown to nobody any more. Its content stays for as long as the journal does, so that it can
// be told what was there.
func Hide(tx *db.Tx, book *path.Book, clientID, entryID, why string) error {
	if strings.TrimSpace(why) == "" {
		return fault.Fields(map[string]string{"why": "file.no_why"})
	}
	e, _, err := standing(tx, book, clientID, entryID)
	if err != nil {
		return err
	}
	_, err = book.Append(tx, e.Path, entry.Entry{ID: ident.Beside(entryID, "undo"), Day: e.Day, Minute: e.Minute, Kind: entry.KindRetraction, Corrects: entryID,
		Body: &entry.Retraction{Why: strings.TrimSpace(why)}})
	return err
}

// standing gives the entry of a file that has not been taken back.
func standing(tx *db.Tx, book *path.Book, clientID, entryID string) (entry.Entry, *entry.File, error) {
	none := fault.E(fault.NotFound, "error.not_found", nil)
	e, found, err := journal.Get(tx, clientID, entryID)
	if err != nil {
		return e, nil, err
	}
	body, is := e.Body.(*entry.File)
	if !found || !is || e.Damaged {
		return e, nil, none
	}
	corrections, err := book.Journal.Corrections(tx, clientID)
	if err != nil {
		return e, nil, err
	}
	if _, gone := corrections[entryID]; gone {
		return e, nil, none
	}
	return e, body, nil
}

// Get gives the file that an entry tells of, of a client whom the actor may see; not found when it has been taken back.
func Get(tx *db.Tx, book *path.Book, clientID, entryID string) (File, error) {
	if err := client.Must(tx, clientID); err != nil {
		return File{}, err
	}
	tx.Saw(clientID)
	return get(tx, book, clientID, entryID)
}

// GetOwn gives the participant who asks a file of their own, unless it is withheld from them.
func GetOwn(tx *db.Tx, book *path.Book, entryID string) (File, error) {
	if tx.Who.Client == "" {
		return File{}, fault.E(fault.Denied, "error.denied", nil)
	}
	tx.Saw(tx.Who.Client)
	withheld, err := book.Withheld(tx, tx.Who.Client)
	if err != nil {
		return File{}, err
	}
	if _, is := withheld[entryID]; is {
		return File{}, fault.E(fault.NotFound, "error.not_found", nil)
	}
	return get(tx, book, tx.Who.Client, entryID)
}

func get(tx *db.Tx, book *path.Book, clientID, entryID string) (File, error) {
	_, body, err := standing(tx, book, clientID, entryID)
	if err != nil {
		return File{}, err
	}
	all, err := rows(tx, clientID, body.File)
	if err == nil && len(all) == 0 {
		err = fault.E(fault.NotFound, "error.not_found", nil)
	}
	if err != nil {
		return File{}, err
	}
	return all[0], nil
}

// OfClient gives a client's files by their ids. The caller has asked whether the actor may see the client.
func OfClient(tx *db.Tx, clientID string) (map[string]File, error) {
	all, err := rows(tx, clientID, "")
	files := make(map[string]File, len(all))
	for _, f := range all {
		files[f.ID] = f
	}
	return files, err
}

// rows gives a client's files; one when id is not empty.
func rows(tx *db.Tx, clientID, id string) ([]File, error) {
	var all []File
	err := tx.Each(`select file_id, client_id, register_id, hash, kind, bytes, thumb, key_sealed, added_at from file
		where tenant_id = $1 and client_id = $2 and ($3 = '' or file_id = $3) order by added_at desc, file_id`, []any{tx.Who.Tenant, clientID, id},
		func(row func(...any) error) error {
			var f File
			err := row(&f.ID, &f.Client, &f.Register, &f.Hash, (*string)(&f.Kind), &f.Bytes, &f.Thumb, &f.key, &f.AddedAt)
			all = append(all, f)
			return err
		})
	return all, err
}

// Read gives the content of a file, whole and as it was added, or a fault: it is missing, or it has been changed.
func (s *Store) Read(tenant int64, f File) ([]byte, error) {
	key, err := s.Keys.Unseal(f.key, seal.FileKey.About([]string{f.ID}))
	if err != nil {
		return nil, err
	}
	sealed, err := s.Place.Get(f.name(tenant))
	if fault.Is(err, fault.NotFound) {
		return nil, fault.E(fault.Gone, "file.missing", nil)
	}
	if err != nil {
		return nil, err
	}
	plain, err := vault.Open(key, about(tenant, f.Client, f.ID), sealed)
	if err != nil {
		return nil, err
	}
	if string(s.hashOf(tenant, f.Client, plain)) != string(f.Hash) {
		return nil, fault.E(fault.Internal, "file.changed", nil)
	}
	return plain, nil
}

// ReadThumb gives the small picture of a file; nil when it has none.
func (s *Store) ReadThumb(tenant int64, f File) ([]byte, error) {
	if len(f.Thumb) == 0 {
		return nil, nil
	}
	key, err := s.Keys.Unseal(f.key, seal.FileKey.About([]string{f.ID}))
	if err != nil {
		return nil, err
	}
	return vault.Open(key, about(tenant, f.Client, f.ID)+" thumb", f.Thumb)
}

// Names gives what a client's files are called in their place: to be deleted there once their rows are destroyed.
func Names(tx *db.Tx, clientID string) ([]string, error) {
	all, err := rows(tx, clientID, "")
	names := make([]string, len(all))
	for i := range all {
		names[i] = all[i].name(tx.Who.Tenant)
	}
	return names, err
}

// Hash commits to the content: the same content of the same client has the same.
func (k Kept) Hash() string { return hex.EncodeToString(k.file.Hash) }
