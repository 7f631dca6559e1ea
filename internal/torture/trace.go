package torture

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"polku/internal/fault"
)

// strace is Debian's package of the same name: it writes down, or spoils, the calls that a program makes of the system.
const strace = "strace"

// mustTrace says what is missing when a fault needs strace and the machine has none.
func mustTrace() error {
	if _, err := exec.LookPath(strace); err != nil {
		return fault.E(fault.Unavailable, "torture.no_strace", nil)
	}
	return nil
}

// traceMost is how much of a text strace writes down; a page of the database and its frame fit.
const traceMost = 8192

// tracing gives the words before a program whose writes to files and answers on the wire are written down in file. -DD: the
// program is our child and strace stands beside it, so that signals reach the program alone.
func tracing(file string) []string {
	return []string{strace, "-DD", "-f", "--seccomp-bpf", "-q", "-xx", "-s", strconv.Itoa(traceMost), "-o", file,
		"-e", "trace=open,openat,close,write,pwrite64,fsync,fdatasync,ftruncate,rename,renameat,renameat2,unlink,unlinkat", "-e", "signal=none"}
}

// eventKind is what a line of a trace means for what is on the disk, or was told to somebody.
type eventKind int

const (
	named eventKind = iota // a name may have come into being
	wrote
	cut
	syncBegan
	syncEnded
	renamed
	unlinked
	saidSaved // an answer that tells a worker that an entry is saved
	saidPage  // a page with a client's data
)

// event is one step of the program as far as a power cut is concerned. Writes count when the call has ended, answers when it
// has begun: the strictest reading of both.
type event struct {
	kind   eventKind
	path   string // of the file or, for a sync, the folder
	to     string // renamed: the new name
	offset int64
	size   int64 // cut
	data   []byte
	call   int    // syncs: which two belong together
	id     string // saidSaved: the entry
}

// call is a line of the trace, put together when it was interrupted by others.
type call struct{ name, args, result string }

var (
	lineForm    = regexp.MustCompile(`^(\d+) +(\w+)\((.*)$`)
	resultForm  = regexp.MustCompile(`\) += `)
	resumedForm = regexp.MustCompile(`^(\d+) +<\.\.\. (\w+) resumed>(.*)$`)
)

// unfinished ends a line whose call others got into.
const unfinished = " <unfinished ...>"

// readTrace gives the events of a trace that concern the folder dir, in their order.
func readTrace(from io.Reader, dir string) ([]event, error) {
	r := reader{dir: dir, fds: map[string]string{}, begun: map[string]string{}, syncs: map[string]int{}}
	lines := bufio.NewReaderSize(from, 1<<20)
	for {
		text, err := lines.ReadString('\n')
		if err == io.EOF {
			return r.events, nil
		}
		if err != nil {
			return nil, fault.Wrap(err, "torture.trace")
		}
		if err := r.line(strings.TrimSuffix(text, "\n")); err != nil {
			return nil, err
		}
	}
}

// reader turns lines into events.
type reader struct {
	dir    string
	fds    map[string]string // open files of the folder, by their number: the path
	begun  map[string]string // thread: the beginning of its interrupted call
	syncs  map[string]int    // thread: the sync under way
	count  int
	events []event
}

func (r *reader) line(text string) error {
	if m := resumedForm.FindStringSubmatch(text); m != nil {
		begun := r.begun[m[1]]
		delete(r.begun, m[1])
		return r.ended(m[1], m[2], begun+m[3])
	}
	m := lineForm.FindStringSubmatch(text)
	if m == nil {
		return nil // a signal, an exit
	}
	if err := r.began(m[1], m[2], m[3]); err != nil {
		return err
	}
	if args, cut := strings.CutSuffix(m[3], unfinished); cut {
		r.begun[m[1]] = args
		return nil
	}
	return r.ended(m[1], m[2], m[3])
}

// began notes what counts from the beginning of a call.
func (r *reader) began(thread, name, rest string) error {
	fd, args, _ := strings.Cut(rest, ",")
	switch name {
	case "fsync", "fdatasync":
		fd, _, _ = strings.Cut(strings.TrimSuffix(fd, unfinished), ")")
		if path, ours := r.fds[fd]; ours {
			r.count++
			r.syncs[thread] = r.count
			r.add(event{kind: syncBegan, path: path, call: r.count})
		}
	case "write":
		if _, ours := r.fds[fd]; !ours {
			data, _, err := text(args)
			if err != nil {
				return err
			}
			r.answer(data)
		}
	}
	return nil
}

