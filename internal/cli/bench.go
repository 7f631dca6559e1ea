package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/pprof"
	"slices"
	"strings"
	"time"

	"polku/internal/audit"
	"polku/internal/bench"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/login"
	"polku/internal/schema"
	"polku/internal/seal"
	"polku/internal/unit"
	"polku/internal/web"
)

// BenchCmd measures the speed of the program on a made-up data set, on SQLite, PostgreSQL or both, with a server that
// is a process of its own.
type BenchCmd struct {
	Clients  int      `default:"100000"`
	Seed     uint64   `default:"1"`
	DB       string   `name:"db" placeholder:"DIR|postgres://..."`
	Postgres string   `placeholder:"postgres://..."`
	Rows     []string `placeholder:"timeline,client,..."`
	Seconds  float64  `default:"5"`
	Format   string   `enum:"text,json" default:"text"`
	Profile  string   `placeholder:"FILE"`

	Server bool `hidden:""` // this process is the server that the other one measures
}

// benchReport is what bench prints as JSON; its form is part of the documented interface.
type benchReport struct {
	Day     string         `json:"day"`
	Command string         `json:"command"`
	Machine bench.Machine  `json:"machine"`
	Reports []bench.Report `json:"databases"`
}

// Run makes the data set where it is not there yet, and measures.
func (c *BenchCmd) Run(ctx context.Context, env *Env) error {
	if c.Server {
		return c.serve(ctx, env)
	}
	for _, row := range c.Rows {
		if !slices.Contains(bench.RowNames(), row) {
			return fault.E(fault.Invalid, "bench.no_row", fault.Args{"row": row, "rows": strings.Join(bench.RowNames(), ", ")})
		}
	}
	if c.Clients < bench.LeastClients || c.Seconds <= 0 {
		return fault.E(fault.Invalid, "bench.too_small", fault.Args{"least": bench.LeastClients})
	}
	out := benchReport{Day: time.Now().Format("2006-01-02"), Command: "polku " + strings.Join(os.Args[1:], " "), Machine: bench.ThisMachine()}
	targets, err := c.targets()
	if err != nil {
		return err
	}
	for _, target := range targets {
		r, err := c.measure(ctx, env, target)
		if err != nil {
			return err
		}
		out.Reports = append(out.Reports, r)
	}
	if c.Format == "json" {
		return printJSON(env, out)
	}
	printBench(env, out)
	return nil
}

// targets are the databases: --db, else a folder of our own in the cache; and --postgres.
func (c *BenchCmd) targets() ([]string, error) {
	first := c.DB
	if first == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return nil, &fault.Error{Kind: fault.Unavailable, Key: "cli.no_cache", Cause: err}
		}
		first = filepath.Join(cache, "polku-bench", fmt.Sprintf("%d-%d", c.Clients, c.Seed))
	}
	if c.Postgres == "" {
		return []string{first}, nil
	}
	return []string{first, c.Postgres}, nil
}

// measure measures on one database.
func (c *BenchCmd) measure(ctx context.Context, env *Env, target string) (bench.Report, error) {
	p := newProgress(env, "bench.step.fill")
	defer p.end()
	o := bench.Options{Clients: c.Clients, Seed: c.Seed, Rows: c.Rows, Time: time.Duration(c.Seconds * float64(time.Second)),
		Progress: func(step string, done, total int) {
			if key := "bench.step." + step; p.key != key {
				p.end()
				p = newProgress(env, key)
			}
			p.step(done, total)
		}}
	opened, err := openBench(ctx, target)
	if err != nil {
		return bench.Report{}, err
	}
	data := &bench.Data{DB: opened.DB, Keys: opened.Keys, Book: opened.Book}
	r, passwords, err := bench.Inside(ctx, data, o)
	what := data.Targets(o)
	if err = errors.Join(err, opened.Close()); err != nil || len(passwords) == 0 {
		return r, err
	}
	server, err := c.startServer(ctx, env, target)
	if err != nil {
		return r, err
	}
	pid := server.cmd.Process.Pid
	if err = bench.Pages(ctx, &r, what, server.address, pid, passwords, o); err == nil {
		if opened, err = openBench(ctx, target); err == nil {
			data := &bench.Data{DB: opened.DB, Keys: opened.Keys, Book: opened.Book}
			err = errors.Join(bench.Beside(ctx, data, &r, what, server.address, passwords, o), opened.Close())
		}
		bench.Memory(&r, pid, o)
	}
	return r, errors.Join(err, server.stop())
}

