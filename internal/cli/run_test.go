package cli

import (
	"context"
	"database/sql"
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"

	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/demo"
	"polku/internal/fault"
	"polku/internal/file"
	"polku/internal/i18n"
	"polku/internal/polkutest"
	"polku/internal/seal"
	"polku/internal/vault"
)

// polku runs one command line as main does.
func polku(t *testing.T, args ...string) (status int, out, errs string) {
	t.Helper()
	e, o, x := env(i18n.EN)
	status = run(context.Background(), args, e)
	return status, o.String(), x.String()
}

// done runs a command line that must succeed.
func done(t *testing.T, args ...string) string {
	t.Helper()
	status, out, errs := polku(t, args...)
	if status != 0 {
		t.Fatalf("polku %s: status %d\n%s%s", strings.Join(args, " "), status, out, errs)
	}
	return out
}

// refused runs a command line that must not, and gives the one line that says why.
func refused(t *testing.T, want string, args ...string) {
	t.Helper()
	status, _, errs := polku(t, args...)
	if status != 2 || !strings.Contains(errs, want) || strings.Count(errs, "\n") != 1 || strings.Contains(errs, "goroutine") {
		t.Errorf("polku %s: status %d, %q, want %q", strings.Join(args, " "), status, errs, want)
	}
}

// flags gives the --db and --keys of a world's database.
func flags(t *testing.T, w *polkutest.World) []string {
	t.Helper()
	keys := t.TempDir()
	return []string{"--db=" + target(t, w), "--keys=" + keys, "--files=" + t.TempDir()}
}

func target(t *testing.T, w *polkutest.World) string {
	t.Helper()
	if w.DB.Engine == db.SQLite {
		return w.DB.Dir()
	}
	var name string
	must(t, w.DB.Pool().QueryRow("select current_database()").Scan(&name))
	u, err := url.Parse(os.Getenv("POLKU_TEST_POSTGRES"))
	must(t, err)
	u.Path = "/" + name
	return u.String()
}

// life fills a world with a few of the demo's clients, and gives the flags of its database.
func life(t *testing.T, w *polkutest.World) []string {
	t.Helper()
	w.DB.Now = time.Now
	f := flags(t, w)
	keys, err := seal.LoadOrMake(strings.TrimPrefix(f[1], "--keys="))
	must(t, err)
	book, err := Book()
	must(t, err)
	must(t, demo.Make(context.Background(), w.DB, book, keys, demo.Options{Seed: 1, Today: civil.Of(time.Now(), w.DB.Zone), Share: 3,
		Files: &file.Store{Place: vault.NewFolder(strings.TrimPrefix(f[2], "--files=")), Keys: keys}}))
	return f
}

func with(f []string, args ...string) []string { return append(args, f...) }

