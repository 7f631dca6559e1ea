package browser

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// consoleLog gathers what a page complains about: errors written to the console, exceptions that nothing caught,
// parts that did not load, and what the content security policy blocked.
type consoleLog struct {
	sync.Mutex
	problems []string
	allowed  []string
}

// iconNobodyNamed is what a browser asks for by itself, whenever it likes, for a page that names no icon: no page is
// to blame for the answer.
const iconNobodyNamed = "/favicon.ico"

// listen gets every event of the tab, in order, on the browser's own goroutine: it must be quick.
func (l *consoleLog) listen(event any) {
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeAssert {
			var words []string
			for _, arg := range e.Args {
				words = append(words, strings.Trim(string(arg.Value), `"`)+arg.Description)
			}
			l.add("console: " + strings.Join(words, " "))
		}
	case *runtime.EventExceptionThrown:
		what := e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			what += " " + e.ExceptionDetails.Exception.Description
		}
		l.add("exception: " + what)
	case *cdplog.EventEntryAdded:
		if e.Entry.Level == cdplog.EntryLevelError && !strings.HasSuffix(e.Entry.URL, iconNobodyNamed) {
			l.add(fmt.Sprintf("%s: %s %s", e.Entry.Source, e.Entry.Text, e.Entry.URL))
		}
	}
}

func (l *consoleLog) add(problem string) {
	l.Lock()
	defer l.Unlock()
	l.problems = append(l.problems, strings.TrimSpace(problem))
}

// Allow lets the page complain with this text in it, where a test provokes it: the log line of a 404, for instance.
func (tab *Tab) Allow(part string) {
	tab.log.Lock()
	defer tab.log.Unlock()
	tab.log.allowed = append(tab.log.allowed, part)
}

// Problems lists what the page has complained about so far, less what was allowed. The test fails at its end when
// there are any; asking forgets them, so that a test may expect them.
func (tab *Tab) Problems() []string {
	ctx, cancel := context.WithTimeout(tab.ctx, tab.patience)
	defer cancel()
	// The answer comes after every event that the browser sent before it.
	_, _ = chromedp.Run(ctx, chromedp.Evaluate[int]("1"))
	tab.log.Lock()
	defer tab.log.Unlock()
	left := slices.DeleteFunc(tab.log.problems, func(p string) bool {
		return slices.ContainsFunc(tab.log.allowed, func(part string) bool { return strings.Contains(p, part) })
	})
	tab.log.problems = nil
	return left
}
