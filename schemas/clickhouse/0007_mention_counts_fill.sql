CREATE MATERIALIZED VIEW IF NOT EXISTS {{local "mention_counts_fill"}} {{.OnCluster}} TO {{.Database}}.{{local "mention_counts"}} AS
SELECT
    toStartOfMinute(toDateTime(created_at, 'UTC')) AS minute,
    brand_id,
    platform,
    kind,
{{- range .Categories}}
    {{.}}_level,
{{- end}}
    sentiment,
    uniqExactState(cityHash64(platform, native_id)) AS posts
FROM {{.Database}}.{{local "assessments"}}
WHERE matched AND op != 'deleted'
GROUP BY minute, brand_id, platform, kind{{range .Categories}}, {{.}}_level{{end}}, sentiment
