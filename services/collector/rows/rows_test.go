package rows

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/earshot/earshot/schemas"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

const airline = `
format: tsv
constants: {platform: x, kind: mention}
fields: {text: text, collected_for: target}
labels: {sentiment: label, reason: negative_reason}
row_id: airline-
time: {start: 2015-02-17T00:00:00Z, step: 1m}
`

const header = "label\ttarget\ttext\tnegative_reason\tconfidence"

func decoder(t *testing.T, mapping, header string) *Decoder {
	t.Helper()
	m, err := parse([]byte(mapping))
	require.NoError(t, err)
	d, err := m.Decoder([]byte(header))
	require.NoError(t, err)
	return d
}

func TestDecode(t *testing.T) {
	tests := map[string]struct {
		mapping, header, row string
		number               int64
		want                 string
	}{
		"tab separated, quotation marks are ordinary": {
			airline, header, "negative\tDelta\tso \"fun\"\tBad Flight\t1\r", 61,
			`{"op": 1, "post": {"id": "x:airline-61", "platform": "x", "nativeId": "airline-61", "kind": 1, "text": "so \"fun\"",
			  "createdAt": "2015-02-17T01:00:00Z", "collectedFor": ["Delta"], "labels": {"sentiment": "negative", "reason": "Bad Flight"}}}`,
		},
		"an empty cell is nothing": {
			airline, header, "\tDelta\ta\t\t1", 1,
			`{"op": 1, "post": {"id": "x:airline-1", "platform": "x", "nativeId": "airline-1", "kind": 1, "text": "a",
			  "createdAt": "2015-02-17T00:00:00Z", "collectedFor": ["Delta"]}}`,
		},
		"comma separated with quotes, a mark and every kind of value": {
			`{format: csv, constants: {platform: news, collected_for: acme}, time: {format: "2006-01-02 15:04"},
			  fields: {id: n, text: t, created_at: at, author.followers: f, author.verified: v, revision: r, edited_at: e, author.handle: h,
			    engagement.likes: l, thread.reply_to: p, visibility: s, paid_label: d}}`,
			"\ufeffn,t,at,f,v,r,e,h,l,p,s,d", "7,\"a, \"\"b\"\"\nc\",2020-01-02 03:04,12,true,1,2020-01-02 04:00,@a,3,6,forum,1", 1,
			`{"op": 2, "post": {"id": "news:7", "platform": "news", "nativeId": "7", "revision": 1, "kind": 1, "text": "a, \"b\"\nc",
			  "createdAt": "2020-01-02T03:04:00Z", "editedAt": "2020-01-02T04:00:00Z", "author": {"handle": "@a", "followers": 12, "verified": true},
			  "engagement": {"likes": 3}, "thread": {"replyTo": "news:6"}, "visibility": 2, "paidLabel": true, "collectedFor": ["acme"]}}`,
		},
		"no header line, Unix seconds": {
			`{format: csv, quote: none, columns: [at, "text"], constants: {platform: sms}, row_id: "", fields: {id: at, created_at: at, text: text}, time: {format: unix}}`,
			"", "1500000000,a \" b", 1,
			`{"op": 1, "post": {"id": "sms:1500000000", "platform": "sms", "nativeId": "1500000000", "kind": 1, "text": "a \" b", "createdAt": "2017-07-14T02:40:00Z"}}`,
		},
		"Unix milliseconds": {
			`{columns: [at], constants: {platform: sms}, fields: {id: at, created_at: at}, time: {format: unix_ms}}`,
			"", "1500000000123", 1,
			`{"op": 1, "post": {"id": "sms:1500000000123", "platform": "sms", "nativeId": "1500000000123", "kind": 1, "createdAt": "2017-07-14T02:40:00.123Z"}}`,
		},
		"a rate": {
			`{columns: ["text"], constants: {platform: sms}, row_id: r, fields: {text: "text"}, time: {start: 2020-01-01T00:00:00Z, rate: 4}}`,
			"", "hi", 3,
			`{"op": 1, "post": {"id": "sms:r3", "platform": "sms", "nativeId": "r3", "kind": 1, "text": "hi", "createdAt": "2020-01-01T00:00:00.500Z"}}`,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			want := &earshotv1.PostEvent{}
			require.NoError(t, protojson.Unmarshal([]byte(tt.want), want))
			got, err := decoder(t, tt.mapping, tt.header).Decode([]byte(tt.row), tt.number)
			require.NoError(t, err)
			require.True(t, proto.Equal(want, got), "got %v, want %v", got, want)
		})
	}
}

