package cli

import (
	"context"
	"fmt"
	"time"

	"polku/internal/actor"
	"polku/internal/fault"
	"polku/internal/rekey"
	"polku/internal/seal"
)

// KeysCmd holds the commands about the keys outside the database.
type KeysCmd struct {
	List   KeysListCmd   `cmd:""`
	Rotate KeysRotateCmd `cmd:""`
	Drop   KeysDropCmd   `cmd:""`
	Wrap   KeysWrapCmd   `cmd:""`
}

// KeysListCmd lists the keys without their material. It needs no database.
type KeysListCmd struct {
	Database `embed:""`
	Format   string `enum:"text,json" default:"text"`
}

// Run prints the list.
func (c *KeysListCmd) Run(env *Env) error {
	keys, err := seal.Load(c.keysDir())
	if err != nil {
		return err
	}
	if c.Format == "json" {
		return printJSON(env, keys.List())
	}
	for _, k := range keys.List() {
		age := env.Lang.T("keys.made_unknown")
		if made, err := time.Parse(time.DateOnly, k.Made); err == nil {
			age = env.Lang.N("keys.days", int(time.Since(made).Hours()/24))
		}
		fmt.Fprintf(env.Out, "%-18s %-12s %-18s %s\n", env.Lang.T("keys.kind."+string(k.Kind)), k.ID, age, env.Lang.T("keys.state."+string(k.State)))
	}
	return nil
}

// KeysRotateCmd changes one key while the program may go on serving.
type KeysRotateCmd struct {
	Database `embed:""`
	Fields   bool   `xor:"kind"`
	Index    bool   `xor:"kind"`
	Sign     bool   `xor:"kind"`
	Format   string `enum:"text,json" default:"text"`
}

// Run changes the key, or goes on with a change that was cut off.
func (c *KeysRotateCmd) Run(ctx context.Context, env *Env) error {
	var kind seal.Kind
	switch {
	case c.Fields:
		kind = seal.KindFields
	case c.Index:
		kind = seal.KindIndex
	case c.Sign:
		kind = seal.KindSign
	default:
		return fault.E(fault.Invalid, "keys.which", nil)
	}
	return c.with(ctx, func(o *opened) error {
		p := newProgress(env, "keys.changing")
		w := rekey.Work{DB: o.DB, Who: who(actor.Admin, "keys rotate"), Keys: o.Keys, Wait: seal.Settled, Progress: p.step}
		done, err := w.Change(ctx, kind)
		p.end()
		if err != nil {
			return err
		}
		if c.Format == "json" {
			return printJSON(env, done)
		}
		if done.Stuck > 0 {
			fmt.Fprintln(env.Out, env.Lang.N("keys.stuck", done.Stuck))
		}
		fmt.Fprintln(env.Out, env.Lang.T("keys.changed", "made", done.Made, "rows", done.Rows))
		return nil
	})
}

// KeysDropCmd destroys a kept key.
type KeysDropCmd struct {
	Database `embed:""`
	Kind     string `arg:"" enum:"fields,index,sign"`
	ID       string `arg:""`
}

// Run destroys it in the key file.
func (c *KeysDropCmd) Run(env *Env) error {
	keys, err := seal.Load(c.keysDir())
	if err != nil {
		return err
	}
	if err := keys.Drop(seal.Kind(c.Kind), c.ID); err != nil {
		return err
	}
	fmt.Fprintln(env.Out, env.Lang.T("keys.dropped", "id", c.ID))
	return nil
}

// KeysWrapCmd protects the key file by a pass-phrase.
type KeysWrapCmd struct {
	Database `embed:""`
}

// Run writes the protected file in the place of the plain one.
func (c *KeysWrapCmd) Run(env *Env) error {
	keys, err := seal.Load(c.keysDir())
	if err != nil {
		return err
	}
	if err := keys.Wrap(); err != nil {
		return err
	}
	fmt.Fprintln(env.Out, env.Lang.T("keys.wrapped"))
	return nil
}
