package seal

import (
	"crypto/ed25519"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/keyset"

	"polku/internal/fault"
)

// Kind of key.
type Kind string

// The kinds that can be changed.
const (
	KindFields Kind = "fields" // encrypts marked fields
	KindIndex  Kind = "index"  // blind index of identity codes
	KindSign   Kind = "sign"   // signs chain heads and proofs of destruction
)

// Key is what may be told of a key: never its material.
type Key struct {
	Kind  Kind   `json:"kind"`
	ID    string `json:"id"`
	Made  string `json:"made,omitempty"` // day; empty: not known
	State State  `json:"state"`
}

// A change of keys goes Begin (the new key is told to every program), Promote (new things are made with it), the work in
// the database, Finish. Each may be called again: it goes on from where the last one was.

// List gives every key, by kind and age.
func (k *Keys) List() []Key {
	f := k.now().file
	var all []Key
	for _, kind := range []Kind{KindFields, KindIndex, KindSign} {
		for _, id := range f.ids(kind) {
			all = append(all, Key{kind, id, f.Told[string(kind)+" "+id].Made, f.stateOf(kind, id)})
		}
	}
	return all
}

func (f file) ids(kind Kind) []string {
	var ids []string
	switch kind {
	case KindFields:
		handle, err := f.handle()
		if err != nil {
			return nil // the file was checked when it was read
		}
		for _, info := range handle.KeysetInfo().KeyInfo {
			ids = append(ids, strconv.FormatUint(uint64(info.KeyId), 10))
		}
	case KindIndex:
		for _, m := range f.Index {
			ids = append(ids, m.ID)
		}
	case KindSign:
		for _, m := range f.Sign {
			ids = append(ids, m.ID)
		}
	}
	return ids
}

// stateOf tells the state of a key; of the fields' keys Tink says which one is in use.
func (f file) stateOf(kind Kind, id string) State {
	if kind != KindFields {
		return f.state(string(kind), id)
	}
	handle, err := f.handle()
	if err == nil && strconv.FormatUint(uint64(handle.KeysetInfo().PrimaryKeyId), 10) == id {
		return InUse
	}
	if t, there := f.Told["fields "+id]; there && t.State != InUse {
		return t.State
	}
	return Leaving
}

// of gives the id of a kind's key in a state; empty: none.
func (f file) of(kind Kind, s State) string {
	for _, id := range f.ids(kind) {
		if f.stateOf(kind, id) == s {
			return id
		}
	}
	return ""
}

// Changing tells whether a change of a kind has begun and is not finished.
func (k *Keys) Changing(kind Kind) bool {
	f := k.now().file
	return f.of(kind, Coming) != "" || f.of(kind, Leaving) != ""
}

// writable refuses keys whose place cannot be written: a variable of the environment.
func (k *Keys) writable() error {
	if strings.HasPrefix(string(k.place), FromEnvironment) {
		return fault.E(fault.Invalid, "seal.read_only", nil)
	}
	return nil
}

// change reads the file, lets fn change it and writes it.
func (k *Keys) change(fn func(f *file) error) error {
	if err := k.writable(); err != nil {
		return err
	}
	k.look.Lock()
	defer k.look.Unlock()
	r, err := k.place.read()
	if err != nil {
		return err
	}
	f := r.file
	f.Told = maps.Clone(f.Told)
	if f.Told == nil {
		f.Told = map[string]told{}
	}
	f.Rows = r.rows
	if err := fn(&f); err != nil {
		return err
	}
	if _, err := f.ring(); err != nil {
		return err // a file that could not be read again is not written
	}
	if err := k.place.write(f); err != nil {
		return err
	}
	if r, err = k.place.read(); err == nil {
		k.ring.Store(r)
	}
	return err
}

// Begin makes a new key that every program learns and nothing is made with yet. With a change under way it does nothing.
// A new signing key is in use at once: what it signs is known by it from the same moment.
func (k *Keys) Begin(kind Kind) error {
	if k.Changing(kind) {
		return nil
	}
	today := time.Now().UTC().Format(time.DateOnly)
	return k.change(func(f *file) error {
		switch kind {
		case KindFields:
			return f.addField(today)
		case KindIndex:
			m := material{ID: newID(), Secret: secret()}
			f.Index = append(slices.Clone(f.Index), m)
			f.Told["index "+m.ID] = told{today, Coming}
		case KindSign:
			f.Sign = slices.Clone(f.Sign)
			for i, m := range f.Sign {
				if len(m.Secret) > 0 { // only the public half of an old key is kept: nobody signs with it again
					public := ed25519.NewKeyFromSeed(m.Secret).Public().(ed25519.PublicKey)
					f.Sign[i] = material{ID: m.ID, Public: public}
				}
				f.Told["sign "+m.ID] = told{f.Told["sign "+m.ID].Made, Kept}
			}
			m := material{ID: newID(), Secret: secret()}
			f.Sign = append(f.Sign, m)
			f.Told["sign "+m.ID] = told{today, InUse}
		}
		return nil
	})
}

