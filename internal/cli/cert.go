package cli

import (
	"crypto/tls"
	"os"
	"sync"
	"time"

	"polku/internal/fault"
)

// certFiles is a certificate in files that somebody else renews: it is read again when the file has changed, looked
// at once a minute at most, so that a renewal needs no restart.
type certFiles struct {
	cert, key string

	mu      sync.Mutex
	read    *tls.Certificate
	changed time.Time // of the file that was read
	looked  time.Time
}

// get answers a handshake. A renewed pair that does not fit together yet leaves the old one in use.
func (f *certFiles) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.read != nil && time.Since(f.looked) < time.Minute {
		return f.read, nil
	}
	f.looked = time.Now()
	info, err := os.Stat(f.cert)
	if err == nil && f.read != nil && info.ModTime().Equal(f.changed) {
		return f.read, nil
	}
	var pair tls.Certificate
	if err == nil {
		pair, err = tls.LoadX509KeyPair(f.cert, f.key)
	}
	if err != nil {
		if f.read != nil {
			return f.read, nil
		}
		return nil, &fault.Error{Kind: fault.Invalid, Key: "cli.bad_cert", Args: fault.Args{"cert": f.cert, "key": f.key}, Cause: err}
	}
	f.read, f.changed = &pair, info.ModTime()
	return f.read, nil
}
