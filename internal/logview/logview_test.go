package logview_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"polku/internal/audit"
	"polku/internal/client"
	"polku/internal/db"
	"polku/internal/i18n"
	"polku/internal/logview"
	. "polku/internal/polkutest"
)

// Under a safety ban nothing of the view or its document tells where the client is; without one it names the register.
func TestABanTellsNoPlace(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := NewSample(t, w)
		id, _ := s.Client(t, "Salattu", "Saara")
		who := As(Mia)
		who.Screen = "GET /c/{id}/log"
		read := func() logview.Own {
			own, err := logview.Read(t.Context(), w.Log, w.DB, who, id, 1, 900_000, func(tx *db.Tx) error { return logview.MayRead(tx, id) })
			ok(t, err)
			return own
		}
		ok(t, s.Update(Mia, func(tx *db.Tx) error {
			return audit.Disclose(tx, audit.Disclosure{Client: id, Register: Register, ReceiverName: "Kela", What: "plan", Basis: audit.ByLaw, Section: "703/2023 48 §"})
		}))
		for _, lang := range i18n.Langs {
			if text := fmt.Sprint(read().Words(lang, w.DB.Zone)); !strings.Contains(text, "Testilä") || !strings.Contains(text, "Kela") || !strings.Contains(text, "703/2023 48 §") {
				t.Error(lang, text)
			}
		}
		ok(t, s.Update(Mia, func(tx *db.Tx) error {
			return client.Update(tx, id, client.Change{Rev: 1, LastName: "Salattu", FirstName: "Saara", Address: "Salakuja 1", Municipality: "Salokunta", SafetyBan: true})
		}))
		for _, lang := range i18n.Langs {
			own := read()
			text := fmt.Sprint(own.Words(lang, w.DB.Zone))
			for _, place := range []string{"Testilä", "Salakuja", "Salokunta", "employment-project", "Talo"} {
				if strings.Contains(text, place) || strings.Contains(own.Controller+own.Register, place) {
					t.Error(lang, "tells", place)
				}
			}
			var paper bytes.Buffer
			ok(t, own.PDF(&paper, lang, Noon, w.DB.Zone))
			if !bytes.HasPrefix(paper.Bytes(), []byte("%PDF-")) {
				t.Error("no document")
			}
		}
	})
}

// Uses stand together by day and person on the wall's days, the newest first; alone and on lists are told apart.
func TestGroupedByDayAndPerson(t *testing.T) {
	w := New(t, t.TempDir())
	s := NewSample(t, w)
	id, _ := s.Client(t, "Virtanen", "Ville")
	at := func(day, hour int) {
		w.DB.Now = func() time.Time { return time.Date(2026, 3, day, hour, 30, 0, 0, w.DB.Zone) }
	}
	see := func(worker, screen string, more ...string) {
		who := As(worker)
		who.Screen = screen
		ok(t, s.DB.View(t.Context(), who, func(tx *db.Tx) error { tx.Saw(append(more, id)...); return nil }))
	}
	at(2, 23)
	see(Mia, "GET /c/{id}")
	at(3, 0) // half an hour after midnight on the wall, still Monday in UTC
	see(Mia, "GET /c/{id}")
	at(3, 9)
	see(Joni, "GET /hanging", "another")
	see(Mia, "GET /c/{id}/record")
	own, err := logview.Read(t.Context(), w.Log, w.DB, As(Mia), id, 1, 900_000, func(*db.Tx) error { return nil })
	ok(t, err)
	var got []string
	for _, d := range own.Words(i18n.FI, w.DB.Zone).Days {
		for _, l := range d.Lines {
			got = append(got, fmt.Sprint(d.Title, ": ", l.Said, " ", l.When, " ", l.What, " | ", l.As))
		}
	}
	want := `Tiistai 3.3.2026: Mia Mallikas avasi tietosi 3 kertaa. klo 0.30–9.30 muu käyttö, kirjaaminen, asiakassivu | työntekijä: vastuutyöntekijäsi
Tiistai 3.3.2026: Joni Johdattaja näki nimesi luettelossa kerran. klo 9.30 asiakasluettelo | 
Maanantai 2.3.2026: Mia Mallikas avasi tietosi kerran. klo 23.30 asiakassivu | työntekijä: vastuutyöntekijäsi`
	if strings.Join(got, "\n") != want {
		t.Errorf("%s\nwant\n%s", strings.Join(got, "\n"), want)
	}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
