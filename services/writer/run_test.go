package writer

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/earshot/earshot/pkg/bus"
	"github.com/earshot/earshot/pkg/config"
	"github.com/earshot/earshot/pkg/daemon"
	"github.com/earshot/earshot/pkg/store"
	"github.com/earshot/earshot/schemas"
)

// fake is a store that takes everything and answers erasures from a list.
type fake struct {
	tokens  []string
	erasing []error
	erased  []time.Time
}

func (f *fake) Insert(_ context.Context, b store.Block) error {
	f.tokens = append(f.tokens, b.Token)
	return nil
}

func (f *fake) Erase(context.Context) (int, error) {
	f.erased = append(f.erased, time.Now())
	if len(f.erasing) == 0 {
		return 0, nil
	}
	err := f.erasing[0]
	f.erasing = f.erasing[1:]
	return 2, err
}

func (f *fake) Ping(context.Context) error { return nil }

var _ database = (*fake)(nil)

func TestErasesAtOnceAndThenEachInterval(t *testing.T) {
	reader := metric.NewManualReader()
	otel.SetMeterProvider(metric.NewMeterProvider(metric.WithReader(reader)))
	m, err := newMetrics()
	require.NoError(t, err)
	synctest.Test(t, func(t *testing.T) {
		f := &fake{erasing: []error{errors.New("away"), nil}}
		ctx, cancel := context.WithTimeout(t.Context(), 150*time.Minute)
		defer cancel()
		began := time.Now()
		erase(ctx, f, time.Hour, m, slog.New(slog.DiscardHandler))
		require.Equal(t, []time.Time{began, began.Add(time.Hour), began.Add(2 * time.Hour)}, f.erased)
	})
	got := counters(t, reader)
	require.Equal(t, int64(2), got["earshot_writer_erased_posts"], "what the failed one found is not counted")
	require.Equal(t, int64(1), got["earshot_writer_erase_errors"])
}

// counters are the sums that the reader sees, by name.
func counters(t *testing.T, reader metric.Reader) map[string]int64 {
	t.Helper()
	var all metricdata.ResourceMetrics
	require.NoError(t, reader.Collect(context.Background(), &all))
	out := map[string]int64{}
	for _, scope := range all.ScopeMetrics {
		for _, m := range scope.Metrics {
			if sum, ok := m.Data.(metricdata.Sum[int64]); ok {
				for _, point := range sum.DataPoints {
					out[m.Name] += point.Value
				}
			}
		}
	}
	return out
}

func TestMetricsCountRows(t *testing.T) {
	reader := metric.NewManualReader()
	otel.SetMeterProvider(metric.NewMeterProvider(metric.WithReader(reader)))
	newLog(t, mention{native: "1"}, mention{native: "2"}).write(t, &fake{}, 0, 2)
	require.Equal(t, int64(2), counters(t, reader)["earshot_writer_rows"])
}

func TestToken(t *testing.T) {
	at := time.UnixMilli(1000)
	batch := []bus.Message{
		{Topic: "t", Partition: 1, Offset: 7, Time: at},
		{Topic: "t", Offset: 3, Time: at},
		{Topic: "t", Partition: 1, Offset: 8, Time: at.Add(time.Second)},
		{Topic: "t", Offset: 4, Time: at},
	}
	require.Equal(t, "t/0:3-4@1000-1000;t/1:7-8@1000-2000;", token(batch))
	others := map[string]func(m *bus.Message){
		"another end":       func(m *bus.Message) { m.Offset++ },
		"another time":      func(m *bus.Message) { m.Time = at.Add(time.Hour) },
		"another partition": func(m *bus.Message) { m.Partition = 2 },
		"another topic":     func(m *bus.Message) { m.Topic = "u" },
	}
	for name, change := range others {
		t.Run(name, func(t *testing.T) {
			other := append([]bus.Message{}, batch...)
			change(&other[3])
			require.NotEqual(t, token(batch), token(other))
		})
	}
}

