package demo

import (
	"crypto/sha256"
	"encoding/binary"
	"math/rand/v2"
	"strconv"

	"polku/internal/civil"
)

// dice are the chances of one thing (a client): they depend only on the seed and the thing's name, so that one
// client stays the same when others are added.
type dice struct{ *rand.Rand }

func newDice(seed uint64, name string) *dice {
	sum := sha256.Sum256([]byte(strconv.FormatUint(seed, 10) + "/" + name))
	return &dice{rand.New(rand.NewPCG(binary.BigEndian.Uint64(sum[:8]), binary.BigEndian.Uint64(sum[8:16])))}
}

// chance is true in so many cases of a hundred.
func (d *dice) chance(percent int) bool { return d.IntN(100) < percent }

// between gives a number from lo to hi, both included.
func (d *dice) between(lo, hi int) int {
	if hi <= lo {
		return lo
	}
	return lo + d.IntN(hi-lo+1)
}

// days gives a number of days from lo to hi, both included.
func (d *dice) days(lo, hi int) civil.Date { return civil.Date(d.between(lo, hi)) }

func pick[T any](d *dice, list []T) T { return list[d.IntN(len(list))] }
