-- Every revision of every post that concerned a brand, and every deletion.
CREATE VIEW IF NOT EXISTS {{local "posts"}} {{.OnCluster}}
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
FROM {{.Database}}.{{local "assessments"}} AS a FINAL
LEFT ANY JOIN
(
    SELECT post_key, max(newest) AS newest, max(deleted) AS gone
    FROM {{.Database}}.{{local "post_changes"}}
    GROUP BY post_key
) AS c ON c.post_key = cityHash64(a.platform, a.native_id)
WHERE a.matched OR (a.op = 'deleted' AND c.gone = 1)
LIMIT 1 BY a.platform, a.native_id, a.revision, a.op = 'deleted'
COMMENT 'One row a revision of a post, deletions included'
