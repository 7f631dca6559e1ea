//go:build otel

package cli

import (
	"context"
	"os"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"polku/internal/fault"
	"polku/internal/web"
)

// tracing sends a span for each request to the collector that OTEL_EXPORTER_OTLP_ENDPOINT names; without it nothing is sent.
// A span has the route's pattern, the status and the times: no address, no id, nobody's name.
func tracing(ctx context.Context) (web.Watch, func(), error) {
	if os.Getenv("OTEL_EXPORTER_OTLP_ENDPOINT") == "" && os.Getenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") == "" {
		return nil, func() {}, nil
	}
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		return nil, nil, fault.Wrap(err, "cli.trace")
	}
	provider := sdk.NewTracerProvider(sdk.WithBatcher(exporter), sdk.WithResource(resource.NewSchemaless(attribute.String("service.name", "polku"))))
	tracer := provider.Tracer("polku")
	watch := func(route string, status int, took time.Duration) {
		end := time.Now()
		_, span := tracer.Start(context.Background(), route, trace.WithTimestamp(end.Add(-took)), trace.WithSpanKind(trace.SpanKindServer),
			trace.WithAttributes(attribute.String("http.route", route), attribute.Int("http.response.status_code", status)))
		if status >= 500 {
			span.SetStatus(codes.Error, "")
		}
		span.End(trace.WithTimestamp(end))
	}
	return watch, func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		provider.Shutdown(ctx)
	}, nil
}
