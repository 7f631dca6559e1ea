package vault

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"polku/internal/fault"
)

// Folder is a place on a disk. Its files stand in 256 folders by the beginning of their names.
type Folder struct {
	dir string
	put func(name string) // told after each Put; nil: nobody
}

// NewFolder gives the place in a folder, which is made when the first file comes.
func NewFolder(dir string) *Folder { return &Folder{dir: dir} }

// Dir is where the files stand.
func (f *Folder) Dir() string { return f.dir }

// Tell lets fn know of every file that is put from now on: for whoever copies them elsewhere. Before the first Put.
func (f *Folder) Tell(fn func(name string)) { f.put = fn }

func (f *Folder) path(name string) string { return filepath.Join(f.dir, name[:2], name) }

func badName(name string) error {
	if Name(name) {
		return nil
	}
	return fault.E(fault.Internal, "file.bad_name", nil)
}

func failed(key string, err error) error {
	return &fault.Error{Kind: fault.Unavailable, Key: key, Cause: err}
}

// Put writes beside, syncs, moves into place and syncs the folder: after it nothing short of a broken disk loses the file.
func (f *Folder) Put(name string, sealed []byte) error {
	if err := badName(name); err != nil {
		return err
	}
	if err := f.write(name, sealed); err != nil {
		return failed("file.not_written", err)
	}
	if f.put != nil {
		f.put(name)
	}
	return nil
}

func (f *Folder) write(name string, sealed []byte) error {
	at := f.path(name)
	dir := filepath.Dir(at)
	if _, err := os.Stat(dir); err != nil {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
		if err := errors.Join(syncDir(f.dir), syncDir(filepath.Dir(f.dir))); err != nil {
			return err
		}
	}
	beside, err := os.CreateTemp(dir, ".new-")
	if err != nil {
		return err
	}
	_, err = beside.Write(sealed)
	if err == nil {
		err = beside.Sync()
	}
	err = errors.Join(err, beside.Close())
	if err == nil {
		err = os.Rename(beside.Name(), at)
	}
	if err != nil {
		return errors.Join(err, os.Remove(beside.Name()))
	}
	return syncDir(dir)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Get reads a file.
func (f *Folder) Get(name string) ([]byte, error) {
	if err := badName(name); err != nil {
		return nil, err
	}
	data, err := os.ReadFile(f.path(name))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fault.E(fault.NotFound, "file.missing", nil)
	case err != nil:
		return nil, failed("file.not_read", err)
	}
	return data, nil
}

// Delete removes a file.
func (f *Folder) Delete(name string) error {
	if err := badName(name); err != nil {
		return err
	}
	if err := os.Remove(f.path(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return failed("file.not_written", err)
	}
	return nil
}

// Each gives every file. What a broken-off Put left behind is passed over.
func (f *Folder) Each(fn func(Held) error) error {
	err := filepath.WalkDir(f.dir, func(at string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // no file has come yet, or this one went meanwhile
		}
		if err != nil {
			return failed("file.not_read", err)
		}
		if d.IsDir() || !Name(d.Name()) {
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return nil // it went meanwhile
		}
		return fn(Held{d.Name(), info.Size(), info.ModTime()})
	})
	return err
}
