package cli

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"

	"polku/internal/fault"
	"polku/internal/keeper"
	"polku/internal/portal"
	"polku/internal/ship"
	"polku/internal/web"
)

// ServeCmd serves a real database.
type ServeCmd struct {
	Database     `embed:""`
	Listen       string `placeholder:"ADDRESS"`
	BaseURL      string `name:"base-url" env:"POLKU_BASE_URL" placeholder:"https://..."`
	Cert         string `placeholder:"FILE"`
	Key          string `placeholder:"FILE"`
	ACME         string `name:"acme" placeholder:"HOST"`
	ACMEDir      string `name:"acme-dir" placeholder:"DIR"`
	ACMEServer   string `name:"acme-server" placeholder:"URL"`
	BehindProxy  bool   `name:"behind-proxy"`
	LogAs        string `name:"log" enum:"text,json" default:"text"`
	LogReserve   room   `name:"log-reserve" default:"64M" placeholder:"64M"`
	Ship         string `env:"POLKU_SHIP" placeholder:"DIR"`
	Metrics      string `placeholder:"ADDRESS"`
	MetricsToken string `name:"metrics-token" placeholder:"FILE"`
	Organisation string `placeholder:"NAME"`
	StrongFlags  `embed:""`

	Provider providerFlags `embed:""`

	shipper   *ship.Shipper // nil: nothing is shipped
	storybook bool          // polku dev: every view with made-up data, at /storybook
}

// listenDefault is where the program listens when nothing is said; with ACME it is the port of HTTPS.
const listenDefault = "127.0.0.1:8080"

// Run serves until it is asked to stop. What has begun by then is answered first.
func (c *ServeCmd) Run(ctx context.Context, env *Env) error {
	base, err := c.check()
	if err != nil {
		return err
	}
	o, err := c.openOrMake(ctx)
	if err != nil {
		return err
	}
	if c.Ship != "" {
		if c.shipper, err = ship.Start(ctx, o.DB, o.Log, c.Ship, quiet(logger(env, c.LogAs))); err != nil {
			return errors.Join(err, o.Close())
		}
		defer c.shipper.Close() // after the database: its last words are shipped too
	}
	defer o.Close()
	if c.Keys == "" {
		fmt.Fprintln(env.Err, env.Lang.T("cli.keys_here", "dir", c.keysDir()))
	}
	signIn, err := c.signIn(o, base)
	if err != nil {
		return err
	}
	return c.serve(ctx, env, o, base, web.Config{Login: signIn, Secure: c.secure(base), Proxy: c.BehindProxy, Origin: originOf(base)})
}

// check refuses flags that do not go together, before anything is opened, and gives the base URL.
func (c *ServeCmd) check() (*url.URL, error) {
	ways := 0
	for _, used := range []bool{c.Cert != "" || c.Key != "", c.ACME != "", c.BehindProxy} {
		if used {
			ways++
		}
	}
	switch {
	case (c.Cert == "") != (c.Key == ""):
		return nil, fault.E(fault.Invalid, "cli.cert_and_key", nil)
	case ways > 1:
		return nil, fault.E(fault.Invalid, "cli.one_way", nil)
	case c.Listen == "" && c.ACME != "":
		c.Listen = ":443"
	case c.Listen == "":
		c.Listen = listenDefault
	}
	if ways == 0 && !isLoopback(c.Listen) {
		return nil, fault.E(fault.Invalid, "cli.plain_http", fault.Args{"listen": c.Listen})
	}
	if c.Metrics != "" {
		if _, err := c.metricsToken(); err != nil {
			return nil, err
		}
	}
	if c.BaseURL == "" {
		return &url.URL{}, nil
	}
	base, err := url.Parse(c.BaseURL)
	if err != nil || base.Scheme != "http" && base.Scheme != "https" || base.Host == "" || base.RawQuery != "" {
		return nil, fault.E(fault.Invalid, "cli.bad_base_url", fault.Args{"url": c.BaseURL})
	}
	return base, nil
}

// secure tells whether people reach the program over HTTPS.
func (c *ServeCmd) secure(base *url.URL) bool {
	return c.Cert != "" || c.ACME != "" || base.Scheme == "https" || c.BehindProxy && base.Scheme == ""
}

