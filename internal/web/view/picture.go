package view

import (
	"fmt"
	"sort"
	"strings"

	"polku/internal/civil"
)

// Leg is a phase of the path as it is drawn.
type Leg struct {
	Title    string
	State    string // done, now, ahead, credited
	From, To civil.Date
	Day, Of  int // day of the phase and its planned length, for the leg that is now; Of 0: open-ended
}

// Stop is a checkpoint (rasti) on the path.
type Stop struct {
	Name, Area string
	State      string // chosen, reached, dropped, ahead
	Day        civil.Date
	Leg        int // index of the leg it stands on
}

// Picture is the path as a line with stations.
type Picture struct {
	Legs   []Leg
	Stops  []Stop
	Exit   string // where the path led, or what it aims at, in words; empty: "seuraava askel elämässä"
	Left   bool   // the exit is behind
	Paused bool
}

// point of a drawing, in its own units.
type point struct{ X, Y float64 }

// drawing is the geometry of a Picture: two paths (gone, ahead) and where the marks stand.
type drawing struct {
	W, H        int
	Gone, Ahead string // SVG path data; empty when there is none
	Nodes       []node
	Here        *point
}

type node struct {
	point
	Class string // done, now, ahead, exit, stop …
	Lines []string
	Quiet string
	Text  point
	End   bool // text ends at its point instead of being centred on it
}

// at gives the point of the path at t legs from its start: a line that winds gently.
type curve func(t float64) point

// wide draws the picture lying, for a desk. The names of stops stand above the line, in as many rows as keep them apart.
func (s Shell) wide(p Picture) drawing {
	const w, left, right = 1200, 24, 76
	n := float64(max(len(p.Legs), 1))
	mid := 30.0
	at := func(t float64) point {
		return point{left + (w-left-right)*t/n, mid + wave(t)*6}
	}
	names, rows := apart(s.stopsAt(p, s.here(p)), at)
	if rows > 0 {
		mid = 20 + 17*float64(rows)
	}
	d := s.draw(p, at, int((w-left-right)/n/letter))
	lines, stop := 1, 0
	for i := range d.Nodes {
		nd := &d.Nodes[i]
		switch {
		case strings.HasPrefix(nd.Class, "stop"):
			nd.Text, nd.Lines = names[stop].point, names[stop].Lines
			stop++
		case strings.HasPrefix(nd.Class, "exit"):
			nd.Text = point{min(nd.X, w-62), mid + 33}
		default:
			nd.Text.Y = mid + 33
			lines = max(lines, len(nd.Lines))
		}
	}
	d.W, d.H = w, int(mid)+41+17*lines
	return d
}

// Names of stops: how wide a letter is, how many rows there may be, and how many letters a name has when many stand close
// together. What does not fit is left out: the table below has every name.
const (
	stopLetter = 6.6
	stopRows   = 4
	stopShort  = 13
)

// apart places the names of stops in rows so that none covers another: whole where two or three rows are enough, else cut.
func apart(stops []placed, at curve) (names []node, rows int) {
	names, rows, whole := inRows(stops, at, stopRows-1, 40)
	if !whole {
		names, rows, _ = inRows(stops, at, stopRows, stopShort)
	}
	return names, rows
}

func inRows(stops []placed, at curve, most, letters int) (names []node, rows int, whole bool) {
	ends := make([]float64, most) // where the last name of each row ends
	whole = true
	for i, t := range stops {
		name := cut(t.Name, letters)
		x, half := at(t.t).X, float64(len([]rune(name)))*stopLetter/2
		nd := node{}
		for k := range most {
			row := (i + k) % 2 // two rows in turn, as long as they do
			if k >= 2 {
				row = k
			}
			if x-half > ends[row] {
				nd = node{point: point{x, 14 + 17*float64(row)}, Lines: []string{name}}
				ends[row] = x + half + stopLetter
				rows = max(rows, row+1)
				break
			}
		}
		whole = whole && nd.Lines != nil
		names = append(names, nd)
	}
	if len(stops) > 0 {
		rows = max(rows, 2)
	}
	return names, rows, whole
}

