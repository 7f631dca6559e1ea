package web

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"

	"polku/internal/i18n"
	"polku/internal/web/view"
)

// flash is what a command says on the next page. It travels in a cookie: a catalogue key and ids, no
// personal data.
type flash struct {
	Key   string `json:"k"`
	N     int    `json:"n,omitempty"`
	Undo  string `json:"u,omitempty"`
	Entry string `json:"e,omitempty"`
	Saved string `json:"s,omitempty"`
}

const flashCookie = "flash"

// say leaves a word for the next page.
func (q *request) say(f flash) {
	data, err := json.Marshal(f)
	if err != nil {
		return // a flash of texts and a number always encodes
	}
	q.setCookie(flashCookie, base64.RawURLEncoding.EncodeToString(data), 30*time.Second)
}

// takeFlash reads the word left by the last command, once.
func (q *request) takeFlash() *view.Flash {
	c, err := q.Cookie(flashCookie)
	if err != nil {
		return nil
	}
	q.setCookie(flashCookie, "", 0)
	data, err := base64.RawURLEncoding.DecodeString(c.Value)
	var f flash
	if err != nil || json.Unmarshal(data, &f) != nil || !i18n.Has(f.Key) || q.portal != strings.HasPrefix(f.Key, "portal.") {
		return nil
	}
	return &view.Flash{Text: q.lang.N(f.Key, f.N), Undo: f.Undo, Entry: f.Entry, Saved: f.Saved}
}
