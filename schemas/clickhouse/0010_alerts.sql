CREATE TABLE IF NOT EXISTS {{local "alerts"}} {{.OnCluster}}
(
    id String COMMENT 'Alert id: hex of a 128-bit hash of rule, group and window start' CODEC(ZSTD(1)),
    rule LowCardinality(String) COMMENT 'Name of the alert rule',
    rule_version LowCardinality(String) COMMENT 'Hash of the rule''s text, hex',
    state Enum8('unspecified' = 0, 'firing' = 1, 'resolved' = 2) COMMENT 'Where the alert stands' CODEC(ZSTD(1)),
    severity LowCardinality(String) COMMENT 'info, warning or critical, as the rule says',
    brand_id LowCardinality(String) COMMENT 'Brand that the alert is about',
    group_by Map(LowCardinality(String), String) COMMENT 'Values of the rule''s group, by field' CODEC(ZSTD(3)),
    labels Map(LowCardinality(String), String) COMMENT 'Labels of the rule' CODEC(ZSTD(3)),
    annotations Map(LowCardinality(String), String) COMMENT 'Rendered templates: summary, description, runbook' CODEC(ZSTD(3)),
    window_start DateTime64(3, 'UTC') COMMENT 'Begin of the window of event time that crossed, UTC' CODEC(Delta(8), ZSTD(1)),
    window_end DateTime64(3, 'UTC') COMMENT 'End of that window, UTC' CODEC(Delta(8), ZSTD(1)),
    observed Float64 COMMENT 'What was measured, in the unit of measure' CODEC(ZSTD(1)),
    threshold Float64 COMMENT 'The limit that was crossed, in the unit of measure' CODEC(ZSTD(1)),
    measure LowCardinality(String) COMMENT 'count, sum, distinct_authors, share or mention',
    starts_at DateTime64(3, 'UTC') COMMENT 'Event time of the change to firing, UTC' CODEC(Delta(8), ZSTD(1)),
    ends_at DateTime64(3, 'UTC') COMMENT 'Event time of the change to resolved, UTC; 1970 while firing' CODEC(Delta(8), ZSTD(1)),
    updated_at DateTime64(3, 'UTC') COMMENT 'When the alerter wrote this state to the bus, UTC; the newest counts' CODEC(Delta(8), ZSTD(1)),
    `samples.post_id` Array(String) COMMENT 'The strongest posts of the window: post id' CODEC(ZSTD(3)),
    `samples.assessment_id` Array(String) COMMENT 'Assessment id, hex' CODEC(ZSTD(3)),
    `samples.url` Array(String) COMMENT 'Where a person can read it; empty once the post was deleted' CODEC(ZSTD(3)),
    `samples.excerpt` Array(String) COMMENT 'Begin of the text, redacted; empty once the post was deleted' CODEC(ZSTD(3)),
    `samples.score` Array(Float32) COMMENT 'Score, 0 to 100' CODEC(ZSTD(1)),
    `samples.level` Array(Enum8('unspecified' = 0, 'info' = 1, 'low' = 2, 'medium' = 3, 'high' = 4, 'critical' = 5)) COMMENT 'Level' CODEC(ZSTD(1)),
    `samples.why` Array(String) COMMENT 'The why of the strongest finding; empty once the post was deleted' CODEC(ZSTD(3)),
    `samples.author_handle` Array(String) COMMENT 'Handle of the author; empty once the post was deleted' CODEC(ZSTD(3))
)
ENGINE = {{.Replicated}}ReplacingMergeTree(updated_at)
ORDER BY (brand_id, id)
TTL toDateTime(updated_at) + INTERVAL 3 YEAR
SETTINGS {{if .Cluster}}replicated_deduplication_window = 10000{{else}}non_replicated_deduplication_window = 1000{{end}}
COMMENT 'Alerts; earlier states are stored until parts merge: ask alerts_current'