func TestDecodeNamesTheFieldAndNeverTheText(t *testing.T) {
	const mapping = `{format: csv, constants: {platform: x}, fields: {id: id, text: "text", created_at: at, author.followers: f, author.verified: v, revision: r}}`
	tests := map[string]struct{ row, field, reason string }{
		"too few columns":  {"1,hunter2", "row", "2 columns, want 6"},
		"too many columns": {"1,a,b,c,d,e,hunter2", "row", "7 columns, want 6"},
		"stray quote":      {`1,hunter2" x,,,,`, "row", "a quotation mark is out of place"},
		"not a number":     {"1,a,,hunter2,,", "author.followers", "want a whole number from 0"},
		"not a truth":      {"1,a,,,hunter2,", "author.verified", "want true or false"},
		"not a revision":   {"1,a,,,,-1", "revision", "want a whole number from 0"},
		"not a time":       {"1,a,hunter2,,,", "created_at", "want a time like"},
		"no id":            {",hunter2,,,,", "id", "missing"},
		"not UTF-8":        {"1,hunter2\xff,,,,", "text", "not valid UTF-8"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := decoder(t, mapping, "id,text,at,f,v,r").Decode([]byte(tt.row), 1)
			var field *schemas.FieldError
			require.ErrorAs(t, err, &field)
			require.Equal(t, tt.field, field.Field)
			require.Contains(t, field.Reason, tt.reason)
			require.NotContains(t, err.Error(), "hunter2")
		})
	}
}

func TestDecodeNamesTheTimeFormat(t *testing.T) {
	d := decoder(t, `{columns: [at], constants: {platform: x}, row_id: a, fields: {edited_at: at}, time: {format: unix}}`, "")
	_, err := d.Decode([]byte("noon"), 1)
	require.EqualError(t, err, "edited_at: want a time in the format unix")
}

func TestValidateNamesTheKey(t *testing.T) {
	tests := map[string]struct{ mapping, want string }{
		"unknown key":        {`{formt: csv}`, "formt"},
		"other format":       {`{format: xlsx}`, `format: "xlsx" is not csv or tsv`},
		"other quote":        {`{quote: single}`, `quote: "single" is not double or none`},
		"unknown constant":   {`{constants: {colour: red}}`, "constants.colour: no such field"},
		"unknown field":      {`{fields: {colour: c}}`, "fields.colour: no such field"},
		"named twice":        {`{constants: {text: a}, fields: {text: b}}`, "constants.text: fields names it too"},
		"no id":              {`{constants: {platform: x}}`, "fields.id, row_id: want one of them"},
		"two ids":            {`{constants: {platform: x}, fields: {id: a}, row_id: b}`, "fields.id, row_id"},
		"no platform":        {`{row_id: a}`, "constants.platform"},
		"step without start": {`{constants: {platform: x}, row_id: a, time: {step: 1s}}`, "time.start goes with step or rate"},
		"start alone":        {`{constants: {platform: x}, row_id: a, time: {start: 2020-01-01T00:00:00Z}}`, "time.start goes with step or rate"},
		"step and rate":      {`{constants: {platform: x}, row_id: a, time: {start: 2020-01-01T00:00:00Z, step: 1s, rate: 2}}`, "time.step, time.rate"},
		"back in time":       {`{constants: {platform: x}, row_id: a, time: {step: -1s}}`, "may not be negative"},
		"two times":          {`{constants: {platform: x}, row_id: a, fields: {created_at: a}, time: {start: 2020-01-01T00:00:00Z, step: 1s}}`, "time.start: created_at is given"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := parse([]byte(tt.mapping))
			require.ErrorContains(t, err, tt.want)
		})
	}
}

func TestDecoderNamesAMissingColumn(t *testing.T) {
	m, err := parse([]byte(airline))
	require.NoError(t, err)
	_, err = m.Decoder([]byte("label\ttarget"))
	require.ErrorContains(t, err, `the file has no column`)
	m.Fields = nil
	_, err = m.Decoder([]byte("label\ttarget"))
	require.ErrorContains(t, err, `labels.reason: the file has no column "negative_reason"; it has ["label" "target"]`)
	_, err = Mapping{}.Decoder([]byte(`a,"b`))
	require.ErrorContains(t, err, "header line")
}

func TestLoad(t *testing.T) {
	path := filepath.Join(t.TempDir(), "airline.yaml")
	require.NoError(t, os.WriteFile(path, []byte(airline), 0o600))
	m, err := Load(path)
	require.NoError(t, err)
	require.Equal(t, time.Minute, m.Time.Step)
	require.False(t, m.Quoted())
	require.NoError(t, os.WriteFile(path, []byte("format: xlsx"), 0o600))
	_, err = Load(path)
	require.ErrorContains(t, err, path)
	_, err = Load(path + ".absent")
	require.ErrorIs(t, err, os.ErrNotExist)
}

func FuzzDecode(f *testing.F) {
	f.Add(header, "negative\tDelta\tso \"fun\"\tBad Flight\t1", true)
	f.Add("label,target,text,negative_reason", "a,b,\"c\nd\",e", false)
	f.Fuzz(func(t *testing.T, header, row string, tabs bool) {
		m, err := parse([]byte(airline))
		require.NoError(t, err)
		if !tabs {
			m.Format = "csv"
		}
		d, err := m.Decoder([]byte(header))
		if err != nil {
			return
		}
		e, err := d.Decode([]byte(row), 1)
		if err == nil {
			require.NoError(t, schemas.ValidatePost(e.GetPost(), e.GetOp()))
		}
	})
}