func TestNewDatabaseIsTakenIntoUse(t *testing.T) {
	polkutest.OnBoth(t, func(t *testing.T, w *polkutest.World) {
		f := flags(t, w)
		done(t, with(f, "setup", "organisation", "Testilä")...)
		refused(t, "There is no unit Talo", with(f, "setup", "service", "Paja", "--unit", "Talo", "--register", "KTT", "--model", shipped(t)[0])...)
		done(t, with(f, "setup", "unit", "Talo")...)
		refused(t, "The name Talo is taken", with(f, "setup", "unit", "Talo")...)
		refused(t, "Kinds: ", with(f, "setup", "register", "R", "--kind", "x", "--controller", "c", "--legal-basis", "l", "--service-task", "s", "--retention", "r")...)
		model := shipped(t)
		done(t, with(f, "setup", "register", "Rekisteri", "--kind", model[1], "--controller", "Testilä", "--legal-basis", "laki", "--service-task", "x", "--retention", "y")...)
		refused(t, "nothing-like-it", with(f, "setup", "service", "Paja", "--unit", "Talo", "--register", "Rekisteri", "--model", "nothing-like-it")...)
		done(t, with(f, "setup", "service", "Paja", "--unit", "talo", "--register", "rekisteri", "--model", model[0])...)

		out := done(t, with(f, "user", "add", "Mia", "--name", "Mia Mallikas")...)
		if !strings.Contains(out, "The one-time password of mia is ") {
			t.Error(out)
		}
		refused(t, "username", with(f, "user", "add", "mia", "--name", "Toinen")...)
		refused(t, "There is no user nobody", with(f, "user", "password", "nobody")...)
		done(t, with(f, "user", "role", "mia", "--unit", "Talo", "--register", "Rekisteri", "--role", "coordinator")...)
		done(t, with(f, "setup", "duty", "Talo", "mia")...)
		var users []userRow
		must(t, json.Unmarshal([]byte(done(t, with(f, "user", "list", "--format", "json")...)), &users))
		if len(users) != 1 || len(users[0].Roles) != 1 || users[0].Roles[0] != (roleRow{"Talo", "Rekisteri", "coordinator"}) {
			t.Errorf("%+v", users)
		}
		if out := done(t, with(f, "user", "password", "MIA")...); !strings.Contains(out, "one-time password") {
			t.Error(out)
		}
		done(t, with(f, "user", "remove", "mia")...)
		if out := done(t, with(f, "user", "list")...); !strings.Contains(out, "no longer in use") {
			t.Error(out)
		}
		if out := done(t, with(f, "setup", "show")...); !strings.Contains(out, "Paja ("+model[0]) {
			t.Error(out)
		}
	})
}

// shipped gives the id and the kind of register of some shipped model.
func shipped(t *testing.T) [2]string {
	t.Helper()
	book, err := Book()
	must(t, err)
	m := book.Models.All()[0]
	return [2]string{m.Model, m.Register}
}

// Both logs tell what was done at the console, and by which user of the machine: no account stands behind it.
func TestLogsTellOfTheConsole(t *testing.T) {
	polkutest.OnBoth(t, func(t *testing.T, w *polkutest.World) {
		f := life(t, w)
		t.Setenv("SUDO_USER", "maija")
		done(t, with(f, "user", "add", "uusi", "--name", "Uusi Tulokas")...)
		done(t, with(f, "setup", "unit", "Uusi talo")...)
		var client string
		must(t, w.DB.Pool().QueryRow(`select client_id from client order by client_id limit 1`).Scan(&client))
		done(t, with(f, "export", "client", client)...)
		for what, log := range map[string]struct {
			pool  *sql.DB
			table string
		}{"user add": {w.DB.Pool(), "command_log"}, "user password": {w.DB.Pool(), "command_log"}, "setup unit": {w.DB.Pool(), "command_log"},
			"export client": {w.Log.Pool(), "use_log"}} {
			var n int
			must(t, log.pool.QueryRow(`select count(*) from `+log.table+` where worker_id = 'system' and screen like 'console maija as %: polku `+what+`'`).Scan(&n))
			if n != 1 {
				t.Errorf("polku %s left %d rows in %s", what, n, log.table)
			}
		}
	})
}

// Whoever answers for clients neither loses sight of them nor leaves without a duty holder who takes over.
func TestUserCommandsKeepThePromise(t *testing.T) {
	polkutest.OnBoth(t, func(t *testing.T, w *polkutest.World) {
		f := life(t, w)
		var username, unitID, register string
		must(t, w.DB.Pool().QueryRow(`select w.username, s.unit_id, s.register_id from standing s join worker w on w.worker_id = s.responsible
			join unit u on u.unit_id = s.unit_id where s.status <> 'closed' and s.responsible <> u.duty_worker order by s.path_id limit 1`).Scan(&username, &unitID, &register))
		refused(t, "still answers for", with(f, "user", "role", username, "--unit", unitID, "--register", register, "--role", "none")...)
		if out := done(t, with(f, "user", "remove", username)...); !strings.Contains(out, "moved to the duty worker") {
			t.Error(out)
		}
		done(t, with(f, "verify")...)
	})
}