func (f *file) addField(today string) error {
	handle, err := f.handle()
	if err != nil {
		return fault.Wrap(err, "seal.make")
	}
	m := keyset.NewManagerFromHandle(handle)
	id, err := m.Add(aead.AES256GCMKeyTemplate())
	if err != nil {
		return fault.Wrap(err, "seal.make")
	}
	f.Told["fields "+strconv.FormatUint(uint64(id), 10)] = told{today, Coming}
	return f.keep(m)
}

func (f *file) keep(m *keyset.Manager) error {
	handle, err := m.Handle()
	if err == nil {
		f.Fields, err = encode(handle)
	}
	return fault.Wrap(err, "seal.make")
}

// Promote lets new things be made with the key that Begin made; the one before leaves.
func (k *Keys) Promote(kind Kind) error {
	return k.change(func(f *file) error {
		coming, before := f.of(kind, Coming), f.of(kind, InUse)
		if coming == "" {
			return nil
		}
		if kind == KindFields {
			if err := f.setPrimary(coming); err != nil {
				return err
			}
		}
		f.Told[string(kind)+" "+before] = told{f.Told[string(kind)+" "+before].Made, Leaving}
		f.Told[string(kind)+" "+coming] = told{f.Told[string(kind)+" "+coming].Made, InUse}
		return nil
	})
}

func (f *file) setPrimary(id string) error { return f.manage(id, (*keyset.Manager).SetPrimary) }

// manage does something to one of the fields' keys and keeps the keyset that comes of it.
func (f *file) manage(id string, do func(m *keyset.Manager, key uint32) error) error {
	handle, err := f.handle()
	if err != nil {
		return fault.Wrap(err, "seal.make")
	}
	n, err := strconv.ParseUint(id, 10, 32)
	if err != nil {
		return fault.Wrap(err, "seal.make")
	}
	m := keyset.NewManagerFromHandle(handle)
	if err := do(m, uint32(n)); err != nil {
		return fault.Wrap(err, "seal.make")
	}
	return f.keep(m)
}

// Finish says that nothing in the database needs the leaving key any more. It is kept: backups from before need it.
func (k *Keys) Finish(kind Kind) error {
	return k.change(func(f *file) error {
		for _, id := range f.ids(kind) {
			if f.stateOf(kind, id) == Leaving {
				f.Told[string(kind)+" "+id] = told{f.Told[string(kind)+" "+id].Made, Kept}
			}
		}
		return nil
	})
}

// Drop destroys a kept key: when no backup needs it any more. The public half of a signing key is never dropped, since
// old signatures are verified with it.
func (k *Keys) Drop(kind Kind, id string) error {
	return k.change(func(f *file) error {
		if kind == KindSign || !slices.Contains(f.ids(kind), id) || f.stateOf(kind, id) != Kept {
			return fault.E(fault.Conflict, "seal.not_kept", fault.Args{"id": id})
		}
		delete(f.Told, string(kind)+" "+id)
		if kind == KindIndex {
			f.Index = slices.DeleteFunc(slices.Clone(f.Index), func(m material) bool { return m.ID == id })
			return nil
		}
		return f.manage(id, (*keyset.Manager).Delete)
	})
}

// Settled is how long to wait after Begin and Promote until every running program has learnt of it.
const Settled = 2 * lookEvery

// Marked names a column that is sealed. IDs are the columns of its row beside tenant_id that name the row; About gives
// what the text is tied to.
type Marked struct {
	Table, Column string
	IDs           []string
	About         func(ids []string) string
}

// ClientCode is the identity code of a client.
var ClientCode = Marked{"client", "code_sealed", []string{"client_id"}, func(ids []string) string { return "client-code " + ids[0] }}

// TOTP is the secret of a worker's code generator (package login).
var TOTP = Marked{"totp", "secret", []string{"worker_id"}, func(ids []string) string { return "totp " + ids[0] }}

// FileKey is the key of one file outside the database (package file).
var FileKey = Marked{"file", "key_sealed", []string{"file_id"}, func(ids []string) string { return "file-key " + ids[0] }}

// AllMarked lists every sealed column of the database: a change of the fields' key goes through them. Whoever seals a
// further column adds it here.
var AllMarked = []Marked{ClientCode, TOTP, FileKey}
