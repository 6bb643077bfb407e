package feed

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/earshot/earshot/pkg/retry"
	"github.com/earshot/earshot/schemas"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
	"github.com/earshot/earshot/services/collector/source"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// site answers requests by itself, without a network.
type site struct {
	answer   func(n int, r *http.Request) *http.Response
	requests []http.Header
}

func (s *site) RoundTrip(r *http.Request) (*http.Response, error) {
	s.requests = append(s.requests, r.Header.Clone())
	resp := s.answer(len(s.requests), r)
	if resp == nil {
		return nil, errors.New("no route")
	}
	return resp, nil
}

func page(status int, body string, headers ...string) *http.Response {
	resp := &http.Response{
		StatusCode: status, Status: fmt.Sprintf("%d %s", status, http.StatusText(status)),
		Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)),
	}
	for i := 0; i < len(headers); i += 2 {
		resp.Header.Set(headers[i], headers[i+1])
	}
	return resp
}

// seen gathers what a source emits.
type seen struct {
	events  []*earshotv1.PostEvent
	bad     []string
	cursor  source.Cursor
	batches int
	err     error
}

func (s *seen) emit(_ context.Context, b source.Batch) error {
	s.events = append(s.events, b.Events...)
	for _, bad := range b.Bad {
		s.bad = append(s.bad, bad.Position+": "+bad.Err.Error())
	}
	s.cursor, s.batches = b.Next, s.batches+1
	return s.err
}

// told are the events in short: "created 1 text".
func (s *seen) told() []string {
	var out []string
	for _, e := range s.events {
		p := e.GetPost()
		out = append(out, fmt.Sprintf("%s@%d %s %s", schemas.OpName(e.GetOp()), p.GetRevision(), p.GetNativeId(), p.GetText()))
	}
	s.events = nil
	return out
}

func open(t *testing.T, c Config, answer func(n int, r *http.Request) *http.Response) (*Source, *site) {
	t.Helper()
	c.URL = "https://user:hunter2@press.example/feed"
	s, err := New(c)
	require.NoError(t, err)
	web := &site{answer: answer}
	s.client.Transport = web
	return s, web
}

var errEnough = errors.New("enough")

// once polls a feed one time and stops.
func once(t *testing.T, c Config, body string, from source.Cursor) *seen {
	t.Helper()
	s, _ := open(t, c, func(int, *http.Request) *http.Response { return page(http.StatusOK, body) })
	got := &seen{err: errEnough}
	require.ErrorIs(t, s.Run(t.Context(), from, got.emit), errEnough)
	return got
}

func rss(items string) string {
	return `<?xml version="1.0"?><rss version="2.0"><channel><title>Press</title><link>https://press.example</link><language>en-gb</language>` + items + `</channel></rss>`
}

func item(id, text string) string {
	return `<item><guid>` + id + `</guid><title>` + text + `</title><pubDate>Mon, 02 Mar 2026 09:14:00 +0100</pubDate></item>`
}

func TestRSSEntry(t *testing.T) {
	got := once(t, Config{Platform: "news", CollectedFor: []string{"acme"}}, rss(`<item>
		<guid isPermaLink="false">a-1</guid><title>Outage at Acme &amp; Co</title><link>https://press.example/1</link>
		<author>lou@press.example (Lou)</author><pubDate>Mon, 02 Mar 2026 09:14:00 +0100</pubDate>
		<description><![CDATA[<p>It is  <b>down</b>.</p><script>alert("x")</script><ul><li>one<li>two &lt;3</ul>]]></description></item>`), nil)
	require.Len(t, got.events, 1)
	p := got.events[0].GetPost()
	require.Equal(t, "news:a-1", p.GetId())
	require.Equal(t, "Outage at Acme & Co\n\nIt is down.\none\ntwo <3", p.GetText())
	require.Equal(t, "https://press.example/1 en-gb Lou", p.GetUrl()+" "+p.GetLang()+" "+p.GetAuthor().GetName())
	require.Equal(t, time.Date(2026, 3, 2, 8, 14, 0, 0, time.UTC), p.GetCreatedAt().AsTime())
	require.Equal(t, []string{"acme"}, p.GetCollectedFor())
	require.Equal(t, "entry a-1", got.events[0].GetProvenance().GetPosition())
}

