package cli

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"sort"
	"strconv"
	"strings"

	"polku/internal/actor"
	"polku/internal/approval"
	"polku/internal/audit"
	"polku/internal/db"
	"polku/internal/extract"
	"polku/internal/fault"
	"polku/internal/paper"
	"polku/internal/unit"
)

// ExportCmd holds the commands that write data out.
type ExportCmd struct {
	Client  ExportClientCmd  `cmd:""`
	Clients ExportClientsCmd `cmd:""`
}

// outTo is where an export goes: standard output, or a new file that only its owner may read.
type outTo struct {
	Out string `placeholder:"FILE"`
}

// write lets fn write the export, and removes a file that did not come out whole.
func (t outTo) write(env *Env, fn func(w io.Writer) error) error {
	if t.Out == "" {
		return fn(env.Out)
	}
	f, err := os.OpenFile(t.Out, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, os.ErrExist) {
		return fault.E(fault.Invalid, "backup.there", fault.Args{"file": t.Out})
	}
	if err != nil {
		return &fault.Error{Kind: fault.Unavailable, Key: "backup.not_written", Args: fault.Args{"file": t.Out}, Cause: err}
	}
	err = errors.Join(fn(f), f.Close())
	if err != nil {
		err = errors.Join(err, os.Remove(t.Out))
	}
	return err
}

// ExportClientCmd writes everything that is kept of one client in one register.
type ExportClientCmd struct {
	Database  `embed:""`
	outTo     `embed:""`
	Format    string `enum:"json,csv,pdf" default:"json"`
	ID        string `arg:"" name:"client"`
	ForClient bool   `name:"for-client"`
}

// Run writes the extract and notes in the use log that it was taken. Under a safety ban the address, place and
// contact data are masked, unless the extract is for the client themselves (--for-client).
func (c *ExportClientCmd) Run(ctx context.Context, env *Env) error {
	return c.with(ctx, func(o *opened) error {
		x, err := c.read(ctx, o)
		if err != nil {
			return err
		}
		return c.write(env, func(w io.Writer) error {
			switch c.Format {
			case "csv":
				return extractCSV(w, x)
			case "pdf":
				return extractPDF(ctx, w, env, o, x)
			}
			return printJSON(&Env{Out: w}, x)
		})
	})
}

// ExportClientsCmd writes the clients of a service, a row each: what two people must agree on.
type ExportClientsCmd struct {
	Database `embed:""`
	outTo    `embed:""`
	Format   string `enum:"json,csv" default:"json"`
	Service  string `required:""`
	Why      string
	Approval string `placeholder:"ID"`
}

// clientColumns of the list, in order. Those after "municipality" stand empty under a safety ban.
var clientColumns = []string{"client", "path", "last_name", "first_name", "born", "lang", "number", "safety_ban", "status", "phase", "responsible",
	"next_step", "next_step_by", "municipality", "address", "phone", "email"}

const masked = 13 // index of the first column that a safety ban hides

// Run asks for another person's agreement, and with it (--approval) writes the list. A CSV ends with a line that says by
// whose agreement it left. Clients whose processing is restricted are left out.
func (c *ExportClientsCmd) Run(ctx context.Context, env *Env) error {
	return c.with(ctx, func(o *opened) error {
		var rows [][]any
		var asked approval.Request
		err := o.DB.Update(ctx, who(actor.Admin, "export clients"), func(tx *db.Tx) error {
			s, err := serviceNamed(tx, c.Service)
			if err != nil {
				return err
			}
			if rows, err = clientsOf(tx, s.ID); err != nil {
				return err
			}
			what := `{"service":"` + s.ID + `"}`
			if c.Approval == "" {
				asked, err = approval.Ask(tx, approval.Request{Kind: approval.Export, Register: s.Register, What: what, Amount: len(rows), Why: c.Why})
				return err
			}
			used, err := approval.Use(tx, c.Approval, approval.Export, false)
			if err == nil && used.What != what {
				err = fault.E(fault.Denied, "approval.other", nil)
			}
			if err != nil {
				return err
			}
			for _, row := range rows {
				tx.Saw(row[0].(string))
			}
			return audit.Command(tx, "", "export clients, rows "+strconv.Itoa(len(rows)))
		})
		if err != nil {
			return err
		}
		if c.Approval == "" {
			printAsked(env, asked)
			return nil
		}
		return c.write(env, func(w io.Writer) error {
			if c.Format == "csv" {
				mark := make([]any, len(clientColumns))
				mark[0] = env.Lang.N("approval.mark", len(rows), "id", c.Approval, "who", osUser(), "at", o.DB.Now().In(o.DB.Zone).Format("2006-01-02 15:04"))
				return writeCSV(w, clientColumns, append(rows, mark))
			}
			all := make([]map[string]any, len(rows))
			for i, row := range rows {
				all[i] = map[string]any{}
				for j, name := range clientColumns {
					all[i][name] = row[j]
				}
			}
			return printJSON(&Env{Out: w}, all)
		})
	})
}

