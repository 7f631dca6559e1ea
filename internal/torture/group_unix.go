//go:build unix

package torture

import (
	"io"
	"os"
	"syscall"

	"polku/internal/fault"
)

// ownGroup puts the program, and strace before it, into a process group of their own: both are ended together.
func ownGroup() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

func (s *server) signal(sig syscall.Signal) error { return syscall.Kill(-s.cmd.Process.Pid, sig) }

// openPipe makes a named pipe and opens its reading end; the last writer's end is its end.
func openPipe(file string) (io.ReadCloser, error) {
	os.Remove(file)
	if err := syscall.Mkfifo(file, 0o600); err != nil {
		return nil, fault.Wrap(err, "torture.pipe")
	}
	return &pipe{name: file}, nil
}

// pipe opens its file with the first read, which waits for a writer.
type pipe struct {
	name string
	f    *os.File
}

func (p *pipe) Read(data []byte) (int, error) {
	if p.f == nil {
		f, err := os.Open(p.name)
		if err != nil {
			return 0, err
		}
		p.f = f
	}
	return p.f.Read(data)
}

// Close wakes a reader that nobody wrote to.
func (p *pipe) Close() error {
	if p.f != nil {
		return p.f.Close()
	}
	w, err := os.OpenFile(p.name, os.O_WRONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return err
	}
	return w.Close()
}