func TestAtomEntryAndTombstone(t *testing.T) {
	atom := func(entries string) string {
		return `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0"><title>Press</title>` + entries + `</feed>`
	}
	entry := func(text, updated string) string {
		return `<entry><id>urn:1</id><title>` + text + `</title><published>2026-03-02T09:14:00Z</published><updated>` + updated + `</updated></entry>`
	}
	first := once(t, Config{}, atom(entry("one", "2026-03-02T09:14:00Z")), nil)
	require.Equal(t, []string{"created@0 urn:1 one"}, first.told())

	second := once(t, Config{}, atom(entry("one, mended", "2026-03-02T10:00:00Z")), first.cursor)
	require.Equal(t, time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC), second.events[0].GetPost().GetEditedAt().AsTime())
	require.Equal(t, []string{"edited@1 urn:1 one, mended"}, second.told())

	tombstone := atom(`<at:deleted-entry ref="urn:1" when="2026-03-02T11:00:00Z"/>`)
	third := once(t, Config{}, tombstone, second.cursor)
	require.Equal(t, []string{"deleted@1 urn:1 "}, third.told())
	require.Empty(t, once(t, Config{}, tombstone, third.cursor).told(), "once is enough")

	back := once(t, Config{}, atom(entry("one, again", "2026-03-02T12:00:00Z")), third.cursor)
	require.Equal(t, []string{"edited@2 urn:1 one, again"}, back.told())
}

func TestEntriesAreToldOnceOldestFirst(t *testing.T) {
	first := once(t, Config{}, rss(item("2", "two")+item("1", "one")), nil)
	require.Equal(t, []string{"created@0 1 one", "created@0 2 two"}, first.told())
	second := once(t, Config{}, rss(item("3", "three")+item("2", "two!")+item("1", "one")), first.cursor)
	require.Equal(t, []string{"edited@1 2 two!", "created@0 3 three"}, second.told())
	require.Empty(t, second.bad)
	third := once(t, Config{}, rss(item("2", "two?")+item("1", "one")), second.cursor)
	require.Equal(t, []string{"edited@2 2 two?"}, third.told())
}

func TestAFeedWithoutOverlapMayHaveLostEntries(t *testing.T) {
	first := once(t, Config{}, rss(item("1", "one")), nil)
	second := once(t, Config{}, rss(item("9", "nine")), first.cursor)
	require.Equal(t, []string{"created@0 9 nine"}, second.told())
	require.Equal(t, []string{"feed: " + errGap.Error()}, second.bad)
}

func TestOddEntries(t *testing.T) {
	long := strings.Repeat("é", schemas.MaxText)
	tests := map[string]struct{ item, id, text string }{
		"without a guid":    {`<item><title>one</title><link>https://press.example/1</link></item>`, "https://press.example/1", "one"},
		"without anything":  {`<item><description>one</description></item>`, "", ""},
		"an endless id":     {`<item><guid>` + strings.Repeat("g", 300) + `</guid><title>one</title></item>`, "sha256:", "one"},
		"an endless text":   {`<item><guid>1</guid><description>` + long + `</description></item>`, "1", long[:schemas.MaxText]},
		"before its time":   {`<item><guid>1</guid><title>one</title><pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate></item>`, "1", "one"},
		"not a time at all": {`<item><guid>1</guid><title>one</title><pubDate>yesterday</pubDate></item>`, "1", "one"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := once(t, Config{}, rss(tt.item), nil)
			if tt.id == "" {
				require.Empty(t, got.events)
				require.Len(t, got.bad, 1)
				require.Contains(t, got.bad[0], "id: missing")
				return
			}
			p := got.events[0].GetPost()
			require.True(t, strings.HasPrefix(p.GetNativeId(), tt.id))
			require.Equal(t, tt.text, p.GetText())
			require.Nil(t, p.GetCreatedAt())
		})
	}
}

func TestOnlyChangesAreAskedFor(t *testing.T) {
	s, web := open(t, Config{Interval: time.Minute}, func(n int, _ *http.Request) *http.Response {
		switch n {
		case 1:
			return page(http.StatusOK, rss(item("1", "one")), "ETag", `"v1"`, "Last-Modified", "Mon, 02 Mar 2026 09:14:00 GMT")
		case 2:
			return page(http.StatusNotModified, "")
		}
		return page(http.StatusGone, "")
	})
	synctest.Test(t, func(t *testing.T) {
		start, got := time.Now(), &seen{}
		require.NoError(t, s.Run(t.Context(), nil, got.emit))
		require.Equal(t, 1, got.batches)
		require.Equal(t, 2*time.Minute, time.Since(start))
	})
	require.Empty(t, web.requests[0].Get("If-None-Match"))
	require.Equal(t, `"v1"`, web.requests[1].Get("If-None-Match"))
	require.Equal(t, "Mon, 02 Mar 2026 09:14:00 GMT", web.requests[2].Get("If-Modified-Since"))
	require.Contains(t, web.requests[0].Get("User-Agent"), "earshot")
}

