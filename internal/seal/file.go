package seal

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"

	"polku/internal/fault"
)

// KeyFile is the name of the key file in its folder, readable by its owner only.
const KeyFile = "keys.json"

// FromEnvironment before the name of a variable says that the variable holds what the file would.
const FromEnvironment = "env:"

// State of a key.
type State string

// States of a key, in the order of its life.
const (
	Coming  State = "coming"  // every program learns it; nothing is made with it yet
	InUse   State = "in_use"  // new things are made with it
	Leaving State = "leaving" // a change is under way: something in the database may still need it
	Kept    State = "kept"    // nothing in the database needs it; backups from before do
)

// file is what stands in the key file.
type file struct {
	Fields json.RawMessage `json:"fields"` // Tink keyset, AES-256-GCM
	Index  oneKey          `json:"index"`  // HMAC-SHA-256, 32 bytes
	Rows   []byte          `json:"rows,omitempty"`
	Sign   oneKey          `json:"sign"` // Ed25519: the seed of the one in use, public keys of the others
	Told   map[string]told `json:"keys,omitempty"`
}

// told is what is known of a key beside its material, by its id.
type told struct {
	Made  string `json:"made,omitempty"` // day; empty: before days were written down
	State State  `json:"state"`
}

// oneKey is a list of keys. A file of the first form has one key, as a text.
type oneKey []material

type material struct {
	ID     string `json:"id"`
	Secret []byte `json:"secret,omitempty"`
	Public []byte `json:"public,omitempty"`
}

// UnmarshalJSON reads both forms.
func (o *oneKey) UnmarshalJSON(data []byte) error {
	if bytes.HasPrefix(bytes.TrimSpace(data), []byte(`"`)) {
		var secret []byte
		if err := json.Unmarshal(data, &secret); err != nil {
			return err
		}
		*o = oneKey{{ID: "1", Secret: secret}}
		return nil
	}
	var list []material
	err := json.Unmarshal(data, &list)
	*o = list
	return err
}

// place is where the key file is: a folder, or a variable of the environment.
type place string

func (p place) file() string { return filepath.Join(string(p), KeyFile) }

// mark changes when the file does.
func (p place) mark() string {
	if strings.HasPrefix(string(p), FromEnvironment) {
		return ""
	}
	for _, name := range []string{p.file(), p.file() + wrapped} {
		if s, err := os.Stat(name); err == nil {
			return s.ModTime().String() + " " + strconv.FormatInt(s.Size(), 10)
		}
	}
	return "none"
}

func (p place) data() ([]byte, error) {
	if name, is := strings.CutPrefix(string(p), FromEnvironment); is {
		return []byte(os.Getenv(name)), nil
	}
	data, err := os.ReadFile(p.file())
	if errors.Is(err, fs.ErrNotExist) {
		return p.unwrap(err)
	}
	return data, err
}

func (p place) read() (*ring, error) {
	mark := p.mark()
	data, err := p.data()
	if err != nil {
		var f *fault.Error
		if errors.As(err, &f) {
			return nil, err
		}
		return nil, &fault.Error{Kind: fault.Unavailable, Key: "seal.no_keys", Cause: err}
	}
	var f file
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, fault.E(fault.Invalid, "seal.bad_keys", nil)
	}
	r, err := f.ring()
	if err != nil {
		return nil, err
	}
	r.mark = mark
	return r, nil
}

// ring checks a file and makes its keys ready for use.
func (f file) ring() (*ring, error) {
	bad := fault.E(fault.Invalid, "seal.bad_keys", nil)
	handle, err := f.handle()
	if err != nil {
		return nil, bad
	}
	r := &ring{file: f, rows: f.Rows, primary: handle.KeysetInfo().PrimaryKeyId}
	if r.fields, err = aead.New(handle); err != nil {
		return nil, bad
	}
	for _, want := range []State{InUse, Coming, Leaving} {
		for _, m := range f.Index {
			if len(m.Secret) != 32 {
				return nil, bad
			}
			if f.state("index", m.ID) == want {
				r.index = append(r.index, m.Secret)
			}
		}
	}
	for _, m := range f.Sign {
		switch {
		case len(m.Secret) == ed25519.SeedSize:
			private := ed25519.NewKeyFromSeed(m.Secret)
			if f.state("sign", m.ID) == InUse {
				r.sign = private
			}
			r.publics = append(r.publics, private.Public().(ed25519.PublicKey))
		case len(m.Public) == ed25519.PublicKeySize:
			r.publics = append(r.publics, m.Public)
		default:
			return nil, bad
		}
	}
	if len(r.index) == 0 || r.sign == nil || f.state("index", f.inUse("index")) != InUse {
		return nil, bad
	}
	if r.rows == nil {
		r.rows = f.Index[0].Secret // the first form had one key for both
	}
	return r, nil
}

