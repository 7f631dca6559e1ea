// Package browser drives a real, headless Chromium in tests, the way a person would: it opens pages, clicks what
// has an accessible name, types, and waits until something can be seen. It also listens: whatever the page writes
// to the console as an error, and whatever the content security policy blocks, fails the test at its end.
// It knows nothing about Polku; only tests import it.
//
//	func TestMain(m *testing.M) { os.Exit(browser.Main(m)) }
//
//	func TestRecordContact(t *testing.T) {
//		tab := browser.Open(t, browser.Phone)
//		tab.Go(server.URL + "/today")
//		tab.Click("Kirjaa")
//		tab.Fill("Mitä sovittiin", "Käynti kirjastossa")
//		tab.Click("Tallenna")
//		tab.Sees("Tallennettu")
//		tab.Accessible()
//	}
package browser

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// View is the screen that a tab pretends to be. Width and Height are CSS pixels.
type View struct {
	Name          string // part of the names of screenshots
	Width, Height int
	Touch         bool // a phone: touch and a mobile viewport
	Dark          bool // the person prefers dark colours
	Forced        bool // forced colours, as in Windows' high contrast
	NoScript      bool // scripts do not run
	Motion        bool // things may move; otherwise the person prefers them not to, so that pictures hold still
}

// The two screens that every job is tried on.
var (
	Phone  = View{Name: "phone", Width: 360, Height: 800, Touch: true}
	Laptop = View{Name: "laptop", Width: 1366, Height: 768}
)

// InDark is the same screen with dark colours.
func (v View) InDark() View { v.Dark, v.Name = true, v.Name+"-dark"; return v }

// InForcedColours is the same screen with colours that the system chooses.
func (v View) InForcedColours() View { v.Forced, v.Name = true, v.Name+"-forced"; return v }

// WithoutScript is the same screen in a browser that runs no scripts.
func (v View) WithoutScript() View { v.NoScript, v.Name = true, v.Name+"-noscript"; return v }

// InMotion is the same screen of somebody who has nothing against things that move.
func (v View) InMotion() View { v.Motion, v.Name = true, v.Name+"-motion"; return v }

// shared is the one Chromium of a test binary, started by the first Open.
var shared struct {
	sync.Mutex
	main   bool
	ctx    context.Context
	cancel context.CancelFunc
	dir    string
	free   []*leaf
	err    error
}

// Main runs the tests of a package that uses Open, stops Chromium after them and gives the exit code.
// Call it from TestMain.
func Main(m *testing.M) int {
	shared.main = true
	code := m.Run()
	shared.Lock()
	defer shared.Unlock()
	if shared.cancel != nil {
		_ = chromedp.Cancel(shared.ctx) // waits until Chromium has gone
		shared.cancel()
		if err := os.RemoveAll(shared.dir); err != nil {
			fmt.Fprintln(os.Stderr, "browser:", err)
		}
	}
	return code
}

// errMissing means that this machine has no Chromium.
var errMissing = errors.New("no Chromium on this machine: the Debian package chromium brings it")

// start gives the context of the running browser.
func start() (context.Context, error) {
	shared.Lock()
	defer shared.Unlock()
	if shared.ctx == nil && shared.err == nil {
		shared.err = launch()
	}
	return shared.ctx, shared.err
}

func launch() error {
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		return errMissing
	}
	dir, err := os.MkdirTemp("", "polku-chromium-")
	if err != nil {
		return err
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.WSURLReadTimeout(patience),
		chromedp.UserDataDir(dir),
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-back-forward-cache", true), // a page gone back to loads again, so Back can wait for it
		chromedp.Flag("disable-component-update", true),
		// Chromium's own window is drawn nowhere: without this, each tab starts a second process for its bars and menus.
		chromedp.Flag("disable-features", "Translate,BlinkGenPropertyTrees,WebUIOmniboxPopup,WebUIOmniboxFullPopup,WebUIOmniboxAimPopup"),
		chromedp.Flag("disable-sync", true),
	)
	if os.Getuid() == 0 {
		options = append(options, chromedp.NoSandbox) // Chromium's sandbox refuses root
	}
	allocator, stopAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, stop := chromedp.NewContext(allocator)
	shared.dir = dir
	shared.cancel = func() { stop(); stopAllocator() }
	if err := chromedp.Do(ctx); err != nil {
		return fmt.Errorf("chromium did not start: %w", err)
	}
	shared.ctx = ctx
	return nil
}

// Open opens an empty tab with cookies of its own, given back when the test ends. Without Chromium the test is skipped,
// or fails where POLKU_TEST_ALL=1 (as in make test).
func Open(t testing.TB, view View) *Tab {
	t.Helper()
	if !shared.main {
		t.Fatal("browser.Open needs  func TestMain(m *testing.M) { os.Exit(browser.Main(m)) }  in its package")
	}
	parent, err := start()
	if errors.Is(err, errMissing) && os.Getenv("POLKU_TEST_ALL") != "1" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	l, err := takeLeaf(parent)
	if err != nil {
		t.Fatalf("opening a tab: %v", err)
	}
	tab := &Tab{t: t, view: view, root: "document", leaf: l, ctx: l.ctx, log: l.log, patience: patience}
	t.Cleanup(func() {
		tab.finish()
		l.giveBack(t.Failed())
	})
	tab.do("opening a tab", tab.disguise())
	return tab
}

// Become makes the tab another screen while its page stays: a window made narrower, a system turned dark. It waits
// until the page has noticed. Whether scripts run does not change.
func (tab *Tab) Become(view View) {
	tab.t.Helper()
	view.NoScript = tab.view.NoScript
	tab.view = view
	tab.do("becoming "+view.Name, tab.disguise())
	scheme, forced, motion := view.media()
	tab.Waits("the page on the screen "+view.Name, fmt.Sprintf(
		`matchMedia("(width: %dpx) and (prefers-color-scheme: %s) and (forced-colors: %s) and (prefers-reduced-motion: %s)").matches`,
		view.Width, scheme, forced, motion))
}

// media are the values of the media features that a view stands for.
func (v View) media() (scheme, forced, motion string) {
	scheme, forced, motion = "light", "none", "reduce"
	if v.Dark {
		scheme = "dark"
	}
	if v.Forced {
		forced = "active"
	}
	if v.Motion {
		motion = "no-preference"
	}
	return scheme, forced, motion
}

// disguise makes the tab the screen that its view describes, and lets it have the keyboard while other tabs are used.
func (tab *Tab) disguise() chromedp.Action[chromedp.Void] {
	v := tab.view
	var screen []chromedp.EmulateViewportOption
	if v.Touch {
		screen = append(screen, chromedp.EmulateMobile, chromedp.EmulateTouch, chromedp.EmulatePortrait)
	}
	scheme, forced, motion := v.media()
	return chromedp.Steps(
		chromedp.EmulateViewport(int64(v.Width), int64(v.Height), screen...),
		call(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: scheme},
			{Name: "forced-colors", Value: forced},
			{Name: "prefers-reduced-motion", Value: motion},
		}}),
		call(emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true}),
		call(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: v.NoScript}),
	)
}
