package bench

import (
	"context"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"polku/internal/fault"
	"polku/internal/login"
	"polku/internal/polkutest"
	"polku/internal/seal"
	"polku/internal/web"
)

func testData(t *testing.T, w *polkutest.World) *Data {
	t.Helper()
	keys, err := seal.LoadOrMake(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	book, err := Book()
	if err != nil {
		t.Fatal(err)
	}
	return &Data{DB: w.DB, Keys: keys, Book: book}
}

// A run makes the set, signs workers in and gets from the real server what it asks for; a second one takes the same set.
func TestRun(t *testing.T) {
	polkutest.OnBoth(t, func(t *testing.T, w *polkutest.World) {
		ctx := context.Background()
		d := testData(t, w)
		steps := map[string]bool{}
		o := Options{Clients: 400, Seed: 1, Time: 10 * time.Second, Most: 16, Rows: []string{"day", "timeline", "scroll", "client", "caseload", "today", "search", "record", "memory"},
			Progress: func(step string, _, _ int) { steps[step] = true }}
		r, passwords, err := Inside(ctx, d, o)
		if err != nil {
			t.Fatal(err)
		}
		if !r.Made || r.Size.Paths != 480 || r.Size.Workers != 1 || !steps["fill"] || !steps["day"] {
			t.Errorf("made %v, %+v, %v", r.Made, r.Size, steps)
		}
		server := httptest.NewServer(web.New(web.Config{DB: w.DB, Book: d.Book, Keys: d.Keys, Login: login.New(w.DB, Tenant),
			Log: slog.New(slog.NewTextHandler(io.Discard, nil))}))
		defer server.Close()
		address := strings.TrimPrefix(server.URL, "http://")
		if err := Pages(ctx, &r, d.Targets(o), address, os.Getpid(), passwords, o); err != nil {
			t.Fatal(err)
		}
		o.Rows = append(o.Rows, "import+record")
		if err := Beside(ctx, d, &r, d.Targets(o), address, passwords, o); err != nil {
			t.Fatal(err)
		}
		if x := r.Results[len(r.Results)-1]; x.Row != "import+record" || x.Value <= 0 {
			t.Errorf("%+v", x)
		}
		Memory(&r, os.Getpid(), o)
		pages := 0
		for _, x := range r.Results {
			for _, f := range x.Pages {
				pages++
				if f.Requests == 0 || f.P50 <= 0 || f.P95 < f.P50 || f.Rate <= 0 {
					t.Errorf("%s: %+v", x.Row, f)
				}
			}
		}
		if pages != 16 {
			t.Errorf("%d measurements of pages", pages)
		}
		if made, err := d.Prepare(ctx, 400, 1, nil); made || err != nil {
			t.Errorf("the set that is there: made %v, %v", made, err)
		}
		for _, other := range []struct {
			clients int
			seed    uint64
		}{{200, 1}, {800, 1}, {400, 2}} {
			if _, err := d.Prepare(ctx, other.clients, other.seed, nil); err == nil || fault.Of(err) != fault.Invalid {
				t.Errorf("%v: %v", other, err)
			}
		}
	})
}

// A database with anything else in it is refused, and nothing leaves this machine.
func TestRefusals(t *testing.T) {
	w := polkutest.New(t, t.TempDir())
	polkutest.NewSample(t, w)
	if _, err := testData(t, w).Prepare(context.Background(), 400, 1, nil); err == nil || fault.Of(err) != fault.Invalid {
		t.Errorf("somebody's data: %v", err)
	}
	if _, err := dial(context.Background(), "192.0.2.1:80"); err == nil || fault.Of(err) != fault.Invalid {
		t.Errorf("another machine: %v", err)
	}
}

// An answer that is not what was asked for ends the run; times are put in order.
func TestLoad(t *testing.T) {
	sessions := []*session{{address: "127.0.0.1:1"}}
	if _, err := load(context.Background(), sessions, limits{connections: 2, most: 10, time: time.Second}, 1, nil); err == nil {
		t.Error("nobody answers, and no fault")
	}
	server := httptest.NewServer(nil)
	defer server.Close()
	sessions[0].address = strings.TrimPrefix(server.URL, "http://")
	n := 0
	one := func(_ *rand.Rand, _ *session, _ *wire) (int, error) {
		if n++; n > 5 {
			return 0, fault.E(fault.Unavailable, "bench.bad_answer", nil)
		}
		return n, nil
	}
	l := limits{connections: 1, most: 5, time: time.Minute}
	if f, err := load(context.Background(), sessions, l, 1, one); err != nil || f.Requests != 5 || f.Bytes != 5 {
		t.Errorf("%+v, %v", f, err)
	}
	if _, err := load(context.Background(), sessions, l, 1, one); err == nil {
		t.Error("a wrong answer, and no fault")
	}
	all := []time.Duration{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	if part(all, 50) != 6 || part(all, 95) != 10 {
		t.Errorf("p50 %d, p95 %d", part(all, 50), part(all, 95))
	}
}

func TestNextPart(t *testing.T) {
	body := `<a href="/c/x/record?corrects=1">…</a><a href="/c/x?before=1.2.3.y&amp;strand=life">…</a>`
	if got := nextPart([]byte(body)); got != "/c/x?before=1.2.3.y&strand=life" {
		t.Error(got)
	}
	if got := nextPart([]byte(body[:40])); got != "" {
		t.Error(got)
	}
}
