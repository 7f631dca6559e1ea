package login

import (
	"context"
	"time"

	"polku/internal/fold"
	"polku/internal/secret"
)

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
func Code() string { return secret.Code() }

// CodeHash is what is kept of a Code. Capitals, blanks and hyphens do not count, nor letters taken for digits.
func CodeHash(code string) []byte { return secret.Hash(code) }

// Cut shortens a text to n bytes at most, without half a character at its end.
func Cut(s string, n int) string { return fold.Cut(s, n) }
