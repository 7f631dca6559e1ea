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

// Violations runs axe-core over the whole page: the rules of WCAG 2.2 level AA and axe's best practices. Each line
// says what is wrong, how bad it is, and where.
func (tab *Tab) Violations() []string {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, 2*tab.patience)
	defer cancel()
	if tab.view.NoScript { // axe is a script: the page's own ones had their chance and stayed off
		tab.scripts(true)
		defer tab.scripts(false)
	}
	if err := chromedp.Do(ctx, chromedp.Evaluate[chromedp.Void](axeScript)); err != nil {
		tab.fail("loading axe: %v", err)
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
	found, err := chromedp.Run(ctx, chromedp.Evaluate[[]violation](`axe.run(document, {
		resultTypes: ["violations"], preload: false,
		runOnly: {type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
	}).then(r => r.violations.map(v => ({id: v.id, impact: v.impact, help: v.help,
		nodes: v.nodes.map(n => ({target: n.target, html: n.html, failureSummary: n.failureSummary}))})))`,
		chromedp.EvalAwaitPromise))
	if err != nil {
		tab.fail("running axe: %v", err)
	}
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
