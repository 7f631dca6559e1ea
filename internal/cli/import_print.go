package cli

import (
	"bufio"
	"fmt"
	"strings"

	"polku/internal/csvio"
	"polku/internal/importing"
)

// importResult is what an import tells; its JSON form is part of the documented interface. It holds no cell texts.
type importResult struct {
	Import  string           `json:"import,omitempty"` // empty: nothing was written
	Kind    string           `json:"kind"`
	Service string           `json:"service"`
	File    string           `json:"file"`
	Rows    int              `json:"rows"`
	Added   int              `json:"added"`
	Joined  int              `json:"joined"`
	Already int              `json:"already"`
	Twins   int              `json:"twins"`
	Left    int              `json:"left"`
	Chosen  int              `json:"chosen"`
	People  int              `json:"new_people"`
	Open    int              `json:"open_paths"`
	Filled  int              `json:"filled"` // known clients whose empty contact data are filled in
	Workers []importWorker   `json:"workers"`
	Unknown []string         `json:"unknown_people,omitempty"` // names that were found nowhere or more than once
	Matched []matchedPerson  `json:"matched_people,omitempty"` // short names that fit one client: worth a look
	Remarks []importedRemark `json:"remarks"`
}

type importWorker struct {
	Name   string `json:"name"`
	Worker string `json:"worker,omitempty"` // user name; empty: the default worker
}

// matchedPerson is a short name and the client whom it is taken to mean.
type matchedPerson struct {
	Name       string `json:"name"`
	Client     string `json:"client,omitempty"` // empty: the name is left out
	Is         string `json:"is,omitempty"`
	Remembered bool   `json:"remembered,omitempty"` // answered in an earlier import
}

// importedRemark is a thing worth telling about a row. Level: left, ask, blocked, remark.
type importedRemark struct {
	Sheet string `json:"sheet,omitempty"`
	Row   int    `json:"row"`
	Field string `json:"field,omitempty"`
	Level string `json:"level"`
	Key   string `json:"key"`
	Text  string `json:"text"`
}

func importOutput(env *Env, p *importing.Plan) importResult {
	c := p.Count
	out := importResult{Kind: p.Kind, Service: p.Service.Name, File: p.File, Rows: len(p.Rows), Added: c.Added, Joined: c.Joined, Already: c.Already,
		Twins: c.Twins, Left: c.Left, Chosen: c.Chosen, People: c.NewClients, Open: c.Open, Filled: c.Filled, Workers: []importWorker{}, Remarks: []importedRemark{}}
	username := map[string]string{}
	for _, w := range p.Staff {
		username[w.ID] = w.Username
	}
	for _, s := range p.Spelling {
		out.Workers = append(out.Workers, importWorker{s.Name, username[s.Worker]})
	}
	for _, person := range p.People {
		if person.Answer == "" && person.Rows > 0 {
			out.Unknown = append(out.Unknown, person.Name)
		}
		if (person.Sure || person.Remembered) && person.Doubtful() {
			m := matchedPerson{person.Name, person.Answer, person.Is, person.Remembered}
			if person.Answer == importing.Skip {
				m.Client = ""
			}
			out.Matched = append(out.Matched, m)
		}
	}
	var problems []csvio.Problem
	if p.Clients != nil {
		problems = p.Clients.Questions
	} else {
		problems = p.List.Questions
	}
	for _, x := range problems {
		out.add(env, x)
	}
	for _, r := range p.Rows {
		for _, x := range r.Notes {
			if x.Level != csvio.Remark && r.Fate != importing.Already || importing.Compares(x.Key) {
				out.add(env, x)
			}
		}
		if (r.Fate == importing.Left || r.Fate == importing.Chosen) && !told(r) {
			out.Remarks = append(out.Remarks, importedRemark{r.Sheet, r.No, "", string(r.Fate), r.Why, env.Lang.Map(r.Why, r.Args)})
		}
	}
	return out
}

// told tells whether the reason why a row is left out stands among its problems already.
func told(r importing.Row) bool {
	for _, x := range r.Notes {
		if x.Key == r.Why {
			return true
		}
	}
	return false
}

func (o *importResult) add(env *Env, x csvio.Problem) {
	field := ""
	if x.Field != csvio.Unknown {
		field = x.Field.Say(env.Lang)
	}
	o.Remarks = append(o.Remarks, importedRemark{x.Sheet, x.Row, field, string(x.Level), x.Key, x.Say(env.Lang)})
}

// print tells what was understood, then row by row what was not.
func (o *importResult) print(env *Env, p *importing.Plan) {
	summary := csvio.Summary{}
	if p.Clients != nil {
		summary = p.Clients.Summary
	} else {
		summary = p.List.Summary
	}
	fmt.Fprintln(env.Out, o.File+" → "+o.Service)
	for _, line := range summary.Lines(env.Lang) {
		fmt.Fprintln(env.Out, "  "+line)
	}
	for _, w := range o.Workers {
		if w.Worker == "" {
			w.Worker = env.Lang.T("importing.cli.default_worker")
		}
		fmt.Fprintf(env.Out, "  %s → %s\n", w.Name, w.Worker)
	}
	for _, m := range o.Matched {
		if m.Client == "" {
			m.Is = env.Lang.T("import.names_skip")
		}
		if m.Remembered {
			m.Is += " (" + env.Lang.T("import.remembered") + ")"
		}
		fmt.Fprintf(env.Out, "  %s → %s\n", m.Name, m.Is)
	}
	if len(o.Unknown) > 0 {
		fmt.Fprintln(env.Out, env.Lang.T("importing.cli.unknown", "names", strings.Join(o.Unknown, ", ")))
	}
	for _, r := range o.Remarks {
		fmt.Fprintln(env.Out, "  "+r.where(env)+r.Text)
	}
	if o.Filled > 0 {
		fmt.Fprintln(env.Out, env.Lang.N("importing.cli.fills", o.Filled))
	}
	fmt.Fprintln(env.Out, env.Lang.T("importing.cli.plan", "added", o.Added, "joined", o.Joined, "already", o.Already, "twins", o.Twins, "left", o.Left+o.Chosen, "open", o.Open))
}

func (r importedRemark) where(env *Env) string {
	if r.Row == 0 {
		return ""
	}
	text := env.Lang.T("importing.cli.row", "row", r.Row)
	if r.Sheet != "" {
		text = r.Sheet + ", " + text
	}
	if r.Field != "" {
		text += ", " + r.Field
	}
	return text + ": "
}

// confirmed asks on the terminal; only a yes is one.
func confirmed(env *Env, question string) bool {
	fmt.Fprint(env.Err, question+" ["+env.Lang.T("importing.cli.yes")+"/"+env.Lang.T("importing.cli.no")+"] ")
	line, err := bufio.NewReader(env.In).ReadString('\n')
	if err != nil && line == "" {
		return false
	}
	answer := strings.ToLower(strings.TrimSpace(line))
	return answer == "y" || strings.HasPrefix(answer, strings.ToLower(env.Lang.T("importing.cli.yes")))
}

// spelled finds the joint name of a spelling of the list.
func spelled(workers []csvio.Worker, spelling string) (string, bool) {
	for _, w := range workers {
		for _, s := range append([]string{w.Name}, w.Spellings...) {
			if strings.EqualFold(strings.TrimSpace(spelling), s) {
				return w.Name, true
			}
		}
	}
	return "", false
}

func namesOf(workers []csvio.Worker) string {
	var names []string
	for _, w := range workers {
		names = append(names, w.Name)
	}
	return strings.Join(names, ", ")
}
