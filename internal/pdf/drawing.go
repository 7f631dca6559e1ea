package pdf

// Drawing adds lines that somebody drew (a signature), with words for who cannot see it. strokes are lists of points in a
// box of width by height; it is printed 60 mm wide.
func (d *Doc) Drawing(alt string, strokes [][][2]float64, width, height float64) {
	const wide = 60.0
	scale := wide / width
	d.room(height * scale)
	n := d.root.add("Figure")
	n.alt = alt
	d.mark(n)
	d.f.SetDrawColor(20, 20, 20)
	d.f.SetLineWidth(0.5)
	for _, stroke := range strokes {
		for i := 1; i < len(stroke); i++ {
			d.f.Line(margin+stroke[i-1][0]*scale, d.y+stroke[i-1][1]*scale, margin+stroke[i][0]*scale, d.y+stroke[i][1]*scale)
		}
	}
	d.unmark()
	d.y += height*scale + plain.after
}
