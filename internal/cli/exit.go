package cli

import "fmt"

// Exit ends the program with this status after a command has said on its own what was wrong, so that main prints
// nothing more. 1: the thing checked has mistakes; 2: the command could not be carried out.
type Exit int

func (e Exit) Error() string { return fmt.Sprintf("exit status %d", int(e)) }
