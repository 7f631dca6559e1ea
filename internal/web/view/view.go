// Package view owns what a screen shows: a typed struct per page and its template. It reads no database and
// no clock and decides nothing: handlers fill a struct with words, days and figures, and Render makes HTML of
// it. Texts come from the i18n catalogue (texts/web*.yaml). Every page works without script, carries no inline
// style or script (strict CSP), and is shown in the storybook in empty, full and error state.
package view

import (
	"bytes"
	"context"
	"io"
	"sync"

	"github.com/a-h/templ"
)

// Page is one screen, or a part of one, ready to be rendered.
type Page interface{ Page() templ.Component }

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// Render writes a page to w in one piece: a page that fails to render writes nothing, so that a handler can
// still answer with a Problem page.
func Render(ctx context.Context, w io.Writer, p Page) error {
	b := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	b.Reset()
	if err := p.Page().Render(ctx, b); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}
