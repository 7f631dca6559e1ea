package torture

import (
	"bytes"
	"context"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"polku/internal/audit"
	"polku/internal/backup"
	"polku/internal/db"
	"polku/internal/fault"
)

// The places where a bit is flipped. placeDatabase and placeLog take any bit of the file; not every table has commitments,
// so what is missed there is told and does not fail the run: see doc/reliability.md.
const (
	placeEntries  = "entries"  // a bit of what somebody wrote into an entry
	placeDatabase = "database" // any bit of the database
	placeWAL      = "wal"      // any bit of the write-ahead log that a killed program left
	placeLog      = "uselog"   // any bit of the use log
	placeBackup   = "backup"   // any bit of a backup file
)

// covered are the places where nothing may be missed.
var covered = map[string]bool{placeEntries: true, placeBackup: true}

// flipper has what the flips begin from: folders as a program left them, and a backup.
type flipper struct {
	o       Options
	w       *world
	cookies []*http.Cookie
	random  *rand.Rand
	closed  string                    // folder of a program that ended well: no write-ahead log
	killed  string                    // folder of a killed program, with its write-ahead log
	file    string                    // backup
	whole   map[string]backup.Content // what both files hold
}

// bitflip flips one bit at a time and counts whether anything said so.
func bitflip(ctx context.Context, o Options, r *Report) error {
	f := &flipper{o: o, random: rand.New(rand.NewPCG(o.Seed, 5))}
	if err := f.prepare(ctx, r); err != nil {
		return err
	}
	places := []*Place{{Name: placeEntries}, {Name: placeDatabase}, {Name: placeWAL}, {Name: placeLog}, {Name: placeBackup}}
	for round := range o.Rounds {
		p := places[round%len(places)]
		if err := f.flip(ctx, p); err != nil {
			return err
		}
		r.Rounds++
		o.Progress(r.Rounds, o.Rounds)
	}
	for _, p := range places {
		r.Places = append(r.Places, *p)
	}
	return nil
}

// prepare lets the workers work and keeps what a clean end, a kill and a backup leave.
func (f *flipper) prepare(ctx context.Context, r *Report) error {
	var err error
	if f.w, f.cookies, err = worldSignedIn(ctx, f.o); err != nil {
		return err
	}
	if f.killed, err = f.w.fresh("killed"); err != nil {
		return err
	}
	s, err := start(ctx, f.o, f.killed, nil)
	if err != nil {
		return err
	}
	l := newLedger()
	under(ctx, s, f.w, f.cookies, f.o, 1, l, 4*time.Second, s.kill)
	if f.closed, err = copyTo(f.killed, filepath.Join(f.o.Dir, "closed")); err != nil {
		return err
	}
	found, err := look(ctx, f.closed, f.o, proofOf(f.o)) // opening and closing it moves the log into the file
	if err != nil {
		return err
	}
	l.count(r, found)
	f.file = filepath.Join(f.o.Dir, "whole.backup")
	at, err := open(ctx, f.closed)
	if err != nil {
		return err
	}
	_, err = backup.Make(ctx, at.d, at.log, nil, f.closed, f.file)
	if closed := at.close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	f.whole, err = contentsOf(ctx, f.closed)
	return err
}

// contentsOf gives what both files of a folder hold.
func contentsOf(ctx context.Context, dir string) (map[string]backup.Content, error) {
	all := map[string]backup.Content{}
	for _, file := range []string{db.SQLiteFile, audit.UseLogFile} {
		pool, err := db.OpenSQLiteFile(filepath.Join(dir, file))
		if err != nil {
			return nil, fault.Wrap(err, "torture.content")
		}
		tables, err := backup.Contents(ctx, pool)
		pool.Close()
		if err != nil {
			return nil, err
		}
		for name, c := range tables {
			all[file+" "+name] = c
		}
	}
	return all, nil
}

