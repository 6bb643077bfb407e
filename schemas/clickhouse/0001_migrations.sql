-- What has been applied. On a cluster every server holds the whole list.
CREATE TABLE IF NOT EXISTS migrations {{.OnCluster}}
(
    name       String COMMENT 'File name of the migration',
    sum        String COMMENT 'SHA-256 of the file as released, hex',
    applied_at DateTime64(3, 'UTC') DEFAULT now64(3) COMMENT 'When it was applied, UTC'
)
ENGINE = {{if .Cluster}}ReplicatedReplacingMergeTree('/clickhouse/{{.Cluster}}/{{.Database}}/migrations', '{shard}-{replica}', applied_at){{else}}ReplacingMergeTree(applied_at){{end}}
ORDER BY name
COMMENT 'Migrations of this database'
