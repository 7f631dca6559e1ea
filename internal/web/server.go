// Package web is the worker's face: one file a screen, each with its handler; the views are in web/view. A
// handler reads in one View or commands in one Update, builds a page struct and returns an error when it
// cannot; one place turns errors into pages.
package web

import (
	"context"
	"log/slog"
	"net/http"

	"polku/internal/audit"
	"polku/internal/db"
	"polku/internal/file"
	"polku/internal/login"
	"polku/internal/path"
	"polku/internal/portal"
	"polku/internal/seal"
	"polku/internal/unit"
)

// Config is what the server needs.
type Config struct {
	DB     *db.DB
	Book   *path.Book
	Keys   *seal.Keys
	Login  *login.Service
	Audit  *audit.Log      // the logs as the client and reviewers read them
	Portal *portal.Service // how participants come to their own page
	Files  *file.Store     // where files of clients are kept; nil: nowhere, none are taken
	Log    *slog.Logger
	Base   string // path prefix without a closing slash; usually empty
	Demo   bool   // say on every page that people are made up
	Origin string // scheme, host and port by which people reach us; empty: as each request says
	Secure bool   // cookies only over HTTPS
	Proxy  bool   // trust X-Forwarded-For of the proxy in front
	Public string // address that people reach the program at, whole; empty: as the request has it

	Unready func(context.Context) []string // why the program cannot serve just now, in words for machines; nil: the database is asked
	Watch   Watch                          // nil: nobody
	Closing <-chan struct{}                // closed when the program is asked to stop: streams end then; nil: never

	Personas []Persona // demo only: whom a visitor may be
}

// Persona is a made-up worker whom a visitor of the demo may be.
type Persona struct {
	Worker, Name, Unit string
	RoleKey, SeesKey   string // catalogue keys: the role, and a sentence of what they see
}

// server holds what handlers share.
type server struct {
	Config
	mux    *http.ServeMux
	houses unit.Houses
}

// New gives the whole web face as one handler.
func New(cfg Config) http.Handler {
	s := &server{Config: cfg, mux: http.NewServeMux()}
	s.routes()
	return s.guard()
}
