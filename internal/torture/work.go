package torture

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"polku/internal/civil"
	"polku/internal/fault"
	"polku/internal/ident"
)

// answered tells how a write ended for who sent it.
type answered int

const (
	notAnswered answered = iota
	acknowledged
	refused
)

// ledger is what was sent and acknowledged, kept outside the program. Texts are unique, so that a double is seen.
type ledger struct {
	mu    sync.Mutex
	texts map[string]answered
	pages int      // pages of clients that were shown
	wrong []string // answers that must not come, whatever the fault
}

func newLedger() *ledger { return &ledger{texts: map[string]answered{}} }

func (l *ledger) put(text string, a answered) {
	l.mu.Lock()
	l.texts[text] = a
	l.mu.Unlock()
}

func (l *ledger) forget(text string) {
	l.mu.Lock()
	delete(l.texts, text)
	l.mu.Unlock()
}

func (l *ledger) shown() {
	l.mu.Lock()
	l.pages++
	l.mu.Unlock()
}

// count adds the ledger to a report, with what of it is missing or double in s.
func (l *ledger) count(r *Report, s seen) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for text, a := range l.texts {
		r.Sent++
		switch a {
		case acknowledged:
			r.Acknowledged++
			if s.texts[text] == 0 {
				r.Lost++
				r.note("lost: " + text)
			}
		case refused:
			r.Refused++
		default:
			r.Unanswered++
		}
		if s.texts[text] > 1 {
			r.Doubled++
			r.note("double: " + text)
		}
	}
	r.Pages += l.pages
	if missing := l.pages - s.log; missing > 0 {
		r.Unlogged += missing
		r.note(fmt.Sprintf("%d pages were shown and %d rows are in the use log", l.pages, s.log))
	}
	if len(s.wrong) > 0 {
		r.Unsound++
		r.note("unsound: " + strings.Join(s.wrong, "; "))
	}
}

// worker is a signed-in worker at one kept-alive connection.
type worker struct {
	client  *http.Client
	address string
	cookie  *http.Cookie
	clients []string
	random  *rand.Rand
	ledger  *ledger
	last    int // status of the page looked at last
}

// signIn signs every worker in, once: their sessions are in the database and outlive the program.
func signIn(ctx context.Context, s *server, w *world) ([]*http.Cookie, error) {
	var cookies []*http.Cookie
	for k, password := range w.passwords {
		form := url.Values{"user": {workerID(k)}, "password": {password}}
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+s.address+"/sign-in", strings.NewReader(form.Encode()))
		if err != nil {
			return nil, fault.Wrap(err, "torture.sign_in")
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		answer, err := plainClient.Do(req)
		if err != nil {
			return nil, fault.Wrap(err, "torture.sign_in")
		}
		answer.Body.Close()
		for _, c := range answer.Cookies() {
			if strings.HasSuffix(c.Name, "polku") && c.Value != "" {
				cookies = append(cookies, &http.Cookie{Name: c.Name, Value: c.Value})
			}
		}
		if len(cookies) != k+1 {
			return nil, fault.E(fault.Denied, "torture.no_session", fault.Args{"status": answer.StatusCode})
		}
	}
	return cookies, nil
}

// work lets all workers record, together so many times a second, and look at a client now and then, until ctx ends or
// the program has gone. Every answer goes into the ledger. A worker who is refused goes on.
func work(ctx context.Context, s *server, w *world, cookies []*http.Cookie, rate int, seed uint64, l *ledger) {
	var all sync.WaitGroup
	for k, cookie := range cookies {
		all.Go(func() {
			p := newWorker(s, w, cookie, k, l, seed)
			defer p.client.CloseIdleConnections()
			tick := time.NewTicker(time.Duration(len(cookies)) * time.Second / time.Duration(rate))
			defer tick.Stop()
			for gone := false; !gone; {
				select {
				case <-ctx.Done():
					return
				case <-s.ended:
					return
				case <-tick.C:
				}
				gone = !p.record(context.WithoutCancel(ctx))
				if !gone && p.random.IntN(4) == 0 {
					gone = !p.look(context.WithoutCancel(ctx))
				}
			}
		})
	}
	all.Wait()
}

