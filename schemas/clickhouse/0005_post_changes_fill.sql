CREATE MATERIALIZED VIEW IF NOT EXISTS {{local "post_changes_fill"}} {{.OnCluster}} TO {{.Database}}.{{local "post_changes"}} AS
SELECT
    cityHash64(platform, native_id) AS post_key,
    max(revision) AS newest,
    max(op = 'deleted') AS deleted,
    max(observed_at) AS changed_at
FROM {{.Database}}.{{local "assessments"}}
WHERE op != 'created' OR revision > 0
GROUP BY post_key
