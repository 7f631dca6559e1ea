package browser

import (
	"context"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// leaf is a page of Chromium with cookies of its own. One test uses it at a time, and the next one gets it clean:
// opening another costs the browser more than a short test does.
type leaf struct {
	ctx    context.Context
	cancel context.CancelFunc
	log    *consoleLog
	spoilt bool // not fit for another test
}

// unhurried keeps a page from taking things away by the clock, such as a message after ten seconds: a test on a slow
// machine would come too late to see them. Short timers run as ever.
const unhurried = `(timer => { window.setTimeout = (f, ms, ...more) => timer(f, ms >= 5000 ? 3600000 : ms, ...more) })(window.setTimeout.bind(window))`

// takeLeaf gives a leaf that a test has given back, or a new one.
func takeLeaf(parent context.Context) (*leaf, error) {
	shared.Lock()
	if last := len(shared.free) - 1; last >= 0 {
		l := shared.free[last]
		shared.free = shared.free[:last]
		shared.Unlock()
		return l, nil
	}
	shared.Unlock()
	l := &leaf{log: &consoleLog{}}
	l.ctx, l.cancel = chromedp.NewContext(parent, chromedp.WithNewBrowserContext(), chromedp.WithListener(l.log.listen))
	if err := chromedp.Do(l.ctx, call(page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: unhurried})); err != nil {
		l.cancel()
		return nil, err
	}
	return l, nil
}

// giveBack makes the leaf an empty page without cookies for the next test. What a site has stored besides stays with
// the site, which ends with its test. A leaf on which something failed is thrown away.
func (l *leaf) giveBack(failed bool) {
	if failed || l.spoilt {
		l.cancel()
		return
	}
	ctx, cancel := context.WithTimeout(l.ctx, patience)
	defer cancel()
	err := chromedp.Do(ctx, chromedp.Navigate("about:blank"), call(network.ClearBrowserCookies, cdp.Empty{}))
	if err != nil {
		l.cancel()
		return
	}
	// The page of the test before is gone, and all that it said has been heard.
	l.log.Lock()
	l.log.problems, l.log.allowed = nil, nil
	l.log.Unlock()
	shared.Lock()
	defer shared.Unlock()
	shared.free = append(shared.free, l)
}
