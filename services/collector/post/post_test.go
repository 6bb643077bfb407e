package post

import (
	"bufio"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/earshot/earshot/schemas"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

const full = `{"id": "u-1", "platform": "linkedin", "op": "edited", "revision": 2, "kind": "employee",
	"text": "Déjà vu \u00e9 🎉", "lang": "fr", "url": "https://social.example/u-1",
	"created_at": "2026-03-02T09:14:00.5+01:00", "edited_at": "2026-03-02T10:00:00Z",
	"author": {"id": "u17", "handle": "@dana_k", "name": "Dana", "followers": 812, "verified": true, "employee": true,
		"employee_id": "e1", "role": "financial advisor"},
	"engagement": {"likes": 3, "reposts": 1, "replies": 2, "views": 240},
	"thread": {"reply_to": "u-0", "root": "linkedin:u-0"}, "visibility": "group", "paid_label": true,
	"collected_for": ["northwind"], "labels": {"campaign": "spring"}}`

const fullEvent = `{"op": "POST_OP_EDITED", "post": {"id": "linkedin:u-1", "platform": "linkedin", "nativeId": "u-1", "revision": 2,
	"kind": "POST_KIND_EMPLOYEE", "text": "Déjà vu é 🎉", "lang": "fr", "url": "https://social.example/u-1",
	"createdAt": "2026-03-02T08:14:00.500Z", "editedAt": "2026-03-02T10:00:00Z",
	"author": {"id": "u17", "handle": "@dana_k", "name": "Dana", "followers": "812", "verified": true, "employeeId": "e1", "role": "financial advisor"},
	"engagement": {"likes": "3", "reposts": "1", "replies": "2", "views": "240"},
	"thread": {"replyTo": "linkedin:u-0", "root": "linkedin:u-0"}, "visibility": "VISIBILITY_GROUP", "paidLabel": true,
	"collectedFor": ["northwind"], "labels": {"campaign": "spring"}}}`

func TestDecode(t *testing.T) {
	tests := map[string]struct{ line, want string }{
		"everything": {full, fullEvent},
		"the least": {
			`{"id": "1", "platform": "x"}`,
			`{"op": "POST_OP_CREATED", "post": {"id": "x:1", "platform": "x", "nativeId": "1", "kind": "POST_KIND_MENTION"}}`,
		},
		"null is nothing": {
			`{"id": "1", "platform": "x", "author": null, "engagement": null, "lang": null}`,
			`{"op": "POST_OP_CREATED", "post": {"id": "x:1", "platform": "x", "nativeId": "1", "kind": "POST_KIND_MENTION"}}`,
		},
		"an employee by the author": {
			`{"id": "1", "platform": "x", "author": {"employee": true, "handle": "@a"}}`,
			`{"op": "POST_OP_CREATED", "post": {"id": "x:1", "platform": "x", "nativeId": "1", "kind": "POST_KIND_EMPLOYEE", "author": {"handle": "@a"}}}`,
		},
		"an edit by its revision": {
			`{"id": "1", "platform": "x", "revision": 1}`,
			`{"op": "POST_OP_EDITED", "post": {"id": "x:1", "platform": "x", "nativeId": "1", "revision": 1, "kind": "POST_KIND_MENTION"}}`,
		},
		"a deletion keeps no content": {
			`{"id": "1", "platform": "x", "op": "deleted", "revision": 3, "text": "gone", "author": {"name": "A"}}`,
			`{"op": "POST_OP_DELETED", "post": {"id": "x:1", "platform": "x", "nativeId": "1", "revision": 3, "kind": "POST_KIND_MENTION"}}`,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			want := &earshotv1.PostEvent{}
			require.NoError(t, protojson.Unmarshal([]byte(tt.want), want))
			got, err := Decode([]byte(tt.line))
			require.NoError(t, err)
			require.True(t, proto.Equal(want, got), "got %v, want %v", got, want)
		})
	}
}

