// Package seal owns the keys that live outside the database: one encrypts identity codes and other marked
// fields, one makes their blind index, one signs the journal's chain heads daily.
package seal

import (
	"bytes"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"runtime"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"

	"polku/internal/fault"
)

// KeyFile is the name of the key file in its folder. It is written once, readable by its owner only.
const KeyFile = "keys.json"

// Keys of one installation.
type Keys struct {
	fields tink.AEAD
	index  []byte
	sign   ed25519.PrivateKey
}

// file is what stands in the key file.
type file struct {
	Fields json.RawMessage `json:"fields"` // Tink keyset, AES-256-GCM
	Index  []byte          `json:"index"`  // 32 bytes for HMAC-SHA-256
	Sign   []byte          `json:"sign"`   // Ed25519 seed
}

// Load reads the keys in dir.
func Load(dir string) (*Keys, error) {
	data, err := os.ReadFile(filepath.Join(dir, KeyFile))
	if err != nil {
		return nil, &fault.Error{Kind: fault.Unavailable, Key: "seal.no_keys", Cause: err}
	}
	var f file
	if err := json.Unmarshal(data, &f); err != nil || len(f.Index) != 32 || len(f.Sign) != ed25519.SeedSize {
		return nil, fault.E(fault.Invalid, "seal.bad_keys", nil)
	}
	handle, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(f.Fields)))
	if err != nil {
		return nil, fault.E(fault.Invalid, "seal.bad_keys", nil)
	}
	primitive, err := aead.New(handle)
	if err != nil {
		return nil, fault.Wrap(err, "seal.bad_keys")
	}
	return &Keys{primitive, f.Index, ed25519.NewKeyFromSeed(f.Sign)}, nil
}

// LoadOrMake reads the keys in dir, or makes them when there are none yet.
func LoadOrMake(dir string) (*Keys, error) {
	if _, err := os.Stat(filepath.Join(dir, KeyFile)); err == nil {
		return Load(dir)
	}
	handle, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, fault.Wrap(err, "seal.make")
	}
	var fields bytes.Buffer
	if err := insecurecleartextkeyset.Write(handle, keyset.NewJSONWriter(&fields)); err != nil {
		return nil, fault.Wrap(err, "seal.make")
	}
	f := file{Fields: fields.Bytes(), Index: make([]byte, 32), Sign: make([]byte, ed25519.SeedSize)}
	rand.Read(f.Index) // never fails: it ends the program instead
	rand.Read(f.Sign)
	data, err := json.MarshalIndent(f, "", " ")
	if err != nil {
		return nil, fault.Wrap(err, "seal.make")
	}
	_, err = os.Stat(dir)
	made := errors.Is(err, os.ErrNotExist)
	if err = os.MkdirAll(dir, 0o700); err == nil && made {
		err = syncFolder(filepath.Dir(filepath.Clean(dir)))
	}
	if err != nil {
		return nil, &fault.Error{Kind: fault.Unavailable, Key: "seal.no_keys", Cause: err}
	}
	if err := writeDurably(dir, data); err != nil {
		return nil, &fault.Error{Kind: fault.Unavailable, Key: "seal.no_keys", Cause: err}
	}
	return Load(dir)
}

// writeDurably writes the file aside, syncs it and moves it into place: half a key file would lock data in.
func writeDurably(dir string, data []byte) error {
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
	if err := os.Rename(tmp.Name(), filepath.Join(dir, KeyFile)); err != nil {
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

// Seal encrypts a field's text. about ties it to its place (tenant and client), so that it cannot be moved
// to another row.
func (k *Keys) Seal(text, about string) ([]byte, error) {
	out, err := k.fields.Encrypt([]byte(text), []byte(about))
	return out, fault.Wrap(err, "seal.encrypt")
}

// Unseal gives the text back; empty for nil.
func (k *Keys) Unseal(sealed []byte, about string) (string, error) {
	if sealed == nil {
		return "", nil
	}
	out, err := k.fields.Decrypt(sealed, []byte(about))
	if err != nil {
		return "", fault.E(fault.Internal, "seal.decrypt", nil)
	}
	return string(out), nil
}

// Index is the blind index of a value: equal values have equal indexes, and the value cannot be told from it.
func (k *Keys) Index(value string) []byte {
	mac := hmac.New(sha256.New, k.index)
	mac.Write([]byte(value))
	return mac.Sum(nil)
}

// Sign signs a digest of the journal's heads.
func (k *Keys) Sign(digest []byte) []byte { return ed25519.Sign(k.sign, digest) }

// Verify tells whether Sign made the signature.
func (k *Keys) Verify(digest, signature []byte) bool {
	return ed25519.Verify(k.sign.Public().(ed25519.PublicKey), digest, signature)
}
