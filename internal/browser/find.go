package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// object is an element of the page, held by the browser's inspector.
type object = runtime.RemoteObjectID

// quote makes a JavaScript string.
func quote(s string) string {
	b, _ := json.Marshal(s) // a string always marshals
	return string(b)
}

// named waits until exactly one element has this accessible name and one of these roles, and gives it.
func (tab *Tab) named(name string, roles []string) object {
	tab.t.Helper()
	var found object
	tab.until(fmt.Sprintf("exactly one %s called %q", strings.Join(roles, " or "), name), func(ctx context.Context) (string, error) {
		root, err := tab.rootObject(ctx)
		if err != nil || root == "" {
			return "the part of the page to look in is not there", err
		}
		answer, err := chromedp.Call(ctx, accessibility.QueryAXTree, accessibility.QueryAXTreeParams{ObjectID: root, AccessibleName: name})
		if err != nil {
			return "", err
		}
		var nodes []*accessibility.Node
		for _, n := range answer.Nodes {
			if !n.Ignored && n.BackendDOMNodeID != 0 && slices.Contains(roles, text(n.Role)) {
				nodes = append(nodes, n)
			}
		}
		// A label of a box has the box's name too: the box is meant.
		if len(nodes) > 1 {
			nodes = slices.DeleteFunc(nodes, func(n *accessibility.Node) bool { return text(n.Role) == "LabelText" })
		}
		if len(nodes) != 1 {
			return fmt.Sprintf("there are %d; the page has %s", len(nodes), tab.names(ctx, root, roles)), nil
		}
		resolved, err := chromedp.Call(ctx, dom.ResolveNode, dom.ResolveNodeParams{BackendNodeID: nodes[0].BackendDOMNodeID})
		if err != nil {
			return "", err
		}
		found = resolved.Object.ObjectID
		return "", nil
	})
	return found
}

// names lists what the page does have in these roles, for the error message.
func (tab *Tab) names(ctx context.Context, root object, roles []string) string {
	var all []string
	for _, role := range roles {
		answer, err := chromedp.Call(ctx, accessibility.QueryAXTree, accessibility.QueryAXTreeParams{ObjectID: root, Role: role})
		if err != nil {
			return err.Error()
		}
		for _, n := range answer.Nodes {
			if !n.Ignored {
				all = append(all, fmt.Sprintf("%s %q", role, text(n.Name)))
			}
		}
	}
	if len(all) == 0 {
		return "none of that kind"
	}
	if len(all) > 60 {
		all = append(all[:60], "…")
	}
	return strings.Join(all, ", ")
}

// text reads a word of the accessibility tree.
func text(v *accessibility.Value) string {
	if v == nil {
		return ""
	}
	var s string
	if err := json.Unmarshal([]byte(v.Value), &s); err != nil {
		return ""
	}
	return s
}

// selected waits until the CSS selector finds exactly one visible element, and gives it.
func (tab *Tab) selected(css string) object {
	tab.t.Helper()
	var found object
	visible := fmt.Sprintf(`[...(%s?.querySelectorAll(%s) ?? [])].filter(e => e.checkVisibility())`, tab.root, quote(css))
	tab.until("exactly one visible "+css, func(ctx context.Context) (string, error) {
		n, err := chromedp.Run(ctx, chromedp.Evaluate[int](visible+".length"))
		if err != nil || n != 1 {
			return fmt.Sprintf("there are %d", n), err
		}
		element, err := chromedp.Run(ctx, chromedp.Evaluate[*runtime.RemoteObject](visible+"[0]"))
		if err != nil || element.ObjectID == "" {
			return "it went away", err
		}
		found = element.ObjectID
		return "", nil
	})
	return found
}

func (tab *Tab) rootObject(ctx context.Context) (object, error) {
	root, err := chromedp.Run(ctx, chromedp.Evaluate[*runtime.RemoteObject](tab.root+" ?? null"))
	if err != nil {
		return "", err
	}
	return root.ObjectID, nil
}

// ask calls a JavaScript function with the element as this and gives its true or false.
func (tab *Tab) ask(element object, function string) bool {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, tab.patience)
	defer cancel()
	yes := true
	answer, err := chromedp.Call(ctx, runtime.CallFunctionOn, runtime.CallFunctionOnParams{
		FunctionDeclaration: function, ObjectID: element, ReturnByValue: &yes})
	if err != nil {
		tab.fail("asking the page: %v", err)
	}
	if answer.ExceptionDetails != nil {
		tab.fail("asking the page: %s", answer.ExceptionDetails.Text)
	}
	return string(answer.Result.Value) == "true"
}

// set gives a date or time field its value as the browser's own picker would.
func (tab *Tab) set(label string, element object, value string) {
	tab.t.Helper()
	taken := tab.ask(element, fmt.Sprintf(`function() {
		this.value = %[1]s;
		for (const type of ["input", "change"]) this.dispatchEvent(new Event(type, {bubbles: true}));
		return this.value === %[1]s }`, quote(value)))
	if !taken {
		tab.fail("the field %q does not take %q", label, value)
	}
}

// place scrolls to the element and gives the point in its middle, in CSS pixels of the viewport. Something lying
// over that point ends the test: a person could not click there.
func (tab *Tab) place(what string, element object) (x, y float64) {
	tab.t.Helper()
	tab.until(what+" where it can be clicked", func(ctx context.Context) (string, error) {
		if _, err := chromedp.Call(ctx, dom.ScrollIntoViewIfNeeded, dom.ScrollIntoViewIfNeededParams{ObjectID: element}); err != nil {
			return err.Error(), nil // without a box yet, for instance
		}
		answer, err := chromedp.Call(ctx, dom.GetContentQuads, dom.GetContentQuadsParams{ObjectID: element})
		if err != nil || len(answer.Quads) == 0 {
			return "it has no place on the page", nil
		}
		q := answer.Quads[0] // four corners, x and y in turn
		x, y = (q[0]+q[2]+q[4]+q[6])/4, (q[1]+q[3]+q[5]+q[7])/4
		yes := true
		over, err := chromedp.Call(ctx, runtime.CallFunctionOn, runtime.CallFunctionOnParams{ObjectID: element, ReturnByValue: &yes,
			FunctionDeclaration: fmt.Sprintf(`function() {
				const top = document.elementFromPoint(%f, %f);
				if (!top) return "the edge of the window";
				if (this.contains(top) || top.contains(this) || [...(this.labels ?? [])].some(l => l.contains(top))) return "";
				return top.outerHTML.slice(0, 120) }`, x, y)})
		if err != nil {
			return "", err
		}
		var cover string
		if err := json.Unmarshal([]byte(over.Result.Value), &cover); err != nil {
			return "", err
		}
		if cover != "" {
			return "it is covered by " + cover, nil
		}
		return "", nil
	})
	return x, y
}

func (tab *Tab) clickElement(what string, element object) {
	tab.t.Helper()
	x, y := tab.place(what, element)
	tab.do("clicking "+what, chromedp.MouseClickXY(x, y))
}
