package cli

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"polku/internal/actor"
	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/demo"
	"polku/internal/fault"
	"polku/internal/i18n"
	"polku/internal/importing"
	"polku/internal/login"
	"polku/internal/unit"
	"polku/internal/web"
	"polku/internal/web/view"
	"polku/samples"
)

// DemoCmd makes the made-up organisation when it is not there yet, and serves it.
type DemoCmd struct {
	DB       string `name:"db" placeholder:"DIR"`
	Listen   string `default:"127.0.0.1:8080"`
	Seed     uint64 `default:"1"`
	Keep     bool
	MakeOnly bool `name:"make-only"`

	storybook bool
	share     int // per cent of the clients, for tests; 0: all
}

// DevCmd is the demo with the storybook of every view beside it.
type DevCmd struct {
	DemoCmd `embed:""`
}

// Run serves demo and storybook.
func (c *DevCmd) Run(ctx context.Context, env *Env) error {
	c.storybook = true
	return c.DemoCmd.Run(ctx, env)
}

// Run serves the demo until it is asked to stop. It is for this machine only: anybody who reaches it may be anybody.
func (c *DemoCmd) Run(ctx context.Context, env *Env) error {
	if !isLoopback(c.Listen) {
		return fault.E(fault.Invalid, "cli.demo_local", fault.Args{"listen": c.Listen})
	}
	if !c.MakeOnly { // before minutes are spent on making what cannot be served
		l, err := listen(c.Listen)
		if err != nil {
			return err
		}
		if err := l.Close(); err != nil {
			return fault.Wrap(err, "cli.serve")
		}
	}
	dir, err := c.ready(ctx, env)
	if err != nil {
		return err
	}
	if c.MakeOnly {
		_, err := fmt.Fprintln(env.Out, dir)
		return err
	}
	o, err := (Database{DB: dir}).open(ctx)
	if err != nil {
		return err
	}
	defer o.Close()
	people, err := personas(ctx, o)
	if err != nil {
		return err
	}
	signIn := login.New(o.DB, Tenant) // anybody may be anybody: no second factor is asked for, but one can be tried
	signIn.Keys = o.Keys
	s := ServeCmd{Listen: c.Listen, LogAs: "text"}
	s.storybook = c.storybook
	return s.serve(ctx, env, o, &url.URL{}, web.Config{Login: signIn, Demo: true, Personas: people})
}

// handlerWithStories is the face with the storybook at /storybook.
func handlerWithStories(face http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", face)
	mux.Handle("GET /storybook", view.StorybookHandler())
	return mux
}

// markFile tells that a folder is a demo of ours, made when and by which program: nothing else is ever removed.
const markFile = "demo.json"

type mark struct {
	Day     civil.Date `json:"day"`
	Program string     `json:"program"`
	Seed    uint64     `json:"seed"`
}

// ready gives the folder of a demo that ends today and was made by this program, and makes it when there is none.
func (c *DemoCmd) ready(ctx context.Context, env *Env) (string, error) {
	program, err := programHash()
	if err != nil {
		return "", err
	}
	dir := c.DB
	if dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return "", &fault.Error{Kind: fault.Unavailable, Key: "cli.no_cache", Cause: err}
		}
		dir = filepath.Join(cache, "polku-demo", fmt.Sprint(c.Seed))
	}
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		return "", fault.Wrap(err, "db.zone")
	}
	want := mark{Day: civil.Of(time.Now(), zone), Program: program, Seed: c.Seed}
	have, there, err := readMark(dir)
	if err != nil {
		return "", err
	}
	if there && (have == want || c.Keep) {
		return dir, nil
	}
	return dir, c.make(ctx, env, dir, there, want)
}