func TestValidate(t *testing.T) {
	tests := map[string]struct {
		change func(*Config)
		want   string
	}{
		"default":        {func(*Config) {}, ""},
		"admin listen":   {func(c *Config) { c.AdminListen = "here" }, "writer.admin_listen"},
		"no rows":        {func(c *Config) { c.BatchRows = 0 }, "writer.batch_rows"},
		"too many rows":  {func(c *Config) { c.BatchRows = 100_001 }, "writer.batch_rows"},
		"no delay":       {func(c *Config) { c.BatchDelay = 0 }, "writer.batch_delay"},
		"long delay":     {func(c *Config) { c.BatchDelay = time.Hour }, "writer.batch_delay"},
		"short interval": {func(c *Config) { c.EraseInterval = time.Second }, "writer.erase_interval"},
		"beyond a day":   {func(c *Config) { c.EraseInterval = 25 * time.Hour }, "writer.erase_interval"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			c := DefaultConfig()
			test.change(&c)
			if err := c.Validate(); test.want != "" {
				require.ErrorContains(t, err, test.want)
			} else {
				require.NoError(t, err)
			}
		})
	}
}

func TestConfigure(t *testing.T) {
	const file = "kafka: {brokers: ['127.0.0.1:1']}\nclickhouse: {dsn: 'http://u:hunter2@127.0.0.1:1'}\nwriter: {batch_rows: 500, batch_delay: 2s, erase_interval: 2h}\n"
	parsed, err := config.Parse("earshot.yaml", []byte(file), nil, schemas.EarshotSchema)
	require.NoError(t, err)
	service, err := Configure(parsed)
	require.NoError(t, err)
	want := DefaultConfig()
	want.BatchRows, want.BatchDelay, want.EraseInterval = 500, 2*time.Second, 2*time.Hour
	require.Equal(t, want, service.Sections["writer"])
	dump, err := config.Dump(service.Sections)
	require.NoError(t, err)
	require.NotContains(t, string(dump), "hunter2")
}

func TestConfigureNamesTheField(t *testing.T) {
	for field, file := range map[string]string{
		"kafka.brokers":         "writer: {batch_rows: 1}",
		"clickhouse.dsn":        "kafka: {brokers: ['127.0.0.1:1']}\nclickhouse: {dsn: 'mysql://host'}",
		"writer.erase_interval": "kafka: {brokers: ['127.0.0.1:1']}\nwriter: {erase_interval: 1s}",
	} {
		t.Run(field, func(t *testing.T) {
			parsed, err := config.Parse("earshot.yaml", []byte(file), nil, schemas.EarshotSchema)
			require.NoError(t, err)
			_, err = Configure(parsed)
			require.ErrorContains(t, err, field)
		})
	}
}

func TestMigrate(t *testing.T) {
	dsn := string(storeConfig(t).DSN)
	parse := func(text string) *config.File {
		file, err := config.Parse("earshot.yaml", []byte(text), nil, schemas.EarshotSchema)
		require.NoError(t, err)
		return file
	}
	file := parse("clickhouse: {dsn: '" + dsn + "'}\n")
	require.NoError(t, Migrate(t.Context(), file))
	require.NoError(t, Migrate(t.Context(), file), "twice is fine")
	s, err := store.Open(t.Context(), store.Config{DSN: config.Secret(dsn), Database: "earshot"})
	require.NoError(t, err)
	require.NoError(t, s.CheckSchema(t.Context()))
	require.NoError(t, s.Close())
	require.ErrorContains(t, Migrate(t.Context(), parse("clickhouse: {dsn: 'mysql://host'}\n")), "clickhouse.dsn")
}

func TestProbeTellsThatTheBusIsAway(t *testing.T) {
	health := &daemon.Health{}
	probe := health.Probe("writer")
	require.ErrorIs(t, health.Ready(), daemon.ErrStarting)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- run(ctx, DefaultConfig(), Deps{Bus: broken(), Logger: slog.New(slog.DiscardHandler), Probe: probe}, &fake{})
	}()
	require.Eventually(t, func() bool { return !errors.Is(health.Ready(), daemon.ErrStarting) }, time.Minute, 10*time.Millisecond)
	require.ErrorContains(t, health.Ready(), "kafka: ")
	cancel()
	err := <-done
	require.True(t, err == nil || strings.Contains(err.Error(), "127.0.0.1:1"), err)
}

// broken leads to a broker that is not there.
func broken() bus.Config {
	c := bus.DefaultConfig()
	c.Brokers = []string{"127.0.0.1:1"}
	return c
}
