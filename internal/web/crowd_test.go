package web_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"polku/internal/db"
	. "polku/internal/polkutest"
	"polku/internal/web"
)

// When the disk stands still and everybody presses save, whoever comes next is told to come again, soon and in words; the
// program says that it is well, open pages keep their stream, what was let in is saved, and all goes on by itself after.
func TestACrowdIsSentAwayKindly(t *testing.T) {
	w := New(t, t.TempDir())
	f := open(t, w, func(c *web.Config) { c.AtOnce, c.Patience = 4, 300*time.Millisecond })
	id, _ := f.Client(t, "Virtanen", "Aino")
	mia := f.as(Mia, "mia")
	stays := mia.openPage("/today")

	still, goOn := make(chan struct{}), make(chan struct{})
	go w.DB.Update(context.Background(), As(Boss), func(tx *db.Tx) error { // the one writer of the embedded database
		close(still)
		<-goOn
		return nil
	})
	<-still
	var saved sync.WaitGroup
	status := make(chan int, 4)
	for range 4 {
		saved.Go(func() {
			s, _ := mia.post("/c/"+id+"/record", "what", "call", "result", "held", "minutes", "5", "text", "Soitin.", "step", "keep")
			status <- s
		})
	}
	time.Sleep(2 * time.Second) // they wait for the writer by now
	var away sync.WaitGroup
	for range 40 {
		away.Go(func() {
			begun := time.Now()
			res, body := mia.ask("GET", "/today", "")
			if res.StatusCode != http.StatusServiceUnavailable || res.Header.Get("Retry-After") == "" || !strings.Contains(body, "ruuhkaa") {
				t.Errorf("%d %q %.200s", res.StatusCode, res.Header.Get("Retry-After"), text(body))
			}
			if took := time.Since(begun); took > 10*time.Second {
				t.Error("sent away after", took)
			}
		})
	}
	if res, _ := mia.ask("GET", "/health", ""); res.StatusCode != 200 {
		t.Error("in a crowd the program says it is not well:", res.StatusCode)
	}
	away.Wait()
	close(goOn)
	saved.Wait()
	for range 4 {
		if s := <-status; s != 200 {
			t.Error("what was let in is not saved:", s)
		}
	}
	var n int
	if err := w.DB.Pool().QueryRow(`select count(*) from entry where client_id = $1 and kind = 'contact'`, id).Scan(&n); err != nil || n != 4 {
		t.Error(n, "are saved", err)
	}
	mia.page("/today")
	if news, _ := stays(time.Now()); news != "nothing" {
		t.Error("an open page hears", news)
	}
}