// isLoopback tells whether an address is reached from this machine only.
func isLoopback(listen string) bool {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return false
	}
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// quiet lets only warnings and errors through, from a part that would otherwise tell of each second.
func quiet(log *slog.Logger) *slog.Logger { return slog.New(warnings{log.Handler()}) }

type warnings struct{ slog.Handler }

// Enabled lets warnings and errors through.
func (w warnings) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && w.Handler.Enabled(ctx, level)
}

// WithAttrs keeps to warnings.
func (w warnings) WithAttrs(attrs []slog.Attr) slog.Handler {
	return warnings{w.Handler.WithAttrs(attrs)}
}

// WithGroup keeps to warnings.
func (w warnings) WithGroup(name string) slog.Handler { return warnings{w.Handler.WithGroup(name)} }

// logger writes to env.Err, as lines for people or for machines.
func logger(env *Env, as string) *slog.Logger {
	if as == "json" {
		return slog.New(slog.NewJSONHandler(env.Err, nil))
	}
	return slog.New(slog.NewTextHandler(env.Err, nil))
}

// serve serves an opened database and does the night's work beside.
func (c *ServeCmd) serve(ctx context.Context, env *Env, o *opened, base *url.URL, cfg web.Config) error {
	log := logger(env, c.LogAs)
	cfg.DB, cfg.Book, cfg.Keys, cfg.Audit, cfg.Log, cfg.Base = o.DB, o.Book, o.Keys, o.Log, log, strings.TrimSuffix(base.Path, "/")
	cfg.Files = o.Files
	cfg.Portal, cfg.Public = portal.New(o.DB, Tenant, o.Keys), c.BaseURL
	var err error
	if cfg.Portal.Strong, err = c.strong(c.BaseURL); err != nil {
		return err
	}
	config, err := c.tls()
	if err != nil {
		return err
	}
	listener, err := listen(c.Listen)
	if err != nil {
		return err
	}
	defer listener.Close()
	if err := c.greet(ctx, env, cfg, listener.Addr().String(), config != nil); err != nil {
		return err
	}
	tuneMemory()
	working, stopWorking := context.WithCancel(ctx)
	var work sync.WaitGroup
	night := &keeper.Keeper{DB: o.DB, Tenant: Tenant, Book: o.Book, Keys: o.Keys, Log: log, Audit: o.Log}
	work.Go(func() { night.Run(working) })
	// The logs are sealed for the last time after the last page has left, so that a stop leaves nothing unsealed.
	sealing, stopSealing := context.WithCancel(context.WithoutCancel(ctx))
	work.Go(func() { o.Log.KeepSealing(sealing, Tenant, log) })
	defer work.Wait()
	defer stopSealing()
	defer stopWorking()
	if config != nil {
		listener = tls.NewListener(listener, config)
	}
	state := &readiness{o: o, night: night, least: int64(c.LogReserve) / 4}
	cfg.Unready = state.unready
	closeFigures, err := c.watch(state, &cfg, log)
	if err != nil {
		return err
	}
	defer closeFigures()
	return c.answer(ctx, listener, cfg, state, log)
}

// watch opens the use log's reserve and, when asked for, the address that figures are read at.
func (c *ServeCmd) watch(state *readiness, cfg *web.Config, log *slog.Logger) (closeFigures func(), err error) {
	state.o.DB.OnFailure(func(err error) { log.Error("the disk fails: read-only until the next start", "error", err.Error()) })
	if err := state.o.Log.KeepRoom(int64(c.LogReserve)); err != nil {
		return nil, err
	}
	spans, endSpans, err := tracing(context.Background())
	if err != nil {
		return nil, err
	}
	cfg.Watch = spans
	if c.Metrics == "" {
		return endSpans, nil
	}
	f := figures(state, func() (time.Duration, bool) {
		if c.shipper == nil {
			return 0, false
		}
		return c.shipper.Behind(), true
	})
	server, err := c.metricsServer(f)
	if err != nil {
		return nil, err
	}
	listener, err := listen(c.Metrics)
	if err != nil {
		return nil, err
	}
	cfg.Watch = func(route string, status int, took time.Duration) {
		f.Request(route, status, took)
		if spans != nil {
			spans(route, status, took)
		}
	}
	go server.Serve(listener)
	log.Info("figures", "address", listener.Addr().String())
	return func() { endSpans(); server.Close() }, nil
}

