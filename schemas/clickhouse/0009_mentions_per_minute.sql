CREATE VIEW IF NOT EXISTS mentions_per_minute {{.OnCluster}}
(
    minute DateTime('UTC') COMMENT 'Minute in which the posts were published, UTC',
    brand_id LowCardinality(String) COMMENT 'Brand that the posts mention',
    platform LowCardinality(String) COMMENT 'Where they were published',
    kind Enum8('unspecified' = 0, 'mention' = 1, 'employee' = 2) COMMENT 'Whose voice: mention or employee',
    category Enum8('unspecified' = 0, 'reputation' = 1, 'leakage' = 2, 'compliance' = 3) COMMENT 'The risk; each mention counts once in every category, so ask for one',
    level Enum8('unspecified' = 0, 'info' = 1, 'low' = 2, 'medium' = 3, 'high' = 4, 'critical' = 5) COMMENT 'Level of that risk',
    mentions UInt64 COMMENT 'Posts; one that was edited counts at each level it had, a deleted one still counts',
    negative UInt64 COMMENT 'Those of mentions whose tone is negative'
) AS
SELECT
    minute,
    brand_id,
    platform,
    kind,
    judged.1 AS category,
    judged.2 AS level,
    uniqExactMerge(posts) AS mentions,
    uniqExactMergeIf(posts, sentiment = 'negative') AS negative
FROM {{.Database}}.mention_counts
ARRAY JOIN
    [('reputation', reputation_level), ('leakage', leakage_level), ('compliance', compliance_level)]::Array(Tuple(
        Enum8('unspecified' = 0, 'reputation' = 1, 'leakage' = 2, 'compliance' = 3),
        Enum8('unspecified' = 0, 'info' = 1, 'low' = 2, 'medium' = 3, 'high' = 4, 'critical' = 5))) AS judged
GROUP BY minute, brand_id, platform, kind, category, level
COMMENT 'Volume by minute, brand, platform, kind, category and level'
