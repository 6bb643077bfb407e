-- 0001_migrations.sql
-- What has been applied. On a cluster every server holds the whole list.
CREATE TABLE IF NOT EXISTS migrations 
(
    name       String COMMENT 'File name of the migration',
    sum        String COMMENT 'SHA-256 of the file as released, hex',
    applied_at DateTime64(3, 'UTC') DEFAULT now64(3) COMMENT 'When it was applied, UTC'
)
ENGINE = ReplacingMergeTree(applied_at)
ORDER BY name
COMMENT 'Migrations of this database'

-- 0002_assessments.sql
-- The wide table: one row an assessment, with its post and its findings in it, as the
-- event has them. Posts, findings and mentions are views of it (docs/adr/0005).
CREATE TABLE IF NOT EXISTS assessments 
(
    id FixedString(16) COMMENT 'Assessment id: 128-bit hash of post id, revision, op, brand and engine version' CODEC(NONE),
    assessment_id String ALIAS lower(hex(id)) COMMENT 'The id in hex, as on the bus',
    brand_id LowCardinality(String) COMMENT 'Brand that the judgement is for',
    platform LowCardinality(String) COMMENT 'Where the post was published: x, mastodon, news',
    native_id String COMMENT 'The id that the platform gave' CODEC(ZSTD(3)),
    post_id String ALIAS concat(platform, ':', native_id) COMMENT 'Post id: platform:native_id',
    revision UInt32 COMMENT '0 for the post as first published, one more for each edit' CODEC(T64, ZSTD(1)),
    op Enum8('unspecified' = 0, 'created' = 1, 'edited' = 2, 'deleted' = 3) COMMENT 'What happened to the post' CODEC(ZSTD(1)),
    matched Bool COMMENT 'False where the event only takes earlier judgements back; text and author are then empty' CODEC(ZSTD(1)),
    created_at DateTime64(3, 'UTC') COMMENT 'When the post was published, UTC; 1970 for a deletion' CODEC(Delta(8), ZSTD(1)),
    edited_at DateTime64(3, 'UTC') COMMENT 'When this revision was made, UTC; 1970 for revision 0' CODEC(Delta(8), ZSTD(1)),
    observed_at DateTime64(3, 'UTC') COMMENT 'When the collector took the event, UTC' CODEC(Delta(8), ZSTD(1)),
    assessed_at DateTime64(3, 'UTC') COMMENT 'When the post was judged, UTC; the newest judgement of a revision counts' CODEC(Delta(8), ZSTD(1)),

    kind Enum8('unspecified' = 0, 'mention' = 1, 'employee' = 2) COMMENT 'Whose voice: the public, or the company''s own people' CODEC(ZSTD(1)),
    text String COMMENT 'The post, redacted; empty once the post was deleted' CODEC(ZSTD(3)),
    lang LowCardinality(String) COMMENT 'BCP 47 tag as the source gave it; empty means unknown',
    url_pattern String COMMENT 'Address of the post with {id} for native_id and {handle} for author_handle, so that neither is stored twice' CODEC(ZSTD(3)),
    url String ALIAS replaceOne(replaceOne(url_pattern, '{id}', native_id), '{handle}', trim(LEADING '@' FROM author_handle)) COMMENT 'Where a person can read the post; empty where there is no such place',
    visibility Enum8('unspecified' = 0, 'public' = 1, 'forum' = 2, 'group' = 3, 'direct' = 4) COMMENT 'Who can read the post' CODEC(ZSTD(1)),
    paid_label Bool COMMENT 'The platform itself labels the post as paid' CODEC(ZSTD(1)),
    collected_for Array(LowCardinality(String)) COMMENT 'Brands that the source collected the post for' CODEC(ZSTD(1)),
    labels Map(LowCardinality(String), String) COMMENT 'Facts of the source that Earshot stores and does not judge' CODEC(ZSTD(3)),
    author_id String COMMENT 'The platform''s stable id of the author' CODEC(ZSTD(3)),
    author_handle String COMMENT 'The name people address, with its @ where the platform has one' CODEC(ZSTD(3)),
    author_name String COMMENT 'Display name' CODEC(ZSTD(3)),
    author_followers UInt64 COMMENT 'Followers when the post was seen; 0 also means unknown' CODEC(T64, ZSTD(1)),
    author_verified Bool COMMENT 'The platform verified the author' CODEC(ZSTD(1)),
    author_employee_id String COMMENT 'Id in the brand''s employee register; empty for the public' CODEC(ZSTD(1)),
    author_role LowCardinality(String) COMMENT 'Role in the register or as the source gave it',
    likes UInt64 COMMENT 'Likes when the post was seen' CODEC(T64, ZSTD(1)),
    reposts UInt64 COMMENT 'Reposts when the post was seen' CODEC(T64, ZSTD(1)),
    replies UInt64 COMMENT 'Replies when the post was seen' CODEC(T64, ZSTD(1)),
    views UInt64 COMMENT 'Views when the post was seen' CODEC(T64, ZSTD(1)),
    reply_to String COMMENT 'Post id that this one answers, or empty' CODEC(ZSTD(3)),
    quote_of String COMMENT 'Post id that this one quotes, or empty' CODEC(ZSTD(3)),
    repost_of String COMMENT 'Post id that this one repeats, or empty' CODEC(ZSTD(3)),
    thread_root String COMMENT 'Post id that began the thread, or empty' CODEC(ZSTD(3)),
    source LowCardinality(String) COMMENT 'Name of the source in the configuration',
    source_type LowCardinality(String) COMMENT 'Kind of source: http, file, feed',
    source_position String COMMENT 'Where in the source: a line, an entry id' CODEC(ZSTD(3)),

    match_likelihood Float32 COMMENT 'Probability that the post concerns the brand, 0 to 1' CODEC(ZSTD(1)),
    match_reason LowCardinality(String) COMMENT 'How the brand was found: handle, name, alias, product, register, collected_for, assumed',
    match_starts Array(UInt32) COMMENT 'Where the brand stands in the text: first code point of each span' CODEC(ZSTD(1)),
    match_ends Array(UInt32) COMMENT 'One past the last code point of each span of match_starts' CODEC(ZSTD(1)),
    score Float32 COMMENT 'Highest score of the categories, 0 to 100, one decimal' CODEC(ZSTD(1)),
    level Enum8('unspecified' = 0, 'info' = 1, 'low' = 2, 'medium' = 3, 'high' = 4, 'critical' = 5) COMMENT 'Highest level of the categories' CODEC(ZSTD(1)),
    reputation_likelihood Float32 COMMENT 'Probability that a reviewer would confirm the reputation risk, 0 to 1, four decimals' CODEC(ZSTD(1)),
    reputation_impact Float32 COMMENT 'Impact of the reputation risk, 0 to 1, four decimals' CODEC(ZSTD(1)),
    reputation_score Float32 COMMENT '100 x likelihood x impact, one decimal' CODEC(ZSTD(1)),
    reputation_level Enum8('unspecified' = 0, 'info' = 1, 'low' = 2, 'medium' = 3, 'high' = 4, 'critical' = 5) COMMENT 'Band of the reputation score' CODEC(ZSTD(1)),
    reputation_outcome Enum8('unspecified' = 0, 'accept' = 1, 'monitor' = 2, 'review' = 3, 'escalate' = 4) COMMENT 'What the brand''s tolerance asks for' CODEC(ZSTD(1)),
    leakage_likelihood Float32 COMMENT 'Probability that a reviewer would confirm the leakage risk, 0 to 1, four decimals' CODEC(ZSTD(1)),
    leakage_impact Float32 COMMENT 'Impact of the leakage risk, 0 to 1, four decimals' CODEC(ZSTD(1)),
    leakage_score Float32 COMMENT '100 x likelihood x impact, one decimal' CODEC(ZSTD(1)),
    leakage_level Enum8('unspecified' = 0, 'info' = 1, 'low' = 2, 'medium' = 3, 'high' = 4, 'critical' = 5) COMMENT 'Band of the leakage score' CODEC(ZSTD(1)),
    leakage_outcome Enum8('unspecified' = 0, 'accept' = 1, 'monitor' = 2, 'review' = 3, 'escalate' = 4) COMMENT 'What the brand''s tolerance asks for' CODEC(ZSTD(1)),
    compliance_likelihood Float32 COMMENT 'Probability that a reviewer would confirm the compliance risk, 0 to 1, four decimals' CODEC(ZSTD(1)),
    compliance_impact Float32 COMMENT 'Impact of the compliance risk, 0 to 1, four decimals' CODEC(ZSTD(1)),
    compliance_score Float32 COMMENT '100 x likelihood x impact, one decimal' CODEC(ZSTD(1)),
    compliance_level Enum8('unspecified' = 0, 'info' = 1, 'low' = 2, 'medium' = 3, 'high' = 4, 'critical' = 5) COMMENT 'Band of the compliance score' CODEC(ZSTD(1)),
    compliance_outcome Enum8('unspecified' = 0, 'accept' = 1, 'monitor' = 2, 'review' = 3, 'escalate' = 4) COMMENT 'What the brand''s tolerance asks for' CODEC(ZSTD(1)),
    sentiment LowCardinality(String) COMMENT 'Tone toward the brand: negative, neutral or positive',
    sentiment_negative Float32 COMMENT 'Share of the negative tone, 0 to 1, four decimals' CODEC(ZSTD(1)),
    sentiment_positive Float32 COMMENT 'Share of the positive tone, 0 to 1, four decimals' CODEC(ZSTD(1)),
    sentiment_neutral Float32 ALIAS if(sentiment = '', 0, round(1 - sentiment_negative - sentiment_positive, 4)) COMMENT 'The rest of the tone: the three add up to 1',

    `findings.category` Array(Enum8('unspecified' = 0, 'reputation' = 1, 'leakage' = 2, 'compliance' = 3)) COMMENT 'Findings, strongest first within a category: the risk' CODEC(ZSTD(1)),
    `findings.kind` Array(LowCardinality(String)) COMMENT 'Kind in the risk taxonomy: secret, pii.card, promissory, complaint' CODEC(ZSTD(1)),
    `findings.rule` Array(LowCardinality(String)) COMMENT 'Rule id: finra.f01' CODEC(ZSTD(1)),
    `findings.rule_version` Array(LowCardinality(String)) COMMENT 'Version of the rule' CODEC(ZSTD(1)),
    `findings.title` Array(LowCardinality(String)) COMMENT 'Title of the rule' CODEC(ZSTD(1)),
    `findings.likelihood` Array(Float32) COMMENT 'Calibrated likelihood of the finding alone, 0 to 1, four decimals' CODEC(ZSTD(1)),
    `findings.impact` Array(Float32) COMMENT 'Severity impact, 0 to 1, four decimals' CODEC(ZSTD(1)),
    `findings.cite` Array(LowCardinality(String)) COMMENT 'Law, rule or policy' CODEC(ZSTD(1)),
    `findings.mitigate` Array(LowCardinality(String)) COMMENT 'What to do' CODEC(ZSTD(1)),
    `findings.why` Array(String) COMMENT 'One sentence for a reader at 3 am; empty once the post was deleted' CODEC(ZSTD(3)),
    `findings.family` Array(LowCardinality(String)) COMMENT 'Evidence family' CODEC(ZSTD(1)),
    `findings.masked` Array(String) COMMENT 'What stood there, masked; empty once the post was deleted' CODEC(ZSTD(3)),
    `findings.fingerprint` Array(String) COMMENT 'Keyed fingerprint of a secret or identifier, hex' CODEC(ZSTD(3)),
    `findings.starts` Array(Array(UInt32)) COMMENT 'Spans of each finding: first code points' CODEC(ZSTD(1)),
    `findings.ends` Array(Array(UInt32)) COMMENT 'One past the last code points of the spans' CODEC(ZSTD(1)),
    `contributions.category` Array(Enum8('unspecified' = 0, 'reputation' = 1, 'leakage' = 2, 'compliance' = 3)) COMMENT 'Each factor''s share in the judgement: the risk' CODEC(ZSTD(1)),
    `contributions.target` Array(Enum8('likelihood' = 1, 'impact' = 2)) COMMENT 'What the factor speaks for' CODEC(ZSTD(1)),
    `contributions.factor` Array(LowCardinality(String)) COMMENT 'Name of the factor or evidence family' CODEC(ZSTD(1)),
    `contributions.value` Array(Float32) COMMENT 'The factor''s own value, 0 to 1, four decimals' CODEC(ZSTD(1)),
    `contributions.weight` Array(Float32) COMMENT 'Its weight; 0 for evidence families' CODEC(ZSTD(1)),
    `contributions.share` Array(Float32) COMMENT 'Impact points, or share of the likelihood''s surprisal, four decimals' CODEC(ZSTD(1)),
    `guards.category` Array(Enum8('unspecified' = 0, 'reputation' = 1, 'leakage' = 2, 'compliance' = 3)) COMMENT 'Exemptions that lowered a likelihood: the risk' CODEC(ZSTD(1)),
    `guards.rule` Array(LowCardinality(String)) COMMENT 'Id of the exemption' CODEC(ZSTD(1)),
    `guards.title` Array(LowCardinality(String)) COMMENT 'Title of the exemption' CODEC(ZSTD(1)),
    `guards.strength` Array(Float32) COMMENT 'Strength q, 0 to 1: the likelihood was multiplied by 1 - q' CODEC(ZSTD(1)),
    `guards.starts` Array(Array(UInt32)) COMMENT 'Spans of each exemption: first code points' CODEC(ZSTD(1)),
    `guards.ends` Array(Array(UInt32)) COMMENT 'One past the last code points of the spans' CODEC(ZSTD(1)),
    `reasons.category` Array(Enum8('unspecified' = 0, 'reputation' = 1, 'leakage' = 2, 'compliance' = 3)) COMMENT 'What lifted or lowered a level, in words: the risk' CODEC(ZSTD(1)),
    `reasons.text` Array(LowCardinality(String)) COMMENT 'The words' CODEC(ZSTD(1)),
    `counterfactuals.category` Array(Enum8('unspecified' = 0, 'reputation' = 1, 'leakage' = 2, 'compliance' = 3)) COMMENT 'What would have changed the outcome: the risk' CODEC(ZSTD(1)),
    `counterfactuals.without` Array(LowCardinality(String)) COMMENT 'The family or exemption that is left out' CODEC(ZSTD(1)),
    `counterfactuals.score` Array(Float32) COMMENT 'The score without it' CODEC(ZSTD(1)),
    `counterfactuals.level` Array(Enum8('unspecified' = 0, 'info' = 1, 'low' = 2, 'medium' = 3, 'high' = 4, 'critical' = 5)) COMMENT 'The level without it' CODEC(ZSTD(1)),
    engine LowCardinality(String) COMMENT 'Version of the engine',
    packs LowCardinality(String) COMMENT 'Versions of the packs by name: finra=1.0.0,ftc=1.0.0',
    brand_version LowCardinality(String) COMMENT 'Hash of the brand''s configuration, tolerance included, hex',

    INDEX by_time created_at TYPE minmax GRANULARITY 1,
    INDEX by_post native_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX by_author author_handle TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX by_word lower(text) TYPE tokenbf_v1(16384, 2, 0) GRANULARITY 1,
    INDEX by_kind findings.kind TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX by_level level TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree(assessed_at)
PARTITION BY (toYYYYMM(created_at), engine)
PRIMARY KEY (brand_id, platform, native_id)
ORDER BY (brand_id, platform, native_id, revision, op = 'deleted')
TTL toDateTime(assessed_at) + INTERVAL 3 YEAR
SETTINGS min_bytes_for_wide_part = 134217728, non_replicated_deduplication_window = 1000
COMMENT 'Judgements, each with its post; a repeated one is stored until parts merge: ask the views'

-- 0003_assessments_distributed.sql


-- 0004_post_changes.sql
-- Posts that were edited or deleted, ever: few, and all that a view needs to hide what
-- is no longer so. A post found here as deleted stays deleted.
CREATE TABLE IF NOT EXISTS post_changes 
(
    post_key   UInt64 COMMENT 'cityHash64(platform, native_id)' CODEC(NONE),
    newest     SimpleAggregateFunction(max, UInt32) COMMENT 'Newest revision that was judged' CODEC(T64, ZSTD(1)),
    deleted    SimpleAggregateFunction(max, UInt8) COMMENT '1 once the post was deleted' CODEC(ZSTD(1)),
    changed_at SimpleAggregateFunction(max, DateTime64(3, 'UTC')) COMMENT 'When Earshot heard of the last change, UTC' CODEC(Delta(8), ZSTD(1))
)
ENGINE = AggregatingMergeTree
ORDER BY post_key
SETTINGS non_replicated_deduplication_window = 1000
COMMENT 'Edited and deleted posts; filled by post_changes_fill'

-- 0005_post_changes_fill.sql
CREATE MATERIALIZED VIEW IF NOT EXISTS post_changes_fill  TO earshot.post_changes AS
SELECT
    cityHash64(platform, native_id) AS post_key,
    max(revision) AS newest,
    max(op = 'deleted') AS deleted,
    max(observed_at) AS changed_at
FROM earshot.assessments
WHERE op != 'created' OR revision > 0
GROUP BY post_key

-- 0006_mention_counts.sql
-- The roll-up. Posts are counted as a set of keys, so that a row which comes twice, in
-- whatever block, counts once; one set serves all three categories.
CREATE TABLE IF NOT EXISTS mention_counts 
(
    minute           DateTime('UTC') COMMENT 'Minute in which the posts were published, UTC' CODEC(Delta(4), ZSTD(1)),
    brand_id         LowCardinality(String) COMMENT 'Brand that the posts mention',
    platform         LowCardinality(String) COMMENT 'Where they were published',
    kind             Enum8('unspecified' = 0, 'mention' = 1, 'employee' = 2) COMMENT 'Whose voice' CODEC(ZSTD(1)),
    reputation_level Enum8('unspecified' = 0, 'info' = 1, 'low' = 2, 'medium' = 3, 'high' = 4, 'critical' = 5) COMMENT 'Level of the reputation risk' CODEC(ZSTD(1)),
    leakage_level Enum8('unspecified' = 0, 'info' = 1, 'low' = 2, 'medium' = 3, 'high' = 4, 'critical' = 5) COMMENT 'Level of the leakage risk' CODEC(ZSTD(1)),
    compliance_level Enum8('unspecified' = 0, 'info' = 1, 'low' = 2, 'medium' = 3, 'high' = 4, 'critical' = 5) COMMENT 'Level of the compliance risk' CODEC(ZSTD(1)),
    sentiment        LowCardinality(String) COMMENT 'Tone toward the brand',
    posts            AggregateFunction(uniqExact, UInt64) COMMENT 'Set of cityHash64(platform, native_id)' CODEC(NONE)
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(minute)
ORDER BY (brand_id, minute, platform, kind, reputation_level, leakage_level, compliance_level, sentiment)
SETTINGS non_replicated_deduplication_window = 1000
COMMENT 'Mentions a minute; filled by mention_counts_fill, read through mentions_per_minute'

-- 0007_mention_counts_fill.sql
CREATE MATERIALIZED VIEW IF NOT EXISTS mention_counts_fill  TO earshot.mention_counts AS
SELECT
    toStartOfMinute(toDateTime(created_at, 'UTC')) AS minute,
    brand_id,
    platform,
    kind,
    reputation_level,
    leakage_level,
    compliance_level,
    sentiment,
    uniqExactState(cityHash64(platform, native_id)) AS posts
FROM earshot.assessments
WHERE matched AND op != 'deleted'
GROUP BY minute, brand_id, platform, kind, reputation_level, leakage_level, compliance_level, sentiment

-- 0008_mention_counts_distributed.sql


-- 0009_mentions_per_minute.sql
CREATE VIEW IF NOT EXISTS mentions_per_minute 
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
FROM earshot.mention_counts
ARRAY JOIN
    [('reputation', reputation_level), ('leakage', leakage_level), ('compliance', compliance_level)]::Array(Tuple(
        Enum8('unspecified' = 0, 'reputation' = 1, 'leakage' = 2, 'compliance' = 3),
        Enum8('unspecified' = 0, 'info' = 1, 'low' = 2, 'medium' = 3, 'high' = 4, 'critical' = 5))) AS judged
GROUP BY minute, brand_id, platform, kind, category, level
COMMENT 'Volume by minute, brand, platform, kind, category and level'

-- 0010_alerts.sql
CREATE TABLE IF NOT EXISTS alerts 
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
ENGINE = ReplacingMergeTree(updated_at)
ORDER BY (brand_id, id)
TTL toDateTime(updated_at) + INTERVAL 3 YEAR
SETTINGS non_replicated_deduplication_window = 1000
COMMENT 'Alerts; earlier states are stored until parts merge: ask alerts_current'

-- 0011_alerts_distributed.sql


-- 0012_mentions.sql
-- What is so now: the newest judgement of the newest revision, deleted posts and
-- withdrawn matches left out.
CREATE VIEW IF NOT EXISTS mentions 
(
    post_id String COMMENT 'Post id: platform:native_id',
    brand_id LowCardinality(String) COMMENT 'Brand that the judgement is for',
    assessment_id String COMMENT 'The id in hex, as on the bus',
    platform LowCardinality(String) COMMENT 'Where the post was published: x, mastodon, news',
    native_id String COMMENT 'The id that the platform gave',
    revision UInt32 COMMENT 'The newest revision: 0 for the post as first published, one more for each edit',
    kind Enum8('unspecified' = 0, 'mention' = 1, 'employee' = 2) COMMENT 'Whose voice: the public, or the company''s own people',
    created_at DateTime64(3, 'UTC') COMMENT 'When the post was published, UTC',
    edited_at DateTime64(3, 'UTC') COMMENT 'When this revision was made, UTC; 1970 for revision 0',
    observed_at DateTime64(3, 'UTC') COMMENT 'When the collector took the event, UTC',
    assessed_at DateTime64(3, 'UTC') COMMENT 'When the post was judged, UTC; the newest judgement of a revision counts',
    text String COMMENT 'The post, redacted',
    lang LowCardinality(String) COMMENT 'BCP 47 tag as the source gave it; empty means unknown',
    url String COMMENT 'Where a person can read the post; empty where there is no such place',
    visibility Enum8('unspecified' = 0, 'public' = 1, 'forum' = 2, 'group' = 3, 'direct' = 4) COMMENT 'Who can read the post',
    paid_label Bool COMMENT 'The platform itself labels the post as paid',
    collected_for Array(LowCardinality(String)) COMMENT 'Brands that the source collected the post for',
    labels Map(LowCardinality(String), String) COMMENT 'Facts of the source that Earshot stores and does not judge',
    author_id String COMMENT 'The platform''s stable id of the author',
    author_handle String COMMENT 'The name people address, with its @ where the platform has one',
    author_name String COMMENT 'Display name',
    author_followers UInt64 COMMENT 'Followers when the post was seen; 0 also means unknown',
    author_verified Bool COMMENT 'The platform verified the author',
    author_employee_id String COMMENT 'Id in the brand''s employee register; empty for the public',
    author_role LowCardinality(String) COMMENT 'Role in the register or as the source gave it',
    likes UInt64 COMMENT 'Likes when the post was seen',
    reposts UInt64 COMMENT 'Reposts when the post was seen',
    replies UInt64 COMMENT 'Replies when the post was seen',
    views UInt64 COMMENT 'Views when the post was seen',
    reply_to String COMMENT 'Post id that this one answers, or empty',
    quote_of String COMMENT 'Post id that this one quotes, or empty',
    repost_of String COMMENT 'Post id that this one repeats, or empty',
    thread_root String COMMENT 'Post id that began the thread, or empty',
    source LowCardinality(String) COMMENT 'Name of the source in the configuration',
    source_type LowCardinality(String) COMMENT 'Kind of source: http, file, feed',
    source_position String COMMENT 'Where in the source: a line, an entry id',
    match_likelihood Float32 COMMENT 'Probability that the post concerns the brand, 0 to 1',
    match_reason LowCardinality(String) COMMENT 'How the brand was found: handle, name, alias, product, register, collected_for, assumed',
    match_starts Array(UInt32) COMMENT 'Where the brand stands in the text: first code point of each span',
    match_ends Array(UInt32) COMMENT 'One past the last code point of each span of match_starts',
    score Float32 COMMENT 'Highest score of the categories, 0 to 100, one decimal',
    level Enum8('unspecified' = 0, 'info' = 1, 'low' = 2, 'medium' = 3, 'high' = 4, 'critical' = 5) COMMENT 'Highest level of the categories',
    reputation_likelihood Float32 COMMENT 'Probability that a reviewer would confirm the reputation risk, 0 to 1, four decimals',
    reputation_impact Float32 COMMENT 'Impact of the reputation risk, 0 to 1, four decimals',
    reputation_score Float32 COMMENT '100 x likelihood x impact, one decimal',
    reputation_level Enum8('unspecified' = 0, 'info' = 1, 'low' = 2, 'medium' = 3, 'high' = 4, 'critical' = 5) COMMENT 'Band of the reputation score',
    reputation_outcome Enum8('unspecified' = 0, 'accept' = 1, 'monitor' = 2, 'review' = 3, 'escalate' = 4) COMMENT 'What the brand''s tolerance asks for',
    leakage_likelihood Float32 COMMENT 'Probability that a reviewer would confirm the leakage risk, 0 to 1, four decimals',
    leakage_impact Float32 COMMENT 'Impact of the leakage risk, 0 to 1, four decimals',
    leakage_score Float32 COMMENT '100 x likelihood x impact, one decimal',
    leakage_level Enum8('unspecified' = 0, 'info' = 1, 'low' = 2, 'medium' = 3, 'high' = 4, 'critical' = 5) COMMENT 'Band of the leakage score',
    leakage_outcome Enum8('unspecified' = 0, 'accept' = 1, 'monitor' = 2, 'review' = 3, 'escalate' = 4) COMMENT 'What the brand''s tolerance asks for',
    compliance_likelihood Float32 COMMENT 'Probability that a reviewer would confirm the compliance risk, 0 to 1, four decimals',
    compliance_impact Float32 COMMENT 'Impact of the compliance risk, 0 to 1, four decimals',
    compliance_score Float32 COMMENT '100 x likelihood x impact, one decimal',
    compliance_level Enum8('unspecified' = 0, 'info' = 1, 'low' = 2, 'medium' = 3, 'high' = 4, 'critical' = 5) COMMENT 'Band of the compliance score',
    compliance_outcome Enum8('unspecified' = 0, 'accept' = 1, 'monitor' = 2, 'review' = 3, 'escalate' = 4) COMMENT 'What the brand''s tolerance asks for',
    sentiment LowCardinality(String) COMMENT 'Tone toward the brand: negative, neutral or positive',
    sentiment_negative Float32 COMMENT 'Share of the negative tone, 0 to 1, four decimals',
    sentiment_neutral Float32 COMMENT 'The rest of the tone: the three add up to 1',
    sentiment_positive Float32 COMMENT 'Share of the positive tone, 0 to 1, four decimals',
    `findings.category` Array(Enum8('unspecified' = 0, 'reputation' = 1, 'leakage' = 2, 'compliance' = 3)) COMMENT 'Findings, strongest first within a category: the risk',
    `findings.kind` Array(LowCardinality(String)) COMMENT 'Kind in the risk taxonomy: secret, pii.card, promissory, complaint',
    `findings.rule` Array(LowCardinality(String)) COMMENT 'Rule id: finra.f01',
    `findings.rule_version` Array(LowCardinality(String)) COMMENT 'Version of the rule',
    `findings.title` Array(LowCardinality(String)) COMMENT 'Title of the rule',
    `findings.likelihood` Array(Float32) COMMENT 'Calibrated likelihood of the finding alone, 0 to 1, four decimals',
    `findings.impact` Array(Float32) COMMENT 'Severity impact, 0 to 1, four decimals',
    `findings.cite` Array(LowCardinality(String)) COMMENT 'Law, rule or policy',
    `findings.mitigate` Array(LowCardinality(String)) COMMENT 'What to do',
    `findings.why` Array(String) COMMENT 'One sentence for a reader at 3 am',
    `findings.family` Array(LowCardinality(String)) COMMENT 'Evidence family',
    `findings.masked` Array(String) COMMENT 'What stood there, masked',
    `findings.fingerprint` Array(String) COMMENT 'Keyed fingerprint of a secret or identifier, hex',
    `findings.starts` Array(Array(UInt32)) COMMENT 'Spans of each finding: first code points',
    `findings.ends` Array(Array(UInt32)) COMMENT 'One past the last code points of the spans',
    `contributions.category` Array(Enum8('unspecified' = 0, 'reputation' = 1, 'leakage' = 2, 'compliance' = 3)) COMMENT 'Each factor''s share in the judgement: the risk',
    `contributions.target` Array(Enum8('likelihood' = 1, 'impact' = 2)) COMMENT 'What the factor speaks for',
    `contributions.factor` Array(LowCardinality(String)) COMMENT 'Name of the factor or evidence family',
    `contributions.value` Array(Float32) COMMENT 'The factor''s own value, 0 to 1, four decimals',
    `contributions.weight` Array(Float32) COMMENT 'Its weight; 0 for evidence families',
    `contributions.share` Array(Float32) COMMENT 'Impact points, or share of the likelihood''s surprisal, four decimals',
    `guards.category` Array(Enum8('unspecified' = 0, 'reputation' = 1, 'leakage' = 2, 'compliance' = 3)) COMMENT 'Exemptions that lowered a likelihood: the risk',
    `guards.rule` Array(LowCardinality(String)) COMMENT 'Id of the exemption',
    `guards.title` Array(LowCardinality(String)) COMMENT 'Title of the exemption',
    `guards.strength` Array(Float32) COMMENT 'Strength q, 0 to 1: the likelihood was multiplied by 1 - q',
    `guards.starts` Array(Array(UInt32)) COMMENT 'Spans of each exemption: first code points',
    `guards.ends` Array(Array(UInt32)) COMMENT 'One past the last code points of the spans',
    `reasons.category` Array(Enum8('unspecified' = 0, 'reputation' = 1, 'leakage' = 2, 'compliance' = 3)) COMMENT 'What lifted or lowered a level, in words: the risk',
    `reasons.text` Array(LowCardinality(String)) COMMENT 'The words',
    `counterfactuals.category` Array(Enum8('unspecified' = 0, 'reputation' = 1, 'leakage' = 2, 'compliance' = 3)) COMMENT 'What would have changed the outcome: the risk',
    `counterfactuals.without` Array(LowCardinality(String)) COMMENT 'The family or exemption that is left out',
    `counterfactuals.score` Array(Float32) COMMENT 'The score without it',
    `counterfactuals.level` Array(Enum8('unspecified' = 0, 'info' = 1, 'low' = 2, 'medium' = 3, 'high' = 4, 'critical' = 5)) COMMENT 'The level without it',
    engine LowCardinality(String) COMMENT 'Version of the engine',
    packs LowCardinality(String) COMMENT 'Versions of the packs by name: finra=1.0.0,ftc=1.0.0',
    brand_version LowCardinality(String) COMMENT 'Hash of the brand''s configuration, tolerance included, hex'
) AS
SELECT
    a.post_id AS post_id,
    a.brand_id AS brand_id,
    a.assessment_id AS assessment_id,
    a.platform AS platform,
    a.native_id AS native_id,
    a.revision AS revision,
    a.kind AS kind,
    a.created_at AS created_at,
    a.edited_at AS edited_at,
    a.observed_at AS observed_at,
    a.assessed_at AS assessed_at,
    a.text AS text,
    a.lang AS lang,
    a.url AS url,
    a.visibility AS visibility,
    a.paid_label AS paid_label,
    a.collected_for AS collected_for,
    a.labels AS labels,
    a.author_id AS author_id,
    a.author_handle AS author_handle,
    a.author_name AS author_name,
    a.author_followers AS author_followers,
    a.author_verified AS author_verified,
    a.author_employee_id AS author_employee_id,
    a.author_role AS author_role,
    a.likes AS likes,
    a.reposts AS reposts,
    a.replies AS replies,
    a.views AS views,
    a.reply_to AS reply_to,
    a.quote_of AS quote_of,
    a.repost_of AS repost_of,
    a.thread_root AS thread_root,
    a.source AS source,
    a.source_type AS source_type,
    a.source_position AS source_position,
    a.match_likelihood AS match_likelihood,
    a.match_reason AS match_reason,
    a.match_starts AS match_starts,
    a.match_ends AS match_ends,
    a.score AS score,
    a.level AS level,
    a.reputation_likelihood AS reputation_likelihood,
    a.reputation_impact AS reputation_impact,
    a.reputation_score AS reputation_score,
    a.reputation_level AS reputation_level,
    a.reputation_outcome AS reputation_outcome,
    a.leakage_likelihood AS leakage_likelihood,
    a.leakage_impact AS leakage_impact,
    a.leakage_score AS leakage_score,
    a.leakage_level AS leakage_level,
    a.leakage_outcome AS leakage_outcome,
    a.compliance_likelihood AS compliance_likelihood,
    a.compliance_impact AS compliance_impact,
    a.compliance_score AS compliance_score,
    a.compliance_level AS compliance_level,
    a.compliance_outcome AS compliance_outcome,
    a.sentiment AS sentiment,
    a.sentiment_negative AS sentiment_negative,
    a.sentiment_neutral AS sentiment_neutral,
    a.sentiment_positive AS sentiment_positive,
    a.`findings.category` AS `findings.category`,
    a.`findings.kind` AS `findings.kind`,
    a.`findings.rule` AS `findings.rule`,
    a.`findings.rule_version` AS `findings.rule_version`,
    a.`findings.title` AS `findings.title`,
    a.`findings.likelihood` AS `findings.likelihood`,
    a.`findings.impact` AS `findings.impact`,
    a.`findings.cite` AS `findings.cite`,
    a.`findings.mitigate` AS `findings.mitigate`,
    a.`findings.why` AS `findings.why`,
    a.`findings.family` AS `findings.family`,
    a.`findings.masked` AS `findings.masked`,
    a.`findings.fingerprint` AS `findings.fingerprint`,
    a.`findings.starts` AS `findings.starts`,
    a.`findings.ends` AS `findings.ends`,
    a.`contributions.category` AS `contributions.category`,
    a.`contributions.target` AS `contributions.target`,
    a.`contributions.factor` AS `contributions.factor`,
    a.`contributions.value` AS `contributions.value`,
    a.`contributions.weight` AS `contributions.weight`,
    a.`contributions.share` AS `contributions.share`,
    a.`guards.category` AS `guards.category`,
    a.`guards.rule` AS `guards.rule`,
    a.`guards.title` AS `guards.title`,
    a.`guards.strength` AS `guards.strength`,
    a.`guards.starts` AS `guards.starts`,
    a.`guards.ends` AS `guards.ends`,
    a.`reasons.category` AS `reasons.category`,
    a.`reasons.text` AS `reasons.text`,
    a.`counterfactuals.category` AS `counterfactuals.category`,
    a.`counterfactuals.without` AS `counterfactuals.without`,
    a.`counterfactuals.score` AS `counterfactuals.score`,
    a.`counterfactuals.level` AS `counterfactuals.level`,
    a.engine AS engine,
    a.packs AS packs,
    a.brand_version AS brand_version
FROM earshot.assessments AS a FINAL
LEFT ANY JOIN
(
    SELECT post_key, max(newest) AS newest, max(deleted) AS gone
    FROM earshot.post_changes
    GROUP BY post_key
) AS c ON c.post_key = cityHash64(a.platform, a.native_id)
WHERE a.matched AND a.op != 'deleted' AND c.gone = 0 AND a.revision >= c.newest
COMMENT 'One row a post and brand, wide: post, author, scores, findings of the newest revision'

-- 0013_mentions_distributed.sql


-- 0014_posts.sql
-- Every revision of every post that concerned a brand, and every deletion.
CREATE VIEW IF NOT EXISTS posts 
(
    post_id String COMMENT 'Post id: platform:native_id',
    platform LowCardinality(String) COMMENT 'Where the post was published: x, mastodon, news',
    native_id String COMMENT 'The id that the platform gave',
    revision UInt32 COMMENT '0 for the post as first published, one more for each edit',
    op Enum8('unspecified' = 0, 'created' = 1, 'edited' = 2, 'deleted' = 3) COMMENT 'What made the revision; a deletion is a row of its own',
    deleted Bool COMMENT 'The post was deleted; text and author are then empty in all its revisions',
    kind Enum8('unspecified' = 0, 'mention' = 1, 'employee' = 2) COMMENT 'Whose voice: the public, or the company''s own people',
    created_at DateTime64(3, 'UTC') COMMENT 'When the post was published, UTC',
    edited_at DateTime64(3, 'UTC') COMMENT 'When this revision was made, UTC; 1970 for revision 0',
    observed_at DateTime64(3, 'UTC') COMMENT 'When the collector took the event, UTC',
    text String COMMENT 'The post, redacted',
    lang LowCardinality(String) COMMENT 'BCP 47 tag as the source gave it; empty means unknown',
    url String COMMENT 'Where a person can read the post; empty where there is no such place',
    visibility Enum8('unspecified' = 0, 'public' = 1, 'forum' = 2, 'group' = 3, 'direct' = 4) COMMENT 'Who can read the post',
    paid_label Bool COMMENT 'The platform itself labels the post as paid',
    collected_for Array(LowCardinality(String)) COMMENT 'Brands that the source collected the post for',
    labels Map(LowCardinality(String), String) COMMENT 'Facts of the source that Earshot stores and does not judge',
    author_id String COMMENT 'The platform''s stable id of the author',
    author_handle String COMMENT 'The name people address, with its @ where the platform has one',
    author_name String COMMENT 'Display name',
    author_followers UInt64 COMMENT 'Followers when the post was seen; 0 also means unknown',
    author_verified Bool COMMENT 'The platform verified the author',
    author_employee_id String COMMENT 'Id in the brand''s employee register; empty for the public',
    author_role LowCardinality(String) COMMENT 'Role in the register or as the source gave it',
    likes UInt64 COMMENT 'Likes when the post was seen',
    reposts UInt64 COMMENT 'Reposts when the post was seen',
    replies UInt64 COMMENT 'Replies when the post was seen',
    views UInt64 COMMENT 'Views when the post was seen',
    reply_to String COMMENT 'Post id that this one answers, or empty',
    quote_of String COMMENT 'Post id that this one quotes, or empty',
    repost_of String COMMENT 'Post id that this one repeats, or empty',
    thread_root String COMMENT 'Post id that began the thread, or empty',
    source LowCardinality(String) COMMENT 'Name of the source in the configuration',
    source_type LowCardinality(String) COMMENT 'Kind of source: http, file, feed',
    source_position String COMMENT 'Where in the source: a line, an entry id'
) AS
SELECT
    a.post_id AS post_id,
    a.platform AS platform,
    a.native_id AS native_id,
    a.revision AS revision,
    a.op AS op,
    c.gone = 1 AS deleted,
    a.kind AS kind,
    a.created_at AS created_at,
    a.edited_at AS edited_at,
    a.observed_at AS observed_at,
    if(c.gone = 1, '', a.text) AS text,
    a.lang AS lang,
    if(c.gone = 1, '', a.url) AS url,
    a.visibility AS visibility,
    a.paid_label AS paid_label,
    a.collected_for AS collected_for,
    if(c.gone = 1, map(), a.labels) AS labels,
    if(c.gone = 1, '', a.author_id) AS author_id,
    if(c.gone = 1, '', a.author_handle) AS author_handle,
    if(c.gone = 1, '', a.author_name) AS author_name,
    if(c.gone = 1, 0, a.author_followers) AS author_followers,
    a.author_verified AS author_verified,
    if(c.gone = 1, '', a.author_employee_id) AS author_employee_id,
    if(c.gone = 1, '', a.author_role) AS author_role,
    a.likes AS likes,
    a.reposts AS reposts,
    a.replies AS replies,
    a.views AS views,
    a.reply_to AS reply_to,
    a.quote_of AS quote_of,
    a.repost_of AS repost_of,
    a.thread_root AS thread_root,
    a.source AS source,
    a.source_type AS source_type,
    a.source_position AS source_position
FROM earshot.assessments AS a FINAL
LEFT ANY JOIN
(
    SELECT post_key, max(newest) AS newest, max(deleted) AS gone
    FROM earshot.post_changes
    GROUP BY post_key
) AS c ON c.post_key = cityHash64(a.platform, a.native_id)
WHERE a.matched OR (a.op = 'deleted' AND c.gone = 1)
LIMIT 1 BY a.platform, a.native_id, a.revision, a.op = 'deleted'
COMMENT 'One row a revision of a post, deletions included'

-- 0015_posts_distributed.sql


-- 0016_posts_current.sql
-- As mentions, once a post however many brands it concerns.
CREATE VIEW IF NOT EXISTS posts_current 
(
    post_id String COMMENT 'Post id: platform:native_id',
    platform LowCardinality(String) COMMENT 'Where the post was published: x, mastodon, news',
    native_id String COMMENT 'The id that the platform gave',
    revision UInt32 COMMENT 'The newest revision: 0 for the post as first published, one more for each edit',
    kind Enum8('unspecified' = 0, 'mention' = 1, 'employee' = 2) COMMENT 'Whose voice: the public, or the company''s own people',
    created_at DateTime64(3, 'UTC') COMMENT 'When the post was published, UTC',
    edited_at DateTime64(3, 'UTC') COMMENT 'When this revision was made, UTC; 1970 for revision 0',
    observed_at DateTime64(3, 'UTC') COMMENT 'When the collector took the event, UTC',
    text String COMMENT 'The post, redacted',
    lang LowCardinality(String) COMMENT 'BCP 47 tag as the source gave it; empty means unknown',
    url String COMMENT 'Where a person can read the post; empty where there is no such place',
    visibility Enum8('unspecified' = 0, 'public' = 1, 'forum' = 2, 'group' = 3, 'direct' = 4) COMMENT 'Who can read the post',
    paid_label Bool COMMENT 'The platform itself labels the post as paid',
    collected_for Array(LowCardinality(String)) COMMENT 'Brands that the source collected the post for',
    labels Map(LowCardinality(String), String) COMMENT 'Facts of the source that Earshot stores and does not judge',
    author_id String COMMENT 'The platform''s stable id of the author',
    author_handle String COMMENT 'The name people address, with its @ where the platform has one',
    author_name String COMMENT 'Display name',
    author_followers UInt64 COMMENT 'Followers when the post was seen; 0 also means unknown',
    author_verified Bool COMMENT 'The platform verified the author',
    author_employee_id String COMMENT 'Id in the brand''s employee register; empty for the public',
    author_role LowCardinality(String) COMMENT 'Role in the register or as the source gave it',
    likes UInt64 COMMENT 'Likes when the post was seen',
    reposts UInt64 COMMENT 'Reposts when the post was seen',
    replies UInt64 COMMENT 'Replies when the post was seen',
    views UInt64 COMMENT 'Views when the post was seen',
    reply_to String COMMENT 'Post id that this one answers, or empty',
    quote_of String COMMENT 'Post id that this one quotes, or empty',
    repost_of String COMMENT 'Post id that this one repeats, or empty',
    thread_root String COMMENT 'Post id that began the thread, or empty',
    source LowCardinality(String) COMMENT 'Name of the source in the configuration',
    source_type LowCardinality(String) COMMENT 'Kind of source: http, file, feed',
    source_position String COMMENT 'Where in the source: a line, an entry id'
) AS
SELECT
    post_id,
    platform,
    native_id,
    revision,
    kind,
    created_at,
    edited_at,
    observed_at,
    text,
    lang,
    url,
    visibility,
    paid_label,
    collected_for,
    labels,
    author_id,
    author_handle,
    author_name,
    author_followers,
    author_verified,
    author_employee_id,
    author_role,
    likes,
    reposts,
    replies,
    views,
    reply_to,
    quote_of,
    repost_of,
    thread_root,
    source,
    source_type,
    source_position
FROM earshot.mentions
LIMIT 1 BY platform, native_id
COMMENT 'One row a post that still stands and concerns a brand: its newest revision'

-- 0017_posts_current_distributed.sql


-- 0018_findings.sql
-- Every finding of every judgement, of revisions that were replaced and of deleted posts too.
CREATE VIEW IF NOT EXISTS findings 
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
    FROM earshot.assessments AS a FINAL
    LEFT ANY JOIN
    (
        SELECT post_key, max(newest) AS newest, max(deleted) AS gone
        FROM earshot.post_changes
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

-- 0019_findings_distributed.sql


-- 0020_findings_current.sql
-- The findings of mentions.
CREATE VIEW IF NOT EXISTS findings_current 
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
    why,
    family,
    masked,
    fingerprint,
    starts,
    ends,
    engine AS engine
FROM earshot.mentions
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
    `findings.why` AS why,
    `findings.family` AS family,
    `findings.masked` AS masked,
    `findings.fingerprint` AS fingerprint,
    `findings.starts` AS starts,
    `findings.ends` AS ends
COMMENT 'One row a finding of what is so now'

-- 0021_findings_current_distributed.sql


-- 0022_alerts_current.sql
-- The newest state of each alert.
CREATE VIEW IF NOT EXISTS alerts_current 
(
    id String COMMENT 'Alert id: hex of a 128-bit hash of rule, group and window start',
    rule LowCardinality(String) COMMENT 'Name of the alert rule',
    rule_version LowCardinality(String) COMMENT 'Hash of the rule''s text, hex',
    state Enum8('unspecified' = 0, 'firing' = 1, 'resolved' = 2) COMMENT 'Where the alert stands',
    severity LowCardinality(String) COMMENT 'info, warning or critical, as the rule says',
    brand_id LowCardinality(String) COMMENT 'Brand that the alert is about',
    group_by Map(LowCardinality(String), String) COMMENT 'Values of the rule''s group, by field',
    labels Map(LowCardinality(String), String) COMMENT 'Labels of the rule',
    annotations Map(LowCardinality(String), String) COMMENT 'Rendered templates: summary, description, runbook',
    window_start DateTime64(3, 'UTC') COMMENT 'Begin of the window of event time that crossed, UTC',
    window_end DateTime64(3, 'UTC') COMMENT 'End of that window, UTC',
    observed Float64 COMMENT 'What was measured, in the unit of measure',
    threshold Float64 COMMENT 'The limit that was crossed, in the unit of measure',
    measure LowCardinality(String) COMMENT 'count, sum, distinct_authors, share or mention',
    starts_at DateTime64(3, 'UTC') COMMENT 'Event time of the change to firing, UTC',
    ends_at DateTime64(3, 'UTC') COMMENT 'Event time of the change to resolved, UTC; 1970 while firing',
    updated_at DateTime64(3, 'UTC') COMMENT 'When the alerter wrote this state to the bus, UTC; the newest counts',
    `samples.post_id` Array(String) COMMENT 'The strongest posts of the window: post id',
    `samples.assessment_id` Array(String) COMMENT 'Assessment id, hex',
    `samples.url` Array(String) COMMENT 'Where a person can read it; empty once the post was deleted',
    `samples.excerpt` Array(String) COMMENT 'Begin of the text, redacted; empty once the post was deleted',
    `samples.score` Array(Float32) COMMENT 'Score, 0 to 100',
    `samples.level` Array(Enum8('unspecified' = 0, 'info' = 1, 'low' = 2, 'medium' = 3, 'high' = 4, 'critical' = 5)) COMMENT 'Level',
    `samples.why` Array(String) COMMENT 'The why of the strongest finding; empty once the post was deleted',
    `samples.author_handle` Array(String) COMMENT 'Handle of the author; empty once the post was deleted'
) AS
SELECT
    id,
    rule,
    rule_version,
    state,
    severity,
    brand_id,
    group_by,
    labels,
    annotations,
    window_start,
    window_end,
    observed,
    threshold,
    measure,
    starts_at,
    ends_at,
    updated_at,
    `samples.post_id`,
    `samples.assessment_id`,
    `samples.url`,
    `samples.excerpt`,
    `samples.score`,
    `samples.level`,
    `samples.why`,
    `samples.author_handle`
FROM earshot.alerts FINAL
COMMENT 'One row an alert: where it stands'

-- 0023_alerts_current_distributed.sql


-- 0024_post_changes_distributed.sql


-- 0025_reviews.sql
CREATE TABLE IF NOT EXISTS reviews 
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
ENGINE = ReplacingMergeTree
ORDER BY (brand_id, post_id, id)
TTL toDateTime(decided_at) + INTERVAL 3 YEAR
SETTINGS non_replicated_deduplication_window = 1000
COMMENT 'Every decision of a reviewer; which one counts: ask reviews_current'

-- 0026_reviews_distributed.sql


-- 0027_reviews_current.sql
-- The decision that counts: the newest of a post's revision, brand and category.
CREATE VIEW IF NOT EXISTS reviews_current 
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
FROM earshot.reviews FINAL
ORDER BY decided_at DESC, id DESC
LIMIT 1 BY brand_id, post_id, revision, category
COMMENT 'One row a reviewed category of a mention: what was decided last'

-- 0028_reviews_current_distributed.sql