func clientsOf(tx *db.Tx, service string) ([][]any, error) {
	var rows [][]any
	err := tx.Each(`select c.client_id, s.path_id, c.last_name, c.first_name, c.born, c.lang, c.number, c.safety_ban, s.status, s.phase,
		coalesce(w.name, ''), s.step_what, s.step_by, c.municipality, c.address, c.phone, c.email
		from standing s join client c on c.tenant_id = s.tenant_id and c.client_id = s.client_id
		left join worker w on w.tenant_id = s.tenant_id and w.worker_id = s.responsible
		where s.tenant_id = $1 and s.service_id = $2 and not c.restricted order by c.last_name, c.first_name, c.client_id, s.path_id`, []any{tx.Who.Tenant, service},
		func(row func(...any) error) error {
			values, err := extract.Scan(row, []string{"text", "text", "text", "text", "day", "text", "text", "bool", "text", "text", "text", "text", "day", "text", "text", "text", "text"})
			if err != nil {
				return err
			}
			if values[7] == true {
				for i := masked; i < len(values); i++ {
					values[i] = ""
				}
			}
			rows = append(rows, values)
			return nil
		})
	return rows, err
}

// writeCSV writes rows as spreadsheets in Finland open them: UTF-8 with its mark, separated by semicolons. What a
// spreadsheet would take for a formula gets an apostrophe before it.
func writeCSV(w io.Writer, header []string, rows [][]any) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.Comma = ';'
	out.UseCRLF = true
	if err := out.Write(header); err != nil {
		return err
	}
	line := make([]string, len(header))
	for _, row := range rows {
		for i, v := range row {
			line[i] = cell(v)
		}
		if err := out.Write(line); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func cell(v any) string {
	text := ""
	if v != nil {
		text = fmt.Sprint(v)
	}
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) && !phoneLike.MatchString(text) {
		return "'" + text
	}
	return text
}

// phoneLike is a number with its country or a negative figure: no formula, and read back as it stands.
var phoneLike = regexp.MustCompile(`^[+-][0-9 .,]+$`)

// read reads the extract. Given to the client themselves, it leaves a row in the disclosure log first.
func (c *ExportClientCmd) read(ctx context.Context, o *opened) (extract.Extract, error) {
	var x extract.Extract
	read := func(tx *db.Tx) (err error) {
		x, err = extract.Read(tx, o.Keys, c.ID)
		if fault.Is(err, fault.NotFound) {
			return fault.E(fault.NotFound, "cli.no_client", fault.Args{"client": c.ID})
		}
		if err != nil || !c.ForClient {
			return err
		}
		if err := x.Withhold(); err != nil {
			return err
		}
		return audit.Disclose(tx, audit.Disclosure{Client: c.ID, Register: x.Register(), What: extract.What, Purpose: extract.Purpose, Basis: audit.ToClient})
	}
	run := o.DB.View
	if c.ForClient {
		run = o.DB.Update
	}
	err := run(ctx, who(actor.Admin, "export client"), read)
	if err == nil {
		x.Tables["use_log"], err = extract.UseLog(ctx, o.Log, Tenant, c.ID)
	}
	if err == nil && x.Banned() && !c.ForClient {
		x.Mask()
	}
	return x, err
}

// extractCSV writes an extract in the long form: table, row, column, value.
func extractCSV(w io.Writer, x extract.Extract) error {
	var rows [][]any
	for _, table := range extract.Tables() {
		for i, row := range x.Tables[table] {
			names := make([]string, 0, len(row))
			for name := range row {
				names = append(names, name)
			}
			sort.Strings(names)
			for _, name := range names {
				rows = append(rows, []any{table, i + 1, name, extract.Flat(row[name])})
			}
		}
	}
	return writeCSV(w, []string{"table", "row", "column", "value"}, rows)
}

// extractPDF writes an extract as a document in the language of the command.
func extractPDF(ctx context.Context, w io.Writer, env *Env, o *opened, x extract.Extract) error {
	n := paper.Names{Models: o.Book.Models, Zone: o.DB.Zone, At: o.DB.Now()}
	err := o.view(ctx, "export client", func(tx *db.Tx) (err error) {
		if n.Workers, err = unit.Names(tx); err != nil {
			return err
		}
		if n.Services, err = unit.ServiceNames(tx); err != nil {
			return err
		}
		registers, err := unit.Registers(tx)
		for _, r := range registers {
			if r.ID == x.Register() {
				n.Register, n.Controller = r.Name, r.Controller
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	return paper.Extract(w, env.Lang, x, n)
}
