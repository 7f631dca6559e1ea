package web

import (
	"net/http"
	"time"

	"polku/internal/actor"
	"polku/internal/booking"
	"polku/internal/db"
	"polku/internal/i18n"
	"polku/internal/ics"
)

// feed is a worker's calendar for a calendar program: whoever has the link may read it. It names nobody, so no use of
// anybody's data is logged.
func (q *request) feed() error {
	var events []booking.Event
	var lang string
	who := actor.System(0, actor.Service, q.who.Screen)
	who.Admin = false
	err := q.s.DB.Update(q.Context(), who, func(tx *db.Tx) (err error) {
		events, lang, err = booking.Events(tx, q.PathValue("token"))
		return err
	})
	if err != nil {
		return err
	}
	l := i18n.ParseLang(lang)
	text := ics.Feed(events, l.T("feed.event"), l.T("feed.name"), q.s.DB.Zone, time.UnixMicro(q.at.UnixMicro()))
	h := q.w.Header()
	h.Set("Content-Type", "text/calendar; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	q.w.WriteHeader(http.StatusOK)
	_, err = q.w.Write([]byte(text))
	return err
}
