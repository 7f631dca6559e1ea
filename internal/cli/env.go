// Package cli is the command line: one file a command, each a struct that kong fills and a Run method.
// It turns words into calls of slices and prints what they answer; it decides nothing itself.
package cli

import (
	"io"

	"polku/internal/i18n"
)

// Env is what every command gets: where to print, in which language, and whether a person is watching.
type Env struct {
	In   io.Reader
	Out  io.Writer
	Err  io.Writer
	Lang i18n.Lang
	TTY  bool // Err is a terminal: progress bars may be drawn there
}
