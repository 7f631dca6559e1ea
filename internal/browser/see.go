package browser

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// patience is how long a page may take to show what a test waits for. It is far above what is fast enough, because
// a busy build machine is slow: budgets are measured elsewhere. Only a test that fails waits this long.
const patience = time.Minute

// until asks again and again until check answers "" or patience ends; the last answer is told then. A page that
// changes at that very moment makes single questions fail: they are asked again too.
func (tab *Tab) until(what string, check func(ctx context.Context) (missing string, err error)) {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, tab.patience)
	defer cancel()
	again := time.NewTicker(15 * time.Millisecond)
	defer again.Stop()
	last := "no answer"
	for {
		missing, err := check(ctx)
		switch {
		case err == nil && missing == "":
			return
		case ctx.Err() != nil: // an answer cut short tells nothing
		case err == nil:
			if last = missing; tab.once {
				cancel()
			}
		default:
			last = err.Error()
		}
		select {
		case <-ctx.Done():
			tab.fail("waited for %s: %s", what, last)
		case <-again.C:
		}
	}
}

// pageText is what a person can read inside the tab's root, white space made even.
func (tab *Tab) pageText(ctx context.Context) (string, error) {
	return chromedp.Run(ctx, chromedp.Evaluate[string](fmt.Sprintf(
		`(e => e ? e.innerText.replace(/\s+/g, " ") : "")(%s === document ? document.body : %[1]s)`, tab.root)))
}

// Text is what a person can read on the page now, white space made even.
func (tab *Tab) Text() string { return tab.evaluate("the text", "document.body.innerText") }

// HTML is the page's mark-up now.
func (tab *Tab) HTML() string {
	return tab.evaluate("the mark-up", "document.documentElement.outerHTML")
}

func (tab *Tab) evaluate(what, expression string) string {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, tab.patience)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](expression))
	if err != nil {
		tab.fail("reading %s: %v", what, err)
	}
	return text
}

// Sees waits until a person can read this text.
func (tab *Tab) Sees(text string) {
	tab.t.Helper()
	tab.until(fmt.Sprintf("the text %q", text), func(ctx context.Context) (string, error) {
		all, err := tab.pageText(ctx)
		if err != nil || strings.Contains(all, text) {
			return "", err
		}
		return "it is not there", nil
	})
}

// Misses waits until this text can no longer be read.
func (tab *Tab) Misses(text string) {
	tab.t.Helper()
	tab.until(fmt.Sprintf("the text %q to go away", text), func(ctx context.Context) (string, error) {
		all, err := tab.pageText(ctx)
		if err != nil || !strings.Contains(all, text) {
			return "", err
		}
		return "it is still there", nil
	})
}

// Has waits until the CSS selector finds exactly n visible elements.
func (tab *Tab) Has(css string, n int) {
	tab.t.Helper()
	count := fmt.Sprintf(`[...(%s?.querySelectorAll(%s) ?? [])].filter(e => e.checkVisibility()).length`, tab.root, quote(css))
	tab.Waits(fmt.Sprintf("%d × %s", n, css), fmt.Sprintf("%s === %d", count, n))
}

// At waits until the address ends in this path (with query and fragment, if any).
func (tab *Tab) At(path string) {
	tab.t.Helper()
	tab.Waits("the address "+path, fmt.Sprintf("location.href.endsWith(%s)", quote(path)))
}

// Waits waits until a JavaScript expression is true; what says it in words.
func (tab *Tab) Waits(what, expression string) {
	tab.t.Helper()
	tab.until(what, func(ctx context.Context) (string, error) {
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("!!("+expression+")"))
		if err != nil || ok {
			return "", err
		}
		return "not so", nil
	})
}

// Focused is the accessible name of what has the keyboard, "" when nothing has.
func (tab *Tab) Focused() string {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, tab.patience)
	defer cancel()
	active, err := chromedp.Run(ctx, chromedp.Evaluate[*runtime.RemoteObject]("document.activeElement"))
	if err != nil {
		tab.fail("asking for the focus: %v", err)
	}
	if active.ObjectID == "" {
		return ""
	}
	no := false
	answer, err := chromedp.Call(ctx, accessibility.GetPartialAXTree, accessibility.GetPartialAXTreeParams{ObjectID: active.ObjectID, FetchRelatives: &no})
	if err != nil {
		tab.fail("asking for the focus: %v", err)
	}
	if len(answer.Nodes) == 0 || text(answer.Nodes[0].Role) == "RootWebArea" || answer.Nodes[0].Ignored {
		return ""
	}
	return text(answer.Nodes[0].Name)
}

// Whole waits until the page has loaded with all its parts, its style among them.
func (tab *Tab) Whole() {
	tab.t.Helper()
	tab.Waits("the whole page", `document.readyState === "complete"`)
}

// Fits ends the test when the page is wider than the screen, and names what sticks out.
func (tab *Tab) Fits() {
	tab.t.Helper()
	tab.Whole()
	ctx, cancel := context.WithTimeout(tab.ctx, tab.patience)
	defer cancel()
	wide, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](fmt.Sprintf(`(() => {
		const width = document.documentElement.clientWidth;
		if (width > %d) return ["the page itself: it has no viewport meta element"];
		if (document.documentElement.scrollWidth <= width) return [];
		return [...document.body.querySelectorAll("*")].filter(e => e.getBoundingClientRect().right > width + 1)
			.map(e => e.cloneNode().outerHTML.slice(0, 100)).slice(0, 8) })()`, tab.view.Width)))
	if err != nil {
		tab.fail("measuring the page: %v", err)
	}
	if len(wide) > 0 {
		tab.fail("wider than the screen of %d:\n  %s", tab.view.Width, strings.Join(wide, "\n  "))
	}
}

// Shot saves a picture of the whole page as NAME-VIEW.png in the folder POLKU_SCREENSHOTS; without that setting it
// does nothing.
func (tab *Tab) Shot(name string) {
	tab.t.Helper()
	folder := os.Getenv("POLKU_SCREENSHOTS")
	if folder == "" {
		return
	}
	if err := tab.picture(filepath.Join(folder, name+"-"+tab.view.Name+".png")); err != nil {
		tab.t.Errorf("screenshot %s: %v", name, err)
	}
}

func (tab *Tab) picture(path string) error {
	ctx, cancel := context.WithTimeout(tab.ctx, tab.patience)
	defer cancel()
	png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, png, 0o644)
}

// describe says where the tab is and what can be read there, for failures.
func (tab *Tab) describe() string {
	ctx, cancel := context.WithTimeout(tab.ctx, 2*time.Second)
	defer cancel()
	where, err := chromedp.Run(ctx, chromedp.Location())
	if err != nil {
		return "a page that does not answer"
	}
	whole := *tab
	whole.root = "document"
	all, err := whole.pageText(ctx)
	if err != nil {
		return where
	}
	if r := []rune(all); len(r) > 600 {
		all = string(r[:600]) + " …"
	}
	return where + ": " + all
}

// finish runs at the end of the test: a picture of a failure, and what the page complained about.
func (tab *Tab) finish() {
	for _, problem := range tab.Problems() {
		tab.t.Errorf("the page complained: %s", problem)
	}
	if !tab.t.Failed() {
		return
	}
	folder := os.Getenv("POLKU_SCREENSHOTS")
	if folder == "" {
		folder = filepath.Join(os.TempDir(), "polku-failed")
	}
	path := filepath.Join(folder, strings.ReplaceAll(tab.t.Name(), "/", "-")+"-failed-"+tab.view.Name+".png")
	if err := tab.picture(path); err == nil {
		tab.t.Logf("what it looked like: %s", path)
	}
}
