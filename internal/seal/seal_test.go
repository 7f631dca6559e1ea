package seal

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"polku/internal/fault"
)

func made(t *testing.T) (*Keys, string) {
	t.Helper()
	dir := t.TempDir()
	k, err := LoadOrMake(dir)
	if err != nil {
		t.Fatal(err)
	}
	return k, dir
}

// A key file of the first form, with one index key and one signing key as plain texts, is read as before, and everything
// that was made with it holds after a change of each key.
func TestFileOfTheFirstForm(t *testing.T) {
	k, dir := made(t)
	r := k.ring.Load()
	first, err := json.Marshal(map[string]any{"fields": r.file.Fields, "index": r.index[0], "sign": r.file.Sign[0].Secret})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, KeyFile), first, 0o600); err != nil {
		t.Fatal(err)
	}
	old, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := old.Seal("salaisuus", "a")
	if err != nil {
		t.Fatal(err)
	}
	index, row, signature := old.Index("x"), old.RowHash("x"), old.Sign([]byte("x"))
	if !bytes.Equal(index, k.Index("x")) || !bytes.Equal(row, index) {
		t.Error("the first form's one key made both")
	}
	for _, kind := range []Kind{KindFields, KindIndex, KindSign} {
		if err := old.Begin(kind); err != nil {
			t.Fatal(err)
		}
		if err := old.Promote(kind); err != nil {
			t.Fatal(err)
		}
	}
	if text, err := old.Unseal(sealed, "a"); err != nil || text != "salaisuus" {
		t.Errorf("%q %v", text, err)
	}
	if bytes.Equal(old.Index("x"), index) || !bytes.Equal(old.OtherIndex("x"), index) || !bytes.Equal(old.RowHash("x"), row) || !old.Verify([]byte("x"), signature) {
		t.Error("what the first keys made is not known any more")
	}
	if old.Fresh(sealed) {
		t.Error("an old field passes for a new one")
	}
}

// Another running program learns a changed file by itself.
func TestChangedFileIsReadAgain(t *testing.T) {
	one, dir := made(t)
	two, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []func(Kind) error{one.Begin, one.Promote} {
		if err := step(KindFields); err != nil {
			t.Fatal(err)
		}
	}
	two.looked.Store(time.Now().Add(-2 * lookEvery).UnixNano())
	sealed, err := one.Seal("x", "a")
	if err != nil {
		t.Fatal(err)
	}
	if text, err := two.Unseal(sealed, "a"); err != nil || text != "x" || !two.Fresh(sealed) {
		t.Error("the other program does not know the new key:", err)
	}
	// Half a file, as a copy leaves it for a moment, changes nothing.
	if err := os.WriteFile(filepath.Join(dir, KeyFile), []byte(`{"fields":`), 0o600); err != nil {
		t.Fatal(err)
	}
	two.looked.Store(0)
	if _, err := two.Unseal(sealed, "a"); err != nil {
		t.Error(err)
	}
}

// The pass-phrase protects the file; a wrong one, or none, opens nothing, and changes are written protected again.
func TestPassphrase(t *testing.T) {
	k, dir := made(t)
	sealed, err := k.Seal("x", "a")
	if err != nil {
		t.Fatal(err)
	}
	if err := k.Wrap(); !fault.Is(err, fault.Unavailable) {
		t.Error("wrapped without a pass-phrase:", err)
	}
	t.Setenv(PassphraseVariable, "hevonen sillalla kolme kertaa")
	if err := k.Wrap(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, KeyFile)); err == nil {
		t.Error("the plain file is still there")
	}
	again, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Begin(KindSign); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(dir, KeyFile+wrapped))
	if err != nil || bytes.Contains(data, []byte("fields")) || !bytes.HasPrefix(data, []byte("age-encryption.org/")) {
		t.Errorf("%.40q %v", data, err)
	}
	if again, err = Load(dir); err != nil || len(again.List()) != 4 {
		t.Fatal(err)
	}
	if text, err := again.Unseal(sealed, "a"); err != nil || text != "x" {
		t.Errorf("%q %v", text, err)
	}
	t.Setenv(PassphraseVariable, "väärä")
	if _, err := Load(dir); !fault.Is(err, fault.Invalid) {
		t.Error("a wrong pass-phrase:", err)
	}
}

// The keys may stand in the environment; there they cannot be changed.
func TestKeysFromTheEnvironment(t *testing.T) {
	k, dir := made(t)
	data, err := os.ReadFile(filepath.Join(dir, KeyFile))
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("TEST_KEYS", string(data))
	env, err := Load(FromEnvironment + "TEST_KEYS")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(env.Index("x"), k.Index("x")) || !Are("env:TEST_KEYS") || Are("env:TEST_NO_KEYS") {
		t.Error("other keys")
	}
	if err := env.Begin(KindFields); !fault.Is(err, fault.Invalid) {
		t.Error(err)
	}
}

// A key that something may still need is not dropped; a kept one is, but never the half that verifies old signatures.
func TestDrop(t *testing.T) {
	k, _ := made(t)
	sealed, err := k.Seal("x", "a")
	if err != nil {
		t.Fatal(err)
	}
	id := k.List()[0].ID
	drop := func(kind Kind, id string, want bool) {
		t.Helper()
		if err := k.Drop(kind, id); (err == nil) != want {
			t.Errorf("drop %s: %v", kind, err)
		}
	}
	drop(KindFields, id, false)
	for _, step := range []func(Kind) error{k.Begin, k.Promote} {
		if err := step(KindFields); err != nil {
			t.Fatal(err)
		}
	}
	drop(KindFields, id, false)
	if err := k.Finish(KindFields); err != nil {
		t.Fatal(err)
	}
	drop(KindFields, id, true)
	if _, err := k.Unseal(sealed, "a"); err == nil {
		t.Error("a dropped key still opens")
	}
	if err := k.Begin(KindSign); err != nil {
		t.Fatal(err)
	}
	for _, key := range k.List() {
		if key.Kind == KindSign {
			drop(KindSign, key.ID, false)
		}
	}
}
