package csvio

import (
	"sort"
	"strings"
	"unicode"

	"polku/internal/fault"
)

// Worker is a member of staff as a list names them, all spellings together.
type Worker struct {
	Name      string   // the fullest spelling
	Spellings []string // all as written, in order
	Rows      int
	Sure      bool // false: initials were joined to a full name, worth a look
}

var andWords = strings.NewReplacer(" ja ", "/", " och ", "/", " and ", "/", " sekä ", "/")

// splitWorkers parts a cell that names several: "KP/SS", "KP ja SS". The first is the responsible one.
func splitWorkers(text string) (first string, others []string) {
	if !strings.ContainsAny(text, "/+&;,") && !strings.Contains(text, " ja ") && !strings.Contains(text, " och ") && !strings.Contains(text, " and ") &&
		!strings.Contains(text, " sekä ") {
		return text, nil
	}
	parts := strings.FieldsFunc(andWords.Replace(text), func(r rune) bool {
		return r == '/' || r == '+' || r == '&' || r == ';'
	})
	if a, b, ok := strings.Cut(text, ","); ok && len(parts) == 1 && isInitials(strings.TrimSpace(a)) && isInitials(strings.TrimSpace(b)) {
		parts = []string{a, b}
	}
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	if len(parts) == 0 {
		return "", nil
	}
	return parts[0], parts[1:]
}

// isInitials tells "KP", "kp", "K.P.", "KSP" from a short name such as "Ari".
func isInitials(s string) bool {
	letters, dots := 0, strings.Contains(s, ".")
	upper := true
	for _, r := range s {
		switch {
		case unicode.IsLetter(r):
			letters++
			upper = upper && unicode.IsUpper(r)
		case r != '.' && r != ' ':
			return false
		}
	}
	return letters >= 1 && (letters <= 2 || letters == 3 && (upper || dots && strings.Count(s, ".") >= 2))
}

// workerKey makes spellings of one form equal: "KP", "kp", "K.P." and "k p"; "Peltonen Kaisa" and "Kaisa Peltonen".
func workerKey(s string) string {
	if isInitials(s) {
		return strings.ReplaceAll(fold(s), " ", "")
	}
	words := strings.Fields(fold(s))
	sort.Strings(words)
	return strings.Join(words, " ")
}

// groupWorkers joins the spellings in all rows and writes the joint name into the rows.
func (l *ClientList) groupWorkers() {
	g := newWorkers()
	for i := range l.Rows {
		r := &l.Rows[i]
		if r.Worker != "" {
			g.add(r.Worker)
		}
		for _, o := range r.OtherWorkers {
			g.add(o)
		}
	}
	names := g.join()
	for i := range l.Rows {
		r := &l.Rows[i]
		r.Worker = names[r.Worker]
		for j, o := range r.OtherWorkers {
			r.OtherWorkers[j] = names[o]
		}
		if len(r.OtherWorkers) > 0 {
			r.Problems = append(r.Problems, Problem{Level: Ask, Sheet: r.Sheet, Row: r.Row, Col: -1, Field: WorkerField, Key: "import.ask.several_workers"})
		}
	}
	l.Workers = g.list
	for _, w := range l.Workers {
		if !w.Sure {
			l.Questions = append(l.Questions, Problem{Level: Ask, Col: -1, Field: WorkerField, Key: "import.ask.worker_joined",
				Args: fault.Args{"name": w.Name, "spellings": w.Spellings}})
		}
	}
}

// workers gathers spellings.
type workers struct {
	order []string          // keys in order of appearance
	by    map[string]Worker // by key
	seen  map[string]int    // rows by spelling
	list  []Worker
}

func newWorkers() *workers { return &workers{by: map[string]Worker{}, seen: map[string]int{}} }

func (g *workers) add(spelling string) {
	key := workerKey(spelling)
	if key == "" {
		key = spelling
	}
	w, ok := g.by[key]
	if !ok {
		g.order = append(g.order, key)
		w = Worker{Name: spelling, Sure: true}
	}
	if g.seen[spelling] == 0 {
		w.Spellings = append(w.Spellings, spelling)
		if better(spelling, w.Name) {
			w.Name = spelling
		}
	}
	g.seen[spelling]++
	w.Rows++
	g.by[key] = w
}

// better prefers capitals: KP to kp, Peltonen to peltonen.
func better(a, b string) bool {
	capitals := func(s string) (n int) {
		for _, r := range s {
			if unicode.IsUpper(r) {
				n++
			}
		}
		return n
	}
	return capitals(a) > capitals(b) && (isInitials(a) || !isInitials(b))
}

// join puts short forms to the one full name that they can mean, and gives the joint name of every spelling.
func (g *workers) join() map[string]string {
	into := map[string]string{} // key of a short form -> key of the full one
	// the fullest short forms first: "kp" may then mean "k peltonen" and "kaisa peltonen", who are one
	byLength := append([]string(nil), g.order...)
	sort.SliceStable(byLength, func(i, j int) bool { return len(byLength[i]) > len(byLength[j]) })
	for _, short := range byLength {
		target, n := "", 0
		for _, full := range g.order {
			if full != short && into[full] == "" && shortens(short, full) {
				target = full
				n++
			}
		}
		if n == 1 {
			into[short] = target
		}
	}
	end := func(k string) string {
		for i := 0; i < len(g.order) && into[k] != ""; i++ {
			k = into[k]
		}
		return k
	}
	names := map[string]string{}
	for _, k := range g.order {
		if e := end(k); e != k {
			w, short := g.by[e], g.by[k]
			w.Spellings = append(w.Spellings, short.Spellings...)
			w.Rows += short.Rows
			w.Sure = false
			g.by[e] = w
		}
	}
	for _, k := range g.order {
		if end(k) != k {
			continue
		}
		w := g.by[k]
		for _, s := range w.Spellings {
			names[s] = w.Name
		}
		g.list = append(g.list, w)
	}
	return names
}

// shortens tells whether key a can be a short form of key b: "kp" or "k peltonen" or "peltonen" of "kaisa peltonen".
func shortens(a, b string) bool {
	full := strings.Fields(b)
	if len(full) < 2 || len(full[0]) == 1 && len(full[1]) == 1 {
		return false
	}
	short := strings.Fields(a)
	whole := 0 // words of b longer than an initial
	for _, w := range full {
		if len(w) > 1 {
			whole++
		}
	}
	switch {
	case len(short) == 1 && len(short[0]) == 2 && len(full) == 2:
		x, y := full[0][:1], full[1][:1]
		return short[0] == x+y || short[0] == y+x
	case len(short) == 1 && len(short[0]) > 2 && whole == 2:
		return short[0] == full[0] || short[0] == full[1]
	case len(short) == 2 && whole == 2 && len(full) == 2:
		for i := range short {
			one, last := short[i], short[1-i]
			if len(one) == 1 && len(last) > 1 && (last == full[0] && strings.HasPrefix(full[1], one) || last == full[1] && strings.HasPrefix(full[0], one)) {
				return true
			}
		}
	}
	return false
}