func TestCaseloadAsTheWorkerSeesIt(t *testing.T) {
	polkutest.OnBoth(t, func(t *testing.T, w *polkutest.World) {
		f := life(t, w)
		var username string
		var paths int
		must(t, w.DB.Pool().QueryRow(`select w.username, count(distinct s.client_id) from standing s join worker w on w.worker_id = s.responsible
			where s.status <> 'closed' group by w.username order by 2 desc, 1 limit 1`).Scan(&username, &paths))
		var rows []loadRow
		must(t, json.Unmarshal([]byte(done(t, with(f, "caseload", "--worker", username, "--format", "json")...)), &rows))
		if len(rows) < paths {
			t.Errorf("%d lines for %d clients", len(rows), paths)
		}
		out := done(t, with(f, "caseload", "--worker", username, "--today-only")...)
		if !strings.Contains(out, "client") {
			t.Error(out)
		}
		refused(t, "There is no user nobody", with(f, "caseload", "--worker", "nobody")...)
	})
}

func TestUsageAndErrorsAreOneLine(t *testing.T) {
	nowhere := filepath.Join(t.TempDir(), "nowhere")
	refused(t, "See polku --help", "frobnicate")
	refused(t, "See polku --help", "verify")
	refused(t, "There is no database in the folder "+nowhere, "verify", "--db", nowhere)
	refused(t, "There is no database in the folder "+nowhere, "user", "list", "--db", nowhere)
	if _, err := os.Stat(nowhere); err == nil {
		t.Error("a slip of the fingers made a database")
	}
	status, _, errs := polku(t, "verify", "--db", "postgres://anna:hunter2@127.0.0.1:1/x?connect_timeout=1")
	if status != 2 || strings.Contains(errs, "hunter2") || strings.Contains(errs, "anna") {
		t.Errorf("%d %q", status, errs)
	}
}

func TestLanguageIsChosen(t *testing.T) {
	for lang, want := range map[string]string{"fi": "Komentoa ei ymmärretty", "sv": "Kommandot förstods inte", "en": "was not understood"} {
		for _, args := range [][]string{{"--lang", lang, "frobnicate"}, {"frobnicate", "--lang=" + lang}} {
			if _, _, errs := polku(t, args...); !strings.Contains(errs, want) {
				t.Errorf("%v: %q", args, errs)
			}
		}
	}
}

// The words that kong itself says, on help pages and of command lines that it does not understand.
func TestHelpIsInTheLanguageChosen(t *testing.T) {
	english := []string{"Usage", "Flags:", "Arguments:", "Commands:", "<command>", "[flags]", "for more information", "expected", "unknown", "missing", "must be", "did you mean", "but got"}
	for _, args := range [][]string{{}, {"setup", "--help"}, {"user", "add", "--help"}, {"pathway", "evaluate", "--help"},
		{"verify", "--dv"}, {"frobnicate"}, {"usr"}, {"user"}, {"user", "add"}, {"user", "list"}, {"user", "list", "--db=x", "--format=xml"},
		{"user", "add", "mia", "--db=x"}, {"demo", "--seed=many"}, {"demo", "extra"}} {
		for _, lang := range []string{"fi", "sv"} {
			_, out, errs := polku(t, append(args, "--lang", lang)...)
			for _, word := range english {
				if strings.Contains(out+errs, word) {
					t.Errorf("polku %v in %s says %q:\n%s%s", args, lang, word, out, errs)
				}
			}
		}
	}
	if out := done(t, "--lang", "fi", "user", "add", "--help"); !strings.HasPrefix(out, "Käyttö: polku user add ") || !strings.Contains(out, "\nArgumentit:\n") || !strings.Contains(out, "\nValitsimet:\n") {
		t.Error(out)
	}
	if _, _, errs := polku(t, "--lang", "fi", "user", "list", "--db=x", "--format=xml"); !strings.Contains(errs, `--format on "xml", mutta sen on oltava jokin näistä: "text","json"`) {
		t.Error(errs)
	}
}