func newWorker(s *server, w *world, cookie *http.Cookie, k int, l *ledger, seed uint64) *worker {
	p := &worker{address: s.address, cookie: cookie, ledger: l, random: rand.New(rand.NewPCG(seed, uint64(k)))}
	p.client = &http.Client{Timeout: 20 * time.Second, CheckRedirect: plainClient.CheckRedirect,
		Transport: &http.Transport{DialContext: (&net.Dialer{Timeout: 5 * time.Second}).DialContext}}
	for i := k; i < len(w.clients); i += workers {
		p.clients = append(p.clients, w.clients[i])
	}
	return p
}

// worker gives the first worker, for single questions beside the load.
func (o Options) worker(s *server, w *world, cookies []*http.Cookie, l *ledger) *worker {
	return newWorker(s, w, cookies[0], 0, l, o.Seed)
}

// record sends one contact; false when the program did not answer.
func (p *worker) record(ctx context.Context) bool {
	status, _ := p.save(ctx)
	return status != 0
}

// save sends one contact, notes in the ledger how it was answered, and gives status and page; 0: no answer.
func (p *worker) save(ctx context.Context) (status int, body string) {
	id := ident.New()
	text := "kestokoe " + id + " " + strings.Repeat("teksti ", p.random.IntN(60))
	text = strings.TrimSpace(text)
	form := url.Values{"id": {id}, "what": {"meeting"}, "when": {"today"}, "minutes": {"45"}, "result": {"held"}, "mode": {"on_site"}, "text": {text},
		"step": {"done"}, "step_what": {"Tapaaminen"}, "step_who": {"worker"}, "step_by": {(civil.Of(time.Now(), time.UTC) + 7).String()}}
	p.ledger.put(text, notAnswered)
	status, body, err := p.do(ctx, http.MethodPost, "/c/"+p.someone()+"/record", form.Encode())
	var op *net.OpError
	switch {
	case errors.As(err, &op) && op.Op == "dial":
		p.ledger.forget(text) // it never reached the program
		return 0, ""
	case err != nil:
		return 0, ""
	case status == http.StatusSeeOther:
		p.ledger.put(text, acknowledged)
	default:
		p.ledger.put(text, refused)
	}
	return status, body
}

// look opens a client's page; false when the program did not answer.
func (p *worker) look(ctx context.Context) bool {
	status, _, err := p.do(ctx, http.MethodGet, "/c/"+p.someone(), "")
	if status == http.StatusOK && err == nil {
		p.ledger.shown()
	}
	p.last = status
	return err == nil
}

func (p *worker) someone() string { return p.clients[p.random.IntN(len(p.clients))] }

// do sends a request of the worker and reads the answer to its end. A redirect to the sign-in is no success.
func (p *worker) do(ctx context.Context, method, path, form string) (status int, body string, err error) {
	req, err := http.NewRequestWithContext(ctx, method, "http://"+p.address+path, strings.NewReader(form))
	if err != nil {
		return 0, "", err
	}
	req.AddCookie(p.cookie)
	if form != "" {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	answer, err := p.client.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer answer.Body.Close()
	var b strings.Builder
	if _, err := copyMost(&b, answer.Body); err != nil {
		return 0, "", err
	}
	if strings.HasPrefix(answer.Header.Get("Location"), "/sign-in") {
		return http.StatusUnauthorized, "", nil
	}
	return answer.StatusCode, b.String(), nil
}

// idOf gives the entry's id that a text of ours carries.
func idOf(text string) string {
	words := strings.Fields(text)
	if len(words) < 2 {
		return text
	}
	return words[1]
}
