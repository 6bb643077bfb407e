// Package telemetry sets up what Earshot shows of itself: one slog logger, one
// OpenTelemetry tracer provider and one meter provider read by Prometheus.
//
// It sends nothing anywhere unless an OTLP endpoint is configured.
package telemetry

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	otelprometheus "go.opentelemetry.io/otel/exporters/prometheus"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/resource"
	"go.opentelemetry.io/otel/sdk/trace"
)

// Config is the section telemetry of earshot.yaml.
type Config struct {
	// LogLevel is debug, info, warn or error.
	LogLevel string `yaml:"log_level"`
	// LogFormat is text or json.
	LogFormat string `yaml:"log_format"`
	// OTLPEndpoint takes spans over OTLP/HTTP, as "http://host:4318"; empty means none.
	OTLPEndpoint string `yaml:"otlp_endpoint"`
	// TraceSample is the share of traces that are kept, 0 to 1. A trace that began
	// elsewhere is kept when its beginning was.
	TraceSample float64 `yaml:"trace_sample"`
}

var levels = map[string]slog.Level{
	"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError,
}

// DefaultConfig logs as text from info on and samples one trace in a hundred.
func DefaultConfig() Config {
	return Config{LogLevel: "info", LogFormat: "text", TraceSample: 0.01}
}

// Validate names the first field that holds what it may not.
func (c Config) Validate() error {
	if _, known := levels[c.LogLevel]; !known {
		return fmt.Errorf("telemetry.log_level: %q is not debug, info, warn or error", c.LogLevel)
	}
	if c.LogFormat != "text" && c.LogFormat != "json" {
		return fmt.Errorf("telemetry.log_format: %q is neither text nor json", c.LogFormat)
	}
	if c.TraceSample < 0 || c.TraceSample > 1 {
		return fmt.Errorf("telemetry.trace_sample: %v is not between 0 and 1", c.TraceSample)
	}
	return nil
}

// Options is what a process says of itself.
type Options struct {
	// Service is the name in logs and traces: "collector", "earshot".
	Service string
	Version string
	Config  Config
	// Log takes the log lines; standard error in every binary.
	Log io.Writer
}

// Telemetry is a process's logger and metrics page.
type Telemetry struct {
	Logger *slog.Logger
	// Metrics serves the Prometheus text format.
	Metrics http.Handler
	// plain is the logger without a service's name.
	plain   *slog.Logger
	closers []func(context.Context) error
}

// Named is the logger of a service that shares the process with others.
func (t *Telemetry) Named(service string) *slog.Logger { return t.plain.With("service", service) }

// Setup installs the global tracer and meter providers and the propagator, and returns
// the logger and the metrics page. Call [Telemetry.Shutdown] last, after the clients.
func Setup(ctx context.Context, o Options) (*Telemetry, error) {
	if err := o.Config.Validate(); err != nil {
		return nil, err
	}
	t := &Telemetry{plain: logger(o)}
	t.Logger = t.Named(o.Service)
	res := resource.NewSchemaless(
		attribute.String("service.name", "earshot-"+o.Service),
		attribute.String("service.version", o.Version))
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	exporter, err := otelprometheus.New(otelprometheus.WithRegisterer(registry), otelprometheus.WithoutScopeInfo())
	if err != nil {
		return nil, fmt.Errorf("start metrics: %w", err)
	}
	meters := metric.NewMeterProvider(metric.WithReader(exporter), metric.WithResource(res))
	t.closers = append(t.closers, meters.Shutdown)
	t.Metrics = promhttp.HandlerFor(registry, promhttp.HandlerOpts{})
	otel.SetMeterProvider(meters)

	options := []trace.TracerProviderOption{
		trace.WithResource(res),
		trace.WithSampler(trace.ParentBased(linked{trace.TraceIDRatioBased(o.Config.TraceSample)})),
	}
	if o.Config.OTLPEndpoint != "" {
		spans, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(strings.TrimRight(o.Config.OTLPEndpoint, "/")+"/v1/traces"))
		if err != nil {
			return nil, fmt.Errorf("start traces: %w", err)
		}
		options = append(options, trace.WithBatcher(spans))
	}
	tracers := trace.NewTracerProvider(options...)
	t.closers = append(t.closers, tracers.Shutdown)
	otel.SetTracerProvider(tracers)
	otel.SetTextMapPropagator(propagation.TraceContext{})
	return t, nil
}

// linked keeps a trace that begins with links to a kept one, such as that of a batch of
// messages; otherwise its inner sampler decides.
type linked struct{ trace.Sampler }

func (l linked) ShouldSample(p trace.SamplingParameters) trace.SamplingResult {
	for i := range p.Links {
		if p.Links[i].SpanContext.IsSampled() {
			return trace.AlwaysSample().ShouldSample(p)
		}
	}
	return l.Sampler.ShouldSample(p)
}

func logger(o Options) *slog.Logger {
	options := &slog.HandlerOptions{Level: levels[o.Config.LogLevel]}
	var handler slog.Handler = slog.NewTextHandler(o.Log, options)
	if o.Config.LogFormat == "json" {
		handler = slog.NewJSONHandler(o.Log, options)
	}
	return slog.New(handler)
}

// Shutdown sends what is still held. It is safe to call once, within ctx's time.
func (t *Telemetry) Shutdown(ctx context.Context) error {
	var errs []error
	for _, closer := range t.closers {
		errs = append(errs, closer(ctx))
	}
	return errors.Join(errs...)
}
