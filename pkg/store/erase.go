package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// eraseKeys bounds the posts of one mutation, and with it the statement: 20 digits each.
const eraseKeys = 10_000

// The post_key of a review and of an alert's sample p.
var reviewKey, sampleKey = keyOf("post_id"), keyOf("p")

// keyOf is the post_key of a post id, which is platform:native_id.
func keyOf(id string) string {
	return "cityHash64(substringIndex(" + id + ", ':', 1), substring(" + id + ", position(" + id + ", ':') + 1))"
}

// erasure finds and empties what one table still has of deleted posts.
type erasure struct {
	table, find, update string
}

// Each find gives keys; each update has %s for a list of them. The update names only
// columns outside the sort key: the row stays, so that a repeat of it still collapses.
var erasures = []erasure{
	{
		table: "assessments",
		find: `SELECT DISTINCT cityHash64(platform, native_id) AS post_key FROM assessments
			WHERE post_key GLOBAL IN (SELECT post_key FROM post_changes WHERE deleted = 1)
				AND notEmpty(concat(text, url_pattern, author_id, author_handle, author_name))`,
		update: "text = '', url_pattern = '', labels = map(), author_id = '', author_handle = '', author_name = '', " +
			"author_followers = 0, author_verified = false, author_employee_id = '', author_role = '', " +
			"`findings.why` = arrayMap(x -> '', `findings.why`), `findings.masked` = arrayMap(x -> '', `findings.masked`) " +
			"WHERE cityHash64(platform, native_id) IN (%s)",
	},
	{
		table: "alerts",
		find: `SELECT DISTINCT ` + sampleKey + ` AS post_key FROM alerts
			ARRAY JOIN ` + "`samples.post_id` AS p, `samples.excerpt` AS excerpt, `samples.author_handle` AS handle" + `
			WHERE post_key GLOBAL IN (SELECT post_key FROM post_changes WHERE deleted = 1) AND notEmpty(concat(excerpt, handle))`,
		update: emptySamples("url", "excerpt", "why", "author_handle") +
			" WHERE arrayExists(p -> " + sampleKey + " IN (%[1]s), `samples.post_id`)",
	},
	{
		table: "reviews",
		find: `SELECT DISTINCT ` + reviewKey + ` AS post_key FROM reviews
			WHERE post_key GLOBAL IN (SELECT post_key FROM post_changes WHERE deleted = 1) AND notEmpty(note)`,
		update: "note = '' WHERE " + reviewKey + " IN (%s)",
	},
}

// emptySamples assigns the named columns of an alert's samples anew, without the texts
// of posts in the list.
func emptySamples(columns ...string) string {
	assignments := make([]string, len(columns))
	for i, c := range columns {
		assignments[i] = "`samples." + c + "` = arrayMap((p, x) -> if(" + sampleKey + " IN (%[1]s), '', x), `samples.post_id`, `samples." + c + "`)"
	}
	return strings.Join(assignments, ", ")
}

// Erase empties text, author and what was said about them in every stored revision of
// posts that were deleted, also of revisions that arrived later, and in alerts and reviews
// of them. Scores, levels, rules and times stay. It returns how many posts it found, and
// may be called at any time: what is empty already is not touched.
//
// It waits until the parts are rewritten; the server drops the old ones on its own, some
// minutes later (merge tree setting old_parts_lifetime).
func (s *Store) Erase(ctx context.Context) (int, error) {
	posts := 0
	for _, e := range erasures {
		for {
			keys, err := s.keys(ctx, e)
			if err != nil {
				return posts, fmt.Errorf("find deleted posts in %s: %w", e.table, err)
			}
			if len(keys) == 0 {
				break
			}
			if err := s.mutate(ctx, e.table, fmt.Sprintf(e.update, strings.Join(keys, ","))); err != nil {
				return posts, fmt.Errorf("erase deleted posts in %s: %w", e.table, err)
			}
			posts += len(keys)
		}
	}
	return posts, nil
}

func (s *Store) keys(ctx context.Context, e erasure) ([]string, error) {
	rows, err := s.conn.Query(ctx, e.find+" LIMIT "+strconv.Itoa(eraseKeys))
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var keys []string
	for rows.Next() {
		var key uint64
		if err := rows.Scan(&key); err != nil {
			return nil, err
		}
		keys = append(keys, strconv.FormatUint(key, 10))
	}
	return keys, rows.Err()
}

// mutate changes stored rows on all servers and waits until it is done.
func (s *Store) mutate(ctx context.Context, table, update string) error {
	statement := "ALTER TABLE " + table + " UPDATE " + update
	if s.cluster != "" {
		statement = "ALTER TABLE " + table + "_local ON CLUSTER " + s.cluster + " UPDATE " + update
	}
	return s.conn.Exec(clickhouse.Context(ctx, clickhouse.WithSettings(clickhouse.Settings{
		"mutations_sync": 2, "max_query_size": 4 << 20,
	})), statement)
}
