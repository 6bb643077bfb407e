-- Posts that were edited or deleted, ever: few, and all that a view needs to hide what
-- is no longer so. A post found here as deleted stays deleted.
CREATE TABLE IF NOT EXISTS {{local "post_changes"}} {{.OnCluster}}
(
    post_key   UInt64 COMMENT 'cityHash64(platform, native_id)' CODEC(NONE),
    newest     SimpleAggregateFunction(max, UInt32) COMMENT 'Newest revision that was judged' CODEC(T64, ZSTD(1)),
    deleted    SimpleAggregateFunction(max, UInt8) COMMENT '1 once the post was deleted' CODEC(ZSTD(1)),
    changed_at SimpleAggregateFunction(max, DateTime64(3, 'UTC')) COMMENT 'When Earshot heard of the last change, UTC' CODEC(Delta(8), ZSTD(1))
)
ENGINE = {{.Replicated}}AggregatingMergeTree
ORDER BY post_key
SETTINGS {{if .Cluster}}replicated_deduplication_window = 10000{{else}}non_replicated_deduplication_window = 1000{{end}}
COMMENT 'Edited and deleted posts; filled by post_changes_fill'