// drain is how long the program goes on answering, asking each caller to connect anew elsewhere, before it takes nothing
// more: a request that is on its way when it is asked to stop is still answered.
const drain = time.Second

// answer serves the face until ctx ends, then drains.
func (c *ServeCmd) answer(ctx context.Context, listener net.Listener, cfg web.Config, state *readiness, log *slog.Logger) error {
	closing := make(chan struct{})
	cfg.Closing = closing
	face := c.handler(cfg)
	gently, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	go func() {
		select {
		case <-ctx.Done():
		case <-gently.Done():
			return
		}
		state.stopping.Store(true)
		close(closing)
		time.Sleep(drain)
		stop()
	}()
	return answer(gently, listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if state.stopping.Load() {
			w.Header().Set("Connection", "close")
		}
		face.ServeHTTP(w, r)
	}), log)
}

// tuneMemory lets the heap grow further before it is swept: pages leave much short-lived garbage, and the
// whole heap is small. The soft limit keeps the program below half a gigabyte. GOGC and GOMEMLIMIT win when set.
func tuneMemory() {
	if os.Getenv("GOGC") == "" && os.Getenv("GOMEMLIMIT") == "" {
		debug.SetGCPercent(300)
		debug.SetMemoryLimit(300 << 20)
	}
}

// handler is the whole face.
func (c *ServeCmd) handler(cfg web.Config) http.Handler {
	if c.storybook {
		return handlerWithStories(web.New(cfg))
	}
	return web.New(cfg)
}

// listen opens the port.
func listen(address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, &fault.Error{Kind: fault.Unavailable, Key: "cli.no_port", Args: fault.Args{"listen": address}, Cause: err}
	}
	return l, nil
}

// graceful is how long requests under way may take to end when the program is asked to stop.
const graceful = 25 * time.Second

// answer serves until ctx ends, then lets what has begun end. The limits of time keep slow or dead connections
// from piling up; a large file over a slow line still gets in.
func answer(ctx context.Context, listener net.Listener, handler http.Handler, log *slog.Logger) error {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 2 * time.Minute, WriteTimeout: 3 * time.Minute,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug)}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return fault.Wrap(err, "cli.serve")
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.Background(), graceful)
	defer cancel()
	if err := server.Shutdown(last); err != nil {
		if !errors.Is(err, context.DeadlineExceeded) {
			return fault.Wrap(err, "cli.serve")
		}
		log.Error("requests were still under way and have been cut off")
		server.Close()
	}
	log.Info("stopped")
	return nil
}

// greet prints where the program is and, on a new database, the code that the first administrator is made with.
func (c *ServeCmd) greet(ctx context.Context, env *Env, cfg web.Config, address string, https bool) error {
	at := strings.TrimSuffix(c.BaseURL, "/") + "/"
	if c.BaseURL == "" {
		scheme := "http"
		if https {
			scheme = "https"
		}
		if c.ACME != "" {
			address = c.ACME
		}
		at = scheme + "://" + address + "/"
	}
	fmt.Fprintln(env.Out, env.Lang.T("cli.serving", "url", at))
	code, err := cfg.Login.FirstCode(ctx)
	if err != nil {
		return err
	}
	if code != "" {
		fmt.Fprintln(env.Out, env.Lang.T("cli.first_code", "code", code, "url", at+"first"))
	}
	return nil
}

// tls gives how connections are encrypted; nil: plain HTTP, on this machine or behind a proxy.
func (c *ServeCmd) tls() (*tls.Config, error) {
	switch {
	case c.Cert != "":
		files := &certFiles{cert: c.Cert, key: c.Key}
		if _, err := files.get(nil); err != nil {
			return nil, err
		}
		return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: files.get, NextProtos: []string{"h2", "http/1.1"}}, nil
	case c.ACME != "":
		dir := c.ACMEDir
		if dir == "" {
			dir = "polku-acme"
		}
		m := &autocert.Manager{Prompt: autocert.AcceptTOS, Cache: autocert.DirCache(dir), HostPolicy: autocert.HostWhitelist(c.ACME)}
		if c.ACMEServer != "" {
			m.Client = &acme.Client{DirectoryURL: c.ACMEServer}
		}
		config := m.TLSConfig()
		config.MinVersion = tls.VersionTLS12
		return config, nil
	}
	return nil, nil
}