func (f file) handle() (*keyset.Handle, error) {
	return insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(f.Fields)))
}

// state of a key of a kind; a key that nothing is told of is the one in use.
func (f file) state(kind, id string) State {
	if t, there := f.Told[kind+" "+id]; there {
		return t.State
	}
	return InUse
}

// inUse gives the id of the index or sign key in use.
func (f file) inUse(kind string) string {
	list := f.Index
	if kind == "sign" {
		list = f.Sign
	}
	for _, m := range list {
		if f.state(kind, m.ID) == InUse {
			return m.ID
		}
	}
	return ""
}

// Load reads the keys in a folder, or in a variable of the environment (env:NAME).
func Load(dir string) (*Keys, error) {
	k := &Keys{place: place(dir)}
	r, err := k.place.read()
	if err != nil {
		return nil, err
	}
	k.ring.Store(r)
	k.looked.Store(time.Now().UnixNano())
	return k, nil
}

// Are tells whether a folder (or variable) holds keys, readable or not.
func Are(dir string) bool {
	p := place(dir)
	if name, is := strings.CutPrefix(dir, FromEnvironment); is {
		return os.Getenv(name) != ""
	}
	return p.mark() != "none"
}

// LoadOrMake reads the keys in dir, or makes them when there are none yet.
func LoadOrMake(dir string) (*Keys, error) {
	if Are(dir) || strings.HasPrefix(dir, FromEnvironment) {
		return Load(dir)
	}
	handle, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, fault.Wrap(err, "seal.make")
	}
	today := time.Now().UTC().Format(time.DateOnly)
	f := file{Rows: secret(), Index: oneKey{{ID: newID(), Secret: secret()}}, Sign: oneKey{{ID: newID(), Secret: secret()}}}
	if f.Fields, err = encode(handle); err != nil {
		return nil, err
	}
	f.Told = map[string]told{"index " + f.Index[0].ID: {today, InUse}, "sign " + f.Sign[0].ID: {today, InUse},
		"fields " + strconv.FormatUint(uint64(handle.KeysetInfo().PrimaryKeyId), 10): {today, InUse}}
	_, err = os.Stat(dir)
	made := errors.Is(err, fs.ErrNotExist)
	if err = os.MkdirAll(dir, 0o700); err == nil && made {
		err = syncFolder(filepath.Dir(filepath.Clean(dir)))
	}
	if err != nil {
		return nil, &fault.Error{Kind: fault.Unavailable, Key: "seal.no_keys", Cause: err}
	}
	if err := place(dir).write(f); err != nil {
		return nil, err
	}
	return Load(dir)
}

func encode(handle *keyset.Handle) (json.RawMessage, error) {
	var out bytes.Buffer
	if err := insecurecleartextkeyset.Write(handle, keyset.NewJSONWriter(&out)); err != nil {
		return nil, fault.Wrap(err, "seal.make")
	}
	return out.Bytes(), nil
}

// secret makes 32 random bytes: the length of each kind of key. rand.Read never fails: it ends the program instead.
func secret() []byte {
	s := make([]byte, 32)
	rand.Read(s)
	return s
}

func newID() string {
	id := make([]byte, 4)
	rand.Read(id)
	return hex.EncodeToString(id)
}

// write puts the file in the place of the one that is there, in the same form (wrapped or not).
func (p place) write(f file) error {
	data, err := json.MarshalIndent(f, "", " ")
	if err != nil {
		return fault.Wrap(err, "seal.make")
	}
	name := KeyFile
	if _, err := os.Stat(p.file() + wrapped); err == nil {
		name += wrapped
		if data, err = wrap(data); err != nil {
			return err
		}
	}
	if err := writeDurably(string(p), name, data); err != nil {
		return &fault.Error{Kind: fault.Unavailable, Key: "seal.not_written", Cause: err}
	}
	return nil
}

// writeDurably writes the file aside, syncs it and moves it into place: half a key file would lock data in.
func writeDurably(dir, name string, data []byte) error {
	tmp, err := os.CreateTemp(dir, ".keys-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	if _, err := tmp.Write(data); err != nil {
		return err
	}
	if err := tmp.Sync(); err != nil {
		return err
	}
	if err := tmp.Close(); err != nil {
		return err
	}
	if err := os.Chmod(tmp.Name(), 0o600); err != nil {
		return err
	}
	if err := os.Rename(tmp.Name(), filepath.Join(dir, name)); err != nil {
		return err
	}
	return syncFolder(dir)
}

// syncFolder makes the names in a folder lasting, so that a power cut does not take the keys and leave the data.
func syncFolder(dir string) error {
	if runtime.GOOS == "windows" {
		return nil // folders cannot be synced there
	}
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
