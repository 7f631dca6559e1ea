//go:build !unix

package torture

import (
	"io"
	"syscall"

	"polku/internal/fault"
)

func ownGroup() *syscall.SysProcAttr { return nil }

// signal ends the program: nothing gentler is to be had here.
func (s *server) signal(syscall.Signal) error { return s.cmd.Process.Kill() }

func openPipe(string) (io.ReadCloser, error) {
	return nil, fault.E(fault.Unavailable, "torture.no_strace", nil)
}
