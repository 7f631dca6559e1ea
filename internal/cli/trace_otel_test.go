//go:build otel

package cli

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// With OpenTelemetry built in and a collector named, requests arrive there as spans.
func TestRequestsAreTraced(t *testing.T) {
	got := make(chan string, 10)
	collector := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { got <- r.URL.Path }))
	defer collector.Close()
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.URL)
	watch, end, err := tracing(t.Context())
	must(t, err)
	watch("GET /c/{id}", 200, time.Millisecond)
	end()
	if path := <-got; path != "/v1/traces" {
		t.Error(path)
	}
}