// flip flips one bit in a copy and looks who says so.
func (f *flipper) flip(ctx context.Context, p *Place) error {
	p.Flips++
	if p.Name == placeBackup {
		return f.flipBackup(p)
	}
	from := f.closed
	if p.Name == placeWAL {
		from = f.killed
	}
	dir, err := copyTo(from, filepath.Join(f.o.Dir, "flipped"))
	if err != nil {
		return err
	}
	file := map[string]string{placeEntries: db.SQLiteFile, placeDatabase: db.SQLiteFile, placeWAL: db.SQLiteFile + "-wal", placeLog: audit.UseLogFile}[p.Name]
	err = f.flipIn(filepath.Join(dir, file), p.Name == placeEntries)
	if err != nil {
		return err
	}
	seen, err := look(ctx, dir, f.o, func(ctx context.Context, at *opened) ([]string, error) {
		wrong, err := proofOf(f.o)(ctx, at)
		if err != nil {
			return wrong, err
		}
		wrong = append(wrong, at.log.Check(ctx)...)
		logs, _, err := at.log.Verify(ctx, tenant, at.keys)
		for _, l := range logs {
			wrong = append(wrong, l.What)
		}
		return wrong, err
	})
	if err != nil {
		return err
	}
	if len(seen.wrong) > 0 {
		p.Found++
		if p.Name != placeEntries {
			return nil
		}
		shown, err := f.shown(ctx, dir)
		if shown {
			p.Shown++
		}
		return err
	}
	now, err := contentsOf(ctx, dir)
	if err == nil && len(backup.Differ(f.whole, now)) == 0 {
		p.Harmless++
	} else {
		p.Missed++
	}
	return nil
}

// flipIn flips a bit of a file: of the text of an entry, or anywhere.
func (f *flipper) flipIn(file string, inText bool) error {
	data, err := os.ReadFile(file)
	if err != nil || len(data) == 0 {
		return fault.Wrap(err, "torture.folder")
	}
	at := f.random.IntN(len(data))
	if inText {
		mark := []byte(`"text":"kestokoe `)
		places := bytes.Count(data, mark)
		if places == 0 {
			return fault.E(fault.Internal, "torture.bad_trace", fault.Args{"call": "no text"})
		}
		at = 0
		for range 1 + f.random.IntN(places) {
			at += bytes.Index(data[at:], mark) + len(mark)
		}
		at += f.random.IntN(36) // in the id that the text carries
	}
	data[at] ^= 1 << f.random.IntN(8)
	return fault.Wrap(os.WriteFile(file, data, 0o600), "torture.folder")
}

// flipBackup flips a bit of the backup file: it must be refused, or hold the same all the same.
func (f *flipper) flipBackup(p *Place) error {
	data, err := os.ReadFile(f.file)
	if err != nil {
		return fault.Wrap(err, "torture.folder")
	}
	data[f.random.IntN(len(data))] ^= 1 << f.random.IntN(8)
	file, dir := filepath.Join(f.o.Dir, "flipped.backup"), filepath.Join(f.o.Dir, "unpacked")
	if err := os.RemoveAll(dir); err != nil {
		return fault.Wrap(err, "torture.folder")
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		return fault.Wrap(err, "torture.folder")
	}
	if err := os.WriteFile(file, data, 0o600); err != nil {
		return fault.Wrap(err, "torture.folder")
	}
	if _, err := backup.Unpack(file, dir); err != nil {
		p.Found++
	} else {
		p.Harmless++ // every part has the hash that the manifest names: a bit of the wrapping that nobody reads
	}
	return nil
}

// shown opens every client's page of a damaged folder in the real program: one sentence must say, in its
// place, that an entry is damaged.
func (f *flipper) shown(ctx context.Context, dir string) (bool, error) {
	s, err := start(ctx, f.o, dir, nil)
	if err != nil {
		return false, err
	}
	defer s.stop()
	said := 0
	for i, id := range f.w.clients {
		p := newWorker(s, f.w, f.cookies[i%workers], i%workers, newLedger(), 1)
		_, body, err := p.do(ctx, http.MethodGet, "/c/"+id+"?all=1", "")
		if err != nil {
			return false, fault.Wrap(err, "torture.page")
		}
		p.client.CloseIdleConnections()
		said += strings.Count(body, damagedWords)
	}
	return said == 1, nil
}

// damagedWords stand where a damaged entry would be.
const damagedWords = "sisältö on vaurioitunut"
