package publish

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

func TestMetrics(t *testing.T) {
	reader := metric.NewManualReader()
	otel.SetMeterProvider(metric.NewMeterProvider(metric.WithReader(reader)))
	p, err := New(&kept{})
	require.NoError(t, err)
	require.NoError(t, p.Publish(t.Context(), origin, []*earshotv1.PostEvent{event(earshotv1.PostOp_POST_OP_DELETED, 0), event(earshotv1.PostOp_POST_OP_DELETED, 1)}))
	require.NoError(t, p.Publish(t.Context(), origin, nil))
	p.Refused(t.Context(), origin, 3)
	p.Refused(t.Context(), origin, 0)
	p.Failed(t.Context(), origin)

	var all metricdata.ResourceMetrics
	require.NoError(t, reader.Collect(t.Context(), &all))
	got := map[string]int64{}
	for _, scope := range all.ScopeMetrics {
		for _, m := range scope.Metrics {
			switch data := m.Data.(type) {
			case metricdata.Sum[int64]:
				got[m.Name] = data.DataPoints[0].Value
				source, ok := data.DataPoints[0].Attributes.Value("source")
				require.True(t, ok)
				require.Equal(t, "press", source.AsString())
			case metricdata.Histogram[float64]:
				got[m.Name] = int64(data.DataPoints[0].Count)
			}
		}
	}
	require.Equal(t, map[string]int64{
		"earshot_collector_in_posts": 2, "earshot_collector_dead_posts": 3, "earshot_collector_source_errors": 1,
		"earshot_collector_batch_posts": 1, "earshot_collector_batch_seconds": 1,
	}, got)
}
