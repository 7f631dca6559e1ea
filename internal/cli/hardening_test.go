package cli

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// dial serves a handler with the real server's limits inside a bubble of its own time, and gives one connection to it.
func dial(t *testing.T, handler http.HandlerFunc) net.Conn {
	t.Helper()
	l := &pipes{waiting: make(chan net.Conn), closed: make(chan struct{})}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- answer(ctx, l, handler, slog.New(slog.DiscardHandler)) }()
	ours, theirs := net.Pipe()
	l.waiting <- theirs
	t.Cleanup(func() {
		ours.Close()
		stop()
		must(t, <-ended)
	})
	return ours
}

// pipes listens for connections in memory.
type pipes struct {
	waiting chan net.Conn
	closed  chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.waiting:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}
func (p *pipes) Close() error {
	select {
	case <-p.closed:
	default:
		close(p.closed)
	}
	return nil
}
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }

// until reads what comes until the server cuts the connection, and tells how long that took.
func until(c net.Conn) (said string, took time.Duration) {
	start := time.Now()
	data, _ := io.ReadAll(c) // a cut connection is an end or an error, and both are what is waited for
	return string(data), time.Since(start)
}

// A connection that dribbles, stalls or says nothing is cut, however it spreads its bytes: in 10 s before the end of the
// headers, in 2 min before the end of the form, in 2 min between requests; one that never takes its answer, in 3 min.
func TestSlowConnectionsAreCut(t *testing.T) {
	read := func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.ReadAll(r.Body); err == nil {
			io.WriteString(w, "all of it")
		}
	}
	dribble := func(c net.Conn, first, more string) {
		io.WriteString(c, first)
		for { // until it is cut
			time.Sleep(time.Second)
			if _, err := io.WriteString(c, more); err != nil {
				return
			}
		}
	}
	for name, c := range map[string]struct {
		send func(net.Conn)
		in   time.Duration
	}{
		"nothing": {func(net.Conn) {}, 10 * time.Second},
		"headers": {func(c net.Conn) { dribble(c, "GET / HTTP/1.1\r\nHost: polku\r\n", "X-A: b\r\n") }, 10 * time.Second},
		"a form":  {func(c net.Conn) { dribble(c, "POST / HTTP/1.1\r\nHost: polku\r\nContent-Length: 100000\r\n\r\n", "a") }, 2 * time.Minute},
		"chunks": {func(c net.Conn) {
			dribble(c, "POST / HTTP/1.1\r\nHost: polku\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\na\r\n")
		}, 2 * time.Minute},
		"one request, and no other": {func(c net.Conn) { io.WriteString(c, "GET / HTTP/1.1\r\nHost: polku\r\n\r\n") }, 2 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				conn := dial(t, read)
				var sending sync.WaitGroup
				sending.Go(func() { c.send(conn) })
				said, took := until(conn)
				conn.Close()
				sending.Wait()
				if took < c.in-2*time.Second || took > c.in+2*time.Second {
					t.Errorf("cut after %v, want %v: %q", took, c.in, said)
				}
				if strings.Contains(said, "all of it") != strings.HasPrefix(name, "one") {
					t.Errorf("%q", said)
				}
			})
		})
	}
	t.Run("an answer not taken", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			gone := make(chan time.Duration, 1)
			conn := dial(t, func(w http.ResponseWriter, r *http.Request) {
				start := time.Now()
				for {
					if _, err := w.Write(make([]byte, 4096)); err != nil {
						gone <- time.Since(start)
						return
					}
				}
			})
			io.WriteString(conn, "GET / HTTP/1.1\r\nHost: polku\r\n\r\n")
			if took := <-gone; took > 3*time.Minute+time.Second {
				t.Errorf("held for %v", took)
			}
		})
	})
}

// Headers have 64 kB, all together.
func TestHeadersHaveALimit(t *testing.T) {
	for size, want := range map[int]string{32 << 10: "200", 128 << 10: "431"} {
		synctest.Test(t, func(t *testing.T) {
			conn := dial(t, func(http.ResponseWriter, *http.Request) {})
			go fmt.Fprintf(conn, "GET / HTTP/1.1\r\nHost: polku\r\nX-Long: %s\r\n\r\n", strings.Repeat("x", size))
			line, err := bufio.NewReader(conn).ReadString('\n')
			if err != nil || !strings.Contains(line, want) {
				t.Errorf("%d bytes: %q %v, want %s", size, line, err, want)
			}
		})
	}
}
