//go:build linux || darwin

package db

import (
	"os"
	"syscall"
)

// FreeSpace gives the bytes that are free for this user on the disk of a folder; false where the system does not tell.
func FreeSpace(dir string) (int64, bool) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, false
	}
	return int64(s.Bavail) * int64(s.Bsize), true
}

// syncFolder makes the names in a folder lasting.
func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}
