package telemetry

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

func TestConfigValidate(t *testing.T) {
	tests := map[string]struct {
		change func(*Config)
		want   string
	}{
		"defaults":        {change: func(*Config) {}},
		"unknown level":   {change: func(c *Config) { c.LogLevel = "INFO" }, want: "telemetry.log_level"},
		"unknown format":  {change: func(c *Config) { c.LogFormat = "xml" }, want: "telemetry.log_format"},
		"share above one": {change: func(c *Config) { c.TraceSample = 1.5 }, want: "telemetry.trace_sample"},
		"negative share":  {change: func(c *Config) { c.TraceSample = -1 }, want: "telemetry.trace_sample"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			c := DefaultConfig()
			tt.change(&c)
			if tt.want == "" {
				require.NoError(t, c.Validate())
				return
			}
			require.ErrorContains(t, c.Validate(), tt.want)
		})
	}
}

func TestCounterReachesThePrometheusPage(t *testing.T) {
	tel, err := Setup(t.Context(), Options{Service: "test", Config: DefaultConfig(), Log: io.Discard})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, tel.Shutdown(context.Background())) })
	counter, err := otel.Meter("test").Int64Counter("earshot_test_posts")
	require.NoError(t, err)
	counter.Add(t.Context(), 3)

	page := httptest.NewRecorder()
	tel.Metrics.ServeHTTP(page, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	require.Contains(t, page.Body.String(), "earshot_test_posts_total 3")
	require.Contains(t, page.Body.String(), "go_goroutines")
}

func TestSpansGoToTheEndpointAndIntoHeaders(t *testing.T) {
	var requests atomic.Int32
	collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/v1/traces" {
			requests.Add(1)
		}
	}))
	defer collector.Close()
	c := DefaultConfig()
	c.OTLPEndpoint, c.TraceSample = collector.URL, 1
	tel, err := Setup(t.Context(), Options{Service: "test", Config: c, Log: io.Discard})
	require.NoError(t, err)
	ctx, span := otel.Tracer("test").Start(t.Context(), "work")
	headers := propagation.MapCarrier{}
	otel.GetTextMapPropagator().Inject(ctx, headers)
	span.End()
	require.NoError(t, tel.Shutdown(context.Background()))
	require.Contains(t, headers["traceparent"], span.SpanContext().TraceID().String())
	require.Equal(t, int32(1), requests.Load())
}

func TestABatchIsKeptWhenOneOfItsTracesIs(t *testing.T) {
	c := DefaultConfig()
	c.TraceSample = 0
	tel, err := Setup(t.Context(), Options{Service: "test", Config: c, Log: io.Discard})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, tel.Shutdown(context.Background())) })
	sent := trace.SpanContextConfig{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{1}}
	kept := sent
	kept.TraceFlags = trace.FlagsSampled
	tests := map[string]struct {
		links []trace.Link
		want  bool
	}{
		"no links":          {},
		"a dropped trace":   {links: []trace.Link{{SpanContext: trace.NewSpanContext(sent)}}},
		"a kept trace also": {links: []trace.Link{{SpanContext: trace.NewSpanContext(sent)}, {SpanContext: trace.NewSpanContext(kept)}}, want: true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, span := otel.GetTracerProvider().Tracer("test").Start(t.Context(), "batch", trace.WithLinks(tt.links...))
			defer span.End()
			require.Equal(t, tt.want, span.SpanContext().IsSampled())
		})
	}
}

func TestLogFormats(t *testing.T) {
	for format, want := range map[string]string{"text": "msg=started service=test", "json": `"msg":"started","service":"test"`} {
		t.Run(format, func(t *testing.T) {
			var log bytes.Buffer
			c := DefaultConfig()
			c.LogFormat = format
			tel, err := Setup(t.Context(), Options{Service: "test", Config: c, Log: &log})
			require.NoError(t, err)
			tel.Logger.Info("started")
			tel.Logger.Debug("hidden")
			require.NoError(t, tel.Shutdown(context.Background()))
			require.NotContains(t, log.String(), "hidden")
			require.Contains(t, log.String(), want)
			log.Reset()
			tel.Named("writer").Info("ready")
			require.Equal(t, 1, strings.Count(log.String(), "service"))
		})
	}
}