// openBench opens a database with the models of the data set.
func openBench(ctx context.Context, target string) (*opened, error) {
	book, err := bench.Book()
	if err != nil {
		return nil, err
	}
	o := &opened{Book: book}
	if o.DB, err = db.Open(ctx, target); err != nil {
		return nil, err
	}
	if _, err = schema.Migrate(ctx, o.DB); err == nil {
		o.DB.Standing = unit.Standing
		o.Log, err = audit.Open(ctx, o.DB)
	}
	if err == nil {
		o.Keys, err = seal.LoadOrMake(benchKeys(target))
	}
	if err != nil {
		return nil, errors.Join(err, o.Close())
	}
	return o, nil
}

// benchKeys is the folder of the made-up people's keys.
func benchKeys(target string) string {
	if db.IsPostgres(target) {
		return filepath.Join(os.TempDir(), "polku-bench-keys")
	}
	return filepath.Join(target, "keys")
}

// benchServer is the process that answers.
type benchServer struct {
	cmd     *exec.Cmd
	stdin   io.Closer
	address string
}

// startServer starts this program once more, as the server. It ends when its input is closed, so it never outlives us.
func (c *BenchCmd) startServer(ctx context.Context, env *Env, target string) (*benchServer, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, fault.Wrap(err, "cli.program")
	}
	s := &benchServer{cmd: exec.CommandContext(ctx, program, "bench", "--server", "--db="+target, "--profile="+c.Profile)}
	s.cmd.Stderr = env.Err
	s.cmd.Env = append(os.Environ(), "POLKU_LANG=en")
	in, err := s.cmd.StdinPipe()
	if err != nil {
		return nil, fault.Wrap(err, "bench.start")
	}
	s.stdin = in
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, fault.Wrap(err, "bench.start")
	}
	if err := s.cmd.Start(); err != nil {
		return nil, fault.Wrap(err, "bench.start")
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if _, at, found := strings.Cut(lines.Text(), "http://"); found {
			s.address = strings.TrimSuffix(at, "/")
			go io.Copy(io.Discard, out)
			return s, nil
		}
	}
	return nil, errors.Join(fault.E(fault.Unavailable, "bench.no_answer", nil), s.stop())
}

// stop asks the server to end, and waits.
func (s *benchServer) stop() error {
	s.stdin.Close()
	return fault.Wrap(s.cmd.Wait(), "bench.server")
}

// serve is the server: polku serve with the models of the data set, until our input is closed.
func (c *BenchCmd) serve(ctx context.Context, env *Env) error {
	o, err := openBench(ctx, c.DB)
	if err != nil {
		return err
	}
	defer o.Close()
	if c.Profile != "" {
		f, err := os.Create(c.Profile)
		if err != nil {
			return &fault.Error{Kind: fault.Unavailable, Key: "bench.start", Cause: err}
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return fault.Wrap(err, "bench.start")
		}
		defer pprof.StopCPUProfile()
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go func() {
		io.Copy(io.Discard, env.In)
		stop()
	}()
	quiet := *env
	quiet.Err = io.Discard
	s := ServeCmd{Listen: "127.0.0.1:0", LogAs: "text"}
	return s.serve(ctx, &quiet, o, &url.URL{}, web.Config{Login: login.New(o.DB, bench.Tenant)})
}
