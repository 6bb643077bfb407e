-- The roll-up. Posts are counted as a set of keys, so that a row which comes twice, in
-- whatever block, counts once; one set serves all three categories.
CREATE TABLE IF NOT EXISTS {{local "mention_counts"}} {{.OnCluster}}
(
    minute           DateTime('UTC') COMMENT 'Minute in which the posts were published, UTC' CODEC(Delta(4), ZSTD(1)),
    brand_id         LowCardinality(String) COMMENT 'Brand that the posts mention',
    platform         LowCardinality(String) COMMENT 'Where they were published',
    kind             Enum8('unspecified' = 0, 'mention' = 1, 'employee' = 2) COMMENT 'Whose voice' CODEC(ZSTD(1)),
{{- range .Categories}}
    {{.}}_level Enum8('unspecified' = 0, 'info' = 1, 'low' = 2, 'medium' = 3, 'high' = 4, 'critical' = 5) COMMENT 'Level of the {{.}} risk' CODEC(ZSTD(1)),
{{- end}}
    sentiment        LowCardinality(String) COMMENT 'Tone toward the brand',
    posts            AggregateFunction(uniqExact, UInt64) COMMENT 'Set of cityHash64(platform, native_id)' CODEC(NONE)
)
ENGINE = {{.Replicated}}AggregatingMergeTree
PARTITION BY toYYYYMM(minute)
ORDER BY (brand_id, minute, platform, kind{{range .Categories}}, {{.}}_level{{end}}, sentiment)
SETTINGS {{if .Cluster}}replicated_deduplication_window = 10000{{else}}non_replicated_deduplication_window = 1000{{end}}
COMMENT 'Mentions a minute; filled by mention_counts_fill, read through mentions_per_minute'