// TestAServerThatAsksForAPauseGetsIt in both forms of Retry-After,
// https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3. The bubble's clock begins at
// midnight of 2000-01-01, UTC.
func TestAServerThatAsksForAPauseGetsIt(t *testing.T) {
	tests := map[string]struct {
		status int
		after  string
		want   time.Duration
	}{
		"seconds":             {http.StatusTooManyRequests, "3600", time.Hour},
		"a date":              {http.StatusServiceUnavailable, "Sat, 01 Jan 2000 02:00:00 GMT", 2 * time.Hour},
		"less than usual":     {http.StatusTooManyRequests, "1", time.Minute},
		"a week":              {http.StatusServiceUnavailable, "604800", longestPause},
		"a date next century": {http.StatusServiceUnavailable, "Fri, 01 Jan 2100 02:00:00 GMT", longestPause},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s, _ := open(t, Config{Interval: time.Minute}, func(n int, _ *http.Request) *http.Response {
				if n == 1 {
					return page(tt.status, "", "Retry-After", tt.after)
				}
				return page(http.StatusGone, "")
			})
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				require.NoError(t, s.Run(t.Context(), nil, (&seen{}).emit))
				require.Equal(t, tt.want, time.Since(start))
			})
		})
	}
}

func TestRunErrors(t *testing.T) {
	tests := map[string]struct {
		config    Config
		answer    *http.Response
		from      string
		want      string
		permanent bool
	}{
		"no server":     {Config{}, nil, "", "fetch feed: no route", false},
		"server error":  {Config{}, page(http.StatusInternalServerError, ""), "", "the server answers 500 Internal Server Error", false},
		"busy, no hint": {Config{}, page(http.StatusServiceUnavailable, ""), "", "the server answers 503", false},
		"busy, past":    {Config{}, page(http.StatusServiceUnavailable, "", "Retry-After", "Fri, 31 Dec 1999 23:59:59 GMT"), "", "the server answers 503", false},
		"busy, odd":     {Config{}, page(http.StatusTooManyRequests, "", "Retry-After", "-5"), "", "the server answers 429", false},
		"not found":     {Config{}, page(http.StatusNotFound, ""), "", "the server answers 404", false},
		"not a feed":    {Config{}, page(http.StatusOK, "<html>hello"), "", "parse feed", false},
		"too long":      {Config{MaxBytes: 10}, page(http.StatusOK, rss("")), "", "over 10 bytes", false},
		"broken cursor": {Config{}, nil, "{", "read cursor", true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s, _ := open(t, tt.config, func(int, *http.Request) *http.Response { return tt.answer })
			err := s.Run(t.Context(), source.Cursor(tt.from), (&seen{}).emit)
			require.ErrorContains(t, err, tt.want)
			require.Equal(t, tt.permanent, retry.IsPermanent(err))
			require.NotContains(t, err.Error(), "hunter2")
		})
	}
	s, _ := open(t, Config{}, func(int, *http.Request) *http.Response { return page(http.StatusOK, rss(item("1", "one"))) })
	require.ErrorIs(t, s.Run(t.Context(), nil, (&seen{err: os.ErrClosed}).emit), os.ErrClosed)
}

func TestNewNamesTheKey(t *testing.T) {
	tests := map[string]struct {
		config Config
		want   string
	}{
		"no address":    {Config{}, "url: want an http or https address"},
		"a file":        {Config{URL: "file:///etc/passwd"}, "url: want an http or https address"},
		"too eager":     {Config{URL: "https://a.example", Interval: time.Second}, "interval: 1s is under 10s"},
		"negative size": {Config{URL: "https://a.example", MaxBytes: -1}, "max_bytes: -1 is negative"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := New(tt.config)
			require.EqualError(t, err, tt.want)
		})
	}
}

func TestForgetDropsWhatWasSeenLongestAgo(t *testing.T) {
	st := &state{Polls: 9000, Known: map[string]known{}}
	for i := range maxKnown + 5 {
		st.Known[fmt.Sprint(i)] = known{Poll: int64(i)}
	}
	st.Known["now"] = known{Poll: 9000}
	st.forget()
	require.Len(t, st.Known, maxKnown+1)
	require.NotContains(t, st.Known, "4")
	require.Contains(t, st.Known, "5")
}

func FuzzBatch(f *testing.F) {
	f.Add([]byte(rss(item("1", "one"))))
	f.Add([]byte(`<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><updated>2026-03-02T09:14:00Z</updated></entry></feed>`))
	f.Add([]byte(`{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "content_text": "a"}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		s, err := New(Config{URL: "https://press.example"})
		require.NoError(t, err)
		st, err := parseState(nil)
		require.NoError(t, err)
		b, err := s.batch(st, answer{body: body})
		if err != nil {
			return
		}
		for _, e := range b.Events {
			require.NoError(t, schemas.ValidatePost(e.GetPost(), e.GetOp()))
		}
		_, err = parseState(b.Next)
		require.NoError(t, err)
	})
}
