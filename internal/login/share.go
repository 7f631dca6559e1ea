package login

import (
	"context"
	"time"

	"github.com/go-webauthn/webauthn/webauthn"

	"polku/internal/actor"
	"polku/internal/db"
)

// Authn is the passkey library set up for the address that people reach us by; name is what their devices call the
// place. Invalid login.passkey_address where passkeys cannot be used.
func Authn(origin, name string) (*webauthn.WebAuthn, error) { return authn(origin, name) }

// KeepStep keeps what one half of a sign-in leaves to the other, and gives its secret. kind is the caller's own word.
func KeepStep(ctx context.Context, d *db.DB, who actor.Actor, kind, whose string, body any) (secret string, err error) {
	return keepStep(ctx, d, who, kind, whose, body)
}

// TakeStep gives whose a step is and reads its body; it is used up. Invalid login.step_over when there is none.
func TakeStep(ctx context.Context, d *db.DB, who actor.Actor, secret, kind string, body any) (whose string, err error) {
	st, err := takeStep(ctx, d, who, secret, kind, body)
	return st.worker, err
}

// Limit holds one bucket of tries for each key: for those who sign others than staff in.
type Limit = limit

// NewLimit allows burst wrong tries at once for a key, and one more every so often.
func NewLimit(burst int, every time.Duration) *Limit { return newLimit(burst, every) }

// Try uses up one try of a key; back gives it back when the try was right. Unavailable login.wait, with seconds, when
// there is none.
func (l *limit) Try(key string, now time.Time) (back func(), err error) {
	back, wait := l.take(short(key), now)
	if wait > 0 {
		return nil, waitFault(wait)
	}
	return back, nil
}

// Waste takes as long as Verify, for a secret that nobody has: so that an answer does not tell by its time whether there
// is anybody.
func Waste(ctx context.Context, password string) error {
	_, err := Verify(ctx, nobody, password)
	return err
}

// Code gives a secret of 80 random bits that people can read out and copy by hand: four groups of four.
func Code() string { return secret(4) }

// CodeHash is what is kept of a Code. Capitals, blanks and hyphens do not count, nor letters taken for digits.
func CodeHash(code string) []byte { return codeHash(code) }

// Cut shortens a text to n bytes at most, without half a character at its end.
func Cut(s string, n int) string { return cut(s, n) }
