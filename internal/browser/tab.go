package browser

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Tab is one page in the browser. Its methods end the test when they fail, and tell what was on the page instead.
type Tab struct {
	t    testing.TB
	view View
	leaf *leaf
	ctx  context.Context // the leaf's, and so is the log
	root string          // script that gives the element in which things are looked for
	log  *consoleLog

	patience time.Duration // how long a step may take
	once     bool          // give up at the first answer that is not the one waited for
}

// call is a protocol command as a step whose answer is of no interest.
func call[P, R any](command cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, command, params)
		return err
	})
}

// do runs steps within the tab's patience and ends the test when one fails.
func (tab *Tab) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, tab.patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		tab.fail("%s: %v", what, err)
	}
}

// fail ends the test; finish, which runs at its end, adds the picture.
func (tab *Tab) fail(format string, args ...any) {
	tab.t.Helper()
	tab.t.Fatalf("%s\non %s", fmt.Sprintf(format, args...), tab.describe())
}

// In is the same tab, but things are looked for only inside the first element that the CSS selector finds, such as
// one row of a list. The element need not be there yet.
func (tab *Tab) In(css string) *Tab {
	inner := *tab
	inner.root = fmt.Sprintf("%s.querySelector(%s)", tab.root, quote(css))
	return &inner
}

// Go opens an address and waits until the page and its parts have loaded.
func (tab *Tab) Go(url string) {
	tab.t.Helper()
	tab.do("opening "+url, chromedp.Navigate(url))
}

// Reload loads the page again.
func (tab *Tab) Reload() {
	tab.t.Helper()
	tab.do("loading again", chromedp.Reload())
}

// Back goes to the page before.
func (tab *Tab) Back() {
	tab.t.Helper()
	tab.do("going back", chromedp.NavigateBack())
}

// Roles of things that can be clicked, and of fields that can be filled, as the accessibility tree names them.
var (
	clickable = []string{"link", "button", "checkbox", "radio", "switch", "tab", "menuitem", "option", "DisclosureTriangle", "LabelText"}
	fillable  = []string{"textbox", "searchbox", "combobox", "spinbutton", "Date", "DateTime", "InputTime", "listbox"}
)

// Click clicks the link, button, box or tab with this accessible name, as soon as there is exactly one. It clicks
// where a finger would: something lying on top makes it fail.
func (tab *Tab) Click(name string) {
	tab.t.Helper()
	tab.clickElement(fmt.Sprintf("%q", name), tab.named(name, clickable))
}

// ClickAt clicks the only visible element that the CSS selector finds, for things without a name.
func (tab *Tab) ClickAt(css string) {
	tab.t.Helper()
	tab.clickElement(css, tab.selected(css))
}

// Follow is Click on something that leads to another page, and waits until that page has loaded: another document
// than the one clicked on, so that a late event of an earlier page cannot be taken for it. Where a script only changes
// parts of the page, use Click and Sees.
func (tab *Tab) Follow(name string) {
	tab.t.Helper()
	element := tab.named(name, clickable)
	x, y := tab.place(fmt.Sprintf("%q", name), element)
	tab.Waits("a page to leave", "document.left = true")
	tab.do("clicking "+name, chromedp.MouseClickXY(x, y))
	tab.Waits(fmt.Sprintf("another page after a click on %q", name), `!document.left && document.readyState === "complete"`)
}

// Fill replaces what the field with this label holds, by keyboard as a person would; date and time fields take
// their value in HTML's form (2026-03-01, 09:30).
func (tab *Tab) Fill(label, text string) {
	tab.t.Helper()
	element := tab.named(label, fillable)
	if tab.ask(element, `function() { return ["date", "time", "datetime-local", "month", "week", "color", "range"].includes(this.type) }`) {
		tab.set(label, element, text)
		return
	}
	tab.do("going to "+label, call(dom.Focus, dom.FocusParams{ObjectID: element}))
	tab.ask(element, `function() { this.select ? this.select() : getSelection().selectAllChildren(this); return true }`)
	if text == "" {
		tab.Press("Delete")
		return
	}
	tab.do("filling "+label, call(input.InsertText, input.InsertTextParams{Text: text}))
}

