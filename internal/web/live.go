package web

import (
	"net/http"
	"strings"
	"time"

	"polku/internal/fault"
	"polku/internal/login"
)

// beat is how often an open stream says that it is alive, writeMost how long one word may take to leave: a browser
// that has gone without a word is noticed by then.
const (
	beat      = 25 * time.Second
	writeMost = 10 * time.Second
)

// live is the stream that an open page listens to (server-sent events). It says one thing and ends: that the session
// is over, or that the rights are others than the page was made with. A waiting stream costs a goroutine and its
// connection; what is looked up is looked up once for all of them (login.Live).
func (q *request) live() error {
	out := http.NewResponseController(q.w)
	if err := out.SetReadDeadline(time.Time{}); err != nil { // the server's own limit is for requests that end
		return fault.Wrap(err, "error.stream")
	}
	h := q.w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // nginx would wait for more
	say := func(text string) bool {
		if out.SetWriteDeadline(time.Now().Add(writeMost)) != nil {
			return false
		}
		_, err := q.w.Write([]byte(text))
		return err == nil && out.Flush() == nil
	}
	tell := func(n login.News) { say("event: " + string(n) + "\ndata: \n\n") }
	switch {
	case q.me.Session == "":
		tell(login.NewsOver)
		return nil
	case !login.Holds(q.FormValue("rights"), q.me.Rights):
		tell(login.NewsChanged)
		return nil
	}
	client, _, _ := strings.Cut(q.FormValue("client"), ".") // as in the address of a client's page, with a path or without
	page, err := q.s.Login.Live.Join(q.Context(), login.OpenPage{Session: q.me.Session, Worker: q.me.Worker.ID, Rights: q.FormValue("rights"), Client: client, Joint: q.FormValue("joint")})
	if err != nil {
		return err
	}
	defer q.s.Login.Live.Leave(page)
	alive := time.NewTicker(beat)
	defer alive.Stop()
	for ok := say("retry: 2000\n\n"); ok; {
		select {
		case n := <-page.C:
			tell(n)
			return nil
		case <-alive.C:
			ok = say(":\n\n")
		case <-q.s.Closing: // the program stops: the page asks again where it is started anew
			return nil
		case <-q.Context().Done():
			return nil
		}
	}
	return nil
}
