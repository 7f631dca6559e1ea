package pathway

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"polku/internal/civil"
	"polku/internal/entry"
	"polku/internal/model"
	"polku/internal/ruleset"
	"polku/models"
	"polku/rules"
)

// TestScenarios runs testdata/scenarios/*.txt. A file holds scenarios of one theme; how they are written is told
// in testdata/scenarios/README.md.
func TestScenarios(t *testing.T) {
	w := newWorld(t)
	files, err := filepath.Glob("testdata/scenarios/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no scenarios", err)
	}
	n := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, sc := range scenariosOf(string(text)) {
			n++
			t.Run(strings.TrimSuffix(filepath.Base(file), ".txt")+"/"+sc.title, func(t *testing.T) { sc.run(t, w, file) })
		}
	}
	if n < 60 {
		t.Errorf("only %d scenarios", n)
	}
}

// world is what scenarios play in: the shipped models and the small ones of testdata, the shipped rules, Finland's
// holidays.
type world struct {
	models *model.Set
	rules  *ruleset.Set
	cal    *civil.Calendar
}

func newWorld(t testing.TB) world {
	t.Helper()
	shipped, err := models.Load()
	if err != nil {
		t.Fatal(err)
	}
	packs, err := rules.Load()
	if err != nil {
		t.Fatal(err)
	}
	all := append([]*model.Model(nil), shipped.All()...)
	files, _ := filepath.Glob("testdata/models/*.yaml")
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		m, mistakes := model.Parse(f, data)
		for _, x := range mistakes {
			t.Error(x)
		}
		if len(mistakes) == 0 {
			all = append(all, m)
		}
	}
	return world{model.NewSet(all...), packs, ruleset.Calendar(packs, 2015, 2032, nil)}
}

type scenario struct {
	title   string
	entries []entry.Entry
	checks  []check
	noRules bool
}

type check struct {
	line int
	day  civil.Date
	text string
}

func scenariosOf(text string) []scenario {
	var all []scenario
	var day civil.Date
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		word, rest, _ := strings.Cut(line, " ")
		if word == "scenario" {
			all = append(all, scenario{title: rest})
			continue
		}
		s := &all[len(all)-1]
		switch word {
		case "path":
			s.entries = append(s.entries, path(rest)...)
		case "given":
			s.entries = append(s.entries, given(rest, len(s.entries)+1))
		case "rules":
			s.noRules = rest == "none"
		case "on":
			day = civil.MustParse(strings.TrimSuffix(rest, ":"))
		default:
			s.checks = append(s.checks, check{i + 1, day, line})
		}
	}
	return all
}

func (sc *scenario) run(t *testing.T, w world, file string) {
	rules := w.rules
	if sc.noRules {
		rules = nil
	}
	failed := map[civil.Date]bool{}
	for _, c := range sc.checks {
		s := Evaluate(w.models, rules, w.cal, sc.entries, c.day)
		all := EvaluateAll(w.models, rules, w.cal, sc.entries, c.day)
		if wrong := verdict(c.text, &s, &all); wrong != "" {
			t.Errorf("%s:%d: on %s expected\n      %s\n  but %s", file, c.line, c.day, c.text, wrong)
			failed[c.day] = true
		}
	}
	for day := range failed {
		s := Evaluate(w.models, rules, w.cal, sc.entries, day)
		t.Logf("state on %s:\n%s", day, tell(&s))
	}
}

