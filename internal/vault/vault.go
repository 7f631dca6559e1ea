// Package vault keeps sealed files outside the database: each under an opaque name, encrypted with a key of its own, in a
// place that knows nothing of what they are. The place is a folder today; whatever can put, get, delete and list takes its
// part as well (an object store).
package vault

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"io"
	"time"

	"github.com/tink-crypto/tink-go/v2/streamingaead/subtle"

	"polku/internal/fault"
)

// Place keeps sealed files. All of it may be called by many goroutines.
type Place interface {
	Put(name string, sealed []byte) error // durable when it returns; what stands there already is replaced
	Get(name string) ([]byte, error)      // NotFound when there is none
	Delete(name string) error             // nothing to delete is no error
	Each(fn func(Held) error) error       // in no order
}

// Held is one sealed file of a place.
type Held struct {
	Name    string
	Bytes   int64
	Changed time.Time
}

// Name tells whether a text may be the name of a sealed file: what a name becomes a path from must never lead elsewhere.
func Name(name string) bool {
	if len(name) < 20 || len(name) > 200 {
		return false
	}
	for _, c := range name {
		if (c < '0' || c > '9') && (c < 'a' || c > 'z') && c != '-' {
			return false
		}
	}
	return true
}

// NewKey makes the key of one file, as text: who has it reads the file, and without it nobody does.
func NewKey() string {
	raw := make([]byte, keyBytes)
	rand.Read(raw) // never fails: it ends the program instead
	return hex.EncodeToString(raw)
}

const (
	keyBytes = 32
	segment  = 1 << 20 // bytes that are encrypted at once
)

func cipherOf(key string) (*subtle.AESGCMHKDF, error) {
	raw, err := hex.DecodeString(key)
	if err != nil || len(raw) != keyBytes {
		return nil, fault.E(fault.Internal, "file.bad_key", nil)
	}
	c, err := subtle.NewAESGCMHKDF(raw, "SHA256", keyBytes, segment, 0)
	return c, fault.Wrap(err, "file.bad_key")
}

// Seal encrypts a file (AES-256-GCM in segments). about ties it to what it is, so that it cannot stand for another.
func Seal(key, about string, plain []byte) ([]byte, error) {
	c, err := cipherOf(key)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	w, err := c.NewEncryptingWriter(&out, []byte(about))
	if err == nil {
		_, err = w.Write(plain)
	}
	if err == nil {
		err = w.Close()
	}
	return out.Bytes(), fault.Wrap(err, "file.seal")
}

// Open gives a sealed file back, whole and as it was, or an Internal fault: it has been changed, or the key is another.
func Open(key, about string, sealed []byte) ([]byte, error) {
	c, err := cipherOf(key)
	if err != nil {
		return nil, err
	}
	r, err := c.NewDecryptingReader(bytes.NewReader(sealed), []byte(about))
	if err != nil {
		return nil, fault.E(fault.Internal, "file.changed", nil)
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		return nil, fault.E(fault.Internal, "file.changed", nil)
	}
	return plain, nil
}
