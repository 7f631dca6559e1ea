package bench

import (
	"bytes"
	"math/rand/v2"
	"net/http"
	"net/url"

	"polku/internal/fault"
	"polku/internal/ident"
)

// wholeEntries is how many entries the long timeline of the goals has.
const wholeEntries = 743

// targets are what pages are asked for: chosen from the data set by its pure functions.
type targets struct {
	set     *set
	long    string  // client whose timeline is nearest to wholeEntries
	entries int     // of that client's paths
	mine    [][]int // by worker: their clients with open paths and an ordinary history
}

func (s *set) targets() *targets {
	t := &targets{set: s, mine: make([][]int, Workers(s.clients))}
	for i := 0; i < s.clients; i++ {
		if worker, open := Open(i, s.clients); open && !Long(i) {
			t.mine[worker] = append(t.mine[worker], i)
		}
		if !Long(i) {
			continue
		}
		n := 0
		for _, j := range s.story(i).paths {
			n += len(j.more) + 2 // the start and the responsible worker
		}
		if t.long == "" || distance(n) < distance(t.entries) {
			t.long, t.entries = ClientID(i), n
		}
	}
	return t
}

func distance(n int) int { return max(n-wholeEntries, wholeEntries-n) }

// someone gives a client of the session's worker.
func (t *targets) someone(r *rand.Rand, s *session) int {
	mine := t.mine[s.worker]
	return mine[r.IntN(len(mine))]
}

// anyone gives a client with an open path, whoever's: records are spread so that no path grows long by them.
func (t *targets) anyone(r *rand.Rand) int {
	mine := t.mine[r.IntN(len(t.mine))]
	return mine[r.IntN(len(mine))]
}

// page gives how a row asks.
func (t *targets) page(row string) ask {
	switch row {
	case "timeline":
		return t.wholeTimeline
	case "scroll":
		return t.scrolled
	case "client":
		return func(r *rand.Rand, s *session, w *wire) (int, error) {
			return sized(send(w, s.get("/c/"+ClientID(t.someone(r, s))), http.StatusOK, 5000))
		}
	case "caseload":
		return func(_ *rand.Rand, s *session, w *wire) (int, error) {
			return sized(send(w, s.get("/clients"), http.StatusOK, 5000))
		}
	case "today":
		return func(_ *rand.Rand, s *session, w *wire) (int, error) {
			return sized(send(w, s.get("/today"), http.StatusOK, 5000))
		}
	case "search":
		return t.search
	default:
		return t.record
	}
}

func sized(a answer, err error) (int, error) { return len(a.body), err }

// wholeTimeline reads a timeline to its first entry as one page part, as for print.
func (t *targets) wholeTimeline(_ *rand.Rand, s *session, w *wire) (int, error) {
	return sized(send(w, s.get("/c/"+t.long+"?all=1", "Polku-Part: timeline"), http.StatusOK, t.entries*100))
}

// scrolled reads it part after part, as a person does who scrolls to the end: all parts together are one try.
func (t *targets) scrolled(_ *rand.Rand, s *session, w *wire) (int, error) {
	size := 0
	next := "/c/" + t.long
	for next != "" {
		a, err := send(w, s.get(next, "Polku-Part: timeline"), http.StatusOK, 200)
		if err != nil {
			return 0, err
		}
		size += len(a.body)
		next = nextPart(a.body)
	}
	if size < t.entries*100 {
		return 0, fault.E(fault.Unavailable, "bench.bad_answer", fault.Args{"status": http.StatusOK, "bytes": size})
	}
	return size, nil
}

// nextPart gives the address of the timeline's next part; empty at its end.
func nextPart(body []byte) string {
	for {
		_, rest, found := bytes.Cut(body, []byte(`href="/c/`))
		if !found {
			return ""
		}
		link, after, _ := bytes.Cut(rest, []byte(`"`))
		if bytes.Contains(link, []byte("before=")) {
			return "/c/" + string(bytes.ReplaceAll(link, []byte("&amp;"), []byte("&")))
		}
		body = after
	}
}

// search looks for the first three letters of a client's last name.
func (t *targets) search(r *rand.Rand, s *session, w *wire) (int, error) {
	name := []rune(t.set.last[r.IntN(len(t.set.last))])
	return sized(send(w, s.request("POST", "/find", url.Values{"q": {string(name[:3])}}.Encode(), "Content-Type: application/x-www-form-urlencoded", "Polku-Part: results"), http.StatusOK, 150))
}

// record records a meeting of today with the next step, which takes the place of the one before.
func (t *targets) record(r *rand.Rand, s *session, w *wire) (int, error) {
	form := url.Values{"id": {ident.New()}, "what": {"meeting"}, "when": {"today"}, "minutes": {"45"}, "result": {"held"}, "mode": {"on_site"},
		"text": {note(r)}, "step": {"done"}, "step_what": {"Tapaaminen"}, "step_who": {"worker"},
		"step_by": {(t.set.today + 7).String()}}
	return sized(send(w, s.post("/c/"+ClientID(t.anyone(r))+"/record", form), http.StatusSeeOther, 0))
}
