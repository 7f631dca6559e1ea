package login

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"sync/atomic"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"polku/internal/fault"
)

// Parameters of argon2id (RFC 9106). 32 MiB and three passes take about a tenth of a second on one core of the
// two-core machine that a small municipality has: far above OWASP's least (19 MiB, two passes), and two at once
// still leave the other core and 64 MiB as the bound on memory. Old hashes carry their own parameters, so these
// may be raised any day.
const (
	hashMemory = 32 * 1024 // KiB
	hashTime   = 3
	hashLanes  = 1
	saltBytes  = 16
	keyBytes   = 32
)

// hashersMost is how many passwords are hashed at once; waitersMost how many more may wait for their turn.
const (
	hashersMost = 2
	waitersMost = 100
)

var (
	hashers = make(chan struct{}, hashersMost)
	waiting atomic.Int32
)

// turn waits for leave to hash. Too many waiting is answered at once, so that a flood costs little.
func turn(ctx context.Context) (done func(), err error) {
	if waiting.Add(1) > waitersMost {
		waiting.Add(-1)
		return nil, fault.E(fault.Unavailable, "login.busy", fault.Args{"seconds": 10})
	}
	defer waiting.Add(-1)
	select {
	case hashers <- struct{}{}:
		return func() { <-hashers }, nil
	case <-ctx.Done():
		return nil, &fault.Error{Kind: fault.Unavailable, Key: "login.busy", Args: fault.Args{"seconds": 10}, Cause: ctx.Err()}
	}
}

// Hash gives the PHC string of a password, with a salt of its own.
func Hash(password string) (string, error) { return hash(context.Background(), password) }

func hash(ctx context.Context, password string) (string, error) {
	done, err := turn(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	salt := make([]byte, saltBytes)
	rand.Read(salt) // never fails: it ends the program instead
	key := argon2.IDKey(normal(password), salt, hashTime, hashMemory, hashLanes, keyBytes)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, hashMemory, hashTime, hashLanes,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key)), nil
}

// nobody is a hash that no password has. An unknown user name is checked against it, so that it takes as long
// as a known one.
var nobody = fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, hashMemory, hashTime, hashLanes,
	base64.RawStdEncoding.EncodeToString(make([]byte, saltBytes)), base64.RawStdEncoding.EncodeToString(make([]byte, keyBytes)))

// Verify tells whether password has the hash phc, comparing in constant time. A hash that is not argon2id, or
// asks for more memory than a machine should give, is an error.
func Verify(ctx context.Context, phc, password string) (bool, error) {
	var version int
	var memory, time uint32
	var lanes uint8
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" {
		return false, fault.E(fault.Internal, "login.bad_hash", nil)
	}
	_, errV := fmt.Sscanf(parts[2], "v=%d", &version)
	_, errP := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &time, &lanes)
	salt, errS := base64.RawStdEncoding.DecodeString(parts[4])
	want, errK := base64.RawStdEncoding.DecodeString(parts[5])
	if errV != nil || errP != nil || errS != nil || errK != nil || version != argon2.Version ||
		memory > 1<<20 || time == 0 || time > 20 || lanes == 0 || len(want) < 16 {
		return false, fault.E(fault.Internal, "login.bad_hash", nil)
	}
	done, err := turn(ctx)
	if err != nil {
		return false, err
	}
	defer done()
	got := argon2.IDKey(normal(password), salt, time, memory, lanes, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1, nil
}

// normal is the form that is hashed: å typed as one sign or as two is the same password (NIST SP 800-63B).
func normal(password string) []byte { return norm.NFKC.Bytes([]byte(password)) }
