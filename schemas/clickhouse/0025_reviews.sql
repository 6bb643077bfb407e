CREATE TABLE IF NOT EXISTS {{local "reviews"}} {{.OnCluster}}
(
    id String COMMENT 'Review id: hex of a 128-bit hash of assessment, category, kind, reviewer and time' CODEC(ZSTD(1)),
    assessment_id String COMMENT 'The judgement that the reviewer saw: its id in hex, as on the bus' CODEC(ZSTD(1)),
    post_id String COMMENT 'Post id: platform:native_id' CODEC(ZSTD(3)),
    revision UInt32 COMMENT 'Revision of the post that the reviewer saw' CODEC(T64, ZSTD(1)),
    brand_id LowCardinality(String) COMMENT 'Brand that the judgement is for',
    category Enum8('unspecified' = 0, 'reputation' = 1, 'leakage' = 2, 'compliance' = 3) COMMENT 'The risk: reputation, leakage or compliance' CODEC(ZSTD(1)),
    kind LowCardinality(String) COMMENT 'Kind of the finding that decided; empty for the category as a whole',
    decision Enum8('unspecified' = 0, 'confirmed' = 1, 'dismissed' = 2, 'unsure' = 3) COMMENT 'Whether the risk is there' CODEC(ZSTD(1)),
    reviewer LowCardinality(String) COMMENT 'Who decided, as the console knows them',
    decided_at DateTime64(3, 'UTC') COMMENT 'When, UTC; the newest counts' CODEC(Delta(8), ZSTD(1)),
    note String COMMENT 'Why, in the reviewer''s words; empty once the post was deleted' CODEC(ZSTD(3))
)
ENGINE = {{.Replicated}}ReplacingMergeTree
ORDER BY (brand_id, post_id, id)
TTL toDateTime(decided_at) + INTERVAL 3 YEAR
SETTINGS {{if .Cluster}}replicated_deduplication_window = 10000{{else}}non_replicated_deduplication_window = 1000{{end}}
COMMENT 'Every decision of a reviewer; which one counts: ask reviews_current'
