//go:build !otel

package cli

import (
	"context"

	"polku/internal/web"
)

// tracing does nothing: a program with OpenTelemetry is built by "go build -tags otel ./cmd/polku". It is left out by default
// for its weight (doc/reliability.md).
func tracing(context.Context) (web.Watch, func(), error) { return nil, func() {}, nil }