// answer notes an answer to a worker.
func (r *reader) answer(data []byte) {
	switch {
	case bytes.HasPrefix(data, []byte("HTTP/1.1 303")):
		_, rest, found := bytes.Cut(data, []byte("Set-Cookie: flash="))
		if !found {
			return
		}
		value, _, _ := bytes.Cut(rest, []byte(";"))
		said, err := base64.RawURLEncoding.DecodeString(string(value))
		var flash struct {
			Entry string `json:"e"`
		}
		if err == nil && json.Unmarshal(said, &flash) == nil && flash.Entry != "" {
			r.add(event{kind: saidSaved, id: flash.Entry})
		}
	case bytes.HasPrefix(data, []byte("HTTP/1.1 200")) && bytes.Contains(data, []byte("text/html")):
		r.add(event{kind: saidPage})
	}
}

// ended notes what a call has done.
func (r *reader) ended(thread, name, rest string) error {
	ends := resultForm.FindAllStringIndex(rest, -1)
	if len(ends) == 0 {
		return nil
	}
	end := ends[len(ends)-1]
	args, result := rest[:end[0]], strings.Fields(rest[end[1]:])
	if len(result) == 0 || result[0] == "-1" || result[0] == "?" {
		delete(r.syncs, thread)
		return nil
	}
	fd, more, _ := strings.Cut(args, ",")
	path, ours := r.fds[fd]
	switch name {
	case "open", "openat":
		if name == "open" {
			more = args
		}
		data, _, err := text(more)
		if err != nil {
			return err
		}
		if file := string(data); r.concerns(file) {
			r.fds[result[0]] = file
			r.add(event{kind: named, path: file})
		} else {
			delete(r.fds, result[0])
		}
	case "close":
		delete(r.fds, fd)
	case "pwrite64", "write":
		if !ours {
			return nil
		}
		data, after, err := text(more)
		if err != nil {
			return err
		}
		n, err := strconv.Atoi(result[0])
		if err != nil || n > len(data) || name == "write" {
			return fault.E(fault.Internal, "torture.bad_trace", fault.Args{"call": name + " of " + filepath.Base(path)})
		}
		fields := strings.Split(after, ",")
		offset, err := strconv.ParseInt(strings.TrimSpace(fields[len(fields)-1]), 10, 64)
		if err != nil {
			return fault.Wrap(err, "torture.trace")
		}
		r.add(event{kind: wrote, path: path, offset: offset, data: data[:n]})
	case "ftruncate":
		if !ours {
			return nil
		}
		size, err := strconv.ParseInt(strings.TrimSpace(more), 10, 64)
		if err != nil {
			return fault.Wrap(err, "torture.trace")
		}
		r.add(event{kind: cut, path: path, size: size})
	case "fsync", "fdatasync":
		if began, there := r.syncs[thread]; there {
			delete(r.syncs, thread)
			r.add(event{kind: syncEnded, path: path, call: began})
		}
	case "rename", "renameat", "renameat2", "unlink", "unlinkat":
		return r.moved(name, args)
	}
	return nil
}

// moved notes a rename or the end of a name.
func (r *reader) moved(name, args string) error {
	var names []string
	for rest := args; strings.Contains(rest, `"`); {
		data, after, err := text(rest)
		if err != nil {
			return err
		}
		names = append(names, string(data))
		rest = after
	}
	switch {
	case len(names) == 0 || !r.concerns(names[0]):
	case strings.HasPrefix(name, "rename") && len(names) == 2:
		r.add(event{kind: renamed, path: names[0], to: names[1]})
	default:
		r.add(event{kind: unlinked, path: names[0]})
	}
	return nil
}

func (r *reader) add(e event) { r.events = append(r.events, e) }

// concerns tells whether a path is of the folder. The shared-memory index holds nothing that outlives a start.
func (r *reader) concerns(path string) bool {
	return (path == r.dir || strings.HasPrefix(path, r.dir+"/")) && !strings.HasSuffix(path, "-shm")
}

// text reads the first quoted text of some arguments, all of it in hex ("\x2f\x74"), and gives what follows it.
func text(args string) (data []byte, after string, err error) {
	_, rest, found := strings.Cut(args, `"`)
	coded, after, closed := strings.Cut(rest, `"`)
	if !found || !closed {
		return nil, "", fault.E(fault.Internal, "torture.bad_trace", fault.Args{"call": fmt.Sprintf("%.40q", args)})
	}
	data, err = hex.DecodeString(strings.ReplaceAll(coded, `\x`, ""))
	return data, after, fault.Wrap(err, "torture.trace")
}

// traced runs a function beside the reading of what strace writes into a pipe, and gives the events.
func traced(ctx context.Context, file, dir string, run func() error) ([]event, error) {
	type answer struct {
		events []event
		err    error
	}
	done := make(chan answer, 1)
	pipe, err := openPipe(file)
	if err != nil {
		return nil, err
	}
	defer pipe.Close()
	go func() {
		events, err := readTrace(pipe, dir)
		io.Copy(io.Discard, pipe) // a reader who has left must not hold the program up
		done <- answer{events, err}
	}()
	if err := run(); err != nil {
		return nil, err
	}
	select {
	case a := <-done:
		return a.events, a.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
