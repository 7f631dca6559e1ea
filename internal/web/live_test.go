package web_test

import (
	"bufio"
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"polku/internal/client"
	"polku/internal/consent"
	"polku/internal/db"
	"polku/internal/handoff"
	"polku/internal/hetu"
	"polku/internal/model"
	"polku/internal/path"
	. "polku/internal/polkutest"
	"polku/internal/unit"
)

var liveAttributes = regexp.MustCompile(`data-(live|client|joint)="([^"]*)"`)

// openPage gets a page and listens as its script does. ends tells what the page heard and how long after since.
func (f *face) openPage(path string) (ends func(since time.Time) (news string, took time.Duration)) {
	f.t.Helper()
	query := url.Values{}
	for _, m := range liveAttributes.FindAllStringSubmatch(f.page(path), -1) {
		query.Set(strings.Replace(m[1], "live", "rights", 1), m[2])
	}
	ctx, cancel := context.WithTimeout(f.t.Context(), 10*time.Second)
	f.t.Cleanup(cancel)
	req, _ := http.NewRequestWithContext(ctx, "GET", f.url+"/live?"+query.Encode(), nil)
	res, err := f.http.Do(req)
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() { res.Body.Close() })
	lines := bufio.NewScanner(res.Body)
	if !lines.Scan() || lines.Text() != "retry: 2000" {
		f.t.Fatalf("%s: the page is told %q at once", path, lines.Text())
	}
	heard := make(chan string, 1)
	go func() {
		for lines.Scan() {
			if news, is := strings.CutPrefix(lines.Text(), "event: "); is {
				heard <- news
			}
		}
		close(heard)
	}()
	return func(since time.Time) (string, time.Duration) {
		select {
		case news := <-heard:
			return news, time.Since(since)
		case <-time.After(6 * time.Second):
			return "nothing", time.Since(since)
		}
	}
}

// Whatever let somebody see a client, the page that it opened is told within a second of its end: an emergency's hour
// and a cover's last day, which pass by themselves, a hand-off taken back, a consent taken back. The worker who stays
// with the client hears nothing.
func TestOpenPagesHearTheEndOfEveryRight(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		var ahead atomic.Int64 // what the clock is put forward by
		w.DB.Now = func() time.Time { return Noon.Add(time.Duration(ahead.Load())) }
		f := open(t, w)
		youth := CoachingModel()
		youth.Model, youth.Register = "etsiva", consent.Outreach
		f.Book.Models = model.NewSet(CoachingModel(), youth)
		do := func(worker string, fn func(tx *db.Tx) error) {
			t.Helper()
			if err := f.Update(worker, fn); err != nil {
				t.Fatal(err)
			}
		}
		do(Boss, func(tx *db.Tx) error {
			if _, err := unit.AddWorker(tx, unit.Worker{ID: "olli", Username: "olli", Name: "Olli Ohjaaja"}); err != nil {
				return err
			}
			if err := unit.Join(tx, unit.Member{Worker: "olli", Register: Register, Unit: House, Role: unit.RoleWorker}); err != nil {
				return err
			}
			if _, err := unit.AddService(tx, f.Book.Models, unit.Service{ID: "service-youth", Unit: House, Register: Walled, Name: "Etsivä", Model: "etsiva", Version: "1"}); err != nil {
				return err
			}
			return unit.SetTeam(tx, House, false)
		})
		starts := func(worker, register, service string) (id, at string) {
			do(worker, func(tx *db.Tx) (err error) {
				if id, err = client.Create(tx, f.Keys, client.New{Register: register, LastName: "Takala", FirstName: "Tuomas", Code: hetu.Code("150205A901M")}); err != nil {
					return err
				}
				at, _, err = f.Book.Start(tx, path.Start{Client: id, Service: service, Day: tx.Today, Responsible: worker, Step: path.Step{What: "Soitetaan", By: tx.Today + 3}})
				return err
			})
			return id, at
		}
		id, at := starts(Mia, Register, Service)
		_, youngAt := starts(Essi, Walled, "service-youth")
		mia, olli := f.as(Mia, "mia"), f.as("olli", "olli")
		stays := mia.openPage("/c/" + id)
		hears := func(what string, ends func(time.Time) (string, time.Duration), since time.Time) {
			t.Helper()
			if news, took := ends(since); news != "changed" || took > 5*time.Second {
				t.Errorf("%s: hears %q after %v", what, news, took.Round(time.Millisecond))
			}
		}
		closed := func(path string) {
			t.Helper()
			if _, body := olli.get(path); !strings.Contains(body, `data-client=""`) {
				t.Error("still open:", path)
			}
		}

		closed("/c/" + id)
		olli.must("/c/"+id+"/emergency", "why", "Asiakas on aulassa hädissään, vastuutyöntekijä ei vastaa.")
		page, list := olli.openPage("/c/"+id), olli.openPage("/today")
		ahead.Add(int64(time.Hour))
		since := time.Now()
		hears("the hour is over", page, since)
		hears("the hour is over, on a list", list, since)
		closed("/c/" + id)

		offer := ""
		do(Mia, func(tx *db.Tx) (err error) { offer, err = handoff.Offer(tx, f.Book, at, "olli", "muutto"); return err })
		page = olli.openPage("/c/" + id)
		do(Mia, func(tx *db.Tx) error { return handoff.Withdraw(tx, f.Book, offer) })
		hears("a hand-off is taken back", page, time.Now())
		closed("/c/" + id)

		cover := ""
		do(Mia, func(tx *db.Tx) (err error) {
			cover, err = unit.AddCover(tx, unit.Cover{Absent: Mia, Cover: "olli", From: tx.Today, To: tx.Today + 5})
			return err
		})
		page, list = olli.openPage("/c/"+id), olli.openPage("/today")
		do(Mia, func(tx *db.Tx) error { return unit.EndCover(tx, cover) })
		hears("a cover is ended", page, time.Now())
		hears("a cover is ended, on a list", list, time.Now())
		do(Mia, func(tx *db.Tx) (err error) {
			_, err = unit.AddCover(tx, unit.Cover{Absent: Mia, Cover: "olli", From: tx.Today, To: tx.Today})
			return err
		})

		decision := ""
		do(Essi, func(tx *db.Tx) (err error) {
			decision, err = consent.Give(tx, f.Book, youngAt, consent.New{Kind: consent.Consent, Receiver: Register, Scopes: []string{"contact"}, Purpose: "yhteinen suunnittelu",
				GivenBy: consent.ByClient, Way: "face", Told: "mitä, kenelle, ja että sen voi perua"})
			return err
		})
		page = mia.openPage("/c/" + id + "/joint")
		do(Essi, func(tx *db.Tx) error { return consent.Withdraw(tx, f.Book, youngAt, decision) })
		hears("a consent is taken back", page, time.Now())

		page = olli.openPage("/c/" + id)
		ahead.Add(int64(12 * time.Hour)) // past midnight: the sessions, too, are over by then
		if news, took := page(time.Now()); news == "nothing" || took > 5*time.Second {
			t.Errorf("a cover's last day: hears %q after %v", news, took)
		}
		if news, _ := stays(time.Now()); news == "changed" {
			t.Error("the client's own worker is told that they see no more")
		}
	})
}
