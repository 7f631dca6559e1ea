// Package seal owns the keys that live outside the database: one encrypts identity codes and other marked
// fields, one makes their blind index, one hashes rows of imported lists, one signs the journal's chain heads daily.
// Keys can be changed while the program serves: see rotate.go, and package rekey for what is sealed with them.
package seal

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tink-crypto/tink-go/v2/tink"

	"polku/internal/fault"
)

// Keys of one installation, as their file says at the moment: a file that somebody has changed is read again within a
// second, so that every running program takes part in a change of keys. Safe for many goroutines.
type Keys struct {
	ring   atomic.Pointer[ring]
	place  place
	looked atomic.Int64 // when the file was looked at last, nanoseconds
	look   sync.Mutex
}

// ring is what the file held when it was read.
type ring struct {
	file    file
	mark    string // changes when the file does
	fields  tink.AEAD
	primary uint32
	index   [][]byte // the one in use first, then those that something in the database may still be found by
	rows    []byte
	sign    ed25519.PrivateKey
	publics []ed25519.PublicKey
}

// lookEvery is how old what was read may be.
const lookEvery = time.Second

// now gives the ring, read again when the file has changed. A file that cannot be read at this moment (half a copy)
// leaves the keys as they were.
func (k *Keys) now() *ring {
	at := time.Now().UnixNano()
	if at-k.looked.Load() < int64(lookEvery) {
		return k.ring.Load()
	}
	k.look.Lock()
	defer k.look.Unlock()
	if at-k.looked.Load() < int64(lookEvery) {
		return k.ring.Load()
	}
	k.looked.Store(at)
	if mark := k.place.mark(); mark != k.ring.Load().mark {
		if r, err := k.place.read(); err == nil {
			k.ring.Store(r)
		}
	}
	return k.ring.Load()
}

// Seal encrypts a field's text. about ties it to its place (tenant and client), so that it cannot be moved
// to another row.
func (k *Keys) Seal(text, about string) ([]byte, error) {
	out, err := k.now().fields.Encrypt([]byte(text), []byte(about))
	return out, fault.Wrap(err, "seal.encrypt")
}

// Unseal gives the text back; empty for nil. Keys that are no longer in use open what they sealed.
func (k *Keys) Unseal(sealed []byte, about string) (string, error) {
	if sealed == nil {
		return "", nil
	}
	out, err := k.now().fields.Decrypt(sealed, []byte(about))
	if err != nil {
		return "", fault.E(fault.Internal, "seal.decrypt", nil)
	}
	return string(out), nil
}

// Fresh tells whether a sealed field was sealed with the key in use.
func (k *Keys) Fresh(sealed []byte) bool { return SealedBy(sealed) == k.now().primary }

// SealedBy reads the id of the key that sealed a field: Tink writes it before the ciphertext. 0: none.
func SealedBy(sealed []byte) uint32 {
	if len(sealed) < 5 || sealed[0] != 1 {
		return 0
	}
	return binary.BigEndian.Uint32(sealed[1:5])
}

// Index is the blind index of a value: equal values have equal indexes, and the value cannot be told from it.
func (k *Keys) Index(value string) []byte { return mac(k.now().index[0], value) }

// OtherIndex is the blind index of a value by the key that a change of keys is coming to or from: whoever looks for
// somebody looks by both. Without a change under way it is the same as Index.
func (k *Keys) OtherIndex(value string) []byte {
	keys := k.now().index
	return mac(keys[len(keys)-1], value)
}

// RowHash hashes the row of a list, or a short name on it: what is not kept in words and can therefore not be hashed
// again. Its key stays when the index's key changes.
func (k *Keys) RowHash(text string) []byte { return mac(k.now().rows, text) }

func mac(key []byte, value string) []byte {
	m := hmac.New(sha256.New, key)
	m.Write([]byte(value))
	return m.Sum(nil)
}

// Sign signs a digest of the journal's heads.
func (k *Keys) Sign(digest []byte) []byte { return ed25519.Sign(k.now().sign, digest) }

// Verify tells whether Sign made the signature, now or with an earlier key.
func (k *Keys) Verify(digest, signature []byte) bool {
	for _, public := range k.now().publics {
		if ed25519.Verify(public, digest, signature) {
			return true
		}
	}
	return false
}
