// Package ident makes ids: UUIDv7, made by whoever records, in the order they are made.
package ident

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/google/uuid"
)

// New makes a UUIDv7.
func New() string { return uuid.Must(uuid.NewV7()).String() }

// Valid tells whether s has the form of an id.
func Valid(s string) bool {
	_, err := uuid.Parse(s)
	return err == nil && len(s) == 36
}

// Of makes an id that depends only on parts: the same row imported twice, or the same seed, gives the same
// id. It has the form of a UUID of version 8 (made by the application, RFC 9562).
func Of(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x1f")))
	b := sum[:16]
	b[6] = b[6]&0x0f | 0x80
	b[8] = b[8]&0x3f | 0x80
	h := hex.EncodeToString(b)
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// Beside is Of with the time of id: what belongs together stands together in an index, which then has one page to write.
func Beside(id string, parts ...string) string {
	of := Of(append([]string{id}, parts...)...)
	if !Valid(id) {
		return of
	}
	const time = len("01234567-89ab") // 48 bits, milliseconds (RFC 9562, 5.7)
	return id[:time] + of[time:]
}
