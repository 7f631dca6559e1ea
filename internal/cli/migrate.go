package cli

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
)

// MigrateCmd makes a database, or brings one to the newest schema.
type MigrateCmd struct {
	Database `embed:""`
}

// Run migrates and tells how many steps that took.
func (c *MigrateCmd) Run(ctx context.Context, env *Env) error {
	o, err := c.openOrMake(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintln(env.Out, env.Lang.N("cli.migrated", o.Ran))
	return o.Close()
}

// Release is the program's version; the release script sets it.
var Release = "devel"

// VersionCmd tells what program this is.
type VersionCmd struct{}

// Run prints the version, the Go release and the stamp of models and rules.
func (c *VersionCmd) Run(env *Env) error {
	book, err := Book()
	if err != nil {
		return err
	}
	version := Release
	if info, ok := debug.ReadBuildInfo(); ok && version == "devel" && info.Main.Version != "" && info.Main.Version != "(devel)" {
		version = info.Main.Version
	}
	_, err = fmt.Fprintf(env.Out, "polku %s (%s %s/%s, %s)\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH, book.Stamp)
	return err
}