func TestNewKeysAreNeverMadeForOldData(t *testing.T) {
	w := polkutest.New(t, t.TempDir())
	f := life(t, w)
	must(t, os.Remove(filepath.Join(strings.TrimPrefix(f[1], "--keys="), seal.KeyFile)))
	refused(t, "the keys are not in the folder", with(f, "user", "list")...)
	refused(t, "The key file", with(f, "verify")...)
}

func TestEveryCommandSaysWhatItDoesInEveryLanguage(t *testing.T) {
	for _, lang := range i18n.Langs {
		parser, err := kong.New(&commands{}, kong.Name("polku"), kong.BindTo(context.Background(), (*context.Context)(nil)))
		must(t, err)
		translate(parser.Model.Node, lang)
		var look func(n *kong.Node)
		look = func(n *kong.Node) {
			for _, child := range n.Children {
				key := "cli.help." + strings.ReplaceAll(child.Path(), " ", ".")
				if !child.Hidden && (child.Help == "" || child.Help != lang.T(key)) {
					t.Errorf("%s: polku %s has no help (%s)", lang, child.Path(), key)
				}
				for _, flag := range child.Flags {
					if flag.Help == "" && !flag.Hidden {
						t.Errorf("%s: polku %s --%s has no help", lang, child.Path(), flag.Name)
					}
				}
				for _, arg := range child.Positional {
					if arg.Help == "" {
						t.Errorf("%s: polku %s <%s> has no help", lang, child.Path(), arg.Name)
					}
				}
				look(child)
			}
		}
		look(parser.Model.Node)
	}
	// And no help of a command, flag or argument that is gone.
	parser, err := kong.New(&commands{}, kong.Name("polku"), kong.BindTo(context.Background(), (*context.Context)(nil)))
	must(t, err)
	there := map[string]bool{}
	var note func(n *kong.Node)
	note = func(n *kong.Node) {
		there["cli.help."+dotted(n)] = true
		for _, f := range n.Flags {
			there["cli.flag."+f.Name], there["cli.flag."+dotted(n)+"."+f.Name] = true, true
		}
		for _, a := range n.Positional {
			there["cli.arg."+a.Name], there["cli.arg."+dotted(n)+"."+a.Name] = true, true
		}
		for _, child := range n.Children {
			note(child)
		}
	}
	note(parser.Model.Node)
	for _, key := range i18n.Keys() {
		if (strings.HasPrefix(key, "cli.help.") || strings.HasPrefix(key, "cli.flag.") || strings.HasPrefix(key, "cli.arg.")) && !there[key] {
			t.Errorf("the text %s helps with nothing", key)
		}
	}
}

func TestFaultsAreSaidInWords(t *testing.T) {
	for want, err := range map[string]error{
		"There is no user x. See polku user list.": fault.E(fault.NotFound, "cli.no_user", fault.Args{"user": "x"}),
		"Not allowed (nothing.like_it).":           fault.E(fault.Denied, "nothing.like_it", nil),
		"It did not work: a b":                     errorText("a\nb"),
	} {
		if got := Say(i18n.EN, err); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

type errorText string

func (e errorText) Error() string { return string(e) }

func TestProgressIsDrawnOnATerminalOnly(t *testing.T) {
	e, _, errs := env(i18n.EN)
	newProgress(e, "cli.verifying").step(1, 2)
	if errs.Len() > 0 {
		t.Errorf("drawn into a file: %q", errs)
	}
	e.TTY = true
	p := newProgress(e, "cli.verifying")
	now := p.start
	p.now = func() time.Time { now = now.Add(2 * time.Second); return now }
	p.step(1, 4)
	if got := errs.String(); got != "\r\x1b[KVerifying ██████░░░░░░░░░░░░░░░░░░ 25 % 7 s left" {
		t.Errorf("%q", got)
	}
	errs.Reset()
	p.step(4, 4)
	p.end()
	if got := errs.String(); !strings.Contains(got, "100 %") || !strings.HasSuffix(got, "\r\x1b[K") {
		t.Errorf("%q", got)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
