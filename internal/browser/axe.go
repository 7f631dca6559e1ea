package browser

import (
	"context"
	_ "embed"
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// axeScript is axe-core 4.14.1 by Deque Systems, MPL-2.0 (testdata/axe.LICENSE): the rules of accessibility that a
// program can check. It is used in tests only and is no part of Polku's own program.
//
//go:embed testdata/axe.min.js
var axeScript string

// Violations waits for the page to be whole and runs axe-core over it: the rules of WCAG 2.2 level AA and axe's best
// practices. Each line says what is wrong, how bad it is, and where.
func (tab *Tab) Violations() []string {
	tab.t.Helper()
	return tab.axe(`{type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}`)
}

// ColourViolations is Violations by the rules that look at colours alone: for a page that passed all of them on this
// width and has only changed its colours since.
func (tab *Tab) ColourViolations() []string {
	tab.t.Helper()
	return tab.axe(`{type: "rule", values: ["color-contrast", "link-in-text-block"]}`)
}

// axe runs some rules. The script is sent to a page once, however often it is asked.
func (tab *Tab) axe(rules string) []string {
	tab.t.Helper()
	if tab.view.NoScript { // axe is a script: the page's own ones had their chance and stayed off
		tab.scripts(true)
		defer tab.scripts(false)
	}
	type node struct {
		Target  []any  `json:"target"`
		HTML    string `json:"html"`
		Summary string `json:"failureSummary"`
	}
	type violation struct {
		ID     string `json:"id"`
		Impact string `json:"impact"`
		Help   string `json:"help"`
		Nodes  []node `json:"nodes"`
	}
	var found []violation
	tab.Whole()
	// A page that goes away while axe looks at it is no answer: the next one is asked.
	tab.until("axe", func(ctx context.Context) (string, error) {
		loaded, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`typeof axe === "object"`))
		if err == nil && !loaded {
			err = chromedp.Do(ctx, chromedp.Evaluate[chromedp.Void](axeScript))
		}
		if err != nil {
			return "", err
		}
		found, err = chromedp.Run(ctx, chromedp.Evaluate[[]violation](`axe.run(document, {
			resultTypes: ["violations"], preload: false, runOnly: `+rules+`,
		}).then(r => r.violations.map(v => ({id: v.id, impact: v.impact, help: v.help,
		nodes: v.nodes.map(n => ({target: n.target, html: n.html, failureSummary: n.failureSummary}))})))`,
			chromedp.EvalAwaitPromise))
		return "", err
	})
	var lines []string
	for _, v := range found {
		for _, n := range v.Nodes {
			summary := strings.Join(strings.Fields(n.Summary), " ")
			lines = append(lines, fmt.Sprintf("%s (%s): %s\n    at %v %s\n    %s", v.ID, v.Impact, v.Help, n.Target, n.HTML, summary))
		}
	}
	return lines
}

// Accessible fails the test for each violation that axe-core finds, and goes on.
func (tab *Tab) Accessible() {
	tab.t.Helper()
	for _, line := range tab.Violations() {
		tab.t.Errorf("not accessible on %s: %s", tab.view.Name, line)
	}
}

func (tab *Tab) scripts(on bool) {
	tab.t.Helper()
	tab.do("switching scripts", call(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on}))
}