// letter is about how wide a letter of a station's name is, in units of the drawing.
const letter = 9

// tall draws the picture standing, for a phone: every stop has a line of its own.
func (s Shell) tall(p Picture) drawing {
	const x, top, head, row = 28, 22, 64, 27
	tops := []float64{top}
	for i := range max(len(p.Legs), 1) {
		stops := 0
		for _, c := range p.Stops {
			if c.Leg == i {
				stops++
			}
		}
		tops = append(tops, tops[i]+head+row*float64(stops))
	}
	last := len(tops) - 1
	at := func(t float64) point {
		i := min(int(t), last-1)
		y := tops[i] + (t-float64(i))*(tops[i+1]-tops[i])
		return point{x + wave(y/60)*6, y}
	}
	p.Stops = inOrder(p.Stops)
	d := s.draw(p, at, 24)
	d.W, d.H = 320, int(tops[last])+34
	if leg := int(s.here(p)); d.Here != nil && tops[min(leg+1, last)]-tops[min(leg, last)] > head {
		// Between the stops that are reached and those that are not.
		pt := at(float64(leg) + (head-20+row*float64(reached(p.Stops, leg)))/(tops[leg+1]-tops[leg]))
		d.Here = &pt
		d.Gone, d.Ahead = trace(at, 0, float64(leg)+(pt.Y-tops[leg])/(tops[leg+1]-tops[leg])), trace(at, float64(leg)+(pt.Y-tops[leg])/(tops[leg+1]-tops[leg]), float64(last))
	}
	rows := map[int]int{}
	k := 0
	for i := range d.Nodes {
		nd := &d.Nodes[i]
		if strings.HasPrefix(nd.Class, "stop") {
			leg := p.Stops[k].Leg
			k++
			t := float64(leg) + (head-6+row*float64(rows[leg]))/(tops[leg+1]-tops[leg])
			rows[leg]++
			nd.point = at(t)
		}
		nd.Text = point{60, nd.Y + 5}
		nd.End = true
	}
	return d
}

// wave is a soft bend between −1 and 1 without trigonometry: the same on every machine.
func wave(t float64) float64 {
	t = t*2 - float64(int(t*2/4))*4 // one period is two legs
	if t < 2 {
		return t * (2 - t)
	}
	t -= 2
	return -t * (2 - t)
}

// draw places the marks on the curve. wide is how many letters a line of a leg's title may have.
func (s Shell) draw(p Picture, at curve, wide int) drawing {
	var d drawing
	here := s.here(p)
	n := float64(max(len(p.Legs), 1))
	d.Gone, d.Ahead = trace(at, 0, min(here, n)), trace(at, min(here, n), n)
	for i, l := range p.Legs {
		start := at(float64(i))
		mid := at(float64(i) + .5)
		d.Nodes = append(d.Nodes, node{point: start, Class: "leg leg--" + l.State, Lines: wrap(l.Title, wide), Quiet: s.legDays(l), Text: point{mid.X, 0}})
	}
	for _, t := range s.stopsAt(p, here) {
		d.Nodes = append(d.Nodes, node{point: at(t.t), Class: "stop stop--" + t.State, Lines: []string{t.Name}})
	}
	class := "exit"
	if p.Left {
		class = "exit exit--done"
	}
	d.Nodes = append(d.Nodes, node{point: at(n), Class: class, Lines: wrap(or(p.Exit, s.T("path.exit")), 16)})
	if !p.Left {
		pt := at(min(here, n))
		d.Here = &pt
	}
	return d
}

// placed is a stop with its place in legs from the start.
type placed struct {
	Stop
	t float64
}

