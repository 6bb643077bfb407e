-- Every finding of every judgement, of revisions that were replaced and of deleted posts too.
CREATE VIEW IF NOT EXISTS {{local "findings"}} {{.OnCluster}}
(
    brand_id LowCardinality(String) COMMENT 'Brand that the judgement is for',
    assessment_id String COMMENT 'The id in hex, as on the bus',
    post_id String COMMENT 'Post id: platform:native_id',
    platform LowCardinality(String) COMMENT 'Where the post was published: x, mastodon, news',
    revision UInt32 COMMENT 'Revision of the post',
    created_at DateTime64(3, 'UTC') COMMENT 'When the post was published, UTC',
    post_kind Enum8('unspecified' = 0, 'mention' = 1, 'employee' = 2) COMMENT 'Whose voice: the public, or the company''s own people',
    category Enum8('unspecified' = 0, 'reputation' = 1, 'leakage' = 2, 'compliance' = 3) COMMENT 'The risk: reputation, leakage or compliance',
    kind LowCardinality(String) COMMENT 'Kind in the risk taxonomy: secret, pii.card, promissory, complaint',
    rule LowCardinality(String) COMMENT 'Rule id: finra.f01',
    rule_version LowCardinality(String) COMMENT 'Version of the rule',
    title LowCardinality(String) COMMENT 'Title of the rule',
    likelihood Float32 COMMENT 'Calibrated likelihood of the finding alone, 0 to 1, four decimals',
    impact Float32 COMMENT 'Severity impact, 0 to 1, four decimals',
    cite LowCardinality(String) COMMENT 'Law, rule or policy',
    mitigate LowCardinality(String) COMMENT 'What to do',
    why String COMMENT 'One sentence for a reader at 3 am',
    family LowCardinality(String) COMMENT 'Evidence family',
    masked String COMMENT 'What stood there, masked',
    fingerprint String COMMENT 'Keyed fingerprint of a secret or identifier, hex',
    starts Array(UInt32) COMMENT 'Spans in the text: first code points',
    ends Array(UInt32) COMMENT 'One past the last code points of the spans',
    engine LowCardinality(String) COMMENT 'Version of the engine'
) AS
SELECT
    brand_id AS brand_id,
    assessment_id AS assessment_id,
    post_id AS post_id,
    platform AS platform,
    revision AS revision,
    created_at AS created_at,
    kind AS post_kind,
    category,
    finding_kind AS kind,
    rule,
    rule_version,
    title,
    likelihood,
    impact,
    cite,
    mitigate,
    if(gone = 1, '', finding_why) AS why,
    family,
    if(gone = 1, '', finding_masked) AS masked,
    fingerprint,
    starts,
    ends,
    engine AS engine
FROM
(
    SELECT brand_id, assessment_id, post_id, platform, revision, created_at, kind, engine, c.gone AS gone,
        `findings.category`,
        `findings.kind`,
        `findings.rule`,
        `findings.rule_version`,
        `findings.title`,
        `findings.likelihood`,
        `findings.impact`,
        `findings.cite`,
        `findings.mitigate`,
        `findings.why`,
        `findings.family`,
        `findings.masked`,
        `findings.fingerprint`,
        `findings.starts`,
        `findings.ends`
    FROM {{.Database}}.{{local "assessments"}} AS a FINAL
    LEFT ANY JOIN
    (
        SELECT post_key, max(newest) AS newest, max(deleted) AS gone
        FROM {{.Database}}.{{local "post_changes"}}
        GROUP BY post_key
    ) AS c ON c.post_key = cityHash64(a.platform, a.native_id)
    WHERE a.matched
)
ARRAY JOIN
    `findings.category` AS category,
    `findings.kind` AS finding_kind,
    `findings.rule` AS rule,
    `findings.rule_version` AS rule_version,
    `findings.title` AS title,
    `findings.likelihood` AS likelihood,
    `findings.impact` AS impact,
    `findings.cite` AS cite,
    `findings.mitigate` AS mitigate,
    `findings.why` AS finding_why,
    `findings.family` AS family,
    `findings.masked` AS finding_masked,
    `findings.fingerprint` AS fingerprint,
    `findings.starts` AS starts,
    `findings.ends` AS ends
COMMENT 'One row a finding, of all revisions'
