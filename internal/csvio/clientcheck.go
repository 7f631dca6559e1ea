package csvio

import (
	"strings"

	"polku/internal/fault"
)

// finish looks at the row as a whole: what is missing, what contradicts.
func (c *clientReader) finish() {
	out := &c.out
	out.Address = strings.Join(c.address, ", ")
	c.birthdayAndCode()
	if out.LastName == "" && out.FirstNames == "" {
		level := Ask
		if out.Code == "" {
			level = Blocked // neither name nor code: nobody to import
		}
		c.problem(level, -1, "import.ask.no_name", nil)
	}
	// a phase date serves as the start where no column tells it
	for _, p := range out.Phases {
		if !c.t.has(Start, Period) && (out.Start.IsZero() || p.Day < out.Start) {
			out.Start = p.Day
		}
	}
	c.days()
	c.exit()
}

func (c *clientReader) birthdayAndCode() {
	out := &c.out
	if out.Code != "" {
		if !out.Birthday.IsZero() && out.Birthday != out.Code.Birthday() {
			c.problem(Ask, c.t.col(Birthday), "import.ask.birthday_differs", fault.Args{"day": out.Code.Birthday()})
		}
		out.Birthday = out.Code.Birthday()
		return
	}
	if d := birthdayIn(out.Notes, c.t.opt.hints(true)); !d.IsZero() && !c.birthdayTold {
		out.Birthday = d
		c.problem(Ask, c.t.col(Notes), "import.ask.birthday_in_notes", fault.Args{"day": d})
	}
	if out.wrongCode == "" {
		c.problem(Ask, c.t.col(IdentityCode), "import.ask.no_code", nil)
	}
}

// days judges the start and the end against each other and today.
func (c *clientReader) days() {
	out, today := &c.out, c.t.opt.Today
	start := c.t.col(Start)
	if out.Start.IsZero() && !c.asked(start) {
		c.problem(Ask, start, "import.ask.no_start", nil)
	}
	if !out.End.IsZero() && out.End < out.Start {
		c.problem(Ask, c.t.col(End), "import.ask.end_before_start", fault.Args{"start": out.Start, "end": out.End})
	}
	for i, p := range out.Phases {
		if i > 0 && p.Day < out.Phases[i-1].Day {
			c.problem(Ask, -1, "import.ask.phases_order", nil)
		}
	}
	if !out.Birthday.IsZero() && !out.Start.IsZero() && (out.Start < out.Birthday.AddMonths(12*12) || out.Start > out.Birthday.AddMonths(12*100)) {
		c.problem(Ask, -1, "import.ask.age", nil)
	}
	if !today.IsZero() && out.Start > today+366 {
		c.problem(Ask, start, "import.ask.far_future", fault.Args{"day": out.Start})
	}
	if !today.IsZero() && out.End > today {
		c.problem(Remark, c.t.col(End), "import.remark.planned_end", fault.Args{"day": out.End})
	}
}

// asked tells whether something is asked about a column already.
func (c *clientReader) asked(col int) bool {
	for _, p := range c.out.Problems {
		if p.Col == col && col >= 0 && p.Level != Remark {
			return true
		}
	}
	return false
}

// exit finds the destination: from the reason, else from the position at the end.
func (c *clientReader) exit() {
	out := &c.out
	if dashOnly(out.ExitText) {
		out.ExitText = ""
	}
	col := c.t.col(ExitReason)
	switch {
	case out.ExitText != "":
		if hasWord(fold(out.ExitText), "jatku", "jatkaa", "fortsatt", "ongoing", "continu") && out.End.IsZero() {
			return
		}
		if out.ExitTo = destinations.find(out.ExitText); out.ExitTo == "" {
			c.problem(Ask, col, "import.ask.exit_reason", nil)
		}
		if out.End.IsZero() && !c.asked(c.t.col(End)) {
			c.problem(Ask, c.t.col(End), "import.ask.exit_without_end", nil)
		}
	case out.End.IsZero():
	case out.PositionAfterText != "":
		out.ExitTo = destinations.find(out.PositionAfterText) // readTable says so once for the whole list
	case !c.t.opt.Today.IsZero() && out.End > c.t.opt.Today:
	default:
		c.problem(Ask, col, "import.ask.end_without_reason", nil)
	}
}
