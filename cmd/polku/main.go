// Polku: case work for services of the long-term unemployed, in one program.
//
// Where to look first: internal/cli/run.go has every command; internal/web/routes.go every page;
// internal/pathway the engine that says what is due; internal/path how an entry comes in.
package main

import (
	"cmp"
	"os"

	"polku/internal/cli"
	"polku/internal/i18n"
)

func main() {
	env := &cli.Env{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, TTY: cli.IsTerminal(os.Stderr),
		Lang: i18n.ParseLang(cmp.Or(os.Getenv("POLKU_LANG"), os.Getenv("LC_ALL"), os.Getenv("LC_MESSAGES"), os.Getenv("LANG")))}
	os.Exit(cli.Run(os.Args[1:], env))
}