// readMark tells what demo stands in a folder. A folder with anything else in it is refused.
func readMark(dir string) (m mark, there bool, err error) {
	data, err := os.ReadFile(filepath.Join(dir, markFile))
	if err == nil && json.Unmarshal(data, &m) == nil {
		return m, true, nil
	}
	files, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) || err == nil && len(files) == 0 {
		return m, false, nil
	}
	return m, false, fault.E(fault.Invalid, "cli.not_a_demo", fault.Args{"dir": dir})
}

// make makes the demo aside and moves it into place: half a demo is never served.
func (c *DemoCmd) make(ctx context.Context, env *Env, dir string, there bool, m mark) error {
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		return &fault.Error{Kind: fault.Unavailable, Key: "db.folder", Cause: err}
	}
	aside, err := os.MkdirTemp(filepath.Dir(dir), ".polku-demo-")
	if err != nil {
		return &fault.Error{Kind: fault.Unavailable, Key: "db.folder", Cause: err}
	}
	defer os.RemoveAll(aside) // nothing is there any more once it has been moved
	fmt.Fprintln(env.Err, env.Lang.T("cli.demo_making"))
	if err := fill(ctx, env, aside, m, c.share); err != nil {
		return err
	}
	data, err := json.Marshal(m)
	if err == nil {
		err = os.WriteFile(filepath.Join(aside, markFile), data, 0o600)
	}
	if err == nil && there {
		err = os.RemoveAll(dir)
	}
	if err == nil {
		err = os.Rename(aside, dir)
	}
	return fault.Wrap(err, "cli.demo_place")
}

func fill(ctx context.Context, env *Env, dir string, m mark, share int) (err error) {
	o, err := (Database{DB: dir}).openOrMake(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	p := newProgress(env, "cli.demo_progress")
	defer p.end()
	options := demo.Options{Seed: m.Seed, Today: m.Day, Share: share, Progress: p.step, Files: o.Files}
	if share == 0 {
		options.ImportCohorts = func(ctx context.Context) error {
			im := &importing.Importer{Book: o.Book, Keys: o.Keys}
			// The two published cohorts come in by the ordinary import, at their true dates: the figures that those
			// projects published must come out of Polku's own reports.
			return im.Cohorts(ctx, o.DB, who(actor.Sample, "demo"), []importing.Cohort{
				{File: samples.Rauma, Service: demo.RaumaParty, Attendance: true}, {File: samples.WorkAble, Service: demo.S20058}},
				func(key string) string { return i18n.FI.T(key) }, nil)
		}
	}
	return demo.Make(ctx, o.DB, o.Book, o.Keys, options)
}

// personas gives whom a visitor may be, in the demo's order.
func personas(ctx context.Context, o *opened) ([]web.Persona, error) {
	made, err := demo.Personas()
	if err != nil {
		return nil, err
	}
	var all []web.Persona
	err = o.DB.View(ctx, who(actor.Sample, "demo"), func(tx *db.Tx) error {
		units, _, err := houseNames(tx)
		if err != nil {
			return err
		}
		for _, p := range made {
			w, err := workerNamed(tx, p.Username)
			if err != nil {
				return err
			}
			members, err := unit.Members(tx, w.ID)
			if err != nil {
				return err
			}
			x := web.Persona{Worker: w.ID, Name: w.Name, RoleKey: "user_role." + string(unit.Highest(members)), SeesKey: p.Key}
			if len(members) > 0 {
				x.Unit = units[members[0].Unit]
			} else if w.Admin {
				x.RoleKey = "user_role.admin"
			}
			all = append(all, x)
		}
		return nil
	})
	return all, err
}

// programHash names the program that runs: another one may make another demo.
func programHash() (string, error) {
	name, err := os.Executable()
	if err != nil {
		return "", fault.Wrap(err, "cli.program")
	}
	f, err := os.Open(name)
	if err != nil {
		return "", fault.Wrap(err, "cli.program")
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", fault.Wrap(err, "cli.program")
	}
	return hex.EncodeToString(h.Sum(nil)[:8]), nil
}