// verdict tells what is wrong with one expectation, "" when it holds.
func verdict(text string, s, all *State) string {
	w := split(text)
	differs := func(what string, got, want any) string {
		if g, x := fmt.Sprint(got), fmt.Sprint(want); g != x {
			return what + " is " + g
		}
		return ""
	}
	switch word := w.next(); word {
	case "status":
		return differs("status", s.Status, w.next())
	case "model":
		return differs("model", s.Model+"@"+s.Version, w.next())
	case "phase":
		if wrong := differs("phase", s.Phase, w.next()); wrong != "" {
			return wrong
		}
		if day := w.after("day"); day != "" {
			return differs("day of the phase", s.PhaseDay, day)
		}
	case "responsible":
		return differs("responsible", strings.ReplaceAll("="+s.Responsible, "=nobody", "="), "="+strings.ReplaceAll(w.next(), "nobody", ""))
	case "owes", "all":
		from := s
		if word == "all" {
			from = all
		}
		return owesVerdict(&w, from)
	case "owes-not":
		id := w.next()
		if o := find(s, id); o != nil {
			return "it is there: " + string(o.Status)
		}
	case "signals":
		got := []string{}
		for _, x := range s.Signals {
			got = append(got, strings.TrimPrefix(x.Key, "signal."))
		}
		want := []string{}
		for x := w.next(); x != "" && x != "none"; x = w.next() {
			want = append(want, strings.TrimSuffix(x, ","))
		}
		return differs("signals", got, want)
	case "signal":
		return signalVerdict(&w, s)
	case "signal-not":
		key := "signal." + w.next()
		if slices.ContainsFunc(s.Signals, func(x Signal) bool { return x.Key == key }) {
			return "it is there"
		}
	case "next-step":
		if s.NextStep == nil {
			return differs("next step", "none", w.next())
		}
		return differs("next step", s.NextStep.Task+" due "+s.NextStep.By.String(), strings.Join(w.list, " "))
	case "next-change":
		want := w.next()
		if want == "never" {
			want = ""
		}
		return differs("next change", s.NextChange, want)
	case "group":
		return differs("group", s.Group, w.next())
	case "rank":
		return differs("rank", fmt.Sprint(int(s.Rank.Class), " ", s.Rank.Since), strings.Join(w.list, " "))
	case "last-contact":
		return differs("last contact", s.LastContact, w.next())
	case "tasks":
		got := []string{}
		for _, x := range s.Tasks {
			got = append(got, x.Task)
		}
		return differs("tasks", strings.Join(got, " "), strings.Join(w.list, " "))
	case "unknown":
		return differs("unknown", strings.Join(s.Unknown, " "), strings.ReplaceAll(strings.Join(w.list, " "), "nothing", ""))
	case "station":
		id, state := w.next(), w.next()
		for _, x := range s.Stations {
			if string(x.Kind)+":"+x.ID == id {
				return differs("station "+id, x.State, state)
			}
		}
		return "there is no such station"
	default:
		return "the line begins with no known word: " + word
	}
	return ""
}

func find(s *State, id string) *Obligation {
	for i := range s.Obligations {
		if s.Obligations[i].ID == id {
			return &s.Obligations[i]
		}
	}
	return nil
}

// owesVerdict judges `owes ID STATUS [due D] [until D] [from D] [done N] [asked N] [met-by e1,e2] [why W] [misses N] [since D] [who W] [source S]`.
func owesVerdict(w *words, s *State) string {
	id, status := w.next(), w.next()
	o := find(s, id)
	if o == nil {
		return "there is no such obligation"
	}
	got := map[string]string{"due": o.Due.String(), "until": o.Until.String(), "from": o.From.String(), "done": strconv.Itoa(o.Done),
		"asked": strconv.Itoa(o.Asked), "met-by": strings.Join(o.MetBy, ","), "why": o.Why, "misses": strconv.Itoa(o.Misses),
		"since": o.Since.String(), "who": o.Who, "source": o.Source, "kind": string(o.Kind)}
	if string(o.Status) != status {
		return "its status is " + string(o.Status)
	}
	for len(w.list) > 0 {
		name, want := w.next(), w.next()
		if want == "never" {
			want = ""
		}
		if have, ok := got[name]; !ok || have != want {
			return "its " + name + " is " + have
		}
	}
	return ""
}

// signalVerdict judges `signal KEY [since D] [class N] [about ID] [source S] [ARG value]`.
func signalVerdict(w *words, s *State) string {
	key := "signal." + w.next()
	i := slices.IndexFunc(s.Signals, func(x Signal) bool { return x.Key == key })
	if i < 0 {
		return "there is no such signal"
	}
	x := s.Signals[i]
	got := map[string]string{"since": x.Since.String(), "class": strconv.Itoa(int(x.Class)), "about": x.About, "source": x.Source}
	for k, v := range x.Args {
		got[k] = fmt.Sprint(v)
	}
	for len(w.list) > 0 {
		name, want := w.next(), w.next()
		if have, ok := got[name]; !ok || have != want {
			return "its " + name + " is " + have
		}
	}
	return ""
}

// tell writes a State for a reader of a failed scenario.
func tell(s *State) string {
	var b strings.Builder
	fmt.Fprintf(&b, "  %s %s@%s, phase %s day %d, responsible %q, group %s, rank %d %s, next change %s, unknown %v\n", s.Status, s.Model,
		s.Version, s.Phase, s.PhaseDay, s.Responsible, s.Group, s.Rank.Class, s.Rank.Since, s.NextChange, s.Unknown)
	for _, x := range s.Tasks {
		fmt.Fprintf(&b, "  task %s due %s\n", x.Task, x.By)
	}
	for _, o := range s.Obligations {
		fmt.Fprintf(&b, "  owes %s %s from %s due %s until %s done %d of %d misses %d since %s by %v why %q\n", o.ID, o.Status, o.From, o.Due,
			o.Until, o.Done, o.Asked, o.Misses, o.Since, o.MetBy, o.Why)
	}
	for _, x := range s.Signals {
		fmt.Fprintf(&b, "  signal %s class %d since %s about %q %v\n", x.Key, x.Class, x.Since, x.About, x.Args)
	}
	for _, x := range s.Stations {
		fmt.Fprintf(&b, "  station %s:%s %s %s %s\n", x.Kind, x.ID, x.State, x.From, x.To)
	}
	return b.String()
}