func TestDecodeNamesTheFieldAndNeverTheText(t *testing.T) {
	with := func(more string) string {
		return `{"id": "1", "platform": "x", "text": "hunter2 secret", ` + more + `}`
	}
	tests := map[string]struct{ line, field, reason string }{
		"empty":             {``, "post", "broken JSON"},
		"broken":            {`{"id": "hunter2`, "id", "broken JSON at byte"},
		"not an object":     {`"hunter2"`, "post", "want an object, got a string"},
		"two objects":       {`{"id": "1", "platform": "x"} {}`, "post", "broken JSON at byte 30"},
		"unknown field":     {with(`"colour": "hunter2"`), "colour", "unknown field"},
		"unknown deep":      {with(`"author": {"shoe_size": 44}`), "author.shoe_size", "unknown field"},
		"given twice":       {with(`"text": "hunter2"`), "text", "given twice"},
		"string for number": {with(`"author": {"followers": "hunter2"}`), "author.followers", "want a whole number from 0, got a string"},
		"negative":          {with(`"engagement": {"likes": -3}`), "engagement.likes", "want a whole number from 0, got another number"},
		"number for string": {with(`"lang": 3`), "lang", "want a string, got another number"},
		"string for bool":   {with(`"paid_label": "yes"`), "paid_label", "want true or false, got a string"},
		"string for list":   {with(`"collected_for": "hunter2"`), "collected_for", "want a list of strings, got a string"},
		"number in labels":  {with(`"labels": {"a": 1}`), "labels.a", "want a string"},
		"list for author":   {with(`"author": []`), "author", "want an object, got a list"},
		"other kind":        {with(`"kind": "hunter2"`), "kind", "want mention or employee"},
		"other op":          {with(`"op": "hunter2"`), "op", "want created, edited or deleted"},
		"other visibility":  {with(`"visibility": "hunter2"`), "visibility", "want public, forum, group or direct"},
		"not a time":        {with(`"created_at": "hunter2"`), "created_at", "want a time like"},
		"edit not a time":   {with(`"edited_at": "2026-13-01T00:00:00Z"`), "edited_at", "want a time like"},
		"the epoch":         {with(`"created_at": "1970-01-01T00:00:00Z"`), "created_at", "before the year 2000"},
		"edit of nothing":   {with(`"op": "edited"`), "revision", "want 1 or more"},
		"created twice":     {with(`"op": "created", "revision": 2`), "revision", "want 0"},
		"no id":             {`{"platform": "x"}`, "id", "missing"},
		"no platform":       {`{"id": "hunter2"}`, "platform", "missing"},
		"odd platform":      {`{"id": "1", "platform": "hunter2!"}`, "platform", "only a-z, 0-9 and _"},
		"long id":           {`{"id": "` + strings.Repeat("1", 300) + `", "platform": "x"}`, "id", "at most 256"},
		"2 MiB":             {`{"id": "1", "platform": "x", "text": "` + strings.Repeat("a", 2<<20) + `"}`, "text", "2097152 bytes, at most 65536"},
		"invalid UTF-8":     {"{\"id\": \"1\", \"platform\": \"x\", \"text\": \"a\xff\"}", "text", "not valid UTF-8"},
		"half a surrogate":  {`{"id": "1", "platform": "x", "text": "\ud800 hunter2"}`, "text", ""},
		"endless name":      {with(`"` + strings.Repeat("n", 5000) + `": 1`), strings.Repeat("n", 80), "unknown field"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := Decode([]byte(tt.line))
			var field *schemas.FieldError
			require.ErrorAs(t, err, &field)
			require.Equal(t, tt.field, field.Field)
			require.Contains(t, field.Reason, tt.reason)
			require.NotContains(t, err.Error(), "hunter2")
		})
	}
}

func TestThreadTakesNativeIdsAndPostIds(t *testing.T) {
	d := Document{ID: "1", Platform: "bluesky", Thread: Thread{ReplyTo: "at://did:plc:1/3k", Root: "bluesky:at://did:plc:1/2k"}}
	e, err := d.Event()
	require.NoError(t, err)
	require.Equal(t, "bluesky:at://did:plc:1/3k", e.GetPost().GetThread().GetReplyTo())
	require.Equal(t, "bluesky:at://did:plc:1/2k", e.GetPost().GetThread().GetRoot())
	require.Empty(t, e.GetPost().GetThread().GetQuoteOf())
}

func TestRenameKeepsOtherErrors(t *testing.T) {
	require.ErrorIs(t, Rename(os.ErrClosed), os.ErrClosed)
	require.EqualError(t, Rename(&schemas.FieldError{Field: "provenance.source", Reason: "missing"}), "provenance.source: missing")
}

// benchmarkPosts are the posts of the labelled set beside the repository, or none.
func benchmarkPosts(tb testing.TB) [][]byte {
	paths, err := filepath.Glob("../../../../shared/data/riskbench/*.jsonl")
	require.NoError(tb, err)
	var out [][]byte
	for _, path := range paths {
		data, err := os.ReadFile(path)
		require.NoError(tb, err)
		for lines := bufio.NewScanner(bytes.NewReader(data)); lines.Scan(); {
			var envelope struct {
				Post jsontext.Value `json:"post"`
			}
			require.NoError(tb, json.Unmarshal(lines.Bytes(), &envelope))
			out = append(out, envelope.Post)
		}
	}
	if len(out) == 0 {
		tb.Skip("the labelled posts of ../shared/data/riskbench are not here")
	}
	return out
}

func TestDecodeTakesEveryLabelledPost(t *testing.T) {
	for _, line := range benchmarkPosts(t) {
		e, err := Decode(line)
		require.NoError(t, err)
		require.NotNil(t, e.GetPost().GetCreatedAt())
	}
}

func BenchmarkDecode(b *testing.B) {
	posts := benchmarkPosts(b)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, err := Decode(posts[i%len(posts)]); err != nil {
			b.Fatal(err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(full))
	f.Add([]byte(`{"id": "1", "platform": "x", "op": "deleted"}`))
	f.Add([]byte("{\"id\": \"\xff\"}"))
	f.Fuzz(func(t *testing.T, line []byte) {
		e, err := Decode(line)
		if err != nil {
			var field *schemas.FieldError
			require.ErrorAs(t, err, &field)
			return
		}
		require.NoError(t, schemas.ValidatePost(e.GetPost(), e.GetOp()))
	})
}
