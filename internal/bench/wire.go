package bench

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"polku/internal/fault"
)

// wire is one kept-alive connection to the server. It sends requests that are ready and reads whole answers: less
// work than a browser or net/http's client, so that on a small machine the asking takes little from the answering.
type wire struct {
	conn net.Conn
	in   *bufio.Reader
	body bytes.Buffer
}

// slowest is how long an answer may take before the run is given up.
const slowest = 30 * time.Second

// dial connects to a server on this machine; the runner sends nothing anywhere else.
func dial(ctx context.Context, address string) (*wire, error) {
	host, _, err := net.SplitHostPort(address)
	if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsLoopback() {
		return nil, fault.E(fault.Invalid, "bench.not_here", fault.Args{"address": address})
	}
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, &fault.Error{Kind: fault.Unavailable, Key: "bench.no_answer", Cause: err}
	}
	return &wire{conn: conn, in: bufio.NewReaderSize(conn, 64<<10)}, nil
}

func (w *wire) close() { w.conn.Close() }

// answer is what came back; Body is overwritten by the next answer.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// do sends one request and reads its answer to the end.
func (w *wire) do(request []byte) (answer, error) {
	w.conn.SetDeadline(time.Now().Add(slowest)) // a connection that cannot take it fails in Write
	if _, err := w.conn.Write(request); err != nil {
		return answer{}, err
	}
	r, err := http.ReadResponse(w.in, nil)
	if err != nil {
		return answer{}, err
	}
	defer r.Body.Close()
	w.body.Reset()
	if _, err := io.Copy(&w.body, r.Body); err != nil {
		return answer{}, err
	}
	return answer{r.StatusCode, r.Header, w.body.Bytes()}, nil
}

// session is a signed-in worker.
type session struct {
	worker  int
	address string
	cookie  string
}

// get makes a request for a page.
func (s *session) get(path string, header ...string) []byte {
	return s.request("GET", path, "", header...)
}

// post makes a request that sends a form.
func (s *session) post(path string, form url.Values) []byte {
	return s.request("POST", path, form.Encode(), "Content-Type: application/x-www-form-urlencoded")
}

func (s *session) request(method, path, body string, header ...string) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: %s\r\nAccept-Language: fi\r\n", method, path, s.address)
	if s.cookie != "" {
		fmt.Fprintf(&b, "Cookie: %s\r\n", s.cookie)
	}
	for _, h := range header {
		b.WriteString(h + "\r\n")
	}
	if method == "POST" {
		fmt.Fprintf(&b, "Content-Length: %d\r\n", len(body))
	}
	b.WriteString("\r\n" + body)
	return []byte(b.String())
}

// signIn signs a worker in with a password, as their browser would.
func signIn(ctx context.Context, address string, worker int, password string) (*session, error) {
	w, err := dial(ctx, address)
	if err != nil {
		return nil, err
	}
	defer w.close()
	s := &session{worker: worker, address: address}
	a, err := w.do(s.post("/sign-in", url.Values{"user": {Username(worker)}, "password": {password}}))
	if err != nil {
		return nil, &fault.Error{Kind: fault.Unavailable, Key: "bench.no_answer", Cause: err}
	}
	in := false
	for _, c := range (&http.Response{Header: a.header}).Cookies() {
		if c.Value != "" { // the session, and the mark of the device that it is bound to
			in = in || strings.HasSuffix(c.Name, "polku")
			s.cookie += "; " + c.Name + "=" + c.Value
		}
	}
	s.cookie = strings.TrimPrefix(s.cookie, "; ")
	if a.status != http.StatusSeeOther || !in {
		return nil, fault.E(fault.Denied, "bench.no_session", fault.Args{"status": a.status})
	}
	return s, nil
}
