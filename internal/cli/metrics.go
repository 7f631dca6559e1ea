package cli

import (
	"context"
	"crypto/subtle"
	"net/http"
	"os"
	"strings"
	"time"

	"polku/internal/fault"
	"polku/internal/metric"
)

// figures makes the figures of a serving program.
func figures(r *readiness, shipping func() (time.Duration, bool)) *metric.Figures {
	return metric.New(metric.Sources{Writers: r.o.DB.Queue, Rows: r.o.Log.Queue, Sizes: r.sizes, Free: r.free, Reserve: r.o.Log.Reserve,
		Keeper: r.night.Last, Shipping: shipping, Unready: func() int {
			ctx, cancel := context.WithTimeout(context.Background(), probeMost)
			defer cancel()
			return len(r.unready(ctx))
		}})
}

// metricsServer answers Prometheus on an address of its own, which is off unless asked for. Beyond this machine it wants a
// token: figures tell no names, but how much is done when.
func (c *ServeCmd) metricsServer(f *metric.Figures) (*http.Server, error) {
	token, err := c.metricsToken()
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", f.Handler())
	return &http.Server{ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, IdleTimeout: time.Minute, WriteTimeout: 30 * time.Second, MaxHeaderBytes: 16 << 10,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if given := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "); token != "" && subtle.ConstantTimeCompare([]byte(given), []byte(token)) != 1 {
				w.Header().Set("WWW-Authenticate", "Bearer")
				http.Error(w, "401", http.StatusUnauthorized)
				return
			}
			mux.ServeHTTP(w, r)
		})}, nil
}

// metricsToken reads the token's file; an address beyond this machine must have one.
func (c *ServeCmd) metricsToken() (string, error) {
	if c.MetricsToken == "" {
		if !isLoopback(c.Metrics) {
			return "", fault.E(fault.Invalid, "cli.metrics_open", fault.Args{"listen": c.Metrics})
		}
		return "", nil
	}
	data, err := os.ReadFile(c.MetricsToken)
	token := strings.TrimSpace(string(data))
	if err != nil || token == "" {
		return "", &fault.Error{Kind: fault.Invalid, Key: "cli.no_token", Args: fault.Args{"file": c.MetricsToken}, Cause: err}
	}
	return token, nil
}
