package view

import (
	"strings"

	"polku/internal/civil"
	"polku/internal/entry"
	"polku/internal/i18n"
	"polku/internal/workactivity"
)

// saidWork puts entries of rehabilitative work activity into words.
func saidWork(l i18n.Lang, body entry.Body) Said {
	switch b := body.(type) {
	case *entry.WorkPeriod:
		title := l.T("said.work_period", "from", l.Day(b.From), "to", l.Day(b.To))
		if b.Since > b.From || b.Why != "" {
			title = l.T("said.work_period_change", "day", l.Day(max(b.From, b.Since)))
		}
		return Said{title, some(WeekWords(l, b.Days, b.Minutes), b.Place), strings.TrimSpace(b.Goal + "\n" + b.Why)}
	case *entry.WorkPeriodEnd:
		return Said{l.T("said.work_period_end", "day", l.Day(b.Last)), some(l.T("workactivity.end." + string(b.Why))), saidTold(l, b.Told, b.Text)}
	case *entry.Incident:
		return Said{l.T("workactivity.incident"), some(l.T("workactivity.type." + string(b.Type))), b.What}
	}
	return Said{}
}

// saidTold is a text with the reason that the client told before it.
func saidTold(l i18n.Lang, told, text string) string {
	if told == "" {
		return text
	}
	return strings.TrimSpace(l.T("said.told", "text", told) + "\n" + text)
}

// WeekWords says how a week is agreed: "ma, ke, 5 h päivässä".
func WeekWords(l i18n.Lang, days []int, minutes int) string {
	return l.T("workactivity.week_is", "days", DayWords(l, days), "length", l.Length(minutes))
}

// DayWords names weekdays (1–7): "ma, ke".
func DayWords(l i18n.Lang, days []int) string {
	words := make([]string, len(days))
	for i, d := range days {
		words[i] = l.Weekday(civil.New(2024, 1, d)) // 1 January 2024 was a Monday
	}
	return strings.Join(words, ", ")
}

// WorkLine says how a day of an attendance extract went; nil: nothing was said of it.
func WorkLine(l i18n.Lang, x *workactivity.Line) string {
	switch {
	case x == nil || !x.Came && x.Reason == "":
		return l.T("workactivity.paper.no_line")
	case x.Reason == entry.ByOrganiser:
		return l.T("absence." + string(x.Reason))
	case !x.Came:
		return l.T("workactivity.cell.away") + ", " + l.T("absence."+string(x.Reason))
	case x.Remote:
		return strings.TrimRight(l.T("workactivity.cell.remote")+", "+length(l, x.Minutes), ", ")
	}
	return strings.TrimRight(l.T("workactivity.cell.came")+", "+length(l, x.Minutes), ", ")
}

func length(l i18n.Lang, minutes int) string {
	if minutes == 0 {
		return ""
	}
	return l.Length(minutes)
}
