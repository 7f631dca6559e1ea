package seal

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/age"

	"polku/internal/fault"
)

// wrapped is the ending of a key file that a pass-phrase protects, in the form of age (scrypt).
const wrapped = ".age"

// PassphraseVariable of the environment holds the pass-phrase; PassphraseCredential is its name among systemd's
// credentials, which come first.
const (
	PassphraseVariable   = "POLKU_KEYS_PASSPHRASE"
	PassphraseCredential = "polku-keys-passphrase"
)

// passphrase gives the pass-phrase of the key file; a fault when there is none.
func passphrase() (string, error) {
	if dir := os.Getenv("CREDENTIALS_DIRECTORY"); dir != "" {
		if data, err := os.ReadFile(filepath.Join(dir, PassphraseCredential)); err == nil {
			return strings.TrimRight(string(data), "\r\n"), nil
		}
	}
	if p := os.Getenv(PassphraseVariable); p != "" {
		return p, nil
	}
	return "", fault.E(fault.Unavailable, "seal.no_passphrase", nil)
}

// unwrap reads the protected file; missing is the error when there is none.
func (p place) unwrap(missing error) ([]byte, error) {
	data, err := os.ReadFile(p.file() + wrapped)
	if err != nil {
		return nil, missing
	}
	phrase, err := passphrase()
	if err != nil {
		return nil, err
	}
	identity, err := age.NewScryptIdentity(phrase)
	if err != nil {
		return nil, fault.Wrap(err, "seal.bad_passphrase")
	}
	r, err := age.Decrypt(bytes.NewReader(data), identity)
	if err != nil {
		return nil, fault.E(fault.Invalid, "seal.bad_passphrase", nil)
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		return nil, fault.E(fault.Invalid, "seal.bad_keys", nil)
	}
	return plain, nil
}

func wrap(plain []byte) ([]byte, error) {
	phrase, err := passphrase()
	if err != nil {
		return nil, err
	}
	recipient, err := age.NewScryptRecipient(phrase)
	if err != nil {
		return nil, fault.Wrap(err, "seal.bad_passphrase")
	}
	var out bytes.Buffer
	w, err := age.Encrypt(&out, recipient)
	if err != nil {
		return nil, fault.Wrap(err, "seal.make")
	}
	if _, err := w.Write(plain); err != nil {
		return nil, fault.Wrap(err, "seal.make")
	}
	if err := w.Close(); err != nil {
		return nil, fault.Wrap(err, "seal.make")
	}
	return out.Bytes(), nil
}

// Wrap protects the key file by the pass-phrase from now on: the plain file goes when the protected one is on the disk.
func (k *Keys) Wrap() error {
	if err := k.writable(); err != nil {
		return err
	}
	data, err := os.ReadFile(k.place.file())
	if err != nil {
		return fault.E(fault.Conflict, "seal.wrapped_already", nil)
	}
	locked, err := wrap(data)
	if err != nil {
		return err
	}
	if err := writeDurably(string(k.place), KeyFile+wrapped, locked); err != nil {
		return &fault.Error{Kind: fault.Unavailable, Key: "seal.not_written", Cause: err}
	}
	if err := os.Remove(k.place.file()); err != nil {
		return &fault.Error{Kind: fault.Unavailable, Key: "seal.not_written", Cause: err}
	}
	return nil
}
