// Package secret makes the secrets that people carry by hand or in a link, and what is kept of them: a hash.
package secret

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"strings"
)

// letters that people copy by hand: Crockford's, without i, l, o and u.
var letters = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// Code gives a secret of 80 random bits that people can read out and copy by hand: four groups of four.
func Code() string {
	raw := make([]byte, 10)
	rand.Read(raw) // never fails: it ends the program instead
	text := letters.EncodeToString(raw)
	return text[:4] + "-" + text[4:8] + "-" + text[8:12] + "-" + text[12:]
}

// Hash is what is kept of a Code. It needs no salt nor slowness: a code has 80 random bits. Capitals, blanks and hyphens do
// not count, nor letters taken for digits.
func Hash(code string) []byte {
	plain := strings.NewReplacer("-", "", " ", "", "o", "0", "i", "1", "l", "1").Replace(strings.ToLower(code))
	sum := sha256.Sum256([]byte(plain))
	return sum[:]
}
