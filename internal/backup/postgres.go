package backup

import (
	"context"
	"errors"
	"net/url"
	"os"
	"os/exec"
	"strings"

	"polku/internal/fault"
)

// dump lets PostgreSQL's own tool write the database, as of one moment, while others work in it.
func dump(ctx context.Context, target, file string) error {
	return tool(ctx, target, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--file="+file)
}

// load reads a dump into an empty database: all of it or nothing.
func load(ctx context.Context, target, file string) error {
	return tool(ctx, target, "pg_restore", "--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges", "--dbname=", file)
}

// tool runs one of PostgreSQL's programs. Where the server is and the password go through the environment: other
// users of the machine can read a program's arguments.
func tool(ctx context.Context, target, name string, args ...string) error {
	path, err := exec.LookPath(name)
	if err != nil {
		return fault.E(fault.Unavailable, "backup.no_tool", fault.Args{"tool": name})
	}
	env, database, err := libpq(target)
	if err != nil {
		return err
	}
	for i, a := range args {
		if a == "--dbname=" {
			args[i] += database
		}
	}
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Env = append(os.Environ(), env...)
	var said strings.Builder
	cmd.Stderr = &said
	if err := cmd.Run(); err != nil {
		return &fault.Error{Kind: fault.Unavailable, Key: "backup.tool_failed", Args: fault.Args{"tool": name}, Cause: errors.New(said.String())}
	}
	return nil
}

// libpq gives the environment of PostgreSQL's client library for a URL.
func libpq(target string) (env []string, database string, err error) {
	u, err := url.Parse(target)
	if err != nil {
		return nil, "", fault.E(fault.Invalid, "db.bad_url", nil) // the cause would repeat the password
	}
	database = strings.TrimPrefix(u.Path, "/")
	set := func(name, value string) {
		if value != "" {
			env = append(env, name+"="+value)
		}
	}
	password, _ := u.User.Password()
	set("PGHOST", u.Hostname())
	set("PGPORT", u.Port())
	set("PGUSER", u.User.Username())
	set("PGPASSWORD", password)
	set("PGDATABASE", database)
	for key, name := range map[string]string{"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "sslmode": "PGSSLMODE",
		"sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY"} {
		set(name, u.Query().Get(key))
	}
	return env, database, nil
}