// Choose picks the option with this text from the list box with this label.
func (tab *Tab) Choose(label, option string) {
	tab.t.Helper()
	element := tab.named(label, []string{"combobox", "listbox"})
	found := tab.ask(element, fmt.Sprintf(`function() {
		const wanted = [...this.options].find(o => o.text.trim() === %s);
		if (!wanted) return false;
		this.value = wanted.value;
		for (const type of ["input", "change"]) this.dispatchEvent(new Event(type, {bubbles: true}));
		return true }`, quote(option)))
	if !found {
		tab.fail("the list %q has no option %q", label, option)
	}
}

// Upload puts a file of this machine into the file field with this label.
func (tab *Tab) Upload(label, path string) {
	tab.t.Helper()
	// The accessibility tree adds the chosen file to the field's name, so the label itself is looked for.
	var field object
	tab.until(fmt.Sprintf("a file field called %q", label), func(ctx context.Context) (string, error) {
		found, err := chromedp.Run(ctx, chromedp.Evaluate[*runtime.RemoteObject](fmt.Sprintf(
			`[...(%s?.querySelectorAll("input[type=file]") ?? [])].find(e => e.ariaLabel === %[2]s ||
				[...e.labels].some(l => l.innerText.trim() === %[2]s)) ?? null`, tab.root, quote(label))))
		if err != nil || found.ObjectID == "" {
			return "there is none", err
		}
		field = found.ObjectID
		return "", nil
	})
	tab.do("uploading to "+label, call(dom.SetFileInputFiles, dom.SetFileInputFilesParams{Files: []string{path}, ObjectID: field}))
}

// keys are the names that Press knows besides single characters.
var keys = map[string]string{
	"Enter": kb.Enter, "Tab": kb.Tab, "Escape": kb.Escape, "Space": " ", "Backspace": kb.Backspace, "Delete": kb.Delete,
	"Up": kb.ArrowUp, "Down": kb.ArrowDown, "Left": kb.ArrowLeft, "Right": kb.ArrowRight, "Home": kb.Home, "End": kb.End,
}

// modifiers are the keys that Press holds down.
var modifiers = map[string]chromedp.Modifier{"Shift": kb.ModifierShift, "Control": kb.ModifierCtrl, "Alt": kb.ModifierAlt}

// Press presses keys one after another wherever the focus is: "Tab", "Shift+Tab", "Control+Enter", "/", "Escape".
func (tab *Tab) Press(names ...string) {
	tab.t.Helper()
	for _, name := range names {
		var held []chromedp.Modifier
		key := name
		for {
			modifier, rest, more := strings.Cut(key, "+")
			bit, known := modifiers[modifier]
			if !more || !known || rest == "" {
				break
			}
			key, held = rest, append(held, bit)
		}
		if known, ok := keys[key]; ok {
			key = known
		} else if len([]rune(key)) != 1 {
			tab.t.Fatalf("Press does not know the key %q", name)
		}
		tab.do("pressing "+name, chromedp.KeyEvent(key, chromedp.KeyModifiers(held...)))
	}
}

// Type types text wherever the focus is, letter by letter.
func (tab *Tab) Type(text string) {
	tab.t.Helper()
	tab.do("typing", chromedp.KeyEvent(text))
}

// Offline cuts the tab from the network, or connects it again. What then fails to load is no fault of the page.
func (tab *Tab) Offline(off bool) {
	tab.t.Helper()
	tab.Allow("ERR_INTERNET_DISCONNECTED")
	tab.leaf.spoilt = true
	tab.do("cutting the network", call(network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
		MatchedNetworkConditions: []*network.Conditions{{Offline: off, DownloadThroughput: -1, UploadThroughput: -1}},
	}), call(network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: off, DownloadThroughput: -1, UploadThroughput: -1}))
}
