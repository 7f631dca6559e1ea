package civil

// Calendar tells working days: Monday to Friday, less the closed days it was made with (public holidays,
// eves that the field keeps, a unit's closing days). It never changes, so many may read it at once.
type Calendar struct {
	first  Date
	closed []uint64 // one bit a day from first
}

// NewCalendar makes a calendar that is closed on the given days, besides weekends. Days need no order.
func NewCalendar(closed []Date) *Calendar {
	c := &Calendar{}
	if len(closed) == 0 {
		return c
	}
	lo, hi := closed[0], closed[0]
	for _, d := range closed {
		lo, hi = min(lo, d), max(hi, d)
	}
	c.first = lo
	c.closed = make([]uint64, (int(hi-lo)+64)/64)
	for _, d := range closed {
		i := uint(d - lo)
		c.closed[i/64] |= 1 << (i % 64)
	}
	return c
}

// Closed tells whether d is a holiday or a closing day (a plain weekend is not).
func (c *Calendar) Closed(d Date) bool {
	i := int(d) - int(c.first)
	return i >= 0 && i/64 < len(c.closed) && c.closed[i/64]&(1<<(uint(i)%64)) != 0
}

// Working tells whether d is a working day.
func (c *Calendar) Working(d Date) bool { return d.Weekday() <= 5 && !c.Closed(d) }

// WorkingDays counts working days from..to, both included.
func (c *Calendar) WorkingDays(from, to Date) int {
	n := 0
	for d := from; d <= to; d++ {
		if c.Working(d) {
			n++
		}
	}
	return n
}

// AddWorking gives the n-th working day after d (n = 0: d itself). It gives up after ten years of closed days.
func (c *Calendar) AddWorking(d Date, n int) Date {
	for limit := d + 3660; n > 0 && d < limit; {
		d++
		if c.Working(d) {
			n--
		}
	}
	return d
}
