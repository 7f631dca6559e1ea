package torture

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"polku/internal/fault"
)

// disk is a folder as a disk holds it: for each file what has been synced, and what has not. After a power cut the synced
// part is there; of the rest anything may be.
type disk struct {
	root    string
	names   map[string]*inode // the synced names
	now     map[string]*inode // the names as the program sees them
	pending []*change         // what is not synced, in its order
	syncs   map[int]int       // sync under way: how many changes there were when it began
	done    int               // changes ever
}

// inode is a file whatever its name.
type inode struct{ data []byte }

// change is one write or change of a name that no sync has made lasting yet.
type change struct {
	seq    int
	file   *inode // a write or cut of a file; nil: a change of names
	folder string // a change of names: in which folder
	apply  func(names map[string]*inode)
	write  *event
}

// load takes what is in a folder now as synced.
func loadDisk(root string) (*disk, error) {
	d := &disk{root: root, names: map[string]*inode{}, now: map[string]*inode{}, syncs: map[int]int{}}
	err := filepath.WalkDir(root, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() || strings.HasSuffix(path, "-shm") {
			return err
		}
		data, err := os.ReadFile(path)
		d.names[path] = &inode{data}
		d.now[path] = d.names[path]
		return err
	})
	return d, fault.Wrap(err, "torture.folder")
}

// step takes the next event in.
func (d *disk) step(e *event) {
	switch e.kind {
	case named:
		if d.now[e.path] == nil && !d.isFolder(e.path) {
			file := &inode{}
			d.now[e.path] = file
			d.rename(e.path, func(names map[string]*inode) { names[e.path] = file })
		}
	case wrote, cut:
		if file := d.now[e.path]; file != nil {
			d.add(&change{file: file, write: e})
		}
	case renamed:
		file := d.now[e.path]
		delete(d.now, e.path)
		d.now[e.to] = file
		d.rename(e.to, func(names map[string]*inode) { delete(names, e.path); names[e.to] = file })
	case unlinked:
		delete(d.now, e.path)
		d.rename(e.path, func(names map[string]*inode) { delete(names, e.path) })
	case syncBegan:
		d.syncs[e.call] = d.done
	case syncEnded:
		d.synced(e.path, d.syncs[e.call])
		delete(d.syncs, e.call)
	}
}

// isFolder tells folders from files: only folders are opened that exist on the way to files that we know.
func (d *disk) isFolder(path string) bool {
	if path == d.root {
		return true
	}
	for name := range d.now {
		if strings.HasPrefix(name, path+"/") {
			return true
		}
	}
	return false
}

func (d *disk) add(c *change) {
	d.done++
	c.seq = d.done
	d.pending = append(d.pending, c)
}

func (d *disk) rename(path string, apply func(map[string]*inode)) {
	d.add(&change{folder: filepath.Dir(path), apply: apply})
}

// synced makes lasting what a file or a folder had when its sync began. A file's sync says nothing about its name: the
// standard does not promise it.
func (d *disk) synced(path string, until int) {
	file := d.now[path]
	d.pending = slices.DeleteFunc(d.pending, func(c *change) bool {
		if c.seq > until || c.file != nil && c.file != file || c.file == nil && c.folder != path {
			return false
		}
		if c.file != nil {
			c.file.data = changed(c.file.data, c.write, len(c.write.data))
		} else {
			c.apply(d.names)
		}
		return true
	})
}

// changed gives the content after a write of its first n bytes, or after a cut.
func changed(data []byte, e *event, n int) []byte {
	size := e.size
	if e.kind == wrote {
		size = max(int64(len(data)), e.offset+int64(n))
	}
	for int64(len(data)) < size {
		data = append(data, make([]byte, size-int64(len(data)))...)
	}
	data = data[:size]
	if e.kind == wrote {
		copy(data[e.offset:], e.data[:n])
	}
	return data
}

// variant is what of the unsynced is there after a cut.
type variant int

const (
	nothingMore  variant = iota // only what was synced
	upToSome                    // in order up to some point, as a disk without reordering
	someOfIt                    // any part of it, single sectors of a page too
	variantCount = iota
)

// sector is what a disk writes whole, in bytes.
const sector = 512

// lay writes what a cut at this moment may leave into an empty folder.
func (d *disk) lay(folder string, v variant, random *rand.Rand) error {
	names := map[string]*inode{}
	for name, file := range d.names {
		names[name] = file
	}
	content := map[*inode][]byte{}
	kept := random.IntN(len(d.pending) + 1)
	for i, c := range d.pending {
		switch {
		case v == nothingMore, v == upToSome && i >= kept, v == someOfIt && random.IntN(2) == 0:
		case c.file == nil:
			c.apply(names)
		default:
			n := len(c.write.data)
			if v == someOfIt && n > sector && random.IntN(8) == 0 {
				n = random.IntN(n/sector) * sector
			}
			if _, copied := content[c.file]; !copied {
				content[c.file] = slices.Clone(c.file.data)
			}
			content[c.file] = changed(content[c.file], c.write, n)
		}
	}
	for name, file := range names {
		data, copied := content[file]
		if !copied {
			data = file.data
		}
		relative, err := filepath.Rel(d.root, name)
		if err != nil {
			return fault.Wrap(err, "torture.folder")
		}
		to := filepath.Join(folder, relative)
		if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
			return fault.Wrap(err, "torture.folder")
		}
		if err := os.WriteFile(to, data, 0o600); err != nil {
			return fault.Wrap(err, "torture.folder")
		}
	}
	return nil
}
