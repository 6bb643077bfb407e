-- The decision that counts: the newest of a post's revision, brand and category.
CREATE VIEW IF NOT EXISTS {{local "reviews_current"}} {{.OnCluster}}
(
    id String COMMENT 'Review id: hex of a 128-bit hash of assessment, category, kind, reviewer and time',
    assessment_id String COMMENT 'The judgement that the reviewer saw: its id in hex, as on the bus',
    post_id String COMMENT 'Post id: platform:native_id',
    revision UInt32 COMMENT 'Revision of the post that the reviewer saw',
    brand_id LowCardinality(String) COMMENT 'Brand that the judgement is for',
    category Enum8('unspecified' = 0, 'reputation' = 1, 'leakage' = 2, 'compliance' = 3) COMMENT 'The risk: reputation, leakage or compliance',
    kind LowCardinality(String) COMMENT 'Kind of the finding that decided; empty for the category as a whole',
    decision Enum8('unspecified' = 0, 'confirmed' = 1, 'dismissed' = 2, 'unsure' = 3) COMMENT 'Whether the risk is there',
    reviewer LowCardinality(String) COMMENT 'Who decided, as the console knows them',
    decided_at DateTime64(3, 'UTC') COMMENT 'When, UTC',
    note String COMMENT 'Why, in the reviewer''s words; empty once the post was deleted'
) AS
SELECT
    id,
    assessment_id,
    post_id,
    revision,
    brand_id,
    category,
    kind,
    decision,
    reviewer,
    decided_at,
    note
FROM {{.Database}}.{{local "reviews"}} FINAL
ORDER BY decided_at DESC, id DESC
LIMIT 1 BY brand_id, post_id, revision, category
COMMENT 'One row a reviewed category of a mention: what was decided last'
