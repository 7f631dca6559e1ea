package ship

import (
	"log/slog"
	"path/filepath"
	"sync"
	"time"

	"polku/internal/vault"
)

// Folders of the shipped files: those that stand, and those that have been deleted since and are kept as long as the
// database's past is.
const (
	filesDir = "files"
	goneDir  = "files-gone"
)

// wholeEvery is how often everything is compared; what is added in between is shipped at once.
const wholeEvery = time.Hour

// files ships the sealed files beside a database.
type files struct {
	from, to, gone *vault.Folder
	log            *slog.Logger
	added          chan string
	stop           chan struct{}
	work           sync.WaitGroup
}

// ShipFiles ships a folder of sealed files too, from now on until Close. Before the first file is put into it.
func (s *Shipper) ShipFiles(from *vault.Folder, to string, log *slog.Logger) {
	f := &files{from: from, to: vault.NewFolder(filepath.Join(to, filesDir)), gone: vault.NewFolder(filepath.Join(to, goneDir)), log: log.With("part", "ship"),
		added: make(chan string, 1000), stop: make(chan struct{})}
	from.Tell(func(name string) {
		select {
		case f.added <- name:
		default: // a flood: the next comparison ships it
		}
	})
	s.files = f
	f.work.Go(f.run)
}

func (f *files) run() {
	tick := time.NewTicker(wholeEvery)
	defer tick.Stop()
	f.said(f.whole())
	for {
		select {
		case name := <-f.added:
			f.said(vault.CopyOne(f.from, f.to, name))
		case <-tick.C:
			f.said(f.whole())
		case <-f.stop:
			for {
				select {
				case name := <-f.added:
					f.said(vault.CopyOne(f.from, f.to, name))
				default:
					return
				}
			}
		}
	}
}

func (f *files) said(err error) {
	if err != nil {
		f.log.Error("files are not shipped, will be tried again", "error", err.Error())
	}
}

// whole ships what is missing, sets aside what has been deleted, and lets go of what was set aside long ago.
func (f *files) whole() error {
	if _, err := vault.Copy(f.from, f.to); err != nil {
		return err
	}
	stand := map[string]bool{}
	if err := f.from.Each(func(h vault.Held) error { stand[h.Name] = true; return nil }); err != nil {
		return err
	}
	if err := f.to.Each(func(h vault.Held) error {
		if stand[h.Name] {
			return nil
		}
		if _, err := f.from.Get(h.Name); err == nil {
			return nil // it came meanwhile
		}
		if err := vault.CopyOne(f.to, f.gone, h.Name); err != nil {
			return err
		}
		return f.to.Delete(h.Name)
	}); err != nil {
		return err
	}
	return f.gone.Each(func(h vault.Held) error {
		if time.Since(h.Changed) < retention {
			return nil
		}
		return f.gone.Delete(h.Name)
	})
}

// close ships what is left and ends.
func (f *files) close() {
	if f != nil {
		close(f.stop)
		f.work.Wait()
	}
}

// restoreFiles brings every shipped file back: those that the database of that moment does not know are collected by the
// night's work.
func restoreFiles(from, dir string) error {
	for _, name := range []string{filesDir, goneDir} {
		if _, err := vault.Copy(vault.NewFolder(filepath.Join(from, name)), vault.NewFolder(filepath.Join(dir, filesDir))); err != nil {
			return err
		}
	}
	return nil
}