// stopsAt spreads the stops of each leg evenly; on the leg that is now, those reached lie behind the person
// and the others ahead.
func (s Shell) stopsAt(p Picture, here float64) []placed {
	var all []placed
	stops := inOrder(p.Stops)
	for leg := range p.Legs {
		from, cut, to := float64(leg), float64(leg), float64(leg+1)
		if here > from && here < to {
			cut = here
		}
		done := reached(stops, leg)
		if cut == from {
			done = 0
		}
		rest := 0
		for _, c := range stops {
			if c.Leg == leg {
				rest++
			}
		}
		rest -= done
		i := 0
		for _, c := range stops {
			if c.Leg != leg {
				continue
			}
			i++
			t := from + (cut-from)*float64(i)/float64(done+1)
			if i > done {
				t = cut + (to-cut)*float64(i-done)/float64(rest+1)
			}
			all = append(all, placed{c, t})
		}
	}
	return all
}

// inOrder puts the reached stops of each leg first.
func inOrder(stops []Stop) []Stop {
	sorted := append([]Stop(nil), stops...)
	sort.SliceStable(sorted, func(i, j int) bool {
		a, b := sorted[i], sorted[j]
		if a.Leg != b.Leg {
			return a.Leg < b.Leg
		}
		return a.State == "reached" && b.State != "reached"
	})
	return sorted
}

func reached(stops []Stop, leg int) int {
	n := 0
	for _, c := range stops {
		if c.Leg == leg && c.State == "reached" {
			n++
		}
	}
	return n
}

// here tells how many legs have been walked: whole ones and the part of the one that is now. A leg that
// has lasted over its planned length stands just before its end.
func (s Shell) here(p Picture) float64 {
	if p.Left {
		return float64(len(p.Legs))
	}
	for i, l := range p.Legs {
		if l.State == "now" {
			part := .5
			if l.Of > 0 {
				part = min(float64(l.Day)/float64(l.Of), .94)
			}
			return float64(i) + max(part, .06)
		}
		if l.State == "ahead" {
			return float64(i)
		}
	}
	return float64(len(p.Legs))
}

func (s Shell) legDays(l Leg) string {
	switch {
	case l.State == "now" && l.Of > 0:
		return s.T("path.day_of", "day", l.Day, "of", l.Of)
	case l.State == "now":
		return s.T("path.day", "day", l.Day)
	case l.State == "credited":
		return s.T("path.credited")
	case l.State == "done":
		return s.Range(l.From, l.To)
	case l.Of > 0:
		return s.T("path.planned", "of", l.Of)
	}
	return ""
}

// trace gives path data of the curve between a and b.
func trace(at curve, a, b float64) string {
	if b-a < .001 {
		return ""
	}
	var sb strings.Builder
	start := at(a)
	fmt.Fprintf(&sb, "M%.1f %.1f", start.X, start.Y)
	steps := max(int((b-a)*10), 2)
	for i := 1; i <= steps; i++ {
		p := at(a + (b-a)*float64(i)/float64(steps))
		fmt.Fprintf(&sb, "L%.1f %.1f", p.X, p.Y)
	}
	return sb.String()
}

// wrap breaks a title into at most two lines of about n letters.
func wrap(s string, n int) []string {
	if len([]rune(s)) <= n {
		return []string{s}
	}
	words := strings.Fields(s)
	first := ""
	for i, w := range words {
		if first != "" && len([]rune(first))+1+len([]rune(w)) > n {
			return []string{first, cut(strings.Join(words[i:], " "), n)}
		}
		if first != "" {
			first += " "
		}
		first += w
	}
	return []string{cut(first, n+6)}
}

func cut(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-1]) + "…"
}

// words is the text alternative: the path in one sentence.
func (s Shell) pathWords(p Picture) string {
	var parts []string
	for _, l := range p.Legs {
		parts = append(parts, strings.TrimSpace(l.Title+": "+s.T("station."+l.State)+" "+s.legDays(l)))
	}
	if p.Left {
		parts = append(parts, s.T("path.left", "to", p.Exit))
	}
	return strings.Join(parts, "; ")
}

func fl(v float64) string { return fmt.Sprintf("%.1f", v) }

func anchor(n node) string {
	if n.End {
		return "start"
	}
	return "middle"
}
